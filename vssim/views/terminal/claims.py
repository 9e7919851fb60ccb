"""Claims on the terminal: what was claimed, the outcome, and the figures that decided it."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from vssim.analysis.claims.check import Checked, Finding, Proof
from vssim.analysis.claims.document import outcome
from vssim.catalogue import is_moment
from vssim.metrics import measure
from vssim.scenario import EACH, Scenario
from vssim.views import words

ON_AVERAGE = (
    f"Claims are of the average over all worlds that you think possible, {EACH} replications of each; "
    "in your own world one that holds may not, which vssim compare tells."
)
"""The sentence that comes first where something is not known."""

COLOURS = {"held": "green", "failed": "bold red", "undecided": "bold yellow"}


def claims(checked: Checked) -> RenderableType:
    """Every claim of a scenario, tested."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for finding in checked.findings:
        said = Text.assemble((finding.claim.change, "bold"), ": ", claimed(finding))
        table.add_row(Text(f"  {finding.state}", COLOURS[finding.state]), said)
        table.add_row("", Text(figures(finding, checked.scenario), "dim"))
    return Group(Text(checked.scenario.name, "bold"), *([Text(ON_AVERAGE, "dim")] if checked.scenario.uncertain else []), table)


def in_short(checked: Checked) -> str:
    """The outcome of all claims in a few words; for a workshop also the number of its rounds."""
    if outcome(checked) in ("held", "no claims"):
        rounds = len(checked.scenario.rounds)
        return f"ok, {words.many(rounds, 'round')} to play" if rounds else "ok"
    counts, of = checked.counts(), len(checked.findings)
    said = [f"{counts[state]} of {of} claims {state}" for state in ("failed", "undecided") if counts[state]]
    return ", ".join(said)


def claimed(finding: Finding) -> str:
    """The claim as a sentence."""
    claim = finding.claim
    return f"{claim.metric} " + " and ".join(_bound(proof, claim.metric, claim.against) for proof in finding.proofs)


def figures(finding: Finding, scenario: Scenario) -> str:
    """The figures that decide with their intervals, the figures of both sides, and the number of replications."""
    metric = finding.claim.metric
    parts = list(dict.fromkeys(_figure(proof, metric) for proof in finding.proofs))
    if is_moment(metric) and scenario.dates is not None:
        sides = " → ".join(words.moment(side.mean, scenario.unit, scenario.dates) for side in (finding.before, finding.after))
    else:
        units = measure.unit_of(metric, scenario.unit).removeprefix("1")
        sides = f"{_sides(finding, metric)}{units and ' '}{units}"
    return "; ".join([*parts, sides, words.many(finding.replications, "replication")])


def _bound(proof: Proof, metric: str, against: str) -> str:
    bound = proof.bound
    if bound.dated is not None:
        return f"by {bound.dated.text}" if proof.name == "at_most" else f"not before {bound.dated.text}"
    limit = words.percent(bound.share) if bound.share is not None else _plain(bound.value, metric)
    if proof.name == "within":
        return f"within {limit} of {against}"
    least = "at most" if proof.name == "at_most" else "at least"
    return f"{least} {limit}" + (f" of {against}" if bound.share is not None else "")


def _figure(proof: Proof, metric: str) -> str:
    if proof.found.mean is None:
        return "nothing to measure" if proof.found.n == 0 else "nothing to compare with"
    share = proof.figure == "ratio" or measure.is_share(metric)
    mean, ends = words.as_share(proof.found) if share else (words.figure(proof.found.mean), words.interval(proof.found))
    name = {"ratio": "", "difference": "difference ", "value": ""}[proof.figure]
    return f"{name}{mean}" + (f" (99 % interval {ends})" if ends else "")


def _sides(finding: Finding, metric: str) -> str:
    """The figures before and after; where a ratio is claimed, with so many digits that a reader can check it."""
    before, after = finding.before.mean, finding.after.mean
    if not before or not after or measure.is_share(metric) or all(proof.figure != "ratio" for proof in finding.proofs):
        return f"{_plain(before, metric)} → {_plain(after, metric)}"
    written = [[words.figure(side, digits) for side in (before, after)] for digits in _DIGITS]
    return " → ".join(next((sides for sides in written if _gives(sides, after / before)), written[-1]))


_DIGITS = (3, 4, 5)
"""Significant digits of the figures before and after: more than three only where three would give another per cent."""


def _gives(sides: list[str], ratio: float) -> bool:
    """Whether two numbers, as they are written, give the ratio in per cent, as it is written."""
    old, new = (float(side.replace(",", "").replace("−", "-")) for side in sides)
    return old != 0 and words.percent(new / old) == words.percent(ratio)


def _plain(value: float | None, metric: str) -> str:
    return words.percent(value) if measure.is_share(metric) else words.figure(value)
