# SPDX-License-Identifier: Apache-2.0
"""Which source wins when several describe the same device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import qdmikit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.python.client.conftest import Places

PACKAGED = "mqt.sc.iqm.garnet"  # its manifest, in the mqt-core wheel, gives a device-config
RIGHT, WRONG = "right", "wrong"  # tokens to the scripted device
SECRET = "hush-hush-4711"  # noqa: S105 - one that is no secret


def device(library: str, **session: str) -> dict[str, object]:
    return {"id": "same", "library": f"/opt/{library}.so", "prefix": "MY", "session": session}


def entry(device_id: str = "same") -> qdmikit.DeviceEntry:
    (found,) = [entry for entry in qdmikit.devices() if entry.id == device_id]
    return found


@pytest.fixture
def environment(places: Places, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    def write(*devices: Mapping[str, object]) -> Path:
        source = places.write(places.root / "environment.json", *devices)
        monkeypatch.setenv("QDMIKIT_DEVICES", str(source))
        return source

    return write


def test_the_stronger_source_wins(
    places: Places, environment: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the weakest to the strongest, each takes the device over from all before it."""
    assert entry(PACKAGED).rank == "package"
    explicit = places.root / "explicit.json"

    def described(name: str) -> dict[str, object]:
        return device(name) | {"id": PACKAGED}

    steps: list[tuple[str, Callable[[], object]]] = [
        ("system", lambda: places.write(places.system / "mqt-core/qdmi.json", described("1"))),
        ("system", lambda: places.write_system(described("2"))),
        ("user", lambda: places.write(places.user / "mqt-core/qdmi.json", described("3"))),
        ("user", lambda: places.write_user(described("4"))),
        ("environment", lambda: monkeypatch.setenv("MQT_CORE_QDMI_CONFIG_FILE", str(explicit))),
        ("environment", lambda: monkeypatch.setenv("MQT_CORE_QDMI_CONFIG_JSON", places.text(described("6")))),
        ("environment", lambda: environment(described("7"))),
    ]
    places.write(explicit, described("5"))
    for number, (rank, step) in enumerate(steps, 1):
        step()
        found = entry(PACKAGED)
        assert (found.rank, found.library.stem) == (rank, str(number))
        assert found.session == {}, "a library's own description takes the weaker defaults with it"


def test_a_description_without_library_changes_session_defaults(
    places: Places, environment: Callable[..., Path]
) -> None:
    system = places.write_system(
        device("site", **{"base-url": "site", "custom3": "site", "username": "site"})
    )
    user = places.write_user({"id": "same", "session": {"base-url": "user", "custom3": "user"}})
    variable = environment({"id": "same", "session": {"base-url": "environment"}})
    found = entry()
    assert (found.library.stem, found.source, found.rank) == ("site", system, "system")
    assert found.session == {"base_url": "environment", "custom3": "user", "username": "site"}
    assert found.session_sources == {"base_url": variable, "custom3": user, "username": system}


def test_a_device_of_a_package_is_changed_too(places: Places) -> None:
    before = entry(PACKAGED)
    user = places.write_user({"id": PACKAGED, "session": {"custom5": "x"}})
    found = entry(PACKAGED)
    assert found.session == {**before.session, "custom5": "x"}
    assert found.session_sources == {"custom2": before.source, "custom5": user}


def test_a_device_configuration_takes_the_place_of_another(places: Places) -> None:
    assert entry(PACKAGED).session.keys() == {"custom2"}
    places.write_user({"id": PACKAGED, "session": {"device-config": {"inline": {"a": 1}}}})
    assert entry(PACKAGED).session == {"custom1": '{"a":1}'}


def test_a_token_and_a_file_with_one_take_the_place_of_each_other(places: Places) -> None:
    places.write_system(device("site", **{"auth-file": "/site/tokens.json", "base-url": "site"}))
    user = places.write_user({"id": "same", "session": {"token": SECRET}}, mode=0o600)
    found = entry()
    assert found.session == {"token": SECRET, "base_url": "site"}
    assert found.session_sources["token"] == user
    assert SECRET not in repr(found)


def test_arguments_win(places: Places, library_named: Callable[[str], Path]) -> None:
    library = str(library_named("scripted-device"))
    described = {"id": "same", "library": library, "prefix": "SCRIPTED", "session": {"auth-file": "/absent"}}
    places.write_system(described)
    places.write_user({"id": "same", "session": {"token": WRONG}}, mode=0o600)
    with pytest.raises(qdmikit.PermissionDenied):
        qdmikit.open_device("same")
    assert qdmikit.open_device("same", token=RIGHT).id == "same"


def test_a_stronger_source_switches_off_and_on(places: Places, environment: Callable[..., Path]) -> None:
    places.write_system(device("site"))
    user = places.write_user({"id": "same", "enabled": False})
    assert "same" not in [entry.id for entry in qdmikit.devices()]
    with pytest.raises(qdmikit.NotFound, match=rf"'same' is switched off by {user}; .*stronger") as caught:
        qdmikit.open_device("same")
    assert caught.value.kind == "SwitchedOff"
    environment({"id": "same", "session": {"base-url": "x"}})
    assert "same" not in [entry.id for entry in qdmikit.devices()]
    environment({"id": "same", "enabled": True})
    assert entry().library.stem == "site"


def test_a_device_that_is_described_but_off_can_be_switched_on(places: Places) -> None:
    places.write_system(device("site") | {"enabled": False})
    places.write_user({"id": "same", "enabled": True})
    assert entry().library.stem == "site"


def test_two_claims_of_the_same_strength_are_refused(places: Places) -> None:
    one = places.write_system(device("one"))
    two = places.write(places.system / "xdg/qdmikit/devices.d/two.qdmi.json", device("two"))
    with pytest.warns(RuntimeWarning, match=f"'same' is in several manifests: {one} and {two}"):
        qdmikit.devices()
    with pytest.raises(qdmikit.ManifestError, match=r"Remedy: remove all but one of them"):
        qdmikit.open_device("same")
    places.write_user(device("mine"))
    assert entry().library.stem == "mine"


def test_a_change_of_no_device_is_refused(places: Places) -> None:
    user = places.write_user({"id": "misspelt", "session": {"base-url": "x"}})
    with pytest.warns(RuntimeWarning, match=f"{user}: device 'misspelt' has no 'library'"):
        qdmikit.devices()
    with pytest.raises(qdmikit.ManifestError, match="correct the id"):
        qdmikit.open_device("misspelt")


@pytest.mark.parametrize("content", ["{", '{"schema-version": 1, "qdmi": {"devices": [{"library": "x"}]}}'])
def test_nothing_is_opened_past_a_configuration_that_might_have_described_it(
    places: Places, library_named: Callable[[str], Path], content: str
) -> None:
    library = str(library_named("scripted-device"))
    places.write_system({"id": "same", "library": library, "prefix": "SCRIPTED"})
    broken = places.write_text(places.user / "qdmikit/devices.d/broken.qdmi.json", content)
    with pytest.warns(RuntimeWarning, match=str(broken)):
        assert "same" in [entry.id for entry in qdmikit.devices()]
    with pytest.raises(qdmikit.ManifestError, match=str(broken)):
        qdmikit.open_device("same")
    places.write_user({"id": "same", "library": library, "prefix": "SCRIPTED"})
    assert qdmikit.open_device("same").name == "Scripted"


def test_a_broken_description_is_refused_only_where_it_counts(
    places: Places, library_named: Callable[[str], Path]
) -> None:
    places.write_system({"id": "same", "library": 5, "prefix": "MY"})
    with pytest.raises(qdmikit.ManifestError, match=r"devices\[0\]\.library"):
        qdmikit.open_device("same")
    library = str(library_named("scripted-device"))
    places.write_user({"id": "same", "library": library, "prefix": "SCRIPTED"})
    assert qdmikit.open_device("same").name == "Scripted"


def test_a_library_that_cannot_be_loaded_is_told_with_its_manifest(places: Places) -> None:
    user = places.write_user(device("absent"))
    with pytest.raises(qdmikit.LoadError, match=r"/opt/absent\.so") as caught:
        qdmikit.open_device("same")
    assert caught.value.__notes__ == [f"Device 'same' is described by {user} (user)."]
