# SPDX-License-Identifier: Apache-2.0
"""What a device told at one time, as plain values."""

import dataclasses
import enum
from datetime import datetime
from typing import Any

from qdmikit._core import DeviceStatus, ProgramFormat


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SiteSnapshot:
    """What was known about a site. See `Site`.

    Attributes
    ----------
    t1, t2 : float or None
        In seconds.
    x, y, z, x_extent, y_extent, z_extent : float or None
        In metres.
    """

    index: int
    name: str | None
    t1: float | None
    t2: float | None
    x: float | None
    y: float | None
    z: float | None
    is_zone: bool
    x_extent: float | None
    y_extent: float | None
    z_extent: float | None
    module_index: int | None
    submodule_index: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Locus:
    """One place where an operation could be applied, with its figures there.

    Attributes
    ----------
    sites : tuple of int
        The sites' indices.
    duration : float or None
        In seconds.
    fidelity : float or None
        In [0, 1].
    """

    sites: tuple[int, ...]
    duration: float | None
    fidelity: float | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OperationSnapshot:
    """What was known about an operation. See `Operation`.

    Attributes
    ----------
    duration : float or None
        In seconds, for all places at once; None if the device has no such figure.
    fidelity : float or None
        In [0, 1], for all places at once; None if the device has no such figure.
    interaction_radius, blocking_radius : float or None
        In metres.
    idling_fidelity : float or None
        In [0, 1].
    mean_shuttling_speed : float or None
        In metres per second.
    loci : tuple of Locus or None
        Where it could be applied; None: the device does not say.
    """

    name: str
    qubits_num: int | None
    parameters_num: int | None
    is_zoned: bool
    duration: float | None
    fidelity: float | None
    interaction_radius: float | None
    blocking_radius: float | None
    idling_fidelity: float | None
    mean_shuttling_speed: float | None
    loci: tuple[Locus, ...] | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A device as it was: plain values without a session. `Device.snapshot` takes it.

    Snapshots compare by value, can be pickled, and are never changed.

    Attributes
    ----------
    taken_at : datetime
        When the reading began, in UTC.
    id : str or None
        The id under which the device was opened, else its own.
    marker : str or None
        The text of the custom property that was asked to mark the state.
    min_atom_distance : float or None
        In metres.
    coupling_map : tuple of pairs of int, or None
        Indices of sites that two-qubit operations can act on; None: no such limit is known.
    """

    taken_at: datetime
    name: str
    version: str
    library_version: str | None
    id: str | None
    marker: str | None
    status: DeviceStatus | None
    queue_length: int | None
    qubits_num: int
    formats: tuple[ProgramFormat, ...]
    min_atom_distance: float | None
    sites: tuple[SiteSnapshot, ...]
    operations: tuple[OperationSnapshot, ...]
    coupling_map: tuple[tuple[int, int], ...] | None

    def to_dict(self) -> dict[str, Any]:
        """Return the same in types that JSON has.

        Returns
        -------
        dict
            Keyed by the names of the attributes. Enumerators are their names, tuples are lists, and the
            time is text in ISO 8601.
        """
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, datetime):
        return value.isoformat()
    return value
