# SPDX-License-Identifier: Apache-2.0
"""Transpile the circuits of ``transpile.py`` with the vendor's own client; runs in its environment."""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

from iqm.qiskit_iqm import IQMProvider, transpile_to_IQM
from qiskit import qasm3


def main() -> None:
    """Print one JSON object per circuit: name, and (cz, r, seconds) for each seed."""
    warnings.simplefilter("ignore")  # what the client says about the form of observations
    url, folder, seeds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    backend = IQMProvider(url).get_backend(use_metrics=True)
    for path in sorted(folder.glob("*.qasm")):
        circuit = qasm3.loads(path.read_text())
        runs = []
        for seed in range(seeds):
            start = time.perf_counter()
            native = transpile_to_IQM(circuit, backend, optimization_level=3, seed_transpiler=seed)
            seconds = time.perf_counter() - start
            operations = native.count_ops()
            runs.append((operations.get("cz", 0), operations.get("r", 0), seconds))
        print(json.dumps({"name": path.stem, "runs": runs}), flush=True)


if __name__ == "__main__":
    main()
