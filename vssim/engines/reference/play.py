"""The tick loop of the reference engine: facts, then decisions, until the tick is quiet."""

from __future__ import annotations

from simpy.events import EventPriority

from vssim.engines.reference.change import come_into_force
from vssim.engines.reference.decisions import Decisions
from vssim.engines.reference.run import CHANGE, Run
from vssim.workload.program import Program, Trace


def play(program: Program) -> Trace:
    """Play a program to its horizon."""
    run = Run(program)
    decisions = Decisions(run)
    come_into_force(run, 0)
    for phase in range(1, len(program.phases)):
        _expect_change(run, phase)
    for number, arrival in enumerate(program.items.arrival.tolist()):
        if arrival >= 0 and not run.parts_missing[number]:
            run.comes(number, arrival)
    _begin(run)
    while (now := run.env.peek()) <= program.horizon:
        _record_facts(run, now)
        decisions.take()
        _due_again(run)
        while run.env.peek() > now and decisions.release_partial_batch():
            decisions.take()
            _due_again(run)
    return run.record.trace()


def _begin(run: Run) -> None:
    """Let every item's process go to where it waits for its arrival."""
    while run.env.peek() == run.now:
        run.env.step()
    _due_again(run)


def _expect_change(run: Run, phase: int) -> None:
    run.call_at(run.program.phases[phase].start, CHANGE, lambda: come_into_force(run, phase))


def _record_facts(run: Run, now: float) -> None:
    while run.env.peek() == now:
        run.env.step()


def _due_again(run: Run) -> None:
    """Facts that have become due again at this tick take their turn."""
    again, run.again[:] = list(run.again), []
    for priority, fact in again:
        run.env.schedule(fact, EventPriority(priority))
