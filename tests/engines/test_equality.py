"""The two engines give the same answer, row by row, over the whole language; and so does the compiled one uncompiled."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings

import vssim
from tests.support.hunting import ROOT, anything, hunt, programs, require_equality, seed_of_this_commit
from tests.support.models import Document, runnable
from tests.support.primitives import EVERY, primitives
from vssim import engines
from vssim.engines import agreement
from vssim.engines.agreement import first_difference
from vssim.scenario import library
from vssim.workload.program import Program
from vssim.workload.trace import Trace


@given(anything)
def test_both_engines_agree_on_every_row(document: Document) -> None:
    require_equality(document)


@pytest.mark.slow
def test_both_engines_agree_on_every_row_of_very_many_models_that_are_others_with_every_commit() -> None:
    seen = hunt(2500, seed_of_this_commit())
    print("\n".join(f"{count:9,} {name}" for name, count in seen.most_common()))  # noqa: T201 - what pytest -s shows
    assert seen["models"] >= 2000
    assert {name for name in EVERY if seen[name] < 10} == set()


def test_a_hunt_that_finds_something_says_how_to_find_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "trace", _handoffs_that_take_a_tick_more)
    with pytest.raises(AssertionError, match="ready: reference") as failed:
        hunt(100, 5)
    assert "python -m benchmarks.hunt --models 100 --seed 5" in "".join(failed.value.__notes__)


def test_few_models_are_enough_to_meet_every_primitive() -> None:
    seen: set[str] = set()

    @settings(max_examples=400, database=None)
    @given(anything)
    def play(document: Document) -> None:
        scenario = runnable(document)
        for _, _, program in programs(scenario) if scenario else ():
            seen.update(primitives(program, engines.trace(program, "compiled")))

    play()
    assert seen == EVERY


def _handoffs_that_take_a_tick_more(program: Program, engine: engines.Engine) -> Trace:
    """The compiled engine as it would be if handoffs took a tick more."""
    true = engines.trace(program, engine)
    return replace(true, ready=true.ready + true.handoff * (true.ready >= 0)) if engine == "compiled" else true


def test_where_they_differ_the_first_row_is_said_and_the_model_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "trace", _handoffs_that_take_a_tick_more)

    @settings(max_examples=100, phases=(Phase.generate,))
    @given(anything)
    def play(document: Document) -> None:
        require_equality(document)

    with pytest.raises(AssertionError, match=r"item \d+, visit \d+, ready: reference \d+, compiled \d+") as failed:
        play()
    assert "document={'run'" in "".join(failed.value.__notes__)


@pytest.mark.parametrize("name", [name for name, _ in library.names()])
def test_both_engines_agree_on_the_library(name: str) -> None:
    for change, _, program in programs(vssim.load(name)):
        difference = first_difference(program)
        assert difference is None, f"change {change}: {difference}"


WITNESS = """
from hypothesis import given, settings, HealthCheck
from tests.support.hunting import anything, require_equality
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
