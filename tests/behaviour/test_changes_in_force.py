"""A change that comes into force during the run: what goes on, what is put down, what is passed without work."""

from __future__ import annotations

import polars
import pytest

from tests.support.running import of_items, play, times

BASE = """
run: {{horizon: 60}}
demand: {{item: {demand}}}
steps: {steps}
teams: {teams}
changes: {{new: {change}}}
"""


def base(
    change: str, demand: str = "{backlog: 2}", steps: str = "{a: {work: 10}}", teams: str = "{crew: {people: 2, does: a}}"
) -> str:
    return BASE.format(demand=demand, steps=steps, teams=teams, change=change)


def set_(settings: str, start: float = 4) -> str:
    return f"{{levers: [{{set: {{{settings}}}}}], from: {start}}}"


def test_fewer_people_put_down_what_they_would_start_last(engine: str) -> None:
    run = play(base(set_("teams.crew.people: 1")), engine, "new")
    assert times(run, "started") == [0, 0]
    assert times(run, "finished") == [10, 16]
    assert times(run, "put_down") == [0, 6]
    assert times(run, "touch") == [10, 10]


def test_more_people_start_at_once(engine: str) -> None:
    run = play(base(set_("teams.crew.people: 2"), teams="{crew: {people: 1, does: a}}"), engine, "new")
    assert times(run, "started") == [0, 4]
    assert times(run, "finished") == [10, 14]


def test_a_smaller_limit_only_keeps_new_entries_out(engine: str) -> None:
    steps = "{a: {work: 10, wip_limit: 3}}"
    run = play(base(set_("steps.a.wip_limit: 1"), demand="{backlog: 5}", steps=steps), engine, "new")
    assert of_items(run, "pulled") == [0, 0, 0, 20, 30]


@pytest.mark.parametrize(
    ("limit", "pulled"),
    [("wip_limit: 1", [0, 0, 20, 30]), ("demand.item.wip_limit: 1", [0, 0, 20, 30]), ("wip_limit: 3", [0, 0, 4, 10])],
)
def test_limits_on_the_stream_and_types_change_too(engine: str, limit: str, pulled: list[float]) -> None:
    text = base(set_(limit), demand="{backlog: 4}", teams="{crew: {people: 1, does: a}}") + "wip_limit: 2\n"
    if "demand" in limit:
        text = text.replace("wip_limit: 2\n", "").replace("{backlog: 4}", "{backlog: 4, wip_limit: 2}")
    assert of_items(play(text, engine, "new"), "pulled") == pulled


def test_work_is_what_it_was_when_the_item_left_the_backlog(engine: str) -> None:
    steps = "{a: {work: 10, wip_limit: 1}}"
    run = play(base(set_("steps.a.work: 3"), demand="{backlog: 3}", steps=steps), engine, "new")
    assert of_items(run, "pulled") == [0, 10, 13]
    assert times(run, "touch") == [10, 3, 3]


def test_a_team_that_is_gone_puts_everything_down_and_lets_go(engine: str) -> None:
    change = set_("teams.crew: none, teams.others: {people: 1, does: a}")
    run = play(base(change), engine, "new")
    assert times(run, "finished") == [10, 16]  # six left of each; the new team of one takes them one after the other
    assert times(run, "put_down") == [0, 6]
    assert times(run, "owner") == ["crew", "crew"]  # when it was started
    assert times(run, "pool") == ["others", "others"]


def test_work_put_down_goes_on_at_the_pace_of_who_takes_it_up(engine: str) -> None:
    change = set_("teams.crew: none, teams.others: {people: 2, does: {a: 50%}}")
    run = play(base(change), engine, "new")
    assert times(run, "finished") == [16, 16]
    assert times(run, "touch") == [16, 16]  # 4 by the crew, 6 / 50 % by the others


def test_what_is_left_is_counted_as_work_and_not_as_time(engine: str) -> None:
    change = set_("teams.crew: none, teams.others: {people: 2, does: a}")
    run = play(base(change, teams="{crew: {people: 2, does: {a: 50%}}}"), engine, "new")
    assert times(run, "finished") == [12, 12]  # 4 days at 50 % leave 8 of the work
    assert times(run, "touch") == [12, 12]


def test_a_pool_that_loses_the_skill_puts_the_item_down(engine: str) -> None:
    change = set_("teams.crew.does: b, teams.others.does: [a, b]")
    teams = "{crew: {people: 1, does: a}, others: {people: 1, does: b}}"
    run = play(base(change, demand="{backlog: 1}", steps="{a: {work: 10}, b: {work: 1}}", teams=teams), engine, "new")
    assert times(run, "finished", step="a") == [10]
    assert times(run, "put_down", step="a") == [0]  # taken up at the same instant
    assert times(run, "pool", step="a") == ["others"]
    assert times(run, "handoff", step="b") == [False]
    assert times(run, "owner", step="b") == ["others"]


def test_open_work_keeps_the_pace_it_was_begun_with(engine: str) -> None:
    change = set_("teams.crew.does: {a: 50%}")
    run = play(base(change, demand="{backlog: 3}"), engine, "new")
    assert times(run, "finished") == [10, 10, 30]
    assert times(run, "touch") == [10, 10, 20]


def test_a_new_pace_counts_from_the_change_on(engine: str) -> None:
    run = play(base(set_("teams.crew.meetings: 50%")), engine, "new")
    assert times(run, "finished") == [16, 16]


def test_a_step_that_is_gone_is_passed_without_work(engine: str) -> None:
    steps = "{a: {work: 3}, b: {work: 10}, c: {work: 1}}"
    teams = "{A: {people: 1, does: a}, B: {people: 1, does: b}, C: {people: 1, does: c}}"
    run = play(base(set_("steps.b: none, teams.B: none"), demand="{backlog: 3}", steps=steps, teams=teams), engine, "new")
    # at 4 the first is at b since 3, the second at a until 6; the third leaves the backlog at 0 too
    assert times(run, "finished", step="b") == [4, 6, 9]
    assert times(run, "touch", step="b") == [1, 0, 0]
    assert of_items(run, "left") == [5, 7, 10]


def test_items_that_leave_the_backlog_later_do_not_know_the_step_that_is_gone(engine: str) -> None:
    steps = "{a: {work: 3, wip_limit: 1}, b: {work: 1}, c: {work: 1}}"
    teams = "{A: {people: 1, does: a}, B: {people: 1, does: b}, C: {people: 1, does: c}}"
    run = play(base(set_("steps.b: none, teams.B: none"), demand="{backlog: 3}", steps=steps, teams=teams), engine, "new")
    assert times(run, "step", item=1) == ["a", "b", "c"]  # pulled at 3
    assert times(run, "step", item=2) == ["a", "c"]  # pulled at 6
    assert of_items(run, "left") == [5, 7, 10]


def test_what_nobody_can_do_any_more_is_passed_without_work(engine: str) -> None:
    steps = "{a: {work: 6, needs: {from: expert, work: 2}}}"
    teams = "{crew: {people: 2, does: a}, experts: {people: 1, does: expert}}"
    change = set_("teams.experts: none, steps.a.needs: []")
    run = play(base(change, steps=steps, teams=teams), engine, "new")
    # at 4: the first is with the expert since 3, the second waits for him since 3
    assert times(run, "finished", kind="ticket") == [4, 4]
    assert of_items(run, "left") == [7, 7]


def test_a_gate_that_is_gone_is_open(engine: str) -> None:
    run = play(base(set_("steps.a.gate: none"), steps="{a: {work: 3, gate: {every: 20}}}"), engine, "new")
    assert times(run, "released") == [4, 4]


def test_a_gate_with_another_cadence_opens_by_it(engine: str) -> None:
    run = play(base(set_("steps.a.gate.every: 5"), steps="{a: {work: 3, gate: {every: 20}}}"), engine, "new")
    assert times(run, "released") == [5, 5]


def test_a_smaller_batch_lets_those_that_gather_go(engine: str) -> None:
    steps, teams = "{a: {work: 1}, b: {work: 1}}", "{A: {people: 1, does: a}, B: {people: 1, does: b}}"
    text = base(set_("handoffs.batch: 1"), demand="{at: [0, 1, 40]}", steps=steps, teams=teams) + "handoffs: {batch: 5}\n"
    assert times(play(text, engine, "new"), "released", step="a") == [4, 4, 41]


def test_an_owner_who_can_no_longer_do_the_stay_lets_go_and_there_is_no_handoff(engine: str) -> None:
    steps, teams = "{a: {work: 1}, b: {work: 8}}", "{crew: {people: 1, does: [a, b]}, others: {people: 1, does: b}}"
    text = base(set_("teams.crew.does: a"), demand="{backlog: 2}", steps=steps, teams=teams) + "handoffs: {delay: 1}\n"
    run = play(text, engine, "new")
    # the crew does both a's first, then b of the first from 2; put down at 4 it is ready since 2 like the second, and goes first
    assert times(run, "started", step="b") == [2, 10]
    assert times(run, "owner", step="b") == ["crew", "others"]
    assert times(run, "handoff", step="b") == [False, False]
    assert times(run, "finished", step="b") == [10, 18]


def test_priorities_count_from_the_change_on(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {x: {backlog: 2}, y: {backlog: 2}}
        steps: {a: {work: 3}}
        teams: {crew: {people: 1, does: a}}
        changes: {new: {levers: [{set: {demand.y.priority: 1}}], from: 2}}
        """,
        engine,
        "new",
    )
    assert times(run, "started") == [0, 9, 3, 6]


@pytest.mark.parametrize("start", [0, 3, 5.5, 50])
def test_a_change_that_changes_nothing_leaves_the_log_as_it_was(engine: str, start: float) -> None:
    text = base(
        set_("teams.crew.people: 2", start),
        demand="{every: exponential(3)}",
        steps="{a: {work: exponential(4), wip_limit: 3, returns: {to: a, chance: 30%}, gate: {every: 2}}}",
        teams="{crew: {people: 2, does: a, multitasking: 2}}",
    )
    before, after = play(text, engine), play(text, engine, "new")
    assert after.visits.equals(before.visits)
    assert after.items.equals(before.items)


def test_demand_is_the_old_before_the_change_and_the_new_from_then_on(engine: str) -> None:
    text = base(set_("demand.item.every: 1", 10), demand="{every: 3}")
    arrived = of_items(play(text, engine, "new", horizon=14), "arrived")
    assert [time for time in arrived if time < 10] == [3, 6, 9]
    assert [time for time in arrived if time >= 10] == [10, 11, 12, 13, 14]


def test_a_dip_slows_the_teams_that_the_change_touches(engine: str) -> None:
    steps, teams = "{a: {work: 6}, b: {work: 6}}", "{A: {people: 1, does: a}, B: {people: 1, does: b}}"
    change = "{levers: [{set: {teams.A.wip_limit: 1}}], from: 0, dip: {depth: 50%, recover: 20}}"
    text = base(change, steps=steps, teams=teams).replace(
        "item: {backlog: 2}", "x: {backlog: 3, route: a}, y: {backlog: 3, route: b}"
    )
    run = play(text, engine, "new")
    first, second, third = times(run, "finished", step="a")
    assert 6 / 0.75 < first < 6 / 0.5
    assert first > second - first > third - second > 6
    assert times(run, "finished", step="b") == [6, 12, 18]


def test_one_change_after_the_other(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {item: {backlog: 12}}
        steps: {a: {work: 5}}
        teams: {crew: {people: 1, does: a}}
        changes:
          staged: {levers: [{set: {teams.crew.people: 2}}, {set: {teams.crew.people: 3}}], from: 10, every: 10}
        """,
        engine,
        "staged",
    )
    started = polars.Series(times(run, "started"))
    assert [int((started == time).sum()) for time in (0, 5, 10, 15, 20, 25)] == [1, 1, 2, 2, 3, 3]


def test_a_lever_without_a_date_counts_from_the_start(engine: str) -> None:
    run = play(base("[{set: {teams.crew.people: 1}}]"), engine, "new")
    assert times(run, "finished") == [10, 20]


@pytest.mark.parametrize("start", [2.5, 20, 50, 70])
def test_the_last_few_of_a_batch_do_not_wait_for_a_change_to_come(engine: str, start: float) -> None:
    steps, teams = "{a: {work: 1}, b: {work: 1}}", "{A: {people: 1, does: a}, B: {people: 1, does: b}}"
    text = base(set_("handoffs.batch: 4", start), demand="{backlog: 3}", steps=steps, teams=teams) + "handoffs: {batch: 2}\n"
    assert times(play(text, engine, "new"), "released", step="a") == [2, 2, 3]


@pytest.mark.parametrize(
    ("settings", "released"),
    [
        ("teams.C.does: [c, b]", 4),  # who has the other keeps it
        ("teams.A.does: [a, b], teams.B: none", 4),  # so does who has this one
        ("demand.other.expedite: true", 4),  # the other gathers no more
        ("discipline: lifo", 33.5),  # it is as it was
    ],
)
def test_a_change_counts_anew_who_may_still_come(engine: str, settings: str, released: float) -> None:
    text = f"""
        run: {{horizon: 60}}
        demand: {{item: {{backlog: 1, route: [a, b]}}, other: {{at: [3], route: [c, b]}}}}
        steps: {{a: {{work: 1}}, c: {{work: 30.5}}, b: {{work: 1}}}}
        teams: {{A: {{people: 1, does: a}}, C: {{people: 1, does: c}}, B: {{people: 1, does: b}}}}
        handoffs: {{batch: 2}}
        changes: {{new: {{levers: [{{set: {{{settings}}}}}], from: 4}}}}
    """
    assert times(play(text, engine, "new"), "released", type="item", step="a") == [released]


@pytest.mark.parametrize("horizon", [40, 50, 100])
def test_a_change_beyond_the_horizon_changes_nothing_before_it(engine: str, horizon: float) -> None:
    # As the present demand has it somebody comes at 80, whom the change at 50 takes away; until then the last one waits for him.
    steps, teams = "{a: {work: 1}, b: {work: 1}}", "{A: {people: 1, does: a}, B: {people: 1, does: b}}"
    text = base(set_("demand.item.at: [0]", 50), demand="{at: [0, 80]}", steps=steps, teams=teams) + "handoffs: {batch: 2}\n"
    run = play(text, engine, "new", horizon=horizon)
    assert times(run, "released", step="a", item=0) == [50 if horizon >= 50 else None]


def test_a_batch_that_gathers_through_a_change_has_waited_since_it_began(engine: str) -> None:
    steps, teams = "{a: {work: 1}, b: {work: 1}}", "{A: {people: 1, does: a}, B: {people: 1, does: b}}"
    text = base(set_("handoffs.wait_at_most: 6"), demand="{at: [0, 50]}", steps=steps, teams=teams) + "handoffs: {batch: 2}\n"
    assert times(play(text, engine, "new"), "released", step="a") == [7, 51]
    shorter = text.replace("wait_at_most: 6", "wait_at_most: 2")
    assert times(play(shorter, engine, "new"), "released", step="a") == [4, 51]


def test_what_is_put_down_keeps_its_place_in_the_line(engine: str) -> None:
    # One of two is away from 4 to 5: what was half done goes on before what was never touched.
    change = "{levers: [{set: {teams.crew.people: 1}}, {set: {teams.crew.people: 2}}], from: 4, every: 1}"
    run = play(base(change, demand="{backlog: 3}"), engine, "new")
    assert times(run, "started") == [0, 0, 10]
    assert times(run, "put_down") == [0, 1, 0]
    assert times(run, "finished") == [10, 11, 20]


def test_the_last_by_key_is_put_down_and_an_expedited_one_never_before_an_ordinary_one(engine: str) -> None:
    run = play(
        """
        run: {horizon: 60}
        demand: {ordinary: {at: [0]}, urgent: {at: [1], priority: 1}, rush: {at: [2], expedite: true, priority: 9}}
        steps: {a: {work: 10}}
        teams: {crew: {people: 3, does: a}}
        changes: {new: {levers: [{set: {teams.crew.people: 2}}, {set: {teams.crew.people: 1}}], from: 4, every: 1}}
        """,
        engine,
        "new",
    )
    assert times(run, "started") == [0, 1, 2]
    assert times(run, "put_down") == [14, 7, 0]
    assert times(run, "finished") == [24, 18, 12]


def test_priorities_of_the_change_say_what_is_put_down(engine: str) -> None:
    text = """
        run: {horizon: 60}
        demand: {x: {at: [0]}, y: {at: [1]}}
        steps: {a: {work: 10}}
        teams: {crew: {people: 2, does: a}}
        changes: {new: {levers: [{set: {teams.crew.people: 1, demand.y.priority: 1}}], from: 4}}
    """
    assert times(play(text, engine, "new"), "put_down") == [7, 0]
    assert times(play(text.replace(", demand.y.priority: 1", ""), engine, "new"), "put_down") == [0, 6]
