# SPDX-License-Identifier: Apache-2.0
"""Opening a device in a process of its own: a library that crashes or hangs ends that one only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from qdmikit.diagnosis import diagnose
from qdmikit.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qdmikit import Device, Error
    from qdmikit.diagnosis import Category
    from qdmikit.doctor.finding import Level
    from qdmikit.registry import DeviceEntry

_TRIED = "opened a session"
_LAST_WORDS = 2000  # characters of what a dying process has said


def examine_session(entry: DeviceEntry, session: Mapping[str, str], seconds: float) -> Finding:
    """Open a device and ask what it is.

    Parameters
    ----------
    entry
        The device.
    session
        The session parameters, those of its manifests included.
    seconds
        How long that may take.

    Returns
    -------
    Finding
        With what the device says of itself, or with its error.
    """
    request = {
        "library": str(entry.library),
        "prefix": entry.prefix,
        "device_id": entry.id,
        "session": dict(session),
    }
    # The answer has a file of its own, because libraries write to all streams. Secrets go through a pipe:
    # others can read arguments.
    with tempfile.TemporaryFile("w+") as answer:
        try:
            process = subprocess.run(  # noqa: S603 - this interpreter
                [sys.executable, "-m", __name__, str(answer.fileno())],
                input=json.dumps(request),
                pass_fds=[answer.fileno()],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Finding(
                "session",
                "problem",
                entry.id,
                _TRIED,
                f"{entry.library} has not answered within {seconds:g} s",
                "try again with more time; if it lasts, ask whoever provides the server or the library",
                "timeout",
            )
        answer.seek(0)
        text = answer.read()
    if not text:
        return _died(entry, process)
    reply: dict[str, Any] = json.loads(text)
    if "error" in reply:
        return Finding(
            "session",
            "problem",
            entry.id,
            _TRIED,
            reply["text"],
            reply["remedy"],
            reply["category"],
            reply["error"],
        )
    return _described(entry, reply)


def _died(entry: DeviceEntry, process: subprocess.CompletedProcess[str]) -> Finding:
    how = f"ended with the exit code {process.returncode}"
    if process.returncode < 0:
        how = f"crashed with {signal.Signals(-process.returncode).name}"
    said = process.stderr.strip()[-_LAST_WORDS:]
    answer = f"the process that loaded {entry.library} {how}" + (f": {said}" if said else "")
    remedy = "this is a mistake of the library or of what it needs: tell its vendor, or try another version"
    return Finding("session", "problem", entry.id, _TRIED, answer, remedy, "device")


def _described(entry: DeviceEntry, reply: dict[str, Any]) -> Finding:
    status = reply["status"]
    level: Level = "ok"
    remedy = ""
    if status in {"OFFLINE", "MAINTENANCE"}:
        level, remedy = "problem", "wait until the device is back; its operators know when that will be"
    elif status == "ERROR":
        level, remedy = "problem", "ask the device's operators"
    answer = f"{reply['name']} {reply['version']}, {reply['qubits']} qubits, QDMI {reply['library_version']}"
    if status is not None:
        answer += f", status {status.lower()}"
    category: Category | None = "device" if level == "problem" else None
    return Finding("session", level, entry.id, _TRIED, answer, remedy, category, reply)


def _facts(device: Device) -> dict[str, object]:
    return {
        "name": device.name,
        "version": device.version,
        "library_version": device.library_version,
        "qubits": device.qubits_num,
        "status": None if device.status is None else device.status.name,
        "queue_length": device.queue_length,
        "formats": [each.name for each in device.supported_program_formats],
    }


def _failure(error: Error) -> dict[str, object]:
    diagnosis = diagnose(error)
    return {
        "text": str(error),
        "remedy": diagnosis.remedy,
        "category": diagnosis.category,
        "error": {
            "type": type(error).__name__,
            "kind": error.kind,
            "status": error.status,
            "http_status": error.http_status,
            "error_code": error.error_code,
            "request_id": error.request_id,
        },
    }


def main() -> None:
    """Open the device that standard input describes; write what is found to the open file that is named."""
    import qdmikit
    from qdmikit import Device
    from qdmikit.session import to_parameters

    request = json.load(sys.stdin)
    try:
        device = Device(
            request["library"],
            request["prefix"],
            to_parameters(request["session"]),
            device_id=request["device_id"],
        )
        reply = _facts(device)
    except qdmikit.Error as error:
        reply = _failure(error)
    with os.fdopen(int(sys.argv[1]), "w") as answer:
        json.dump(reply, answer)


if __name__ == "__main__":
    main()
