# SPDX-License-Identifier: Apache-2.0
"""Entry of the `qdmikit` command, which every install has; what it runs comes with the extra `cli`."""

import sys


def main() -> None:
    """Run the command line, or say in one line what to install."""
    try:
        import rich  # noqa: F401
        import typer  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name not in {"rich", "typer"}:
            raise
        print('qdmikit: the command line needs its extra: pip install "qdmikit[cli]"', file=sys.stderr)
        raise SystemExit(1) from None
    from qdmikit.cli.app import app

    app(prog_name="qdmikit")
