"""A change that comes into force: from now on another organisation counts, and what is under way is fitted to it."""

from __future__ import annotations

from vssim.clock import NOT_YET
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.lines import Line
from vssim.engines.reference.pool import Pool
from vssim.engines.reference.run import GOES_ON, PACE, Run


def come_into_force(run: Run, phase: int) -> None:
    """Let the organisation of `phase` count from now on."""
    run.phase = phase
    run.board.come_under(run.organisation, run.items)
    for pool in run.pools:
        _new_people(run, pool)
    waiting = _empty_lines(run)
    for item in run.items:
        _new_owner(run, item)
    for item in waiting:
        _wait_again(run, item)
    for item in run.items:
        _cut_short(run, item)
        if run.is_here(item):
            run.look_ahead(item)
        if item.arrived != NOWHERE and run.record.item_left[item.number] == NOT_YET:
            run.be_patient(item)
    _expect_last_arrivals(run)
    for gate, held in enumerate(run.at_gate):
        if held:
            run.expect_opening(gate)
    run.set_pace()
    _expect_people(run, len(_staffing_so_far(run)))
    for pool in run.pools:
        run.set_alarm(pool)


def _staffing_so_far(run: Run) -> list[tuple[int, int, int, int, int]]:
    """The entries of the staffing that hold already as the organisation comes into force: some, where a run begins after them."""
    return [entry for entry in run.organisation.staffing if entry[0] <= run.now]


def _expect_people(run: Run, entry: int) -> None:
    """Wake the run when people change next, from an entry of the staffing on."""
    staffing, phase = run.organisation.staffing, run.phase
    if entry < len(staffing):
        due = staffing[entry][0]
        run.call_at(due - run.now, PACE, lambda: _people_change(run, entry) if phase == run.phase else None)


def _people_change(run: Run, entry: int) -> None:
    """People come or go: their number, cap and rates are others from now on; what is above the cap is put down.

    The pool keeps its skills, and its team what it owns, also while nobody is here.
    """
    staffing = run.organisation.staffing
    while entry < len(staffing) and staffing[entry][0] == run.now:
        _, number, people, cap, row = staffing[entry]
        pool = run.pools[number]
        pool.up_to(run.now)
        pool.people, pool.cap, pool.rates = people, cap, run.organisation.pools.rate[row]
        _put_down_last(run, pool)
        for item in run.laid_aside:
            run.to_start[run.whose_line(item)].add(run.key(item), item)
        run.laid_aside.clear()
        run.set_alarm(pool)
        entry += 1
    _expect_people(run, entry)


def _expect_last_arrivals(run: Run) -> None:
    """Wake the run when the last item of a type may have arrived: from then on nobody waits for another."""
    for last in run.to_come.last_arrival[run.routing]:
        if run.now < last <= run.program.horizon:
            run.at(last - run.now)


def _new_people(run: Run, pool: Pool) -> None:
    """The pool's new people; what they cannot do any more, or have too much of, they put down."""
    organisation = run.organisation
    pool.up_to(run.now)
    pool.people = organisation.pools.people[pool.number]
    pool.cap = organisation.pools.cap[pool.number]
    pool.rates = organisation.pools.rate[pool.number]
    for _, number, people, cap, row in _staffing_so_far(run):
        if number == pool.number:
            pool.people, pool.cap, pool.rates = people, cap, organisation.pools.rate[row]
    for item in list(pool.open):
        able = organisation.proficiency(pool.number, run.skill[item.row])
        if not (organisation.pools.there[pool.number] and able and organisation.steps.there[run.step[item.row]]):
            _put_down(run, pool, item)
    _put_down_last(run, pool)


def _put_down_last(run: Run, pool: Pool) -> None:
    """What the pool has open above its cap is put down, the last by key; what does not interrupt before what does."""
    for item in sorted(pool.open, key=lambda item: (not run.interrupts(item), run.start_key(item, pool.team)))[pool.cap :]:
        _put_down(run, pool, item)


def _put_down(run: Run, pool: Pool, item: Item) -> None:
    run.put_down(pool, item)
    run.laid_aside.append(item)


def _empty_lines(run: Run) -> list[Item]:
    """Take everything out of the lines, whose order may be another one now; in the order of numbers."""
    lines: list[Line] = [*run.backlog.values(), *run.to_enter, *run.to_start.values()]
    waiting = [item for line in lines for item in line]
    waiting += [*run.at_once, *run.done, *(item for gathered in run.gathering for item in gathered), *run.laid_aside]
    for lot in (run.at_once, run.done, run.laid_aside, *run.gathering):
        lot.clear()
    run.backlog.clear()
    run.to_start.clear()
    run.to_enter[:] = [Line() for _ in run.to_enter]
    return sorted(waiting, key=lambda item: item.number)


def _new_owner(run: Run, item: Item) -> None:
    """An owner that is gone, or cannot do the present stay any more, lets the item go."""
    if item.owner == NOBODY:
        return
    skill = run.own_skill(item.row)
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
        run.gather(item)
    else:
        run.batch_or_release(item)


def _pass(run: Run, item: Item) -> None:
    """Nobody can do the visit any more: it is passed without work."""
    if item.put_down_since != NOT_YET and item.remaining is not None:
        run.record.resume(item.row, item.put_down_since, run.now)
    run.start_by_itself(item)
    run.call_at(0, GOES_ON, item.goes_on)


def _cut_short(run: Run, item: Item) -> None:
    """Time that passes at a step that is gone is over."""
    row, process = item.row, item.process
    if not item.timed or run.organisation.steps.there[run.step[row]]:
        return

    def interrupt() -> None:
        if process is not None and item.timed and item.row == row:
            process.interrupt("the step is gone")

    run.call_at(0, GOES_ON, interrupt)
