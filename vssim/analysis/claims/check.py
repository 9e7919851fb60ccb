"""Claims: what the author of a scenario says its runs show, tested with as many replications as it takes to decide.

A share is a share of what the other variant has; `within` a number is about the difference; any other bare number is about the
metric under the change itself. Every bound is tested by its margin, over all runs: how far the metric is beyond the bound, as
in `after − 60 % · before` for `at_most: 60%`. The bound holds when the whole interval of the margin is at or below 0, fails
when it is above 0, and is undecided between. It needs no baseline that is clearly different from 0, and where there is no
interval because nothing can move (a fixed date, the same in every run) the margin itself decides. As long as a claim is
undecided, the replications of its variants are doubled, up to a cap.

Looking again and again at an interval of 95 % would be wrong more often than one time in twenty. So each look takes one of
99 %: five looks, from 20 replications to 320, put a false "held" below 3 %, as one look at 95 % does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from vssim.analysis import results
from vssim.catalogue import is_share
from vssim.engines import Engine
from vssim.model.changes import BASELINE
from vssim.model.values import plain
from vssim.play.experiment import Experiment, Round, Samples
from vssim.play.pooled import Pooled
from vssim.play.replications import Progress
from vssim.play.settings import adjusted
from vssim.scenario import Bound, Claim, Scenario, measured_from
from vssim.statistics import Estimate, Statistic, combined, level, ratio
from vssim.statistics.influence import nothing

if TYPE_CHECKING:
    import polars

CONFIDENCE = 0.99
"""The confidence level of the interval that decides."""

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
        return results.table(self)  # type: ignore[no-any-return]

    def document(self) -> dict[str, Any]:
        """The document that `vssim check --json` prints of this scenario."""
        return results.document(self)

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
    warnings = (*warnings, *_ambiguous(settled))
    if not settled.claims:
        return Checked(settled, measured_from(settled), (), warnings)
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
        window = max((self.experiment.window_of(number, samples) for number in sides), key=lambda number: samples.windows[number])
        count = min(samples.count(number) for number in sides)
        before, after = (_statistic(samples.pooled(number, window, count), claim.metric) for number in sides)
        proofs = tuple(_proof(name, bound, before, after) for name, bound in claim.bounds.items())
        return Finding(claim, samples.windows[window], count, level(before), level(after), proofs)

    def _sides(self, claim: Claim) -> tuple[int, int]:
        names = [variant.name for variant in self.experiment.variants]
        return names.index(claim.against), names.index(claim.change)


def _ambiguous(scenario: Scenario) -> Iterator[str]:
    """The claims that bound a share by a per cent: it is read as a share of the other variant's figure, perhaps not meant so."""
    for number, claim in enumerate(scenario.claims):
        for name, bound in claim.bounds.items():
            if bound.share is not None and bound.share <= 1 and is_share(claim.metric):
                of = "as it is" if claim.against == BASELINE else f"of {claim.against}"
                yield (
                    f"claims.{number}.{name}: {bound.document()} of {claim.metric} {of}, which is a share itself; "
                    f"for {bound.document()} of everything write {plain(bound.share)}"
                )


def _variants(scenario: Scenario) -> Iterator[str | None]:
    """The baseline and what the claims speak of, in the order of the file."""
    yield None
    named = {name for claim in scenario.claims for name in (claim.change, claim.against)}
    yield from (name for name in scenario.changes if name in named)


def _statistic(pooled: Pooled, metric: str) -> Statistic:
    """The metric over all runs; an empty statistic where no run of a variant has it."""
    return pooled.statistic(metric) if metric in pooled else nothing(pooled.n)


def _proof(name: Name, bound: Bound, before: Statistic, after: Statistic) -> Proof:
    figure, estimate = _figure(name, bound, before, after)
    margins = [
        _margin([(side, after), *([(-side * share, before)] if share else [])], -side * value)
        for side in (1, -1)
        for share, value in _limits(name, bound, side)
    ]
    return Proof(name, bound, figure, estimate, tuple(margins))


def _margin(parts: Sequence[tuple[float, Statistic]], constant: float) -> Estimate:
    """How far the metric is beyond a limit; what is left beyond some decimals is how numbers are stored."""
    beyond = combined(parts, constant)
    margin = level(beyond, CONFIDENCE)
    low, high = margin.low, margin.high
    if margin.mean is not None and low is None and beyond.fixed:
        low = high = margin.mean
    return replace(margin, low=None if low is None else round(low, DIGITS), high=None if high is None else round(high, DIGITS))


def _figure(name: Name, bound: Bound, before: Statistic, after: Statistic) -> tuple[Figure, Estimate]:
    if bound.share is not None:
        return "ratio", ratio(before, after, CONFIDENCE)
    if name == "within":
        return "difference", level(combined([(1.0, after), (-1.0, before)]), CONFIDENCE)
    return "value", level(after, CONFIDENCE)


def _limits(name: Name, bound: Bound, side: int) -> list[tuple[float, float]]:
    """The limit that a bound sets above (+1) or below (−1): a share of the other variant's metric and a value, added up."""
    if name == "within":
        return [(1.0 + side * (bound.share or 0.0), side * (bound.value or 0.0))]
    if (name == "at_most") != (side > 0):
        return []
    return [(bound.share or 0.0, bound.value or 0.0)]
