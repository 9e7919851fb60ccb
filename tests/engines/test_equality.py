"""The two engines give the same answer, row by row, over the whole language; and so does the compiled one uncompiled."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import vssim
from tests.support.models import Document, Taste, documents, runnable
from tests.support.primitives import EVERY, primitives
from vssim import engines, workload
from vssim.engines import agreement
from vssim.engines.agreement import first_difference
from vssim.scenario import library
from vssim.workload.program import Program, Trace

ROOT = Path(__file__).resolve().parents[2]

TASTES = [
    Taste(finite=finite, spread=spread, odd_pace=odd_pace, tight=finite and not spread, changes=changes)
    for finite in (True, False)
    for spread in (False, True)
    for odd_pace in (False, True)
    for changes in (True, False)
]

anything = st.sampled_from(TASTES).flatmap(lambda taste: documents(taste, horizon=60 if taste.finite else 20))


def programs(scenario: vssim.Scenario) -> list[tuple[str | None, Program]]:
    """Every variant of a scenario, drawn once."""
    run = scenario.run
    return [
        (change, workload.build(scenario.plan(change), horizon=run.horizon, seed=run.seed, replication=0, unit=scenario.unit))
        for change in (None, *scenario.changes)
    ]


def require_equality(document: Document) -> list[Program]:
    """The programs that were compared, none where the document makes no organisation that can be run."""
    scenario = runnable(document)
    if scenario is None:
        return []
    played = programs(scenario)
    for change, program in played:
        difference = first_difference(program)
        assert difference is None, f"change {change}: {difference}"
    return [program for _, program in played]


@given(anything)
def test_both_engines_agree_on_every_row(document: Document) -> None:
    require_equality(document)


@pytest.mark.slow
def test_both_engines_agree_on_every_row_of_very_many_models_over_the_whole_language() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=2500)
    @given(anything)
    def play(document: Document) -> None:
        played = require_equality(document)
        seen["models"] += bool(played)
        seen.update({name for program in played for name in primitives(program, engines.trace(program, "compiled"))})

    play()
    print("\n".join(f"{count:5} {name}" for name, count in seen.most_common()))  # noqa: T201 - what pytest -s shows
    assert seen["models"] >= 2000
    assert {name for name in EVERY if seen[name] < 20} == set()


def test_few_models_are_enough_to_meet_every_primitive() -> None:
    seen: set[str] = set()

    @settings(max_examples=400, database=None)
    @given(anything)
    def play(document: Document) -> None:
        scenario = runnable(document)
        for _, program in programs(scenario) if scenario else ():
            seen.update(primitives(program, engines.trace(program, "compiled")))

    play()
    assert seen == EVERY


def test_where_they_differ_the_first_row_is_said_and_the_model_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def another_truth(program: Program, engine: engines.Engine) -> Trace:
        """The compiled engine as it would be if handoffs took a tick more."""
        true = engines.trace(program, engine)
        return replace(true, ready=true.ready + true.handoff * (true.ready >= 0)) if engine == "compiled" else true

    monkeypatch.setattr(agreement, "trace", another_truth)

    @settings(max_examples=100, phases=(Phase.generate,))
    @given(anything)
    def play(document: Document) -> None:
        require_equality(document)

    with pytest.raises(AssertionError, match=r"item \d+, visit \d+, ready: reference \d+, compiled \d+") as failed:
        play()
    assert "document={'run'" in "".join(failed.value.__notes__)


@pytest.mark.parametrize("name", [name for name, _ in library.names()])
def test_both_engines_agree_on_the_library(name: str) -> None:
    for change, program in programs(vssim.load(name)):
        difference = first_difference(program)
        assert difference is None, f"change {change}: {difference}"


WITNESS = """
from hypothesis import given, settings, HealthCheck
from tests.engines.test_equality import anything, require_equality
from vssim.engines import compiled
from vssim.engines.compiled.loop import run_to_horizon

assert compiled.is_plain() and type(run_to_horizon).__name__ == "function"

@settings(max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(anything)
def play(document):
    require_equality(document)

play()
"""


def test_the_compiled_engine_agrees_uncompiled_too() -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITNESS], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
