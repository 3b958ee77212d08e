# SPDX-License-Identifier: Apache-2.0
"""Device manifests in the environment, the user's and the system's configuration.

A manifest names libraries that will be loaded into the process. Hence none is taken that anybody but the user
and root could have written, and nothing is looked for in the working directory.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qdmikit.errors import ManifestError
from qdmikit.manifest import parse_manifest
from qdmikit.ranks import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qdmikit.ranks import Rank

__all__ = ["Place", "configured_levels", "configured_places", "read_configured"]

_SYSTEM = Path("/etc")
_DEVICES = Path("qdmikit", "devices.d")
_SUFFIX = ".qdmi.json"
_DEVICES_VARIABLE = "QDMIKIT_DEVICES"
# mqt-core's driver reads these as well, so one file serves both.
_MQT_CORE_FILE = Path("mqt-core", "qdmi.json")
_MQT_CORE_JSON_VARIABLE = "MQT_CORE_QDMI_CONFIG_JSON"
_MQT_CORE_FILE_VARIABLE = "MQT_CORE_QDMI_CONFIG_FILE"
_WRITERS = {stat.S_IWGRP: "its group", stat.S_IWOTH: "everybody"}


def _refuse_unsafe(what: str, path: Path, status: os.stat_result) -> None:
    """Refuse a file or folder that somebody else could have written."""
    writers = [name for bit, name in _WRITERS.items() if status.st_mode & bit]
    if status.st_uid not in (0, os.geteuid()):
        danger = (
            f"{path} belongs to the user with the number {status.st_uid}, who is neither root nor you. "
            "Remedy: make a copy of your own, or let root own it"
        )
    elif writers:
        danger = (
            f"{path} can be written by {' and '.join(writers)} (mode {_mode(status)}). "
            f"Remedy: chmod go-w {path}"
        )
    else:
        return
    problem = f"{what} is refused, because it names libraries to load: {danger}"
    raise ManifestError(problem, kind="UnsafeConfiguration")


def _mode(status: os.stat_result) -> str:
    return f"{stat.S_IMODE(status.st_mode):04o}"


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # does not wait for the other end of a pipe


def _content(source: Path, real: Path) -> tuple[bytes, os.stat_result]:
    what = f"device manifest {source}"
    for folder in dict.fromkeys((source.parent, real.parent)):
        _refuse_unsafe(what, folder, folder.stat())
    with open(real, "rb", opener=_open) as file:
        # The open file is looked at, not the name, which may mean another file by now.
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ManifestError(f"{what} cannot be read: it is no regular file")
        _refuse_unsafe(what, real, status)
        return file.read(), status


class _Gatherer:
    """Gathers levels; a file that can be reached in several ways counts once, where it is strongest."""

    def __init__(self) -> None:
        self.read: set[Path] = set()

    def add_file(self, level: Level, source: Path) -> None:
        real = Path(os.path.realpath(source))
        if real in self.read:
            return
        self.read.add(real)
        try:
            content, status = _content(source, real)
            exposed = _mode(status) if status.st_mode & (stat.S_IRGRP | stat.S_IROTH) else None
            level.manifests.append(parse_manifest(content, real, exposed=exposed))
        except ManifestError as error:
            level.unusable.append(error)
        except OSError as error:
            level.unusable.append(ManifestError(f"device manifest {source} cannot be read: {error}"))

    def add_folder(self, level: Level, folder: Path) -> None:
        # Names that begin with a dot are what editors leave behind.
        try:
            found = sorted(path for path in folder.iterdir() if path.name.endswith(_SUFFIX))
            sources = [path for path in found if not path.name.startswith(".")]
            if sources:
                _refuse_unsafe(f"folder of device manifests {folder}", folder, folder.stat())
        except ManifestError as error:
            level.unusable.append(error)
        except OSError as error:
            level.unusable.append(ManifestError(f"folder of device manifests cannot be read: {error}"))
        else:
            for source in sources:
                self.add_file(level, source)

    def add_named(self, level: Level, variable: str, text: str) -> None:
        """Add what an environment variable names; it must be there."""
        source = Path(text)
        if not source.is_absolute():
            problem = (
                f"environment variable {variable}: '{text}' is not an absolute path. Remedy: write it in full"
            )
            level.unusable.append(ManifestError(problem, kind="RelativePath"))
        elif not _is_there(source):
            problem = (
                f"environment variable {variable}: there is no {text}. Remedy: correct the path or unset it"
            )
            level.unusable.append(ManifestError(problem))
        elif source.is_dir():
            self.add_folder(level, source)
        else:
            self.add_file(level, source)


def _is_there(path: Path) -> bool:
    # What lies in a folder that may not be entered is not there for this user.
    try:
        path.stat()
    except OSError:
        return False
    return True


def _user_folder() -> Path | None:
    # The XDG specification says: relative paths are to be ignored.
    folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if folder.is_absolute():
        return folder
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and the user is not known to the system either
        return None
    return home / ".config" if home.is_absolute() else None


def _system_folders() -> list[Path]:
    named = os.environ.get("XDG_CONFIG_DIRS") or str(_SYSTEM / "xdg")
    return [_SYSTEM, *(Path(name) for name in named.split(os.pathsep) if Path(name).is_absolute())]


class Place(NamedTuple):
    """Where a manifest may be, and what there is.

    Attributes
    ----------
    rank : str
        Whose configuration that is.
    variable : str or None
        The environment variable that decides it; None for the places that are always looked at.
    path : Path or None
        The file or folder; None for a variable that is not set or holds a manifest itself.
    found : Level or None
        What was read there; None when nothing is there.
    """

    rank: Rank
    variable: str | None
    path: Path | None
    found: Level | None


def _environment(gatherer: _Gatherer) -> Iterator[list[Place]]:
    names = [text for text in os.environ.get(_DEVICES_VARIABLE, "").split(os.pathsep) if text]
    yield [_named(gatherer, _DEVICES_VARIABLE, text) for text in names or [""]]

    level = None
    text = os.environ.get(_MQT_CORE_JSON_VARIABLE, "")
    if text:
        level = Level("environment", manifests=[], unusable=[])
        try:
            level.manifests.append(parse_manifest(os.fsencode(text), _MQT_CORE_JSON_VARIABLE))
        except ManifestError as error:
            level.unusable.append(error)
    yield [Place("environment", _MQT_CORE_JSON_VARIABLE, None, level)]

    yield [_named(gatherer, _MQT_CORE_FILE_VARIABLE, os.environ.get(_MQT_CORE_FILE_VARIABLE, ""))]


def _named(gatherer: _Gatherer, variable: str, text: str) -> Place:
    if not text:
        return Place("environment", variable, None, None)
    level = Level("environment", manifests=[], unusable=[])
    gatherer.add_named(level, variable, text)
    return Place("environment", variable, Path(text), level)


def _folders(
    gatherer: _Gatherer, rank: Rank, folders: list[Path], shared: Path | None
) -> Iterator[list[Place]]:
    places = []
    for folder in dict.fromkeys(folder / _DEVICES for folder in folders):
        level = Level(rank, manifests=[], unusable=[]) if _is_there(folder) else None
        if level is not None:
            gatherer.add_folder(level, folder)
        places.append(Place(rank, None, folder, level))
    yield places

    if shared is not None:
        file = shared / _MQT_CORE_FILE
        level = Level(rank, manifests=[], unusable=[]) if _is_there(file) else None
        if level is not None:
            gatherer.add_file(level, file)
        yield [Place(rank, None, file, level)]


def configured_places() -> tuple[list[list[Place]], set[Path]]:
    """Look at all places of the configuration.

    Returns
    -------
    list of list of Place
        The strongest first; those in one list are of equal strength.
    set of Path
        The files that were read, as absolute paths without symbolic links.
    """
    gatherer = _Gatherer()
    places = list(_environment(gatherer))
    user = _user_folder()
    # As for mqt-core, the variable stands in for the files that it would look for by itself.
    mqt_core_looks = not os.environ.get(_MQT_CORE_FILE_VARIABLE)
    if user is not None:
        places += _folders(gatherer, "user", [user], user if mqt_core_looks else None)
    places += _folders(gatherer, "system", _system_folders(), _SYSTEM if mqt_core_looks else None)
    return places, gatherer.read


def configured_levels() -> tuple[list[Level], set[Path]]:
    """Read all manifests of the configuration.

    Returns
    -------
    list of Level
        The strongest first.
    set of Path
        The files that were read, as absolute paths without symbolic links.
    """
    places, files = configured_places()
    levels = []
    for equals in places:
        level = Level(equals[0].rank, manifests=[], unusable=[])
        for place in equals:
            if place.found is not None:
                level.manifests.extend(place.found.manifests)
                level.unusable.extend(place.found.unusable)
        levels.append(level)
    return levels, files


def read_configured(source: Path) -> Level:
    """Read a manifest as if the configuration had it: with the same demands on who can write and read it.

    Parameters
    ----------
    source
        The file.

    Returns
    -------
    Level
        With that manifest, or with what is wrong with it.
    """
    level = Level("user", manifests=[], unusable=[])
    _Gatherer().add_file(level, source)
    return level
