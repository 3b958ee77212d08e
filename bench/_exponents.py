# SPDX-License-Identifier: Apache-2.0
"""How a cost grows: the exponent of a power law."""

from __future__ import annotations

import math
import statistics

# Two-sided 95 % quantiles of Student's t distribution, by degrees of freedom.
STUDENT = (math.inf, 12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)


def exponent(sizes: list[float], costs: list[float]) -> tuple[float, float]:
    """Fit ``cost = a * size ** k`` by least squares of the logarithms.

    Parameters
    ----------
    sizes, costs
        As long as each other, at least three.

    Returns
    -------
    tuple[float, float]
        The exponent and half of its 95 % interval.
    """
    x = [math.log(size) for size in sizes]
    y = [math.log(cost) for cost in costs]
    slope, intercept = statistics.linear_regression(x, y)
    free = len(x) - 2
    rest = sum((b - slope * a - intercept) ** 2 for a, b in zip(x, y, strict=True))
    spread = sum((a - statistics.fmean(x)) ** 2 for a in x)
    quantile = STUDENT[free] if free < len(STUDENT) else 1.96
    return slope, quantile * math.sqrt(rest / free / spread)
