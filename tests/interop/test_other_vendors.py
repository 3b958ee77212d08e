# SPDX-License-Identifier: Apache-2.0
"""Device libraries for IBM's and Amazon's machines, up to where they need an account and a network.

Each opens in a process of its own, which no credential and no network reaches: proxies and endpoints lead to
a port where nothing listens.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import qdmikit

if TYPE_CHECKING:
    from pathlib import Path

OPEN = """
import json, sys
import qdmikit
device_id, session, *properties = sys.argv[1:]
def told(act):
    try:
        return act()
    except qdmikit.Error as error:
        return [type(error).__name__, error.status, error.function, str(error)]
device = told(lambda: qdmikit.open_device(device_id, **json.loads(session)))
opening = None if isinstance(device, qdmikit.Device) else device
print(json.dumps([opening, *(told(lambda: getattr(device, name)) for name in properties)]))
"""

NOWHERE = "http://127.0.0.1:1"
ISOLATION = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE),
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}


def opened(home: Path, device_id: str, *properties: str, **session: str) -> list[list[str] | str | None]:
    """Open a device; return what came of it and of reading its properties: a value, or an error's details."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "IBM_", "AMAZON_", "QISKIT_")) and name.lower() != "no_proxy"
    }
    done = subprocess.run(
        [sys.executable, "-c", OPEN, device_id, json.dumps(session), *properties],
        env={**inherited, **ISOLATION, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answers: list[list[str] | str | None] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_their_manifests_are_found() -> None:
    found = {entry.id: entry.prefix for entry in qdmikit.devices()}
    assert {name: prefix for name, prefix in found.items() if prefix == "IBM"}.keys() == {
        "ibm.default",
        "ibm.berlin",
        "ibm.aachen",
    }
    amazons = {name for name, prefix in found.items() if prefix == "AMAZON_BRAKET"}
    assert {"amazon.braket.default", "amazon.braket.sv1", "amazon.braket.iqm.garnet"} <= amazons


@pytest.mark.parametrize("device_id", ["ibm.default", "ibm.berlin"])
def test_ibms_asks_for_credentials(device_id: str, tmp_path: Path) -> None:
    [error] = opened(tmp_path, device_id)
    assert error is not None
    assert error[:3] == ["PermissionDenied", "PERMISSIONDENIED", "IBM_QDMI_device_session_init"]
    assert error[3].startswith("cannot initialise the session: ")
    assert "check the credentials" in error[3]
    assert "libibm-qdmi-device.so" in error[3]


def test_ibms_with_a_credential_fails_for_want_of_a_network(tmp_path: Path) -> None:
    session = {"token": "none", "custom1": "ibm_none", "custom2": "crn:v1:none", "custom3": "1000"}
    [error] = opened(tmp_path, "ibm.default", **session)
    assert error is not None
    assert error[2] == "IBM_QDMI_device_session_init"
    assert "none" not in error[3].replace("no reason", "")


def test_amazons_wants_to_know_which_machine(tmp_path: Path) -> None:
    [error] = opened(tmp_path, "amazon.braket.default")
    assert error is not None
    assert error[:3] == ["InvalidArgument", "INVALIDARGUMENT", "AMAZON_BRAKET_QDMI_device_session_init"]


@pytest.mark.parametrize("device_id", ["amazon.braket.sv1", "amazon.braket.iqm.garnet"])
def test_amazons_opens_and_fails_when_it_is_asked_about_the_machine(device_id: str, tmp_path: Path) -> None:
    error, version, library_version, name = opened(tmp_path, device_id, "version", "library_version", "name")
    assert error is None
    assert version == "1.3.1"
    assert library_version == "1.4.0"
    assert name is not None
    assert name[:3] == ["Fatal", "FATAL", "AMAZON_BRAKET_QDMI_device_session_query_device_property"]
    assert name[3].startswith("cannot read the device's name: ")


def test_a_parameter_that_amazons_does_not_know_is_named(tmp_path: Path) -> None:
    [error] = opened(tmp_path, "amazon.braket.sv1", username="nobody")
    assert error is not None
    assert error[0] == "NotSupported"
    assert "USERNAME" in error[3]
    assert "nobody" not in error[3]
