"""Small linear programmes, solved by the simplex method (Dantzig 1963; Bland's rule 1977, which cannot go round in circles).

SciPy's solver gives the same answers, and a test holds this against it. Importing that solver costs more time than playing a small
scenario takes; a programme here has a few dozen variables and needs a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vssim.clock import Ints, Reals

SMALL = 1e-10
"""What is smaller counts as 0."""

MOST_STEPS = 10_000
"""A programme that takes more steps is not of the kind that this solver is for."""


@dataclass(frozen=True)
class Solution:
    """A least-cost solution."""

    values: Reals
    """of each variable"""
    prices: Reals
    """of each row: by how much the cost rises when its right side rises by one"""


def least(costs: Reals, rows: Reals, right: Reals) -> Solution:
    """The values x ≥ 0 with `rows` · x = `right` (all ≥ 0) of the least `costs` · x. There must be one.

    `costs`: (variables,); `rows`: (rows, variables); `right`: (rows,). ArithmeticError where there is none.
    """
    count, variables = rows.shape
    whole = np.hstack([rows, np.eye(count)])  # one stand-in a row: a solution to begin with, whose cost is what is missing
    basis = np.arange(variables, variables + count)
    missing = np.concatenate([np.zeros(variables), np.ones(count)])
    everything = np.ones(variables + count, bool)
    basis = _improved(missing, whole, right, basis, everything)
    if missing[basis] @ np.linalg.solve(whole[:, basis], right) > 1e-7:
        raise ArithmeticError("no values fulfil all rows")
    paid = np.concatenate([costs, np.zeros(count)])
    basis = _improved(paid, whole, right, basis, everything & (missing == 0))
    values = np.zeros(variables + count)
    values[basis] = np.linalg.solve(whole[:, basis], right)
    return Solution(values[:variables], np.linalg.solve(whole[:, basis].T, paid[basis]))


def _improved(costs: Reals, rows: Reals, right: Reals, basis: Ints, may_enter: NDArray[np.bool_]) -> Ints:
    """The basis after all steps that lower the cost."""
    basis = basis.copy()
    for _ in range(MOST_STEPS):
        inside = rows[:, basis]
        prices = np.linalg.solve(inside.T, costs[basis])
        gains = np.where(may_enter, costs - prices @ rows, 0.0)
        better = np.flatnonzero(gains < -SMALL)
        if not len(better):
            return basis
        enters = better[0]
        per_unit, now = np.linalg.solve(inside, np.stack([rows[:, enters], right], axis=1)).T
        limits = np.where(per_unit > SMALL, np.maximum(now, 0.0) / np.where(per_unit > SMALL, per_unit, 1.0), np.inf)
        if not np.isfinite(limits.min()):
            raise ArithmeticError("the cost can be lowered without end")
        ties = np.flatnonzero(limits <= limits.min() + SMALL)
        basis[ties[np.argmin(basis[ties])]] = enters
    raise ArithmeticError(f"not solved after {MOST_STEPS:,} steps")
