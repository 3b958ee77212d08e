# SPDX-License-Identifier: Apache-2.0
"""What the dashboard's page reads, and where it draws a machine; the page itself is tested in a browser."""

from __future__ import annotations

import json
import math
import re
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server.dashboard.layout import arrange
from iqm_mock_server.machines import builtin_machines, load_machine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server.machines import Machine
    from iqm_mock_server.serving import MockServer


def machine_with(qubits_num: int, couplers: list[tuple[int, int]]) -> Machine:
    """Return a machine of another shape; its figures are of no importance here."""
    names = tuple(f"QB{index + 1}" for index in range(qubits_num))
    pairs = tuple((names[left], names[right]) for left, right in couplers)
    return load_machine("garnet").model_copy(
        update={"qubits": names, "computational_resonators": (), "connectivity": pairs}
    )


@pytest.mark.parametrize("name", ["garnet", "emerald", "adonis"])
def test_a_square_lattice_is_drawn_with_couplers_of_length_one(name: str) -> None:
    machine = load_machine(name)
    points = {site.name: (site.x, site.y) for site in arrange(machine)}
    assert len(set(points.values())) == len(machine.qubits)
    assert {math.dist(points[left], points[right]) for left, right in machine.connectivity} == {1.0}
    # And whatever is that close is coupled: the lattice is not folded.
    close = sum(math.dist(a, b) == 1.0 for a, b in combinations(points.values(), 2))
    assert close == len(machine.connectivity)


@pytest.mark.parametrize("name", ["garnet", "emerald", "adonis"])
def test_qubits_read_in_rows(name: str) -> None:
    sites = arrange(load_machine(name))
    assert [site.name for site in sorted(sites, key=lambda site: (site.y, site.x))] == [s.name for s in sites]


def test_a_lattice_that_lacks_couplers_is_still_a_lattice() -> None:
    ring = [(index, (index + 1) % 12) for index in range(12)]
    points = [(site.x, site.y) for site in arrange(machine_with(12, ring))]
    assert len(set(points)) == 12
    assert all(math.dist(points[left], points[right]) == 1.0 for left, right in ring)


@pytest.mark.parametrize(
    ("qubits_num", "couplers"),
    [
        (6, list(combinations(range(6), 2))),
        (11, [(index, (index + 1) % 11) for index in range(11)]),
        (8, [(0, index) for index in range(1, 8)]),
        (4, [(0, 1), (2, 3)]),
        (1, []),
    ],
    ids=["all-to-all", "odd-ring", "star", "in-two-parts", "single"],
)
def test_any_other_graph_is_drawn_without_overlap(qubits_num: int, couplers: list[tuple[int, int]]) -> None:
    points = [(site.x, site.y) for site in arrange(machine_with(qubits_num, couplers))]
    assert len(points) == qubits_num
    assert min(min(point) for point in points) == 0
    assert all(math.dist(a, b) > 0.85 for a, b in combinations(points, 2))


def test_a_machine_file_may_say_where_to_draw(tmp_path: Path) -> None:
    document = load_machine("garnet").model_dump(mode="json")
    document["positions"] = {name: [3 + index, 7 - index] for index, name in enumerate(document["qubits"])}
    file = tmp_path / "diagonal.json"
    file.write_text(json.dumps(document))
    assert [(site.x, site.y) for site in arrange(load_machine(str(file)))] == [
        (index, 19 - index) for index in range(20)
    ]
    del document["positions"]["QB7"]
    file.write_text(json.dumps(document))
    with pytest.raises(ValueError, match="positions must list exactly"):
        load_machine(str(file))


def test_a_resonator_lies_between_its_qubits() -> None:
    machine = load_machine("deneb")
    *qubits, resonator = arrange(machine)
    assert resonator.resonator
    assert sorted(site.y - resonator.y for site in qubits) == [-1, -1, -1, 1, 1, 1]
    assert all(abs(site.x - resonator.x) < resonator.span / 2 for site in qubits)


@pytest.mark.parametrize("name", builtin_machines())
def test_every_machine_that_comes_with_the_package_is_drawn_whole(name: str) -> None:
    machine = load_machine(name)
    sites = arrange(machine)
    assert [site.name for site in sites] == list(machine.components)
    assert [site.name for site in sites if site.resonator] == list(machine.computational_resonators)
    assert all(math.dist((a.x, a.y), (b.x, b.y)) > 0.85 for a, b in combinations(sites, 2))


def test_the_page_and_its_files_are_served_with_a_policy_that_allows_nothing_else(api: Api) -> None:
    page = api.get("/")
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    paths = re.findall(r'(?:src|href)="(/[^"]+)"', page.body.decode())
    assert len(paths) >= 4
    for reply in (page, *(api.get(path) for path in paths)):
        assert reply.status == 200
        policy = reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>" not in page.body
    assert b"style=" not in page.body


def test_every_script_that_a_script_imports_is_served(api: Api) -> None:
    names, found = ["main.js"], set[str]()
    while names:
        name = names.pop()
        if name in found:
            continue
        found.add(name)
        reply = api.get(f"/dashboard/{name}")
        assert reply.status == 200, name
        assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
        names += re.findall(r'from "\./([^"]+)"', reply.body.decode())
    assert len(found) > 5


@pytest.mark.parametrize("path", ["nothing.js", "index.html", "..%2Fdata.py", "%2Fetc%2Fpasswd"])
def test_no_other_file_is_served(api: Api, path: str) -> None:
    reply = api.get(f"/dashboard/{path}")
    assert reply.status == 404
    assert reply.json["error_code"] == "not_found"


@pytest.mark.iqm_mock_server(token="x" * 32)
def test_the_page_needs_no_token_but_its_data_do(iqm_mock_server: MockServer, connect: Connect) -> None:
    stranger, friend = connect(iqm_mock_server, token="y" * 32), connect(iqm_mock_server)
    assert stranger.get("/").status == 200
    assert stranger.get("/dashboard/main.js").status == 200
    for path in ("machines", "machines/garnet/live", "machines/garnet/figures/default"):
        assert stranger.get(f"/dashboard/api/{path}").status == 401
        assert friend.get(f"/dashboard/api/{path}").status == 200


def test_what_the_page_has_already_is_not_sent_again(api: Api, circuits: type[Circuits]) -> None:
    first = api.get("/dashboard/api/machines/garnet/live")
    assert first.headers["Cache-Control"] == "no-store"
    again = {"If-None-Match": first.headers["ETag"]}
    same = api.request("GET", "/dashboard/api/machines/garnet/live", headers=again)
    assert (same.status, same.body) == (304, b"")
    api.completed([circuits.x("QB1"), circuits.measure("QB1")])
    other = api.request("GET", "/dashboard/api/machines/garnet/live", headers=again)
    assert other.status == 200
    assert len(other.json["jobs"]) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed_through_the_dashboard(api: Api, method: str) -> None:
    for path in ("/", "/dashboard/api/machines", "/dashboard/api/machines/garnet/live"):
        assert api.request(method, path).status == 405


def test_the_latest_jobs_are_listed_newest_first(api: Api, circuits: type[Circuits]) -> None:
    program = [circuits.x("QB1"), circuits.measure("QB1")]
    jobs = [api.completed(program, program, shots=3) for _ in range(3)]
    live = api.get("/dashboard/api/machines/garnet/live").json
    assert [row["id"] for row in live["jobs"]] == jobs[::-1]
    newest = live["jobs"][0]
    assert (newest["status"], newest["circuits"], newest["circuits_done"], newest["shots"]) == (
        "completed", 2, 2, 3,
    )  # fmt: skip
    assert newest["submitted"] == api.job(jobs[2])["timeline"][0]["timestamp"]


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_histogram_is_cut_to_its_most_frequent_outcomes(api: Api, circuits: type[Circuits]) -> None:
    qubits = [f"QB{index}" for index in range(1, 9)]
    job = api.completed([*(circuits.y90(qubit) for qubit in qubits), circuits.measure(*qubits)], shots=4000)
    shown = api.get(f"/dashboard/api/jobs/{job}/circuits/0").json
    [counts] = [each["counts"] for each in api.artifact(job, "measurement_counts")]
    assert shown["outcomes_num"] == len(counts)
    assert shown["shots"] == 4000
    assert len(shown["outcomes"]) == 16
    assert [each["count"] for each in shown["outcomes"]] == sorted(counts.values(), reverse=True)[:16]
    assert all(counts[each["bits"]] == each["count"] for each in shown["outcomes"])


def test_a_circuit_that_measures_nothing_has_an_empty_histogram(api: Api, circuits: type[Circuits]) -> None:
    job = api.completed([circuits.x("QB1")], shots=10)
    assert api.get(f"/dashboard/api/jobs/{job}/circuits/0").json == {
        "measurement_keys": [], "outcomes_num": 0, "shots": 0, "outcomes": [],
    }  # fmt: skip


def test_a_program_is_named_by_its_circuits(api: Api) -> None:
    empty: dict[str, object] = {"instructions": [], "metadata": {}}
    circuits = [{"name": "first", **empty}, {"name": "", **empty}]
    job = api.post("/api/v1/jobs/garnet/circuit", {"circuits": circuits}).json["id"]
    assert api.get(f"/dashboard/api/jobs/{job}/program").json == {"shots": 1, "circuit_names": ["first", ""]}
    assert api.get(f"/dashboard/api/jobs/{job}").json["id"] == job


@pytest.mark.iqm_mock_server(duration=600)
def test_what_is_not_there_is_404(api: Api, circuits: type[Circuits]) -> None:
    job = api.accepted([circuits.x("QB1"), circuits.measure("QB1")])
    missing = "00000000-0000-0000-0000-000000000000"
    for path in (
        f"jobs/{job}/circuits/0",
        f"jobs/{missing}",
        f"jobs/{missing}/program",
        "jobs/nonsense",
        "machines/opal/live",
        f"machines/garnet/figures/{missing}",
    ):
        reply = api.get(f"/dashboard/api/{path}")
        assert reply.status == 404, path
        assert reply.json["message"]


def test_figures_are_those_of_the_calibration_set(api: Api) -> None:
    figures = api.get("/dashboard/api/machines/garnet/figures/default").json
    metrics = api.get("/api/v1/calibration-sets/garnet/default/metrics").json["observations"]
    by_name = {each["dut_field"]: each["value"] for each in metrics}
    for metric, name in (
        ("t1", "characterization.model.{}.t1_time"),
        ("t2", "characterization.model.{}.t2_time"),
        ("prx", "metrics.rb.prx.drag_gaussian.{}.fidelity:par=d2"),
        ("measure", "metrics.ssro.measure.constant.{}.fidelity"),
    ):
        shown = {each["locus"][0]: each["value"] for each in figures["metrics"][metric]}
        assert shown == {qubit: by_name[name.format(qubit)] for qubit in shown}
        assert len(shown) == 20
    assert len(figures["metrics"]["cz"]) == 30
    assert "move" not in figures["metrics"]
