"""The hunt for a model on which the two engines differ: generated models over the whole language, several replications of each."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import vssim
from tests.support.models import Document, Taste, documents, runnable
from tests.support.primitives import primitives
from vssim import engines, workload
from vssim.engines.agreement import first_difference, rows
from vssim.workload.program import Program

ROOT = Path(__file__).resolve().parents[2]

REPLICATIONS = 3
"""How often each variant of a model is played: other luck may meet what the first has missed."""

TASTES = [
    Taste(finite=finite, spread=spread, odd_pace=odd_pace, tight=finite and not spread, changes=changes)
    for finite in (True, False)
    for spread in (False, True)
    for odd_pace in (False, True)
    for changes in (True, False)
]

anything = st.sampled_from(TASTES).flatmap(lambda taste: documents(taste, horizon=60 if taste.finite else 20))
"""Models of every taste."""


def programs(scenario: vssim.Scenario, replications: int = 1) -> list[tuple[str | None, int, Program]]:
    """Every variant of a scenario so many times: (change, replication, program)."""
    run = scenario.run
    return [
        (change, replication, program)
        for change in (None, *scenario.changes)
        for replication in range(replications)
        for program in [
            workload.build(scenario.plan(change), horizon=run.horizon, seed=run.seed, replication=replication, unit=scenario.unit)
        ]
    ]


def require_equality(document: Document, replications: int = 1) -> list[Program]:
    """The programs that were compared, none where the document makes no organisation that can be run."""
    scenario = runnable(document)
    if scenario is None:
        return []
    played = programs(scenario, replications)
    for change, replication, program in played:
        difference = first_difference(program)
        assert difference is None, f"change {change}, replication {replication}: {difference}"
    return [program for _, _, program in played]


def hunt(models: int, luck: int, watch: Callable[[Counter[str]], None] = lambda _: None) -> Counter[str]:
    """Play so many generated models on both engines; what was met: "models", "runs", "rows" and primitives, how often each.

    Raises AssertionError for the first model that differs, shrunk, with the seed that finds it again.
    """
    seen: Counter[str] = Counter()

    def play(document: Document) -> None:
        played = require_equality(document, REPLICATIONS)
        seen["models"] += bool(played)
        seen["runs"] += len(played)
        seen["rows"] += sum(map(rows, played))
        seen.update({name for program in played for name in primitives(program, engines.trace(program, "compiled"))})
        watch(seen)

    among_models(play, models, luck, "benchmarks.hunt")
    return seen


def among_models(play: Callable[[Document], None], models: int, luck: int, again: str) -> None:
    """Give so many generated models to `play`.

    Raises AssertionError for the first that it fails with, shrunk, with the module `again` that finds it again by its seed.
    """

    @seed(luck)
    @settings(
        max_examples=models,
        database=None,
        derandomize=False,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(anything)
    def each(document: Document) -> None:
        play(document)

    try:
        each()
    except AssertionError as error:
        error.add_note(f"found with seed {luck}: python -m {again} --models {models} --seed {luck}")
        raise


def seed_of_this_commit() -> int:
    """A seed that is another one with every commit; where there is no git, with every change of the engines."""
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        sources = sorted((ROOT / "vssim" / "engines").rglob("*.py"))
        return int(blake2b(b"".join(source.read_bytes() for source in sources), digest_size=4).hexdigest(), 16)
    return int(done.stdout.strip()[:8], 16)
