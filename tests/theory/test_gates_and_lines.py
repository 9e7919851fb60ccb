"""Gates, transfer batches, series, rework, failure demand, shared teams with known answers (P07, P08, P10, P11, P21, P23, P30)."""

from __future__ import annotations

import numpy as np

from tests.theory.steady import Reading, lead_times, number_between, settles, span
from vssim.clock import NOT_YET, TICKS, Ints, Reals
from vssim.log import Kind, Origin


def test_p07_a_release_train(engine: str) -> None:
    text = """
    demand: {item: {every: exponential(1)}}
    steps: {train: {gate: {every: 10}}}
    teams: {}
    """
    settles(
        engine,
        text,
        {"time.gate": 5.0, "lead_time.mean": 5.0, "lead_time.p85": 8.5, "wip": 5.0},
        days=8_000,
        warmup=0,
        wide={"variance of items per release": 1.4},
        also={
            "deviation of the wait": (lambda run: float(lead_times(run).std()), 2.886751),
            "items per release": (lambda run: float(_per_release(run).mean()), 10.0),
            "variance of items per release": (lambda run: float(_per_release(run).var(ddof=1)), 10.0),
        },
    )


def _per_release(run: Reading) -> Ints:
    """Number of items in each opening of a gate that opens every ten days."""
    left = run.log.items.left
    counts: Ints = np.bincount(left[left != NOT_YET] // (10 * TICKS), minlength=run.log.horizon // (10 * TICKS) + 1)[1:]
    return counts


def test_p08_one_person_and_a_gate(engine: str) -> None:
    text = """
    demand: {item: {every: exponential(2)}}
    steps: {serve: {work: exponential(1), gate: {every: 10}}}
    teams: {crew: {people: 1, does: serve}}
    """
    settles(
        engine,
        text,
        {"lead_time.mean": 7.0, "time.gate": 5.0, "wip": 3.5},
        days=6_000,
        warmup=100,
        also={"variance of the lead time": (lambda run: float(lead_times(run).var()), 12.333333)},
    )


def test_p10_a_transfer_batch(engine: str) -> None:
    text = """
    demand: {item: {every: exponential(0.5)}}
    steps: {send: {work: 0}, receive: {work: 0}}
    teams: {here: {people: unlimited, does: send}, there: {people: unlimited, does: receive}}
    handoffs: {batch: 6}
    """
    settles(
        engine,
        text,
        {"lead_time.mean": 1.25, "time.gate": 1.25, "wip": 2.5},
        days=2_000,
        warmup=20,
        also={
            "wait of the first": (lambda run: float(_waits(run)[:, 0].mean()), 2.5),
            "wait of the sixth": (lambda run: float(_waits(run)[:, 5].mean()), 0.0),
            "variance of the wait": (lambda run: float(_waits(run).var()), 1.354167),
        },
    )


def _waits(run: Reading) -> Reals:
    """Gathering times, one row a batch of six."""
    rows = run.log.visits
    sent = (rows.step == 0) & (rows.released != NOT_YET) & (rows.released < run.log.horizon - 10 * TICKS)
    times = (rows.released[sent] - rows.finished[sent]) / TICKS
    whole: Reals = times[: len(times) // 6 * 6].reshape(-1, 6)
    return whole


def test_p11_three_steps_in_series_with_a_handoff_delay(engine: str) -> None:
    text = """
    demand: {item: {every: exponential(1.6666666666666667)}}
    steps: {one: {work: exponential(1)}, two: {work: exponential(1.25)}, three: {work: exponential(0.8)}}
    teams: {A: {people: 1, does: one}, B: {people: 1, does: two}, C: {people: 1, does: three}}
    handoffs: {into: {two: {delay: 1.5}}}
    """
    settles(
        engine,
        text,
        {
            "lead_time.mean": 10.538462,
            "steps.one.wip": 1.5,
            "steps.two.wip": 3.0 + 0.9,
            "steps.three.wip": 0.923077,
            "time.transit": 1.5,
            "lead_time.p50": 9.258228,
            "lead_time.p85": 16.039951,
            "flow_efficiency": 0.289416,
        },
        days=24_000,
        warmup=200,
        also={"in handoff": (lambda run: number_between(run, run.log.visits.entered, run.log.visits.ready), 0.9)},
        wide={"steps.two.wip": 1.4, "steps.one.wip": 1.4},
    )


def test_p21_rework_at_one_step(engine: str) -> None:
    text = """
    demand: {item: {every: exponential(1.6666666666666667)}}
    steps: {serve: {work: exponential(1), returns: {to: serve, chance: 20%}}}
    teams: {crew: {people: 1, does: serve}}
    """
    settles(
        engine,
        text,
        {"utilisation.crew": 0.75, "wip": 3.0, "lead_time.mean": 5.0, "returns": 0.25},
        days=26_000,
        warmup=200,
        also={
            "passes": (lambda run: float(_passes(run).mean()), 1.25),
            "three passes or more": (lambda run: float((_passes(run) >= 3).mean()), 0.04),
        },
    )


def _passes(run: Reading) -> Ints:
    """Passes of each delivered item."""
    passes: Ints = np.bincount(run.log.visits.item, minlength=len(run.log.items.left))[run.log.items.left != NOT_YET]
    return passes


def test_p23_failure_demand(engine: str) -> None:
    text = """
    demand:
      item: {every: exponential(2), defects: {chance: 30%, after: exponential(20), as: bug}}
      bug: {every: never, defects: {chance: 30%, after: exponential(20), as: bug}}
    steps: {serve: {work: exponential(1)}}
    teams: {crew: {people: 1, does: serve}}
    """
    settles(
        engine,
        text,
        {
            "utilisation.crew": 0.714286,
            "failure_demand": 0.3,
            "defects": 0.214286,
            "wip": 2.5,
            "lead_time.mean": 3.5,
        },
        days=30_000,
        warmup=300,
        also={"latent defects": (_latent, 4.285714), "work on failures": (_work_on_failures, 0.3)},
    )


def _latent(run: Reading) -> float:
    """Defects that have been made and have not come back yet; the last 300 days would miss some."""
    items = run.log.items
    known = (items.follows >= 0) & (items.arrived != NOT_YET)
    made, back = items.left[items.follows[known]], items.arrived[known]
    low, high = round(run.warmup * TICKS), run.log.horizon - 300 * TICKS
    return float((back.clip(low, high) - made.clip(low, high)).sum() / (high - low))


def _work_on_failures(run: Reading) -> float:
    touch, origin = run.log.visits.touch, run.log.items.origin[run.log.visits.item]
    return float(touch[origin == Origin.DEFECT].sum() / touch.sum())


def test_p30_a_shared_team(engine: str) -> None:
    text = """
    demand: {x: {every: exponential(2), route: a}, y: {every: exponential(2), route: b}}
    steps:
      a: {work: exponential(1), needs: {from: shared, chance: 40%, work: exponential(1.25), at: 100%}}
      b: {work: exponential(1), needs: {from: shared, chance: 40%, work: exponential(1.25), at: 100%}}
    teams: {A: {people: 1, does: a}, B: {people: 1, does: b}, shared: {people: 1, does: shared}}
    """
    settles(
        engine,
        text,
        {"utilisation.shared": 0.5, "lead_time.mean": 3.0},
        days=20_000,
        warmup=100,
        also={
            "at the own team": (lambda run: float(span(run, "entered", "finished", kind=Kind.WORK).mean()), 2.0),
            "at the shared team": (lambda run: float(span(run, "entered", "finished", kind=Kind.TICKET).mean()), 2.5),
            "wait at the shared team": (lambda run: float(span(run, "ready", "started", kind=Kind.TICKET).mean()), 1.25),
            "number at the shared team": (_at_shared, 1.0),
        },
        wide={"wait at the shared team": 1.2},
    )


def _at_shared(run: Reading) -> float:
    rows = run.log.visits
    tickets = rows.kind == Kind.TICKET
    return number_between(run, rows.entered[tickets], rows.finished[tickets])
