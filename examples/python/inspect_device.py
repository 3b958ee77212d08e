# SPDX-License-Identifier: Apache-2.0
"""What a device is, as JSON: ``inspect_device.py DEVICE_ID [MARKER]``.

`qdmikit.devices` lists the ids. The marker is the number of a custom property that changes whenever the
device's figures do, if it has one.
"""

import json
import sys

import qdmikit


def main(device_id: str, marker: int | None = None) -> None:
    with qdmikit.open_device(device_id) as device:
        taken = device.snapshot(marker)
    print(json.dumps(taken.to_dict(), indent=2))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else None)
