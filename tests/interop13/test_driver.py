# SPDX-License-Identifier: Apache-2.0
"""mqt-core's last drivers of QDMI 1.3 on the library that is built for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.interop13.conftest import Device, Driver, Job, Run


def prx(qubit: str, angle: float, phase: float) -> dict[str, Any]:
    return {"name": "prx", "locus": [qubit], "args": {"angle": angle, "phase": phase}}


def hadamard(qubit: str) -> list[dict[str, Any]]:
    return [prx(qubit, 1.5707963267948966, 1.5707963267948966), prx(qubit, 3.141592653589793, 0.0)]


def measure(qubit: str, key: str) -> dict[str, Any]:
    return {"name": "measure", "locus": [qubit], "args": {"key": key}}


def program(*instructions: dict[str, Any]) -> str:
    return json.dumps({"name": "circuit", "instructions": list(instructions), "metadata": {}})


BELL = program(
    *hadamard("QB1"),
    *hadamard("QB2"),
    {"name": "cz", "locus": ["QB1", "QB2"], "args": {}},
    *hadamard("QB2"),
    measure("QB1", "c_2_0_0"),
    measure("QB2", "c_2_0_1"),
)


def finished(driver: Driver, job: Job) -> Job:
    assert job.wait(60)
    assert job.check() == driver.core.Job.Status.DONE
    return job


def test_a_bell_circuit_gives_its_counts(driver: Driver, device: Device) -> None:
    job = finished(driver, device.submit_job(BELL, driver.core.ProgramFormat.IQM_JSON, 1000))
    counts = job.get_counts()
    assert counts["00"] + counts["11"] == 1000
    assert min(counts.values()) > 400
    assert len(job.get_shots()) == 1000


def test_bit_zero_is_rightmost(driver: Driver, device: Device) -> None:
    flipped = program(
        prx("QB1", 3.141592653589793, 0.0), measure("QB1", "c_2_0_0"), measure("QB2", "c_2_0_1")
    )
    job = device.submit_job(flipped, driver.core.ProgramFormat.IQM_JSON, 10)
    assert finished(driver, job).get_counts() == {"01": 10}


def test_the_job_tells_what_was_submitted(driver: Driver, device: Device) -> None:
    job = device.submit_job(BELL, driver.core.ProgramFormat.IQM_JSON, 10)
    assert str(UUID(job.id)) == job.id
    assert job.program == BELL
    assert job.program_format == driver.core.ProgramFormat.IQM_JSON
    assert job.num_shots == 10


def test_heralding_and_qubit_mapping_are_custom_parameters(driver: Driver, device: Device) -> None:
    logical = BELL.replace("QB1", "q0").replace("QB2", "q1")
    job = device.submit_job(
        logical, driver.core.ProgramFormat.IQM_JSON, 100, custom1="zeros", custom5="q0:QB1,q1:QB2"
    )
    assert set(finished(driver, job).get_counts()) <= {"00", "11"}


# Not even JSON: what a calibration means is between its author and the server.
@pytest.mark.parametrize("configuration", [(), ("{}",), ('{"procedure_config":{"set_default":"always",},}',)])
def test_a_calibration_brings_new_metadata_to_old_handles(
    run: Run, driver_configuration: Callable[..., str], configuration: tuple[str, ...]
) -> None:
    with run("--calibration-duration", "0.1") as url:
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("calibrate.py"), *configuration],
            env={**os.environ, "MQT_CORE_QDMI_CONFIG_JSON": driver_configuration(url)},
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert str(UUID(told["returned"])) == told["returned"]
    assert told["returned"] == told["new_set"] != told["old_set"]
    assert told["moved_times"] > 0
    assert not told["tells_when_needed"]


def test_the_device_describes_itself_as_one_of_1_3(driver: Driver, device: Device) -> None:
    assert device.library_version() == "1.3.4"
    assert device.qubits_num() == 20
    assert [site.name() for site in device.sites()] == [f"QB{i}" for i in range(1, 21)]
    assert device.needs_calibration() is None
    formats = driver.core.ProgramFormat
    assert device.supported_program_formats() == [
        formats.IQM_JSON,
        formats.QIR_BASE_STRING,
        formats.CALIBRATION,
    ]


def test_a_server_without_calibrations_does_not_offer_them(driver: Driver, run: Run) -> None:
    with run("--no-calibration-service") as url:
        device = driver.open(url)
        assert driver.core.ProgramFormat.CALIBRATION not in device.supported_program_formats()


def test_results_of_a_job_that_was_cancelled_are_an_invalid_argument(driver: Driver, run: Run) -> None:
    with run("--duration", "30") as url:
        job = driver.open(url).submit_job(BELL, driver.core.ProgramFormat.IQM_JSON, 10)
        assert not job.wait(1)
        job.cancel()
        assert job.wait(5)
        assert job.check() == driver.core.Job.Status.CANCELED
        with pytest.raises(ValueError, match=r"(?i)invalid argument"):
            job.get_counts()
