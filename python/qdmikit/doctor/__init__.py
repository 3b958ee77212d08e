# SPDX-License-Identifier: Apache-2.0
"""Finds out why a device cannot be used, and what to do about it.

>>> from qdmikit.doctor import examine
>>> for finding in examine("my.device"):  # doctest: +SKIP
...     print(finding.level, finding.subject, finding.answer, finding.remedy)
"""

from qdmikit.doctor.examination import examine
from qdmikit.doctor.finding import Finding

__all__ = ["Finding", "examine"]
