# SPDX-License-Identifier: Apache-2.0
"""Devices, sites and operations as Python values."""

import copy
import pickle
from collections.abc import Callable

import pytest

import qdmikit
from qdmikit import DeviceStatus

Scripted = Callable[..., qdmikit.Device]


def test_values_come_in_seconds_or_as_none(scripted: Scripted) -> None:
    device = scripted()
    assert device.status is DeviceStatus.IDLE
    assert device.queue_length is None
    assert device.site(0).t1 == 34.7e-6
    assert device.site(2).t1 == 8.376e-6
    assert device.site(5).t1 is None
    assert device.duration_unit == "us"


def test_sites_are_found_by_index(scripted: Scripted) -> None:
    device = scripted()
    assert [site.index for site in device.sites] == [0, 2, 5, 9]
    assert [site.name for site in device.sites] == ["A", "B", None, "Z"]
    assert device.site(9).is_zone
    with pytest.raises(qdmikit.OutOfRange, match="no site with index 1"):
        device.site(1)


def test_equal_sites_hash_alike(scripted: Scripted) -> None:
    device = scripted()
    assert len({*device.sites, *device.sites}) == 4
    assert device.site(0) == device.site(0)
    assert device.site(0) != device.site(2)
    assert device.site(0) != "A"
    assert device.site(0) != scripted().site(0)


def test_equal_operations_hash_alike(scripted: Scripted) -> None:
    device = scripted()
    assert len({*device.operations, *device.operations}) == 4
    assert device.operation("cz") == device.operations[1]
    assert device.operation("cz") != device.operation("prx")


def test_coupling_map_is_pairs_of_the_devices_sites(scripted: Scripted) -> None:
    device = scripted()
    assert device.coupling_map == [(device.site(0), device.site(2)), (device.site(2), device.site(5))]


def test_operation_sites_are_tuples(scripted: Scripted) -> None:
    device = scripted()
    cz = device.operation("cz")
    assert cz.sites == [(device.site(0), device.site(2)), (device.site(2), device.site(5))]
    assert cz.sites is not None
    assert {cz.sites[0]: 1}[device.site(0), device.site(2)] == 1, "tuples of sites are keys"


def test_figures_depend_on_sites_and_parameters(scripted: Scripted) -> None:
    device = scripted()
    cz = device.operation("cz")
    pair = (device.site(2), device.site(5))
    assert cz.fidelity() == pytest.approx(0.5)
    assert cz.fidelity(*pair) == pytest.approx(0.57)
    assert cz.fidelity(*pair, parameters=[1.0, 2.0]) == pytest.approx(0.573)
    assert cz.duration(*pair) == pytest.approx(40e-9)
    assert cz.duration() is None


def test_sites_of_another_session_are_refused(scripted: Scripted) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="another session"):
        scripted().operation("cz").fidelity(scripted().site(0))
    with pytest.raises(TypeError, match="must be Site objects"):
        scripted().operation("cz").fidelity(0)  # type: ignore[arg-type]


def test_sites_keep_their_session(scripted: Scripted) -> None:
    site = scripted().site(0)
    operation = scripted().operation("cz")
    assert site.t1 == 34.7e-6
    assert operation.is_zoned is False


def test_custom_properties(scripted: Scripted) -> None:
    device = scripted()
    assert device.custom(2) == "xxx"
    assert device.custom_bytes(2) == b"xxx\0"
    assert device.custom(3) is None
    assert device.custom_bytes(3) is None
    with pytest.raises(qdmikit.OutOfRange):
        device.custom(6)


def test_formats_that_nobody_knows_are_left_out(scripted: Scripted) -> None:
    device = scripted(device={"FORMATS": [1, 6, 12]})
    assert device.supported_program_formats == [qdmikit.ProgramFormat.QASM3]


def test_a_device_without_id_has_none(scripted: Scripted) -> None:
    assert scripted().id is None


def test_reprs_say_what_it_is(scripted: Scripted) -> None:
    device = scripted()
    assert repr(device) == "<qdmikit.Device 'Scripted' from libscripted-device.so>"
    assert repr(device.site(2)) == "<qdmikit.Site 2 B>"
    assert repr(device.site(5)) == "<qdmikit.Site 5>"
    assert repr(device.operation("cz")) == "<qdmikit.Operation cz>"


def test_handles_are_not_pickled(scripted: Scripted) -> None:
    device = scripted()
    with pytest.raises(TypeError, match="open_device"):
        pickle.dumps(device)
    with pytest.raises(TypeError, match="open_device"):
        copy.deepcopy(device)
