"""Whatever accident a file of the library has had, it ends in a result or a sentence, in time and in memory."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.support.mutants import LARGEST, LONGEST, hard, mutant, outcome
from vssim.workload import blueprint


@pytest.mark.parametrize(
    ("make", "seeds"),
    [
        (mutant, range(60)),
        (hard, range(200)),
        pytest.param(mutant, range(60, 400), marks=pytest.mark.slow),
        pytest.param(hard, range(200, 500), marks=pytest.mark.slow),
    ],
)
def test_every_input_ends_in_a_result_or_a_sentence(
    make: Callable[[random.Random], str], seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blueprint, "free_memory", lambda: 2 * LARGEST)
    seen = Counter[str]()
    for seed in seeds:
        found = outcome(make(random.Random(seed)))
        seen[found.said] += 1
        assert found.seconds < LONGEST, f"seed {seed} took {found.seconds:.1f} s"
        assert found.memory < LARGEST, f"seed {seed} took {found.memory / 1e6:.0f} MB"
    assert seen["result"] > 0
    assert seen["ScenarioError"] > 0
