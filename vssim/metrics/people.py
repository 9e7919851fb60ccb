"""People-time: how much of it each visit took, hence how busy teams were and how much of it went into failure demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vssim.clock import NOT_YET, Ints, Reals
from vssim.log import Log, Origin, Pauses
from vssim.metrics.window import Window


@dataclass(frozen=True, eq=False)
class PeopleTime:
    """Person-ticks by visit of the window, and what there was of it."""

    visit: Ints
    """(n,) row of the visit; a visit may come several times"""
    team: Ints
    """(n,) the team whose people spent it"""
    limited: Reals
    """(n,) 1 where people are counted, 0 where they are unlimited"""
    spent: Reals
    """(n,) [person-ticks]"""
    there: Reals
    """(teams,) people-time there was, of people who are counted [person-ticks]"""


@dataclass(frozen=True, eq=False)
class OpenSpans:
    """Spans of time in which somebody had a visit open. Arrays of shape (n,)."""

    visit: Ints
    """row of the visit; a visit may come several times"""
    begin: Ints
    """[ticks]"""
    end: Ints
    """[ticks], not included"""


def measure(log: Log, window: Window, spans: OpenSpans) -> dict[str, Reals]:
    """Utilisation of every team and failure demand: over all, then by type; NaN where undefined. `spans`: those of `log`.

    Beside them `worked`, the people-time that failure demand is a share of [person-ticks].
    """
    time = people_time(log, window, spans)
    kinds, teams = len(log.types), len(log.teams)
    item = log.visits.item[time.visit]
    cells = time.team * kinds + log.items.type[item]
    busy = np.bincount(cells, time.spent * time.limited, teams * kinds).reshape(teams, kinds)
    failing = np.bincount(log.items.type[item], time.spent * _failure(log)[item], kinds)
    worked = time.spent.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.concatenate([busy.sum(axis=1)[:, None], busy], axis=1) / np.where(time.there > 0, time.there, np.nan)[:, None]
        failure = np.concatenate([[failing.sum()], failing]) / (worked or np.nan)
    return {f"utilisation.{team}": shares[number] for number, team in enumerate(log.teams)} | {
        "failure_demand": failure,
        "worked": np.full(1 + kinds, worked),
    }


def people_time(log: Log, window: Window, spans: OpenSpans) -> PeopleTime:
    """The people-time of every visit that somebody worked on; `spans` are those of `log`.

    N open items of a pool of n people, at most m of whom work on one item, take min(N · m, n) persons at any moment, each item
    the same share of it.
    """
    moments = sorted({window.start, *(pool.since for pool in log.pools if window.start < pool.since < window.end)})
    team_of, _, _ = _pools_at(log, window.start)
    there = np.zeros(len(log.teams))
    stretches = []
    for start, stop in zip(moments, [*moments[1:], max(window.start, window.end)], strict=True):
        _, people, most = _pools_at(log, start)
        counted = np.isfinite(people)
        there += np.bincount(team_of, np.where(counted, people, 0.0) * (stop - start), len(log.teams))
        first, last = Window(start, stop).clip(spans.begin, spans.end)
        rows = np.flatnonzero(last > first)
        visit = spans.visit[rows]
        pool = log.visits.pool[visit]
        spent = _shared(pool, first[rows] - start, last[rows] - start, people, most, stop - start)
        stretches.append((visit, team_of[pool], counted[pool].astype(np.float64), spent))
    columns = [np.concatenate(column) for column in zip(*stretches, strict=True)]
    return PeopleTime(columns[0], columns[1], columns[2], columns[3], there)


def set_aside(log: Log, spans: OpenSpans) -> Ints:
    """How long each visit lay aside while it was open: its share of the time by which its pool had more items open than people.

    While N items are open at a pool of n people, N − n of them are set aside at any moment, each for the share (N − n)/N of the
    time: the pool turns to all of them alike. Shape (visits,), whole ticks, rounded down; `spans` are those of `log`.
    """
    total = np.zeros(len(log.visits.item))
    starts = sorted({0, *(pool.since for pool in log.pools if 0 < pool.since < log.horizon)})
    for start, stop in zip(starts, [*starts[1:], log.horizon + 1], strict=True):
        _, people, most = _pools_at(log, start)
        first, last = np.clip(spans.begin, start, stop) - start, np.clip(spans.end, start, stop) - start
        rows = np.flatnonzero(last > first)
        visit, begin, end = spans.visit[rows], first[rows], last[rows]
        in_hand = _shared(log.visits.pool[visit], begin, end, people, np.ones_like(most), stop - start)
        np.add.at(total, visit, end - begin - in_hand)
    ticks: Ints = np.floor(total + _ROUNDING).astype(np.int64)
    return ticks


_ROUNDING = 1e-3
"""What sums of shares may be off by at most [ticks]; without it, two equal sums could come to lie on two sides of a whole tick."""


def over(log: Log) -> Ints:
    """When nobody had a visit open any more: it was finished, or left where the item gave up, or the run ended (visits,)."""
    visits = log.visits
    unfinished = np.where(visits.left == NOT_YET, log.horizon, visits.left)
    return np.where(visits.finished == NOT_YET, unfinished, visits.finished)


def open_spans(log: Log) -> OpenSpans:
    """The spans in which somebody had a visit open.

    Where anybody interrupts, the log says when each visit lay put down. Else it says how long, not when: only a change, of the
    organisation or of who is here, puts work down,
    so the pause is taken to begin with the last that leaves room for it; all of the work counts for the pool that had it last.
    """
    visits = log.visits
    rows = np.flatnonzero((visits.pool >= 0) & (visits.started != NOT_YET))
    begin = visits.started[rows]
    end = over(log)[rows]
    if log.pauses is not None:
        return _between_pauses(log.pauses, rows, begin, end)
    paused = np.flatnonzero(visits.put_down[rows] > 0)
    if not len(paused):
        return OpenSpans(rows, begin, end)
    length = visits.put_down[rows[paused]]
    changes = np.unique([*log.phases, *(pool.since for pool in log.pools)])
    pause = changes[np.searchsorted(changes, end[paused] - length, side="right") - 1]
    resumed, again = end[paused], pause + length
    end[paused] = pause
    columns = (rows, rows[paused]), (begin, again), (end, resumed)
    return OpenSpans(*(np.concatenate(column) for column in columns))


def _between_pauses(pauses: Pauses, rows: Ints, begin: Ints, end: Ints) -> OpenSpans:
    """The spans of visits `rows`, begun and over at those moments, without the pauses in them."""
    until = np.full(1 + int(rows.max(initial=0)), NOT_YET)
    until[rows] = end
    resumed = np.where(pauses.end == NOT_YET, until[pauses.visit], pauses.end)
    visit, starts = np.append(rows, pauses.visit), np.append(begin, resumed)
    ends = np.append(end, pauses.begin)
    by_start, by_end = np.lexsort((starts, visit)), np.lexsort((ends, visit))
    return OpenSpans(visit[by_start], starts[by_start], ends[by_end])


def _pools_at(log: Log, moment: int) -> tuple[Ints, Reals, Reals]:
    """By pool number: its team, and at `moment` [ticks] its people (infinite = unlimited, 0 = not there) and most on one item."""
    count = 1 + max((pool.index for pool in log.pools), default=-1)
    team, people, most = np.zeros(count, np.int64), np.zeros(count), np.ones(count)
    for pool in sorted(log.pools, key=lambda pool: pool.since):
        team[pool.index] = pool.team
        if pool.since <= moment:
            people[pool.index] = np.inf if pool.people is None else pool.people
            most[pool.index] = pool.most
    return team, people, most


def _shared(pool: Ints, first: Ints, last: Ints, people: Reals, most: Reals, span: int) -> Reals:
    """Person-ticks of open spans [first, last) within [0, span): the integral of min(most, people / open items).

    Where one person at most works on an item and no pool had more items open than people, that is their length; the others
    are swept, all at once, laid one after the other on one line of time.
    """
    spent = (last - first).astype(np.float64)
    by_pool = np.argsort(pool.astype(np.int16), kind="stable")
    swept = _crowded(pool[by_pool], first[by_pool], last[by_pool], people, span) | (most > 1)
    if not swept.any():
        return spent
    rows = by_pool[swept[pool[by_pool]]]
    lane = pool[rows].astype(np.int64) * (span + 1)
    moments = np.concatenate([lane + first[rows], lane + last[rows]])
    order = np.argsort(moments, kind="stable")
    begins = np.repeat(np.array([1, -1]), len(rows))
    opened = np.cumsum(begins[order])[:-1]
    there, together = (np.tile(values[pool[rows]], 2)[order][:-1] for values in (people, most))
    share = np.minimum(together, there / np.maximum(opened, 1)) * (opened > 0)
    so_far = np.zeros(len(moments))
    np.cumsum(share * np.diff(moments[order]), out=so_far[1:])
    progress = np.empty(len(moments))
    progress[order] = so_far
    spent[rows] = progress[len(rows) :] - progress[: len(rows)]
    return spent


def _crowded(pool: Ints, first: Ints, last: Ints, people: Reals, span: int) -> NDArray[np.bool_]:
    """By pool: True where more items than people were ever open at once.

    With n people that is so when, of a pool's spans, the (i + n)th to begin does so before the ith to end has ended. Spans that
    come pool by pool, and then in the order of the log, are sorted by time already, nearly.
    """
    lane = pool.astype(np.int64) * (span + 1)
    begins, ends = np.sort(lane + first, kind="stable"), np.sort(lane + last, kind="stable")
    of = begins // (span + 1)
    place = np.arange(len(of))
    earlier = place - np.where(np.isfinite(people), people, len(of) + 1).astype(np.int64)[of]
    inside = earlier >= np.searchsorted(of, np.arange(len(people)))[of]
    late = inside & (ends[np.maximum(earlier, 0)] > begins)
    crowded = np.zeros(len(people), bool)
    crowded[of[late]] = True
    return crowded


def _failure(log: Log) -> Reals:
    """1 for items that are failure demand: defects, and the parts of one. Shape (items,)."""
    items = log.items
    whole = np.where(items.parent >= 0, items.parent, np.arange(len(items.type)))
    failing: Reals = (items.origin[whole] == Origin.DEFECT).astype(np.float64)
    return failing
