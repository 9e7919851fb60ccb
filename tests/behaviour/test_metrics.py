"""What is measured, each metric on a log small enough to work out by hand."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vssim
from tests.support.logs import NEVER, Item, Visit, log_of, work
from vssim.clock import TICKS
from vssim.errors import UsageError
from vssim.log import Kind, Log, Origin, Pool
from vssim.metrics import measure
from vssim.metrics.causes import CAUSES
from vssim.metrics.deliveries import quantiles
from vssim.metrics.facts import Facts
from vssim.metrics.little import littles_law
from vssim.metrics.people import open_spans, people_time
from vssim.metrics.window import Window
from vssim.model.terms import Money, Promised, Span, Terms
from vssim.statistics import quantile_of

EXAMPLE = Path(__file__).parent.parent / "language" / "example.yaml"


def measured(*items: Item, horizon: float = 100, warmup: float = 0, since: float | None = None, **stream: Any) -> dict[str, Any]:
    return measure.measure(log_of(*items, horizon=horizon, **stream), warmup=warmup, since=since)


def taking(*leads: float, **more: Any) -> list[Item]:
    """Items that arrive at 0 and take so long."""
    return [Item(visits=[work("develop", 0, 0, lead)], **more) for lead in leads]


# --- customers' items ---


def test_lead_time_counts_from_arrival_and_cycle_time_from_leaving_the_backlog() -> None:
    found = measured(Item(arrived=1, visits=[work("develop", 4, 5, 9)]))
    assert (found["lead_time.mean"], found["cycle_time.mean"]) == (8, 5)


def test_a_percentile_is_the_smallest_time_that_so_many_items_took_at_most() -> None:
    found = measured(*taking(1, 2, 3, 4, 5))
    assert [found[f"lead_time.{key}"] for key in ("mean", "p50", "p70", "p85", "p95")] == [3, 3, 4, 5, 5]


def test_deviations_are_those_of_the_items() -> None:
    found = measured(*taking(1, 2, 3, 4, 5))
    deviation = np.std([1, 2, 3, 4, 5])
    assert [found[f"lead_time.{key}"] for key in ("sd", "cv", "spread")] == pytest.approx([deviation, deviation / 3, 2])


def test_a_delivery_at_the_horizon_counts_and_one_at_the_warm_up_does_not() -> None:
    found = measured(*taking(9, 10, 11, 19, 20), warmup=10, horizon=20)
    assert found["delivered"] == 3
    assert found["throughput"] == pytest.approx(0.3)
    assert found["lead_time.mean"] == pytest.approx(50 / 3)


def test_without_a_warm_up_what_happens_at_the_very_beginning_counts() -> None:
    at_once = Item(arrived=0, visits=[work("develop", 0, 0, 0)])
    assert measured(at_once, *taking(20), horizon=20)["delivered"] == 2
    assert measured(at_once, *taking(20), horizon=20, warmup=1)["delivered"] == 1


def test_lead_times_alone_are_those_of_all_metrics() -> None:
    log = log_of(*taking(9, 10, 11, 12.5, 19, 20), *taking(13, parent=0), Item(visits=[work("develop", 0, 0, NEVER)]), horizon=20)
    for warmup in (0, 10, 20):
        whole = measure.measure(log, warmup=warmup)
        alone = measure.lead_times(log, warmup=warmup)
        assert alone == {f"lead_time.{key}": whole[f"lead_time.{key}"] for key in ("mean", "p50", "p70", "p85", "p95")}


@pytest.mark.parametrize("count", [0, 1, 2, 7, 400])
def test_a_percentile_of_what_is_in_order_is_that_of_the_whole_to_the_last_bit(count: int) -> None:
    values = np.sort(np.random.default_rng(count).exponential(20, count))
    for share in (0.0, 0.5, 0.85, 1.0):
        (expected,) = quantiles(values, np.array([share])).tolist()
        assert quantile_of(values.tolist(), share) == (expected if count else None)


def test_measuring_since_a_later_moment_moves_the_start_of_the_window() -> None:
    assert measured(*taking(9, 11, 19), warmup=10, since=15, horizon=20)["throughput"] == pytest.approx(1 / 5)
    assert measured(*taking(9, 11, 19), warmup=10, since=5, horizon=20)["throughput"] == pytest.approx(2 / 10)


def test_without_a_delivery_times_are_undefined_and_throughput_is_nothing() -> None:
    found = measured(Item(visits=[Visit("develop", 0, at="ready")], open=True))
    undefined = ["lead_time.p85", "cycle_time.mean", "time_to_outcome.mean", "time.gate", "rework", "returns", "flow_efficiency"]
    assert [found[name] for name in undefined] == [None] * len(undefined)
    assert found["throughput"] == 0


def test_a_warm_up_that_leaves_no_time_leaves_nothing_defined() -> None:
    found = measured(*taking(5), horizon=10, warmup=10)
    assert {found[name] for name in ("throughput", "delivered", "wip", "lead_time.mean", "utilisation.crew", "growth")} == {None}


def test_parts_are_not_customers_items_but_have_metrics_by_type() -> None:
    parts = [Item(visits=[work("develop", 0, 0, end)], parent=2, origin=Origin.PART) for end in (4, 6)]
    whole = Item(arrived=0, joined=6, left=6, type="initiative")
    found = measured(*parts, whole, types=["feature", "initiative"])
    assert found["delivered"] == 1
    assert (found["lead_time.mean"], found["lead_time.mean@feature"], found["lead_time.mean@initiative"]) == (6, 5, 6)


def test_a_whole_has_left_the_backlog_when_the_first_of_its_parts_has() -> None:
    parts = [Item(arrived=0, visits=[work("develop", start, start, start + 2)], parent=2, origin=Origin.PART) for start in (1, 4)]
    found = measured(*parts, Item(arrived=0, joined=6, left=6, type="initiative"), types=["feature", "initiative"])
    assert found["cycle_time.mean"] == 5


def test_outcomes_and_value_count_what_was_right() -> None:
    found = measured(*taking(2, 3, value=4.0), *taking(4, value=100.0, right=0), horizon=10)
    assert (found["outcomes"], found["value"]) == (pytest.approx(0.2), pytest.approx(0.8))


def test_value_is_undefined_where_no_item_states_one() -> None:
    found = measured(*taking(2, value=4.0), *taking(2, type="bug"), types=["feature", "bug"])
    assert found["value@bug"] is None
    assert found["value"] == found["value@feature"] == pytest.approx(0.04)


def test_time_to_outcome_counts_from_the_first_version_to_the_one_that_was_right() -> None:
    first = Item(visits=[work("develop", 0, 0, 4)], right=0)
    second = Item(visits=[work("develop", 10, 10, 12)], right=0, follows=0, origin=Origin.VERSION)
    third = Item(visits=[work("develop", 15, 15, 17)], follows=1, origin=Origin.VERSION)
    found = measured(first, second, third)
    assert found["time_to_outcome.mean"] == 17
    assert found["lead_time.p50"] == 2


def test_a_defect_begins_a_story_of_its_own() -> None:
    bug = Item(visits=[work("develop", 10, 10, 13)], follows=0, origin=Origin.DEFECT)
    assert measured(*taking(4), bug)["time_to_outcome.p95"] == 4


def test_on_time_is_the_share_of_items_with_a_due_date_that_kept_it() -> None:
    assert measured(*taking(3, 5, due=4), *taking(50))["on_time"] == pytest.approx(0.5)
    assert measured(*taking(4, due=4))["on_time"] == 1
    assert measured(*taking(4))["on_time"] is None


def test_within_is_the_share_delivered_in_at_most_so_long_and_only_where_asked() -> None:
    log = log_of(*taking(1, 2, 3, 4))
    assert measure.measure(log, within=(2, 3.5))["within.2"] == pytest.approx(0.5)
    assert measure.measure(log, within=(2, 3.5))["within.3.5"] == pytest.approx(0.75)
    assert not [name for name in measure.measure(log) if name.startswith("within")]


# --- the board ---


def test_items_in_progress_and_in_the_backlog_are_time_averages() -> None:
    found = measured(
        Item(arrived=0, visits=[work("develop", 2, 2, 6)]),
        Item(arrived=4, pulled=None, visits=[Visit("develop", 8, at="ready")], open=True),
        horizon=10,
    )
    assert (found["wip"], found["backlog"]) == (pytest.approx(0.6), pytest.approx(0.6))


def test_what_began_before_the_window_counts_for_its_time_inside() -> None:
    assert measured(Item(visits=[work("develop", 0, 0, 15)]), warmup=10, horizon=20)["wip"] == pytest.approx(0.5)


def test_a_whole_waiting_for_its_parts_is_neither_in_progress_nor_in_the_backlog() -> None:
    part = Item(visits=[work("develop", 0, 0, 8)], parent=1, origin=Origin.PART)
    found = measured(part, Item(arrived=0, joined=8, left=8, type="initiative"), types=["feature", "initiative"], horizon=10)
    assert (found["wip"], found["backlog"]) == (pytest.approx(0.8), 0)


def test_the_age_of_items_in_progress_counts_from_leaving_the_backlog() -> None:
    begun = [Item(arrived=0, visits=[Visit("develop", start, at="ready")], open=True) for start in (2, 4, 6)]
    found = measured(*begun, horizon=10)
    assert (found["age.p50"], found["age.p85"]) == (6, 8)
    assert found["unfinished"] == 3


def test_the_cost_of_delay_of_everything_that_is_not_done_is_averaged_over_time() -> None:
    found = measured(
        Item(arrived=0, visits=[work("develop", 3, 3, 5)], cost_of_delay=4.0),
        Item(visits=[Visit("develop", 8, at="ready")], open=True, cost_of_delay=10.0),
        horizon=10,
    )
    assert found["cost_of_delay"] == pytest.approx(0.4 * 5 + 10 * 0.2)
    assert measured(*taking(3))["cost_of_delay"] is None


def test_defects_are_counted_as_they_arrive_and_stopped_items_as_they_leave() -> None:
    bug = Item(visits=[work("develop", 12, 12, 30)], follows=0, origin=Origin.DEFECT)
    found = measured(*taking(4), bug, *taking(15, stopped=1), warmup=10, horizon=20)
    assert (found["defects"], found["stopped"], found["delivered"]) == (pytest.approx(0.1), pytest.approx(0.1), 0)


def test_growth_is_the_slope_of_the_number_of_unfinished_items() -> None:
    arriving = [Item(visits=[Visit("develop", start / 10, at="ready")], open=True) for start in range(1000)]
    assert measured(*arriving)["growth"] == pytest.approx(10, rel=1e-3)
    assert measured(Item(visits=[Visit("develop", 0, at="ready")], open=True))["growth"] == pytest.approx(0, abs=1e-12)


def test_growth_is_the_least_squares_line_through_the_whole_path() -> None:
    rng = np.random.default_rng(5)
    starts, spans = rng.uniform(0, 100, 50), rng.uniform(1, 60, 50)
    items = [Item(visits=[work("develop", float(s), float(s), float(s + d))]) for s, d in zip(starts, spans, strict=True)]
    moments = np.linspace(20, 100, 200_001)
    inside = ((moments[:, None] >= starts) & (moments[:, None] < starts + spans)).sum(axis=1)
    assert measured(*items, warmup=20)["growth"] == pytest.approx(np.polyfit(moments, inside, 1)[0], rel=1e-3)


def test_a_return_is_an_entry_to_the_same_step_or_an_earlier_one() -> None:
    there = [work("develop", 0, 0, 1), work("test", 1, 1, 2)]
    again = [work("develop", 2, 2, 3, rework=1), work("test", 3, 3, 4, rework=1), work("test", 4, 4, 5, rework=1)]
    assert measured(Item(visits=[*there, *again]), Item(visits=there))["returns"] == pytest.approx(1)


def test_the_pieces_of_one_stay_are_no_returns_and_one_handoff() -> None:
    stay = [
        work("test", 1, 1, 2, stay=1, handoff=1),
        Visit("test", 2, finished=3, kind=Kind.TICKET, stay=1, handoff=1),
        work("test", 3, 3, 4, stay=1, handoff=1),
    ]
    found = measured(Item(visits=[work("develop", 0, 0, 1, stay=0), *stay]))
    assert (found["returns"], found["handoffs"]) == (0, 1)


def test_flow_efficiency_is_a_ratio_of_sums_not_a_mean_of_ratios() -> None:
    quick, slow = Item(visits=[work("develop", 0, 0, 1)]), Item(visits=[work("develop", 0, 8, 9)])
    assert measured(quick, slow)["flow_efficiency"] == pytest.approx(2 / 10)


def test_value_efficiency_takes_the_first_pass_at_full_proficiency() -> None:
    assert measured(Item(visits=[work("develop", 0, 0, 10)], work=4.0))["value_efficiency"] == pytest.approx(0.4)


def test_a_steps_queueing_is_of_first_visits_that_started_in_the_window() -> None:
    early = Item(visits=[work("develop", 0, 9, 10)])
    first = [work("develop", 10, 12, 13, stay=0), work("develop", 13, 18, 19, stay=0)]
    again = [work("develop", 19, 24, 25, rework=1, stay=1)]
    found = measured(early, Item(visits=[*first, *again]), Item(visits=[work("develop", 14, 18, 20)]), warmup=10)
    assert found["steps.develop.queueing"] == pytest.approx(3)
    assert found["steps.test.queueing"] is None


def test_the_items_in_the_steps_are_the_items_in_progress() -> None:
    visits = [work("develop", 1, 2, 3, stay=0), Visit("develop", 3, finished=5, kind=Kind.TICKET, stay=0)]
    back = [work("develop", 6, 6, 7, left=9, stay=0), work("test", 9, 9, 10)]
    found = measured(Item(visits=[*visits, *back]), horizon=10)
    assert (found["steps.develop.wip"], found["steps.test.wip"]) == (pytest.approx(0.8), pytest.approx(0.1))
    assert found["wip"] == pytest.approx(0.9)


# --- people ---


def test_utilisation_is_the_share_of_people_time_on_open_work() -> None:
    found = measured(Item(visits=[work("develop", 0, 2, 8)]), Item(visits=[work("develop", 0, 4, 8)]), horizon=10)
    assert found["utilisation.crew"] == pytest.approx(10 / 20)


def test_more_open_items_than_people_keep_no_more_than_all_people_busy() -> None:
    items = [Item(visits=[work("develop", 0, 0, 10)]) for _ in range(5)]
    assert measured(*items, horizon=20)["utilisation.crew"] == pytest.approx(0.5)


def test_what_is_open_at_the_end_counts_until_then_and_only_inside_the_window() -> None:
    found = measured(Item(visits=[Visit("develop", 0, started=5, at="started")], open=True), warmup=10, horizon=20)
    assert found["utilisation.crew"] == pytest.approx(0.5)


def test_a_team_of_two_crafts_has_its_people_counted_together() -> None:
    pools = [Pool(team=0, index=0, people=1), Pool(team=0, index=1, people=3)]
    items = [Item(visits=[work("develop", 0, 0, 8, pool=0)]), Item(visits=[work("test", 0, 0, 4, pool=1)])]
    assert measured(*items, pools=pools, horizon=10)["utilisation.crew"] == pytest.approx(12 / 40)


def test_people_without_limit_have_no_utilisation() -> None:
    found = measured(*taking(5), pools=[Pool(team=0, index=0, people=None)])
    assert found["utilisation.crew"] is None
    assert found["failure_demand"] == 0


def test_people_who_come_later_count_from_then_on() -> None:
    pools = [Pool(team=0, index=0, people=1), Pool(team=0, index=0, people=3, since=5 * TICKS)]
    items = [Item(visits=[work("develop", 0, 0, 10)]) for _ in range(2)]
    assert measured(*items, pools=pools, phases=[0, 5], horizon=10)["utilisation.crew"] == pytest.approx(15 / 20)


def test_work_that_was_put_down_keeps_nobody_busy_meanwhile() -> None:
    item = Item(visits=[work("develop", 0, 0, 10, put_down=4)])
    found = measured(item, phases=[0, 5], horizon=10, pools=[Pool(team=0, index=0, people=1)])
    assert found["utilisation.crew"] == pytest.approx(0.6)
    since = measured(item, phases=[0, 5], horizon=10, pools=[Pool(team=0, index=0, people=1)], since=5)
    assert since["utilisation.crew"] == pytest.approx(0.2)


def test_failure_demand_is_the_share_of_people_time_that_goes_into_defects() -> None:
    bug = Item(visits=[work("develop", 10, 10, 12)], follows=0, origin=Origin.DEFECT, type="bug")
    found = measured(*taking(6), bug, types=["feature", "bug"])
    assert found["failure_demand"] == pytest.approx(0.25)
    assert found["failure_demand@bug"] == pytest.approx(0.25)


def test_items_by_type_share_a_teams_time_among_them() -> None:
    found = measured(*taking(6), *taking(4, type="bug"), types=["feature", "bug"], horizon=10)
    assert found["utilisation.crew@feature"] == pytest.approx(0.3)
    assert found["utilisation.crew@bug"] == pytest.approx(0.2)


@pytest.mark.parametrize("seed", range(5))
def test_people_time_is_what_a_clock_that_looks_at_every_moment_sees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [(int(rng.integers(2)), int(rng.integers(20)), int(rng.integers(1, 12))) for _ in range(30)]
    items = [Item(visits=[work("develop", start, start, start + span, pool=pool)]) for pool, start, span in rows]
    pools = [Pool(team=0, index=0, people=2), Pool(team=1, index=1, people=1), Pool(team=1, index=1, people=5, since=12 * TICKS)]
    log = log_of(*items, pools=pools, teams=["a", "b"], phases=[0, 12], horizon=25)
    found = people_time(log, Window(5 * TICKS, 25 * TICKS), open_spans(log))
    for pool in (0, 1):
        people = [2 if pool == 0 else 1 if moment < 12 else 5 for moment in range(5, 25)]
        opened = [sum(p == pool and s <= moment < s + d for p, s, d in rows) for moment in range(5, 25)]
        expected = sum(min(n, m) for n, m in zip(people, opened, strict=True))
        assert found.spent[found.team == pool].sum() / TICKS == pytest.approx(expected)
        assert found.there[pool] / TICKS == sum(people)


# --- all of them together ---


def test_every_metric_exists_for_the_whole_and_for_every_type() -> None:
    found = measured(*taking(3), types=["feature", "bug"])
    whole = [name for name in found if "@" not in name]
    assert list(found) == [*whole, *(f"{name}@{kind}" for kind in ("feature", "bug") for name in whole)]
    assert {found[f"{name}@feature"] == found[name] for name in whole} == {True}


def test_the_catalogue_describes_every_metric_and_every_metric_of_the_catalogue_is_measured() -> None:
    terms = Terms(
        clocks=(("answer", Span("develop", "develop")),),
        promises=(("feature", Promised(5)),),
        finite=True,
        gates=((10.0, 0.0),),
        money=Money(),
        patience=True,
    )
    found = measure.measure(replace(log_of(*taking(3)), terms=terms), within=(10,))
    families = {measure.entry(name).name for name in found}
    assert families == set(measure.CATALOGUE)
    assert all(measure.describe(name) and measure.unit_of(name, "day") for name in found)


def test_metrics_know_their_unit_and_their_good_direction() -> None:
    assert (measure.unit_of("lead_time.p85@bug", "day"), measure.direction("lead_time.p85@bug")) == ("days", "down")
    assert (measure.unit_of("throughput", "week"), measure.direction("throughput")) == ("items/week", "up")
    assert measure.direction("utilisation.crew") is None
    assert measure.direction("within.30") == "up"


def test_an_unknown_metric_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"'leadtime.p85'.*did you mean 'lead_time.p85'"):
        measure.direction("leadtime.p85")


def test_an_empty_log_has_undefined_metrics_and_no_items() -> None:
    found = measured()
    assert (found["lead_time.mean"], found["throughput"], found["wip"], found["utilisation.crew"]) == (None, 0, 0, 0)


def test_successors_that_never_arrived_are_counted_nowhere() -> None:
    never = Item(arrived=NEVER, joined=NEVER, pulled=NEVER, open=True, follows=0, origin=Origin.DEFECT)
    assert measured(*taking(3), never) == measured(*taking(3))


@pytest.fixture(scope="module")
def example() -> Log:
    """A run of the scenario that has a bit of everything."""
    return vssim.simulate(vssim.load(str(EXAMPLE))).log


def test_littles_law_holds_to_the_tick_on_any_window(example: Log) -> None:
    for warmup in (0, 17.3, 150, 599.999999):
        integral, together = littles_law(example, warmup=warmup)
        assert integral == together > 0


def test_a_whole_of_wholes_is_committed_when_the_first_of_the_innermost_parts_is() -> None:
    """Two stories one after the other in an epic, an epic in an initiative: in progress from 0 to 4, and from the second on, 2."""
    text = """
    name: nested
    question: when is an initiative of epics of stories begun?
    run: {horizon: 10, warmup: 0, replications: 1}
    demand:
      story: {every: never}
      epic: {every: never, parts: {story: 2}, route: []}
      initiative: {at: [0], parts: {epic: 1}, route: []}
    steps: {a: {work: 2}}
    teams: {t: {people: 1, does: a}}
    wip_limit: 1
    """
    found = vssim.simulate(vssim.loads(text)).metrics()
    assert [found[f"cycle_time.mean@{kind}"] for kind in ("story", "epic", "initiative")] == [2, 4, 4]
    assert found["cycle_time.mean"] == 4
    one = vssim.simulate(vssim.loads(text.replace("story: 2", "story: 1"))).metrics()
    assert one["cycle_time.mean"] == one["cycle_time.mean@epic"] == 2


def test_the_times_of_the_causes_add_up_to_the_mean_lead_time(example: Log) -> None:
    found = measure.measure(example, warmup=150)
    for suffix in ("", *(f"@{kind}" for kind in example.types)):
        parts = [found[f"time.{cause}{suffix}"] for cause in CAUSES]
        assert sum(part for part in parts if part is not None) == pytest.approx(found[f"lead_time.mean{suffix}"])


def test_the_items_in_progress_stand_at_the_steps(example: Log) -> None:
    found = measure.measure(example, warmup=150)
    assert sum(found[f"steps.{step}.wip"] or 0 for step in example.steps) == pytest.approx(found["wip"])


def test_metrics_do_not_depend_on_what_is_measured_beside_them(example: Log) -> None:
    plain, asked = measure.measure(example, warmup=150), measure.measure(example, warmup=150, within=(5, 10))
    assert {name: asked[name] for name in plain} == plain


def test_facts_serve_every_window_alike() -> None:
    log = vssim.simulate(vssim.load("silos"), horizon=200).log
    facts = Facts(log)
    for warmup in (0.0, 50.0, 120.0, 250.0):
        found = measure.over(facts, Window.of(log, warmup), (10.0, 60.0))
        assert found == measure.measure(log, warmup=warmup, within=(10.0, 60.0))


def test_measuring_leaves_the_log_as_it_is() -> None:
    log = vssim.simulate(vssim.load("silos"), horizon=200).log
    before = {field.name: getattr(log.visits, field.name).copy() for field in fields(log.visits)}
    measure.measure(log, warmup=20)
    assert all(np.array_equal(getattr(log.visits, name), column) for name, column in before.items())
