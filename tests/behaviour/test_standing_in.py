"""People who help at something only while nobody is here who does it: `only_when_alone`, the same in both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.before_after import pulled
from vssim import workload
from vssim.clock import TICKS
from vssim.engines.each import Name
from vssim.errors import ScenarioError
from vssim.log import Log
from vssim.play.run import simulate
from vssim.scenario import Scenario, loads

TESTERS: dict[str, Any] = {"people": 1, "does": "test"}
DEVELOPERS: dict[str, Any] = {"people": 1, "does": "develop", "helps": {"test": 0.5}, "only_when_alone": "test"}


def stream(testers: dict[str, Any], developers: dict[str, Any], **more: Any) -> Scenario:
    """Items that are tested only: three of 2 days each, all there at time 0, if nothing else is said."""
    return loads(
        {
            "run": {"horizon": 60, "replications": 1},
            "demand": {"card": {"backlog": 3, "route": ["test"]}},
            "steps": {"develop": {"work": 1}, "test": {"work": 2}},
            "teams": {"testers": {**TESTERS, **testers}, "developers": {**DEVELOPERS, **developers}},
            **more,
        }
    )


def played(scenario: Scenario, engine: Name) -> Log:
    return simulate(scenario, engine=engine, warmup=0).log


def told(log: Log) -> list[tuple[int, float, float]]:
    """Of every visit the pool (0: the testers), when it was started, and finished."""
    rows = log.visits
    return [
        (int(pool), start / TICKS, end / TICKS) for pool, start, end in zip(rows.pool, rows.started, rows.finished, strict=True)
    ]


def test_while_somebody_is_here_who_does_it_they_take_up_nothing(engine: Name) -> None:
    assert told(played(stream({}, {}), engine)) == [(0, 0, 2), (0, 2, 4), (0, 4, 6)]
    assert told(played(stream({}, {"only_when_alone": []}), engine)) == [(0, 0, 2), (1, 0, 4), (0, 2, 4)]


def test_they_stand_in_for_somebody_who_is_away_and_finish_what_they_have_in_hand(engine: Name) -> None:
    away = stream({"absences": [{"from": 2, "to": 3}]}, {})
    # The tester's first is done as he leaves; the developer takes the second, and has it until 6 although the tester is back at 3.
    assert told(played(away, engine)) == [(0, 0, 2), (1, 2, 6), (0, 3, 5)]


def test_what_an_absent_owner_has_put_down_nobody_else_takes(engine: Name) -> None:
    away = stream({"absences": [{"from": 1, "to": 3}]}, {})
    assert told(played(away, engine)) == [(0, 0, 4), (1, 1, 5), (0, 4, 6)]


def test_a_team_goes_on_with_what_it_owns_when_the_expert_is_back(engine: Name) -> None:
    steps = {"develop": {"work": 1}, "test": {"work": 2, "needs": [{"outside": "vendor", "wait": 3, "at": "50%"}]}}
    away = stream({"absences": [{"from": 0, "to": 1}]}, {}, steps=steps, demand={"card": {"backlog": 1, "route": ["test"]}})
    log = played(away, engine)
    # Half of it 0 to 2, the vendor until 5, and the other half, with the tester here and idle, 5 to 7.
    assert log.visits.finished.tolist() == [2 * TICKS, 5 * TICKS, 7 * TICKS]
    assert log.visits.pool.tolist() == [1, -1, 1]


def test_where_nobody_ever_does_it_they_always_help(engine: Name) -> None:
    alone = [stream({"does": "develop"}, {"only_when_alone": names}) for names in ([], ["test"])]
    one, other = (told(played(scenario, engine)) for scenario in alone)
    assert one == other
    assert {pool for pool, _, _ in one} == {1}


def test_a_ticket_is_answered_by_who_stands_in_only_while_the_expert_is_away(engine: Name) -> None:
    scenario = loads(
        {
            "run": {"horizon": 60, "replications": 1},
            "demand": {"card": {"at": [0, 10]}},
            "steps": {"build": {"work": 1, "needs": [{"from": "advice", "work": 1, "at": 0}]}},
            "teams": {
                "builders": {"people": 1, "does": "build"},
                "experts": {"people": 1, "does": "advice", "absences": [{"from": 0, "to": 5}]},
                "others": {"people": 1, "helps": "advice", "only_when_alone": "advice"},
            },
        }
    )
    assert played(scenario, engine).visits.pool.tolist() == [2, 0, 1, 0]


def test_who_stands_in_is_not_interrupted_while_the_expert_is_here(engine: Name) -> None:
    demand = {"card": {"backlog": 2, "route": ["test"]}, "urgent": {"at": [1], "route": ["test"], "interrupts": True}}
    work = {"plan": {"backlog": 1, "route": ["develop"]}}
    busy = stream({}, {}, demand=demand | work, steps={"develop": {"work": 9}, "test": {"work": 2}})
    log = played(busy, engine)
    assert log.visits.pool[log.items.type == log.types.index("urgent")].tolist() == [0]
    away = stream(
        {"absences": [{"from": 0, "to": 20}]}, {}, demand=demand | work, steps={"develop": {"work": 9}, "test": {"work": 2}}
    )
    log = played(away, engine)
    assert log.visits.pool[log.items.type == log.types.index("urgent")].tolist() == [1]


@pytest.mark.parametrize("seed", range(3))
def test_in_sickness_and_holidays_they_start_nothing_while_an_expert_is_here(engine: Name, seed: int) -> None:
    sick = {"sick": {"share": "20%", "lasts": "geometric(4)"}, "absences": [{"from": 100, "to": 110, "people": "all"}]}
    scenario = stream(
        {"people": 2, **sick},
        {"people": 3},
        run={"horizon": 250, "replications": 1, "seed": seed},
        demand={"card": {"every": "exponential(1.2)", "route": ["test"]}},
    )
    log = played(scenario, engine)
    run = scenario.run
    (phase,) = workload.build(scenario.plan(), horizon=run.horizon, seed=run.seed, replication=0, unit=scenario.unit).phases
    testers = phase.staffing.pool == 0
    since = np.append(0, phase.staffing.at[testers])
    here = np.append(phase.pools.people[0], phase.staffing.people[testers])
    started = log.visits.started[(log.visits.pool == 1) & (log.visits.started >= 0)]
    experts = here[np.searchsorted(since, started, side="right") - 1]
    assert len(started) > 5
    assert not experts.any()
    assert here.any()


def test_a_change_that_brings_an_expert_ends_it(engine: Name) -> None:
    scenario = stream(
        {"does": "develop"},
        {},
        changes={"an expert": {"levers": [{"set": {"teams.testers.does": "test"}}], "from": 3}},
    )
    log = simulate(scenario, "an expert", engine=engine, warmup=0).log
    assert told(log) == [(1, 0, 4), (0, 3, 5), (0, 5, 7)]


def test_the_lever_makes_nothing_worse_where_the_expert_is_always_here(engine: Name) -> None:
    slow = {"teams": "developers", "skills": "test", "proficiency": 0.1}
    organisation: dict[str, Any] = {
        "demand": {"feature": {"at": [0, 0.5]}},
        "steps": {"develop": 0, "test": 2},
        "teams": {"developers": {"people": 1, "does": "develop"}, "testers": {"people": 1, "does": "test"}},
        "horizon": 60,
    }
    before, after = pulled(engine, {"cross_train": slow}, **organisation).of_items("left")
    assert (max(before), max(after)) == (4, 20.5)  # he takes for 20 what the tester would have done by 4
    before, after = pulled(engine, {"cross_train": slow | {"only_when_alone": True}}, **organisation).of_items("left")
    assert before == after


def test_the_lever_leaves_what_people_helped_at_before_as_it_was() -> None:
    scenario = stream({}, {"only_when_alone": [], "helps": {"test": 0.5}})
    learned = {"cross_train": {"teams": "developers", "proficiency": 0.8, "only_when_alone": True}}
    changed = loads({**scenario.document(), "changes": {"new": [learned]}}).plan("new").phases[0].model
    assert changed.teams["developers"].helps == {"test": 0.8}
    assert changed.teams["developers"].only_when_alone == ()


@pytest.mark.parametrize("several", [False, True])
def test_true_is_for_all_that_they_help_at(several: bool) -> None:
    craft: dict[str, Any] = {"does": "develop", "helps": {"test": 0.5}, "only_when_alone": True}
    crew = {"people": [{"count": 1, **craft}]} if several else {"people": 1, **craft}
    scenario = loads({**stream({}, {}).document(), "teams": {"testers": TESTERS, "developers": crew}})
    assert [group.only_when_alone for group in scenario.teams["developers"].groups] == [("test",)]
    assert loads(scenario.document()).teams == scenario.teams


@pytest.mark.parametrize(
    ("developers", "path", "expected"),
    [
        ({"only_when_alone": "tests"}, "teams.developers.only_when_alone", "a step or skill that these people help at"),
        ({"only_when_alone": True, "helps": {}}, "teams.developers.only_when_alone", "true is for all of it"),
        ({"people": [{"count": 1, "does": "develop"}], "does": {}, "helps": {}}, "teams.developers", "inside the groups"),
    ],
)
def test_what_they_do_not_help_at_is_refused(developers: dict[str, Any], path: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        stream({}, developers)
    assert [path in str(fault) and expected in str(fault) for fault in caught.value.faults] == [True]
