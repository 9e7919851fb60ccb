"""What is counted, and from when: items are conserved, the last moment counts, clocks begin with what the scenario says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import vssim
from tests.support.models import Taste, documents
from tests.support.running import ENGINES, text_of
from vssim.clock import NOT_YET
from vssim.errors import ScenarioError
from vssim.log import Log
from vssim.metrics import measure

LADDER = """
run: {horizon: 1500, replications: 12}
demand: {story: {backlog: 200}}
steps: {ux: {work: exponential(1), wip_limit: 1}, dev: {work: exponential(3)}, qa: {work: exponential(2)}}
teams: {ux: 1, dev: 1, qa: 1}
changes:
  second developer: [{set: {teams.dev.people: 2}}]
  WIP 2: [{limit_wip: {stream: 2}}]
"""

SIXTY = """
start: 2026-01-05
run: {horizon: 300, replications: 200}
demand: {project: {backlog: 1, parts: {story: 60}}, story: {every: never}}
steps: {dev: {work: "lognormal(mean=4, cv=0.8)"}, test: {work: "lognormal(mean=2, cv=0.8)"}}
teams: {devs: {people: 3, does: dev, multitasking: 3, switching_cost: 20%}, testers: {people: 2, does: test}}
"""

TEAM_LIMIT = """
run: {horizon: 500, warmup: 150, replications: 6}
demand: {story: {every: exponential(1.35)}}
steps:
  specify: {work: "lognormal(mean=2, cv=0.8)"}
  develop: {work: "lognormal(mean=6, cv=0.9)"}
  test: {work: "lognormal(mean=2, cv=0.8)"}
teams:
  crew:
    wip_limit: 10
    people: [{count: 2, does: specify}, {count: 5, does: develop}, {count: 2, does: test}]
"""

TRAIN = """
run: {horizon: %s, replications: 10}
demand: {a: {every: exponential(1)}}
steps: {dev: {work: 0.5}, release: {work: 0, gate: {every: 20}}}
teams: {devs: {people: 1, does: [dev, release]}}
"""


def counts(log: Log) -> dict[str, tuple[int, int]]:
    """By type: how many items arrived, and how many are accounted for."""
    found = {}
    metrics = measure.measure(log)
    for number, name in enumerate(log.types):
        arrived = int(((log.items.type == number) & (log.items.arrived != NOT_YET)).sum())
        gone = sum(round((metrics[f"{what}@{name}"] or 0) * times) for what, times in (("delivered", 1), ("unfinished", 1)))
        gone += int(((log.items.type == number) & ((log.items.stopped == 1) | (log.items.gave_up == 1))).sum())
        found[name] = (arrived, gone)
    return found


@given(documents(Taste()))
def test_what_arrived_is_delivered_stopped_given_up_or_unfinished(document: dict[str, Any]) -> None:
    scenario = vssim.loads(document)
    log = vssim.simulate(scenario, engine="reference").log
    for arrived, gone in counts(log).values():
        assert arrived == gone


def test_what_is_done_on_the_last_moment_counts() -> None:
    text = "{run: {horizon: 20}, demand: {a: {at: [0, 0, 0, 0]}}, steps: {dev: {work: 5}}, teams: {dev: 1}}"
    found = vssim.simulate(vssim.loads(text)).metrics()
    assert (found["delivered"], found["unfinished"], found["last_done"]) == (4, 0, 20)


@pytest.mark.parametrize("horizon", [99, 100])
def test_a_release_on_the_last_day_loses_nobody_and_is_told(horizon: int) -> None:
    scenario = vssim.loads(TRAIN % horizon)
    for replication in range(3):
        run = vssim.simulate(scenario, replication=replication)
        found, arrived = run.metrics(), len(run.items)
        assert (found["delivered"] or 0) + (found["unfinished"] or 0) == arrived
    (variant,) = vssim.compare(scenario).variants.values()
    told = [text for text in variant.warnings if "gate" in text]
    if horizon == 100:
        assert variant["unfinished.usual"].mean == pytest.approx(10, abs=1.5)
        assert len(told) == 1
    else:
        assert "unfinished.usual" not in variant
        assert not told


def test_the_percentile_and_the_share_within_it_say_the_same() -> None:
    text = "{run: {horizon: 100, replications: 6}, demand: {a: {backlog: 10}}, steps: {dev: {work: 1}}, teams: {dev: 1}}"
    (variant,) = vssim.compare(vssim.loads(text)).variants.values()
    assert variant["lead_time.p85"].mean == 9
    assert variant["within.8.65"].mean == pytest.approx(0.8)
    assert variant["within.9"].mean == pytest.approx(0.9)


def test_averages_of_a_finite_backlog_end_with_it() -> None:
    found = vssim.compare(vssim.loads(LADDER))
    rates = {name: variant["throughput"].mean for name, variant in found.variants.items()}
    assert rates["baseline"] == pytest.approx(0.33, abs=0.02)
    assert rates["second developer"] == pytest.approx(0.49, abs=0.03)
    assert rates["WIP 2"] == pytest.approx(0.24, abs=0.02)
    cycle = found["WIP 2"]
    assert cycle.before["cycle_time.mean"].mean == pytest.approx(213, rel=0.1)
    assert cycle.after["cycle_time.mean"].mean == pytest.approx(8.1, rel=0.05)


def test_with_something_still_there_averages_end_at_the_horizon() -> None:
    text = "{run: {horizon: 4}, demand: {a: {backlog: 10}}, steps: {dev: {work: 1}}, teams: {dev: 1}}"
    found = vssim.simulate(vssim.loads(text)).metrics()
    assert (found["throughput"], found["last_done"], found["unfinished"]) == (1, None, 6)


def test_what_is_done_as_it_begins_is_counted_though_it_has_no_rate() -> None:
    document = {
        "run": {"horizon": 10, "warmup": 0},
        "demand": {"item": {"backlog": 4}},
        "steps": {"a": {"work": 0}},
        "teams": {"A": {"people": 1, "does": "a"}},
    }
    run = vssim.simulate(vssim.loads(document))
    assert run.metrics(warmup=0)["delivered"] == 4
    assert run.metrics(warmup=0)["throughput"] is None
    assert run.metrics(warmup=1)["delivered"] is None


def test_endless_demand_has_no_last_item() -> None:
    assert "last_done" not in vssim.simulate(vssim.loads(TRAIN % 100)).metrics()


def test_of_one_project_what_is_told_is_when_half_85_and_95_of_100_such_projects_are_done() -> None:
    (variant,) = vssim.compare(vssim.loads(SIXTY)).variants.values()
    assert [variant[f"lead_time.{key}"].mean for key in ("p50", "p85", "p95")] == pytest.approx([116, 127, 134], abs=3)
    assert [one.mean for one in variant.outcomes["last_done"].values()] == pytest.approx([116, 127, 134], abs=3)


def test_a_teams_limit_holds_in_the_backlog_what_is_not_started_where_that_is_commitment() -> None:
    pulled, started = (
        vssim.compare(vssim.loads(TEAM_LIMIT + f"committed: {when}")).variants["baseline"] for when in ("pulled", "started")
    )
    assert pulled.team_limits == ("crew",)
    assert started.team_limits == ()
    assert pulled["backlog"].mean == 0
    assert started["wip"].mean is not None
    assert started["wip"].mean <= 10
    assert started["backlog"].mean is not None
    assert pulled["wip"].mean == pytest.approx(started["wip"].mean + started["backlog"].mean)
    assert started["cycle_time.p85"] == started["since_start.p85"] == pulled["since_start.p85"]
    assert started["time.backlog"].mean is not None
    causes = [name for name in started if name.startswith("time.") and "@" not in name and name != "time.open_waiting"]
    assert sum(started[name].mean or 0 for name in causes) == pytest.approx(started["lead_time.mean"].mean)


def test_commitment_may_be_a_step() -> None:
    text = """{run: {horizon: 50, warmup: 0}, committed: make, demand: {a: {at: [0, 0]}},
              steps: {look: {work: 2}, make: {work: 3}}, teams: {look+make: 1}}"""
    items = vssim.simulate(vssim.loads(text)).metrics()
    assert items["lead_time.mean"] == pytest.approx((7 + 10) / 2)
    assert items["cycle_time.mean"] == pytest.approx((5 + 6) / 2)
    assert items["time.backlog"] == pytest.approx((2 + 4) / 2)


def test_a_clock_of_ones_own_counts_from_entry_to_last_leaving() -> None:
    text = """{run: {horizon: 50}, demand: {a: {at: [0, 0]}}, steps: {look: {work: 2}, make: {work: 3}}, teams: {look: 1, make: 1},
              clocks: {answer: {from: make, to: delivered}, all of it: {from: arrived, to: make}}}"""
    found = vssim.simulate(vssim.loads(text)).metrics()
    assert found["clock.answer.mean"] == pytest.approx((3 + 4) / 2)
    assert found["clock.all of it.p85"] == 8


def test_a_promise_is_kept_or_not_by_the_clock_that_it_is_of() -> None:
    text = """{run: {horizon: 50}, promise: {within: 5, of: lead_time},
              demand: {a: {at: [0, 0, 0]}, b: {at: [20], promise: 1}}, steps: {make: {work: 3}}, teams: {make: 1}}"""
    found = vssim.simulate(vssim.loads(text)).metrics()
    assert [found[name] for name in ("on_promise@a", "on_promise@b", "on_promise")] == pytest.approx([1 / 3, 0, 0.25])


PROMISED = {
    "run": {"horizon": 50, "replications": 3},
    "demand": {
        "a": {"items": [{"at": 0}, {"at": 0, "promise": 5}, {"at": 0, "promise": {"within": 9, "of": "lead_time"}}], "promise": 2},
        "b": {"items": [{"at": 20, "promise": 1}, {"at": 30, "parts": {"c": 2}, "promise": {"within": 6, "of": "lead_time"}}]},
        "c": {"every": "never"},
    },
    "steps": {"make": {"work": 3}},
    "teams": {"make": {"people": 1, "does": "make"}},
}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_items_own_promise_stands_in_place_of_its_types(engine: str) -> None:
    """One at a time: of type a after 3, 6 and 9 days, of type b after 3; a whole of two parts after 6."""
    scenario = vssim.loads(text_of(PROMISED))
    for replication in range(3):
        found = vssim.simulate(scenario, engine=engine, replication=replication).metrics()  # type: ignore[arg-type]
        told = {name: found[name] for name in ("on_promise", "on_promise@a", "on_promise@b", "on_promise@c")}
        # the three of a leave the backlog as they come: their promise counts from then on, that of a lead time from arrival
        assert told == {
            "on_promise": pytest.approx(2 / 5),
            "on_promise@a": pytest.approx(1 / 3),
            "on_promise@b": 0.5,
            "on_promise@c": None,
        }
    whole = vssim.compare(scenario, jobs=1).variants["baseline"]["on_promise"]
    assert whole.mean == pytest.approx(2 / 5)


def test_an_items_own_promise_is_of_a_clock_that_there_is() -> None:
    written = {**PROMISED, "demand": {"a": {"items": [{"at": 0}, {"at": 1, "promise": {"within": 2, "of": "leed_time"}}]}}}
    with pytest.raises(vssim.ScenarioError) as caught:
        vssim.loads(text_of(written))
    (fault,) = caught.value.faults
    assert (fault.path, fault.nearest) == ("demand.a.items.1.promise", "lead_time")


def test_a_whole_is_committed_and_started_when_its_first_part_is_on_any_level() -> None:
    text = """{run: {horizon: 10}, demand: {story: {every: never}, epic: {every: never, parts: {story: 1}, route: []},
              initiative: {at: [0], parts: {epic: 1}, route: []}}, steps: {a: {work: 2}}, teams: {a: 1}}"""
    found = vssim.simulate(vssim.loads(text)).metrics()
    assert (found["cycle_time.mean"], found["since_start.mean"], found["lead_time.mean"]) == (2, 2, 2)
    assert (found["unfinished"], found["delivered"]) == (0, 1)


@pytest.mark.parametrize(
    ("key", "path", "expected"),
    [
        ("committed: mak", "committed", "pulled, started, make"),
        ("clocks: {x: {from: mak, to: make}}", "clocks.x.from", "a step, or"),
        ("promise: {within: 3, of: led_time}", "promise", "a promise of lead_time"),
        ("promise: -1", "promise", "a time above 0 after commitment"),
        ("headline: lead_time.p84", "headline", "a metric"),
    ],
)
def test_a_fault_of_what_is_counted_names_place_and_expectation(key: str, path: str, expected: str) -> None:
    text = f"{key}\ndemand: {{a: {{every: 3}}}}\nsteps: {{make: {{work: 1}}}}\nteams: {{make: 1}}\n"
    with pytest.raises(ScenarioError) as caught:
        vssim.loads(text)
    (fault,) = caught.value.faults
    assert fault.path == path
    assert expected in fault.expected


def test_a_sweep_tells_the_percentiles_of_all_items_to_less_than_half_a_point() -> None:
    text = """{run: {horizon: 800, replications: 6}, demand: {a: {every: exponential(1.3)}}, steps: {make: {work: exponential(1)}},
              teams: {make: 1}}"""
    scenario = vssim.loads(text)
    whole = vssim.compare(scenario).variants["baseline"]
    swept = vssim.sweep(scenario, {"teams.make.people": [1]}, jobs=1).points[0]
    for key, share in (("p50", 0.5), ("p85", 0.85), ("p95", 0.95)):
        value = swept[f"lead_time.{key}"].mean
        assert value is not None
        assert whole.pooled.pool("lead_time").share_within(value) == pytest.approx(share, abs=0.004)
    assert swept["lead_time.mean"].mean == pytest.approx(whole["lead_time.mean"].mean)
