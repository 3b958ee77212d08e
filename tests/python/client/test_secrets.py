# SPDX-License-Identifier: Apache-2.0
"""Secrets stay out of texts."""

import json
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

import qdmikit
from qdmikit.manifest import read_manifest

SECRET = "hush-hush-4711"  # noqa: S105 - one that is no secret


@pytest.mark.parametrize("name", ["token", "password", "base_url", "custom2", "username"])
@pytest.mark.parametrize("value", [SECRET, f"{SECRET}\0more"])
def test_no_error_of_an_opening_tells_a_parameter(
    library_named: Callable[[str], Path], name: str, value: str
) -> None:
    refuse_everything = json.dumps({"answers": {"session_init": -8}})
    with pytest.raises(qdmikit.Error) as caught:
        qdmikit.open_device(
            library=library_named("scripted-device"),
            prefix="SCRIPTED",
            custom1=refuse_everything,
            **{name: value},
        )
    last_frame_only = "".join(traceback.format_exception_only(caught.value))
    assert SECRET not in last_frame_only
    assert SECRET not in repr(caught.value)
    assert SECRET not in str(vars(caught.value))


def test_no_type_error_tells_a_parameter(ddsim_library: Path) -> None:
    with pytest.raises(TypeError) as caught:
        qdmikit.open_device(library=ddsim_library, prefix="MQT_DDSIM", token=[SECRET])  # type: ignore[arg-type]
    assert SECRET not in str(caught.value)


def test_an_entry_does_not_show_its_session(tmp_path: Path) -> None:
    source = tmp_path / "my.qdmi.json"
    device = {"id": "my.device", "library": "libmy.so", "prefix": "MY", "session": {"token": SECRET}}
    source.write_text(json.dumps({"schema-version": 1, "qdmi": {"devices": [device]}}))
    (entry,) = read_manifest(source).devices
    assert entry.session["token"] == SECRET
    assert SECRET not in repr(entry)
    assert SECRET not in str(entry)


def test_a_complaint_about_a_manifest_tells_no_value(tmp_path: Path) -> None:
    source = tmp_path / "my.qdmi.json"
    device = {"id": "my.device", "library": "libmy.so", "prefix": "MY", "session": {"token": [SECRET]}}
    source.write_text(json.dumps({"schema-version": 1, "qdmi": {"devices": [device]}}))
    ((_, error),) = read_manifest(source).broken
    assert "session.token" in str(error)
    assert SECRET not in str(error)
