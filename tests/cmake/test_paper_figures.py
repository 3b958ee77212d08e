# SPDX-License-Identifier: Apache-2.0
"""The paper's figures of C code, with their elisions filled: they compile against the wheel, and run."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

EXAMPLES = Path(__file__).parents[2] / "examples" / "c"

# The figures as printed, each elision at the end of the part that it interrupts.
FIGURE_1 = [
    "IQM_QDMI_device_initialize();IQM_QDMI_Device_Session session;IQM_QDMI_device_session_alloc(&session);",
    "IQM_QDMI_device_session_init(session);",
    "IQM_QDMI_Device_Job job;IQM_QDMI_device_session_create_device_job(session, &job);",
    "IQM_QDMI_device_job_submit(job);",
    "IQM_QDMI_device_job_get_results(job,",
    "IQM_QDMI_device_job_free(job);IQM_QDMI_device_session_free(session);IQM_QDMI_device_finalize();",
]
FIGURE_6 = [
    "size_t s_size = 0;"
    "IQM_QDMI_device_session_query_device_property("
    "session, QDMI_DEVICE_PROPERTY_SITES, 0, NULL, &s_size);"
    "vector<IQM_QDMI_Site> sites(s_size / sizeof(IQM_QDMI_Site));"
    "IQM_QDMI_device_session_query_device_property("
    "session, QDMI_DEVICE_PROPERTY_SITES, sites_size, sites.data(), NULL);"
    "uint64_t t1;"
    "QDMI_device_session_query_site_property("
    "session, sites[0], QDMI_SITE_PROPERTY_T1, sizeof(uint64_t), &t1, NULL);"
]


def run(*command: str | Path) -> str:
    """Run a program and return what it prints; its complaint becomes the test's."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def statements(file: str) -> str:
    """Return a program without comments and white space."""
    text = (EXAMPLES / file).read_text()
    return re.sub(r"\s+", "", re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL))


def holds_in_order(program: str, parts: list[str]) -> bool:
    pattern = ".*".join(re.escape(re.sub(r"\s+", "", part)) for part in parts)
    return re.search(pattern, program) is not None


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    python = Path(os.environ["QDMIKIT_VENV_WHEEL"]) / "bin" / "python"
    package = run(python, "-m", "qdmikit", "--cmake").strip()
    folder = tmp_path_factory.mktemp("figures")
    run("cmake", "-G", "Ninja", "-S", EXAMPLES, "-B", folder, f"-Dqdmikit_DIR={package}")
    run("cmake", "--build", folder)
    return folder


@pytest.mark.iqm_mock_server(ideal=True)
@pytest.mark.parametrize("program", ["figure_1_c11", "figure_1_cpp"])
def test_figure_1_takes_a_job_from_begin_to_end(
    figures: Path, iqm_mock_server: MockServer, program: str
) -> None:
    shots = run(figures / program, iqm_mock_server.url).strip().split(",")
    assert len(shots) == 20
    assert set(shots) == {"00", "11"}


def test_figure_6_reads_the_sites_and_the_first_ones_t1(figures: Path, iqm_mock_server: MockServer) -> None:
    output = run(figures / "figure_6", iqm_mock_server.url)
    told = re.fullmatch(r"20 sites\nT1 of the first: (\d+) ns\n", output)
    assert told is not None, output
    assert 1_000 < int(told[1]) < 1_000_000


@pytest.mark.parametrize("program", ["figure_1_c11", "figure_1_cpp", "figure_6"])
def test_a_figure_that_fails_says_why(figures: Path, program: str) -> None:
    done = subprocess.run(
        [figures / program, "http://127.0.0.1:1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert '"kind":"Unreachable"' in done.stderr


def test_figure_1_keeps_the_statements_of_the_paper() -> None:
    assert holds_in_order(statements("figure_1.c"), FIGURE_1)


def test_figure_6_keeps_the_statements_of_the_paper_but_for_its_two_slips() -> None:
    (printed,) = FIGURE_6
    program = statements("figure_6.cpp")
    assert not holds_in_order(program, [printed])
    corrected = printed.replace("sites_size,", "s_size,").replace(
        ";QDMI_device_session_query_site_property", ";IQM_QDMI_device_session_query_site_property"
    )
    assert holds_in_order(program, [corrected])
    assert (EXAMPLES / "figure_6.cpp").read_text().count("// Corrected: ") == 2
