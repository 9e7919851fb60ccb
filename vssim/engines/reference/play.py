"""The tick loop of the reference engine: facts, then decisions, until the tick is quiet."""

from __future__ import annotations

from simpy.events import EventPriority

from vssim.engines.reference.change import come_into_force
from vssim.engines.reference.decisions import Decisions
from vssim.engines.reference.giving_up import give_up
from vssim.engines.reference.placing import place, write_down
from vssim.engines.reference.run import CHANGE, GOES_ON, Run
from vssim.workload.program import Program
from vssim.workload.trace import Trace
from vssim.workload.under_way import UnderWay


def play(program: Program) -> Trace:
    """Play a program to its horizon."""
    return _played(program).record.trace()


def stopped(program: Program) -> UnderWay:
    """What is under way at the last tick of a run that ends at the program's horizon."""
    return write_down(_played(program))


def _played(program: Program) -> Run:
    run = Run(program)
    decisions = Decisions(run)
    if program.under_way is not None:
        place(run, program.under_way)
    come_into_force(run, program.first_phase)
    # What it lets go on without work is due again at the first tick, after its decisions, as with any change. Among the first
    # facts it would be before those who arrive at that very tick.
    passed = [fact for fact in run.again if fact[0] == GOES_ON]
    run.again[:] = [fact for fact in run.again if fact[0] != GOES_ON]
    for phase in range(program.first_phase + 1, len(program.phases)):
        _expect_change(run, phase)
    for number in program.arriving().tolist():
        run.arrives(number, int(program.items.arrival[number]) - run.now)
    _begin(run)
    run.again += passed
    now: float = run.now  # there always is a first tick
    while now <= program.horizon:
        _record_facts(run, now)
        decisions.take()
        _due_again(run)
        while run.env.peek() > now and (give_up(run) or decisions.release_last_resort()):
            decisions.take()
            _due_again(run)
        now = run.env.peek()
    return run


def _begin(run: Run) -> None:
    """Let every item's process go to where it waits for its arrival."""
    while run.env.peek() == run.now:
        run.env.step()
    _due_again(run)


def _expect_change(run: Run, phase: int) -> None:
    run.call_at(run.program.phases[phase].start - run.now, CHANGE, lambda: come_into_force(run, phase))


def _record_facts(run: Run, now: float) -> None:
    while run.env.peek() == now:
        run.env.step()


def _due_again(run: Run) -> None:
    """Facts that have become due again at this tick take their turn."""
    again, run.again[:] = list(run.again), []
    for priority, fact in again:
        run.env.schedule(fact, EventPriority(priority))
