# SPDX-License-Identifier: Apache-2.0
"""Counts as arrays: the same numbers as in the dict, without a Python object for each bitstring."""

from collections.abc import Callable

import numpy as np
import pytest

import qdmikit
from qdmikit import ProgramFormat

Scripted = Callable[..., qdmikit.Device]


def result(device: qdmikit.Device) -> qdmikit.Result:
    return device.submit("OPENQASM 3.0;", ProgramFormat.QASM3).result()


@pytest.mark.parametrize("width", [1, 7, 8, 9, 16, 20, 65])
def test_they_are_those_of_the_dict(scripted: Scripted, width: int) -> None:
    keys = sorted({f"{number * 0x9E3779B97F4A7C15 % 2**width:0{width}b}" for number in range(1, 40)})
    values = list(range(1, len(keys) + 1))
    measured = result(scripted(results={"HIST_KEYS": ",".join(keys), "HIST_VALUES": values}))
    bitstrings, numbers = measured.packed_counts()
    assert (bitstrings.num_bits, bitstrings.packed.shape) == (width, (len(keys), -(-width // 8)))
    assert bitstrings.bitstrings() == keys
    assert numbers.dtype == np.uint64
    assert dict(zip(bitstrings.bitstrings(), numbers.tolist(), strict=True)) == measured.counts()


def test_a_device_without_a_histogram_has_its_shots_counted(scripted: Scripted) -> None:
    bitstrings, numbers = result(scripted(results={"SHOTS": "01,10,01"})).packed_counts()
    assert (bitstrings.bitstrings(), numbers.tolist()) == (["01", "10"], [2, 1])


def test_a_program_that_measures_nothing_has_one_outcome(scripted: Scripted) -> None:
    bitstrings, numbers = result(scripted(results={"HIST_KEYS": "", "HIST_VALUES": [5]})).packed_counts()
    assert (len(bitstrings), bitstrings.num_bits, numbers.tolist()) == (1, 0, [5])


@pytest.mark.parametrize(
    ("keys", "values", "complaint"),
    [
        ("01,10", [1], "2 keys but 1 values"),
        ("01,1", [1, 2], "not made of shots"),
        ("0x", [1], "not all of its"),
    ],
)
def test_a_histogram_that_is_none_is_refused(
    scripted: Scripted, keys: str, values: list[int], complaint: str
) -> None:
    measured = result(scripted(results={"HIST_KEYS": keys, "HIST_VALUES": values}))
    with pytest.raises(qdmikit.ProtocolError, match=complaint):
        measured.packed_counts()
