# SPDX-License-Identifier: Apache-2.0
"""A real Slurm on this machine alone: munged, slurmctld and a slurmd for each of two virtual nodes.

It needs no systemd, no cgroups and no database, listens on 127.0.0.1 only, on ports that the kernel chose,
and writes nothing outside of its folder. Each daemon is a child process, ended by its own handle. Jobs run as
whoever started it; started by root, they can be submitted as other users.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NODES = ("n1", "n2")
CURE = "install Debian's packages: tools/system-packages slurm"
START_SECONDS = 60.0
END_SECONDS = 20.0
PROGRAMS = (
    "munged",
    "mungekey",
    "munge",
    "slurmctld",
    "slurmd",
    "srun",
    "sbatch",
    "salloc",
    "scontrol",
    "sinfo",
)

SLURM_CONF = """\
ClusterName=qdmikit-tests
SlurmctldHost=localhost(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={controller_port}
AuthType=auth/munge
AuthInfo=socket={root}/munge/socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={root}/state
SlurmctldPidFile={root}/run/slurmctld.pid
SlurmctldLogFile={root}/log/slurmctld.log
SlurmdSpoolDir={root}/spool/%n
SlurmdPidFile={root}/run/slurmd.%n.pid
SlurmdLogFile={root}/log/slurmd.%n.log
PlugStackConfig={root}/etc/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={root}/log/jobcomp.txt
MpiDefault=none
SwitchType=switch/none
MailProg=/bin/true
ReturnToService=2
JobRequeue=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
SlurmdParameters=config_overrides
KillWait=2
MinJobAge=300
InactiveLimit=0
Waittime=0
Licenses={licenses}
{nodes}
PartitionName=classical Nodes={all_nodes} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:64
PartitionName=quantum Nodes={last_node} Default=NO MaxTime=INFINITE State=UP OverSubscribe=FORCE:64
{extra}
"""


class ClusterError(RuntimeError):
    """The cluster could not be started, or did not do what it was asked to."""


class Outcome(NamedTuple):
    """How a command of Slurm ended."""

    code: int
    out: str
    err: str


def free_ports(number: int) -> list[int]:
    """Ask the kernel for ports of the loopback interface that nobody uses."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _identity(user: str | None) -> dict[str, Any]:
    """Return what `subprocess` has to be told to run something as a user."""
    if user is None:
        return {}
    account = pwd.getpwnam(user)
    groups = os.getgrouplist(user, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups}


@dataclass
class Cluster:
    """A running Slurm.

    Parameters
    ----------
    root
        Its folder; its path must be short, for munge's socket.
    plugstack
        Lines of ``plugstack.conf``.
    licenses
        As in slurm.conf.
    extra
        Further lines of slurm.conf.
    submit_plugin
        Text of ``job_submit.lua``, if there is to be one.
    owner
        Whose daemons they are; None: whoever runs the tests. Only root can start those of another.
    """

    root: Path
    plugstack: str = ""
    licenses: str = "qpu_garnet:1,qpu_emerald:2"
    extra: str = ""
    submit_plugin: str | None = None
    owner: str | None = None
    _daemons: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    # --- its life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start it; return when both nodes are idle.

        Raises
        ------
        ClusterError
            A program is missing, a daemon ended, or the nodes did not become idle.
        """
        path = os.environ["PATH"] + ":/usr/sbin:/sbin"
        missing = [program for program in PROGRAMS if shutil.which(program, path=path) is None]
        if missing:
            raise ClusterError(f"Slurm's {', '.join(missing)} cannot be found: {CURE}")
        for folder in ("etc", "munge", "state", "run", "log", "spool", *(f"spool/{node}" for node in NODES)):
            (self.root / folder).mkdir(parents=True)
        (self.root / "munge").chmod(0o711)
        self._configure()
        if self.owner:
            for inside in (self.root, *self.root.rglob("*")):
                shutil.chown(inside, self.owner)
        self._start_munge()
        try:
            self._start("slurmctld", "slurmctld", "-D", "-f", str(self.conf))
            for node in NODES:
                self._start(f"slurmd.{node}", "slurmd", "-D", "-N", node, "-f", str(self.conf))
            self._await(lambda: self.node_states() == dict.fromkeys(NODES, "idle"), "both nodes to be idle")
        except ClusterError:
            self.stop()
            raise

    def stop(self) -> None:
        """End its jobs and its daemons."""
        with contextlib.suppress(ClusterError, subprocess.TimeoutExpired):
            self.run("scancel", "--state=PENDING,RUNNING,SUSPENDED", timeout=10)
            self._await(lambda: not self.run("squeue", "-h").out.strip(), "the queue to be empty", seconds=10)
        for name in reversed(tuple(self._daemons)):
            daemon = self._daemons.pop(name)
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    @contextlib.contextmanager
    def without_controller(self) -> Iterator[None]:
        """End slurmctld, and start it again."""
        controller = self._daemons.pop("slurmctld")
        controller.terminate()
        controller.wait(END_SECONDS)
        try:
            yield
        finally:
            self._start("slurmctld", "slurmctld", "-D", "-f", str(self.conf))
            self._await(lambda: self.run("scontrol", "ping").code == 0, "slurmctld to answer")

    def _configure(self) -> None:
        controller, *nodes = free_ports(1 + len(NODES))
        memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) * 9 // 10 // 1024  # type: ignore[index]
        self.conf.write_text(
            SLURM_CONF.format(
                root=self.root,
                user=self.owner or pwd.getpwuid(os.geteuid()).pw_name,
                controller_port=controller,
                licenses=self.licenses,
                nodes="\n".join(
                    f"NodeName={node} NodeHostname=localhost NodeAddr=127.0.0.1 Port={port} CPUs=16 "
                    f"RealMemory={memory} State=UNKNOWN"
                    for node, port in zip(NODES, nodes, strict=True)
                ),
                all_nodes=",".join(NODES),
                last_node=NODES[-1],
                extra=self.extra + ("\nJobSubmitPlugins=lua" if self.submit_plugin else ""),
            )
        )
        if self.submit_plugin:
            (self.root / "etc" / "job_submit.lua").write_text(self.submit_plugin)
        (self.root / "etc" / "plugstack.conf").write_text(self.plugstack + "\n")
        (self.root / "etc" / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")

    def _start_munge(self) -> None:
        munge = self.root / "munge"
        made = self.run("mungekey", "--create", f"--keyfile={munge}/key", user=self.owner)
        if made.code:
            raise ClusterError(f"mungekey exited with {made.code}: {made.err}")
        self._start(
            "munged", "munged", "--foreground", "--force", "--num-threads=2", f"--key-file={munge}/key",
            f"--socket={munge}/socket", f"--pid-file={munge}/pid", f"--log-file={self.root}/log/munged.log",
            f"--seed-file={munge}/seed",
        )  # fmt: skip
        self._await(
            lambda: self.run("munge", f"--socket={munge}/socket", "--no-input").code == 0, "munged to answer"
        )

    def _start(self, name: str, *command: str) -> None:
        with (self.root / "log" / f"{name}.out").open("wb") as log:
            self._daemons[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment(),
                # Where the tests were started, the owner may not be allowed to go.
                cwd=self.root, start_new_session=True, **_identity(self.owner),
            )  # fmt: skip

    def _await(self, holds: Callable[[], bool], what: str, *, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            for name, daemon in self._daemons.items():
                if daemon.poll() is not None:
                    raise ClusterError(f"{name} ended with {daemon.returncode}:\n{self.logs()}")
            if time.monotonic() > deadline:
                raise ClusterError(f"waited {seconds} s for {what}:\n{self.logs()}")
            time.sleep(0.05)

    # --- its files -----------------------------------------------------------------------------------

    @property
    def conf(self) -> Path:
        """slurm.conf."""
        return self.root / "etc" / "slurm.conf"

    def logs(self) -> str:
        """Return the last lines of everything that was logged."""
        tails = []
        for log in sorted((self.root / "log").iterdir()):
            lines = log.read_text(errors="replace").splitlines()[-15:]
            tails.append("\n".join([f"--- {log.name}", *lines]))
        return "\n".join(tails)

    def set_plugstack(self, text: str) -> None:
        """Write plugstack.conf anew; clients and steps read it each time."""
        (self.root / "etc" / "plugstack.conf").write_text(text + "\n")

    # --- what it is asked ----------------------------------------------------------------------------

    def _environment(self, also: Mapping[str, str] | None = None) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SLURM", "SBATCH", "SALLOC", "IQM_", "QDMI_", "_SLURM"))
        }
        return {
            **inherited,
            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
            "SLURM_CONF": str(self.conf),
            **(also or {}),
        }

    def run(
        self,
        *command: str,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        timeout: float = 60.0,
        cwd: Path | None = None,
    ) -> Outcome:
        """Run a command of Slurm, or any other, in its environment.

        Parameters
        ----------
        env
            Variables besides.
        user
            Whose command it is; None: whoever runs the tests. Only root can be another.
        timeout
            Seconds.
        cwd
            The folder that it runs in.
        """
        done = subprocess.run(
            command,
            env=self._environment(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=cwd or self.root,
            check=False,
            **_identity(user),
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def node_states(self) -> dict[str, str]:
        """Return the state of each node, such as ``idle``, ``mixed`` or ``drained``."""
        lines = self.run("sinfo", "-h", "-N", "-o", "%N %t").out.splitlines()
        return dict(line.split() for line in lines)

    def idle_again(self) -> bool:
        """Wait until no job runs; return whether all nodes are then as they were at the start."""
        self._await(lambda: not self.run("squeue", "-h").out.strip(), "the queue to be empty")
        self._await(
            lambda: not any("comp" in state for state in self.node_states().values()), "jobs to be gone"
        )
        return self.node_states() == dict.fromkeys(NODES, "idle")

    def job(self, job_id: str) -> dict[str, str]:
        """Return what slurmctld knows of a job."""
        text = self.run("scontrol", "show", "job", job_id, "-o").out
        return dict(part.split("=", 1) for part in text.split() if "=" in part)

    def ended(self, job_id: str) -> dict[str, str]:
        """Wait for a job's end; return what slurmctld knows of it."""
        over = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "BOOT_FAIL", "OUT_OF_MEMORY")
        self._await(lambda: self.job(job_id).get("JobState", "").startswith(over), f"job {job_id} to end")
        return self.job(job_id)

    def in_state(self, job_id: str, state: str) -> dict[str, str]:
        """Wait until a job is in a state; return what slurmctld knows of it."""
        self._await(lambda: self.job(job_id).get("JobState") == state, f"job {job_id} to be {state}")
        return self.job(job_id)

    def waiting_for(self, job_id: str, reason: str) -> None:
        """Wait until Slurm says that a job waits for something."""
        self._await(lambda: self.job(job_id).get("Reason") == reason, f"job {job_id} to wait for {reason}")

    def batch(
        self,
        script: str,
        *options: str,
        folder: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> tuple[dict[str, str], str, str]:
        """Submit a script and wait; return the job as slurmctld knows it, its output and its errors."""
        submitted = self.submit(script, *options, folder=folder, env=env, user=user)
        if submitted.code:
            raise ClusterError(f"sbatch exited with {submitted.code}: {submitted.err}")
        job_id = submitted.out.strip().split(";")[0]
        job = self.ended(job_id)
        out, err = folder / f"{job_id}.out", folder / f"{job_id}.err"
        return job, out.read_text() if out.exists() else "", err.read_text() if err.exists() else ""

    def submit(
        self,
        script: str,
        *options: str,
        folder: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> Outcome:
        """Submit a script; its output goes to ``JOB.out`` and ``JOB.err`` in the folder."""
        file = folder / "script.sh"
        file.write_text("#!/bin/sh\n" + script + "\n")
        file.chmod(0o755)
        return self.run(
            *(
                "sbatch",
                "--parsable",
                f"--output={folder}/%j.out",
                f"--error={folder}/%j.err",
                *options,
                str(file),
            ),
            env=env,
            user=user,
            cwd=folder,
        )


@contextlib.contextmanager
def cluster(
    *,
    plugstack: str = "",
    licenses: str = "qpu_garnet:1,qpu_emerald:2",
    extra: str = "",
    submit_plugin: str | None = None,
    owner: str | None = None,
) -> Iterator[Cluster]:
    """Run a cluster in a folder of its own, which is removed with it."""
    with tempfile.TemporaryDirectory(prefix="qdmikit-slurm-") as folder:
        Path(folder).chmod(0o755)  # jobs of other users find its configuration
        running = Cluster(Path(folder), plugstack, licenses, extra, submit_plugin, owner)
        running.start()
        try:
            yield running
        finally:
            running.stop()
