"""Claims: what the author of a scenario says its runs show, tested with as many replications as it takes to decide.

A share is a share of what the other variant has; `within` a number is about the difference; any other bare number is about
the metric under the change itself. Every bound is tested by its margin, run by run: how far the metric is beyond the bound, as in
`after − 60 % · before` for `at_most: 60%`. The bound holds when the whole interval of the mean margin is at or below 0, fails
when it is above 0, and is undecided between. For shares this is the same as asking on which side of the bound Fieller's interval of
the ratio lies, and it needs no baseline that is clearly different from 0. As long as a claim is undecided, the replications
of its variants are doubled, up to a cap.

Looking again and again at an interval of 95 % would be wrong more often than one time in twenty. So each look takes one of
99 %: five looks, from 20 replications to 320, put a false "held" below 3 %, as one look at 95 % does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from vssim.analysis.experiment import Experiment, Round, Samples
from vssim.analysis.replications import Progress
from vssim.analysis.settings import adjusted
from vssim.analysis.statistics import Estimate, estimate, paired, ratio_of_means
from vssim.engines import Engine
from vssim.scenario import Bound, Claim, Scenario

if TYPE_CHECKING:
    import polars

CONFIDENCE = 0.99
"""Of the interval that decides."""

MOST = 320
"""Replications after which a claim stays undecided."""

DIGITS = 9
"""Decimals of a margin; what is left beyond them is how numbers are stored, not a difference."""

State = Literal["held", "failed", "undecided"]
Name = Literal["at_most", "at_least", "within"]
Figure = Literal["value", "difference", "ratio"]


@dataclass(frozen=True)
class Proof:
    """One bound of a claim and what was found."""

    name: Name
    bound: Bound
    figure: Figure
    """what it bounds: the metric under the change, its difference from the other variant, or its ratio to it"""
    found: Estimate
    """that figure, with its interval (99 %)"""
    margins: tuple[Estimate, ...]
    """how far the metric is beyond the bound; `within` has two sides [unit of the metric]"""

    @property
    def state(self) -> State:
        """On which side of the bound the whole interval is."""
        if any(margin.low is not None and margin.low > 0 for margin in self.margins):
            return "failed"
        held = all(margin.high is not None and margin.high <= 0 for margin in self.margins)
        return "held" if held else "undecided"


@dataclass(frozen=True)
class Finding:
    """A claim, tested."""

    claim: Claim
    start: float
    """from when on both sides are measured [units of time]"""
    replications: int
    """of each side"""
    before: Estimate
    """the metric under the other variant (95 %)"""
    after: Estimate
    """the metric under the change (95 %)"""
    proofs: tuple[Proof, ...]

    @property
    def state(self) -> State:
        """Held when every bound is; failed as soon as one is."""
        states = [proof.state for proof in self.proofs]
        if "failed" in states:
            return "failed"
        return "undecided" if "undecided" in states else "held"


@dataclass(frozen=True, eq=False)
class Checked:
    """A scenario whose claims were tested."""

    scenario: Scenario
    """as it was run: with the settings that were given"""
    warmup: float
    """as resolved [units of time]"""
    findings: tuple[Finding, ...]
    """in the order of the file"""
    warnings: tuple[str, ...]

    @property
    def held(self) -> bool:
        """Whether all claims are."""
        return all(finding.state == "held" for finding in self.findings)

    def counts(self) -> dict[State, int]:
        """How many claims are in each state."""
        states: tuple[State, ...] = ("held", "failed", "undecided")
        return {state: sum(finding.state == state for finding in self.findings) for state in states}

    def table(self) -> polars.DataFrame:
        """One row a bound of a claim: what was claimed, what was found, and what became of it."""
        from vssim.analysis.checked import table

        return table([self])

    def document(self) -> dict[str, Any]:
        """The document that `vssim check --json` prints of this scenario."""
        from vssim.analysis.checked import document

        return document(self)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.counts().items() if count)
        return f"{self.scenario.name}: {counts or 'no claims'}"


def check(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    horizon: float | None = None,
    warmup: float | str | None = None,
    engine: Engine = "auto",
    jobs: int | None = None,
    executor: Executor | None = None,
    most: int = MOST,
    progress: Progress | None = None,
) -> Checked:
    """Test every claim of `scenario`, beginning with as many replications as it says, with at most `most` of them.

    What is not given is as the scenario says. `jobs` and `executor` are as in `compare`. The warnings are those of every change,
    whether a claim speaks of it or not.
    """
    settled = adjusted(scenario, replications=replications, seed=seed, horizon=horizon, warmup=warmup)
    warnings = Experiment.of(settled, [None, *settled.changes], engine).warnings
    if not settled.claims:
        return Checked(settled, 0.0 if settled.run.warmup == "auto" else settled.run.warmup, (), warnings)
    trial = Trial(settled, Experiment.of(settled, _variants(settled), engine), most)
    samples = trial.experiment.play(jobs=jobs, executor=executor, further=trial.further, progress=progress)
    findings = tuple(trial.finding(claim, samples) for claim in settled.claims)
    return Checked(settled, samples.warmup, findings, warnings)


@dataclass(frozen=True)
class Trial:
    """The claims of a scenario and the runs that decide them."""

    scenario: Scenario
    experiment: Experiment
    most: int

    def further(self, samples: Samples) -> Round | None:
        """Twice as many runs of the variants of undecided claims; None when there are none, or the cap is reached."""
        open_ = [claim for claim in self.scenario.claims if self.finding(claim, samples).state == "undecided"]
        numbers = sorted({number for claim in open_ for number in self._sides(claim)})
        done = max((samples.count(number) for number in numbers), default=0)
        return Round(min(2 * done, self.most), tuple(numbers)) if 0 < done < self.most else None

    def finding(self, claim: Claim, samples: Samples) -> Finding:
        """What the runs say about a claim, so far."""
        sides = self._sides(claim)
        window = max((self.experiment.window_of(number, samples) for number in sides), key=lambda one: samples.windows[one])
        count = min(samples.count(number) for number in sides)
        before, after = (samples.of(number, window, claim.metric)[:count] for number in sides)
        proofs = tuple(_proof(name, bound, before, after) for name, bound in claim.bounds.items())
        return Finding(claim, samples.windows[window], count, estimate(before), estimate(after), proofs)

    def _sides(self, claim: Claim) -> tuple[int, int]:
        names = [variant.name for variant in self.experiment.variants]
        return names.index(claim.against), names.index(claim.change)


def _variants(scenario: Scenario) -> Iterator[str | None]:
    """The baseline and what the claims speak of, in the order of the file."""
    yield None
    named = {name for claim in scenario.claims for name in (claim.change, claim.against)}
    yield from (name for name in scenario.changes if name in named)


def _proof(name: Name, bound: Bound, before: Sequence[float | None], after: Sequence[float | None]) -> Proof:
    alone = [value for value in after if value is not None]
    pairs = [(0.0, value) for value in alone] if bound.share is None and name != "within" else paired(before, after)
    figure, found = _figure(name, bound, pairs)
    beyond = [[round(new - old * share - value, DIGITS) for old, new in pairs] for share, value in _limits(name, bound, +1)]
    below = [[round(old * share + value - new, DIGITS) for old, new in pairs] for share, value in _limits(name, bound, -1)]
    return Proof(name, bound, figure, found, tuple(estimate(values, CONFIDENCE) for values in (*beyond, *below)))


def _figure(name: Name, bound: Bound, pairs: Sequence[tuple[float, float]]) -> tuple[Figure, Estimate]:
    if bound.share is not None:
        return "ratio", ratio_of_means(pairs, CONFIDENCE)
    return "difference" if name == "within" else "value", estimate([new - old for old, new in pairs], CONFIDENCE)


def _limits(name: Name, bound: Bound, side: Literal[1, -1]) -> list[tuple[float, float]]:
    """The limit that a bound sets above (+1) or below (−1): a share of the other variant's metric and a value, added up."""
    if name == "within":
        return [(1.0 + side * (bound.share or 0.0), side * (bound.value or 0.0))]
    if (name == "at_most") != (side > 0):
        return []
    return [(bound.share or 0.0, bound.value or 0.0)]
