"""Whether the claims of a scenario hold in a comparison: a claim holds when the whole 95 % interval is on its side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vssim.analysis import metrics
from vssim.analysis.statistics import Difference, Estimate, compare_pairs, estimate

if TYPE_CHECKING:
    from vssim.analysis.compare import Comparison
    from vssim.scenario.schema import Bound, Claim


def broken(comparison: Comparison) -> list[str]:
    """A sentence for every claim of the scenario that fails or stays undecided."""
    return [sentence for claim in comparison.scenario.claims for sentence in _broken(claim, comparison)]


def _broken(claim: Claim, comparison: Comparison) -> list[str]:
    found, after = _compared(claim, comparison)
    sentences = []
    for word in ("at_most", "at_least", "within"):
        bound: Bound | None = getattr(claim, word)
        if bound is None:
            continue
        judged = found.ratio if bound.share is not None else found.difference if word == "within" else after
        if not _inside(word, bound, judged):
            wanted = f"{word} {bound.document()} of {claim.against}"
            sentences.append(f"{claim.change}: {claim.metric} {wanted}, got {judged.mean} [{judged.low}, {judged.high}]")
    return sentences


def _compared(claim: Claim, comparison: Comparison) -> tuple[Difference, Estimate]:
    """How the metric differs between the two variants of a claim, and what it is under the change."""
    if claim.against == "baseline":
        differences = comparison[claim.change]
        return differences[claim.metric], differences.after[claim.metric]
    sides = [comparison.variants[name] for name in (claim.against, claim.change)]
    assert sides[0].since == sides[1].since, "the two sides of a claim are measured over the same time"
    before, after = ([sample.get(claim.metric) for sample in side.samples] for side in sides)
    return compare_pairs(before, after, metrics.direction(claim.metric)), estimate(after)


def _inside(word: str, bound: Bound, judged: Estimate) -> bool:
    if judged.low is None or judged.high is None:
        return False
    if word == "within":
        centre, width = (0.0, bound.value) if bound.share is None else (1.0, bound.share)
        return width is not None and centre - width <= judged.low and judged.high <= centre + width
    limit = bound.value if bound.share is None else bound.share
    assert limit is not None
    return judged.high <= limit if word == "at_most" else judged.low >= limit
