# SPDX-License-Identifier: Apache-2.0
"""The pictures that the documentation shows, taken of what the tests see.

They are compared with nothing: what they must show is tested elsewhere. With QDMIKIT_WRITE_SCREENSHOTS=1 in
the environment they replace those in docs/images.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import OpenPage, Site

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WINDOW = {"width": 1200, "height": 740}
LARGEST = 150_000
"""Bytes; a picture in the repository stays there for ever."""


def keep(shown: Page | Locator, name: str, folder: Path) -> None:
    if os.environ.get("QDMIKIT_WRITE_SCREENSHOTS") == "1":
        folder = IMAGES
    target = folder / f"mock-dashboard-{name}.png"
    picture = shown.screenshot(animations="disabled")
    assert 10_000 < len(picture) < LARGEST
    target.write_bytes(picture)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_overview(site: Site, open_page: OpenPage, tmp_path: Path, scheme: str) -> None:
    for tag in ("nightly", "vqe-step-1", "vqe-step-2"):
        site.ended(site.submit("ghz", qubits=("QB8", "QB9", "QB10", "QB11"), shots=2000, tag=tag))
    page = open_page(viewport=WINDOW, color_scheme=scheme)
    page.get_by_role("button", name="QB10, T1").click()
    expect(page.locator("#job-rows tr")).to_have_count(3)
    keep(page, f"overview-{scheme}", tmp_path)


def test_job(site: Site, open_page: OpenPage, tmp_path: Path) -> None:
    job = site.submit("ghz", "ghz again", qubits=("QB8", "QB9", "QB10", "QB11"), shots=2000, tag="nightly")
    site.ended(job)
    page = open_page(viewport=WINDOW)
    page.get_by_role("radio", name="CZ").check()
    page.get_by_role("button", name="QB9-QB10").click()
    page.get_by_role("button", name=f"Job {job[:8]}").click()
    expect(page.locator("#outcomes tr").first).to_be_visible()
    keep(page.locator(".column").nth(1), "job", tmp_path)


@pytest.mark.iqm_mock_server(speed=1000)
def test_calibration(site: Site, open_page: OpenPage, tmp_path: Path) -> None:
    made = site.calibrate(set_default="never")
    page = open_page(viewport=WINDOW)
    page.get_by_role("button", name=f"Show calibration set {made[:8]}").click()
    page.get_by_label("Compare with the default set").check()
    expect(page.locator("#legend")).to_contain_text("Change of T1")
    keep(page.locator(".column").first, "calibration", tmp_path)
