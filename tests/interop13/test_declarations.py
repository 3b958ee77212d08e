# SPDX-License-Identifier: Apache-2.0
"""Our declarations of QDMI 1.3 agree with the headers that mqt-core installs."""

from __future__ import annotations

import ctypes
import importlib.metadata
import re
import subprocess
from pathlib import Path

import qdmikit_iqm

ROOT = Path(__file__).parents[2]
OURS = ROOT / "cpp" / "device" / "src" / "abi13" / "device.h"
# Names that a device puts its prefix before, as QDMI's own tool does.
PREFIXED = re.compile(
    r"\bQDMI_(?=device_|EXPORT\b|NO_EXPORT\b|DEPRECATED|STATIC_DEFINE\b|(?:Device_Session|Device_Job|Site|"
    r"Operation|Child_Device)(?:_impl_d)?\b)"
)
FUNCTION = re.compile(r"\b(?:IQM_)?(QDMI_device_\w+)\s*\((?=[^)]*\)\s*;)")
ENUMERATOR = re.compile(r"^\s*(?:IQM_)?(QDMI\w+)\s*=\s*(-?\d+)", re.MULTILINE)
# What the versions count, not what they mean.
COUNT = re.compile(r"_MAX$")


def theirs() -> Path:
    (constants,) = [
        file
        for file in importlib.metadata.files("mqt-core") or []
        if file.match("mqt/core/include/qdmi/constants.h")
    ]
    return Path(str(constants.locate())).parent


def without_comments(header: Path) -> str:
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", header.read_text(), flags=re.DOTALL)


def enumerators(header: Path) -> dict[str, int]:
    return {name: int(value) for name, value in ENUMERATOR.findall(without_comments(header))}


def functions(header: Path) -> set[str]:
    return set(FUNCTION.findall(without_comments(header)))


def compile_together(headers: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Compile another version's device interface and ours, on that version's types, into one unit."""
    for header in ("constants.h", "export.h", "types.h", "device.h"):
        prefixed = PREFIXED.sub("IQM_QDMI_", (headers / header).read_text())
        target = folder / "iqm_qdmi" / header
        target.parent.mkdir(exist_ok=True)
        target.write_text(re.sub(r'#include "\w*qdmi/', '#include "iqm_qdmi/', prefixed))
    checks = [
        f"static_assert(static_cast<int>(IQM_{name}) == static_cast<int>({name.replace('QDMI13', 'QDMI')}));"
        for name in enumerators(OURS)
        if not COUNT.search(name)
    ]
    unit = folder / "unit.cpp"
    unit.write_text("\n".join(['#include "iqm_qdmi/device.h"', f'#include "{OURS}"', *checks, ""]))
    return subprocess.run(
        ["c++", "-std=c++20", "-fsyntax-only", f"-I{folder}", unit],
        check=False,
        capture_output=True,
        text=True,
    )


def test_every_function_has_the_signature_that_the_driver_expects(tmp_path: Path) -> None:
    done = compile_together(theirs(), tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_headers_of_a_later_version_would_be_noticed(tmp_path: Path) -> None:
    headers = tmp_path / "later"
    headers.mkdir()
    for header in ("constants.h", "export.h", "types.h", "device.h"):
        text = (theirs() / header).read_text()
        if header == "device.h":
            text, changed = re.subn(
                r"(QDMI_device_job_get_results\(QDMI_Device_Job job,)", r"\1 size_t program_index,", text
            )
            assert changed == 1
        (headers / header).write_text(text)
    done = compile_together(headers, tmp_path)
    assert done.returncode != 0
    assert "IQM_QDMI_device_job_get_results" in done.stderr


def test_every_function_that_the_driver_knows_is_declared_and_exported() -> None:
    expected = functions(theirs() / "device.h")
    assert len(expected) in {18, 19}
    assert expected <= functions(OURS)
    library = ctypes.CDLL(str(qdmikit_iqm.library_path_for_qdmi_1_3()))
    for name in functions(OURS):
        assert hasattr(library, f"IQM_{name}")


def test_every_enumerator_of_the_driver_has_its_number_in_what_the_library_is_built_from() -> None:
    shared = enumerators(qdmikit_iqm.include_dir() / "iqm_qdmi" / "constants.h")
    added = {name.replace("QDMI13", "QDMI"): value for name, value in enumerators(OURS).items()}
    ours = shared | added
    # The device has no pulse-level access and never answers with these.
    unused = re.compile(r"^QDMI_DEVICE_PULSE_SUPPORT_LEVEL_(?!NONE)")
    expected = {
        name: value
        for name, value in enumerators(theirs() / "constants.h").items()
        if not COUNT.search(name) and not unused.match(name)
    }
    assert len(expected) > 100
    assert expected == {name: ours.get(name) for name in expected}


def test_the_bounds_admit_all_that_the_driver_knows() -> None:
    known = enumerators(theirs() / "constants.h")
    bounds = {name: value for name, value in enumerators(OURS).items() if COUNT.search(name)}
    assert len(bounds) == 3
    for name, value in bounds.items():
        assert known[name.replace("QDMI13", "QDMI")] <= value
