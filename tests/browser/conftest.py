# SPDX-License-Identifier: Apache-2.0
"""A real Chromium that shows the dashboard of a running server, and jobs to look at."""

from __future__ import annotations

import http.client
import json
import math
import os
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Playwright, Request

    from iqm_mock_server.serving import MockServer

Json = Any
"""What `json.loads` returns."""

WIDE = {"width": 1360, "height": 900}


class Site:
    """The server as its clients see it."""

    def __init__(self, server: MockServer) -> None:
        self.url = server.url
        self._token = server.token

    def request(self, method: str, path: str, document: Json = None) -> Json:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        headers = {"Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        connection.request(method, path, json.dumps(document), headers)
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        assert reply.status < 300, body
        return json.loads(body) if body else None

    def submit(
        self, *names: str, qubits: tuple[str, ...] = ("QB1", "QB2"), shots: int = 200, tag: str | None = None
    ) -> str:
        """Submit GHZ circuits along a line of coupled qubits; return the job's id."""
        circuits = [
            {"name": name, "instructions": ghz(*qubits), "metadata": {}} for name in names or ("ghz",)
        ]
        query = "" if tag is None else f"?{urlencode({'tag': tag})}"
        body = {"circuits": circuits, "shots": shots}
        return str(self.request("POST", f"/api/v1/jobs/garnet/circuit{query}", body)["id"])

    def ended(self, job: str) -> Json:
        path = f"/api/v1/jobs/{job}?wait_until_terminal=true&timeout_seconds=30"
        while (document := self.request("GET", path))["status"] in {"waiting", "processing"}:
            pass
        return document

    def calibrate(self, set_default: str = "always") -> str:
        """Run a calibration; return the id of the set it made."""
        body = {"procedure_config": {"set_default": set_default}}
        run = self.request("POST", "/cocos/api/v4/calibration/runs", body)["id"]
        path = f"/cocos/api/v4/calibration/runs/{run}/status"
        while (document := self.request("GET", path)).get("result") is None:
            assert document["status"] not in {"failed", "aborted"}, document
        return str(document["result"]["calibration_set_id"])


def ghz(*qubits: str) -> list[Json]:
    def prx(qubit: str, sign: int) -> Json:
        return {"name": "prx", "locus": [qubit], "args": {"angle": sign * math.pi / 2, "phase": math.pi / 2}}

    steps = [prx(qubits[0], 1)]
    for left, right in pairwise(qubits):
        steps += [prx(right, -1), {"name": "cz", "locus": [left, right], "args": {}}, prx(right, 1)]
    return [*steps, {"name": "measure", "locus": list(qubits), "args": {"key": "m"}}]


@pytest.fixture
def site(iqm_mock_server: MockServer) -> Site:
    return Site(iqm_mock_server)


@pytest.fixture(scope="session")
def engine() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(engine: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path is not None, "install Debian's package chromium: tools/system-packages browser"
    # Chromium's sandbox does not work for root, which is who runs this in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = engine.chromium.launch(executable_path=path, args=arguments)
    yield browser
    browser.close()


class OpenPage(Protocol):
    """Opens the dashboard in a new window of the browser.

    Parameters
    ----------
    wait
        Until the machine is shown.
    forgiven
        Parts of messages in the browser's console that are no problem.
    options
        Of `playwright.sync_api.Browser.new_context`.
    """

    def __call__(self, *, wait: bool = True, forgiven: tuple[str, ...] = (), **options: object) -> Page: ...


@pytest.fixture
def open_page(browser: Browser, iqm_mock_server: MockServer) -> Iterator[Callable[..., Page]]:
    """Open the dashboard; afterwards nothing may have gone wrong in it, and nothing come from elsewhere."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith(f"{iqm_mock_server.url}/"):
            problems.append(f"asked for {request.url}")

    def on_dialog(dialog: Dialog) -> None:
        problems.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def open_it(*, wait: bool = True, forgiven: tuple[str, ...] = (), **options: Json) -> Page:
        def on_console(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"} and not any(part in message.text for part in forgiven):
                problems.append(message.text)

        context = browser.new_context(**{"viewport": WIDE, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", on_console)
        page.on("dialog", on_dialog)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", on_request)
        page.goto(iqm_mock_server.url)
        if wait:
            page.locator("#legend .ticks").wait_for()
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
