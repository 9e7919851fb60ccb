"""The compiled kernel on disk: the next process loads it without Numba, and never half of it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

import vssim
from vssim import engines, workload
from vssim.engines import compiled
from vssim.engines.compiled import player
from vssim.engines.compiled.backend import cache, machine
from vssim.errors import RunError
from vssim.workload.program import Program
from vssim.workload.trace import Trace

TEXT = """
run: {horizon: 200}
demand: {f: {every: exponential(1)}}
steps: {a: {work: exponential(1), returns: {to: a, chance: 20%}}, b: 0.5}
teams: {a: 2, b: 1}
"""


def program(replication: int = 0) -> Program:
    scenario = vssim.loads(TEXT)
    return workload.build(scenario.plan(None), horizon=200, seed=1, replication=replication, unit="day")


def same(one: Trace, other: Trace) -> bool:
    return all((getattr(one, field.name) == getattr(other, field.name)).all() for field in fields(Trace))


def test_a_process_that_finds_the_kernel_compiled_does_not_load_numba() -> None:
    engines.trace(program(), "compiled")
    script = f"import sys, vssim; vssim.simulate(vssim.loads({TEXT!r}), engine='compiled'); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_what_was_kept_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert machine.kept() is None
    machine.keep("entrance", b"code\nand more\n\n")
    assert machine.kept() == ("entrance", b"code\nand more\n\n")
    assert cache.is_compiled()


@pytest.mark.parametrize("length", [0, 3, 40, -1])
def test_half_a_file_is_none(length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    machine.keep("entrance", b"code")
    (file,) = tmp_path.rglob("*.nbc")
    file.write_bytes(file.read_bytes()[:length])
    assert machine.kept() is None


def test_where_the_kernel_cannot_be_made_the_other_engine_plays_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise AttributeError("Numba has no such thing any more\nand says so at length")

    monkeypatch.setattr(compiled, "is_loaded", lambda: False)
    monkeypatch.setattr(player, "entrance", broken)
    with caplog.at_level("WARNING", "vssim.engines"):
        assert engines.choose(10**9) == "reference"
    assert "cannot be made here (AttributeError: Numba has no such thing any more)" in caplog.text
    with pytest.raises(RunError, match="cannot be made here"):
        engines.trace(program(), "compiled")


def test_runs_on_several_threads_do_not_meet() -> None:
    programs = [program(replication) for replication in range(12)]
    alone = [engines.trace(one, "compiled") for one in programs]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda one: engines.trace(one, "compiled"), programs * 3))
    assert all(same(one, alone[number % 12]) for number, one in enumerate(together))
    assert not np.array_equal(alone[0].finished, alone[1].finished)


def test_a_column_that_is_the_same_number_everywhere_may_take_no_memory() -> None:
    whole = program()
    rows = len(whole.visits.item)
    same_everywhere = {
        field.name: np.broadcast_to(column[0], rows)
        for field in fields(whole.visits)
        if (column := getattr(whole.visits, field.name)).min() == column.max()
    }
    assert {"delay", "gate", "setup"} <= same_everywhere.keys()
    thin = replace(whole, visits=replace(whole.visits, **same_everywhere))
    assert same(engines.trace(thin, "compiled"), engines.trace(whole, "compiled"))
