"""Lines with WIP limits and known answers: blocking, kanban, CONWIP, forecasts (P18, P24–P26, P28)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.theory.steady import EFFORTS, Reading, agree, number_between, samples, settles
from vssim.clock import TICKS

NAMES = "abcd"


def line(limits: list[int], demand: str, means: list[float] | None = None, more: str = "") -> str:
    """Single-person steps in series, each with a WIP limit (0: none)."""
    means = means or [1] * len(limits)
    steps = ", ".join(
        f"{name}: {{work: exponential({mean}), wip_limit: {limit or 'none'}}}"
        for name, limit, mean in zip(NAMES, limits, means, strict=False)
    )
    teams = ", ".join(f"{name.upper()}: {{people: 1, does: {name}}}" for name in NAMES[: len(limits)])
    return f"demand: {{item: {demand}}}\nsteps: {{{steps}}}\nteams: {{{teams}}}\n{more}\n"


def saturated(engine: str, days: float, warmup: float, most: float) -> str:
    """A backlog that lasts for a whole replication at `most` items a day."""
    horizon = warmup + days * EFFORTS[engine].length / 20
    return f"{{backlog: {round(horizon * most) + 100}}}"


def finished_waiting(run: Reading) -> float:
    """Items that are done at the first step and wait for room in the next."""
    rows = run.log.visits
    first = rows.step == 0
    return number_between(run, rows.released[first], rows.left[first])


@pytest.mark.parametrize(
    ("steps", "throughput", "wip", "blocked"), [(2, 0.666667, 1.666667, 0.333333), (3, 0.564103, 2.358974, 0.435897)]
)
def test_p24_a_line_without_any_room_between(engine: str, steps: int, throughput: float, wip: float, blocked: float) -> None:
    days, warmup = 2_000, 50
    last = NAMES[steps - 1].upper()
    settles(
        engine,
        line([1] * steps, saturated(engine, days, warmup, throughput * 1.1)),
        {"throughput": throughput, "wip": wip, f"utilisation.{last}": 1 - blocked},
        days=days,
        warmup=warmup,
        also={"first step blocked": (finished_waiting, blocked)},
    )


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_p25_more_cards_more_throughput(engine: str, limit: int) -> None:
    days, warmup = 800, 50
    throughput = 2 * limit / (2 * limit + 1)
    text = line([limit, limit], saturated(engine, days, warmup, throughput * 1.1))
    settles(engine, text, {"throughput": throughput}, days=days, warmup=warmup)


@pytest.mark.parametrize("cards", [1, 4, 10])
def test_p26_penny_fab_one_with_random_work(engine: str, cards: int) -> None:
    days, warmup = 1_500, 100
    throughput = cards / (cards + 3) * 0.5
    text = line([0] * 4, saturated(engine, days, warmup, throughput * 1.1), [2] * 4, f"wip_limit: {cards}")
    settles(
        engine,
        text,
        {"throughput": throughput, "cycle_time.mean": cards / throughput, "wip": cards},
        days=days,
        warmup=warmup,
    )


def test_p28_two_kanban_steps_fed_at_random(engine: str) -> None:
    settles(
        engine,
        line([2, 2], "{every: exponential(2)}"),
        {
            "throughput": 0.5,
            "backlog": 0.426189,
            "wip": 1.641482,
            "lead_time.mean": 4.135341,
            "cycle_time.mean": 3.282963,
        },
        days=30_000,
        warmup=100,
        also={"finished and waiting": (finished_waiting, 0.155982)},
        wide={"backlog": 2},
    )


def test_p18_when_the_fiftieth_is_done(engine: str) -> None:
    text = """
    demand: {item: {backlog: 200}}
    steps: {serve: {work: exponential(1)}}
    teams: {crew: {people: 3, does: serve}}
    """
    replications = 250 if engine == "reference" else 3000
    drawn = samples(engine, text, {"done": _fiftieth}, horizon=32, replications=replications)["done"]
    done = np.array(drawn)
    quantiles = {"p50": (16.555688, 0.5), "p85": (19.109803, 0.85), "p95": (20.723686, 0.95)}
    values = {"mean": drawn, "variance": ((done - 16.666667) ** 2).tolist()}
    values |= {name: (done <= value).astype(float).tolist() for name, (value, _) in quantiles.items()}
    exact = {"mean": 16.666667, "variance": 2.357023**2} | {name: share for name, (_, share) in quantiles.items()}
    agree(values, exact, dict.fromkeys(exact, EFFORTS[engine].error) | {"variance": 0.15, "p50": 0.08})


def _fiftieth(run: Reading) -> float:
    left = run.log.items.left
    return float(np.sort(left[left >= 0])[49] / TICKS)
