# SPDX-License-Identifier: Apache-2.0
"""How long the mock server takes for noisy circuits, and how that compares with what it estimates."""

from __future__ import annotations

import json
import math
import sys
import time
import urllib.request
from typing import Any

from _mock import mock_server

from iqm_mock_server.circuits.reading import read_circuits
from iqm_mock_server.machines import load_machine
from iqm_mock_server.schemas.run_request import read_run_request
from iqm_mock_server.simulator.methods import plan
from iqm_mock_server.simulator.task import Preparation

SHOTS = 1000
LIMIT_GHZ20 = 10.0
"""Seconds."""
GARNET = load_machine("garnet")


def instruction(name: str, *locus: str, **args: object) -> dict[str, Any]:
    """Return an instruction as it stands in a payload."""
    return {"name": name, "locus": list(locus), "args": args}


def y90(qubit: str, sign: int = 1) -> dict[str, Any]:
    """Return a quarter turn about the y axis."""
    return instruction("prx", qubit, angle=sign * math.pi / 2, phase=math.pi / 2)


def ghz(size: int, extra: float = 0.0) -> list[dict[str, Any]]:
    """Return a GHZ state that grows from the middle of the machine.

    Parameters
    ----------
    extra
        Angle in radians of a rotation ahead of each qubit's first gate; 0 leaves it out. A small one makes
        the circuit one that no stabilizer simulation can do.
    """
    reached = ["QB10"]
    program = [y90("QB10")]
    for source in reached:
        for pair in GARNET.connectivity:
            new = [name for name in pair if name not in reached]
            if source in pair and len(new) == 1 and len(reached) < size:
                program += [instruction("prx", new[0], angle=extra, phase=0.0)] if extra else []
                program += [y90(new[0], -1), instruction("cz", source, new[0]), y90(new[0])]
                reached += new
    return [*program, instruction("measure", *reached, key="m")]


def layers(size: int, depth: int) -> list[dict[str, Any]]:
    """Return layers of rotations and of all couplers between the first qubits."""
    qubits = GARNET.qubits[:size]
    couplers = [pair for pair in GARNET.connectivity if set(pair) <= set(qubits)]
    program = []
    for layer in range(depth):
        program += [instruction("prx", qubit, angle=1.0 + layer, phase=0.3) for qubit in qubits]
        program += [instruction("cz", *pair) for pair in couplers]
    return [*program, instruction("measure", *qubits, key="m")]


def call(url: str, body: bytes | None = None) -> Any:  # noqa: ANN401 - JSON
    """Ask the server for something, or send it something."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=300) as reply:  # noqa: S310 - the mock's own URL
        return json.load(reply)


def run(url: str, body: bytes) -> tuple[float, str]:
    """Run a job.

    Returns
    -------
    tuple of float and str
        Seconds from submission to the end of the job, and what the job says about its simulation.

    Raises
    ------
    RuntimeError
        The job did not complete.
    """
    start = time.monotonic()
    job = call(f"{url}/api/v1/jobs/garnet/circuit", body)
    while job["status"] in {"waiting", "processing"}:
        job = call(f"{url}/api/v1/jobs/{job['id']}?wait_until_terminal=true&timeout_seconds=30")
    elapsed = time.monotonic() - start
    if job["status"] != "completed":
        raise RuntimeError(f"the job ended as {job['status']}: {job['errors']}")
    return elapsed, job["messages"][0]["message"].rpartition(" ")[2].rstrip(".")


def estimate(body: bytes) -> float:
    """Return the server's own estimate in seconds."""
    request = read_run_request(body)
    [circuit] = read_circuits(request)
    preparation = Preparation(
        heralded=request.heralding_mode == "zeros", reset=request.active_reset_cycles is None
    )
    return plan(
        circuit, GARNET, GARNET.calibration, request.shots, ideal=False, preparation=preparation
    ).seconds


def main() -> int:
    """Measure and print; 1 when the limit is missed.

    Returns
    -------
    int
        The exit code.
    """
    programs: list[tuple[str, list[dict[str, Any]], dict[str, object]]] = [
        ("GHZ, 5 qubits", ghz(5), {}),
        ("GHZ, 10 qubits", ghz(10), {}),
        ("GHZ, 12 qubits", ghz(12), {}),
        ("GHZ, 20 qubits", ghz(20), {}),
        ("GHZ, 20 qubits, not Clifford", ghz(20, 0.01), {}),
        ("GHZ, 20 qubits, heralded", ghz(20), {"heralding_mode": "zeros"}),
        ("GHZ, 5 qubits, no reset", ghz(5), {"active_reset_cycles": 0}),
        ("10 layers, 5 qubits", layers(5, 10), {}),
        ("10 layers, 9 qubits", layers(9, 10), {}),
        ("5 layers, 12 qubits", layers(12, 5), {}),
        ("2 layers, 14 qubits", layers(14, 2), {"shots": 100}),
    ]
    print(f"{f'garnet with noise, {SHOTS} shots, seconds':40}{'estimate':>10}{'measured':>10}   method")
    kept = True
    with mock_server(ideal=False) as url:
        run(url, json.dumps({"circuits": [{"name": "c", "instructions": ghz(2)}]}).encode())
        for name, program, options in programs:
            body = json.dumps(
                {"circuits": [{"name": "c", "instructions": program}], "shots": SHOTS, **options}
            ).encode()
            expected = estimate(body)
            seconds, method = run(url, body)
            limit = f", limit {LIMIT_GHZ20:.0f} s" if name == "GHZ, 20 qubits" else ""
            kept = kept and not (limit and seconds > LIMIT_GHZ20)
            print(f"{name:40}{expected:10.2f}{seconds:10.2f}   {method}{limit}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
