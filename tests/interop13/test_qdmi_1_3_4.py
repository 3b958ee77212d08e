# SPDX-License-Identifier: Apache-2.0
"""What came with QDMI 1.3.4, by mqt-core 4.0, the first to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from tests.interop13.conftest import Device, Device134, Driver

CIRCUIT = (
    '{"name":"x","metadata":{},"instructions":['
    '{"name":"prx","locus":["QB1"],"args":{"angle":3.141592653589793,"phase":0.0}},'
    '{"name":"measure","locus":["QB1"],"args":{"key":"c_1_0_0"}}]}'
)


@pytest.fixture
def later(device: Device) -> Device134:
    return cast("Device134", device)


@pytest.mark.parametrize("configuration", [None, '{"procedure_config": {"set_default": "always"}}'])
def test_a_calibration_needs_no_program(driver: Driver, later: Device134, configuration: str | None) -> None:
    sites = later.sites()
    times = [site.t1() for site in sites]
    job = later.submit_calibration_job(configuration)
    assert job.wait(60)
    assert job.program_format == driver.core.ProgramFormat.CALIBRATION
    new_set = job.get_custom_result(driver.core.CustomProperty.CUSTOM1, str)
    assert new_set is not None
    assert str(UUID(new_set)) == new_set
    assert later.query_custom_property(driver.core.CustomProperty.CUSTOM1, str) == new_set
    assert [site.t1() for site in sites] != times


def test_a_job_is_found_again_by_its_id(driver: Driver, later: Device134) -> None:
    submitted = later.submit_job(CIRCUIT, driver.core.ProgramFormat.IQM_JSON, 10)
    found = later.retrieve_job_by_id(submitted.id)
    assert found.wait(30)
    assert found.id == submitted.id
    assert found.num_shots == 10
    assert found.get_counts() == {"1": 10}


def test_the_queue_has_a_length(later: Device134) -> None:
    assert later.queue_length() == 0
