# SPDX-License-Identifier: Apache-2.0
"""Other ways in which mqt-core hands parameters on: its driver's configuration, its Qiskit backend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

import pytest
from mqt.core.plugins.qiskit import QDMIBackend
from mqt.core.qdmi import builtin_driver
from qiskit import QuantumCircuit, transpile
from qiskit.providers import Options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mqt.core.typing import QDMIJobParameters

    from iqm_mock_server import MockServer

DEVICE = "qdmikit.iqm"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("IQM_", "QDMI_"))]:
        monkeypatch.delenv(name)


@pytest.mark.iqm_mock_server(machine=("garnet", "adonis"))
def test_the_drivers_configuration_sets_them_too(iqm_mock_server: MockServer) -> None:
    session = {"base-url": iqm_mock_server.url, "custom2": "adonis", "custom3": "20000"}
    configuration = {"schema-version": 1, "qdmi": {"devices": [{"id": DEVICE, "session": session}]}}
    script = """
from mqt.core.qdmi import builtin_driver
print(builtin_driver.open_device("qdmikit.iqm").name())
print(builtin_driver.open_device("qdmikit.iqm", custom2="garnet").name())
"""
    done = subprocess.run(  # a driver reads its configuration once in a process
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "MQT_CORE_QDMI_CONFIG_JSON": json.dumps(configuration)},
    )
    assert done.stdout.splitlines() == ["IQM Adonis", "IQM Garnet"], done.stderr


class DecouplingBackend(QDMIBackend):
    """How mqt-core means a backend to hand options of a run on: by this hook, as custom parameters."""

    @classmethod
    def _default_options(cls) -> Options:
        return Options(shots=1024, memory=False, max_retries=0, decoupling="disabled")

    def _job_parameters(self, options: Mapping[str, object]) -> QDMIJobParameters:
        return {"custom4": str(options["decoupling"])}


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_qiskit_backend_hands_its_options_on(iqm_mock_server: MockServer) -> None:
    device = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url)
    backend = DecouplingBackend(device, device_id=DEVICE)
    circuit = QuantumCircuit(2, 2)
    circuit.x(0)
    circuit.measure(range(2), range(2))
    physical = transpile(circuit, backend, seed_transpiler=1)
    assert backend.run(physical, shots=20, decoupling="enabled").result().get_counts() == {"01": 20}
    assert backend.run(physical, shots=20).result().get_counts() == {"01": 20}
    sent = []
    for each in iqm_mock_server.ledger.submissions():
        url = f"{iqm_mock_server.url}/api/v1/jobs/{each.id}/payload"
        with urllib.request.urlopen(url, timeout=30) as reply:  # noqa: S310 - the mock's
            sent.append(json.load(reply)["dd_mode"])
    assert sent == ["enabled", "disabled"]
