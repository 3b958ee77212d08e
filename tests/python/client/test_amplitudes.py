# SPDX-License-Identifier: Apache-2.0
"""State vectors and probabilities as numpy arrays and dictionaries."""

from collections.abc import Callable

import numpy as np
import pytest

import qdmikit
from qdmikit import ProgramFormat

Scripted = Callable[..., qdmikit.Device]

BELL_ON_THREE = 'OPENQASM 3.0; include "stdgates.inc"; qubit[3] q; h q[0]; cx q[0], q[1];'


def result_of(device: qdmikit.Device, program: str = BELL_ON_THREE) -> qdmikit.Result:
    return device.submit(program, ProgramFormat.QASM3, shots=0).result(timeout=60)


def test_ddsim_tells_the_state(ddsim: qdmikit.Device) -> None:
    amplitudes = result_of(ddsim).state_vector()
    assert amplitudes.dtype == np.complex128
    assert amplitudes.shape == (8,)
    np.testing.assert_allclose(np.abs(amplitudes) ** 2, [0.5, 0, 0, 0.5, 0, 0, 0, 0], atol=1e-12)


def test_ddsim_tells_the_probabilities(ddsim: qdmikit.Device) -> None:
    result = result_of(ddsim)
    probabilities = result.probabilities()
    assert probabilities.dtype == np.float64
    np.testing.assert_allclose(probabilities, [0.5, 0, 0, 0.5, 0, 0, 0, 0], atol=1e-12)
    assert result.sparse_probabilities() == pytest.approx({"000": 0.5, "011": 0.5})


def test_sparse_keys_are_the_indices_of_the_dense_form(ddsim: qdmikit.Device) -> None:
    result = result_of(ddsim)
    dense = result.state_vector()
    sparse = result.sparse_state_vector()
    assert list(sparse) == ["000", "011"]
    for bits, amplitude in sparse.items():
        assert isinstance(amplitude, complex)
        assert amplitude == pytest.approx(dense[int(bits, 2)])


def test_arrays_are_kept_and_read_only(ddsim: qdmikit.Device) -> None:
    result = result_of(ddsim)
    amplitudes = result.state_vector()
    assert result.state_vector() is amplitudes
    assert result.probabilities() is result.probabilities()
    with pytest.raises(ValueError, match="read-only"):
        amplitudes[0] = 1


def test_arrays_outlive_their_job(scripted: Scripted) -> None:
    amplitudes = result_of(scripted(results={"STATEVECTOR_DENSE": [0.6, 0, 0, -0.8]})).state_vector()
    assert amplitudes.tolist() == [0.6, -0.8j]


def test_most_devices_have_no_amplitudes(scripted: Scripted) -> None:
    result = result_of(scripted(results={"SHOTS": "0"}))
    for read in (
        result.state_vector,
        result.sparse_state_vector,
        result.probabilities,
        result.sparse_probabilities,
    ):
        with pytest.raises(qdmikit.NotSupported):
            read()


def test_what_is_no_state_vector_breaks_the_protocol(scripted: Scripted) -> None:
    result = result_of(scripted(results={"STATEVECTOR_DENSE": [1, 0, 0, 0, 0, 0]}))
    with pytest.raises(qdmikit.ProtocolError, match="3 values are no power of two"):
        result.state_vector()
