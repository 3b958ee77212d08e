# SPDX-License-Identifier: Apache-2.0
"""The queue, the list of jobs, and one job with its timeline and its histogram."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import OpenPage, Site


def row_of(job: str) -> str:
    return f"#job-rows tr[data-key='{job}']"


def test_a_new_job_appears_by_itself_and_is_announced(page: Page, site: Site) -> None:
    expect(page.get_by_text("No jobs yet")).to_be_visible()
    job = site.submit(tag="nightly run")
    row = page.locator(row_of(job))
    expect(row).to_contain_text("nightly run")
    expect(row).to_contain_text("completed")
    expect(page.locator("#queue")).to_have_text("The queue is empty.")
    expect(page.locator("#announcer")).to_contain_text(f"Job {job[:8]} completed.")


@pytest.mark.iqm_mock_server(duration=600)
def test_the_queue_is_shown_as_it_moves(page: Page, site: Site) -> None:
    running, first, second = (site.submit() for _ in range(3))
    expect(page.locator("#queue")).to_have_text("3 jobs in the queue, 1 of them running.")
    expect(page.locator(row_of(running))).to_contain_text("processing")
    expect(page.locator(row_of(second))).to_contain_text("waiting, 2 ahead")
    assert [row.get_attribute("data-key") for row in page.locator("#job-rows tr").all()] == [
        second,
        first,
        running,
    ]
    site.request("POST", f"/api/v1/jobs/{running}/cancel")
    expect(page.locator(row_of(running))).to_contain_text("cancelled")
    expect(page.locator(row_of(first))).to_contain_text("processing")
    expect(page.locator(row_of(second))).to_contain_text("waiting, 1 ahead")


@pytest.mark.iqm_mock_server(ideal=True)
def test_choosing_a_job_shows_its_timeline_and_its_histogram(site: Site, open_page: OpenPage) -> None:
    job = site.submit(shots=1000, tag="bell")
    site.ended(job)
    page = open_page()
    page.get_by_role("button", name=f"Job {job[:8]}, tag bell").click()
    expect(page.get_by_role("heading", name=f"Job {job[:8]}")).to_be_focused()
    facts = page.locator("#job-facts")
    expect(facts).to_contain_text("completed")
    expect(facts).to_contain_text(job)
    outcomes = page.get_by_role("table", name="Histogram of the most frequent outcomes")
    expect(outcomes.get_by_role("rowheader")).to_have_text([re.compile("00|11"), re.compile("00|11")])
    counts = [int(row.locator("td").first.inner_text()) for row in outcomes.locator("tbody tr").all()]
    assert sum(counts) == 1000
    assert counts == sorted(counts, reverse=True)
    widths = [bar.bounding_box() for bar in outcomes.locator(".bar").all()]
    assert widths[0]
    assert widths[1]
    assert widths[1]["width"] / widths[0]["width"] == pytest.approx(counts[1] / counts[0], rel=0.03)
    expect(page.locator("#result-summary")).to_contain_text("1000 shots, 2 different outcomes")
    steps = page.get_by_role("table", name="Steps of this job").get_by_role("rowheader").all_inner_texts()
    assert steps[:2] == ["Created", "Received"]
    assert steps[-1] == "Ready"
    assert "Execution started" in steps


def test_each_circuit_of_a_batch_has_its_histogram(site: Site, open_page: OpenPage) -> None:
    job = site.submit("first", "second", qubits=("QB8", "QB9", "QB10", "QB11", "QB12", "QB7"), shots=500)
    site.ended(job)
    page = open_page()
    page.get_by_role("button", name=f"Job {job[:8]}").click()
    choice = page.get_by_label("Circuit", exact=True)
    expect(choice.get_by_role("option")).to_have_text(["1: first", "2: second"])
    expect(page.locator("#outcomes tr").first).to_be_visible()
    first = page.locator("#outcomes").inner_text()
    choice.select_option("2: second")
    expect(page.locator("#outcomes")).not_to_have_text(first)
    # Noise makes more outcomes than there is room for; the rest is summed up.
    expect(page.locator("#outcomes tr")).to_have_count(17)
    counts = [int(cell.inner_text()) for cell in page.locator("#outcomes tr td:nth-child(2)").all()]
    assert sum(counts) == 500


@pytest.mark.iqm_mock_server(duration=600)
def test_a_chosen_job_is_followed_to_its_end(page: Page, site: Site) -> None:
    job = site.submit()
    page.get_by_role("button", name=f"Job {job[:8]}").click()
    expect(page.locator("#job-facts")).to_contain_text("processing")
    expect(page.locator("#results")).to_be_hidden()
    site.request("POST", f"/api/v1/jobs/{job}/cancel")
    expect(page.locator("#job-facts")).to_contain_text("cancelled")
    expect(page.locator("#steps")).to_contain_text("Aborted")


@pytest.mark.iqm_mock_server(duration=600)
def test_an_update_takes_the_focus_from_nothing(page: Page, site: Site) -> None:
    job = site.submit()
    button = page.get_by_role("button", name=f"Job {job[:8]}")
    button.focus()
    later = site.submit()
    expect(page.locator(row_of(later))).to_be_visible()
    expect(button).to_be_focused()


def test_a_deleted_job_leaves_the_page(open_page: OpenPage, site: Site) -> None:
    job = site.submit()
    site.ended(job)
    page = open_page(forgiven=("404",))
    page.get_by_role("button", name=f"Job {job[:8]}").click()
    expect(page.locator("#job")).to_be_visible()
    site.request("DELETE", f"/api/v1/jobs/{job}")
    expect(page.locator(row_of(job))).to_have_count(0)
    expect(page.locator("#job")).to_be_hidden()


@pytest.mark.parametrize("width", [1200, 800, 400])
def test_nothing_runs_out_of_a_narrow_window(site: Site, open_page: OpenPage, width: int) -> None:
    job = site.submit("a circuit with quite a long name for a list to choose from", tag="x" * 50)
    site.ended(job)
    page = open_page(viewport={"width": width, "height": 800})
    page.get_by_role("button", name=f"Job {job[:8]}").click()
    expect(page.locator("#outcomes tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for panel in page.locator("section.panel:visible").all():
        assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth"), panel
