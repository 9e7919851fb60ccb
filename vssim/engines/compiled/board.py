"""The board: who holds which token, where there is room, and who has to be asked again because that changed."""

from __future__ import annotations

from vssim.clock import NO_LIMIT
from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.records import NONE, World


@kernel
def step_has_room(w: World, step: int) -> bool:
    """True when one more item may enter the step's column."""
    return w.steps[step].column < w.steps[step].limit


@kernel
def _counts(w: World, span: int, kind: int, step: int) -> bool:
    """True when the span counts an item of a type in a step's column; in no column (NONE) never."""
    entry = w.spans[span]
    return bool(entry.first <= step <= entry.last and w.tables.counted[w.run.phase, span, kind])


@kernel
def spans_have_room(w: World, item: int, step: int) -> bool:
    """True when every span that counts the step, and not the item already, has room for it."""
    entry = w.items[item]
    if w.steps[step].spanned:
        for span in range(w.run.spans):
            full = w.spans[span].inside >= w.spans[span].limit
            if full and _counts(w, span, entry.type, step) and not _counts(w, span, entry.type, entry.column):
                return False
    return True


@kernel
def count_in_spans(w: World, item: int, number: int) -> None:
    """The item enters (1) or leaves (−1) its column: what counts it there counts it in or out."""
    entry = w.items[item]
    for span in range(w.run.spans):
        if _counts(w, span, entry.type, entry.column):
            w.spans[span].inside += number


@kernel
def team_has_room(w: World, team: int, step: int) -> bool:
    """True when the team may own one more item, at `step`: it has room, or that is further down than all it owns."""
    entry = w.teams[team]
    if entry.owned < entry.limit or entry.limit == NO_LIMIT:
        return True
    for other in range(step, w.run.steps):  # noqa: SIM110 - the kernel has no generators
        if w.standing[team, other]:
            return False
    return True


@kernel
def ask_step(w: World, step: int) -> None:
    """Look at the step in the next round of moves: somebody may be able to enter it."""
    # Only steps that are asked are looked at: whatever frees a place, lines somebody up or lets a team have room has to ask.
    # One that forgets to leaves an item before a free place until something else asks, later than the rules say.
    w.steps[step].dirty = 1
    w.run.highest_dirty = max(w.run.highest_dirty, step)


@kernel
def ask_pool(w: World, pool: int) -> None:
    """Look at the pool in the next starts: it may have something to start."""
    # As with steps, but a full pool need not be asked: `work_done` asks it when a place is free. `dirty` keeps it in the list
    # once, which has room for each pool once.
    entry = w.pools[pool]
    if entry.open < entry.cap and not entry.dirty:
        entry.dirty = 1
        w.asked[w.run.asked] = pool
        w.run.asked += 1


@kernel
def ask_servers(w: World, skill: int, team: int) -> None:
    """Something waits for the skill: all who have it are asked, or those of one team."""
    entry = w.skills[skill]
    for place in range(entry.first, entry.end):
        pool = w.servers[place]
        if team in (NONE, w.pools[pool].team):
            ask_pool(w, pool)


@kernel
def ask_team(w: World, team: int) -> None:
    """The team may own more than before: its people are asked, and the steps to which its items come back."""
    for pool in range(w.run.pools):
        if w.pools[pool].team == team:
            ask_pool(w, pool)
    if w.teams[team].coming_back:
        for step in range(w.run.steps):
            if w.steps[step].coming_back:
                ask_step(w, step)


@kernel
def ask_backlog(w: World) -> None:
    """The stream, or a type, has room again."""
    for step in range(w.run.steps):
        if w.steps[step].backlog:
            ask_step(w, step)


@kernel
def _ask_spans(w: World, column: int) -> None:
    """Ask all columns under a limit together with the one that an item has left."""
    for span in range(w.run.spans):
        entry = w.spans[span]
        if entry.first <= column <= entry.last:
            for step in range(entry.first, entry.last + 1):
                ask_step(w, step)


@kernel
def count_in(w: World, item: int) -> None:
    """The item counts for its owner's limit."""
    entry = w.items[item]
    if entry.owner >= 0 and not entry.parked and w.teams[entry.owner].limited:
        w.teams[entry.owner].owned += 1
        if not entry.gathering:
            w.standing[entry.owner, entry.column] += 1


@kernel
def count_out(w: World, item: int) -> None:
    """The item counts no more for its owner's limit, or will count in another way."""
    entry = w.items[item]
    if entry.owner >= 0 and not entry.parked and w.teams[entry.owner].limited:
        w.teams[entry.owner].owned -= 1
        if not entry.gathering:
            w.standing[entry.owner, entry.column] -= 1
        if w.teams[entry.owner].limit != NO_LIMIT:
            ask_team(w, entry.owner)


@kernel
def enter_stream(w: World, item: int) -> None:
    """The item leaves the backlog."""
    w.run.in_stream += 1
    w.types[w.items[item].type].inside += 1


@kernel
def leave_stream(w: World, item: int) -> None:
    """The item leaves the value stream; all its tokens are freed."""
    entry = w.items[item]
    count_out(w, item)
    entry.owner = NONE
    leave_column(w, item)
    kind = w.types[entry.type]
    if w.run.stream_limit != NO_LIMIT or kind.limit != NO_LIMIT:
        ask_backlog(w)
    w.run.in_stream -= 1
    kind.inside -= 1


@kernel
def enter_column(w: World, item: int, step: int) -> None:
    """The item takes a step's token."""
    w.steps[step].column += 1
    w.items[item].column = step
    if w.steps[step].spanned:
        count_in_spans(w, item, 1)


@kernel
def leave_column(w: World, item: int) -> None:
    """The item frees its step's token, if it holds one."""
    entry = w.items[item]
    if entry.column >= 0:
        w.steps[entry.column].column -= 1
        ask_step(w, entry.column)
        if w.steps[entry.column].spanned:
            count_in_spans(w, item, -1)
            _ask_spans(w, entry.column)
        entry.column = NONE
