# SPDX-License-Identifier: Apache-2.0
"""``python -m qdmikit``: where the C++ parts of this installation are."""

import argparse
import sys

import qdmikit


def main() -> int:
    """Print what the options ask for, one line each, in the order below."""
    parser = argparse.ArgumentParser(
        prog="python -m qdmikit", description="Where the C++ parts of qdmikit are."
    )
    parser.add_argument("--version", action="store_true", help="the version of qdmikit")
    parser.add_argument("--cmake", action="store_true", help="the folder to set qdmikit_DIR to")
    parser.add_argument("--include", action="store_true", help="the folder of the C++ headers")
    parser.add_argument("--library", action="store_true", help="the client library")
    options = parser.parse_args()
    answers = {
        "version": lambda: qdmikit.__version__,
        "cmake": qdmikit.cmake_dir,
        "include": qdmikit.include_dir,
        "library": qdmikit.library_path,
    }
    asked = [name for name in answers if getattr(options, name)]
    if not asked:
        parser.error("say what to print")
    try:
        for name in asked:
            print(answers[name]())
    except qdmikit.LibraryNotFound as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
