# SPDX-License-Identifier: Apache-2.0
"""Measurements in the middle of a circuit, feedback and reset."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from iqm_mock_server import serve
from iqm_mock_server.machines import load_machine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Connect


def feedback(circuits: Circuits, qubit: str = "QB1") -> dict[str, Any]:
    return circuits.gate("cc_prx", qubit, angle=math.pi, phase=0.0, feedback_key="f", feedback_qubit="QB1")


@pytest.mark.iqm_mock_server(ideal=True)
def test_feedback_acts_on_what_was_measured(api: Api, circuits: Circuits) -> None:
    prepare = [circuits.y90("QB1"), circuits.measure("QB1", key="first", feedback_key="f")]
    undone = [*prepare, feedback(circuits), circuits.measure("QB1", key="then")]
    copied = [*prepare, feedback(circuits, "QB9"), circuits.measure("QB9", key="then")]
    undone_counts, copied_counts = api.counts(undone, copied, shots=400)
    assert set(undone_counts) == {"00", "10"}
    assert set(copied_counts) == {"00", "11"}
    assert 120 < undone_counts["10"] < 280


@pytest.mark.iqm_mock_server(ideal=True)
def test_feedback_takes_the_latest_measurement_and_the_named_qubit(api: Api, circuits: Circuits) -> None:
    program = [
        circuits.x("QB1"),
        circuits.measure("QB1", key="a", feedback_key="f"),
        circuits.x("QB1"),
        circuits.x("QB2"),
        circuits.measure("QB2", "QB1", key="b", feedback_key="f"),
        feedback(circuits, "QB9"),
        circuits.measure("QB9", key="c"),
    ]
    assert api.counts(program, shots=7) == [{"1100": 7}]


def test_feedback_with_noise_sees_the_readout_errors(api: Api, circuits: Circuits) -> None:
    for qubit in ("QB1", "QB11"):  # the second one's relaxation needs Kraus operators
        program = [
            circuits.x("QB1"),
            circuits.measure("QB1", key="first", feedback_key="f"),
            feedback(circuits, qubit),
            circuits.measure(qubit, key="then"),
        ]
        [counts] = api.counts(program, shots=1000)
        expected = "10" if qubit == "QB1" else "11"
        assert 800 < counts[expected] < 1000
        # The fourth one takes two misread bits.
        assert len(counts) >= 3


@pytest.mark.iqm_mock_server(ideal=True)
def test_reset_and_repeated_measurement(api: Api, circuits: Circuits) -> None:
    program = [
        circuits.x("QB1"),
        circuits.measure("QB1", key="a"),
        circuits.measure("QB1", key="b"),
        circuits.gate("reset", "QB1", "QB2"),
        circuits.measure("QB1", key="c"),
    ]
    assert api.counts(program, shots=9) == [{"110": 9}]


@pytest.mark.parametrize("missing", ["prx", "cc_prx"])
def test_feedback_and_reset_need_all_that_they_are_made_of(
    tmp_path: Path, connect: Connect, circuits: Circuits, missing: str
) -> None:
    document = json.loads(load_machine("garnet").model_dump_json())
    del document["calibration"]["gates"][missing]["loci"][0]
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(document))
    conditional = [circuits.measure("QB1", key="k", feedback_key="f"), feedback(circuits)]
    with serve(machine=str(path)) as server:
        api = connect(server)
        for program in (conditional, [circuits.gate("reset", "QB1")]):
            reply = api.submit(program)
            assert (reply.status, reply.json["error_code"]) == (400, "invalid_job_payload")
            assert "not calibrated at" in reply.json["message"]
        api.completed([circuits.gate("reset", "QB2"), circuits.measure("QB2")])
