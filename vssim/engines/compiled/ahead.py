"""Whether items that are here may still come to gather for a step: one counter a step, kept up as items join, gather and leave.

It counts entries: forward entries into a stay with own work that lie ahead of an item, where some possible owner would not keep
it.
"""

from __future__ import annotations

from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.organisation import ends_stay, own_skill, plan_of
from vssim.engines.compiled.records import World


@kernel
def count_all(w: World) -> None:
    """Count every entry ahead of every item anew, because another organisation is in force."""
    for step in range(w.run.steps):
        w.steps[step].to_come = 0
    if w.run.batching:
        for item in range(w.run.items):
            if w.items[item].joined >= 0 and w.items[item].left < 0:
                look_ahead(w, item)


@kernel
def _ahead(w: World, item: int) -> tuple[int, int]:
    """The rows of the itinerary whose entries are still ahead of an item: the first, and the one after the last."""
    entry = w.items[item]
    if entry.row < 0:
        return _first_row(w, item) + 1, w.plans.end[plan_of(w, item)]
    if ends_stay(w, item) and w.trace.released[entry.row] >= 0:
        return entry.row + 2, entry.end
    return entry.row + 1, entry.end


@kernel
def look_ahead(w: World, item: int) -> None:
    """Count all entries ahead of an item that is counted nowhere yet."""
    entry = w.items[item]
    # Without batches nothing is counted: the way ahead of every item would be read once, for a number that nobody asks for.
    if w.run.batching == 0:
        return
    row, end = _ahead(w, item)
    while row < end:
        count_entry(w, item, row, 1)
        row += 1
    if entry.gathering:
        gathers_and_comes_no_more(w, item, -1)


@kernel
def count_out_ahead(w: World, item: int) -> None:
    """Take an item that will come to no step any more out of all counters."""
    entry = w.items[item]
    if w.run.batching == 0:
        return
    if entry.gathering:
        gathers_and_comes_no_more(w, item, 1)
    row, end = _ahead(w, item)
    while row < end:
        count_entry(w, item, row, -1)
        row += 1


@kernel
def gathers_and_comes_no_more(w: World, item: int, sign: int) -> None:
    """An item that gathers for a step is not waited for there nor before: count these entries out (−1), or in again (1)."""
    if w.run.batching == 0:
        return
    entry = w.items[item]
    last = w.visits[entry.row + 1].step
    for row in range(entry.row + 1, entry.end):
        if w.visits[row].step <= last:
            count_entry(w, item, row, sign)


@kernel
def count_entry(w: World, item: int, row: int, sign: int) -> None:
    """Count an entry in or out, if the item may have to gather before it; at 0 the batches are looked at again."""
    step = w.visits[row].step
    if w.steps[step].batch > 1 and w.visits[row].opens and w.visits[row].back == 0 and _may_gather(w, item, row):
        w.steps[step].to_come += sign
        if w.steps[step].to_come == 0:
            w.run.batches_dirty = 1


@kernel
def _may_gather(w: World, item: int, row: int) -> bool:
    """True when some team that can own the item before the stay which `row` opens does not do its own work."""
    skill = own_skill(w, row)
    if skill < 0 or w.items[item].expedited:
        return False
    first, before = _first_row(w, item), row - 1
    while before >= first and (w.visits[before].opens == 0 or own_skill(w, before) < 0):
        before -= 1
    if before < first:
        return False
    earlier = own_skill(w, before)
    for team in range(w.run.teams):  # noqa: SIM110 - the kernel has no generators
        if w.team_can[team, earlier] and w.team_does[team, skill] == 0:
            return True
    return False


@kernel
def _first_row(w: World, item: int) -> int:
    """First row of the itinerary that the item follows, or would now."""
    return w.plans.first[plan_of(w, item)]
