# SPDX-License-Identifier: Apache-2.0
"""Where the compiled parts of the package are.

An editable install keeps Python files in the source tree and compiled ones elsewhere, so each part is
looked for in every folder of the package.
"""

from pathlib import Path

import qdmikit
from qdmikit.errors import LibraryNotFound


def _find(*parts: str) -> Path:
    folders = [Path(folder).resolve() for folder in qdmikit.__path__]
    for folder in folders:
        found = folder.joinpath(*parts)
        if found.exists():
            return found
    looked = ", ".join(str(folder.joinpath(*parts)) for folder in folders)
    raise LibraryNotFound(f"qdmikit is not installed completely: there is no {looked}; install it again")


def cmake_dir() -> Path:
    """Return the folder of the CMake package, for ``find_package(qdmikit)``.

    Returns
    -------
    Path
        To be put on ``CMAKE_PREFIX_PATH``, or into ``qdmikit_DIR``.

    Raises
    ------
    LibraryNotFound
        If the installation is incomplete.
    """
    return _find("share", "cmake", "qdmikit")


def include_dir() -> Path:
    """Return the folder that holds ``qdmikit/qdmikit.hpp``.

    Returns
    -------
    Path
        To be put on the compiler's include path.

    Raises
    ------
    LibraryNotFound
        If the installation is incomplete.
    """
    return _find("include")


def library_path() -> Path:
    """Return the C++ client library.

    Returns
    -------
    Path
        The shared library that C++ programs link.

    Raises
    ------
    LibraryNotFound
        If the installation is incomplete.
    """
    return _find("lib", "libqdmikit-client.so")


def program_path(name: str) -> Path:
    """Return a program of the package.

    Parameters
    ----------
    name
        Of its file.

    Raises
    ------
    LibraryNotFound
        If the installation is incomplete.
    """
    return _find("bin", name)
