# SPDX-License-Identifier: Apache-2.0
"""What notebooks show."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

import qdmikit
from qdmikit import ProgramFormat

Scripted = Callable[..., qdmikit.Device]


class Cells(HTMLParser):
    """The text of a page, and whether its tags match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_device_shows_what_it_is_and_its_sites(scripted: Scripted) -> None:
    shown = Cells(scripted()._repr_html_()).texts
    for text in ("Scripted", "1.0", "3", "IDLE", "4 sites", "34.7 µs", "8.376 µs", "not known"):
        assert text in shown


def test_a_site_and_an_operation_show_their_figures(scripted: Scripted) -> None:
    device = scripted()
    assert {"A", "34.7 µs"} <= set(Cells(device.site(0)._repr_html_()).texts)
    assert {"cz", "2", "0.5", "not known"} <= set(Cells(device.operation("cz")._repr_html_()).texts)
    assert "any number" in Cells(device.operation("barrier")._repr_html_()).texts


def test_a_job_shows_where_it_stands(scripted: Scripted) -> None:
    job = scripted(job_status=2).submit("program", ProgramFormat.QASM3)
    assert {"job-1", "QUEUED", "4"} <= set(Cells(job._repr_html_()).texts)


def test_a_result_shows_the_most_frequent_counts(scripted: Scripted) -> None:
    keys = ",".join(f"{i:05b}" for i in range(20))
    device = scripted(results={"HIST_KEYS": keys, "HIST_VALUES": list(range(20))})
    shown = Cells(device.submit("program", ProgramFormat.QASM3).result()._repr_html_()).texts
    assert shown.index("10011") < shown.index("10010"), "the most frequent comes first"
    assert "… and 4 more" in shown
    assert "00000" not in shown


def test_text_of_devices_and_servers_is_escaped(scripted: Scripted) -> None:
    evil = "<script>alert(1)</script>"
    device = scripted(
        answers={"session_query_device_property": -1}, last_error={"kind": evil, "message": evil}
    )
    page = device._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_what_cannot_be_read_says_so(scripted: Scripted) -> None:
    device = scripted(answers={"session_query_site_property": -8, "session_query_operation_property": -1})
    assert any("PermissionDenied" in text for text in Cells(device._repr_html_()).texts)
    job = scripted(answers={"job_check": -11, "job_query_property": -1}).submit("p", ProgramFormat.QASM3)
    assert "cannot be read (Timeout)" in Cells(job._repr_html_()).texts
    result = qdmikit.Result(job)
    assert repr(result) == "<qdmikit.Result>"
    assert Cells(result._repr_html_()).texts


def test_figures_of_a_site_that_cannot_be_read_say_so(scripted: Scripted) -> None:
    site = scripted(device={"DURATIONUNIT": "min"}).site(0)
    assert "cannot be read (ProtocolError)" in Cells(site._repr_html_()).texts


def test_no_credentials_are_shown(library_named: Callable[[str], object]) -> None:
    secrets = {"token": "right", "password": "s3cret"}
    library = str(library_named("scripted-device"))
    device = qdmikit.open_device(library=library, prefix="SCRIPTED", **secrets)
    page = device._repr_html_() + repr(device)
    assert "s3cret" not in page
    assert "right" not in page


def test_ddsim_is_shown(ddsim: qdmikit.Device) -> None:
    assert f"{ddsim.qubits_num} sites" in Cells(ddsim._repr_html_()).texts


@pytest.mark.parametrize("member", ["Device", "Site", "Operation", "Job", "Result"])
def test_all_that_a_user_holds_has_a_notebook_form(member: str) -> None:
    assert callable(getattr(qdmikit, member)._repr_html_)
