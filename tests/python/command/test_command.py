# SPDX-License-Identifier: Apache-2.0
"""The `qdmikit` command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

import qdmikit
import qdmikit_iqm
from iqm_mock_server import MockServer
from qdmikit.cli.tables import device_table

Completed = subprocess.CompletedProcess[str]


def qdmikit_command(*arguments: str) -> Completed:
    code = "from qdmikit._command import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=False, capture_output=True, text=True
    )


def test_the_version() -> None:
    done = qdmikit_command("--version")
    assert (done.returncode, done.stdout) == (0, f"qdmikit {qdmikit.__version__}\n")


def test_devices_lists_ids_prefixes_and_libraries() -> None:
    rows = json.loads(qdmikit_command("devices", "--json").stdout)
    ours = {row["id"]: row for row in rows}["qdmikit.iqm"]
    assert ours["prefix"] == "IQM"
    assert Path(ours["library"]) == qdmikit_iqm.library_path()
    assert set(ours) == {"id", "library", "prefix", "source"}
    table = qdmikit_command("devices")
    assert table.returncode == 0
    assert "qdmikit.iqm" in table.stdout


def test_show_prints_every_site_in_microseconds(iqm_mock_server: MockServer) -> None:
    done = qdmikit_command("show", "qdmikit.iqm", "--base-url", iqm_mock_server.url)
    assert done.returncode == 0
    device = qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url)
    rows = {line.split()[1]: line.split()[3::2] for line in done.stdout.splitlines() if line.startswith("│")}
    assert len(rows) == len(device.sites)
    for site in device.sites:
        assert site.t1 is not None
        assert site.t2 is not None
        assert rows[str(site.name)][:2] == [f"{site.t1 * 1e6:.1f}", f"{site.t2 * 1e6:.1f}"]
    assert "F(cz)" in done.stdout


def test_the_best_fidelity_of_a_site_is_that_of_its_best_locus(iqm_mock_server: MockServer) -> None:
    device = qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url)
    table = device_table(device)
    (column,) = (column for column in table.columns if column.header == "F(cz)")
    cz = device.operation("cz")
    best = max(cz.fidelity(*locus) or 0.0 for locus in cz.sites or () if device.sites[0] in locus)
    assert next(iter(column.cells)) == f"{best:.4f}"


def test_a_very_large_device_is_cut() -> None:
    from importlib.util import find_spec

    spec = find_spec("mqt.core")
    assert spec is not None
    assert spec.origin is not None
    (library,) = Path(spec.origin).parent.glob("lib*/libmqt-core-qdmi-ddsim-device.so")
    device = qdmikit.open_device(library=library, prefix="MQT_DDSIM")
    table = device_table(device, max_sites=3)
    assert table.row_count == 3
    console = Console(width=200)
    with console.capture() as capture:
        console.print(table)
    assert f"{len(device.sites) - 3} more sites" in capture.get()
    assert "on any sites: " in capture.get()


def test_an_unknown_device_is_one_line_on_stderr() -> None:
    done = qdmikit_command("show", "no.such.device")
    assert done.returncode == 1
    assert done.stderr.startswith("qdmikit: cannot show no.such.device: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_an_unreachable_server_is_named() -> None:
    done = qdmikit_command("show", "qdmikit.iqm", "--base-url", "http://127.0.0.1:1")
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_its_extra_the_command_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None\nfrom qdmikit._command import main; main()"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == 'qdmikit: the command line needs its extra: pip install "qdmikit[cli]"\n'


def test_help_needs_no_qiskit() -> None:
    code = "import sys; sys.modules['qiskit'] = None\nfrom qdmikit._command import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "--help"], check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert "devices" in done.stdout


def test_the_adapter_without_qiskit_says_what_to_install() -> None:
    code = "import sys; sys.modules['qiskit'] = None\nimport qdmikit.qiskit"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert (
        done.stderr.splitlines()[-1]
        == 'ImportError: qdmikit.qiskit needs Qiskit: pip install "qdmikit[qiskit]"'
    )
