"""What is true of every log of every generated model."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import assume, given

import vssim
from tests.support.models import Document, Taste, documents, runnable
from tests.support.running import ENGINES, text_of
from vssim.clock import NOT_YET, Ints
from vssim.log import Ended, Kind
from vssim.metrics import causes
from vssim.metrics.people import over
from vssim.play.run import Run

STAGES = ("entered", "ready", "started", "finished", "released", "left")


def runs(document: Document, change: str | None = None) -> list[Run]:
    """The run of a document on each engine; none when its change cannot be run."""
    scenario = runnable(document)
    if scenario is None:
        return []
    return [vssim.simulate(scenario, change, engine=name) for name in ENGINES]  # type: ignore[arg-type]


def most_at_once(starts: Ints, ends: Ints) -> int:
    """Most that are between start and end at once; who ends at a tick is gone before anybody starts at it."""
    begun = starts != NOT_YET
    events = [(time, 1) for time in starts[begun]] + [(time, -1) for time in ends[begun] if time != NOT_YET]
    count = most = 0
    for _, step in sorted(events):
        count += step
        most = max(most, count)
    return most


def check_stages(run: Run) -> None:
    """A visit goes through its stages in order, one after the other."""
    rows = run.log.visits
    for before, after in pairwise(STAGES):
        first, second = getattr(rows, before), getattr(rows, after)
        cut_short = (run.log.items.gave_up[rows.item] == 1) & (after == "left")  # a visit may be left and never finished
        assert not ((first == NOT_YET) & (second != NOT_YET) & ~cut_short).any(), (before, after)
        assert (first <= second)[second != NOT_YET].all(), (before, after)
    assert (rows.left <= run.log.horizon).all()
    assert ((rows.finished == NOT_YET) | (rows.put_down >= 0)).all()
    assert (rows.put_down <= over(run.log) - rows.started).all() or not len(rows.item)


def check_succession(run: Run) -> None:
    """Visits of an item follow one another; what leaves a stay enters the next one at that moment, or the item has left."""
    rows, items = run.log.visits, run.log.items
    of_item: dict[int, list[int]] = defaultdict(list)
    for row, item in enumerate(rows.item.tolist()):
        of_item[item].append(row)
    for item, its in of_item.items():
        assert [rows.visit[row] for row in its] == list(range(len(its)))
        assert rows.entered[its[0]] == items.pulled[item]
        for before, after in pairwise(its):
            assert rows.stay[after] - rows.stay[before] in (0, 1)
            if rows.entered[after] == NOT_YET:
                continue
            if rows.stay[after] != rows.stay[before]:
                assert rows.entered[after] == rows.left[before]
            else:
                assert rows.entered[after] >= rows.left[before] > NOT_YET
                assert rows.step[after] == rows.step[before]
                assert rows.handoff[after] == rows.handoff[before]
        entered = [row for row in its if rows.entered[row] != NOT_YET]
        if entered and rows.left[entered[-1]] != NOT_YET and entered[-1] == its[-1]:
            assert items.left[item] == rows.left[entered[-1]]
        elif items.left[item] != NOT_YET and not items.gave_up[item] and items.joined[item] != NOT_YET:
            raise AssertionError(f"item {item} left before its last visit")


def check_items(run: Run) -> None:
    """Items arrive, join, are pulled and leave in this order, and nothing is lost."""
    items = run.log.items
    waited = (items.ended == Ended.STOPPED) & (items.joined == NOT_YET)  # left with one that was stopped
    assert (items.pulled[waited] == NOT_YET).all()
    for before, after in pairwise(("arrived", "joined", "pulled", "left")):
        first, second = getattr(items, before), getattr(items, after)
        assert not ((first == NOT_YET) & (second != NOT_YET) & (items.gave_up == 0) & ~waited).any(), (before, after)
        assert (first <= second)[second != NOT_YET].all(), (before, after)
    measured = run.metrics(warmup=0)
    customers = items.parent < 0
    counted = (items.ended == Ended.DELIVERED) & customers
    assert measured["delivered"] == counted.sum()
    ways = [((items.ended == way) & customers).sum() for way in (*Ended, NOT_YET)]
    assert sum(ways) == customers.sum()
    assert measured["unfinished"] == ((items.arrived != NOT_YET) & (items.left == NOT_YET) & customers).sum()


def check_people(run: Run, caps: dict[int, int]) -> None:
    """Nobody has more open than the cap; what people work on they do or help at, and own if it is the item's own work."""
    rows, log = run.log.visits, run.log
    team_of = {pool.index: pool.team for pool in log.pools}
    put_down = rows.put_down > 0
    if log.pauses is not None:
        put_down[log.pauses.visit] = True  # also what nobody has taken up again by the end
    for pool, cap in caps.items():
        mine = (rows.pool == pool) & ~put_down  # what is put down is begun, and in nobody's hands meanwhile
        begun = np.where(rows.started == NOT_YET, NOT_YET, np.maximum(rows.started, log.origin))  # before, there may be more
        assert most_at_once(begun[mine], over(log)[mine]) <= cap, pool
    for row in np.flatnonzero((rows.kind == Kind.WORK) & (rows.pool >= 0)):
        assert rows.owner[row] == team_of[int(rows.pool[row])]


def check_owners(run: Run, model: Any) -> None:
    """Between handoffs the owner stays; a handoff leaves a team that does not do the step."""
    rows, log = run.log.visits, run.log
    owner: dict[int, int] = {}
    for row in np.flatnonzero((rows.kind == Kind.WORK) & (rows.pool >= 0)):
        item = int(rows.item[row])
        if item in owner and not (rows.handoff[row] and _first_own(rows, int(row))):
            assert rows.owner[row] == owner[item]
        elif item in owner:
            step = log.steps[rows.step[row]]
            assert log.teams[owner[item]] not in set(model.teams_that("does", step))
        owner[item] = int(rows.owner[row])


def _first_own(rows: Any, row: int) -> bool:
    """True for the first own work of a stay."""
    before = row - 1
    while before >= 0 and rows.item[before] == rows.item[row] and rows.stay[before] == rows.stay[row]:
        if rows.kind[before] == Kind.WORK and rows.pool[before] >= 0:
            return False
        before -= 1
    return True


def check_limits(run: Run, document: Document) -> None:
    """No limit is exceeded, where nothing passes limits and nothing is parked."""
    rows, items, log = run.log.visits, run.log.items, run.log
    opens = (
        np.append(True, (rows.item[1:] != rows.item[:-1]) | (rows.stay[1:] != rows.stay[:-1])) if len(rows.item) else rows.item > 0
    )
    closes = np.append(opens[1:], True) if len(rows.item) else opens
    for number, name in enumerate(log.steps):
        limit = document["steps"][name].get("wip_limit")
        if limit is not None:
            here = rows.step == number
            assert most_at_once(rows.entered[opens & here], rows.left[closes & here]) <= limit, name
    for number, name in enumerate(log.types):
        limit = document["demand"][name].get("wip_limit")
        if limit is not None:
            mine = items.type == number
            assert most_at_once(items.pulled[mine], items.left[mine]) <= limit, name
    if "wip_limit" in document:
        assert most_at_once(items.pulled, items.left) <= document["wip_limit"]


def check_breakdown(run: Run) -> None:
    """Where the time went adds up to the lead time, to the tick."""
    items = run.log.items
    delivered = items.ended == Ended.DELIVERED
    total = sum(causes.causes(run.log).values())
    assert (total == (items.left - items.arrived)[delivered]).all()


def check_little(run: Run) -> None:
    """The time average of the number in progress is the sum of their times, over the same window."""
    items, horizon, first = run.log.items, run.log.horizon, run.log.origin
    if (items.parent >= 0).any():
        return  # a whole stands on the board only while it is on a route of its own

    def within(begins: Ints, ends: Ints) -> Ints:
        return np.maximum(0, ends - np.maximum(first, begins))  # what was before time 0 is not measured

    pulled, joined = items.pulled != NOT_YET, items.joined != NOT_YET
    until = np.where(items.left == NOT_YET, horizon, items.left)
    inside = within(items.pulled[pulled], until[pulled])
    waiting = within(items.joined[joined], np.where(items.pulled == NOT_YET, until, items.pulled)[joined])
    measured = run.metrics(warmup=0)
    last = int(items.left.max(initial=0))
    came = items.arrived != NOT_YET  # what waits for others is in the table whatever the horizon
    is_done = bool((items.left[came] != NOT_YET).all()) and last > first
    ends = {horizon, last} if is_done else {horizon}  # finite work is measured until it is done
    for name, spans in (("wip", inside), ("backlog", waiting)):
        value = measured[name]
        assert value is not None
        apart = min(abs(value * (end - first) - spans.sum()) for end in ends)
        assert apart <= 1e-9 * max(1, spans.sum()), name


def caps_of(scenario: vssim.Scenario) -> dict[int, int]:
    """Most open items of each pool, as the model says."""
    caps, number = {}, 0
    for team in scenario.model.teams.values():
        for group in team.groups:
            caps[number] = 10**9 if group.count == "unlimited" else max(1, int(group.count * team.multitasking + 1e-9))
            number += 1
    return caps


@given(documents(Taste(finite=False)))
def test_logs_make_sense(document: Document) -> None:
    scenario = vssim.loads(text_of(document))
    for run in runs(document):
        check_stages(run)
        check_succession(run)
        check_items(run)
        # What is put down as people go and taken up by others at once no longer says who had it before.
        comes_and_goes = any(_come_and_go(document, team) for team in document["teams"])
        check_people(run, {} if comes_and_goes else caps_of(scenario))
        check_owners(run, scenario.model)


@given(documents(Taste(finite=False)))
def test_the_time_an_item_took_is_all_accounted_for(document: Document) -> None:
    for run in runs(document):
        check_breakdown(run)
        check_little(run)


@given(documents(Taste(finite=False, changes=True)))
def test_logs_make_sense_through_a_change(document: Document) -> None:
    for run in runs(document, "new"):
        check_stages(run)
        check_succession(run)
        check_items(run)
        check_breakdown(run)
        check_little(run)


@given(documents(Taste(finite=False, tight=True)))
def test_no_limit_is_exceeded(document: Document) -> None:
    for kind in document["demand"].values():
        kind.pop("expedite", None)
    assume(not any("step" in item for kind in document["demand"].values() for item in kind.get("items", [])))  # may be over a limit
    for step in document["steps"].values():
        step.pop("returns", None)
        for need in step.get("needs", []):
            need.pop("parks", None)
    document["handoffs"]["batch"] = 1
    document["handoffs"]["into"] = {}
    for run in runs(document):
        check_limits(run, document)


@given(documents(Taste(finite=False)))
def test_people_are_never_idle_while_they_have_something_to_start(document: Document) -> None:
    """For pools of teams without limits: at every moment that something waits which only they may serve, they are full.

    Nothing interrupts here: what another pool takes up again no longer says who had it before.
    """
    for kind in document["demand"].values():
        kind.pop("interrupts", None)
    scenario = vssim.loads(text_of(document))
    model = scenario.model
    for run in runs(document):
        rows, log = run.log.visits, run.log
        caps = caps_of(scenario)
        teams = [name for name, team in model.teams.items() for _ in team.groups]
        groups = [group for team in model.teams.values() for group in team.groups]
        for pool, group in enumerate(groups):
            if model.teams[teams[pool]].wip_limit is not None or _come_and_go(document, teams[pool]):
                continue
            whenever = [skill for skill in group.helps if skill not in group.only_when_alone]
            mine = [log.skills.index(skill) for skill in (*group.does, *whenever) if skill in log.skills]
            free = np.isin(rows.skill, mine) & (rows.ready != NOT_YET)
            owned = _owned_before(rows)
            free &= (rows.kind == Kind.TICKET) | (owned < 0) | (owned == log.teams.index(teams[pool]))
            begun = np.where(rows.started == NOT_YET, rows.left, rows.started)
            ready = np.maximum(rows.ready, log.origin)  # before time 0 nobody works
            waits = [(ready[row], begun[row]) for row in np.flatnonzero(free) if begun[row] not in (rows.ready[row], ready[row])]
            busy = rows.pool == pool
            for since, until in waits:
                end = run.log.horizon if until == NOT_YET else until
                if since == end:
                    continue  # ready at the last moment of all, where a run ends before everything is decided
                assert _always_full(rows.started[busy], over(run.log)[busy], since, end, caps[pool])


def _come_and_go(document: Document, team: str) -> bool:
    """Whether a team's people are not all there all the time, so that what its cap is changes."""
    written = json.dumps(document["teams"][team])
    return any(key in written for key in ("absences", "availability", '"0": ', "sick")) or isinstance(
        document["teams"][team].get("people"), dict
    )


def _owned_before(rows: Any) -> Ints:
    """The team that owns the item while each visit waits, −1 none."""
    owner = np.full(len(rows.item), -1, np.int64)
    for row in range(1, len(rows.item)):
        if rows.item[row] != rows.item[row - 1]:
            continue
        is_new = rows.stay[row] != rows.stay[row - 1] and rows.handoff[row]
        before = rows.owner[row - 1] if rows.pool[row - 1] >= 0 and rows.kind[row - 1] == Kind.WORK else owner[row - 1]
        owner[row] = -1 if is_new else before
    return owner


def _always_full(starts: Ints, ends: Ints, since: int, until: int, cap: int) -> bool:
    """True when `cap` are open at every moment in [since, until)."""
    begun = starts != NOT_YET
    starts, ends = starts[begun], np.where(ends[begun] == NOT_YET, 2**62, ends[begun])
    moments = {since, *(time for time in (*starts, *ends) if since <= time < until)}
    return all(((starts <= moment) & (ends > moment)).sum() >= cap for moment in moments)


@given(documents(Taste(finite=False)))
def test_a_run_is_the_same_every_time(document: Document) -> None:
    for first, second in zip(runs(document), runs(document), strict=True):
        assert first.visits.equals(second.visits)
        assert first.items.equals(second.items)


@given(documents(Taste(finite=False)))
def test_a_change_to_what_is_there_already_changes_nothing(document: Document) -> None:
    changed = document | {"changes": {"new": {"levers": [{"set": {"discipline": document["discipline"]}}], "from": 2.5}}}
    assume(runnable(changed) is not None)
    for before, after in zip(runs(document), runs(changed, "new"), strict=True):
        assert after.visits.equals(before.visits)
        assert after.items.equals(before.items)
