"""With a start, a date stands wherever a moment may; the calendar says when nobody works."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

import numpy as np
import pytest

from vssim.analysis.claims.check import check
from vssim.calendar import Calendar, Dated
from vssim.clock import TICKS
from vssim.errors import MissingExtra, ScenarioError
from vssim.play.run import simulate
from vssim.scenario import Scenario, loads
from vssim.views.terminal.claims import claimed, figures

ENGINES = ("reference", "compiled")

FILE = """
name: Dates
start: 2026-06-15
calendar: {holidays: [2026-06-17, {from: 2026-06-22, to: 2026-06-23}]}
run: {horizon: 2026-07-31, warmup: 0, replications: 1}
demand: {card: {at: [0, 2026-06-16]}}
steps:
  develop: {work: 1}
  release: {wait: 0, gate: {every: 10, offset: 2026-06-26}}
teams: {crew: {people: 1, does: develop}}
changes:
  limit: {levers: [{limit_wip: {stream: 3}}], from: 2026-07-01}
  other: {levers: [{set: {calendar.holidays: [2026-07-02]}}]}
  both: {includes: {limit: 2026-07-02, other: 2026-06-19}}
"""


def faults(text: str, *settings: tuple[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, settings)
    return [(fault.path, fault.expected) for fault in caught.value.faults]


def left(scenario: Scenario, engine: Any, change: str | None = None) -> list[float]:
    log = simulate(scenario, change, engine=engine).log
    return [float(tick) / TICKS for tick in log.items.left.tolist()]


def test_what_begins_on_a_date_begins_in_its_morning_and_what_ends_on_it_ends_in_its_evening() -> None:
    scenario = loads(FILE)
    assert scenario.demand["card"].at == (0, 1)
    assert scenario.changes["limit"].from_ == 12
    assert scenario.run.horizon == 35
    gate = scenario.steps["release"].gate
    assert gate is not None
    assert gate.offset == 10


def test_a_date_off_work_moves_a_beginning_forwards_and_an_end_backwards_and_a_note_says_so() -> None:
    scenario = loads(FILE, [("run.horizon", "2026-08-01"), ("changes.limit.from", "2026-07-04")])
    assert scenario.run.horizon == 35
    assert scenario.changes["limit"].from_ == 15
    assert "run.horizon: 2026-08-01 is no working day; 2026-07-31 counts" in scenario.warnings
    assert "changes.limit.from: 2026-07-04 is no working day; 2026-07-06 counts" in scenario.warnings


@pytest.mark.parametrize("engine", ENGINES)
def test_on_holidays_nobody_works_and_the_days_count(engine: str) -> None:
    # One person, a day's work each: 15 and 16 June. Both wait for the train of Friday the 26th, in the evening.
    assert left(loads(FILE), engine) == [10, 10]
    # From 16 to 25 June nobody works: the second item is done on the 26th, too late for no train but just in time for this one.
    assert left(loads(FILE, [("calendar.holidays", ["2026-06-17", {"from": "2026-06-16", "to": "2026-06-25"}])]), engine) == [
        10,
        10,
    ]
    # With that Friday off too, it takes the train two weeks later.
    assert left(loads(FILE, [("calendar.holidays", [{"from": "2026-06-16", "to": "2026-06-26"}])]), engine) == [10, 20]


@pytest.mark.parametrize("engine", ENGINES)
def test_in_weeks_a_holiday_takes_its_share_of_the_week(engine: str) -> None:
    text = "{start: 2026-06-15, unit: week, run: {horizon: 9}, demand: {a: {at: [0]}}, steps: {s: {work: 1}}, teams: {s: 1}}"
    assert left(loads(text), engine) == [1]
    # Friday off: 80 % are done in the first week, a fifth is left, a fifth of the second week.
    assert left(loads(text, [("calendar", {"holidays": ["2026-06-19"]})]), engine) == [pytest.approx(1.2)]


def test_every_included_change_comes_on_its_day() -> None:
    phases = loads(FILE).plan("both").phases
    assert [phase.start for phase in phases] == [0, 4, 13]
    assert [list(phase.model.calendar.holidays) for phase in phases[1:]] == [["2026-07-02"]] * 2
    assert [phase.model.wip_limit for phase in phases] == [None, None, 3]


def test_included_days_take_the_place_of_from_and_every() -> None:
    ((path, expected),) = faults(FILE.replace("other: 2026-06-19}", "other: 2026-06-19}, from: 4, every: 2"))
    assert path == "changes.both"
    assert "no from and no every" in expected


def test_a_scenario_writes_its_dates_as_dates_and_moves_with_its_start() -> None:
    scenario = loads(FILE)
    written = scenario.document()
    assert json.loads(json.dumps(written))["run"]["horizon"] == "2026-07-31"
    assert loads(json.loads(json.dumps(written))).document() == written
    later = scenario.with_({"start": "2026-06-16"})
    assert later.run.horizon == 34
    assert later.changes["limit"].from_ == 11
    assert later.calendar.holidays.spells[0].begin == 1


@pytest.mark.parametrize("date", [dt.date(2026, 7, 31), np.datetime64("2026-07-31"), dt.datetime(2026, 7, 31), "2026-07-31"])
def test_dates_of_programs_are_dates(date: Any) -> None:
    mapping = loads(FILE).document()
    mapping["run"]["horizon"] = date
    mapping["start"] = np.datetime64("2026-06-15")
    assert loads(mapping).run.horizon == 35


def test_whatever_is_wrong_with_dates_is_named_at_once() -> None:
    wrong = (
        FILE.replace("2026-07-31", "31.07.2026").replace("from: 2026-07-01", "from: 2026-7-1").replace("2026-06-16]", "2026-06-12]")
    )
    wrong = wrong.replace("2026-06-17,", "17 June,").replace("to: 2026-06-23", "to: 2026-06-21")
    found = dict(faults(wrong))
    assert set(found) == {"run.horizon", "changes.limit.from", "demand.card.at.1", "calendar.holidays.0", "calendar.holidays.1.to"}
    assert "2026-03-01" in found["run.horizon"]
    assert "from the start on (2026-06-15)" in found["demand.card.at.1"]
    assert "the last day" in found["calendar.holidays.1.to"]


@pytest.mark.parametrize(
    ("date", "path", "expected"),
    [
        ("10000-01-01", "run.horizon", "a date such as 2026-03-01"),
        ("9999-12-31", "start", "before the year 10000"),  # with a step more than the last day there is
        ("2026-06-12", "run.horizon", "a time above 0"),  # Friday evening is Monday morning, when the run begins
        ("2026-06-11", "run.horizon", "from the start on (2026-06-15)"),
    ],
)
def test_a_date_before_the_start_or_after_9999_is_refused(date: str, path: str, expected: str) -> None:
    found = dict(faults(FILE.replace("horizon: 2026-07-31", f"horizon: {date}")))
    assert expected in found[path]


def test_a_date_needs_a_start() -> None:
    found = faults(FILE.replace("start: 2026-06-15\n", ""))
    assert {path for path, expected in found if "start" in expected} >= {"run.horizon", "demand.card.at.1", "calendar.holidays"}


CLAIMED = FILE + "claims:\n  - {change: other, metric: %s, %s}\n"


def test_a_claim_of_a_moment_ends_in_the_evening_or_begins_in_the_morning_of_its_date() -> None:
    scenario = loads(CLAIMED % ("last_done", "at_most: 2026-06-26, at_least: 2026-06-27"))
    (claim,) = scenario.claims
    assert (claim.bounds["at_most"].value, claim.bounds["at_least"].value) == (10, 10)
    assert claim.document() == {"change": "other", "metric": "last_done", "at_most": "2026-06-26", "at_least": "2026-06-27"}
    assert claim.variants == ("other",)
    assert "claims.0.at_least: 2026-06-27 is no working day; 2026-06-29 counts" in scenario.warnings
    later = scenario.with_({"start": "2026-06-16", "demand.card.at": [0]})
    assert later.claims[0].bounds["at_most"].value == 9


@pytest.mark.parametrize(
    ("date", "state", "said"),
    [
        ("at_most: 2026-06-26", "held", "last_done by 2026-06-26"),
        ("at_most: 2026-06-25", "failed", "last_done by 2026-06-25"),
        ("at_least: 2026-06-26", "held", "last_done not before 2026-06-26"),
        ("at_least: 2026-06-30", "failed", "last_done not before 2026-06-30"),
    ],
)
def test_a_claim_with_a_date_is_tested_and_told_with_dates(date: str, state: str, said: str) -> None:
    checked = check(loads(CLAIMED % ("last_done", date)), replications=2)
    (finding,) = checked.findings
    assert finding.state == state
    assert claimed(finding) == said
    assert "day 10 (2026-06-26) → day 10 (2026-06-26)" in figures(finding, checked.scenario)
    assert checked.document()["claims"][0]["bounds"][0]["limit"] == date.partition(": ")[2]


@pytest.mark.parametrize(
    ("metric", "bound", "path", "expected"),
    [
        ("lead_time.p85", "at_most: 2026-06-26", "claims.0.at_most", "a date is claimed of a moment (last_done)"),
        ("last_done", "within: 2026-06-26", "claims.0.within", "a share of the baseline"),
        ("last_done", "at_most: 26.06.2026", "claims.0.at_most", "2026-03-01"),
        ("last_done", "at_most: 2026-06-10", "claims.0.at_most", "from the start on (2026-06-15)"),
    ],
)
def test_a_date_is_claimed_of_a_moment_from_the_start_on(metric: str, bound: str, path: str, expected: str) -> None:
    assert [(where, expected in text) for where, text in faults(CLAIMED % (metric, bound))] == [(path, True)]


def test_a_claim_with_a_date_needs_a_start() -> None:
    without = CLAIMED.replace("start: 2026-06-15\n", "") % ("last_done", "at_most: 2026-06-26")
    assert "a start" in dict(faults(without))["claims.0.at_most"]


@pytest.mark.parametrize(
    ("calendar", "path", "expected"),
    [
        ("working_days: [Mon, Wednesday]", "calendar.working_days", "days of the week"),
        ("working_days: []", "calendar.working_days", "days of the week"),
        ('hours: ["9-12"]', "calendar.hours", "09:00-12:00"),
        ('hours: ["09:00-11:75"]', "calendar.hours", "09:00-12:00"),
        ('hours: ["13:00-17:00", "09:00-12:00"]', "calendar.hours", "one after the other"),
        ("zone: Europe/Berln", "calendar.zone", "a time zone"),
        ("holiday: [2026-06-17]", "calendar.holiday", "holidays"),
        ("holidays: [{country: DX}]", "calendar.holidays.0.country", "a country"),
        ("holidays: [{country: DE, region: QQ}]", "calendar.holidays.0.region", "a region of DE"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(calendar: str, path: str, expected: str) -> None:
    text = FILE.replace("calendar: {holidays: [2026-06-17, {from: 2026-06-22, to: 2026-06-23}]}", f"calendar: {{{calendar}}}")
    found = dict(faults(text))
    assert expected in found[path]


def test_hours_are_told_once() -> None:
    text = FILE.replace("calendar: {", 'hours_per_day: 7\ncalendar: {hours: ["09:00-12:00", "13:00-17:00"], ')
    assert faults(text) == [("hours_per_day", "either hours_per_day or calendar.hours")]


def test_a_change_may_set_the_holidays_and_nothing_else_of_the_calendar() -> None:
    found = faults(FILE.replace("set: {calendar.holidays: [2026-07-02]}", "set: {calendar.zone: Europe/Paris}"))
    assert any("calendar.holidays" in expected for _, expected in found)


def test_public_holidays_come_by_country_and_region() -> None:
    bavaria = loads(FILE, [("calendar.holidays", [{"country": "DE", "region": "BY"}]), ("run.horizon", "2027-01-31")])
    nation = loads(FILE, [("calendar.holidays", [{"country": "DE"}]), ("run.horizon", "2027-01-31")])
    epiphany = Calendar(dt.date(2026, 6, 15), "day").number(dt.date(2027, 1, 6))
    assert any(spell.begin <= epiphany < spell.end for spell in bavaria.calendar.holidays.spells)
    assert not any(spell.begin <= epiphany < spell.end for spell in nation.calendar.holidays.spells)


def test_public_holidays_without_the_extra_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match=r"pip install 'vssim\[data\]'"):
        loads(FILE, [("calendar.holidays", [{"country": "DE"}])])


def test_what_is_dropped_may_be_a_share_of_everything() -> None:
    step = loads(FILE.replace("develop: {work: 1}", "develop: {work: 1, stops: 10%}")).steps["develop"]
    assert step.stops is not None
    assert (step.stops.wrong, step.stops.right) == (0.1, 0.1)


# --- the calendar itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["hour", "day", "week"])
@pytest.mark.parametrize(
    "days", [("Mon", "Tue", "Wed", "Thu", "Fri"), ("Sun", "Mon", "Tue"), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat")]
)
@pytest.mark.parametrize("ends", [False, True])
def test_dates_become_moments_and_moments_the_same_dates(unit: str, days: tuple[str, ...], ends: bool) -> None:
    calendar = Calendar(dt.date(2026, 3, 23), unit, 7.5, days)
    for ahead in range(1, 400):
        date = dt.date(2026, 3, 23) + dt.timedelta(days=ahead)
        if calendar.is_worked(date):
            assert calendar.day_of(calendar.number(date, ends=ends), ends=ends) == date
    assert calendar.number(calendar.first) == 0


def test_hours_of_the_day_are_told_around_the_break() -> None:
    calendar = Calendar(dt.date(2026, 1, 5), "hour", 7.0, spans=((9.0, 12.0), (13.0, 17.0)))
    assert calendar.moment(3 * TICKS, ends=True) == dt.datetime(2026, 1, 5, 12)
    assert calendar.moment(3 * TICKS) == dt.datetime(2026, 1, 5, 13)
    assert calendar.moment(7 * TICKS, ends=True) == dt.datetime(2026, 1, 5, 17)
    assert calendar.moment(7 * TICKS) == dt.datetime(2026, 1, 6, 9)
    assert calendar.number(dt.datetime(2026, 1, 6, 12, 30)) == 10
    assert calendar.number(dt.datetime(2026, 1, 6, 14)) == 11


def test_a_stamp_of_another_zone_is_told_as_the_clock_of_the_calendar_shows_it_summer_and_winter() -> None:
    calendar = Calendar(dt.date(2026, 3, 23), "hour", 8.0, zone="Europe/Berlin")
    winter = dt.datetime(2026, 3, 27, 9, tzinfo=dt.UTC)
    summer = dt.datetime(2026, 3, 30, 9, tzinfo=dt.UTC)
    assert calendar.number(winter) == 4 * 8 + 1
    assert calendar.number(summer) == 5 * 8 + 2


def test_a_dated_moment_is_a_number_that_knows_its_date() -> None:
    date = Calendar(dt.date(2026, 1, 5), "day").dated(dt.date(2026, 1, 12))
    assert float(date) == 5
    assert isinstance(date, Dated)
    assert date.document() == "2026-01-12"
