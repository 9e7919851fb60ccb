"""Interrupts and giving up with known answers: preemptive-resume M/M/1, Erlang's loss, M/M/c with patience."""

from __future__ import annotations

import math

import pytest

from tests.theory.steady import Reading, settles

TWO = """
demand:
  fire: {every: exponential(3.3333333333), interrupts: true, priority: 1}
  item: {every: exponential(2.5)}
steps: {serve: {work: exponential(1)}}
teams: {crew: {people: 1, does: serve}}
"""


def test_who_interrupts_does_not_notice_the_others_who_wait_for_all_of_them(engine: str) -> None:
    """M/M/1 with preemptive resume (Kleinrock 1976, vol. 2, 3.6): 1/(1 − ρ₁), and 1/((1 − ρ₁)(1 − ρ₁ − ρ₂)), at μ = 1."""
    settles(
        engine,
        TWO,
        {"lead_time.mean@fire": 1 / 0.7, "lead_time.mean@item": 1 / (0.7 * 0.3), "utilisation.crew": 0.7},
        days=30_000,
        warmup=200,
    )


def _erlang_b(load: float, people: int) -> float:
    terms = [load**n / math.factorial(n) for n in range(people + 1)]
    return terms[-1] / sum(terms)


IMPATIENT = """
demand: {{item: {{every: exponential({every}), gives_up: {{after: {after}}}}}}}
steps: {{serve: {{work: exponential(1)}}}}
teams: {{crew: {{people: {people}, does: serve}}}}
"""


@pytest.mark.parametrize(("load", "people"), [(2.0, 3), (0.8, 1)])
def test_nobody_waits_and_erlangs_loss_formula_says_how_many_are_lost(engine: str, load: float, people: int) -> None:
    lost = _erlang_b(load, people)
    settles(
        engine,
        IMPATIENT.format(every=1 / load, after=0, people=people),
        {"gave_up": load * lost, "throughput": load * (1 - lost), "lead_time.mean": 1.0},
        days=8_000,
        warmup=50,
    )


def _with_patience(rate: float, people: int, patience: float) -> tuple[float, float]:
    """M/M/c+M (Palm 1957): how many are served and how many give up per unit of time, from the birth and death chain."""
    chances = [1.0]
    for n in range(1, 400):
        death = min(n, people) + max(n - people, 0) / patience
        chances.append(chances[-1] * rate / death)
    total = sum(chances)
    lost = sum(chance / total * max(n - people, 0) / patience for n, chance in enumerate(chances))
    return rate - lost, lost


@pytest.mark.parametrize(("rate", "people", "patience"), [(2.4, 2, 3.0), (1.0, 1, 0.5)])
def test_customers_with_random_patience(engine: str, rate: float, people: int, patience: float) -> None:
    served, lost = _with_patience(rate, people, patience)
    settles(
        engine,
        IMPATIENT.format(every=1 / rate, after=f"exponential({patience})", people=people),
        {"gave_up": lost, "throughput": served, "utilisation.crew": served / people},
        days=8_000,
        warmup=50,
    )


def test_the_number_that_waits_is_that_of_the_chain(engine: str) -> None:
    rate, people, patience = 1.5, 1, 2.0
    _, lost = _with_patience(rate, people, patience)

    def waiting(run: Reading) -> float:
        value = run.metrics["backlog"]
        assert value is not None
        return value

    # whoever gives up does so from the queue, at a rate of one in `patience` each: Lq = lost · patience
    settles(
        engine,
        IMPATIENT.format(every=1 / rate, after=f"exponential({patience})", people=people).replace(
            "work: exponential(1)", "work: exponential(1), wip_limit: 1"
        ),
        {"gave_up": lost},
        days=8_000,
        warmup=50,
        also={"waiting": (waiting, lost * patience)},
    )
