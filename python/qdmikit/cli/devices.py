# SPDX-License-Identifier: Apache-2.0
"""`qdmikit devices`: what can be opened by id."""

import warnings

import qdmikit
from qdmikit.cli import output
from qdmikit.cli.opening import JsonOption
from qdmikit.cli.reporting import reported


@reported("list the devices")
def devices(as_json: JsonOption = False) -> None:
    """List the devices that can be opened by id, and where each is described; loads none of them."""
    with warnings.catch_warnings(record=True) as problems:
        warnings.simplefilter("always")
        entries = qdmikit.devices()
    for problem in problems:
        output.say(f"warning: {problem.message}")
    if as_json:
        # What a manifest presets for a session may be secret and stays out.
        rows = [
            {
                "id": entry.id,
                "library": str(entry.library),
                "prefix": entry.prefix,
                "rank": entry.rank,
                "source": str(entry.source),
            }
            for entry in entries
        ]
        output.print_json({"devices": rows, "problems": [str(problem.message) for problem in problems]})
        return
    from qdmikit.cli.tables import devices_table

    output.print_result(devices_table(entries))
