# SPDX-License-Identifier: Apache-2.0
"""A site's quantum computer: its server, what the operator says of it, what its users export."""

from __future__ import annotations

import json
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from iqm_mock_server import serve
from iqm_mock_server.machines.loading import load_machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm_mock_server import MockServer

TOKEN = "of-the-site"  # noqa: S105 - of a server of one test
SITE = """
[devices.aurora]
url = "{url}"
tokens_file = "{tokens}"
alias = "aurora-default"
license = "qpu_garnet"
[devices.aurora.env]
url = ["IQM_SERVER_URL"]
tokens_file = ["IQM_TOKENS_FILE"]
token = ["IQM_TOKEN"]
alias = ["IQM_QUANTUM_COMPUTER"]
job_tag = ["IQM_JOB_TAG"]
[partitions.quantum]
default_device = "aurora"
"""
UNLICENSED = SITE.replace('license = "qpu_garnet"', "")
ANOTHER = '[devices.other]\nurl = "https://other.example.org"\n'
"""A site file that says nothing of the computer."""


@contextmanager
def server(*, ideal: bool = False) -> Iterator[MockServer]:
    """Run a server that gives the same results to the same jobs in the same order, at each start."""
    with tempfile.TemporaryDirectory() as folder:
        aurora = load_machine("garnet").model_dump(mode="json") | {"alias": "aurora-default"}
        file = Path(folder) / "aurora.json"
        file.write_text(json.dumps(aurora))
        with serve(machine=str(file), seed=11, token=TOKEN, ideal=ideal) as running:
            yield running


def exports(url: str, tokens: Path) -> dict[str, str]:
    """Return what a user exports where no plugin does."""
    return {"QDMI_ENDPOINT": url, "QDMI_AUTH_FILE": str(tokens), "QDMI_BACKEND_ALIAS": "aurora-default"}


def tags(server: MockServer) -> list[str | None]:
    """Return the tags of all submissions."""
    asked = (entry for entry in server.ledger.requests() if entry.method == "POST")
    found = (re.search(r"tag=([^&]*)", entry.query or "") for entry in asked if "/circuit" in entry.path)
    return [match[1] if match else None for match in found]
