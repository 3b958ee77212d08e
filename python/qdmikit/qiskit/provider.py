# SPDX-License-Identifier: Apache-2.0
"""All configured devices, as Qiskit backends."""

from collections.abc import Mapping

import qdmikit
from qdmikit.qiskit.backend import QDMIBackend
from qdmikit.qiskit.errors import BackendNotFoundError


class QDMIProvider:
    """Qiskit backends over every device that `qdmikit.devices` lists.

    A device is opened when its backend is first needed, and stays open with the provider; which devices there
    are is looked up anew at every call.

    Parameters
    ----------
    session
        Session parameters for single devices, keyed like the arguments of `qdmikit.open_device`:
        ``{"my.device": {"base_url": "https://example.org"}}``. They win over those that are configured.
    """

    def __init__(self, session: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._session = {device: dict(parameters) for device, parameters in (session or {}).items()}
        self._opened: dict[str, QDMIBackend] = {}

    def names(self) -> list[str]:
        """Return the ids of all devices that are configured. Opens none."""
        return [entry.id for entry in qdmikit.devices()]

    def backends(self, name: str | None = None, *, min_num_qubits: int | None = None) -> list[QDMIBackend]:
        """Return the backends that fit, opening their devices.

        Parameters
        ----------
        name
            Only the device of that id; no other is opened.
        min_num_qubits
            Only backends with at least that many qubits.

        Returns
        -------
        list of QDMIBackend
            In the order of `names`; empty if none fits.

        Raises
        ------
        ExceptionGroup
            If devices cannot be opened: one `qdmikit.Error` for each of them. A device by its name alone is
            opened by `backend`.
        """
        found: list[QDMIBackend] = []
        failures: list[qdmikit.Error] = []
        for device_id in self.names():
            if name is not None and device_id != name:
                continue
            try:
                backend = self._open(device_id)
            except qdmikit.Error as error:
                error.add_note(f"Device '{device_id}', which is configured, cannot be opened.")
                failures.append(error)
                continue
            if min_num_qubits is None or backend.num_qubits >= min_num_qubits:
                found.append(backend)
        if failures:
            raise ExceptionGroup(
                f"{len(failures)} of the configured devices cannot be opened; "
                "QDMIProvider.backend(name) opens one alone",
                failures,
            )
        return found

    def backend(self, name: str) -> QDMIBackend:
        """Return the backend of one device, opening it.

        Parameters
        ----------
        name
            The device's id.

        Raises
        ------
        BackendNotFoundError
            If no device of that id is configured; the text says which are.
        qdmikit.Error
            If it cannot be opened.
        """
        known = self.names()
        if name not in known:
            raise BackendNotFoundError(
                f"no device {name!r} is configured; there are: {', '.join(known) or 'none'}"
            )
        return self._open(name)

    def _open(self, device_id: str) -> QDMIBackend:
        if device_id not in self._opened:
            device = qdmikit.open_device(device_id, **self._session.get(device_id, {}))
            self._opened[device_id] = QDMIBackend(device)
        return self._opened[device_id]

    def __repr__(self) -> str:
        return f"<QDMIProvider of {', '.join(self.names()) or 'no device'}>"
