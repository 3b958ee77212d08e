# SPDX-License-Identifier: Apache-2.0
"""No library is loaded, and no secret accepted, that somebody else could have put there or could read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import qdmikit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.python.client.conftest import Places

DEVICE: dict[str, object] = {"id": "my.device", "library": "libmy.so", "prefix": "MY"}
SECRET = "hush-hush-4711"  # noqa: S105 - one that is no secret


def refusal() -> qdmikit.ManifestError:
    """Tell why the device is refused; it must not be listed either."""
    with pytest.warns(RuntimeWarning) as warned:
        assert "my.device" not in [entry.id for entry in qdmikit.devices()]
    (warning,) = warned
    with pytest.raises(qdmikit.ManifestError) as caught:
        qdmikit.open_device("my.device")
    assert str(caught.value) == str(warning.message)
    return caught.value


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a file belong to somebody else; return what will be said of that."""
    owner = 4711
    if os.geteuid() == 0:
        os.chown(path, owner, -1)
        return f"{path} belongs to the user with the number {owner}, who is neither root nor you"
    # Only root can do that. To another user, all files of this one are somebody else's, the folder first.
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    return f"belongs to the user with the number {owner}, who is neither root nor you"


@pytest.mark.parametrize(
    ("mode", "writers"),
    [(0o664, "its group"), (0o646, "everybody"), (0o666, "its group and everybody"), (0o620, "its group")],
)
def test_a_file_that_others_can_write_is_refused(places: Places, mode: int, writers: str) -> None:
    source = places.write_user(DEVICE, mode=mode)
    error = refusal()
    assert error.kind == "UnsafeConfiguration"
    assert str(error) == (
        f"device manifest {source} is refused, because it names libraries to load: {source} can be written "
        f"by {writers} (mode {mode:04o}). Remedy: chmod go-w {source}"
    )


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777])
def test_a_folder_that_others_can_write_is_refused_once(places: Places, mode: int) -> None:
    folder = places.write_user(DEVICE).parent
    places.write_user(DEVICE | {"id": "other"}, name="other")
    folder.chmod(mode)
    error = refusal()
    assert error.kind == "UnsafeConfiguration"
    assert f"folder of device manifests {folder} is refused" in str(error)
    assert f"(mode {mode:04o}). Remedy: chmod go-w {folder}" in str(error)


def test_an_unsafe_folder_without_manifests_does_no_harm(places: Places) -> None:
    folder = places.write_user(DEVICE).parent
    (folder / "my.qdmi.json").unlink()
    folder.chmod(0o777)
    assert qdmikit.devices()


@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_belongs_to_somebody_else_is_refused(
    places: Places, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    source = places.write_user(DEVICE)
    path = source if which == "file" else source.parent
    complaint = give_away(path, monkeypatch)
    error = refusal()
    assert error.kind == "UnsafeConfiguration"
    assert complaint in str(error)


def test_the_file_behind_a_link_counts(places: Places) -> None:
    folder = places.write_user(DEVICE | {"id": "other"}).parent
    real = places.write(places.root / "elsewhere" / "a.json", DEVICE)
    (folder / "link.qdmi.json").symlink_to(real)
    assert "my.device" in [entry.id for entry in qdmikit.devices()]
    real.parent.chmod(0o777)
    assert f"link.qdmi.json is refused, because it names libraries to load: {real.parent}" in str(refusal())
    real.parent.chmod(0o755)
    real.chmod(0o666)
    assert f"link.qdmi.json is refused, because it names libraries to load: {real}" in str(refusal())


def test_files_that_the_environment_names_are_looked_at_too(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = places.write(places.root / "folder" / "a.json", DEVICE, mode=0o666)
    for variable in ("QDMIKIT_DEVICES", "MQT_CORE_QDMI_CONFIG_FILE"):
        monkeypatch.setenv(variable, str(source))
        assert refusal().kind == "UnsafeConfiguration"
        monkeypatch.delenv(variable)
    source.chmod(0o644)
    source.parent.chmod(0o777)
    monkeypatch.setenv("QDMIKIT_DEVICES", str(source))
    assert f"{source.parent} can be written by" in str(refusal())


@pytest.mark.parametrize("key", ["token", "password"])
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_secret_that_others_can_read_is_refused(places: Places, key: str, mode: int) -> None:
    source = places.write_user(DEVICE | {"session": {key: SECRET}}, DEVICE | {"id": "my.other"}, mode=mode)
    error = refusal()
    assert error.kind == "ExposedSecret"
    assert f"{source}, line 1: $.qdmi.devices[0].session.{key}: is a secret" in str(error)
    assert f"(mode {mode:04o})" in str(error)
    assert f"in 'auth-file', or chmod go-r {source}" in str(error)
    assert SECRET not in str(error)
    with pytest.warns(RuntimeWarning):
        assert "my.other" in [entry.id for entry in qdmikit.devices()]


@pytest.mark.parametrize("key", ["token", "password"])
def test_a_secret_that_only_its_owner_can_read_is_taken(places: Places, key: str) -> None:
    places.write_user(DEVICE | {"session": {key: SECRET}}, mode=0o600)
    (entry,) = [entry for entry in qdmikit.devices() if entry.id == "my.device"]
    assert entry.session == {key: SECRET}
    assert SECRET not in repr(entry)


def test_a_secret_in_the_environment_is_taken(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    described = DEVICE | {"library": "/opt/libmy.so", "session": {"token": SECRET}}
    monkeypatch.setenv("MQT_CORE_QDMI_CONFIG_JSON", places.text(described))
    (entry,) = [entry for entry in qdmikit.devices() if entry.id == "my.device"]
    assert entry.session == {"token": SECRET}
