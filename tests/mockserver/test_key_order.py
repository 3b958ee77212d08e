# SPDX-License-Identifier: Apache-2.0
"""The order in which results list their measurement keys, and what the bits of a bitstring belong to."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iqm_mock_server import KeyOrder, serve
from iqm_mock_server.circuits.program import Circuit, Measure
from iqm_mock_server.jobs.results import CircuitResult, measurement_counts_json, measurements_json, order_keys
from iqm_mock_server.simulator.task import Samples

if TYPE_CHECKING:
    from tests.mockserver.conftest import Circuits, Connect

KEYS = ["zz", "c_3_0_1", "aa", "c_3_0_0", "m"]


def program(circuits: Circuits) -> list[dict[str, Any]]:
    """Qubits 1 to 4 measured one by one, 5 and 6 together; only QB1 and QB6 are flipped."""
    measurements = [circuits.measure(f"QB{i}", key=key) for i, key in enumerate(KEYS[:4], start=1)]
    return [circuits.x("QB1"), circuits.x("QB6"), *measurements, circuits.measure("QB6", "QB5", key="m")]


@pytest.mark.parametrize("order", KeyOrder)
def test_both_artifacts_agree_with_the_listed_order(
    connect: Connect, circuits: Circuits, order: KeyOrder
) -> None:
    with serve(ideal=True, key_order=order) as server:
        api = connect(server)
        job_id = api.completed(program(circuits), shots=3)
        [counts] = api.artifact(job_id, "measurement_counts")
        [measurements] = api.artifact(job_id, "measurements")
    bits = {"zz": "1", "c_3_0_1": "0", "aa": "0", "c_3_0_0": "0", "m": "10"}
    listed = counts["measurement_keys"]
    assert counts["counts"] == {"".join(bits[key] for key in listed): 3}
    assert list(measurements) == listed
    assert measurements == {key: [[int(bit) for bit in text]] * 3 for key, text in bits.items()}
    expected = {"program": [KEYS], "reversed": [KEYS[::-1]], "shuffled": [listed]}[order.value]
    assert [listed] == expected
    assert sorted(listed) == sorted(KEYS)


def test_counts_are_the_histogram_of_noisy_measurements(connect: Connect, circuits: Circuits) -> None:
    with serve(key_order="shuffled") as server:
        api = connect(server)
        job_id = api.completed(program(circuits), shots=500)
        [counts] = api.artifact(job_id, "measurement_counts")
        [measurements] = api.artifact(job_id, "measurements")
    rows = zip(*measurements.values(), strict=True)
    histogram = Counter("".join(str(bit) for key_bits in row for bit in key_bits) for row in rows)
    assert histogram == counts["counts"]
    assert sum(histogram.values()) == 500


def test_the_shuffled_order_depends_on_the_seed_alone(connect: Connect, circuits: Circuits) -> None:
    listed = []
    for seed in (1, 1, 2, 3):
        with serve(ideal=True, key_order="shuffled", seed=seed) as server:
            api = connect(server)
            job_id = api.completed(program(circuits), shots=1)
            listed.append(api.artifact(job_id, "measurement_counts")[0]["measurement_keys"])
    assert listed[0] == listed[1]
    assert len({tuple(order) for order in listed}) > 1


def test_a_locus_lists_its_bits_in_its_own_order(connect: Connect, circuits: Circuits) -> None:
    flip, forward = circuits.x("QB2"), circuits.measure("QB1", "QB2")
    with serve(ideal=True) as server:
        counts = connect(server).counts([flip, forward], [flip, circuits.measure("QB2", "QB1")], shots=5)
    assert counts == [{"01": 5}, {"10": 5}]


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="sorted"), serve(key_order="sorted"):
        pass


@settings(max_examples=60, deadline=None)
@given(
    widths=st.lists(st.integers(1, 30), min_size=1, max_size=6),
    shots=st.integers(1, 40),
    order=st.sampled_from(list(KeyOrder)),
    seed=st.integers(0, 2**31 - 1),
)
def test_artifacts_written_by_arrays_equal_those_written_bit_by_bit(
    widths: list[int], shots: int, order: KeyOrder, seed: int
) -> None:
    operations = tuple(
        Measure(tuple(f"QB{i}" for i in range(width)), None, f'key "{index}" \u00fc', None)
        for index, width in enumerate(widths)
    )
    bits = np.random.default_rng(seed).integers(0, 2, size=(shots, sum(widths)), dtype=np.uint8)
    samples = Samples(np.packbits(bits, axis=1, bitorder="little"), sum(widths))
    result = CircuitResult(order_keys(Circuit("c", operations), order, seed), samples)

    starts = dict(zip([operation.key for operation in operations], np.cumsum([0, *widths]), strict=False))
    width_of = dict(zip(starts, widths, strict=True))
    listed = [key for key, _ in result.keys]
    naive = {key: bits[:, starts[key] : starts[key] + width_of[key]].tolist() for key in listed}
    histogram = Counter(
        "".join(str(bit) for key in listed for bit in naive[key][shot]) for shot in range(shots)
    )

    measurements = json.loads(measurements_json([result, result]))
    assert measurements == [naive, naive]
    assert list(measurements[0]) == listed
    assert json.loads(measurement_counts_json([result])) == [
        {"measurement_keys": listed, "counts": dict(histogram)}
    ]
