# SPDX-License-Identifier: Apache-2.0
"""Tokens, hostile input, and what the page loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import OpenPage, Site

TOKEN = "the-token-of-these-tests"  # noqa: S105 - of a server that lives for one test
HOSTILE = "<img src=x onerror=alert(1)><b>&amp;\"'"


def test_a_hostile_tag_and_circuit_name_are_text(site: Site, open_page: OpenPage) -> None:
    job = site.submit(f"<script>alert(2)</script>{HOSTILE}", "other", tag=HOSTILE)
    site.ended(job)
    page = open_page(wait=False)
    row = page.locator(f"#job-rows tr[data-key='{job}']")
    expect(row.locator(".tag")).to_have_text(HOSTILE)
    row.get_by_role("button").click()
    expect(page.locator("#job-facts")).to_contain_text(HOSTILE)
    options = page.get_by_label("Circuit", exact=True).get_by_role("option")
    expect(options.first).to_have_text(f"1: <script>alert(2)</script>{HOSTILE}")
    assert page.locator("main img, main script").count() == 0


def test_the_browser_refuses_markup_and_connections_elsewhere(open_page: OpenPage) -> None:
    page = open_page(forgiven=("TrustedHTML", "Content Security Policy"))
    assert (
        page.evaluate(
            """() => {
          try { document.body.innerHTML = "<p>"; } catch (error) { return error.name; }
          return "done";
        }"""
        )
        == "TypeError"
    )
    # Sending what is on the page elsewhere is what an injected script would do next.
    refused = page.evaluate(
        """() => new Promise((resolve) => {
          addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
          fetch("http://127.0.0.2:9/").then(() => resolve("allowed"), () => {});
        })"""
    )
    assert refused == "connect-src"


@pytest.mark.iqm_mock_server(token=TOKEN)
def test_the_page_asks_for_the_token_and_keeps_it_in_memory_only(open_page: OpenPage) -> None:
    # The browser logs every answer of 401, which is how the page learns that it needs a token.
    page = open_page(wait=False, forgiven=("401",))
    field = page.get_by_label("Bearer token")
    expect(field).to_be_focused()
    assert page.locator("#content").is_hidden()
    field.fill(TOKEN[:-1])
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("The server did not accept this token.")
    field.fill(TOKEN)
    field.press("Enter")
    expect(page.get_by_role("button", name="QB1, T1")).to_be_visible()
    expect(page.locator("#unlock")).to_be_hidden()
    kept = page.evaluate(
        """() => [
          localStorage.length, sessionStorage.length, document.cookie, document.querySelector("#token").value
        ]"""
    )
    assert kept == [0, 0, "", ""]
    page.reload()
    expect(page.get_by_label("Bearer token")).to_be_focused()


def test_nothing_is_asked_while_nobody_can_see_the_page(page: Page, site: Site) -> None:
    expect(page.locator("#connection")).to_have_text("Live")
    # Chromium without a window never hides a page, so the page is told that it is hidden.
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { get: () => globalThis.unseen === true });
          globalThis.unseen = true;
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    expect(page.locator("#connection")).to_have_text("Paused")
    job = site.submit()
    asked: list[str] = []
    page.wait_for_timeout(200)  # a look that was under way may end
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(1500)
    assert asked == []
    page.evaluate(
        "() => { globalThis.unseen = false; document.dispatchEvent(new Event('visibilitychange')); }"
    )
    expect(page.locator(f"#job-rows tr[data-key='{job}']")).to_be_visible()
    expect(page.locator("#connection")).to_have_text("Live")


def test_a_server_that_does_not_answer_is_asked_again(open_page: OpenPage) -> None:
    page = open_page(forgiven=("Failed to load resource",))
    expect(page.locator("#connection")).to_have_text("Live")
    page.route("**/dashboard/api/**", lambda route: route.abort())
    expect(page.locator("#connection")).to_have_text("No answer, trying again")
    expect(page.get_by_role("button", name="QB1, T1")).to_be_visible()
    page.unroute_all()
    expect(page.locator("#connection")).to_have_text("Live")
