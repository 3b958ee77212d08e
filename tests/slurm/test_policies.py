# SPDX-License-Identifier: Apache-2.0
"""What a site forbids, seen in a job's outcome, exit code and message, and in the state of the nodes."""

from __future__ import annotations

import base64
import grp
import json
import os
import pwd
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cluster import Cluster
    from site_file import SiteFile

DEVICE = """
[devices.garnet]
url = "https://garnet.example.org"
tokens_file = "{tokens}"
{more}
[devices.garnet.env]
url = ["IQM_SERVER_URL"]
tokens_file = ["IQM_TOKENS_FILE"]
id = ["IQM_QC_ID"]
alias = ["IQM_QC_ALIAS"]
"""
ASKED = "--qdmi-device=garnet"


def jwt(expires: int) -> str:
    def part(claims: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part({'exp': expires})}.signature"


@pytest.fixture
def tokens(site: SiteFile, job_user: str | None) -> Path:
    return site.tokens_file("garnet.json", mode=0o600, user=job_user)


class Rejected:
    """That a device is refused: by srun and by sbatch, with a message, and without harm to nodes."""

    def __init__(self, slurm: Cluster, user: str | None, folder: Path) -> None:
        self._slurm = slurm
        self._user = user
        self._folder = folder

    def by_srun(self, *options: str, why: str, tasks: int = 1, env: dict[str, str] | None = None) -> None:
        ran = self._folder / "ran"
        result = self._slurm.run(
            "srun",
            f"-n{tasks}",
            *options,
            ASKED,
            "sh",
            "-c",
            f"touch {ran}.$SLURM_PROCID",
            user=self._user,
            env=env,
        )
        assert result.code != 0
        assert "qdmikit: rejected: " in result.err
        assert why in result.err
        assert list(self._folder.glob("ran.*")) == []
        assert self._slurm.idle_again()

    def as_a_job(self, *options: str, why: str, env: dict[str, str] | None = None) -> None:
        """Where sbatch could not know yet, the job must fail, not be called completed."""
        ran = self._folder / "script-ran"
        job, _, err = self._slurm.batch(
            f"touch {ran}", *options, ASKED, folder=self._folder, user=self._user, env=env
        )
        assert job["JobState"] == "FAILED"
        assert job["ExitCode"] != "0:0"
        assert why in err
        assert not ran.exists()
        assert self._slurm.idle_again()

    def at_submission(self, *options: str, why: str) -> None:
        for command in (("sbatch", "--wrap=true"), ("salloc", "true"), ("srun", "true")):
            result = self._slurm.run(command[0], *options, *command[1:], user=self._user)
            assert result.code != 0
            assert why in result.err
            assert self._slurm.run("squeue", "-h").out == ""
        assert self._slurm.idle_again()


@pytest.fixture
def rejected(slurm: Cluster, job_user: str | None, folder: Path) -> Rejected:
    return Rejected(slurm, job_user, folder)


def test_a_wrong_partition(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more='partitions = ["quantum"]'))
    why = "cannot be used from partition 'classical'. Submit to: --partition=quantum"
    rejected.by_srun("-p", "classical", why=why)
    rejected.as_a_job("-p", "classical", why=why)


def test_a_forged_partition(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more='partitions = ["quantum"]'))
    forged = {"SLURM_JOB_PARTITION": "quantum"}
    rejected.by_srun("-p", "classical", why="cannot be used from partition 'classical'", env=forged)
    rejected.as_a_job("-p", "classical", why="cannot be used from partition 'classical'", env=forged)


def test_a_job_without_the_licence(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more='license = "qpu_garnet"'))
    why = "needs a licence that this job does not hold. Submit with: --licenses=qpu_garnet:1"
    rejected.by_srun(why=why)
    rejected.as_a_job(why=why)
    rejected.by_srun("-L", "qpu_emerald:1", why=why)


def test_a_forged_licence(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more='license = "qpu_garnet"'))
    forged = {"SLURM_JOB_LICENSES": "qpu_garnet:1"}
    rejected.by_srun(why="needs a licence", env=forged)
    rejected.as_a_job(why="needs a licence", env=forged)


def test_no_task_of_several_runs(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more='license = "qpu_garnet"'))
    rejected.by_srun(why="needs a licence", tasks=2)


def test_an_empty_alias_does_not_hide_the_device(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more='license = "qpu_garnet"\nid = "1"\nalias = "garnet"'))
    rejected.by_srun(why="needs a licence", env={"IQM_QC_ALIAS": "", "QDMI_BACKEND_ALIAS": ""})


def test_a_job_with_the_licence_runs(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None
) -> None:
    site.write(DEVICE.format(tokens=tokens, more='license = "qpu_garnet"\npartitions = ["quantum"]'))
    result = slurm.run("srun", "-p", "quantum", "-L", "qpu_garnet:1", ASKED, "echo", "ran", user=job_user)
    assert result == (0, "ran\n", "")
    assert slurm.idle_again()


def test_two_jobs_for_one_licence_run_one_after_the_other(
    slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None, folder: Path
) -> None:
    site.write(DEVICE.format(tokens=tokens, more='license = "qpu_garnet"'))
    options = ("-L", "qpu_garnet:1", ASKED)
    go_on = folder / "go-on"
    os.mkfifo(go_on)
    go_on.chmod(0o666)
    first = slurm.submit(f"cat {go_on}", *options, folder=folder, user=job_user).out.strip()
    slurm.in_state(first, "RUNNING")
    second = slurm.submit("true", *options, folder=folder, user=job_user).out.strip()
    assert slurm.in_state(second, "PENDING")["JobState"] == "PENDING"
    slurm.waiting_for(second, "Licenses")
    go_on.write_text("")
    assert slurm.ended(first)["JobState"] == "COMPLETED"
    assert slurm.ended(second)["JobState"] == "COMPLETED"
    assert slurm.idle_again()


def test_a_user_outside_the_groups(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more='groups = ["adm", "sys"]'))
    rejected.at_submission(ASKED, why="is for members of these groups: adm, sys")


def test_a_member_of_a_group(slurm: Cluster, site: SiteFile, tokens: Path, job_user: str | None) -> None:
    account = pwd.getpwnam(job_user) if job_user else pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(account.pw_gid).gr_name
    site.write(DEVICE.format(tokens=tokens, more=f'groups = ["adm", "{group}"]'))
    assert slurm.run("srun", ASKED, "true", user=job_user).code == 0
    assert slurm.idle_again()


def test_an_unknown_device(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more=""))
    rejected.at_submission(
        "--qdmi-device=aurora", why="there is no quantum device 'aurora' at this site. Ask for one of: garnet"
    )


def test_an_option_without_a_name(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more=""))
    rejected.at_submission("--qdmi-device=", why="needs the name of a quantum device")


def test_a_missing_tokens_file(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more=""))
    tokens.unlink()
    rejected.by_srun(why="cannot be read: No such file or directory", tasks=2)
    rejected.as_a_job(why="cannot be read: No such file or directory")


def test_a_tokens_file_that_the_user_cannot_read(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    tokens.chmod(0o000)
    site.write(DEVICE.format(tokens=tokens, more=""))
    rejected.by_srun(why="cannot be read: Permission denied")
    rejected.as_a_job(why="cannot be read: Permission denied")


def test_a_tokens_file_that_everybody_can_read(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    tokens.chmod(0o644)
    site.write(DEVICE.format(tokens=tokens, more=""))
    rejected.by_srun(why="is open to everybody on this machine")


def test_a_tokens_file_that_is_a_pipe(
    site: SiteFile, tokens: Path, rejected: Rejected, job_user: str | None
) -> None:
    tokens.unlink()
    os.mkfifo(tokens, 0o600)
    if job_user:
        shutil.chown(tokens, job_user)
    site.write(DEVICE.format(tokens=tokens, more=""))
    rejected.by_srun(why="is not a regular file")
    rejected.as_a_job(why="is not a regular file")


def test_a_token_that_has_expired(site: SiteFile, rejected: Rejected, job_user: str | None) -> None:
    tokens = site.tokens_file("old.json", token=jwt(1_000_000_000), mode=0o600, user=job_user)
    site.write(DEVICE.format(tokens=tokens, more=""))
    rejected.by_srun(why="holds a token that expired")
    rejected.as_a_job(why="holds a token that expired")


def test_a_token_that_has_not_expired(slurm: Cluster, site: SiteFile, job_user: str | None) -> None:
    tokens = site.tokens_file("new.json", token=jwt(10_000_000_000), mode=0o600, user=job_user)
    site.write(DEVICE.format(tokens=tokens, more=""))
    assert slurm.run("srun", ASKED, "true", user=job_user).code == 0
    assert slurm.idle_again()


def test_a_tokens_file_of_the_users_own_is_looked_at_as_well(
    slurm: Cluster, site: SiteFile, tokens: Path, rejected: Rejected, job_user: str | None
) -> None:
    site.write(DEVICE.format(tokens=tokens, more='default = ["tokens_file"]'))
    rejected.by_srun(why="the tokens file /nowhere cannot be read", env={"QDMI_AUTH_FILE": "/nowhere"})
    own = site.tokens_file("own.json", mode=0o600, user=job_user)
    result = slurm.run(
        "srun", ASKED, "printenv", "QDMI_AUTH_FILE", user=job_user, env={"QDMI_AUTH_FILE": str(own)}
    )
    assert result == (0, f"{own}\n", "")


def test_a_missing_site_file(
    slurm: Cluster, site: SiteFile, rejected: Rejected, job_user: str | None
) -> None:
    assert not site.path.exists()
    rejected.at_submission(ASKED, why="quantum devices cannot be used at the moment: the site file")
    assert slurm.run("srun", "echo", "ran", user=job_user) == (0, "ran\n", "")
    assert slurm.idle_again()


def test_a_broken_site_file(slurm: Cluster, site: SiteFile, rejected: Rejected, job_user: str | None) -> None:
    site.write('[devices.garnet]\nurl = "https://garnet.example.org"\nurll = "x"\n')
    rejected.at_submission(ASKED, why="site.toml:3: device 'garnet' has no key 'urll'")
    for partition in ("classical", "quantum"):
        assert slurm.run("srun", "-p", partition, "echo", "ran", user=job_user) == (0, "ran\n", "")
    assert slurm.idle_again()


def test_a_site_file_that_others_can_write(site: SiteFile, tokens: Path, rejected: Rejected) -> None:
    site.write(DEVICE.format(tokens=tokens, more=""))
    site.path.chmod(0o666)
    rejected.at_submission(ASKED, why="can be written by others than its operator")
