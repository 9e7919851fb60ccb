"""The limit: nothing but the recursion that single servers in series obey (Lindley 1952), compiled by Numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from benchmarks.cases import Work
from vssim.clock import Ints


def play(work: Work) -> Ints:
    """Lead time of every item [ticks]; for single servers without limits or returns."""
    visits = work.program.visits.work.reshape(len(work.program.items.arrival), len(work.people))
    return np.asarray(_left(work.program.items.arrival, visits)) - work.program.items.arrival


@numba.njit  # type: ignore[untyped-decorator]
def _left(arrivals: Any, work: Any) -> Any:
    left = np.empty_like(arrivals)
    free = np.zeros(work.shape[1], np.int64)
    for item in range(len(arrivals)):
        time = arrivals[item]
        for station in range(work.shape[1]):
            free[station] = time = max(time, free[station]) + work[item, station]
        left[item] = time
    return left
