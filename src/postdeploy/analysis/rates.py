"""Two counts, compared exactly: is a rate higher than before, and what could have been missed?"""

from __future__ import annotations

import math

from postdeploy.system import binomial

LEVEL = 0.05
"""Below this probability a rise is taken for one."""


def rise(count: int, exposure: float, before: int, exposure_before: float) -> float:
    """How probable so many or more are by chance, if the rate is what it was before.

    The exact conditional test of two Poisson rates: given the sum, the newer count is binomial (Przyborowski and Wilenski, 1940).
    """
    if count == 0:
        return 1.0
    if exposure <= 0 or exposure_before <= 0:
        return 1.0
    return binomial.at_least(count, count + before, exposure / (exposure + exposure_before))


def noticed_from(exposure: float, before: int, exposure_before: float) -> int:
    """From which count on a rise would be taken for one."""
    return next(count for count in range(1, 10_000_000) if rise(count, exposure, before, exposure_before) <= LEVEL)


def bound(requests: int) -> float:
    """No failure in so many requests: the true rate is below this, with 95 % (the rule of three)."""
    return min(1.0, 3 / requests) if requests else 1.0


def caught(expected: float, more_than: int) -> float:
    """How probable it is that more than so many different errors appear, if so many are to be expected (Poisson)."""
    below = math.fsum(math.exp(-expected) * expected**each / math.factorial(each) for each in range(more_than + 1))
    return 1 - below
