"""Small Markov chains solved by hand: sharing, swarming, helping, absent helpers, rework, gates that let few through."""

from __future__ import annotations

import pytest

from tests.theory.steady import EFFORTS, settles

CREW = """
demand: {{item: {{every: exponential({every})}}}}
steps:
  serve:
    work: {work}
teams: {{crew: {crew}}}
"""


def crew(rate: float, people: str, work: str = "exponential(1)") -> str:
    return CREW.format(every=1 / rate, work=work, crew=people)


@pytest.mark.parametrize("work", ["exponential(1)", "lognormal(mean=1, cv=1.5)", "1"])
def test_sharing_a_person_among_all_items_is_as_slow_for_any_spread_of_work(engine: str, work: str) -> None:
    """M/G/1 processor sharing is insensitive: L = ρ / (1 − ρ)."""
    text = crew(0.6, "{people: 1, does: serve, multitasking: 500}", work)
    settles(engine, text, {"lead_time.mean": 2.5, "wip": 1.5}, days=15_000, warmup=100)


def test_two_open_items_and_the_cost_of_switching(engine: str) -> None:
    """Birth and death with rates 1, 0.8, 0.8, …: pₙ = 0.6 · 0.75ⁿ⁻¹ · p₀, so p₀ = 1/3.4 and L = 0.6 · 16 / 3.4."""
    text = crew(0.6, "{people: 1, does: serve, multitasking: 2, efficiency: [100%, 80%]}")
    settles(engine, text, {"wip": 2.823529, "lead_time.mean": 4.705882}, days=28_000, warmup=150)


def test_two_who_swarm_perfectly_are_one_twice_as_fast(engine: str) -> None:
    text = crew(1.2, "{people: 2, does: serve, swarming: {help: 1, most: 2}}")
    settles(engine, text, {"wip": 1.5, "lead_time.mean": 1.25}, days=8_000, warmup=50)


def test_meetings_make_everybody_slower(engine: str) -> None:
    text = crew(0.5, "{people: 1, does: serve, meetings: 20%}")
    settles(engine, text, {"lead_time.mean": 10 / 3, "utilisation.crew": 0.625}, days=16_000, warmup=100)


def test_a_slower_helper_takes_what_the_other_has_no_time_for(engine: str) -> None:
    """Unequal servers, the fast one first. With λ = μ = 1 and a helper at 1/2: L = 16.2 / 6.8."""
    text = """
    demand: {item: {every: exponential(1)}}
    steps: {serve: {work: exponential(1)}}
    teams: {helpers: {people: 1, helps: {serve: 50%}}, doers: {people: 1, does: serve}}
    """
    settles(
        engine,
        text,
        {"wip": 2.382353, "utilisation.doers": (1 + 3.6) / 6.8, "utilisation.helpers": (0.8 + 3.6) / 6.8},
        days=14_000,
        warmup=100,
    )


ABSENT = """
demand: {{item: {{backlog: {backlog}}}}}
steps:
  a:
    work: exponential(1)
    wip_limit: {step}
    needs: {{outside: vendor, wait: exponential(4), at: 100%, parks: {parks}}}
teams: {{crew: {{people: 1, does: a}}}}
wip_limit: {stream}
"""


@pytest.mark.parametrize(
    ("step", "stream", "parks", "throughput"),
    [
        ("3", "none", "false", 0.549296),
        ("none", "3", "false", 0.549296),
        ("none", "3", "true", 0.549296),
        ("1", "none", "true", 1.0),
    ],
    ids=["held by the step", "held by the stream", "shelved but held by the stream", "shelved"],
)
def test_items_that_wait_for_somebody_outside_keep_their_places_unless_shelved(
    engine: str, step: str, stream: str, parks: str, throughput: float
) -> None:
    """The machine repair model with three machines: 1 − 1/2.21875. Shelved items leave the one place to the next."""
    days, warmup = 1_500, 50
    backlog = round((warmup + days * EFFORTS[engine].length / 20) * 1.3) + 50
    text = ABSENT.format(backlog=backlog, step=step, stream=stream, parks=parks)
    settles(engine, text, {"throughput": throughput}, days=days, warmup=warmup)


def test_rework_through_an_earlier_step(engine: str) -> None:
    """Jackson: both steps see 0.5 / (1 − 1/4) items a day; L = 2 + 8/7."""
    text = """
    demand: {item: {every: exponential(2)}}
    steps: {develop: {work: exponential(1)}, test: {work: exponential(0.8), returns: {to: develop, chance: 25%}}}
    teams: {developers: {people: 1, does: develop}, testers: {people: 1, does: test}}
    """
    settles(
        engine,
        text,
        {"steps.develop.wip": 2.0, "steps.test.wip": 8 / 7, "lead_time.mean": 44 / 7, "returns": 1 / 3},
        days=20_000,
        warmup=200,
        wide={"steps.develop.wip": 1.5},
    )


def test_a_gate_that_lets_one_through_a_day(engine: str) -> None:
    """Left behind after an opening: λ² / (2(1 − λ)); half a day more until the next one."""
    text = """
    demand: {item: {every: exponential(1.25)}}
    steps: {train: {gate: {every: 1, most: 1}}}
    teams: {}
    """
    settles(engine, text, {"lead_time.mean": 2.5, "time.gate": 2.5, "wip": 2.0}, days=25_000, warmup=150, wide={"wip": 1.2})
