# SPDX-License-Identifier: Apache-2.0
"""The history of calibrations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import OpenPage, Site

quick = pytest.mark.iqm_mock_server(speed=1000)


def value_at(page: Page, site_name: str) -> str:
    text: str = page.get_by_role("button", name=re.compile(f"^{site_name},")).locator(".value").inner_text()
    return text


@quick
def test_a_new_default_set_recolours_the_machine(page: Page, site: Site) -> None:
    before = {name: value_at(page, name) for name in ("QB1", "QB5", "QB20")}
    made = site.calibrate()
    expect(page.locator("#shown-set")).to_contain_text(f"{made[:8]} (default)")
    assert {name: value_at(page, name) for name in before} != before
    expect(page.locator("#announcer")).to_contain_text(f"Calibration set {made[:8]} is the default now.")
    expect(page.locator(f"#set-rows tr[data-key='{made}']")).to_contain_text("default")
    expect(page.locator("#runs")).to_contain_text(f"Set {made[:8]}")


@quick
def test_choosing_a_set_shows_it_and_compares_it_with_the_default(site: Site, open_page: OpenPage) -> None:
    made = site.calibrate(set_default="never")
    page = open_page()
    before = value_at(page, "QB5")
    page.get_by_role("button", name=f"Show calibration set {made[:8]}").click()
    expect(page.locator("#shown-set")).to_contain_text(made[:8])
    expect(page.get_by_role("button", name=re.compile("^QB5,")).locator(".value")).not_to_have_text(before)
    after = value_at(page, "QB5")
    page.get_by_label("Compare with the default set").check()
    expect(page.locator("#legend")).to_contain_text("Change of T1 against the default set, in %")
    change = 100 * (float(after) / float(before) - 1)
    shown = float(value_at(page, "QB5").replace("\N{MINUS SIGN}", "-"))
    assert shown == pytest.approx(change, abs=0.5)
    page.get_by_role("button", name=re.compile("^QB5,")).click()
    head = page.locator("#site-head").get_by_role("columnheader")
    expect(head).to_have_text(["Figure", "Value", "Default set", "Change"])
    row = page.locator("#site-figures tr").first
    expect(row).to_contain_text(f"{after} µs")
    expect(row).to_contain_text(f"{before} µs")


@quick
def test_a_jobs_own_set_can_be_shown(site: Site, open_page: OpenPage) -> None:
    job = site.submit()
    old = site.ended(job)["compilation"]["calibration_set_id"]
    new = site.calibrate()
    page = open_page()
    expect(page.locator("#shown-set")).to_contain_text(new[:8])
    page.get_by_role("button", name=f"Job {job[:8]}").click()
    page.locator("#job-facts").get_by_role("button", name=f"Show {old[:8]}").click()
    expect(page.locator("#shown-set")).to_contain_text(old[:8])
