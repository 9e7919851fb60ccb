"""A change that comes into force: from now on another organisation counts, and what is under way is fitted to it."""

from __future__ import annotations

from vssim.clock import NOT_YET
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.lines import Line
from vssim.engines.reference.pool import Pool
from vssim.engines.reference.run import GOES_ON, Run


def come_into_force(run: Run, phase: int) -> None:
    """Let the organisation of `phase` count from now on."""
    run.phase = phase
    run.board.organisation = run.organisation
    for pool in run.pools:
        _new_people(run, pool)
    waiting = _empty_lines(run)
    for item in run.items:
        if item.row != NOWHERE:
            _new_owner(run, item)
    for item in waiting:
        _wait_again(run, item)
    for item in run.items:
        if item.timed and not run.organisation.step_there[run.step[item.row]]:
            _cut_short(run, item)
    for gate, held in enumerate(run.at_gate):
        if held:
            run.expect_opening(gate)
    run.set_pace()
    for pool in run.pools:
        run.set_alarm(pool)


def _new_people(run: Run, pool: Pool) -> None:
    """The pool's new people; what they cannot do any more, or have too much of, they put down."""
    organisation = run.organisation
    pool.up_to(run.now)
    pool.people = organisation.people[pool.number]
    pool.cap = organisation.cap[pool.number]
    pool.rates = organisation.rate[pool.number]
    for item in list(pool.open):
        able = organisation.proficiency(pool.number, run.skill[item.row])
        if not (pool.cap and able and organisation.step_there[run.step[item.row]]):
            _put_down(run, pool, item)
    for item in list(pool.open)[pool.cap :][::-1]:
        _put_down(run, pool, item)


def _put_down(run: Run, pool: Pool, item: Item) -> None:
    ticks_left, item.remaining = pool.put_down(item)
    run.record.touch[item.row] -= ticks_left
    item.put_down_since = item.key_time = run.now
    run.put_down.append(item)


def _empty_lines(run: Run) -> list[Item]:
    """Take everything out of the lines, whose order may be another one now; in the order of numbers."""
    lines: list[Line] = [*run.backlog.values(), *run.to_enter, *run.to_start.values()]
    waiting = [item for line in lines for item in line]
    waiting += [*run.at_once, *run.done, *(item for gathered in run.gathering for item in gathered), *run.put_down]
    for lot in (run.at_once, run.done, run.put_down, *run.gathering):
        lot.clear()
    run.backlog.clear()
    run.to_start.clear()
    run.to_enter[:] = [Line() for _ in run.to_enter]
    return sorted(waiting, key=lambda item: item.number)


def _new_owner(run: Run, item: Item) -> None:
    """An owner that is gone, or cannot do the present stay any more, lets the item go."""
    skill = run.own_skill(item.row)
    if item.owner == NOBODY:
        return
    if not run.organisation.team_there(item.owner) or (skill != NOBODY and not run.organisation.team_can(item.owner, skill)):
        run.board.disown(item)


def _wait_again(run: Run, item: Item) -> None:
    """Let the item wait for what it waits for, in the new organisation."""
    if item.row == NOWHERE:
        run.line_up_in_backlog(item)
    elif item.gathering:
        _gather_again(run, item)
    elif run.record.finished[item.row] != NOT_YET:
        run.line_up_to_move(item)
    elif run.somebody_needed(item.row):
        run.to_start[run.whose_line(item)].add(run.key(item), item)
    else:
        _pass(run, item)


def _gather_again(run: Run, item: Item) -> None:
    """The item goes on gathering, since when it did, or is released now."""
    if run.gathers(item, item.row + 1):
        run.gathering[run.step[item.row + 1]].append(item)
    else:
        run.batch_or_release(item)


def _pass(run: Run, item: Item) -> None:
    """Nobody can do the visit any more: it is passed without work."""
    if item.put_down_since != NOT_YET and item.remaining is not None:
        run.record.put_down[item.row] += run.now - item.put_down_since
    run.start_by_itself(item)
    run.call_at(0, GOES_ON, item.goes_on)


def _cut_short(run: Run, item: Item) -> None:
    """Time that passes at a step that is gone is over."""
    row, process = item.row, item.process

    def interrupt() -> None:
        if process is not None and item.timed and item.row == row:
            process.interrupt("the step is gone")

    run.call_at(0, GOES_ON, interrupt)
