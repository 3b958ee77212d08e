# SPDX-License-Identifier: Apache-2.0
"""calibrate.py [CONFIGURATION]: calibrate a device through the C client interface of mqt-core's driver.

The Python interface of mqt-core 3.8 takes no calibrations, its C interface does. The device is the one that
can be calibrated of those that MQT_CORE_QDMI_CONFIG_JSON configures. Prints what came out of it, as JSON.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
import sys
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_uint64, c_void_p, create_string_buffer, sizeof

# Numbers of QDMI 1.3.
DEVICES = 0
SITES, NEEDS_CALIBRATION, PROGRAM_FORMATS = 5, 8, 15
T1 = 1
PROGRAM_FORMAT, PROGRAM = 0, 1
CALIBRATION = 6
DONE = 4
CUSTOM1 = 999_999_995
NOT_SUPPORTED = -9


class Driver:
    """The client interface, with every failure an exception."""

    def __init__(self) -> None:
        (library,) = [
            file
            for file in importlib.metadata.files("mqt-core") or []
            if file.match("mqt/core/lib64/libmqt-core-qdmi-driver.so")
        ]
        self._library = ctypes.CDLL(str(library.locate()))

    def call(self, function: str, *arguments: object) -> None:
        status = self.status(function, *arguments)
        if status != 0:
            raise RuntimeError(f"QDMI_{function}: status {status}")

    def status(self, function: str, *arguments: object) -> int:
        found = getattr(self._library, f"QDMI_{function}")
        return int(found(*arguments))  # a C int by default

    def free(self, function: str, handle: c_void_p) -> None:
        found = getattr(self._library, f"QDMI_{function}")
        found.restype = None
        found(handle)

    def read(self, function: str, *arguments: object) -> bytes:
        """Ask for the size of a value, then for the value."""
        size = c_size_t()
        self.call(function, *arguments, c_size_t(0), None, byref(size))
        if size.value == 0:
            return b""
        buffer = create_string_buffer(size.value)
        self.call(function, *arguments, size, buffer, None)
        return buffer.raw

    def handles(self, function: str, *arguments: object) -> list[c_void_p]:
        data = self.read(function, *arguments)
        return [
            c_void_p(value) for value in (c_void_p * (len(data) // sizeof(c_void_p))).from_buffer_copy(data)
        ]

    def text(self, function: str, *arguments: object) -> str:
        return self.read(function, *arguments).rstrip(b"\0").decode()


def t1(driver: Driver, device: c_void_p, site: c_void_p) -> int:
    value = c_uint64()
    driver.call("device_query_site_property", device, site, T1, c_size_t(sizeof(value)), byref(value), None)
    return value.value


def calibrate(driver: Driver, device: c_void_p, configuration: bytes | None) -> str:
    """Run one calibration to its end; return the id of the calibration set."""
    job = c_void_p()
    driver.call("device_create_job", device, byref(job))
    program_format = c_int(CALIBRATION)
    driver.call(
        "job_set_parameter", job, PROGRAM_FORMAT, c_size_t(sizeof(program_format)), byref(program_format)
    )
    if configuration is not None:
        driver.call(
            "job_set_parameter", job, PROGRAM, c_size_t(len(configuration) + 1), c_char_p(configuration)
        )
    driver.call("job_submit", job)
    driver.call("job_wait", job, c_size_t(60))
    status = c_int()
    driver.call("job_check", job, byref(status))
    if status.value != DONE:
        raise RuntimeError(f"the calibration ended with status {status.value}")
    new_set = driver.text("job_get_results", job, CUSTOM1)
    driver.free("job_free", job)
    return new_set


def main() -> None:
    configuration = sys.argv[1:]
    driver = Driver()
    session = c_void_p()
    driver.call("session_alloc", byref(session))
    driver.call("session_init", session)
    (device,) = [
        device
        for device in driver.handles("session_query_session_property", session, DEVICES)
        if CALIBRATION
        in memoryview(driver.read("device_query_device_property", device, PROGRAM_FORMATS)).cast("i")
    ]
    sites = driver.handles("device_query_device_property", device, SITES)
    before = [t1(driver, device, site) for site in sites]
    old_set = driver.text("device_query_device_property", device, CUSTOM1)
    returned = calibrate(driver, device, configuration[0].encode() if configuration else None)
    after = [t1(driver, device, site) for site in sites]
    needed = driver.status(
        "device_query_device_property", device, NEEDS_CALIBRATION, c_size_t(0), None, POINTER(c_size_t)()
    )
    print(
        json.dumps(
            {
                "old_set": old_set,
                "returned": returned,
                "new_set": driver.text("device_query_device_property", device, CUSTOM1),
                "moved_times": sum(b != a for b, a in zip(before, after, strict=True)),
                "tells_when_needed": needed != NOT_SUPPORTED,
            }
        )
    )
    driver.free("session_free", session)


if __name__ == "__main__":
    main()
