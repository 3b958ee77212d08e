# SPDX-License-Identifier: Apache-2.0
"""`qdmikit devices` and `qdmikit show`."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

import qdmikit
import qdmikit_iqm
from qdmikit.cli.tables import device_table

if TYPE_CHECKING:
    from tests.python.command.conftest import Machine

    from iqm_mock_server import MockServer


def test_devices_lists_where_each_is_described(machine: Machine) -> None:
    mine = machine.describe({"id": "my.device", "library": "libmy.so", "prefix": "MY"})
    document = machine.run("devices", "--json").json
    assert document["problems"] == []
    rows = {row["id"]: row for row in document["devices"]}
    assert Path(rows["qdmikit.iqm"]["library"]) == qdmikit_iqm.library_path()
    assert rows["qdmikit.iqm"]["rank"] == "package"
    assert rows["my.device"] == {
        "id": "my.device",
        "library": str(machine.manifests / "libmy.so"),
        "prefix": "MY",
        "rank": "user",
        "source": str(mine),
    }
    table = machine.run("devices")
    assert table.code == 0
    (line,) = [line for line in table.out.splitlines() if "my.device" in line]
    assert "user" in line
    assert "my.qdmi.json" in line


def test_a_path_is_shown_as_it_is(machine: Machine) -> None:
    device = {"id": "my.device", "library": "lib[bold].so", "prefix": "MY"}
    machine.describe(device)
    (line,) = [line for line in machine.run("devices").out.splitlines() if "my.device" in line]
    assert " lib[bold].so " in line


def test_devices_tells_of_a_manifest_that_is_no_good(machine: Machine) -> None:
    broken = machine.describe(text="{\n")
    done = machine.run("devices", "--json")
    assert done.code == 0
    (problem,) = done.json["problems"]
    assert str(broken) in problem
    assert f"qdmikit: warning: {problem}" in done.err


def test_show_prints_every_site_in_microseconds(iqm_mock_server: MockServer, machine: Machine) -> None:
    done = machine.run("show", "qdmikit.iqm", "--base-url", iqm_mock_server.url)
    assert (done.code, done.err) == (0, "")
    device = qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url)
    rows = {line.split()[1]: line.split()[3::2] for line in done.out.splitlines() if line.startswith("│")}
    assert len(rows) == len(device.sites)
    for site in device.sites:
        assert site.t1 is not None
        assert site.t2 is not None
        assert rows[str(site.name)][:2] == [f"{site.t1 * 1e6:.1f}", f"{site.t2 * 1e6:.1f}"]
    assert "F(cz)" in done.out


def test_show_as_json_has_all_figures(iqm_mock_server: MockServer, machine: Machine) -> None:
    document = machine.run("show", "qdmikit.iqm", "-s", f"base-url={iqm_mock_server.url}", "--json").json
    device = qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url)
    assert (document["id"], document["qubits"]) == ("qdmikit.iqm", device.qubits_num)
    assert document["status"] == "IDLE"
    assert [site["t1"] for site in document["sites"]] == [site.t1 for site in device.sites]
    (cz,) = [operation for operation in document["operations"] if operation["name"] == "cz"]
    locus = device.operation("cz").sites
    assert locus is not None
    assert cz["loci"][0] == {
        "sites": [site.index for site in locus[0]],
        "fidelity": device.operation("cz").fidelity(*locus[0]),
        "duration": device.operation("cz").duration(*locus[0]),
    }
    coupling = device.coupling_map
    assert coupling is not None
    assert document["coupling_map"] == [[one.index, other.index] for one, other in coupling]


def test_a_device_without_couplings_is_shown_too(machine: Machine) -> None:
    document = machine.run("show", "mqt.ddsim.default", "--json").json
    assert document["coupling_map"] is None
    assert all(operation["loci"] is None for operation in document["operations"])


def test_the_best_fidelity_of_a_site_is_that_of_its_best_locus(iqm_mock_server: MockServer) -> None:
    device = qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url)
    table = device_table(device)
    (column,) = (column for column in table.columns if column.header == "F(cz)")
    cz = device.operation("cz")
    best = max(cz.fidelity(*locus) or 0.0 for locus in cz.sites or () if device.sites[0] in locus)
    assert next(iter(column.cells)) == f"{best:.4f}"


def test_a_very_large_device_is_cut(ddsim_library: Path) -> None:
    device = qdmikit.open_device(library=ddsim_library, prefix="MQT_DDSIM")
    table = device_table(device, max_sites=3)
    assert table.row_count == 3
    console = Console(width=200)
    with console.capture() as capture:
        console.print(table)
    assert f"{len(device.sites) - 3} more sites" in capture.get()
    assert "on any sites: " in capture.get()


@pytest.mark.parametrize(("suffix", "beginning"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_lattice_is_drawn(
    iqm_mock_server: MockServer, machine: Machine, suffix: str, beginning: bytes
) -> None:
    plot = machine.home / f"lattice.{suffix}"
    done = machine.run("show", "qdmikit.iqm", "--base-url", iqm_mock_server.url, "--plot", plot)
    assert done.code == 0
    content = plot.read_bytes()
    assert content.startswith(beginning)
    if suffix == "png":
        width, height = struct.unpack(">II", content[16:24])
        assert width > 3 * 300, "three drawings stand side by side"
        assert height > 300


def test_one_figure_is_drawn_if_that_is_asked_for(iqm_mock_server: MockServer, machine: Machine) -> None:
    plot = machine.home / "lattice.svg"
    done = machine.run(
        *("show", "qdmikit.iqm", "--base-url", iqm_mock_server.url),
        *("--plot", plot, "--color", "t1"),
        # As text, not as outlines.
        MPLCONFIGDIR=str(machine.home),
    )
    assert done.code == 0
    assert plot.read_text().count("T1 [µs]") >= 1
    assert "T2 [µs]" not in plot.read_text()


@pytest.mark.parametrize("name", ["plot.xyz", "plot", "absent/plot.png"])
def test_a_plot_that_cannot_be_written_is_refused_before_the_device_is_asked(
    iqm_mock_server: MockServer, machine: Machine, name: str
) -> None:
    done = machine.run("show", "qdmikit.iqm", "--base-url", iqm_mock_server.url, "--plot", name)
    assert done.code == 1
    assert f"cannot draw into {name}" in done.err
    assert iqm_mock_server.ledger.requests() == []


def test_a_colour_that_the_device_does_not_know_is_refused(machine: Machine) -> None:
    done = machine.run("show", "mqt.sc.ibm.heron", "--plot", "plot.png", "--color", "t1")
    assert done.code == 1
    assert "cannot colour the sites of IBM Heron 156 by t1" in done.err


def test_without_matplotlib_a_plot_says_what_to_install(machine: Machine) -> None:
    folder = machine.home / "without"
    folder.mkdir()
    machine.write(folder / "matplotlib.py", "raise ModuleNotFoundError('no', name='matplotlib')")
    done = machine.run("show", "mqt.sc.default", "--plot", "plot.png", PYTHONPATH=str(folder))
    assert done.code == 3
    assert 'Remedy: pip install "qdmikit[plot]"' in done.err


def test_an_unknown_device_is_told_on_stderr(machine: Machine) -> None:
    done = machine.run("show", "no.such.device")
    assert done.code == 3
    assert done.err.startswith("qdmikit: cannot show no.such.device: there is no device with the id")
    assert done.out == ""


def test_an_unreachable_server_is_named(machine: Machine) -> None:
    done = machine.run("show", "qdmikit.iqm", "--base-url", "http://127.0.0.1:1", "--json")
    assert done.code == 5
    assert "127.0.0.1:1" in done.err
    error = done.json["error"]
    assert (error["type"], error["kind"], error["exit_code"]) == ("Unreachable", "Unreachable", 5)
    assert "127.0.0.1:1" in error["message"]
    assert error["remedy"] in done.err
