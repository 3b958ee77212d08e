# SPDX-License-Identifier: Apache-2.0
"""A driver of QDMI 1.3 as pip installs it, the library for it, and mock servers in processes of their own.

Driver and server live in different environments. mqt-core 3.8 calls its module fomac, 4.0 calls it qdmi.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pytest

import qdmikit_iqm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

DEVICE = "qdmikit.iqm"
T = TypeVar("T")


class Job(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def program(self) -> str: ...
    @property
    def program_format(self) -> object: ...
    @property
    def num_shots(self) -> int: ...
    def check(self) -> object: ...
    def wait(self, timeout: int = 0) -> bool: ...
    def cancel(self) -> None: ...
    def get_shots(self) -> list[str]: ...
    def get_counts(self) -> dict[str, int]: ...
    def get_custom_result(self, custom_property: object, value_type: type[T]) -> T | None: ...


class Site(Protocol):
    def name(self) -> str | None: ...
    def t1(self) -> int | None: ...


class Device(Protocol):
    def library_version(self) -> str: ...
    def qubits_num(self) -> int: ...
    def sites(self) -> list[Site]: ...
    def needs_calibration(self) -> int | None: ...
    def supported_program_formats(self) -> list[object]: ...
    def query_custom_property(self, custom_property: object, value_type: type[T]) -> T | None: ...
    def submit_job(self, program: str, program_format: object, num_shots: int, **custom: str) -> Job: ...


class Device134(Device, Protocol):
    """What came with QDMI 1.3.4, or with its driver."""

    def submit_calibration_job(self, program: str | None = None) -> Job: ...
    def retrieve_job_by_id(self, job_id: str) -> Job: ...
    def queue_length(self) -> int | None: ...


class Driver:
    """What the tests use of mqt-core, under one name in both versions."""

    def __init__(self) -> None:
        major = int(importlib.metadata.version("mqt-core").split(".")[0])
        self.core: Any = importlib.import_module("mqt.core.fomac" if major < 4 else "mqt.core.qdmi")
        registry = self.core if major < 4 else importlib.import_module("mqt.core.qdmi.driver")
        self._open: Callable[..., Device] = registry.open_device

    def open(self, base_url: str) -> Device:
        return self._open(DEVICE, base_url=base_url)


def configuration(base_url: str | None = None) -> str:
    """Return what a driver is to be told of the library; the server, too, when it opens it by itself."""
    device = {
        "id": DEVICE,
        "library": str(qdmikit_iqm.library_path_for_qdmi_1_3()),
        "prefix": "IQM",
        "session": {} if base_url is None else {"base-url": base_url},
    }
    return json.dumps({"schema-version": 1, "qdmi": {"devices": [device]}})


def pytest_configure() -> None:
    """Tell the driver where the library is, before its first call."""
    os.environ["MQT_CORE_QDMI_CONFIG_JSON"] = configuration()


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


class Run(Protocol):
    def __call__(self, *options: str) -> AbstractContextManager[str]: ...


@pytest.fixture(scope="session")
def driver() -> Driver:
    return Driver()


@pytest.fixture
def run() -> Run:
    return running


@pytest.fixture
def driver_configuration() -> Callable[..., str]:
    return configuration


@pytest.fixture
def device(driver: Driver, run: Run) -> Iterator[Device]:
    with run("--ideal", "--calibration-duration", "0.1") as url:
        yield driver.open(url)
