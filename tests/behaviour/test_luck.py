"""Same work, same luck, different organisation: what a change of the model leaves as it was, item by item."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import numpy as np
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vssim
from tests.support.models import Document, Taste, documents, runnable
from tests.support.running import ENGINES, of_items, play, text_of
from vssim.clock import TICKS
from vssim.play.run import Run
from vssim.workload import luck as luck_module
from vssim.workload.luck import Luck

LUCKY: Document = {
    "run": {"horizon": 200},
    "demand": {
        "x": {
            "every": "exponential(2)",
            "size": "lognormal(mean=1, cv=0.5)",
            "skips": {"b": 0.3},
            "outcome": {"right": 0.8, "after": "exponential(3)", "work": 0.5},
            "defects": {"chance": 0.3, "after": "exponential(5)", "as": "bug"},
        },
        "y": {"every": "exponential(3)", "batch": "geometric(2)", "due": "exponential(9)", "value": "uniform(1, 5)"},
        "bug": {"every": "never"},
    },
    "steps": {
        "a": {"work": "exponential(1)", "needs": {"from": "expert", "chance": 0.5, "work": "exponential(1)"}},
        "b": {"work": "gamma(mean=1, cv=0.5)", "needs": {"outside": "vendor", "chance": 0.4, "wait": "exponential(2)"}},
        "c": {"work": "exponential(1)", "returns": {"to": "b", "chance": 0.3}, "stops": {"wrong": 0.2}},
    },
    "teams": {"crew": {"people": "unlimited", "does": ["a", "b", "c"]}, "experts": {"people": "unlimited", "does": "expert"}},
}
"""Random in every way, with people enough that everybody's luck is seen."""


def luck(run: Run, *left_out: str) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
    """What each item met, by type, origin and number within them: step, kind, work [ticks], rework; without the steps left out."""
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    found: dict[int, tuple[Any, ...]] = {}
    for item in run.items.iter_rows(named=True):
        kind = (item["type"], item["origin"])
        found[item["item"]] = (*kind, numbers[kind])
        numbers[kind] += 1
    met: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for row in run.visits.iter_rows(named=True):
        if row["step"] not in left_out and row["finished"] is not None:
            time = row["touch"] if row["skill"] else row["finished"] - row["started"]
            met[found[row["item"]]].append((row["step"], row["kind"], round(time * TICKS), row["rework"]))
    return dict(met)


def arrivals(run: Run, kind: str) -> list[float]:
    return of_items(run, "arrived", type=kind, origin="demand")


def changed(path: str, value: Any) -> Document:
    """The lucky scenario with one setting another."""
    document: Document = json.loads(json.dumps(LUCKY))
    *above, last = path.split(".")
    place = document
    for key in above:
        place = place.setdefault(key, {})
    place[last] = value
    return document


def same_where_both_know(before: Run, after: Run, *left_out: str) -> None:
    """Every item that both runs have met the same things, as far as both came."""
    old, new = luck(before, *left_out), luck(after, *left_out)
    common = old.keys() & new.keys()
    assert len(common) > 100
    for item in common:
        length = min(len(old[item]), len(new[item]))
        assert old[item][:length] == new[item][:length], item


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("wip_limit", 5),
        ("discipline", "lifo"),
        ("steps.b.wip_limit", 2),
        ("steps.b.gate", {"every": 3}),
        ("handoffs.delay", "exponential(2)"),
        ("teams.crew.people", 6),
        ("teams.crew.multitasking", 3),
        ("demand.y.priority", 1),
        ("teams.crew.meetings", 0.2),
        ("demand.z", {"every": "exponential(5)"}),
        ("steps.b.needs.parks", True),
    ],
)
def test_another_organisation_meets_the_same_luck(engine: str, path: str, value: Any) -> None:
    before, after = play(LUCKY, engine), play(changed(path, value), engine)
    assert arrivals(after, "x") == arrivals(before, "x")
    assert arrivals(after, "y") == arrivals(before, "y")
    same_where_both_know(before, after)


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_step_more_leaves_all_other_luck_as_it_was(engine: str, place: str) -> None:
    new = {"new": {"work": "exponential(1)", "returns": {"to": "new", "chance": 0.4}}}
    steps = LUCKY["steps"]
    more = changed("steps", new | steps if place == "first" else steps | new)
    more["teams"]["others"] = {"people": "unlimited", "does": "new"}
    before, after = play(LUCKY, engine), play(more, engine)
    assert arrivals(after, "x") == arrivals(before, "x")
    same_where_both_know(before, after, "new")


def test_a_longer_horizon_leaves_everything_before_it_as_it_was(engine: str) -> None:
    before, after = play(LUCKY, engine), play(LUCKY, engine, horizon=400)
    assert arrivals(after, "x")[: len(arrivals(before, "x"))] == arrivals(before, "x")
    same_where_both_know(before, after)


@given(
    st.sampled_from([Taste(finite=finite, tight=finite, changes=changes) for finite in (True, False) for changes in (True, False)])
    .flatmap(documents)
    .filter(lambda document: runnable(document) is not None)
)
def test_a_run_is_the_beginning_of_a_longer_run(document: Document) -> None:
    scenario = vssim.loads(text_of(document))
    change = next(iter(scenario.changes), None)
    for name in ENGINES:
        short, long = (
            vssim.simulate(scenario, change, engine=name, horizon=horizon)  # type: ignore[arg-type]
            for horizon in (30, 60)
        )
        # What is named and comes after the end is in both runs, behind all that arrives; its number is another one.
        here = short.items.filter(polars.col("arrived").is_not_null())["item"]
        early, later = (run.visits.filter(polars.col("item").is_in(here.implode())) for run in (short, long))
        assert len(early) == len(later)
        for column in ("entered", "ready", "started", "finished", "released", "left"):
            cut = [time if time is not None and time <= 30 else None for time in later[column].to_list()]
            assert cut == early[column].to_list(), column


def test_another_seed_or_replication_is_other_luck(engine: str) -> None:
    runs = [play(LUCKY, engine, seed=seed, replication=number) for seed in (1, 2) for number in (0, 1)]
    assert len({tuple(arrivals(run, "x")) for run in runs}) == 4


def test_the_same_seed_and_replication_is_the_same_luck(engine: str) -> None:
    first, second = (play(LUCKY, engine, seed=7, replication=3) for _ in range(2))
    assert first.visits.equals(second.visits)


def test_twice_the_work_is_twice_the_work_of_every_item(engine: str) -> None:
    before, after = luck(play(LUCKY, engine)), luck(play(changed("steps.a.work", "exponential(2)"), engine))
    for item in before.keys() & after.keys():
        for old, new in zip(before[item], after[item], strict=False):
            if old[:2] == ("a", "work"):
                assert new[2] == pytest.approx(2 * old[2], abs=2)
            else:
                assert new == old


def test_a_smaller_chance_keeps_the_luck_of_those_whom_it_spares_and_whom_it_does_not(engine: str) -> None:
    before, after = play(LUCKY, engine), play(changed("steps.c.returns.chance", 0.15), engine)
    old, new = luck(before), luck(after)
    more, fewer = [], []
    for item in old.keys() & new.keys():
        passes = [sum(row[0] == "c" and row[1] == "work" for row in met[item]) for met in (old, new)]
        more += [item] * (passes[1] > passes[0])
        fewer += [item] * (passes[1] < passes[0])
    assert fewer
    assert not [item for item in more if old[item][-1][0] == "c"]


def test_what_is_not_asked_about_changes_nothing(engine: str) -> None:
    run = play(LUCKY, engine)
    before = run.visits.clone()
    run.metrics()
    repr(run)
    assert run.visits.equals(before)


@pytest.mark.parametrize("most", [0, 40, 2**21])
def test_luck_is_the_same_whoever_asked_before_and_however_much_is_kept(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(luck_module, "MOST_KEPT", most)
    asked, fresh = Luck(1, 0), [np.array([2, 3, 7]), np.array([3]), np.array([1, 2, 9]), np.array([0, 2])]
    visits: list[Any] = [np.array([0, 2, 1]), 1, np.array([4, 0, 4]), np.array([3, 3])]
    for numbers, times in zip(fresh, visits, strict=True):
        found = asked.uniforms_by_visit(numbers, times, "item", "step", "work")
        each = np.broadcast_to(times, numbers.shape).tolist()
        alone = [
            Luck(1, 0).stream("item", "step", "work", visit).random(number + 1)[-1]
            for number, visit in zip(numbers, each, strict=True)
        ]
        assert found.tolist() == alone
