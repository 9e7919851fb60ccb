"""Small linear programmes, and work that is shared out as evenly as can be, held against SciPy's solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from vssim.model.load import Pool, _assigned
from vssim.model.simplex import least


def test_the_least_cost_is_that_of_scipys_solver() -> None:
    luck = np.random.default_rng(7)
    for _ in range(200):
        count, variables = luck.integers(1, 6), luck.integers(6, 14)
        rows = np.where(luck.random((count, variables)) < 0.6, luck.uniform(-1, 2, (count, variables)), 0.0)
        right = rows @ luck.uniform(0, 1, variables)
        rows, right = np.where(right < 0, -rows.T, rows.T).T, np.abs(right)
        costs = luck.uniform(0, 1, variables)
        expected = linprog(costs, A_eq=rows, b_eq=right, method="highs")
        assert costs @ least(costs, rows, right).values == pytest.approx(expected.fun, abs=1e-7)


def test_a_price_is_what_one_more_on_the_right_costs() -> None:
    solution = least(np.array([2.0, 3.0]), np.array([[1.0, 1.0]]), np.array([4.0]))
    assert solution.values.tolist() == [4, 0]
    assert solution.prices.tolist() == [2]


def test_what_nobody_can_fulfil_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="no values"):
        least(np.array([1.0]), np.array([[1.0], [1.0]]), np.array([1.0, 2.0]))


def test_the_highest_load_is_as_low_as_scipys_solver_can_make_it() -> None:
    luck = np.random.default_rng(11)
    for _ in range(150):
        skills = [f"s{number}" for number in range(luck.integers(1, 5))]
        pools = [
            Pool(
                f"t{number}",
                float(luck.integers(1, 6)),
                {skill: luck.uniform(0.3, 1) for skill in skills if luck.random() < 0.6},
                1.0,
            )
            for number in range(luck.integers(1, 7))
        ]
        work = {skill: luck.uniform(0.1, 3) for skill in skills if any(skill in pool.speed for pool in pools)}
        loads = _assigned(pools, work)
        assert max(loads, default=0.0) == pytest.approx(lowest(pools, work), rel=1e-6, abs=1e-7)
        spent = sum(load * pool.people for load, pool in zip(loads, pools, strict=True))
        assert spent > 0 or not work


def lowest(pools: list[Pool], work: dict[str, float]) -> float:
    """The least possible highest load."""
    pairs = [(skill, number) for skill in work for number, pool in enumerate(pools) if skill in pool.speed]
    uses = np.zeros((len(pools), len(pairs) + 1))
    whole = np.zeros((len(work), len(pairs) + 1))
    uses[:, -1] = -1
    for column, (skill, number) in enumerate(pairs):
        uses[number, column] = work[skill] / (pools[number].speed[skill] * pools[number].people)
        whole[list(work).index(skill), column] = 1
    if not pairs:
        return 0.0
    goal = np.array([0.0] * len(pairs) + [1.0])
    answer = linprog(goal, A_ub=uses, b_ub=np.zeros(len(pools)), A_eq=whole, b_eq=np.ones(len(work)), method="highs")
    return float(answer.fun)
