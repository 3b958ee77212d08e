# SPDX-License-Identifier: Apache-2.0
"""A device as plain values."""

import dataclasses
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import qdmikit
from qdmikit import DeviceStatus, Locus, ProgramFormat

Scripted = Callable[..., qdmikit.Device]


def test_a_snapshot_holds_what_the_device_tells(scripted: Scripted) -> None:
    before = datetime.now(UTC)
    taken = scripted(lengths=True).snapshot()
    assert before <= taken.taken_at <= datetime.now(UTC)
    assert (taken.name, taken.version, taken.qubits_num) == ("Scripted", "1.0", 3)
    assert taken.status is DeviceStatus.IDLE
    assert taken.queue_length is None
    assert taken.formats == (ProgramFormat.QASM3, ProgramFormat.QPY, ProgramFormat.CUSTOM1)
    assert taken.min_atom_distance == 3.5e-6
    assert taken.coupling_map == ((0, 2), (2, 5))
    assert [site.name for site in taken.sites] == ["A", "B", None, "Z"]
    assert taken.sites[1].t1 == 8.376e-6
    assert taken.sites[1].x == pytest.approx(-2e-6)
    assert taken.sites[3].is_zone
    assert taken.sites[3].y_extent == pytest.approx(40e-6)


def test_operations_have_their_figures_at_each_locus(scripted: Scripted) -> None:
    cz = scripted(lengths=True).snapshot().operations[1]
    assert cz.name == "cz"
    assert cz.fidelity == 0.5
    assert cz.duration is None
    assert cz.interaction_radius == 5e-6
    assert cz.loci == (
        Locus(sites=(0, 2), duration=40e-9, fidelity=0.52),
        Locus(sites=(2, 5), duration=40e-9, fidelity=pytest.approx(0.57)),  # type: ignore[arg-type]
    )


def test_values_are_those_of_the_live_objects(scripted: Scripted) -> None:
    device = scripted(lengths=True)
    taken = device.snapshot()
    zone = device.site(9)
    assert (zone.x, zone.y, zone.y_extent) == (taken.sites[3].x, taken.sites[3].y, taken.sites[3].y_extent)
    rydberg = device.operation("rydberg")
    assert rydberg.idling_fidelity == taken.operations[3].idling_fidelity == 0.9
    assert rydberg.mean_shuttling_speed == taken.operations[3].mean_shuttling_speed == pytest.approx(1100)
    assert device.length_unit == "um"
    assert device.min_atom_distance == taken.min_atom_distance


def test_a_snapshot_is_a_value(scripted: Scripted) -> None:
    taken = scripted().snapshot()
    assert pickle.loads(pickle.dumps(taken)) == taken  # noqa: S301 - our own
    assert dataclasses.replace(taken, status=DeviceStatus.BUSY) != taken
    with pytest.raises(dataclasses.FrozenInstanceError):
        taken.name = "another"  # type: ignore[misc]


def test_a_snapshot_is_json(scripted: Scripted) -> None:
    taken = scripted().snapshot()
    plain = json.loads(json.dumps(taken.to_dict()))
    assert plain == taken.to_dict()
    assert plain["status"] == "IDLE"
    assert plain["formats"] == ["QASM3", "QPY", "CUSTOM1"]
    assert plain["operations"][1]["loci"][0] == {"sites": [0, 2], "duration": 40e-9, "fidelity": 0.52}
    assert datetime.fromisoformat(plain["taken_at"]) == taken.taken_at


def test_each_property_is_read_once(scripted: Scripted) -> None:
    device = scripted(lengths=True)
    device.snapshot()
    reads = json.loads(device.custom(5) or "")
    assert len(reads) > 60
    assert set(reads.values()) == {1}


def test_a_marker_keeps_two_states_apart(scripted: Scripted) -> None:
    assert scripted(markers=["set-1", "set-2", "set-2"]).snapshot(marker=3).marker == "set-2"
    with pytest.raises(qdmikit.BadState, match="changed during each of 3 attempts"):
        scripted(markers=["1", "2", "3", "4"] * 2).snapshot(marker=3)
    with pytest.raises(qdmikit.NotSupported, match="cannot mark a snapshot by custom property 3"):
        scripted().snapshot(marker=3)


def test_the_id_is_the_one_that_the_device_was_opened_with() -> None:
    assert qdmikit.open_device("mqt.ddsim.default").snapshot().id == "mqt.ddsim.default"


def test_ddsim_has_a_snapshot(ddsim: qdmikit.Device) -> None:
    taken = ddsim.snapshot()
    assert len(taken.sites) == ddsim.qubits_num
    assert taken.coupling_map is None
    assert json.dumps(taken.to_dict())
