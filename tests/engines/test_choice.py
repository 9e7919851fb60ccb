"""Which engine plays, and what the fast one needs before it can: it is for the size of the job to say, never for the answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import vssim
from vssim import engines, workload
from vssim.engines import compiled
from vssim.engines.compiled import cache
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


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    assert cache.folder().is_dir()
    assert not cache.is_compiled()
