# SPDX-License-Identifier: Apache-2.0
"""Results as arrays and dictionaries."""

import pickle
from collections.abc import Callable

import numpy as np
import pytest

import qdmikit
from qdmikit import JobResult, ProgramFormat, Shots

Scripted = Callable[..., qdmikit.Device]


def result_of(device: qdmikit.Device) -> qdmikit.Result:
    return device.submit("OPENQASM 3.0;", ProgramFormat.QASM3).result(timeout=60)


def test_shots_are_rows_of_packed_bits(scripted: Scripted) -> None:
    shots = result_of(scripted(results={"SHOTS": "100000001,000000010"})).shots()
    assert len(shots) == 2
    assert shots.num_bits == 9
    assert shots.packed.dtype == np.uint8
    assert shots.packed.tolist() == [[1, 1], [0, 2]]
    assert shots.bits().tolist() == [[1, 0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 1, 0]]
    assert shots.bitstrings() == ["100000001", "000000010"]


def test_shots_are_counted_without_the_devices_help(scripted: Scripted) -> None:
    shots = result_of(scripted(results={"SHOTS": "10,01,10"})).shots()
    assert shots.counts() == {"01": 1, "10": 2}


def test_shots_outlive_their_job(scripted: Scripted) -> None:
    packed = result_of(scripted(results={"SHOTS": "1" * 64})).shots().packed
    assert packed.tolist() == [[255] * 8]


def test_there_may_be_no_shots_or_no_bits() -> None:
    assert Shots(np.zeros((0, 0), np.uint8), 0).counts() == {}
    nothing = Shots(np.zeros((3, 0), np.uint8), 0)
    assert nothing.counts() == {"": 3}
    assert nothing.bitstrings() == ["", "", ""]
    assert nothing.bits().shape == (3, 0)


def test_what_was_read_is_kept_and_cannot_be_spoilt(scripted: Scripted) -> None:
    result = result_of(scripted(results={"HIST_KEYS": "0,1", "HIST_VALUES": [3, 4], "SHOTS": "0,1"}))
    result.counts().clear()
    assert result.counts() == {"0": 3, "1": 4}
    assert result.shots() is result.shots()
    assert result.raw(JobResult.SHOTS) == b"0,1\0"


def test_shots_that_are_none_break_the_protocol(scripted: Scripted) -> None:
    with pytest.raises(qdmikit.ProtocolError, match="one length"):
        result_of(scripted(results={"SHOTS": "01;10"})).shots()


def test_the_results_of_a_failed_job_are_its_reason(scripted: Scripted) -> None:
    device = scripted(
        job_status=6, last_error={"message": "the fridge is warm"}, answers={"job_get_results": -10}
    )
    with pytest.raises(qdmikit.BadState, match="the fridge is warm"):
        result_of(device)


def test_a_job_that_was_cancelled_has_no_results(scripted: Scripted) -> None:
    job = scripted(stays=True).submit("OPENQASM 3.0;", ProgramFormat.QASM3)
    job.cancel()
    with pytest.raises(qdmikit.BadState, match=r"(?i)cancel"):
        job.result(timeout=60)


def test_a_result_is_not_pickled(scripted: Scripted) -> None:
    with pytest.raises(TypeError, match="pass on what counts"):
        pickle.dumps(result_of(scripted(results={"SHOTS": "0"})))
