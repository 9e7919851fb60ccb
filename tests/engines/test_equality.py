"""The two engines give the same answer, row by row, over the whole language; and so does the compiled one uncompiled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vssim
from tests.support.models import Document, Taste, documents, runnable
from vssim import workload
from vssim.engines.agreement import first_difference
from vssim.scenario import library
from vssim.workload.program import Program

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


def require_equality(document: Document) -> None:
    scenario = runnable(document)
    if scenario is None:
        return
    for change, program in programs(scenario):
        difference = first_difference(program)
        assert difference is None, f"change {change}: {difference}"


@given(anything)
def test_both_engines_agree_on_every_row(document: Document) -> None:
    require_equality(document)


@pytest.mark.slow
@settings(max_examples=2500)
@given(anything)
def test_both_engines_agree_on_every_row_of_very_many_models(document: Document) -> None:
    require_equality(document)


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
