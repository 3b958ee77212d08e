# SPDX-License-Identifier: Apache-2.0
"""What can be sent to another process, and what says why it cannot and what to do instead."""

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

import qdmikit
from qdmikit import ProgramFormat

Scripted = Callable[..., qdmikit.Device]


def submit(device: qdmikit.Device) -> qdmikit.Job:
    return device.submit("OPENQASM 3.0;", ProgramFormat.QASM3)


@pytest.mark.parametrize("send", [pickle.dumps, copy.copy, copy.deepcopy])
@pytest.mark.parametrize(
    ("inherit", "instead"),
    [
        (lambda device: device, r"call qdmikit\.open_device\(\) where it is used"),
        (lambda device: device.sites[0], r"pass its index on, and call Device\.site\(index\)"),
        (lambda device: device.operation("cz"), r"pass its name on, and call Device\.operation\(name\)"),
        (submit, r"pass its id on, and call Device\.retrieve_job\(id\)"),
        (lambda device: submit(device).result(), r"pass on what counts\(\) or shots\(\)\.packed return"),
    ],
    ids=["device", "site", "operation", "job", "result"],
)
def test_handles_are_refused(
    scripted: Scripted,
    inherit: Callable[[qdmikit.Device], object],
    instead: str,
    send: Callable[[object], object],
) -> None:
    with pytest.raises(TypeError, match=f"cannot be pickled.*: {instead}"):
        send(inherit(scripted()))


def test_shots_statuses_and_errors_arrive_as_they_were(scripted: Scripted) -> None:
    device = scripted(results={"SHOTS": "10,01"}, answers={"session_set_parameter": -7})
    shots = submit(device).result().shots()
    arrived = pickle.loads(pickle.dumps(shots))  # noqa: S301 - our own
    assert np.array_equal(arrived.packed, shots.packed)
    assert arrived.bitstrings() == ["10", "01"]
    assert pickle.loads(pickle.dumps(device.status)) is device.status  # noqa: S301 - our own
    with pytest.raises(qdmikit.InvalidArgument) as caught:
        submit(device).wait(-1)
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert type(error) is qdmikit.InvalidArgument
    assert (str(error), error.status, error.library) == (
        str(caught.value),
        caught.value.status,
        caught.value.library,
    )
