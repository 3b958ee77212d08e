# SPDX-License-Identifier: Apache-2.0
"""The configured devices as backends."""

import json
from pathlib import Path

import pytest

import qdmikit
from iqm_mock_server import MockServer
from qdmikit.qiskit import BackendNotFoundError, QDMIProvider


@pytest.fixture
def provider(iqm_mock_server: MockServer) -> QDMIProvider:
    return QDMIProvider({"qdmikit.iqm": {"base_url": iqm_mock_server.url}})


def test_asking_for_names_opens_nothing(provider: QDMIProvider, iqm_mock_server: MockServer) -> None:
    assert "qdmikit.iqm" in provider.names()
    assert provider.names() == [entry.id for entry in qdmikit.devices()]
    assert "qdmikit.iqm" in repr(provider)
    assert list(iqm_mock_server.ledger.requests()) == []


def test_a_name_opens_that_device_alone_and_once(provider: QDMIProvider, iqm_mock_server: MockServer) -> None:
    [backend] = provider.backends("qdmikit.iqm")
    assert backend.name == "qdmikit.iqm"
    assert backend.num_qubits == 20
    assert provider.backends(name="qdmikit.iqm") == [backend]
    assert provider.backend("qdmikit.iqm") is backend
    listed = [
        entry for entry in iqm_mock_server.ledger.requests() if entry.path.endswith("/quantum-computers")
    ]
    assert len(listed) == 1


def test_small_devices_can_be_left_out(provider: QDMIProvider) -> None:
    assert provider.backends("qdmikit.iqm", min_num_qubits=21) == []
    assert len(provider.backends("qdmikit.iqm", min_num_qubits=20)) == 1


def test_no_device_of_a_name_is_an_empty_list_or_an_error_that_lists_the_others(
    provider: QDMIProvider,
) -> None:
    assert provider.backends("no.such") == []
    with pytest.raises(BackendNotFoundError, match=r"no device 'no\.such' is configured; .*qdmikit"):
        provider.backend("no.such")


def test_all_simulators_and_machines_come_together(provider: QDMIProvider) -> None:
    names = [backend.name for backend in provider.backends(min_num_qubits=20)]
    assert "qdmikit.iqm" in names
    assert names == [name for name in provider.names() if name in names]


def test_a_device_that_cannot_be_opened_does_not_hide_the_reason(
    provider: QDMIProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = {"id": "lost.device", "library": str(tmp_path / "liblost.so"), "prefix": "LOST"}
    manifest = {"schema-version": 1, "qdmi": {"devices": [lost]}}
    monkeypatch.setenv("MQT_CORE_QDMI_CONFIG_JSON", json.dumps(manifest))
    with pytest.raises(ExceptionGroup, match="1 of the configured devices cannot be opened") as caught:
        provider.backends("lost.device")
    [reason] = caught.value.exceptions
    assert isinstance(reason, qdmikit.LoadError)
    assert "liblost.so" in str(reason)
    assert any("lost.device" in note for note in reason.__notes__)
