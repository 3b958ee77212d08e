# SPDX-License-Identifier: Apache-2.0
"""The wheel: what is in it, what it brings along, and that the environments of other tiers really test it."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1_000_000
OURS = ("qdmikit/", "qdmikit_iqm/", "iqm_mock_server/")


def venv(name: str) -> Path:
    return Path(os.environ["QDMIKIT_VENV_" + name.upper().replace("-", "_").replace(".", "_")])


def python(environment: str, *arguments: str, expect: int = 0) -> str:
    result = subprocess.run(
        [venv(environment) / "bin" / "python", *arguments],
        cwd="/",
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.returncode == expect, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def wheel() -> Path:
    [found] = (ROOT / "dist").glob("qdmikit-*.whl")
    return found


def test_one_stable_abi_wheel_serves_all_versions_of_python(wheel: Path) -> None:
    assert "-cp311-abi3-" in wheel.name


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= 5 * MEGABYTE


def test_the_wheel_holds_what_its_users_need_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "qdmikit/_core.abi3.so",
        "qdmikit/_core.pyi",
        "qdmikit/py.typed",
        "qdmikit/lib/libqdmikit-client.so",
        "qdmikit/include/qdmikit/qdmikit.hpp",
        "qdmikit/share/cmake/qdmikit/qdmikitConfig.cmake",
        "qdmikit_iqm/lib/libiqm-qdmi-device.so",
        "qdmikit_iqm/lib/libiqm-qdmi13-device.so",
        "qdmikit_iqm/lib/iqm.qdmi.json",
        "qdmikit_iqm/include/iqm_qdmi/device.h",
        "qdmikit_iqm/py.typed",
        "iqm_mock_server/py.typed",
    ):
        assert needed in names
    strays = [name for name in names if not name.startswith(OURS) and ".dist-info/" not in name]
    assert strays == []


def test_installing_the_wheel_brings_two_packages_along() -> None:
    listing = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
    assert set(python("bare-wheel", "-c", listing).split()) == {"qdmikit", "nanobind-backend", "numpy"}


def test_every_package_of_the_bare_wheel_can_be_imported_without_a_warning() -> None:
    python("bare-wheel", "-W", "error", "-c", "import qdmikit, qdmikit_iqm, iqm_mock_server")


def test_what_needs_an_extra_says_so_in_one_line() -> None:
    command = subprocess.run(
        [venv("bare-wheel") / "bin" / "qdmikit", "devices"], check=False, capture_output=True, text=True
    )
    assert command.returncode == 3
    assert command.stderr.splitlines() == [
        'qdmikit: the command line needs its extra: pip install "qdmikit[cli]"'
    ]
    assert 'pip install "qdmikit[qiskit]"' in python("bare-wheel", "-c", "import qdmikit.qiskit", expect=1)
    assert 'pip install "qdmikit[mock]"' in python("bare-wheel", "-m", "iqm_mock_server", expect=1)


def test_the_paths_that_the_commands_print_are_there() -> None:
    for module, option in (
        ("qdmikit", "--cmake"),
        ("qdmikit", "--include"),
        ("qdmikit_iqm", "--library"),
        ("qdmikit_iqm", "--library-for-qdmi-1.3"),
        ("qdmikit_iqm", "--include"),
    ):
        path = Path(python("bare-wheel", "-m", module, option).strip())
        assert path.exists()
        assert path.is_relative_to(venv("bare-wheel"))


def test_the_device_is_listed_from_any_working_directory() -> None:
    assert "qdmikit.iqm" in python(
        "bare-wheel", "-c", "import qdmikit; print([d.id for d in qdmikit.devices()])"
    )


@pytest.mark.parametrize(("option", "functions"), [("--library", 22), ("--library-for-qdmi-1.3", 19)])
def test_the_installed_device_libraries_export_their_interface_only(option: str, functions: int) -> None:
    library = python("bare-wheel", "-m", "qdmikit_iqm", option).strip()
    listing = subprocess.run(
        ["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True
    ).stdout
    symbols = [line.split()[-1] for line in listing.splitlines()]
    assert len(symbols) >= functions
    assert [symbol for symbol in symbols if not symbol.startswith("IQM_QDMI_")] == []


@pytest.mark.parametrize(
    "environment",
    ["wheel", "qiskit-2.1", "interop", "contract", "browser", "mitigation", "notebook", "pennylane", "qsci"],
)
def test_the_tiers_of_the_wheel_do_not_test_the_checkout(environment: str) -> None:
    script = (
        "import qdmikit, qdmikit_iqm, iqm_mock_server\n"
        "print(qdmikit.__file__, qdmikit_iqm.__file__, iqm_mock_server.__file__)"
    )
    for path in python(environment, "-c", script).split():
        assert Path(path).is_relative_to(venv(environment) / "lib")


def test_the_tested_versions_of_qiskit_are_the_promised_ones() -> None:
    version = "import qiskit; print(qiskit.__version__)"
    assert python("qiskit-2.1", "-c", version).strip() == "2.1.2"
    newest = tuple(int(part) for part in python("wheel", "-c", version).strip().split(".")[:2])
    assert newest > (2, 1)
