# SPDX-License-Identifier: Apache-2.0
"""Use without a mouse, without seeing, and without telling colours apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route
    from tests.browser.conftest import OpenPage, Site


def tab_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Tab until an element has the focus; fail when the keyboard does not get there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{most} steps of the Tab key do not reach {selector}")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')")).partition(",")[0]


def test_everything_is_reached_with_the_keyboard_alone(site: Site, open_page: OpenPage) -> None:
    job = site.submit("first", "second")
    site.ended(job)
    page = open_page()
    tab_to(page, "#metrics input")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="QB1, T2")).to_be_visible()
    tab_to(page, "#lattice button")
    # One stop for the whole lattice; inside, the arrows go where they point.
    assert focused(page) == "QB1"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "QB4"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "QB5"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Qubit QB5")).to_be_visible()
    tab_to(page, "#all-figures summary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Couplers")).to_be_visible()
    tab_to(page, "#set-rows button")
    page.keyboard.press("Space")
    expect(page.locator("#announcer")).to_contain_text("The machine shows calibration set")
    tab_to(page, "#job-rows button")
    page.keyboard.press("Enter")
    expect(page.locator("#job-title")).to_be_focused()
    tab_to(page, "#circuit")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#circuit")).to_have_value("1")


def test_the_first_stop_skips_to_the_jobs(page: Page) -> None:
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the jobs")
    expect(link).to_be_focused()
    box = link.bounding_box()
    assert box
    assert box["width"] > 50
    page.keyboard.press("Enter")
    expect(page.locator("#jobs-title")).to_be_focused()


@pytest.mark.parametrize("selector", ["#machine", "#metrics input", "#lattice button", "#set-rows button"])
def test_the_focus_can_be_seen(page: Page, selector: str) -> None:
    tab_to(page, selector)
    # A radio button lies invisibly over the label that stands for it.
    outline = page.evaluate(
        """() => {
          const focused = document.activeElement;
          const shown = focused.type === "radio" ? focused.nextElementSibling : focused;
          const { outlineStyle, outlineWidth } = getComputedStyle(shown);
          return [outlineStyle, parseFloat(outlineWidth)];
        }"""
    )
    assert outline[0] == "solid"
    assert outline[1] >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing(site: Site, open_page: OpenPage, scheme: str) -> None:
    job = site.submit("first", "second", tag="audit")
    site.ended(job)
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    page.get_by_role("button", name="QB5, T1").click()
    page.get_by_text("All figures as tables").click()
    page.get_by_role("button", name=f"Job {job[:8]}, tag audit").click()
    expect(page.locator("#outcomes tr").first).to_be_visible()
    for metric in ("T1", "Readout", "CZ"):
        page.get_by_role("radio", name=metric, exact=True).check()
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


@pytest.mark.iqm_mock_server(token="x" * 32)
def test_an_accessibility_checker_finds_nothing_in_the_question_for_a_token(open_page: OpenPage) -> None:
    page = open_page(wait=False, forgiven=("401",))
    expect(page.get_by_label("Bearer token")).to_be_focused()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_screen_reader_finds_landmarks_names_and_states(site: Site, open_page: OpenPage) -> None:
    site.ended(site.submit(tag="read me"))
    page = open_page()
    page.get_by_role("button", name="QB1, T1").click()
    snapshot = page.locator("body").aria_snapshot()
    for line in (
        '- heading "Mock IQM Server" [level=1]',
        '- combobox "Machine"',
        '- group "Colour by"',
        '- radio "T1" [checked]',
        '- button "QB1, T1 26.6 µs" [pressed]',
        '- button "QB2, T1 31.5 µs"',
        '- table "Latest jobs, newest first"',
        '- table "Calibration sets, newest first"',
    ):
        assert line in snapshot, snapshot
    assert page.locator("#announcer").get_attribute("aria-live") == "polite"


def test_states_of_jobs_differ_by_more_than_colour(site: Site, open_page: OpenPage) -> None:
    site.ended(site.submit())
    page = open_page()
    status = page.locator("#job-rows .status")
    expect(status).to_have_text("✓ completed")
    expect(status.locator(".sign")).to_have_attribute("aria-hidden", "true")


def test_a_missing_figure_differs_by_more_than_colour(open_page: OpenPage) -> None:
    def without_the_first_coupler(route: Route) -> None:
        reply = route.fetch()
        content = reply.json()
        content["metrics"]["cz"] = [
            each for each in content["metrics"]["cz"] if each["locus"] != ["QB1", "QB2"]
        ]
        route.fulfill(response=reply, json=content)

    page = open_page(wait=False)
    page.route("**/dashboard/api/machines/garnet/figures/**", without_the_first_coupler)
    page.reload()
    page.get_by_role("radio", name="CZ").check()
    coupler = page.get_by_role("button", name="QB1-QB2, CZ fidelity not calibrated")
    expect(coupler.locator(".value")).to_have_text("\N{EN DASH}")
    expect(coupler).to_have_css("border-style", "dashed")
    expect(page.get_by_role("button", name="QB1-QB4, CZ")).to_have_css("border-style", "solid")


def test_motion_is_left_out_on_request(open_page: OpenPage) -> None:
    def transition(page: Page) -> str:
        return str(
            page.locator("#lattice button").first.evaluate("b => getComputedStyle(b).transitionDuration")
        )

    assert "0.15s" in transition(open_page(reduced_motion="no-preference"))
    assert transition(open_page(reduced_motion="reduce")) == "0s"
