"""A run that is stopped at any quiet tick, written down and begun again there, gives the same log, on both engines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import vssim
from tests.support.hunting import programs, seed_of_this_commit
from tests.support.restarting import first_column_that_differs, hunt_restarts, ticks_of, written_down
from vssim import engines
from vssim.workload.under_way import Standing


def test_a_run_begun_again_at_a_quiet_tick_gives_the_same_log() -> None:
    seen = hunt_restarts(60, 3)
    assert seen["restarts"] > 100


@pytest.mark.slow
def test_very_many_runs_begun_again_give_the_same_log_and_meet_every_way_to_stand() -> None:
    seen = hunt_restarts(1000, seed_of_this_commit())
    assert {standing.name for standing in Standing if seen[f"standing {int(standing)}"] < 10} == set()


def test_a_run_of_the_library_can_be_begun_again_in_the_middle() -> None:
    for _, _, program in programs(vssim.load("reorg"))[:2]:
        whole = engines.trace(program, "compiled")
        ticks = ticks_of(whole)
        state = written_down(program, int(ticks[len(ticks) // 2]))
        again = engines.trace(replace(program, under_way=state), "compiled")
        assert first_column_that_differs(whole, again) is None
        assert len(state.item) > 10


def test_what_is_written_down_wrong_gives_another_log() -> None:
    program = programs(vssim.load("silos"))[0][2]
    whole = engines.trace(program, "compiled")
    ticks = ticks_of(whole)
    state = written_down(program, int(ticks[len(ticks) // 2]))
    hurried = replace(state, left=np.maximum(state.left // 2, 0))
    for engine in ("reference", "compiled"):
        assert first_column_that_differs(whole, engines.trace(replace(program, under_way=hurried), engine)) is not None
