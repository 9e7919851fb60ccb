"""Who is here, and when: timetables, absences, availability, sickness, drift, newcomers; the same in both engines."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from vssim.clock import TICKS
from vssim.errors import ScenarioError
from vssim.play.run import simulate
from vssim.scenario import Scenario, loads
from vssim.workload import build

ENGINES = ("reference", "compiled")


def one_item(team: dict[str, Any], **more: Any) -> Scenario:
    """An item of 2 days that arrives at 0, and a team that does it."""
    return loads(
        {
            "run": {"horizon": 60, "replications": 1},
            "demand": {"card": {"at": [0]}},
            "steps": {"do": {"work": 2}},
            "teams": {"crew": {"does": "do", **team}},
            **more,
        }
    )


def left(scenario: Scenario, engine: Any, change: str | None = None) -> list[float]:
    return [tick / TICKS for tick in simulate(scenario, change, engine=engine, warmup=0).log.items.left.tolist()]


@pytest.mark.parametrize("engine", ENGINES)
def test_work_waits_until_somebody_comes(engine: str) -> None:
    assert left(one_item({"people": {0: 0, 5: 1}}), engine) == [7]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_in_hand_when_the_last_one_leaves_is_put_down_and_taken_up_again(engine: str) -> None:
    scenario = one_item({"people": {0: 1, "0.5": 0, 4: 1}})
    assert left(scenario, engine) == [5.5]
    log = simulate(scenario, engine=engine, warmup=0).log  # type: ignore[arg-type]
    assert log.visits.put_down.tolist() == [3.5 * TICKS]
    assert log.visits.touch.tolist() == [2 * TICKS]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_last_day_of_an_absence_is_off_too(engine: str) -> None:
    away = {"people": 1, "absences": [{"from": "2026-06-16", "to": "2026-06-19"}]}
    assert left(one_item(away, start="2026-06-15"), engine) == [6]


@pytest.mark.parametrize("engine", ENGINES)
def test_absences_add_up_at_most_to_everybody(engine: str) -> None:
    away = {"people": 2, "absences": [{"from": 0, "to": 3, "people": 2}, {"from": 1, "to": 4, "people": "all"}]}
    assert left(one_item(away), engine) == [6]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_here_half_of_the_time_takes_twice_as_long(engine: str) -> None:
    assert left(one_item({"people": 1, "availability": "50%"}), engine) == [4]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_item_alone_in_a_team_of_one_veteran_and_one_newcomer_is_done_by_the_veteran_less_what_he_teaches(engine: str) -> None:
    change = {"more": {"levers": [{"add_people": {"teams": {"crew": 1}, "ramp": 10**6, "mentoring": "25%"}}]}}
    assert left(one_item({"people": 1}, changes=change), engine, "more") == [pytest.approx(2 / 0.75, abs=1e-4)]


@pytest.mark.parametrize("engine", ENGINES)
def test_four_newcomers_do_not_stop_a_team_of_four(engine: str) -> None:
    change = {"more": {"levers": [{"add_people": {"teams": {"crew": 4}, "ramp": 10**6, "mentoring": "25%"}}]}}
    assert left(one_item({"people": 4}, changes=change), engine, "more") == [pytest.approx(2 / 0.75, abs=1e-4)]


@pytest.mark.parametrize("engine", ENGINES)
def test_teaching_takes_at_most_half_of_the_others_time(engine: str) -> None:
    change = {"more": {"levers": [{"add_people": {"teams": {"crew": 9}, "ramp": 10**6, "mentoring": "25%"}}]}}
    assert left(one_item({"people": 1}, changes=change), engine, "more") == [pytest.approx(4, abs=1e-4)]


def test_people_who_are_added_are_added_to_every_entry_of_a_timetable() -> None:
    change = {"more": {"levers": [{"add_people": {"teams": {"crew": 2}}}]}}
    model = one_item({"people": {0: 1, 30: 3}}, changes=change).plan("more").phases[-1].model
    assert model.teams["crew"].document()["people"] == {0: 3, 30: 5}


def test_crafts_that_become_one_team_keep_who_is_here_when() -> None:
    people = [{"count": {0: 1, 10: 2}, "does": "do"}, {"count": 2, "does": "test", "absences": [{"from": 5, "to": 8}]}]
    scenario = loads(
        {
            "run": {"horizon": 60},
            "demand": {"card": {"at": [0]}},
            "steps": {"do": {"work": 2}, "test": {"work": 1}},
            "teams": {"crew": {"people": people}},
            "changes": {"one": ["single_piece_flow"], "two": [{"cross_functional_teams": {"count": 1}}]},
        }
    )
    one = scenario.plan("one").phases[-1].model.teams["crew"]
    assert one.document()["people"][0]["count"] == {0: 3, 5: 2, 8: 3, 10: 4}
    (two,) = scenario.plan("two").phases[-1].model.teams.values()
    assert [group["count"] for group in two.document()["people"]] == [{0: 1, 10: 2}, {0: 2, 5: 1, 8: 2}]


# --- both engines, and phases -----------------------------------------------------------------------------------------------


def _timetable(source: random.Random, least: int) -> dict[float, int]:
    moments = sorted(source.sample(range(1, 60), source.randint(1, 5)))
    table: dict[float, int] = {0: source.randint(max(least, 1), 3)}
    table |= {moment + source.choice([0, 0.5]): source.randint(least, 3) for moment in moments}
    table[max(table)] = max(1, table[max(table)])
    return table


def _tight(source: random.Random, least: int) -> dict[str, Any]:
    people = {team: _timetable(source, least) for team in ("makers", "testers")}
    return {
        "run": {"horizon": 60, "replications": 1, "seed": source.randint(1, 10**6)},
        "demand": {"card": {"every": f"exponential({source.choice([0.7, 1, 1.5])})"}, "now": {"every": 9, "expedite": True}},
        "steps": {
            "make": {"work": "exponential(1.2)", "wip_limit": source.choice(["none", 3])},
            "test": {"work": "exponential(0.8)", "returns": {"to": "make", "chance": 0.2}},
        },
        "handoffs": {"delay": source.choice([0, 0.5]), "relearning": source.choice([0, 0.2])},
        "wip_limit": source.choice(["none", 6]),
        "teams": {
            "makers": {
                "people": people["makers"],
                "does": "make",
                "multitasking": source.choice([1, 1.5, 2]),
                "switching_cost": 0.2,
                "pull": source.choice(["fifo", "finish_first"]),
            },
            "testers": {"people": people["testers"], "does": {"test": 0.7}, "helps": source.choice([{}, {"make": 0.5}])},
        },
    }


def _log(scenario: Scenario, engine: Any, change: str | None = None) -> dict[str, Any]:
    log = simulate(scenario, change, engine=engine, warmup=0).log
    columns = {f"visits.{name}": getattr(log.visits, name) for name in vars(log.visits)}
    return columns | {f"items.{name}": getattr(log.items, name) for name in vars(log.items)}


def _differences(one: dict[str, Any], two: dict[str, Any]) -> list[str]:
    arrays = [name for name in one if isinstance(one[name], np.ndarray)]
    return [name for name in arrays if not np.array_equal(one[name], two[name], equal_nan=one[name].dtype.kind == "f")]


@pytest.mark.parametrize("seed", range(12))
def test_people_come_and_go_alike_in_both_engines(seed: int) -> None:
    scenario = loads(_tight(random.Random(seed), 0))
    assert _differences(_log(scenario, "reference"), _log(scenario, "compiled")) == []


@pytest.mark.parametrize("seed", range(12))
def test_a_timetable_is_the_same_played_as_phases_bit_for_bit(seed: int) -> None:
    written = _tight(random.Random(1000 + seed), 1)
    tables = {name: team["people"] for name, team in written["teams"].items()}
    moments = sorted({moment for table in tables.values() for moment in table})
    changes: dict[str, Any] = {}
    for number, moment in enumerate(moments):
        now = {f"teams.{name}.people": table[max(at for at in table if at <= moment)] for name, table in tables.items()}
        changes[f"c{number}"] = [{"set": now}]
    changes["all"] = {"includes": {f"c{number}": moment for number, moment in enumerate(moments)}}
    first = {name: {**team, "people": tables[name][0]} for name, team in written["teams"].items()}
    phases = loads({**written, "teams": first, "changes": changes})
    assert _differences(_log(loads(written), "compiled"), _log(phases, "compiled", "all")) == []


# --- luck -------------------------------------------------------------------------------------------------------------------

SHAKY = {"people": 20, "sick": {"share": "10%", "lasts": "geometric(3)"}, "drift": {"cv": "30%", "over": 20}}


def _phase(replication: int = 0, seed: int = 1, horizon: float = 4000, **team: Any) -> Any:
    scenario = one_item(SHAKY | team)
    return build(scenario.plan(), horizon=horizon, seed=seed, replication=replication, unit="day").phases[0]


def test_in_the_long_run_everybody_is_ill_for_the_stated_share_in_spells_of_the_stated_length() -> None:
    shares, spells = [], 0
    for seed in range(8):
        phase = _phase(seed=seed)
        at, here = np.append(0, phase.staffing.at), np.append(phase.pools.people[0], phase.staffing.people)
        lasting = np.diff(np.append(at, 4000 * TICKS)) / TICKS
        shares.append(float((20 - here) @ lasting) / (20 * 4000))
        spells += int(np.maximum(-np.diff(here), 0).sum())
    # 20 people, spells of 3 days on average, a tenth of the time: about 0.0095 new ones a day each, when those at once are few.
    assert np.mean(shares) == pytest.approx(0.10, abs=4 * np.std(shares, ddof=1) / np.sqrt(8))
    assert np.std(shares, ddof=1) / np.sqrt(8) < 0.002
    assert (phase.staffing.at % TICKS == 0).all()


def test_drift_has_mean_1_the_stated_cv_and_forgets_as_stated() -> None:
    paces = np.concatenate([_phase(seed=seed, horizon=20_000).teams.pace[0] / 1e6 for seed in range(6)])
    logs = np.log(paces)
    assert paces.mean() == pytest.approx(1, abs=0.03)
    assert paces.std() / paces.mean() == pytest.approx(0.3, abs=0.02)
    assert np.corrcoef(logs[:-1], logs[1:])[0, 1] == pytest.approx(np.exp(-1 / 20), abs=0.01)


def test_every_replication_has_its_own_sickness_and_every_variant_the_same() -> None:
    one, again, other = _phase(0), _phase(0, multitasking=2), _phase(1)
    assert np.array_equal(one.staffing.people, again.staffing.people)
    assert np.array_equal(one.teams.pace, again.teams.pace)
    assert not np.array_equal(one.teams.pace, other.teams.pace)
    longer = _phase(0, horizon=5000)
    assert np.array_equal(one.staffing.at, longer.staffing.at[: len(one.staffing.at)])


@pytest.mark.parametrize("seed", range(4))
def test_the_shaky_are_alike_in_both_engines(seed: int) -> None:
    written = _tight(random.Random(2000 + seed), 0)
    written["teams"]["makers"] |= {"sick": {"share": 0.2, "lasts": 2}, "drift": {"cv": 0.5, "over": 5}}
    scenario = loads(written)
    assert _differences(_log(scenario, "reference"), _log(scenario, "compiled")) == []


# --- demand with a season ---------------------------------------------------------------------------------------------------


def test_arrivals_follow_the_season() -> None:
    season = {1000: "50%", 2000: 0, 3000: 2}
    counts = np.zeros(4)
    for seed in range(10):
        scenario = one_item({"people": 1}, demand={"card": {"every": "exponential(1)", "season": season}})
        items = build(scenario.plan(), horizon=4000, seed=seed, replication=0, unit="day").items
        counts += np.histogram(items.arrival / TICKS, [0, 1000, 2000, 3000, 4000])[0]
    expected = np.array([10_000, 5_000, 0, 20_000])
    assert (np.abs(counts - expected) <= 4 * np.sqrt(expected)).all()


def test_a_season_that_changes_moves_only_what_comes_later() -> None:
    def arriving(season: dict[int, Any]) -> list[int]:
        scenario = one_item({"people": 1}, demand={"card": {"every": "exponential(1)", "season": season}})
        arrivals: list[int] = build(scenario.plan(), horizon=300, seed=4, replication=0, unit="day").items.arrival.tolist()
        return arrivals

    usual, half = arriving({0: 1}), arriving({100: "50%"})
    before = [tick for tick in usual if tick < 100 * TICKS]
    assert half[: len(before)] == before
    after = [(tick - 100 * TICKS) / TICKS for tick in half[len(before) :]]
    stretched = [2 * (tick - 100 * TICKS) / TICKS for tick in usual[len(before) : len(half)]]
    assert after == pytest.approx(stretched, abs=1e-5)


# --- what cannot be -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("team", "path", "expected"),
    [
        ({"people": {0: 1, 5: 0}}, "teams.crew.people", "somebody at the end"),
        ({"people": {3: 1}}, "teams.crew.people", "at time 0"),
        ({"people": {0: 1, "0": 2}}, "teams.crew.people", "each moment once"),
        ({"people": {0: 1, "soon": 2}}, "teams.crew.people", "moments as keys"),
        ({"people": {0: 1, 4: 1.5}}, "teams.crew.people", "whole numbers"),
        ({"people": {0: 1, "2026-09-01": 2}}, "teams.crew.people.2026-09-01", "a start"),
        ({"people": 2, "absences": [{"from": 3, "to": 5, "people": 3}]}, "teams.crew", "at most the 2 people"),
        ({"people": "unlimited", "absences": [{"from": 3, "to": 5}]}, "teams.crew", "a number of people where some are absent"),
        ({"people": "unlimited", "sick": {"share": "5%", "lasts": 3}}, "teams.crew", "a number of people where they can be ill"),
        ({"people": 2, "absences": [{"from": 3, "to": 3}]}, "teams.crew", "ends after it begins"),
        ({"people": 2, "availability": "120%"}, "teams.crew.availability", "at most 100%"),
        ({"people": 2, "sick": {"share": "100%", "lasts": 3}}, "teams.crew.sick.share", "below 100%"),
        ({"people": 2, "drift": {"cv": "30%", "over": 0}}, "teams.crew.drift.over", "above 0"),
        ({"people": [{"count": 1, "does": "do"}], "does": {}, "availability": "50%"}, "teams.crew", "inside the groups"),
    ],
)
def test_people_who_cannot_be_are_refused(team: dict[str, Any], path: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        one_item(team)
    assert [(fault.path, expected in fault.expected) for fault in caught.value.faults] == [(path, True)]


def test_a_season_of_what_is_there_at_stated_times_is_refused() -> None:
    with pytest.raises(ScenarioError, match="beside every"):
        one_item({"people": 1}, demand={"card": {"at": [0], "season": {0: 1}}})
