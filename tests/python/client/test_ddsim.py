# SPDX-License-Identifier: Apache-2.0
"""The client on a device library that was not written with it in mind."""

from pathlib import Path

import pytest

import qdmikit
from qdmikit import JobResult, JobStatus, ProgramFormat

BELL = """OPENQASM 3.0; include "stdgates.inc";
qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;"""
X_ON_THE_FIRST = """OPENQASM 3.0; include "stdgates.inc"; qubit[3] q; bit[3] c; x q[0]; c = measure q;"""


def test_bell_pair_is_correlated(ddsim: qdmikit.Device) -> None:
    job = ddsim.submit(BELL, ProgramFormat.QASM3, shots=1000)
    assert job.wait(timeout=60) is JobStatus.DONE
    counts = job.counts()
    assert set(counts) == {"00", "11"}
    assert sum(counts.values()) == 1000


def test_memory_has_every_shot(ddsim: qdmikit.Device) -> None:
    job = ddsim.submit(BELL, ProgramFormat.QASM3, shots=50)
    job.wait(timeout=60)
    memory = job.memory()
    assert len(memory) == 50
    assert {shot: memory.count(shot) for shot in set(memory)} == job.counts()


def test_leftmost_character_is_the_highest_bit(ddsim: qdmikit.Device) -> None:
    job = ddsim.submit(X_ON_THE_FIRST, ProgramFormat.QASM3, shots=10)
    job.wait(timeout=60)
    assert job.counts() == {"001": 10}
    assert job.memory() == ["001"] * 10
    assert job.raw_result(JobResult.HIST_KEYS) == b"001\0"


def test_programs_of_one_job_keep_their_order(ddsim: qdmikit.Device) -> None:
    job = ddsim.submit([BELL, X_ON_THE_FIRST], ProgramFormat.QASM3, shots=10)
    job.wait(timeout=60)
    assert job.programs_num == 2
    assert job.counts(1) == {"001": 10}
    assert job.program_status(1) is JobStatus.DONE
    with pytest.raises(IndexError):
        job.counts(2)


def test_job_tells_about_itself(ddsim: qdmikit.Device) -> None:
    job = ddsim.submit(BELL, ProgramFormat.QASM3, shots=10)
    job.wait(timeout=60)
    assert job.status is JobStatus.DONE
    assert job.shots == 10
    assert job.program_format is ProgramFormat.QASM3
    assert job.queue_position is None
    assert job.id in repr(job)


def test_metadata(ddsim: qdmikit.Device, ddsim_library: Path) -> None:
    assert "DDSIM" in ddsim.name
    assert ddsim.library_version == "1.4.0"
    assert ddsim.library_path == ddsim_library
    assert ddsim.coupling_map is None
    assert ProgramFormat.QASM3 in ddsim.supported_program_formats
    assert ddsim.operation("cx").qubits_num == 2
    assert ddsim.operation("mcx").qubits_num is None
    assert len(ddsim.sites) == ddsim.qubits_num


def test_results_before_there_are_any_are_a_bad_state(ddsim: qdmikit.Device) -> None:
    job = ddsim.submit("this is no program", ProgramFormat.QASM3, shots=10)
    assert job.wait(timeout=60) is JobStatus.FAILED
    with pytest.raises(qdmikit.BadState, match="the job is FAILED") as caught:
        job.counts()
    assert caught.value.status == "BADSTATE"
    assert caught.value.function == "MQT_DDSIM_QDMI_device_job_get_results"


def test_devices_of_mqt_core_open_by_id() -> None:
    device = qdmikit.open_device("mqt.ddsim.default")
    assert device.id == "mqt.ddsim.default"
    job = device.submit(BELL, ProgramFormat.QASM3, shots=10)
    job.wait(timeout=60)
    assert sum(job.counts().values()) == 10


def test_a_manifests_device_configuration_reaches_the_device() -> None:
    default = qdmikit.open_device("mqt.sc.default")
    configured = qdmikit.open_device("mqt.sc.iqm.garnet")
    assert configured.library_path == default.library_path
    assert configured.qubits_num == 20
    times = [site.t1 for site in configured.sites]
    assert all(t1 is not None and 1e-6 < t1 < 1e-3 for t1 in times), (
        "T1 of superconducting qubits, in seconds"
    )
    assert configured.coupling_map is not None
