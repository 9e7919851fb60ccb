"""How often what is said over worlds holds: the three sentences, the share of worlds, the shares of facts, where it turns round.

    python -m benchmarks.unknowns                      400 experiments a column; some ten minutes
    python -m benchmarks.unknowns --experiments 60     roughly, in a minute
    python -m benchmarks.unknowns --docs               into vssim/docs/results.md

One server over 250 from the empty start, Poisson arrivals, exponential work. The change makes the work faster or slower by a
factor and takes some time of its own. How often items arrive, the factor and that time are not known. Runs obey Lindley's
recursion; worlds and what is said of them are the project's own: beliefs, hypercube, effects, facts. The truth is the effect
without luck at every place, from very many further runs: one's own world may be any of them, as the beliefs have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.coverage import Tally, measure
from vssim.analysis.uncertain.deciding import deciding
from vssim.analysis.uncertain.effects import effect
from vssim.analysis.uncertain.evenly import Evenly
from vssim.clock import Reals
from vssim.model import worlds
from vssim.model.beliefs import Uncertain, read
from vssim.statistics import Estimate

HORIZON = 250.0
EACH = 2
"""Replications of a world."""

WORLDS = (100, 200)

DEGREE = 8
"""Of the polynomial that the effect without luck is told by, in arrivals and factor together."""

_AT_ONCE = 20_000
"""Runs that are played side by side."""


@dataclass(frozen=True)
class Case:
    """What is not known: the ends of three beliefs, all values between them alike."""

    every: tuple[float, float]
    """mean time between arrivals"""
    factor: tuple[float, float]
    """work with the change, as a share of what it was"""
    takes: tuple[float, float]
    """time that the change adds to each item"""

    @property
    def ends(self) -> Reals:
        """Lowest and highest value of each fact; (3, 2)."""
        return np.array([self.every, self.factor, self.takes])

    def anywhere(self, rng: np.random.Generator, count: int) -> Reals:
        """(count, 3) worlds as the beliefs have them."""
        low, high = self.ends.T
        drawn: Reals = low + rng.random((count, 3)) * (high - low)
        return drawn

    @property
    def uncertain(self) -> Uncertain:
        """As the model has it."""
        return Uncertain(tuple(read(name, f"between({low}, {high})") for name, (low, high) in zip(FACTS, self.ends, strict=True)))


FACTS = ("every", "factor", "takes")

CASES = {
    "one fact decides": Case((1.2, 1.3), (0.85, 1.05), (0.2, 0.5)),
    "several do": Case((1.1, 1.5), (0.8, 1.0), (0.0, 1.5)),
    "luck is larger": Case((1.25, 1.35), (0.93, 0.98), (0.1, 0.5)),
}

SAYS = {
    "average": "(1) on average, 95 %",
    "own world": "(2) in your world, 90 %",
    "luck": "(3) luck, estimate / truth",
    "better": "share of worlds in which it is better, 95 %",
    "share": "share of a fact, 95 %",
    "turns": "where it turns round, 95 %",
    "told": "  told, where it does",
}


def difference(every: Reals, factor: Reals, rng: np.random.Generator) -> Reals:
    """(n,) Mean lead time with the change less that without, of runs with these means, each with luck of its own (Lindley 1952)."""
    differences = np.empty(len(every))
    for start in range(0, len(every), _AT_ONCE):
        here = slice(start, start + _AT_ONCE)
        differences[here] = _difference(every[here], factor[here], rng)
    return differences


def _difference(every: Reals, factor: Reals, rng: np.random.Generator) -> Reals:
    count, most = len(every), HORIZON / float(every.min())
    arrived, free = np.zeros(count), np.zeros((2, count))
    sums, items = np.zeros((2, count)), np.zeros((2, count))
    share = np.stack([np.ones(count), factor])
    for _ in range(int(most + 8 * np.sqrt(most)) + 8):
        arrived = arrived + every * rng.standard_exponential(count)
        free = np.maximum(arrived, free) + share * rng.standard_exponential(count)
        inside = free <= HORIZON
        sums += np.where(inside, free - arrived, 0.0)
        items += inside
    before, after = sums / items
    differences: Reals = after - before
    return differences


@dataclass(frozen=True)
class Truth:
    """What is true in a case, luck aside."""

    case: Case
    loads: Reals
    """of the polynomial in arrivals and factor, both from −1 to 1"""
    luck: float
    """σ of one run"""

    @classmethod
    def of(cls, case: Case, runs: int, rng: np.random.Generator) -> Truth:
        """From so many runs."""
        place = rng.uniform(-1, 1, (2, runs))
        low, high = case.ends[:2].T[..., None]
        every, factor = low + (place + 1) / 2 * (high - low)
        effects = difference(every, factor, rng)
        basis = _basis(place)
        loads: Reals = np.linalg.lstsq(basis, effects, rcond=None)[0].astype(np.float64)
        return cls(case, loads, float(np.sqrt(((effects - basis @ loads) ** 2).mean())))

    def at(self, values: Reals) -> Reals:
        """(n,) The effect where the facts have these values (n, 3)."""
        low, high = self.case.ends.T
        place = 2 * (values - low) / (high - low) - 1
        effects: Reals = _basis(place[:, :2].T) @ self.loads + values[:, 2]
        return effects

    @cached_property
    def everywhere(self) -> tuple[Reals, Reals]:
        """(n, 3) places all over what is thought possible, and (n,) the effect there."""
        values = self.case.anywhere(np.random.default_rng(5), 200_000)
        return values, self.at(values)

    @cached_property
    def mean(self) -> float:
        """On average over what is thought possible."""
        return float(self.everywhere[1].mean())

    @cached_property
    def better(self) -> float:
        """The share of worlds in which it is better."""
        return float((self.everywhere[1] < 0).mean())

    def along(self, fact: int) -> tuple[Reals, Reals]:
        """(40,) values of a fact, and the effect there on average over the others."""
        values, effects = self.everywhere
        order = np.argsort(values[:, fact])
        return values[order, fact].reshape(40, -1).mean(axis=1), effects[order].reshape(40, -1).mean(axis=1)

    def share(self, fact: int) -> float:
        """Of the variance of the effect, what a fact explains by itself."""
        return float(self.along(fact)[1].var() / self.everywhere[1].var())

    def turns(self, fact: int) -> float | None:
        """Where the effect is 0 on average over the other facts; None where it has one sign."""
        values, effects = self.along(fact)
        signs = np.flatnonzero(np.diff(np.sign(effects)) != 0)
        if len(signs) != 1:
            return None
        (here,) = signs
        part = effects[here] / (effects[here] - effects[here + 1])
        return float(values[here] + part * (values[here + 1] - values[here]))


def _basis(place: Reals) -> Reals:
    """(n, terms) Products of Legendre polynomials of two places (2, n), up to `DEGREE` together."""
    tables = [np.polynomial.legendre.legvander(one, DEGREE) for one in place]
    pairs = [(one, other) for one in range(DEGREE + 1) for other in range(DEGREE + 1 - one)]
    return np.stack([tables[0][:, one] * tables[1][:, other] for one, other in pairs], axis=1)


@dataclass
class Findings:
    """What experiments of a case and a number of worlds found."""

    tallies: dict[str, Tally]
    luck: list[float]
    """estimate / truth, by experiment"""
    own: list[float]
    """the share of what is thought possible that lies where one's own world is said to lie, by experiment"""

    def held(self, said_of: str) -> float:
        """The share of intervals that held what they are to hold; NaN where there was none."""
        tally = self.tallies.get(said_of, Tally())
        return tally.held / tally.told if tally.told else np.nan


def experiments(truth: Truth, count: int, of: int, rng: np.random.Generator) -> Findings:
    """What is said in `count` experiments of so many worlds each, held against the truth."""
    findings = Findings({}, [], [])
    for seed in range(count):
        for said_of, interval, true in _said(truth, of, seed, rng, findings):
            findings.tallies[said_of] = findings.tallies.get(said_of, Tally()).and_one(interval, true)
    return findings


def _said(truth: Truth, of: int, seed: int, rng: np.random.Generator, findings: Findings) -> Iterator[tuple[str, Estimate, float]]:
    """What one experiment says: what it is about, its interval, and what is true."""
    uncertain = truth.case.uncertain
    values = worlds.values(uncertain, worlds.drawn(uncertain, seed, of))
    by_run = np.repeat(values, EACH, axis=0)
    runs = difference(by_run[:, 0], by_run[:, 1], rng) + by_run[:, 2]
    seen = effect(runs.reshape(of, EACH), values, Evenly.over(values))
    assert seen is not None
    findings.luck.append(seen.luck / truth.luck)
    yield "average", seen.on_average, truth.mean
    low, high = seen.in_your_world
    effects = truth.everywhere[1]
    findings.own.append(float(((low <= effects) & (effects <= high)).mean()))
    if seen.is_told:
        yield "better", Estimate(seen.share_better(-1), *seen.share_interval(-1), of), truth.better
    would = deciding(FACTS, values, seen.by_world, seen.not_known, -1)
    for fact in would.facts if would is not None else ():
        number = FACTS.index(fact.name)
        yield "share", Estimate(fact.share, fact.low, fact.high, of), truth.share(number)
        turns, said = truth.turns(number), fact.threshold
        if turns is not None:
            yield "told", Estimate(0, *((0, 0) if said is not None else (1, 1)), of), 0.0
            if said is not None:
                yield "turns", Estimate(said.value, said.low, said.high, of), turns
        elif said is not None:  # it turns round nowhere, and is said to
            yield "turns", Estimate(0, 1, 1, of), 0.0


def coverage(count: int, seed: int = 1, runs: int = 1_000_000) -> dict[tuple[str, int], Findings]:
    """By case and number of worlds."""
    findings = {}
    for number, (name, case) in enumerate(CASES.items()):
        truth = Truth.of(case, runs, np.random.default_rng([seed, number]))
        for of in WORLDS:
            findings[name, of] = experiments(truth, count, of, np.random.default_rng([seed, number, of]))
    return findings


def table(findings: Mapping[tuple[str, int], Findings], count: int) -> str:
    """As Markdown: a row a sentence, a column a case and number of worlds."""
    heads = [f"{name}, {of} worlds" for name, of in findings]
    lines = ["| | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for said_of, words in SAYS.items():
        cells = [_told(each, said_of) for each in findings.values()]
        lines.append(f"| {words.strip()} | " + " | ".join(cells) + " |")
    error = 200 * np.sqrt(0.95 * 0.05 / count)
    return "\n".join([*lines, "", f"Of {count:,} experiments a column; each share of 95 % is known to ± {error:.1f} points."])


def _told(findings: Findings, said_of: str) -> str:
    if said_of == "luck":
        return f"{np.mean(findings.luck):.2f}"
    if said_of == "own world":
        return f"{100 * np.mean(findings.own):.1f} %"
    held = findings.held(said_of)
    return "–" if np.isnan(held) else f"{100 * held:.1f} %"


def main() -> None:
    """Measure, print, and write down."""
    measure("unknowns", "How often what is said of worlds holds.", 400, lambda count, seed: table(coverage(count, seed), count))


if __name__ == "__main__":
    main()
