"""What the report says is true: counted again by hand, against theory, and against histories whose truth is known."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

import vssim
from tests.support import trackers
from tests.support.trackers import BEGIN, COLUMNS, History
from tests.tracker.test_every_kind import histories, read
from vssim.tracker.bounds import bound
from vssim.tracker.knee import knee
from vssim.tracker.stability import GROWTH, change_point, compared_halves, stability, trend
from vssim.tracker.weekly import Weeks, fano, xmr
from vssim.tracker.worktime import WorkTime, worktime

DAY = dt.timedelta(days=1)


def steady(count: int = 400, seed: int = 7, days: int = 400) -> vssim.Board:
    """A board of many items with random lives, as a table of moves."""
    luck = np.random.default_rng(seed)
    items = []
    for number in range(count):
        at = BEGIN + dt.timedelta(days=float(luck.uniform(0, days)))
        entries = []
        for column in COLUMNS:
            entries.append((column, at))
            at += dt.timedelta(days=float(luck.exponential(4)))
        items.append(History(f"A-{number}", tuple(entries)))
    return read(
        trackers.own_moves(items), "moves.csv", {"calendar": {"working_days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]}}
    )


def test_percentiles_of_lead_time_are_those_of_the_items() -> None:
    board = steady()
    by_item: dict[str, list[dt.datetime]] = {}
    for item, at in board.moves.select("item", "at").rows():
        by_item.setdefault(item, []).append(at)
    leads = [(max(at) - min(at)).total_seconds() / 86_400 for at in by_item.values()]
    lead = board.report().totals.lead
    assert lead.n == len(leads)
    assert [lead.mean, lead.p50, lead.p85] == pytest.approx([np.mean(leads), np.quantile(leads, 0.5), np.quantile(leads, 0.85)])


def test_weeks_are_whole_and_count_what_happened_in_them() -> None:
    board = steady()
    weeks = board.report().weeks
    done = [at.date() for at in board.lives["done"].to_list()]
    for monday, count in zip(weeks.mondays.tolist(), weeks.departures.tolist(), strict=True):
        first = dt.date(1970, 1, 1) + dt.timedelta(days=monday)
        assert first.weekday() == 0
        assert count == sum(first <= day < first + 7 * DAY for day in done)
    assert (weeks.wip[1:] - weeks.wip[:-1]).tolist() == (weeks.starts - weeks.departures)[1:].tolist()


def test_the_board_at_the_end_of_a_day_is_who_was_where() -> None:
    board = steady(60)
    found = board.report().daily
    assert found.counts.sum(axis=1)[-1] == 60
    for day in (5, 50, 200):
        end = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + (int(found.days[day]) + 1) * DAY
        now = Counter(part.filter(pl.col("at") < end)["to"][-1] for part in board.moves.partition_by("item") if part["at"][0] < end)
        assert dict(zip(found.columns, found.counts[day].tolist(), strict=True)) == {name: now[name] for name in COLUMNS}
        open_ = board.lives.filter((pl.col("started") < end) & (pl.col("done") >= end))["started"].to_list()
        assert found.wip[day] == len(open_)
        if open_:
            assert found.age[day] == pytest.approx(np.mean([(end - at).total_seconds() / 86_400 for at in open_]))


@given(history=histories())
@settings(max_examples=30, deadline=None)
def test_the_books_balance_to_the_microsecond(history: list[History]) -> None:
    accounts = read(trackers.own_moves(history), "moves.csv").report().accounts
    assert accounts.exact
    assert accounts.broken == 0


def test_a_move_out_of_a_column_where_the_item_is_not_breaks_the_books() -> None:
    rows = [("1", BEGIN, None, "Build"), ("1", BEGIN + DAY, "Test", "Done"), ("2", BEGIN, None, "Build")]
    text = trackers.as_csv(("item", "at", "from", "to", "kind"), [(*row, "status" if row[2] else "created") for row in rows])
    board = read(text, "moves.csv", {"columns": ["Build", "Test", "Done"]})
    assert not board.report().accounts.exact
    assert board.report().checks[-1].verdict == "fails"
    assert "1 moves leave another column" in board.report().checks[-1].found


def test_reopened_items_are_done_when_they_are_done_the_last_time() -> None:
    names = ("Backlog", "Build", "Done", "Build", "Done")
    again = History("A-1", tuple((name, BEGIN + n * DAY) for n, name in enumerate(names)))
    still = History("A-2", tuple((name, BEGIN + n * DAY) for n, name in enumerate(names[:4])))
    lives = read(trackers.own_moves([again, still]), "moves.csv").lives.sort("item")
    assert lives["done"].to_list() == [BEGIN + 4 * DAY, None]
    assert lives["column"].to_list() == ["Done", "Build"]


def test_moves_back_and_blocked_time_are_counted() -> None:
    rows: list[tuple[Any, ...]] = [
        ("1", BEGIN, None, "Build", "created"),
        ("1", BEGIN + DAY, "Build", "Test", "status"),
        ("1", BEGIN + 2 * DAY, "Test", "Build", "status"),
        ("1", BEGIN + 2 * DAY, "Build", "Build", "blocked"),
        ("1", BEGIN + 4 * DAY, "Build", "Build", "unblocked"),
        ("1", BEGIN + 4 * DAY, "Build", "Build", "blocked"),
    ]
    calendar = {"working_days": ["Mon", "Tue", "Wed", "Thu", "Fri"]}
    board = read(
        trackers.as_csv(("item", "at", "from", "to", "kind"), rows),
        "moves.csv",
        {"calendar": calendar, "columns": ["Build", "Test"]},
    )
    assert board.report().backwards == [("Test", "Build", 1)]
    blocked = board.report().blocked
    assert (blocked.times, blocked.items, blocked.now) == (2, 1, 1)
    assert blocked.days == pytest.approx(2.0)


# The clock


def at(*moments: str) -> pl.Series:
    return pl.Series(
        [dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC) for moment in moments], dtype=pl.Datetime("us", "UTC")
    )


def days(clock: WorkTime, first: str, last: str) -> float:
    begin, end = clock.of(at(first, last))
    return float(end - begin)


@pytest.mark.parametrize(
    ("calendar", "first", "last", "worked"),
    [
        ({}, "2024-01-05 12:00", "2024-01-08 12:00", 1.0),
        ({}, "2024-01-06 12:00", "2024-01-07 12:00", 0.0),
        ({}, "2024-01-06 12:00", "2024-01-08 06:00", 0.25),
        ({"hours": ["09:00-17:00"]}, "2024-01-05 13:00", "2024-01-08 13:00", 1.0),
        ({"hours": ["09:00-12:00", "13:00-18:00"]}, "2024-01-05 12:30", "2024-01-05 15:00", 0.25),
        ({"hours": ["09:00-17:00"]}, "2024-01-05 20:00", "2024-01-08 08:00", 0.0),
        ({"working_days": ["Sat", "Sun"]}, "2024-01-05 12:00", "2024-01-12 12:00", 2.0),
        ({"holidays": ["2024-01-08"]}, "2024-01-05 12:00", "2024-01-09 12:00", 2.0),
        ({"hours": ["09:00-17:00"], "zone": "Europe/Berlin"}, "2024-07-01 07:00", "2024-07-01 15:00", 1.0),
        ({"hours": ["09:00-17:00"], "zone": "Europe/Berlin"}, "2024-01-01 08:00", "2024-01-01 16:00", 1.0),
        ({"zone": "Europe/Berlin"}, "2024-03-29 11:00", "2024-04-01 10:00", 1.0),
    ],
)
def test_time_is_working_time_by_the_calendar(calendar: dict[str, Any], first: str, last: str, worked: float) -> None:
    assert days(worktime(calendar, "UTC"), first, last) == pytest.approx(worked)


def test_a_team_that_closes_on_weekends_has_other_days_than_it_says() -> None:
    rows = [(f"A-{n}", f"2024-01-{6 + 7 * (n % 4):02}", f"2024-02-{3 + 7 * (n % 3):02}") for n in range(12)]
    board = read(trackers.as_csv(("ID", "Start Date", "Closed Date"), rows), "spans.csv")
    assert any("100 % of the items were done outside Mon, Tue, Wed, Thu, Fri" in line for line in board.report().sentences())


def test_holidays_by_country_need_their_names_to_be_known() -> None:
    assert dt.date(2024, 12, 25) in worktime({"holidays": [{"country": "DE"}]}, "UTC").holidays
    wrong = {"holidays": [{"country": "Nowhere"}, {"country": "DE", "region": "BX"}, {"country": "DE", "regoin": "BY"}]}
    with pytest.raises(vssim.ScenarioError) as caught:
        worktime(wrong, "UTC")
    told = [(fault.path, fault.expected.partition(":")[0]) for fault in caught.value.faults]
    assert told == [
        ("calendar.holidays.country", "a country by its two letters, as in DE"),
        ("calendar.holidays.region", "a region of DE"),
        ("calendar.holidays.regoin", "country and region"),
    ]
    assert caught.value.faults[2].nearest == "region"


# Statistics


def test_xmr_limits_are_those_of_the_moving_range() -> None:
    limits = xmr(np.array([4, 6, 5, 9, 4]))
    assert limits is not None
    assert limits.mean == pytest.approx(5.6)
    assert limits.high == pytest.approx(5.6 + 2.66 * (2 + 1 + 4 + 5) / 4)
    assert limits.low == 0


def test_departures_by_chance_alone_have_a_fano_factor_of_about_one() -> None:
    found = [fano(np.random.default_rng(seed).poisson(5, 100)) or 0 for seed in range(40)]
    assert np.mean(found) == pytest.approx(1, abs=0.1)


def weeks(departures: Sequence[int], wip: Sequence[int] | None = None) -> Weeks:
    values = np.array(departures)
    held = np.full(len(values), 10) if wip is None else np.array(wip)
    return Weeks(np.arange(len(values)) * 7 + 4, values, values, values, held)


def test_a_change_of_rate_is_seen_and_dated() -> None:
    luck = np.random.default_rng(3)
    values = np.concatenate([luck.poisson(4, 30), luck.poisson(10, 30)])
    change = change_point(values)
    assert change is not None
    assert abs(change.week - 30) <= 3
    found = stability(weeks(values.tolist()))
    assert not found.stable
    assert found.stretch is not None
    assert found.stretch[1] - found.stretch[0] >= 25


def test_stable_weeks_are_rarely_called_changed() -> None:
    called = sum(change_point(np.random.default_rng(seed).poisson(5, 60)) is not None for seed in range(60))
    assert called <= 4  # 1 % each: more than four in sixty comes about once in 4,000


def test_weeks_that_hang_together_are_not_taken_for_a_change_more_often_than_they_should() -> None:
    def drifting(seed: int) -> Any:
        luck = np.random.default_rng(seed)
        level = np.repeat(luck.gamma(8, 1 / 8, 15), 4)
        return luck.poisson(5 * level)

    assert sum(change_point(drifting(seed)) is not None for seed in range(60)) <= 6


def test_halves_that_differ_by_half_again_and_not_by_chance_fail() -> None:
    luck = np.random.default_rng(5)
    apart = compared_halves(np.concatenate([luck.poisson(10, 40), luck.poisson(25, 40)]))
    alike = compared_halves(luck.poisson(10, 80))
    assert apart is not None
    assert apart.apart
    assert alike is not None
    assert not alike.apart


def test_growing_work_in_progress_is_not_stable() -> None:
    line = trend(np.arange(10, 50))
    assert line is not None
    assert line.share == pytest.approx(39 / 29.5)
    assert line.is_one
    noise = np.random.default_rng(2).normal(0, 2, 40)
    noisy = trend(np.round(np.arange(10, 50) + noise).astype(np.int64))
    assert noisy is not None
    assert noisy.is_one
    assert not stability(weeks([5] * 40, list(range(10, 50)))).stable


def test_work_in_progress_that_wanders_is_no_growth() -> None:
    """Stock that forgets 5 % of itself a week wanders far without growing: the line through it is hardly ever one."""
    luck = np.random.default_rng(1)
    large = sure = 0
    for _ in range(200):
        wip = [30.0]
        for shock in luck.normal(0, 3, 103):
            wip.append(30 + 0.95 * (wip[-1] - 30) + shock)
        found = trend(np.round(np.maximum(wip, 0)).astype(np.int64))
        assert found is not None
        large += abs(found.share) > GROWTH
        sure += found.is_one
    assert large > 80
    assert sure <= 10


def test_few_steady_weeks_are_stable() -> None:
    assert stability(weeks([5, 6, 4, 5, 5, 4, 6, 5] * 5)).stable


def queue_of(servers: int, load: float, seed: int, count: int = 800) -> pl.DataFrame:
    """Stays in a column with so many servers: exponential gaps and work, first come first served."""
    luck = np.random.default_rng(seed)
    arrivals = np.cumsum(luck.exponential(1 / (servers * load), count))
    free, stays = np.zeros(servers), []
    for arrival, work in zip(arrivals.tolist(), luck.exponential(1, count).tolist(), strict=True):
        server = int(free.argmin())
        free[server] = max(free[server], arrival) + work
        stays.append((arrival, float(free[server])))
    begin = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    rows = [(begin + dt.timedelta(days=one), begin + dt.timedelta(days=other)) for one, other in stays]
    return pl.DataFrame(rows, schema={"entered": pl.Datetime("us", "UTC"), "left": pl.Datetime("us", "UTC")}, orient="row")


EVERY_DAY = WorkTime(working=(True,) * 7)


def test_the_knee_of_a_column_is_the_number_of_people_who_work_there() -> None:
    found = [knee("Build", queue_of(4, 0.9, seed), EVERY_DAY) for seed in range(20)]
    known = [one for one in found if one is not None]
    assert len(known) == 20
    assert np.median([one.best for one in known]) == pytest.approx(4, abs=0.4)
    assert sum(one.low <= 4 <= one.high for one in known) >= 17
    assert sum(one.seen for one in known) >= 17
    assert np.median([one.days for one in known]) == pytest.approx(1, abs=0.15)


def test_where_the_load_never_passes_the_knee_only_a_lower_bound_is_known() -> None:
    found = [knee("Build", queue_of(50, 0.2, seed), EVERY_DAY) for seed in range(5)]
    assert not any(one.seen for one in found if one is not None)


def test_bounds_hold_on_a_column_whose_truth_is_known() -> None:
    stays = queue_of(4, 0.9, 1)
    length = int((stays["left"].max() - stays["entered"].min()).days)  # type: ignore[operator,union-attr]
    found = bound("Build", stays, EVERY_DAY, length)
    assert found is not None
    assert 4 * found.hands_on_per_person >= 1.0  # the mean work that was put in
    assert found.capacity is not None
    assert found.capacity >= found.a_day
