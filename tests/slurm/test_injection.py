# SPDX-License-Identifier: Apache-2.0
"""What a job finds in its environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cluster import Cluster
    from site_file import SiteFile

GARNET = """
[devices.garnet]
url = "https://garnet.example.org"
tokens_file = "{tokens}"
alias = "garnet"
[devices.garnet.env]
url = ["IQM_SERVER_URL", "IQM_BASE_URL"]
tokens_file = ["IQM_TOKENS_FILE"]
token = ["IQM_TOKEN"]
id = ["IQM_QC_ID"]
alias = ["IQM_QUANTUM_COMPUTER", "IQM_QC_ALIAS"]
job_tag = ["IQM_JOB_TAG"]
"""
DEFAULT = """
[partitions.quantum]
default_device = "garnet"
"""
NAMES = ("IQM_", "QDMI_")


def variables(text: str) -> dict[str, str]:
    """Read what ``env`` printed, as far as it is about quantum devices."""
    pairs = (line.split("=", 1) for line in text.splitlines() if line.startswith(NAMES))
    return dict(pairs)


@pytest.fixture
def tokens(site: SiteFile, job_user: str | None) -> Path:
    return site.tokens_file("garnet.json", mode=0o600, user=job_user)


@pytest.fixture
def expected(tokens: Path) -> dict[str, str]:
    """Return what a job of garnet finds, but for its own number."""
    return {
        "IQM_SERVER_URL": "https://garnet.example.org",
        "QDMI_ENDPOINT": "https://garnet.example.org",
        "IQM_TOKENS_FILE": str(tokens),
        "QDMI_AUTH_FILE": str(tokens),
        "QDMI_BACKEND_ALIAS": "garnet",
    }


def without_tag(found: dict[str, str]) -> dict[str, str]:
    assert found.pop("IQM_JOB_TAG").startswith("slurm-")
    return found


@pytest.mark.parametrize("option", ["--qdmi-device=garnet", "--qpu=garnet"])
def test_srun(
    slurm: Cluster, site: SiteFile, tokens: Path, expected: dict[str, str], job_user: str | None, option: str
) -> None:
    site.write(GARNET.format(tokens=tokens))
    code, out, err = slurm.run("srun", option, "env", user=job_user)
    assert (code, err) == (0, "")
    assert without_tag(variables(out)) == expected
    assert slurm.idle_again()


def test_sbatch_with_a_directive(
    slurm: Cluster, site: SiteFile, tokens: Path, expected: dict[str, str], job_user: str | None, folder: Path
) -> None:
    site.write(GARNET.format(tokens=tokens))
    job, out, err = slurm.batch(
        "#SBATCH --qdmi-device=garnet\nenv\necho ---\nsrun env", folder=folder, user=job_user
    )
    assert (job["JobState"], job["ExitCode"], err) == ("COMPLETED", "0:0", "")
    script, _, step = out.partition("---\n")
    for found in map(variables, (script, step)):
        assert found.pop("IQM_JOB_TAG") == f"slurm-{job['JobId']}"
        assert found == expected
    assert slurm.idle_again()


def test_salloc(
    slurm: Cluster, site: SiteFile, tokens: Path, expected: dict[str, str], job_user: str | None
) -> None:
    site.write(GARNET.format(tokens=tokens))
    code, out, _ = slurm.run("salloc", "--quiet", "--qdmi-device=garnet", "srun", "env", user=job_user)
    assert code == 0
    assert without_tag(variables(out)) == expected
    assert slurm.idle_again()


def test_each_element_of_an_array(
    slurm: Cluster, site: SiteFile, tokens: Path, expected: dict[str, str], job_user: str | None, folder: Path
) -> None:
    site.write(GARNET.format(tokens=tokens))
    submitted = slurm.submit(
        "env > $SLURM_ARRAY_TASK_ID.env",
        "--wait",
        "--array=0-3",
        "--qdmi-device=garnet",
        folder=folder,
        user=job_user,
    )
    assert submitted.code == 0
    tags = set()
    for index in range(4):
        found = variables((folder / f"{index}.env").read_text())
        tags.add(found.pop("IQM_JOB_TAG"))
        assert found == expected
    assert len(tags) == 4
    assert slurm.idle_again()


def test_the_default_device_of_a_partition(
    slurm: Cluster, site: SiteFile, tokens: Path, expected: dict[str, str], job_user: str | None
) -> None:
    site.write(GARNET.format(tokens=tokens) + DEFAULT)
    code, out, err = slurm.run("srun", "-p", "quantum", "env", user=job_user)
    assert (code, err) == (0, "")
    assert without_tag(variables(out)) == expected
    assert slurm.idle_again()


def test_an_option_beats_the_default_device(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None
) -> None:
    site.write(
        GARNET.format(tokens=tokens) + DEFAULT + '[devices.emerald]\nurl = "https://emerald.example.org"\n'
    )
    code, out, _ = slurm.run("srun", "-p", "quantum", "--qdmi-device=emerald", "env", user=job_user)
    assert code == 0
    assert variables(out) == {"QDMI_ENDPOINT": "https://emerald.example.org"}
    assert slurm.idle_again()


def test_the_option_of_a_step_beats_that_of_its_job(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None, folder: Path
) -> None:
    """Nothing of the job's device may be left: its tokens file would reach another server."""
    site.write(GARNET.format(tokens=tokens) + '[devices.emerald]\nurl = "https://emerald.example.org"\n')
    job, out, _ = slurm.batch(
        "srun --qdmi-device=emerald env", "--qdmi-device=garnet", folder=folder, user=job_user
    )
    assert job["JobState"] == "COMPLETED"
    assert variables(out) == {"QDMI_ENDPOINT": "https://emerald.example.org"}
    assert slurm.idle_again()


def test_a_job_that_a_job_submits_has_its_own_device_and_tag(
    slurm: Cluster, site: SiteFile, tokens: Path, expected: dict[str, str], job_user: str | None, folder: Path
) -> None:
    site.write(GARNET.format(tokens=tokens) + GARNET.replace("garnet", "emerald").format(tokens=tokens))
    outer, out, _ = slurm.batch(
        "sbatch --wait --parsable --output=inner.out --qdmi-device=garnet --wrap=env",
        "--qdmi-device=emerald",
        folder=folder,
        user=job_user,
    )
    assert outer["JobState"] == "COMPLETED"
    inner = out.strip()
    found = variables((folder / "inner.out").read_text())
    assert found.pop("IQM_JOB_TAG") == f"slurm-{inner}"
    assert found == expected
    assert slurm.idle_again()


def test_locked_settings_win_over_the_users(
    slurm: Cluster, site: SiteFile, tokens: Path, expected: dict[str, str], job_user: str | None
) -> None:
    site.write(GARNET.format(tokens=tokens))
    own = {
        "IQM_SERVER_URL": "https://evil.example.org",
        "IQM_BASE_URL": "https://evil.example.org",
        "QDMI_ENDPOINT": "https://evil.example.org",
        "QDMI_AUTH_FILE": "/tmp/mine",  # noqa: S108 - never opened
        "IQM_TOKEN": "mine",
    }
    code, out, err = slurm.run("srun", "--qdmi-device=garnet", "env", env=own, user=job_user)
    assert (code, err) == (0, "")
    assert without_tag(variables(out)) == expected
    assert slurm.idle_again()


def test_defaults_leave_the_users_settings_alone(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None
) -> None:
    site.write(GARNET.format(tokens=tokens))
    own = {"IQM_QC_ALIAS": "mine", "IQM_JOB_TAG": "my tag"}
    code, out, _ = slurm.run("srun", "--qdmi-device=garnet", "env", env=own, user=job_user)
    assert code == 0
    found = variables(out)
    assert (found["IQM_QC_ALIAS"], found["IQM_JOB_TAG"]) == ("mine", "my tag")
    assert "QDMI_BACKEND_ALIAS" not in found
    assert slurm.idle_again()


def test_a_variable_that_is_set_to_nothing_counts_as_unset(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None
) -> None:
    site.write(GARNET.format(tokens=tokens))
    code, out, _ = slurm.run("srun", "--qdmi-device=garnet", "env", env={"IQM_QC_ALIAS": ""}, user=job_user)
    assert code == 0
    assert variables(out)["QDMI_BACKEND_ALIAS"] == "garnet"
    assert slurm.idle_again()


def test_an_operators_changes_reach_the_next_job(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None
) -> None:
    site.write(GARNET.format(tokens=tokens))
    assert slurm.run("srun", "--qdmi-device=garnet", "true", user=job_user).code == 0
    rotated = site.tokens_file("rotated.json", mode=0o600, user=job_user)
    site.write(GARNET.format(tokens=rotated).replace("https://garnet", "https://moved"))
    code, out, _ = slurm.run("srun", "--qdmi-device=garnet", "env", user=job_user)
    assert code == 0
    found = variables(out)
    assert (found["IQM_SERVER_URL"], found["IQM_TOKENS_FILE"]) == ("https://moved.example.org", str(rotated))
    assert slurm.idle_again()


@pytest.mark.parametrize("partition", ["classical", "quantum"])
def test_jobs_without_a_quantum_device_notice_nothing(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None, folder: Path, partition: str
) -> None:
    site.write(GARNET.format(tokens=tokens))
    code, out, err = slurm.run("srun", "-p", partition, "env", user=job_user)
    assert (code, err, variables(out)) == (0, "", {})
    submitted = slurm.submit("true", "--wait", "-p", partition, folder=folder, user=job_user)
    assert (submitted.code, submitted.err) == (0, "")
    assert [file.read_text() for file in folder.glob("*.err")] == [""]
    assert [file.read_text() for file in folder.glob("*.out")] == [""]
    assert slurm.idle_again()
