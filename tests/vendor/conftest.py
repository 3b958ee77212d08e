# SPDX-License-Identifier: Apache-2.0
"""The vendor's own client, as pip installs it, and mock servers in processes of their own.

Client and server live in different environments: the client's Qiskit is not the server's.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from iqm.iqm_client import IQMClient
from iqm.qiskit_iqm import IQMProvider
from qiskit import QuantumCircuit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from iqm.qiskit_iqm import IQMBackend

MACHINES = ("garnet", "garnet:mock", "emerald", "adonis", "deneb")

# What the vendor's code says to itself, whatever a server does.
OF_THE_CLIENT = (
    # It reads observations of the form that it expects of today's servers into a class that it gave up.
    "ignore:Direct instantiation of `ObservationLite`:DeprecationWarning",
    # It tries a payload that it reads back as each form of circuit that there ever was.
    r"ignore:`iqm\.station_control\.interface\.models\.circuit\._:DeprecationWarning",
    # It repeats each message of a job as a warning; ours names the method of simulation.
    "ignore:iqm-station-control:UserWarning",
)


def pytest_configure(config: pytest.Config) -> None:
    """Let nothing but what the client says to itself pass: any other warning is an error."""
    for line in OF_THE_CLIENT:
        config.addinivalue_line("filterwarnings", line)


@contextmanager
def running(*options: str) -> Iterator[str]:
    """Run a server; yield its URL."""
    python = Path(os.environ["QDMIKIT_VENV_DEV"]) / "bin" / "python"
    with subprocess.Popen(
        [python, "-P", "-m", "iqm_mock_server", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            if process.stdout.readline() != "ready\n":
                assert process.stderr is not None
                pytest.fail(process.stderr.read())
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            finally:
                process.kill()


def every_machine() -> tuple[str, ...]:
    return tuple(part for machine in MACHINES for part in ("--machine", machine))


class Run(Protocol):
    def __call__(self, *options: str) -> AbstractContextManager[str]: ...


class Open(Protocol):
    def __call__(self, machine: str) -> IQMBackend: ...


@pytest.fixture(scope="session")
def run() -> Run:
    """Return what runs a server for the length of a `with` and gives its URL."""
    return running


@pytest.fixture(scope="session")
def ideal_server() -> Iterator[str]:
    """Return the URL of a server of noiseless machines whose jobs have ended once they are submitted."""
    with running(*every_machine(), "--ideal", "--instant") as url:
        yield url


@pytest.fixture(scope="session")
def noisy_server() -> Iterator[str]:
    """Return the URL of a server of noisy machines whose jobs have ended once they are submitted."""
    with running(*every_machine(), "--instant") as url:
        yield url


@pytest.fixture(scope="session")
def slow_server() -> Iterator[str]:
    """Return the URL of a server whose jobs do not end in the time of a test."""
    with running("--machine", "garnet", "--duration", "3600") as url:
        yield url


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IQM_SERVER_URL", "IQM_QUANTUM_COMPUTER", "IQM_TOKEN", "IQM_TOKENS_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def client(ideal_server: str) -> IQMClient:
    return IQMClient.from_url(ideal_server, quantum_computer="garnet")


@pytest.fixture
def ideal(ideal_server: str) -> Open:
    """Return what gives the Qiskit backend of a noiseless machine."""
    return lambda machine: IQMProvider(ideal_server, quantum_computer=machine).get_backend()


@pytest.fixture
def noisy(noisy_server: str) -> Open:
    """Return what gives the Qiskit backend of a noisy machine."""
    return lambda machine: IQMProvider(noisy_server, quantum_computer=machine).get_backend()


def ghz_circuit(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits, qubits, name=f"ghz-{qubits}")
    circuit.h(0)
    for qubit in range(1, qubits):
        circuit.cx(qubit - 1, qubit)
    circuit.measure(range(qubits), range(qubits))
    return circuit


@pytest.fixture
def ghz() -> Callable[[int], QuantumCircuit]:
    """Return what makes a GHZ circuit that measures each qubit."""
    return ghz_circuit
