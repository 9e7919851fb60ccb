"""The engines' integer clock: ticks, and nothing else about time.

1 unit of time (hour, day, week) = 1,000,000 ticks. Durations are drawn as real numbers and rounded to ticks once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

TICKS = 1_000_000
"""Ticks in one unit of time."""

MILLION = 1_000_000
"""Shares, rates and proficiencies are whole millionths."""

NOT_YET = -1
"""A time that has not come before the run ended. Never 0, never a guess."""

NO_LIMIT = 2**62
"""A limit nobody reaches [items]."""

NUMBER = np.int32
"""How items and visits are numbered: a run has at most 100 million visits."""

PLACE = np.int16
"""How steps, skills, gates, teams and pools are numbered."""

MOST_PLACES = int(np.iinfo(PLACE).max)
"""Most steps, skills, gates, teams or pools in one run."""

FLAG = np.int8
"""Yes or no, and other things of which there are few."""

Ints = NDArray[np.int64]
Numbers = NDArray[np.signedinteger[Any]]
"""Whole numbers of any width, none of them a time."""

Reals = NDArray[np.float64]


def ticks(time: float) -> int:
    """`time` [units] in whole ticks, rounded half to even."""
    return round(time * TICKS)


def ticks_of(times: Reals) -> Ints:
    """`times` [units], any shape, in whole ticks, rounded half to even."""
    return np.rint(times * TICKS).astype(np.int64)


def millionths(share: float) -> int:
    """`share` (1 = the whole) in whole millionths, rounded half to even."""
    return round(share * MILLION)
