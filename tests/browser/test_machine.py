# SPDX-License-Identifier: Apache-2.0
"""The drawing of a machine: what its colours and buttons say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from iqm_mock_server.api import EXTENSION
from iqm_mock_server.computers import Condition

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from iqm_mock_server.serving import MockServer


def pressed(page: Page) -> list[str]:
    found = page.locator("#lattice button[aria-pressed=true] .name").all_inner_texts()
    return [text.strip() for text in found]


def test_a_machine_is_drawn_as_its_lattice_with_its_figures(page: Page) -> None:
    expect(page.get_by_role("heading", name="IQM Garnet")).to_be_visible()
    sites = page.locator("#lattice button.qubit")
    expect(sites).to_have_count(20)
    expect(page.get_by_role("button", name="QB1, T1 26.6 µs")).to_be_visible()
    boxes = {
        name: page.get_by_role("button", name=f"{name}, T1").bounding_box() for name in ("QB3", "QB4", "QB9")
    }
    left, right, below = (boxes[name] for name in ("QB3", "QB4", "QB9"))
    assert left
    assert right
    assert below
    assert left["y"] == pytest.approx(right["y"], abs=1)
    assert right["x"] == pytest.approx(below["x"], abs=1)
    assert left["x"] < right["x"]
    assert below["y"] > right["y"]


def test_every_site_is_readable_inside_the_drawing(page: Page) -> None:
    area = page.locator("#lattice").bounding_box()
    assert area
    for site in page.locator("#lattice button.qubit").all():
        box = site.bounding_box()
        assert box
        assert box["x"] >= area["x"] - 1
        assert box["x"] + box["width"] <= area["x"] + area["width"] + 1
        assert box["y"] + box["height"] <= area["y"] + area["height"] + 1
        assert site.evaluate("button => button.scrollWidth <= button.clientWidth + 1")


@pytest.mark.parametrize(
    ("metric", "label"),
    [("T2", "QB1, T2 8.4 µs"), ("PRX", "QB1, PRX fidelity 99.898 %"), ("CZ", "QB1-QB2, CZ fidelity ")],
)
def test_the_metric_is_chosen_by_the_user(page: Page, metric: str, label: str) -> None:
    page.get_by_role("radio", name=metric, exact=True).check()
    expect(page.get_by_role("button", name=label)).to_be_visible()
    expect(page.locator("#legend")).to_contain_text(metric)


def test_colours_follow_the_values_and_the_legend_shows_their_ends(page: Page) -> None:
    values: dict[str, float] = {}
    lightness: dict[str, float] = {}
    for button in page.locator("#lattice button.qubit").all():
        name, value = button.locator("span").all_inner_texts()
        values[name] = float(value)
        colour = button.evaluate("button => button.style.getPropertyValue('--fill')")
        channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
        lightness[name] = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    by_value = sorted(values, key=lambda name: values[name])
    assert lightness[by_value[0]] < lightness[by_value[len(by_value) // 2]] < lightness[by_value[-1]]
    ticks = page.locator("#legend .ticks span").all_inner_texts()
    assert [float(ticks[0]), float(ticks[-1])] == [values[by_value[0]], values[by_value[-1]]]


def test_choosing_a_qubit_shows_its_figures_and_those_of_its_couplers(page: Page) -> None:
    page.get_by_role("button", name="QB5, T1").click()
    expect(page.get_by_role("heading", name="Qubit QB5")).to_be_visible()
    figures = page.locator("#site-figures")
    for name in ("T1", "T2", "PRX fidelity", "Readout fidelity"):
        expect(figures.get_by_role("rowheader", name=name, exact=True)).to_be_visible()
    assert figures.get_by_role("rowheader", name=re.compile("^CZ fidelity")).count() == 4
    assert pressed(page) == ["QB5"]
    expect(page.locator("#announcer")).to_contain_text("QB5: T1 39.4 µs")


def test_choosing_a_coupler_shows_its_figures(page: Page) -> None:
    page.get_by_role("radio", name="CZ").check()
    page.get_by_role("button", name="QB8-QB13").click()
    expect(page.get_by_role("heading", name="Coupler QB8-QB13")).to_be_visible()
    expect(
        page.locator("#site-figures").get_by_role("cell", name=re.compile(r"^9\d\.\d+ %$"))
    ).to_be_visible()


def test_all_figures_can_be_read_as_tables(page: Page) -> None:
    page.get_by_text("All figures as tables").click()
    sites = page.get_by_role("table", name="Sites")
    expect(sites.get_by_role("row")).to_have_count(21)
    expect(sites.get_by_role("row", name=re.compile(r"^QB1 26\.6 µs 8\.4 µs 99\.898 %"))).to_be_visible()
    expect(page.get_by_role("table", name="Couplers").get_by_role("row")).to_have_count(31)


@pytest.mark.iqm_mock_server(machine=("garnet", "garnet:mock"))
def test_another_machine_of_the_server_can_be_chosen(page: Page) -> None:
    page.get_by_role("button", name="QB5, T1").click()
    page.get_by_label("Machine", exact=True).select_option("garnet:mock")
    expect(page.get_by_role("heading", name="Qubit QB5")).to_be_hidden()
    expect(page.get_by_role("button", name="QB5, T1 39.4 µs")).to_be_visible()
    assert pressed(page) == []


@pytest.mark.iqm_mock_server(machine="deneb")
def test_a_resonator_is_drawn_as_a_bar_between_its_qubits(page: Page) -> None:
    [bar] = [button.bounding_box() for button in page.locator("#lattice button.beam").all()]
    assert bar
    assert bar["width"] > 2 * bar["height"]
    qubits = [button.bounding_box() for button in page.locator("#lattice button.qubit").all()]
    middles = [box["y"] + box["height"] / 2 for box in qubits if box]
    assert len(middles) == 6
    assert sum(middle < bar["y"] for middle in middles) == 3
    assert sum(middle > bar["y"] + bar["height"] for middle in middles) == 3
    page.get_by_role("radio", name="MOVE").check()
    expect(page.locator("#lattice button.coupler").first).to_have_accessible_name(
        re.compile("MOVE fidelity 9")
    )


@pytest.mark.iqm_mock_server(machine="emerald")
def test_the_largest_machine_fits_a_small_window(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 900})
    page.get_by_role("radio", name="CZ").check()
    expect(page.locator("#lattice button.coupler")).to_have_count(90)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_condition_of_the_machine_is_shown(page: Page, iqm_mock_server: MockServer) -> None:
    expect(page.locator("#condition")).to_have_text("Online")
    [computer] = iqm_mock_server.app.extensions[EXTENSION]
    computer.condition = Condition.MAINTENANCE
    expect(page.locator("#condition")).to_have_text("Maintenance")
