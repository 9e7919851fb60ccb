"""What arrived in the past, drawn by weeks: Monday's arrivals come on Mondays, with the size, work, due date and value they had."""

from __future__ import annotations

import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest

import vssim
from tests.support.running import ENGINES, text_of
from vssim.play.run import Run

STREAM: dict[str, Any] = {
    "start": "2026-06-17",  # a Wednesday
    "run": {"horizon": 200, "replications": 5},
    "steps": {"develop": {"work": 2}, "test": {"work": 1}},
    "teams": {"developers": {"people": "unlimited", "does": "develop"}, "testers": {"people": "unlimited", "does": "test"}},
}

# three whole weeks from Monday, 6 January 2025: two bugs and a feature, nothing of bugs, one bug on Saturday, which is Monday's
PAST = """Key,Type,Created,Points,Days,Due,Worth
A-1,Bug,2025-01-06,1,0.5,2025-01-10,10
A-2,Bug,2025-01-08T08:00:00Z,3,,2025-01-13,20
A-3,Feature,2025-01-08,8,4,,30
A-4,Feature,2025-01-14,2,1,,40
A-5,Bug,2025-01-18,2,1.5,2025-01-22,50
A-6,Feature,2025-01-24,2,1,,60
"""

WORDS: dict[str, Any] = {"only": {"Type": "Bug"}, "at": "Created", "blocks": "week"}


def scenario_of(folder: Path, table: str = PAST, *, changes: Any = None, kind: Any = None, **asked: Any) -> vssim.Scenario:
    (folder / "history.csv").write_text(table, encoding="utf-8")
    history = {"history": {"file": "history.csv", **WORDS, **asked}}
    document = {**STREAM, "demand": {"bug": history | (kind or {})}, "changes": changes or {}}
    (folder / "scenario.yaml").write_text(text_of(document), encoding="utf-8")
    return vssim.load(str(folder / "scenario.yaml"))


def works(run: Run) -> Any:
    """The work at develop of all that was done there, in the order of arrival."""
    return run.visits.filter(polars.col("step") == "develop", polars.col("entered") < 190).sort("item")["touch"].to_numpy()


def arrivals(run: Run, kind: str = "bug") -> list[float]:
    return run.items.filter(type=kind)["arrived"].to_list()


def test_the_weeks_are_those_of_the_whole_table_empty_ones_too(tmp_path: Path) -> None:
    history = scenario_of(tmp_path).demand["bug"].history
    assert history is not None
    weeks = history.weeks
    assert (weeks.count, weeks.length, weeks.into) == (3, 5, 2)
    assert weeks.begins.tolist() == [0, 2, 2, 3]
    assert weeks.at.tolist() == [0, 2, 0]
    assert weeks.rate == pytest.approx(1 / 5)


def test_a_week_that_is_told_of_in_part_does_not_count(tmp_path: Path) -> None:
    history = scenario_of(tmp_path, PAST + "A-7,Bug,2025-01-28,1,1,,5\n").demand["bug"].history
    assert history is not None
    assert history.weeks.count == 3
    cut = scenario_of(tmp_path, **{"from": "2025-01-09", "to": "2025-01-24"}).demand["bug"].history
    assert cut is not None
    assert (cut.weeks.count, cut.weeks.begins.tolist()) == (2, [0, 0, 1])


@pytest.mark.parametrize("engine", ENGINES)
def test_what_arrives_keeps_its_day_of_the_week_and_all_it_had(tmp_path: Path, engine: Any) -> None:
    scenario = scenario_of(tmp_path, size="Points", work={"develop": "Days"}, due="Due", value="Worth")
    run = vssim.simulate(scenario, engine=engine)
    touch = dict(run.visits.filter(step="develop").select("item", "touch").iter_rows())
    tests = dict(run.visits.filter(step="test").select("item", "touch").iter_rows())
    told: dict[float, Any] = {}
    done = run.items.filter(polars.col("left").is_not_null())
    for item, arrived, due, value in done.select("item", "arrived", "due", "value").iter_rows():
        seen = ((arrived + 2) % 5, touch[item], tests[item], due - arrived)
        assert told.setdefault(value, seen) == pytest.approx(seen, abs=1e-5)
    # day of the week; own days, or where none stand the step's times the points by their mean; the step's times the points; due
    assert told == {
        10.0: pytest.approx((0, 0.5, 0.5, 5), abs=1e-5),
        20.0: pytest.approx((2, 3.0, 1.5, 4), abs=1e-5),
        50.0: pytest.approx((0, 1.5, 1.0, 3), abs=1e-5),
    }


def test_weeks_come_as_blocks_and_each_as_often_as_any_other(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, value="Worth").with_({"run.horizon": 5000, "run.replications": 1})
    run = vssim.simulate(scenario)
    weeks: dict[int, list[float]] = {}
    for arrived, value in run.items.select("arrived", "value").iter_rows():
        weeks.setdefault(int((arrived + 2) // 5), []).append(value)
    kinds = Counter(tuple(values) for number, values in weeks.items() if 0 < number < 1000)
    assert set(kinds) == {(10.0, 20.0), (50.0,)}
    for count in (*kinds.values(), 999 - sum(kinds.values())):
        assert abs(count - 333) < 4 * np.sqrt(999 * 2 / 9)  # a third each


def test_types_of_one_past_share_its_weeks(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(PAST, encoding="utf-8")
    kinds = {
        name.lower(): {"history": {"file": "history.csv", **WORDS, "only": {"Type": name}, "value": "Worth"}}
        for name in ("Bug", "Feature")
    }
    (tmp_path / "s.yaml").write_text(text_of({**STREAM, "demand": kinds}), encoding="utf-8")
    run = vssim.simulate(vssim.load(str(tmp_path / "s.yaml")))
    weeks: dict[int, set[float]] = {}
    for arrived, value in run.items.select("arrived", "value").iter_rows():
        weeks.setdefault(int((arrived + 2) // 5), set()).add(value)
    assert {frozenset(values) for number, values in weeks.items() if 0 < number < 40} == {
        frozenset({10.0, 20.0, 30.0}),
        frozenset({40.0}),
        frozenset({50.0, 60.0}),
    }


def test_each_replication_draws_its_own_weeks_and_a_longer_horizon_changes_no_past(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path)
    runs = [vssim.simulate(scenario, replication=number) for number in range(3)]
    assert len({tuple(arrivals(run)) for run in runs}) == 3
    longer = vssim.simulate(scenario.with_({"run.horizon": 300}))
    assert [at for at in arrivals(longer) if at <= 200] == arrivals(runs[0])


def test_a_season_and_a_count_concern_what_comes_as_in_the_past(tmp_path: Path) -> None:
    usual = arrivals(vssim.simulate(scenario_of(tmp_path)))
    half = arrivals(vssim.simulate(scenario_of(tmp_path, kind={"season": {0: "50%"}})))
    assert half == pytest.approx([2 * at for at in usual if 2 * at <= 200])
    few = arrivals(vssim.simulate(scenario_of(tmp_path, kind={"count": 3})))
    assert few == usual[:3]


def test_levers_reach_what_came_in_the_past(tmp_path: Path) -> None:
    changes = {
        "no": [{"say_no": {"share": "34%"}}],
        "automate": [{"automate": {"steps": "develop", "saved": "50%"}}],
        "slice": [{"slice": {"into": 2, "overhead": "0%"}}],
        "more": [{"assist_with_ai": {"steps": "develop", "demand": "100%"}}],
    }
    scenario = scenario_of(tmp_path, changes=changes, work={"develop": "Days"}, value="Worth", size="Points")
    usual = vssim.simulate(scenario)
    kept = vssim.simulate(scenario, "no")
    assert set(kept.items["value"]) == {20.0, 50.0}  # the least valuable third never comes
    assert works(vssim.simulate(scenario, "automate")) == pytest.approx(works(usual) / 2, abs=1e-5)
    halves = works(vssim.simulate(scenario, "slice"))
    assert halves == pytest.approx(np.repeat(works(usual), 2) / 2, abs=1e-5)
    assert arrivals(vssim.simulate(scenario, "more")) == pytest.approx(
        [at / 2 for at in arrivals(vssim.simulate(scenario.with_({"run.horizon": 400})))], abs=1e-5
    )


def test_the_load_of_a_past_is_that_of_its_arrivals_and_their_work(tmp_path: Path) -> None:
    kind = {"kind": {"size": 2}, "work": {"develop": "Days"}}
    few = scenario_of(tmp_path, PAST.replace(",3,,", ",3,4,"), **kind).with_({"teams.developers.people": 1})  # own days 0.5, 4, 1.5
    from vssim.model.load import load

    assert load(few.model).by_team["developers"] == pytest.approx(6 / 15)


def test_a_past_is_written_and_read_again(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, size="Points", work={"develop": "Days"}, due="Due", value="Worth")
    again = vssim.loads(text_of(scenario.document()))
    assert again.document() == scenario.document()
    altered = pickle.loads(pickle.dumps(scenario)).with_({"run.seed": 1})
    for other in (again, altered):
        assert vssim.simulate(other).visits.equals(vssim.simulate(scenario).visits)


def test_a_past_is_one_value_that_a_file_on_top_replaces(tmp_path: Path) -> None:
    scenario_of(tmp_path, value="Worth")
    top = {"extends": "scenario.yaml", "demand": {"bug": {"history": {"at": [0, 4]}}}}
    (tmp_path / "top.yaml").write_text(text_of(top), encoding="utf-8")
    history = vssim.load(str(tmp_path / "top.yaml")).demand["bug"].history
    assert history is not None
    assert np.isnan(history.weeks.value).all()
    assert history.weeks.at.tolist() == [0, 4]


@pytest.mark.parametrize(
    ("table", "asked", "expected"),
    [
        (PAST, {"at": "Creatd"}, "did you mean 'Created'"),
        (PAST, {"sise": "Points"}, "did you mean 'size'"),
        (PAST, {"blocks": "month"}, "week: whole weeks are drawn together"),
        (PAST, {"only": {"Typ": "Bug"}}, "did you mean 'Type'"),
        (PAST, {"only": {"Type": "Bgu"}}, "at least one whole week with something in it"),
        (PAST, {"work": {"devlop": "Days"}}, "did you mean 'develop'"),
        (PAST, {"to": "2025-01-09"}, "0 whole weeks"),
        (PAST.replace(",3,,", ",-3,,"), {"size": "Points"}, r"history.csv:3.*a number of at least 0"),
        (PAST.replace("2025-01-06,", "6.1.2025,"), {}, r"history.csv:2.*a date such as"),
    ],
)
def test_what_is_wrong_with_a_past_is_said_with_its_place(tmp_path: Path, table: str, asked: Any, expected: str) -> None:
    with pytest.raises(vssim.ScenarioError, match=expected):
        scenario_of(tmp_path, table, **asked)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ({"at": [0, 4], "size": [1]}, "as many as at has: 2"),
        ({"at": [0, -1]}, r"demand.bug.history.at.1.*a number from 0"),
        ({"at": ["2025-01-06", "2025-01-10"]}, "a start: a date needs the date of time 0"),
        ({"at": []}, "at least one whole week"),
        ({"at": [0, 4], "waits_for": ["a"]}, "an unknown key"),
        ("history.csv", "a data file that exists"),
        (3, "a table of what arrived"),
    ],
)
def test_what_is_wrong_with_lists_is_said_with_its_place(history: Any, expected: str) -> None:
    document = {key: value for key, value in STREAM.items() if key != "start"} | {"demand": {"bug": {"history": history}}}
    with pytest.raises(vssim.ScenarioError, match=expected):
        vssim.loads(text_of(document))


def test_only_one_source_of_arrivals_is_taken() -> None:
    with pytest.raises(vssim.ScenarioError, match="one of every, backlog, at and history"):
        vssim.loads(text_of({**STREAM, "demand": {"bug": {"history": {"at": [0, 4]}, "every": 2}}}))
