"""Single steps with known answers: M/M/c, M/G/1, priorities, batches, pooling, utilisation (P01–P06, P09, P12–P14, P19)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.theory.steady import Quantity, Reading, lead_times, number_between, settles, share_of_time, span, spread_of_number

ONE = """
demand:
  item:
    every: exponential({every})
    batch: {batch}
steps:
  serve:
    work: {work}
teams: {{crew: {{people: {people}, does: serve}}}}
"""


def one(rate: float, work: str = "exponential(1)", people: int | str = 1, batch: str = "1") -> str:
    """One step: Poisson arrivals at a rate, people, work."""
    return ONE.format(every=1 / rate, work=work, people=people, batch=batch)


def waiting(run: Reading) -> float:
    return number_between(run, run.log.visits.ready, run.log.visits.started)


def waits(run: Reading) -> float:
    return float(span(run, "ready", "started").mean())


def test_p01_one_person_with_random_work_and_p13_two_flow_efficiencies(engine: str) -> None:
    settles(
        engine,
        one(0.8),
        {
            "utilisation.crew": 0.8,
            "steps.serve.queueing": 4.0,
            "lead_time.mean": 5.0,
            "wip": 4.0,
            "steps.serve.wip": 4.0,
            "lead_time.p50": 3.465736,
            "lead_time.p85": 9.485600,
            "lead_time.p95": 14.978661,
            "flow_efficiency": 0.2,
        },
        days=60_000,
        warmup=300,
        also={
            "mean of each item's own efficiency": (_own_efficiency, 0.402359),
            "queue": (waiting, 3.2),
            "wip of 5 and more": (lambda run: share_of_time(run, run.log.items.arrived, run.log.items.left, 5), 0.327680),
        },
    )


def test_p02_a_team_of_three(engine: str) -> None:
    settles(
        engine,
        one(2.4, people=3),
        {"lead_time.mean": 2.078652, "wip": 4.988764, "lead_time.p85": 3.819629, "lead_time.p95": 5.729218},
        days=15_000,
        warmup=100,
        wide={"share that waits over 2 days": 1.3},
        also={
            "share that waits": (lambda run: float((span(run, "ready", "started") > 0).mean()), 0.647191),
            "wait": (waits, 1.078652),
            "share that waits over 2 days": (lambda run: float((span(run, "ready", "started") > 2).mean()), 0.194930),
        },
    )


@pytest.mark.parametrize(
    ("work", "wait", "wip"),
    [("1", 2.0, 2.4), ("erlang(k=2, mean=1)", 3.0, 3.2)],
    ids=["constant", "erlang"],
)
def test_p03_steadier_work_waits_less(engine: str, work: str, wait: float, wip: float) -> None:
    settles(engine, one(0.8, work), {"steps.serve.queueing": wait, "wip": wip}, days=45_000, warmup=300)


def test_p04_lognormal_work(engine: str) -> None:
    settles(
        engine,
        one(0.7, "lognormal(mean=1, cv=0.75)"),
        {"steps.serve.queueing": 1.822917, "lead_time.mean": 2.822917},
        days=25_000,
        warmup=200,
    )


@pytest.mark.slow
def test_p04_lognormal_work_with_a_heavy_tail(engine: str) -> None:
    settles(
        engine,
        one(0.7, "lognormal(mean=1, cv=2)"),
        {"steps.serve.queueing": 5.833333, "lead_time.mean": 6.833333, "wip": 4.783333},
        days=120_000,
        warmup=500,
        wide={"steps.serve.queueing": 3, "lead_time.mean": 3, "wip": 3},
    )


def test_p06_two_priorities(engine: str) -> None:
    text = """
    demand:
      low: {every: exponential(2.5)}
      high: {every: exponential(3.3333333333333335), priority: 1}
    steps: {serve: {work: exponential(1)}}
    teams: {crew: {people: 1, does: serve}}
    """
    settles(
        engine,
        text,
        {"lead_time.mean@high": 2.0, "lead_time.mean@low": 4.333333, "steps.serve.queueing": 2.333333},
        days=40_000,
        warmup=200,
        also={
            "wait of high": (lambda run: _wait_of(run, "high"), 1.0),
            "wait of low": (lambda run: _wait_of(run, "low"), 3.333333),
        },
        wide={"wait of low": 1.5, "steps.serve.queueing": 1.2, "lead_time.mean@low": 1.2},
    )


def _wait_of(run: Reading, kind: str) -> float:
    rows = run.log.visits
    of_kind = run.log.items.type[rows.item] == run.log.types.index(kind)
    counted = of_kind & (rows.started >= run.warmup * 1e6)
    return float((rows.started[counted] - rows.ready[counted]).mean() / 1e6)


@pytest.mark.parametrize(
    ("batch", "wip", "lead"),
    [("4", 3.75, 6.25), ("geometric(4)", 6.0, 10.0)],
    ids=["of 4", "geometric"],
)
def test_p09_arrivals_in_batches(engine: str, batch: str, wip: float, lead: float) -> None:
    text = one(0.15, batch=batch)
    settles(engine, text, {"wip": wip, "lead_time.mean": lead}, days=45_000, warmup=200, wide={"wip": 1.4, "lead_time.mean": 1.3})


def test_p12_as_many_people_as_it_takes(engine: str) -> None:
    quantities: dict[str, tuple[Quantity, float]] = {
        "variance of wip": (lambda run: spread_of_number(run, run.log.items.arrived, run.log.items.left, 6.0), 6.0)
    }
    if engine == "compiled":  # a quarter of a percent of the time: short runs see it never, or by chance
        quantities["share of time with nothing"] = (
            lambda run: 1 - share_of_time(run, run.log.items.arrived, run.log.items.left, 1),
            0.002479,
        )
    settles(
        engine,
        one(3, "lognormal(mean=2, cv=1)", "unlimited"),
        {"wip": 6.0, "steps.serve.queueing": 0.0},
        days=3_000,
        warmup=50,
        also=quantities,
        wide={"share of time with nothing": 10},
    )


def _own_efficiency(run: Reading) -> float:
    """Mean over items of touch / lead; here every item is one visit."""
    low = run.warmup * 1e6
    rows, items = run.log.visits, run.log.items
    counted = items.left >= low
    return float((rows.touch[counted] / (items.left[counted] - items.arrived[counted])).mean())


@pytest.mark.parametrize(
    ("rate", "people", "work", "lead", "wait"),
    [(1.6, 2, 1, 2.777778, 1.777778), (1.6, 1, 0.5, 2.5, 2.0)],
    ids=["pooled", "one twice as fast"],
)
def test_p14_pooling(engine: str, rate: float, people: int, work: float, lead: float, wait: float) -> None:
    text = one(rate, f"exponential({work})", people)
    settles(engine, text, {"lead_time.mean": lead, "steps.serve.queueing": wait}, days=30_000, warmup=200)


@pytest.mark.slow
def test_p14_two_specialists(engine: str) -> None:
    text = """
    demand: {x: {every: exponential(1.25), route: a}, y: {every: exponential(1.25), route: b}}
    steps: {a: {work: exponential(1)}, b: {work: exponential(1)}}
    teams: {A: {people: 1, does: a}, B: {people: 1, does: b}}
    """
    exact = {"lead_time.mean": 5.0, "steps.a.queueing": 4.0, "steps.b.queueing": 4.0}
    settles(
        engine, text, exact, days=60_000, warmup=300, wide={"steps.a.queueing": 2, "steps.b.queueing": 2, "lead_time.mean": 1.2}
    )


def _within(bound: float) -> Quantity:
    return lambda run: float((lead_times(run) <= bound).mean())


@pytest.mark.parametrize("rate", [0.6, 0.7])
def test_p19_waiting_explodes_as_utilisation_grows(engine: str, rate: float) -> None:
    lead = 1 / (1 - rate)
    settles(
        engine,
        one(rate),
        {"lead_time.mean": lead, "wip": rate * lead, "utilisation.crew": rate},
        days={0.6: 18_000, 0.7: 32_000}[rate],
        warmup={0.6: 100, 0.7: 200}[rate],
        wide={"queue": 1.3},
        also={"queue": (waiting, rate * rate * lead)}
        | {
            f"share of lead times within their {percent} % quantile": (_within(-np.log1p(-percent / 100) * lead), percent / 100)
            for percent in (50, 85, 95)
        },
    )


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.9, 0.95])
def test_p19_waiting_close_to_saturation(rate: float) -> None:
    # on the compiled engine alone: the reference engine would take a quarter of an hour, and 80 % shows the same
    lead = 1 / (1 - rate)
    settles(
        "compiled",
        one(rate),
        {"lead_time.mean": lead, "wip": rate * lead},
        days={0.9: 60_000, 0.95: 80_000}[rate],
        warmup=5000,
        also={"queue": (waiting, rate * rate * lead)},
        wide={"lead_time.mean": 3, "wip": 3, "queue": 3},
    )
