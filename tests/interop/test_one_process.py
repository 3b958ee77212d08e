# SPDX-License-Identifier: Apache-2.0
"""qdmikit, mqt-core and the vendor's device side by side in one process."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

CIRCUIT = (
    '{"name":"x","metadata":{},"instructions":['
    '{"name":"prx","locus":["QB1"],"args":{"angle":3.141592653589793,"phase":0.0}},'
    '{"name":"measure","locus":["QB1"],"args":{"key":"c_1_0_0"}}]}'
)

# Each script gets the server's URL, the circuit, and words of its own.
BOTH_RUN_JOBS = """
import sys
url, circuit, *order = sys.argv[1:]
for module in order:
    __import__(module)
import qdmikit
from mqt.core import qdmi
from mqt.core.qdmi import builtin_driver
theirs = builtin_driver.open_device("qdmikit.iqm", base_url=url)
ours = qdmikit.open_device("qdmikit.iqm", base_url=url)
their_job = theirs.submit_job(circuit, qdmi.ProgramFormat.IQM_JSON, 10)
our_job = ours.submit(circuit, qdmikit.ProgramFormat.IQMJSON, 10)
assert their_job.wait(30)
our_job.wait(30)
assert their_job.get_counts() == our_job.counts() == {"1": 10}, (their_job.get_counts(), our_job.counts())
print("both ran")
"""

TWO_DEVICES = """
import sys
import qdmikit
url, circuit = sys.argv[1:]
vendor = qdmikit.open_device("iqm.default", base_url=url, custom2="garnet")
ours = qdmikit.open_device("qdmikit.iqm", base_url=url, custom2="garnet")
assert vendor.library_path != ours.library_path
assert [site.name for site in vendor.sites] == [site.name for site in ours.sites]
counts = []
for device in (vendor, ours):
    job = device.submit(circuit, qdmikit.ProgramFormat.IQMJSON, 10)
    job.wait(30)
    counts.append(job.counts())
assert counts == [{"1": 10}] * 2, counts
print("both opened")
"""

BOTH_UNDER_MQT_CORE = """
import sys
from mqt.core.qdmi import builtin_driver
url = sys.argv[1]
devices = [builtin_driver.open_device(name, base_url=url) for name in ("iqm.default", "qdmikit.iqm")]
qubits = [device.qubits_num() for device in devices]
assert qubits == [20, 20], qubits
print("both opened")
"""


def run_in_a_fresh_process(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.iqm_mock_server(ideal=True)
@pytest.mark.parametrize("order", [("mqt.core.qdmi", "qdmikit"), ("qdmikit", "mqt.core.qdmi")])
def test_both_clients_run_jobs_whichever_is_imported_first(
    order: tuple[str, str], iqm_mock_server: MockServer
) -> None:
    assert run_in_a_fresh_process(BOTH_RUN_JOBS, iqm_mock_server.url, CIRCUIT, *order) == "both ran"


@pytest.mark.iqm_mock_server(ideal=True)
def test_the_vendors_device_and_ours_open_together(iqm_mock_server: MockServer) -> None:
    assert run_in_a_fresh_process(TWO_DEVICES, iqm_mock_server.url, CIRCUIT) == "both opened"


@pytest.mark.iqm_mock_server(ideal=True)
def test_mqt_cores_driver_opens_both_devices(iqm_mock_server: MockServer) -> None:
    assert run_in_a_fresh_process(BOTH_UNDER_MQT_CORE, iqm_mock_server.url) == "both opened"
