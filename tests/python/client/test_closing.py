# SPDX-License-Identifier: Apache-2.0
"""Devices that are closed before their end."""

import gc
import json
import threading
from collections.abc import Callable

import pytest

import qdmikit
from qdmikit import JobStatus, ProgramFormat

Scripted = Callable[..., qdmikit.Device]


class Sessions:
    """Counts the scripted device's sessions that were opened since, and are not ended."""

    def __init__(self, observer: qdmikit.Device) -> None:
        gc.collect()  # what earlier tests left to it shall not end later
        self._observer = observer
        self._before = self._all()

    def _all(self) -> int:
        number: int = json.loads(self._observer.custom(1) or "")["sessions"]
        return number

    def __call__(self) -> int:
        return self._all() - self._before


@pytest.fixture
def sessions(scripted: Scripted) -> Sessions:
    return Sessions(scripted())


def test_a_with_block_closes_the_device_and_its_session(scripted: Scripted, sessions: Sessions) -> None:
    with scripted() as device:
        assert device.name == "Scripted"
        assert sessions() == 1
    assert device.closed
    assert sessions() == 0


def test_an_exception_leaves_the_block_and_the_device_closed(scripted: Scripted) -> None:
    device = scripted()

    def fail_inside() -> None:
        with device:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert device.closed


USES: dict[str, Callable[[qdmikit.Device], object]] = {
    "name": lambda device: device.name,
    "id": lambda device: device.id,
    "sites": lambda device: device.sites,
    "operation": lambda device: device.operation("cz"),
    "status": lambda device: device.status,
    "custom": lambda device: device.custom(1),
    "custom_bytes": lambda device: device.custom_bytes(1),
    "snapshot": lambda device: device.snapshot(),
    "children": lambda device: device.children(),
    "submit": lambda device: device.submit("program", ProgramFormat.QASM3),
    "retrieve_job": lambda device: device.retrieve_job("job-1"),
    "submit_calibration": lambda device: device.submit_calibration("{}", ProgramFormat.IQMJSON),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_closed_device_says_so(scripted: Scripted, use: Callable[[qdmikit.Device], object]) -> None:
    device = scripted()
    device.close()
    with pytest.raises(qdmikit.BadState, match="the device is closed: open it again") as caught:
        use(device)
    assert caught.value.status == "BADSTATE"
    assert caught.value.library == device.library_path


def test_a_device_is_open_until_it_is_closed(scripted: Scripted) -> None:
    assert not scripted().closed


def test_closing_again_does_nothing(scripted: Scripted) -> None:
    device = scripted()
    device.close()
    device.close()
    assert device.closed


def test_what_the_device_gave_out_stays_usable_and_keeps_the_session(
    scripted: Scripted, sessions: Sessions
) -> None:
    device = scripted(results={"HIST_KEYS": "0", "HIST_VALUES": [3]})
    job = device.submit("program", ProgramFormat.QASM3, shots=3)
    site = device.site(0)
    operation = device.operation("cz")
    device.close()
    assert job.wait(timeout=10) is JobStatus.DONE
    assert job.result().counts() == {"0": 3}
    assert site.t1 == 34.7e-6
    assert operation.fidelity() == 0.5
    assert sessions() == 1
    del job, site, operation
    assert sessions() == 0


def test_a_job_of_a_closed_device_can_be_awaited(scripted: Scripted) -> None:
    import asyncio

    device = scripted(results={"HIST_KEYS": "0", "HIST_VALUES": [3]})
    job = device.submit("program", ProgramFormat.QASM3)
    device.close()

    async def wait() -> dict[str, int]:
        return (await job).counts()

    assert asyncio.run(wait()) == {"0": 3}


def test_a_call_under_way_comes_to_its_end(scripted: Scripted) -> None:
    device = scripted(stays=True)
    job = device.submit("program", ProgramFormat.QASM3)
    ends: list[JobStatus] = []
    waiting = threading.Thread(target=lambda: ends.append(job.wait(timeout=60)))
    waiting.start()
    device.close()
    job.cancel()
    waiting.join(timeout=60)
    assert ends == [JobStatus.CANCELED]


def test_closing_in_many_threads_while_others_ask_is_safe(scripted: Scripted, sessions: Sessions) -> None:
    device = scripted()
    surprises: list[BaseException] = []

    def ask() -> None:
        try:
            while True:
                assert device.site(0).t1 == 34.7e-6
        except qdmikit.BadState:
            return
        except BaseException as error:  # noqa: BLE001 - told below
            surprises.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads += [threading.Thread(target=device.close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert surprises == []
    assert sessions() == 0


def test_other_threads_run_while_closing_ends_the_session(scripted: Scripted) -> None:
    observer = scripted()
    device = scripted(free_waits="session")
    opener = scripted(stays=True).submit("program", ProgramFormat.QASM3)
    closing = threading.Thread(target=device.close)
    closing.start()
    while "frees_begun" not in json.loads(observer.custom(1) or ""):
        pass
    opener.cancel()
    closing.join(timeout=60)
    assert "frees_that_held_up_everything" not in json.loads(observer.custom(1) or "")


def test_a_closed_device_still_has_a_repr(scripted: Scripted) -> None:
    device = scripted()
    device.close()
    assert repr(device) == "<qdmikit.Device from libscripted-device.so, closed>"
    assert "closed" in device._repr_html_()


def test_an_open_device_whose_name_cannot_be_read_still_has_a_repr(scripted: Scripted) -> None:
    device = scripted(answers={"session_query_device_property": -1})
    assert repr(device) == "<qdmikit.Device from libscripted-device.so>"
