# SPDX-License-Identifier: Apache-2.0
"""Measurement results of one circuit and the two artifacts made of them.

Results are kept as packed bits and written out only when asked for, by arrays rather than bit by bit: the
text of a million shots of twenty qubits is a hundred times the size of its information.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iqm_mock_server.settings import KeyOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.simulator.task import Samples

_ZERO, _COMMA, _OPEN, _CLOSE = (ord(character) for character in "0,[]")


@dataclass(frozen=True, slots=True)
class CircuitResult:
    """Outcomes of one circuit.

    Parameters
    ----------
    keys
        Measurement keys in the order in which the artifacts list them, with the bits each one owns.
    samples
        The outcomes, bits in program order.
    """

    keys: tuple[tuple[str, range], ...]
    samples: Samples

    def bits(self) -> npt.NDArray[np.uint8]:
        """Return the outcomes unpacked, of shape ``(shots, bits)``, values 0 and 1."""
        return np.unpackbits(self.samples.packed, axis=1, count=self.samples.bits_num, bitorder="little")


def order_keys(circuit: Circuit, order: KeyOrder, seed: int) -> tuple[tuple[str, range], ...]:
    """Return a circuit's measurement keys in the wanted order, each with the bits it owns.

    Parameters
    ----------
    seed
        Decides the order when that is `KeyOrder.SHUFFLED`.
    """
    keys = []
    bit = 0
    for measurement in circuit.measurements:
        keys.append((measurement.key, range(bit, bit + len(measurement.locus))))
        bit += len(measurement.locus)
    if order is KeyOrder.REVERSED:
        keys.reverse()
    elif order is KeyOrder.SHUFFLED:
        keys = [keys[index] for index in np.random.default_rng(seed).permutation(len(keys))]
    return tuple(keys)


def measurements_json(results: Sequence[CircuitResult]) -> bytes:
    """Return the artifact `measurements`: ``[circuit][key][shot][bit]`` as JSON text."""
    return b"[" + b",".join(_circuit_measurements(result) for result in results) + b"]"


def measurement_counts_json(results: Sequence[CircuitResult]) -> bytes:
    """Return the artifact `measurement_counts`: per circuit the keys and a histogram, as JSON text.

    A bitstring is the concatenation of the keys' bits in the order of the listed keys.
    """
    return json.dumps([_circuit_counts(result) for result in results], separators=(",", ":")).encode()


def _circuit_measurements(result: CircuitResult) -> bytes:
    bits = result.bits()
    entries = [
        json.dumps(key).encode() + b":[" + _rows(bits[:, owned.start : owned.stop]) + b"]"
        for key, owned in result.keys
    ]
    return b"{" + b",".join(entries) + b"}"


def _rows(bits: npt.NDArray[np.uint8]) -> bytes:
    """Write bits of shape ``(shots, width)`` as the text ``[b,b],[b,b],...``."""
    shots, width = bits.shape
    text = np.full((shots, 2 * width + 2), _COMMA, dtype=np.uint8)
    text[:, 0] = _OPEN
    text[:, 1 : 2 * width : 2] = bits + _ZERO
    text[:, 2 * width] = _CLOSE
    return text.tobytes()[:-1]


def _circuit_counts(result: CircuitResult) -> dict[str, object]:
    columns = [bit for _, owned in result.keys for bit in owned]
    counts: dict[str, int] = {}
    if columns:
        outcomes, numbers = _histogram(result.bits()[:, columns])
        width = len(columns)
        text = (outcomes + _ZERO).tobytes().decode()
        bitstrings = [text[start : start + width] for start in range(0, len(text), width)]
        counts = dict(zip(bitstrings, numbers.tolist(), strict=True))
    return {"measurement_keys": [key for key, _ in result.keys], "counts": counts}


def _histogram(bits: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.intp]]:
    """Count equal rows.

    Parameters
    ----------
    bits
        Shape ``(shots, width)``, values 0 and 1.

    Returns
    -------
    tuple[numpy.ndarray, numpy.ndarray]
        The distinct rows in ascending order, and how often each occurs.
    """
    shots, width = bits.shape
    # Each row as one number, or where it is too long for that as one opaque item: both sort far faster than
    # rows.
    size = -(-width // 8)
    words = np.zeros((shots, max(size, 8)), dtype=np.uint8)
    words[:, :size] = np.packbits(bits, axis=1)
    item = np.dtype(">u8") if size <= 8 else np.dtype((np.void, size))
    outcomes, numbers = np.unique(words.view(item).ravel(), return_counts=True)
    rows = outcomes.view(np.uint8).reshape(len(outcomes), -1)
    return np.unpackbits(rows, axis=1, count=width), numbers
