"""One item's story: what it went through, stretch by stretch, how long it was in somebody's hands, and why it waits on a day.

Of an open stretch the share is told that a person had for it, min(1, n / N) for N open items of n people: exact, no drawing of
who has what. So the time in hand is the integral of that share; the rest of an open stretch it lay aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.errors import UsageError
from vssim.language import t
from vssim.log import Ended, Kind, Log
from vssim.metrics.causes import delivered
from vssim.metrics.daily import Daily
from vssim.metrics.hands import Hands, crowd, letter, people_at
from vssim.metrics.people import open_spans
from vssim.metrics.spans import State

MOST_NAMES = 3
"""Of several items that belong together, at most so many are named."""

NEAR = 0.04
"""How far from the percentile an item may be and still be typical of it, as a share."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of an item's way. Times in units of time."""

    begin: float
    end: float
    look: str
    """open, queue, transit, blocked, outside, gate, room, backlog or parts"""
    step: str
    """the column it stands in; '' none"""
    words: str
    """what to call it"""
    shares: tuple[tuple[float, float, float], ...] = ()
    """of an open one: from, to, and the share of a person it has"""

    @property
    def length(self) -> float:
        """The length of the stretch [units of time]."""
        return self.end - self.begin

    @property
    def in_hand(self) -> float:
        """How much of it somebody has it in hand [units of time]."""
        return sum((end - begin) * share for begin, end, share in self.shares)


@dataclass(frozen=True)
class Story:
    """An item's way from arrival on. Times in units of time."""

    item: int
    type: str
    arrived: float
    done: float | None
    """None: not delivered by the end"""
    dropped: bool
    """True where it ended without being delivered"""
    unit: str
    stretches: tuple[Stretch, ...]
    called: str = ""
    """its name in the file"""

    @property
    def end(self) -> float:
        """Where the story ends: delivered, dropped, gave up, or the end of the run."""
        return self.stretches[-1].end if self.stretches else self.arrived

    @property
    def total(self) -> float:
        """The time from arrival to the end of the story [units of time]."""
        return self.end - self.arrived

    @property
    def in_hand(self) -> float:
        """How long it was in somebody's hands."""
        return sum(stretch.in_hand for stretch in self.stretches)

    @property
    def name(self) -> str:
        """Its name in the file, or type and number."""
        return self.called or f"{self.type[:1].upper()}{self.type[1:]} {self.item}"


def story(log: Log, item: int) -> Story:
    """The story of an item of a run, by its row. UsageError for one that there is not, or that never arrived."""
    count = len(log.items.type)
    if not hasattr(item, "__index__") or not 0 <= item < count:
        raise UsageError(f"item: got {item!r}, expected a whole number from 0 to {count - 1}" if count else "item: there is none")
    item = int(item)
    arrived = int(log.items.arrived[item])
    if arrived == NOT_YET:
        raise UsageError(f"item: {item} had not arrived by the end of the run")
    left = int(log.items.left[item])
    stretches = tuple(_stretches(log, item, arrived))
    dropped = log.items.ended[item] in (Ended.STOPPED, Ended.GAVE_UP)
    done = None if left == NOT_YET or dropped else log.time(left)
    return Story(
        item, log.types[log.items.type[item]], log.time(arrived), done, dropped, log.unit, stretches, log.ids.get(item, "")
    )


def _stretches(log: Log, item: int, arrived: int) -> Iterator[Stretch]:
    spans = Daily(log).spans
    rows = np.flatnonzero(spans.item == item)
    left, whole = log.items.left, bool((log.items.parent == item).any())
    others = [waited for waited in log.waited_for(item) if left[waited] == NOT_YET or left[waited] > arrived]
    if len(rows) and spans.begin[rows[0]] > arrived:
        yield Stretch(
            log.time(arrived),
            log.time(int(spans.begin[rows[0]])),
            "parts",
            "",
            t("waits for its parts") if whole or not others else t("waits for {who}", who=_named(log, others)),
        )
    open_shares = _shares(log, item)
    for row in rows.tolist():
        state, step = State(int(spans.state[row])), int(spans.step[row])
        if state in (State.DONE, State.STOPPED, State.GAVE_UP, State.AWAY):
            return
        begin = int(spans.begin[row])
        end = log.horizon if spans.end[row] == NOT_YET else int(spans.end[row])
        name = log.steps[step] if step >= 0 else ""
        yield _stretch(log, item, state, (begin, end), name, bool(spans.rework[row]), open_shares)


def _stretch(
    log: Log, item: int, state: State, span: tuple[int, int], step: str, again: bool, shares: list[tuple[int, int, float]]
) -> Stretch:
    begin, end = span
    look, words = _LOOKS[state][0], t(_LOOKS[state][1])
    mine: tuple[tuple[float, float, float], ...] = ()
    if state is State.DOING:
        inside = ((max(first, begin), min(last, end), share) for first, last, share in shares)
        mine = tuple((log.time(first), log.time(last), share) for first, last, share in inside if last > first)
        look, words = (
            ("open", t("{step} again", step=step) if again else step)
            if mine
            else ("transit", t("{step}: passes by itself", step=step))
        )
    elif state is State.WAITING:
        row = _visit_at(log, item, begin)
        words = t("put down") if row is not None and NOT_YET < log.visits.started[row] < begin else words
    elif state is State.BLOCKED:
        who = _helper(log, item, begin)
        look, words = ("outside", t("waits for an answer")) if who is None else ("blocked", t("waits for {who}", who=who))
    return Stretch(log.time(begin), log.time(end), look, step, words, mine)


_LOOKS = {
    State.BACKLOG: ("backlog", "not started"),
    State.TRANSIT: ("transit", "on the way"),
    State.WAITING: ("queue", "waiting"),
    State.DOING: ("open", ""),
    State.BLOCKED: ("blocked", "waits for an answer"),
    State.GATE: ("gate", "at a gate"),
    State.NO_ROOM: ("room", "no room ahead"),
}


def _shares(log: Log, item: int) -> list[tuple[int, int, float]]:
    """When somebody had the item itself open, and what share of a person it had: begin, end [ticks], share; in order."""
    spans, crowds = open_spans(log), crowd(log)
    visits = log.visits
    mine = np.flatnonzero((visits.item[spans.visit] == item) & (visits.kind[spans.visit] == Kind.WORK))
    shares: list[tuple[int, int, float]] = []
    for row in mine[
        spans.end[mine] > spans.begin[mine]
    ].tolist():  # work of no length has no share, and may be all that a pool ever had
        pool, begin, end = int(visits.pool[spans.visit[row]]), int(spans.begin[row]), int(spans.end[row])
        changes = [state.since for state in log.pools if state.index == pool and begin < state.since < end]
        inside = crowds.at[pool][(crowds.at[pool] > begin) & (crowds.at[pool] < end)]
        edges: Ints = np.unique(np.concatenate([[begin], inside, changes]).astype(np.int64))
        share = np.minimum(1.0, people_at(log, pool, edges) / np.maximum(crowds.open(pool, edges), 1))
        ends = [*edges[1:].tolist(), end]
        for first, last, part in zip(edges.tolist(), ends, share.tolist(), strict=True):
            if shares and shares[-1][1] == first and shares[-1][2] == part:
                shares[-1] = (shares[-1][0], last, part)
            else:
                shares.append((first, last, part))
    return sorted(shares)


def _visit_at(log: Log, item: int, moment: int) -> int | None:
    """Row of the visit that an item is at."""
    visits = log.visits
    rows = np.flatnonzero((visits.item == item) & (visits.entered != NOT_YET) & (visits.entered <= moment))
    return int(rows[-1]) if len(rows) else None


def _helper(log: Log, item: int, moment: int) -> str | None:
    """Whom an item waits for: a team, or (where nobody has taken it up yet) a craft; None: somebody outside."""
    row = _visit_at(log, item, moment)
    if row is None or log.visits.skill[row] < 0:
        return None
    pool = int(log.visits.pool[row])
    if pool >= 0:
        return str(log.teams[next(state.team for state in log.pools if state.index == pool)])
    return str(log.skills[log.visits.skill[row]])


_ENDS = {
    Ended.DELIVERED: "it was delivered on {unit} {day}",
    Ended.STOPPED: "it was dropped on {unit} {day}",
    Ended.GAVE_UP: "it gave up on {unit} {day}",
}


def why(log: Log, item: int, day: float) -> str:
    """Why an item is where it is on a day, in one sentence."""
    moment = log.tick(day)
    if log.items.arrived[item] == NOT_YET or log.items.arrived[item] > moment:
        return t("it has not been asked for yet")
    left = int(log.items.left[item])
    if left != NOT_YET and left <= moment:
        said = t(_ENDS[Ended(int(log.items.ended[item]))], unit=t(log.unit), day=f"{log.time(left):.0f}")
        return said + (t(", with {who}", who=_named(log, gone)) if (gone := _left_with(log, item)) else "")
    spans = Daily(log).spans
    rows = np.flatnonzero((spans.item == item) & (spans.begin <= moment) & ((spans.end > moment) | (spans.end == NOT_YET)))
    state = State(int(spans.state[rows[-1]])) if len(rows) else State.AWAY
    hands = Hands(log)
    hands.seek(day)
    said = _SENTENCES.get(state, _away)(log, item, moment, hands)
    waiting = _waiters(log, item, moment)
    if not waiting:
        return said
    who = _named(log, waiting)
    return said + (t("; {who} waits for it", who=who) if len(waiting) == 1 else t("; {who} wait for it", who=who))


def _named(log: Log, items: list[int]) -> str:
    """Some items by name, the first few of them."""
    names = [log.called(item) for item in items]
    return ", ".join(names) if len(names) <= MOST_NAMES else f"{', '.join(names[: MOST_NAMES - 1])} + {len(names) + 1 - MOST_NAMES}"


def _waiters(log: Log, item: int, moment: int) -> list[int]:
    """Who has arrived by a moment and waits for an item to leave; a part of a whole is told as the whole."""
    waiters = []
    for waiter, other in log.waits:
        if other == item and _waits_at(log, waiter, moment):
            whole = waiter
            while log.items.parent[whole] >= 0:
                whole = int(log.items.parent[whole])
            waiters.append(whole)
    return list(dict.fromkeys(waiters))


def _waits_at(log: Log, item: int, moment: int) -> bool:
    """True where an item has arrived by a moment, and neither joined the backlog nor left."""
    arrived, joined, left = (int(column[item]) for column in (log.items.arrived, log.items.joined, log.items.left))
    return NOT_YET < arrived <= moment and all(time == NOT_YET or time > moment for time in (joined, left))


def _left_with(log: Log, item: int) -> list[int]:
    """The items that an item waited for and left with: they were dropped by the time it left, never having joined the backlog."""
    items, left = log.items, log.items.left
    if items.joined[item] != NOT_YET:
        return []
    others = log.waited_for(item)
    return [other for other in others if NOT_YET < left[other] <= left[item] and items.ended[other] == items.ended[item]]


def _away(log: Log, item: int, moment: int, _hands: Hands) -> str:
    others = [other for other in log.waited_for(item) if log.items.left[other] == NOT_YET or log.items.left[other] > moment]
    if others and _waits_at(log, item, moment):
        return t("it waits for {who}", who=_named(log, others))
    return t("its parts are under way" if (log.items.parent == item).any() else "it waits for other items")


def _in_backlog(_log: Log, _item: int, _moment: int, _hands: Hands) -> str:
    return t("it has not been started")


def _under_way(log: Log, item: int, moment: int, _hands: Hands) -> str:
    row = _visit_at(log, item, moment)
    ready = NOT_YET if row is None else int(log.visits.ready[row])
    return (
        t("it was handed over and arrives on {unit} {day}", unit=t(log.unit), day=f"{log.time(ready):.0f}")
        if ready != NOT_YET
        else t("it was handed over")
    )


def _waiting(log: Log, item: int, moment: int, hands: Hands) -> str:
    row = _visit_at(log, item, moment)
    pool = -1 if row is None else int(log.visits.pool[row])
    crew = hands.crews.get(pool)
    since = _put_down_since(log, item, moment)
    if since is not None:
        return t("it was put down on {unit} {day} and waits to be taken up again", unit=t(log.unit), day=f"{log.time(since):.0f}")
    if crew is None or crew.people is None:
        return t("nobody has taken it up")
    if (nobody := _nobody(log, pool, moment)) is not None:
        return nobody
    held = [held_items for held_items in crew.open if held_items]
    team = log.teams[next(state.team for state in log.pools if state.index == pool)]
    return t("nobody has taken it up; {team}: {busy} of {people} busy", team=team, busy=len(held), people=crew.people)


def _nobody(log: Log, pool: int, moment: int) -> str | None:
    """Why nobody of a pool could take it up, where all of them are away; else None."""
    if any(begin <= moment < end for begin, end in log.closed):
        return t("nobody works today")
    latest = [state for state in log.pools if state.index == pool and state.since <= moment]
    if not latest or latest[-1].people != 0:
        return None
    away = [entry for entry in log.away if entry.pool == pool and entry.since <= moment]
    team = log.teams[latest[-1].team]
    said = [t("{count} on leave", count=away[-1].absent)] if away and away[-1].absent else []
    said += [t("{count} ill", count=away[-1].ill)] if away and away[-1].ill else []
    return t("nobody of {team} is here", team=team) + (f": {', '.join(said)}" if said else "")


def _put_down_since(log: Log, item: int, moment: int) -> int | None:
    """Since when an item that somebody had begun lies put down [ticks]; None where none does."""
    spans = Daily(log).spans
    rows = np.flatnonzero((spans.item == item) & (spans.put_down == 1) & (spans.begin <= moment))
    return int(spans.begin[rows[-1]]) if len(rows) and not NOT_YET < spans.end[rows[-1]] <= moment else None


def _open(log: Log, item: int, moment: int, hands: Hands) -> str:
    held = hands.held(log.time(moment)).get(item)
    if held is None:
        return t("time passes; nobody is needed")
    if held.person is None:
        return t("it is in hand")
    who = letter(held.person)
    if held.in_hand:
        if held.open > 1:
            return t("it is in {who}'s hands, one of {count} that {who} has open", who=who, count=held.open)
        return t("it is in {who}'s hands", who=who)
    return t("it is set aside: {who} has {count} things open and works on another", who=who, count=held.open)


def _blocked(log: Log, item: int, moment: int, _hands: Hands) -> str:
    return t("it waits for an answer from {who}", who=_helper(log, item, moment) or t("outside"))


def _at_gate(log: Log, item: int, moment: int, _hands: Hands) -> str:
    row = _visit_at(log, item, moment)
    if row is None:
        return t("it is done here and waits for a gate")
    step, released = log.steps[log.visits.step[row]], int(log.visits.released[row])
    said = t(
        "it is done and waits for the gate of {step}"
        if log.visits.gated[row]
        else "it is done and waits for the rest of its batch in {step}",
        step=step,
    )
    return said + (t(" on {unit} {day}", unit=t(log.unit), day=f"{log.time(released):.0f}") if released != NOT_YET else "")


def _no_room(log: Log, item: int, moment: int, _hands: Hands) -> str:
    row = _visit_at(log, item, moment)
    visits = log.visits
    following = None if row is None or row + 1 >= len(visits.item) or visits.item[row + 1] != item else int(visits.step[row + 1])
    if following is None:
        return t("it is done here; there is no room ahead")
    spans = Daily(log).spans
    there = int(((spans.step == following) & (spans.begin <= moment) & ((spans.end > moment) | (spans.end == NOT_YET))).sum())
    phase = int(np.searchsorted(np.array(log.phases), moment, side="right")) - 1
    limit = log.step_limits[phase][following] if phase < len(log.step_limits) else None
    return t("it is done here; no room in {step}", step=log.steps[following]) + (
        t(": {there} of {limit}", there=there, limit=limit) if limit is not None else ""
    )


_SENTENCES = {
    State.BACKLOG: _in_backlog,
    State.TRANSIT: _under_way,
    State.WAITING: _waiting,
    State.DOING: _open,
    State.BLOCKED: _blocked,
    State.GATE: _at_gate,
    State.NO_ROOM: _no_room,
}


def typical(before: Log, after: Log, levels: tuple[float | None, float | None], warmup: float) -> int | None:
    """The number of an item that is typical of both sides; None where there is none.

    Of those whose lead time as it is lies near the first level, the one whose lead time with the change is nearest to the second.
    """
    rows = np.intersect1d(_measured(before, warmup), _measured(after, warmup))
    if levels[0] is None or not len(rows):
        return None
    lead = _lead(before, rows)
    near = np.flatnonzero(np.abs(lead - levels[0]) <= NEAR * levels[0])
    if not len(near):
        near = np.argsort(np.abs(lead - levels[0]), kind="stable")[:1]
    wanted = levels[0] if levels[1] is None else levels[1]
    return int(rows[near[int(np.argmin(np.abs(_lead(after, rows[near]) - wanted)))]])


def _measured(log: Log, warmup: float) -> Ints:
    """Rows of customers' items that were delivered in the measured time."""
    rows = delivered(log)
    return rows[(log.items.parent[rows] < 0) & (log.items.left[rows] >= log.tick(warmup))]


def _lead(log: Log, rows: Ints) -> Reals:
    return (log.items.left[rows] - log.items.arrived[rows]) / TICKS
