# SPDX-License-Identifier: Apache-2.0
"""Opening devices."""

import os

from qdmikit import registry
from qdmikit.device import Device
from qdmikit.errors import LoadError
from qdmikit.session import overlaid, to_parameters


def open_device(
    device_id: str | None = None,
    /,
    *,
    library: str | os.PathLike[str] | None = None,
    prefix: str | None = None,
    base_url: str | None = None,
    token: str | None = None,
    auth_file: str | os.PathLike[str] | None = None,
    auth_url: str | None = None,
    username: str | None = None,
    password: str | None = None,
    custom1: str | None = None,
    custom2: str | None = None,
    custom3: str | None = None,
    custom4: str | None = None,
    custom5: str | None = None,
) -> Device:
    """Open a device, by its id or by its library.

    Parameters
    ----------
    device_id
        One of the ids that `devices` lists.
    library, prefix
        Instead of an id: the device library, and what stands before ``_QDMI_`` in its symbols. The path is
        absolute or has a folder in it (``./libmy.so``); bare names are not searched for.
    base_url, token, auth_file, auth_url, username, password
        QDMI's session parameters. They win over the defaults of the device's manifests; a token or a file
        with one takes the place of both. What is neither given nor has a default is left to the device.
    custom1, custom2, custom3, custom4, custom5
        Session parameters that the device defines; its documentation tells what they mean.

    Returns
    -------
    Device
        In a session of its own.

    Raises
    ------
    NotFound
        If no device has that id; the text says which exist.
    ManifestError
        If a manifest of that device is broken, or one that might describe it is unsafe or cannot be read.
    LoadError
        If the library cannot be loaded or lacks symbols; the text says which.
    NotSupported
        If the device does not know a parameter.
    PermissionDenied
        If the credentials are missing or wrong.
    """
    given = {
        "base_url": base_url,
        "token": token,
        "auth_file": os.fspath(auth_file) if auth_file is not None else None,
        "auth_url": auth_url,
        "username": username,
        "password": password,
        "custom1": custom1,
        "custom2": custom2,
        "custom3": custom3,
        "custom4": custom4,
        "custom5": custom5,
    }
    explicit = {name: value for name, value in given.items() if value is not None}
    if device_id is not None:
        if library is not None or prefix is not None:
            raise TypeError("open_device() takes an id, or a library and a prefix, not both")
        entry = registry.find(device_id)
        parameters = to_parameters(overlaid(entry.session, explicit))
        try:
            return Device(entry.library, entry.prefix, parameters, device_id=entry.id)
        except LoadError as error:
            error.add_note(f"Device '{entry.id}' is described by {entry.source} ({entry.rank}).")
            raise
    if library is None or prefix is None:
        raise TypeError("open_device() needs an id, or a library and a prefix")
    return Device(library, prefix, to_parameters(explicit))
