"""Which engine plays, and what the fast one needs before it can: it is for the size of the job to say, never for the answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import vssim
from vssim import engines, workload
from vssim.analysis.claims.check import check
from vssim.engines import compiled
from vssim.engines.compiled.backend import cache
from vssim.errors import UsageError

SMALL = """
run: {horizon: 20}
demand: {f: {every: 1}}
steps: {a: 0.5}
teams: {a: 1}
"""


def program() -> workload.Program:
    scenario = vssim.loads(SMALL)
    return workload.build(scenario.plan(None), horizon=20, seed=1, replication=0, unit="day")


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(compiled, "is_loaded", lambda: False)
    monkeypatch.setattr(compiled, "is_plain", lambda: False)
    monkeypatch.setattr(compiled, "is_compiled", lambda: True)
    return monkeypatch


def test_a_small_job_does_not_wait_for_the_fast_engine(unloaded: pytest.MonkeyPatch) -> None:
    assert engines.choose(500) == "reference"
    assert engines.choose(1_000_000) == "compiled"


def test_a_job_that_is_shorter_than_compiling_is_not_compiled_for(unloaded: pytest.MonkeyPatch) -> None:
    unloaded.setattr(compiled, "is_compiled", lambda: False)
    assert engines.choose(20_000) == "reference"
    assert engines.choose(1_000_000) == "compiled"


def test_a_loaded_engine_plays_everything(unloaded: pytest.MonkeyPatch) -> None:
    unloaded.setattr(compiled, "is_loaded", lambda: True)
    assert engines.choose(1) == "compiled"


def test_an_engine_that_may_not_compile_is_not_chosen(unloaded: pytest.MonkeyPatch) -> None:
    unloaded.setattr(compiled, "is_plain", lambda: True)
    assert engines.choose(1_000_000) == "reference"


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For how many visits an engine was chosen, each time."""
    asked: list[int] = []

    def choose(visits: int) -> engines.Engine:
        asked.append(visits)
        return "reference"

    monkeypatch.setattr(engines, "choose", choose)
    return asked


def visits(variant: str | None = None) -> int:
    scenario = vssim.loads(MANY)
    return len(workload.build(scenario.plan(variant), horizon=20, seed=1, replication=0, unit="day").visits.item)


MANY = (
    SMALL.replace("horizon: 20", "horizon: 20, replications: 6")
    + """
changes:
  limit: [{limit_wip: {stream: 3}}]
  more: [{set: {teams.a.people: 2}}]
claims: [{change: more, metric: lead_time.mean, at_most: 200%}]
"""
)


def test_the_engine_is_chosen_once_for_all_runs_of_a_comparison(chosen: list[int]) -> None:
    vssim.compare(vssim.loads(MANY), jobs=1)
    assert chosen == [3 * 6 * visits()]


def test_the_engine_is_chosen_once_for_all_runs_of_a_sweep(chosen: list[int]) -> None:
    vssim.sweep(vssim.loads(MANY), {"wip_limit": ["none", 1, 2, 3]}, jobs=1)
    assert chosen == [4 * 6 * visits()]


def test_a_sweep_that_is_finished_chooses_nothing(chosen: list[int], tmp_path: Path) -> None:
    for _ in range(2):
        vssim.sweep(vssim.loads(MANY), {"wip_limit": ["none", 1]}, store=tmp_path / "s.sqlite", jobs=1)
    assert len(chosen) == 1


def test_the_engine_is_chosen_once_for_all_combinations_of_levers(chosen: list[int]) -> None:
    text = MANY.replace("  more:", "  both: {includes: [limit, more]}\n  more:")
    vssim.explain(vssim.loads(text), "both", jobs=1)
    assert chosen == [4 * 6 * visits()]


def test_the_engine_is_chosen_for_all_runs_that_test_claims(chosen: list[int]) -> None:
    check(vssim.loads(MANY), jobs=1)
    assert chosen == [2 * 6 * visits()]


def test_many_small_runs_are_a_large_job(unloaded: pytest.MonkeyPatch) -> None:
    played: list[Any] = []

    def play(program: workload.Program, engine: engines.Engine) -> Any:
        played.append(engine)
        return original(program, "reference")

    original = engines.run
    unloaded.setattr(engines, "run", play)
    vssim.compare(vssim.loads(MANY), jobs=1)
    vssim.compare(vssim.loads(MANY), replications=200, jobs=1)
    assert played == ["reference"] * 18 + ["compiled"] * 600


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_an_engine_that_is_asked_for_is_not_chosen_again(engine: Any, chosen: list[int]) -> None:
    vssim.compare(vssim.loads(MANY), engine=engine, replications=2, jobs=1)
    assert chosen == []


def test_there_is_no_third_engine() -> None:
    with pytest.raises(UsageError, match="compiled"):
        engines.run(program(), engine="hand")  # type: ignore[arg-type]


def test_importing_and_small_runs_do_not_load_numba() -> None:
    script = f"import sys, vssim; vssim.simulate(vssim.loads({SMALL!r})); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_compiled_code_is_kept_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert cache.folder().is_relative_to(tmp_path)
    assert not cache.is_compiled()
    (cache.folder() / "kernel.1.nbc").touch()
    assert cache.is_compiled()


def test_kernels_of_versions_that_are_no_longer_used_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for age in range(1, cache.KEPT + 3):
        old = tmp_path / "vssim" / f"kernel-{age}"
        old.mkdir(parents=True)
        (old / "kernel.nbc").touch()
        os.utime(old, (1e9 - age, 1e9 - age))
    (tmp_path / "vssim" / "of somebody else").mkdir()
    found = cache.folder()
    young = [f"kernel-{age}" for age in range(1, cache.KEPT)]
    assert {one.name for one in (tmp_path / "vssim").iterdir()} == {*young, found.name, "of somebody else"}


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    assert cache.folder().is_dir()
    assert not cache.is_compiled()
