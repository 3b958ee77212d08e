# SPDX-License-Identifier: Apache-2.0
"""Print where the installed device library, its headers or its manifest are."""

import argparse

import qdmikit_iqm


def main() -> None:
    """Print one path."""
    parser = argparse.ArgumentParser(prog="python -m qdmikit_iqm", description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--library", dest="path", action="store_const", const=qdmikit_iqm.library_path)
    which.add_argument(
        "--library-for-qdmi-1.3",
        dest="path",
        action="store_const",
        const=qdmikit_iqm.library_path_for_qdmi_1_3,
    )
    which.add_argument("--include", dest="path", action="store_const", const=qdmikit_iqm.include_dir)
    which.add_argument("--manifest", dest="path", action="store_const", const=qdmikit_iqm.manifest_path)
    print(parser.parse_args().path())


if __name__ == "__main__":
    main()
