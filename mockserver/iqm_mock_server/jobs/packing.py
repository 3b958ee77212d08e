# SPDX-License-Identifier: Apache-2.0
"""Results as bytes, for keeping: a line of JSON about all circuits, then their outcomes one after another."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

import numpy as np

from iqm_mock_server.jobs.results import CircuitResult
from iqm_mock_server.simulator.task import Samples

if TYPE_CHECKING:
    from collections.abc import Sequence


def pack(results: Sequence[CircuitResult]) -> bytes:
    """Write results down."""
    circuits = [
        {
            "keys": [[key, owned.start, owned.stop] for key, owned in result.keys],
            "bits": result.samples.bits_num,
            "shape": result.samples.packed.shape,
        }
        for result in results
    ]
    # Outcomes of few qubits repeat; the fastest level finds most of that.
    compressor = zlib.compressobj(level=1)
    parts = [compressor.compress(json.dumps(circuits).encode() + b"\n")]
    parts += [compressor.compress(result.samples.packed.tobytes()) for result in results]
    return b"".join([*parts, compressor.flush()])


def unpack(data: bytes) -> tuple[CircuitResult, ...]:
    """Read what `pack` wrote."""
    head, _, outcomes = zlib.decompress(data).partition(b"\n")
    results = []
    start = 0
    for circuit in json.loads(head):
        rows, width = circuit["shape"]
        packed = np.frombuffer(outcomes, np.uint8, rows * width, start).reshape(rows, width)
        start += rows * width
        keys = tuple((key, range(first, last)) for key, first, last in circuit["keys"])
        results.append(CircuitResult(keys, Samples(packed, circuit["bits"])))
    return tuple(results)
