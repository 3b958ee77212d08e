# SPDX-License-Identifier: Apache-2.0
"""Entry of the `qdmikit` command, which every install has; what it runs comes with the extra `cli`."""

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line, or say in one line what to install."""
    if find_spec("typer") is None or find_spec("rich") is None:
        print('qdmikit: the command line needs its extra: pip install "qdmikit[cli]"', file=sys.stderr)
        raise SystemExit(3)  # as for everything that is not installed; the list of codes needs the extra
    from qdmikit.cli.app import app

    app(prog_name="qdmikit")
