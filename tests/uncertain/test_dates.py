"""Dates that are not known: read, refused where they cannot be, drawn, played by both engines, told as dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import polars
import pytest

import vssim
from tests.support.running import text_of
from vssim.analysis.explain.unknowns import what_decides
from vssim.analysis.uncertain.deciding import Threshold
from vssim.errors import ScenarioError
from vssim.model.beliefs import read
from vssim.model.distributions import DistributionFault
from vssim.play.identity import key_of
from vssim.play.worlds import worlds_of
from vssim.scenario import Scenario, comes_into_force
from vssim.views.schema import schema
from vssim.views.unknowns import called, turning, valued

HELP = "between(2026-01-13, 2026-02-20)"
BASE: dict[str, Any] = {
    "name": "dates that nobody knows",
    "start": "2026-01-05",
    "run": {"horizon": 60, "warmup": 0, "replications": 100},
    "demand": {"item": {"every": "exponential(1)"}},
    "steps": {"serve": {"work": "exponential(1)"}, "release": {"gate": {"every": 10, "offset": "between(2026-01-09, 2026-01-15)"}}},
    "teams": {
        "crew": {
            "people": 1,
            "does": "serve",
            "absences": [{"people": 1, "from": "between(2026-01-19, 2026-01-21, 2026-01-30)", "to": "2026-02-03"}],
        }
    },
    "changes": {
        "help": {"from": HELP, "levers": [{"add_people": {"teams": {"crew": 2}}}]},
        "gate": [{"set": {"steps.release.gate.offset": "2026-01-12"}}],
        "both": {"includes": {"help": "between(2026-01-12, 2026-01-30)", "gate": "2026-02-02"}},
    },
    "uncertain": {"changes.gate.levers.0.set.steps.release.gate.offset": "between(2026-01-06, 2026-01-16)"},
}


def scenario(**more: Any) -> Scenario:
    return vssim.loads(text_of({**BASE, **more}))


def faults(**more: Any) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        scenario(**more)
    return [f"{fault.path}: {fault.value.strip(chr(39))}: {fault.expected}" for fault in error.value.faults]


def test_each_day_between_two_dates_is_as_likely_and_the_ends_are_days_of_it() -> None:
    belief = read("changes.help.from", "between(2026-02-27, 2026-03-02)")
    days = [belief.value(((number + 0.5) / 400,)) for number in range(400)]
    assert {day: days.count(day) for day in dict.fromkeys(days)} == dict.fromkeys(
        ("2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"), 100
    )
    likely = read("changes.help.from", "between(2026-01-01, 2026-01-10, 2026-12-31)")
    assert likely.middle == "2026-01-10"
    assert str(likely.ranges[0]) == "between(2026-01-01, 2026-01-10, 2026-12-31)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between(2026-03-02, 2026-03-01)", "the earlier date first"),
        ("between(2026-01-01, 2026-05-01, 2026-03-01)", "dates that rise"),
        ("between(2026-01-01, 5)", "two dates, or three"),
        ("between(2026-01-01)", "two dates, or three"),
        ("between(2026-02-30, 2026-03-05)", "two dates, or three"),
        ("between(2026-01-01 09:00, 2026-03-05)", "days without a time"),
        ("exponential(between(2026-01-01, 2026-03-05))", "."),
    ],
)
def test_what_is_no_range_of_dates_is_refused_with_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(DistributionFault, match=expected):
        read("changes.help.from", text)


def test_a_date_that_is_not_known_is_refused_where_no_date_may_stand() -> None:
    assert faults(start=None, uncertain=None, teams={"crew": {"people": 1, "does": "serve"}})[0] == (
        "steps.release.gate.offset: between(2026-01-09, 2026-01-15): a start: a date needs the date of time 0"
    )
    early = {"help": {"from": "between(2026-01-02, 2026-02-20)", "levers": [{"add_people": {"teams": {"crew": 1}}}]}}
    assert faults(changes=early, uncertain=None) == [
        "changes.help.from: between(2026-01-02, 2026-02-20): a date from the start on (2026-01-05)"
    ]
    assert faults(uncertain={"teams.crew.people": "between(2026-01-09, 2026-01-16)"}) == [
        "uncertain.teams.crew.people: between(2026-01-09, 2026-01-16): numbers: no date may stand here"
    ]
    late = {"people": 1, "from": "between(2026-01-19, 2026-02-10)", "to": "2026-02-03"}
    (told,) = faults(teams={"crew": {"people": 1, "does": "serve", "absences": [late]}})
    assert told.startswith(
        "teams.crew.absences.0.from: between(2026-01-19, 2026-02-10): only what may stand there: 2026-02-10 may not"
    )


def test_several_faults_are_named_at_once() -> None:
    changes = {
        "help": {"from": "between(2026-02-20, 2026-01-13)", "levers": [{"add_people": {"teams": {"crew": 1}}}]},
        "later": {"from": "between(2025-02-20, 2026-01-13)", "levers": [{"add_people": {"teams": {"crew": 1}}}]},
    }
    assert len(faults(changes=changes, uncertain=None)) == 2


def test_worlds_have_dates_of_their_own_also_where_a_lever_sets_them_or_a_change_includes_another() -> None:
    known = worlds_of(scenario(), (None, "help"))
    assert known is not None
    many = [known.world(number) for number in range(50)]
    for dates in (
        {world.changes["help"].document()["from"] for world in many},
        {world.changes["gate"].document()["levers"][0]["set"]["steps.release.gate.offset"] for world in many},
        {world.changes["both"].document()["includes"]["help"] for world in many},
        {world.teams["crew"].document()["absences"][0]["from"] for world in many},
    ):
        assert len(dates) > 5
        assert all("2026-01-06" <= str(date) <= "2026-02-20" for date in dates)
    begins = [world.changes["help"].begins or 0.0 for world in many]
    assert (min(begins), max(begins) <= 35) == (6, True), "13 January is the seventh worked day"


def test_what_is_written_is_read_again_and_a_date_that_is_set_is_known() -> None:
    read_once = scenario()
    assert Scenario.of(read_once.document()).uncertain == read_once.uncertain
    fixed = read_once.with_({"changes.help.from": dt.date(2026, 2, 2)})
    assert fixed.uncertain is not None
    assert "changes.help.from" not in fixed.uncertain.facts
    assert not any("no working day" in text for text in read_once.warnings), "the day that stands for a range is nobody's date"


def test_a_change_is_measured_from_the_earliest_day_on() -> None:
    assert comes_into_force(scenario(), "help") == 6
    assert comes_into_force(scenario(), "both") == 5
    assert comes_into_force(scenario(), "gate") is None
    numbers = {"help": {"from": "between(10, 30)", "levers": [{"add_people": {"teams": {"crew": 1}}}]}}
    assert comes_into_force(scenario(changes=numbers, uncertain=None), "help") == 10


def test_the_same_dates_are_other_moments_where_the_start_is_another() -> None:
    keys = {
        key_of(scenario(start=f"2026-01-{day:02}", uncertain=None, teams={"crew": {"people": 1, "does": "serve"}}), None, [])
        for day in (1, 5)
    }
    assert len(keys) == 2


def test_both_engines_play_dates_that_are_not_known() -> None:
    one, other = (vssim.simulate(scenario(), change="both", replication=9, engine=engine) for engine in ("reference", "compiled"))
    assert one.visits.equals(other.visits)


def test_a_file_of_members_may_have_dates(tmp_path: Path) -> None:
    days = [dt.date(2026, 1, 13), dt.date(2026, 1, 20), dt.date(2026, 2, 9)]
    polars.DataFrame({"changes.help.from": days}).write_parquet(tmp_path / "members.parquet")
    plain = {**BASE, "changes": {"help": {**BASE["changes"]["help"], "from": "2026-01-20"}}, "uncertain": "members.parquet"}
    steps = {"serve": {"work": "exponential(1)"}}
    file = tmp_path / "known.yaml"
    file.write_text(text_of({**plain, "steps": steps, "teams": {"crew": {"people": 1, "does": "serve"}}}), encoding="utf-8")
    read_once = vssim.load(file)
    known = worlds_of(read_once, ("help",))
    assert known is not None
    assert {known.world(number).changes["help"].begins for number in range(3)} == {6, 11, 25}
    assert known.values(3)[:, 0].tolist() == [days[int(row)].toordinal() for row in known.places(3)[:, 0]]
    assert read_once.uncertain is not None
    assert read_once.uncertain.is_date("changes.help.from")
    assert key_of(read_once, "help", [])


def test_dates_are_told_as_dates_and_written_as_moments() -> None:
    asked = what_decides(scenario(changes={"help": BASE["changes"]["help"]}, uncertain=None), "help", "lead_time.mean")
    document = asked.document()
    jsonschema.validate(document, schema())
    fact = next(fact for fact in document["decides"] if fact["name"] == "changes.help.from")
    assert 6 <= fact["low_value"] < fact["high_value"] <= 35
    assert asked.deciding is not None
    inside = next(fact for fact in asked.deciding.facts if fact.name == "changes.help.from")
    assert called(asked.scenario, inside.name) == "Help: from when"
    assert valued(asked.scenario, inside.name, inside.low_value).startswith("2026-01-1")
    turns = replace(inside, threshold=Threshold(inside.low_value + 3, inside.low_value, inside.high_value, False))
    assert turning(turns, asked.scenario).startswith("better before 2026-01-1")


def test_the_schema_of_files_knows_them() -> None:
    from vssim.scenario.jsonschema import schema as of_files

    jsonschema.validate(BASE, of_files())
