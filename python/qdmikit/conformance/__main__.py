# SPDX-License-Identifier: Apache-2.0
"""`python -m qdmikit.conformance`."""

import sys

from qdmikit.conformance.command import main

if __name__ == "__main__":
    sys.exit(main())
