"""What programs are told about claims: the document of `vssim check`, its schema, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from vssim.analysis.claims.check import Checked, Figure, Finding, Proof, State
from vssim.analysis.compare.document import Entry, MetricEntry, metric_entry
from vssim.model.values import plain
from vssim.version import __version__

if TYPE_CHECKING:
    import polars

Outcome = Literal["held", "failed", "undecided", "no claims", "refused"]


class BoundEntry(Entry):
    """One bound of a claim."""

    bound: Literal["at_most", "at_least", "within"] = Field(
        description="which side is bounded; within: how far the two variants are apart"
    )
    limit: float | str = Field(description="as the file has it: a share with its %, or a number in the metric's unit")
    figure: Figure = Field(description="what is bounded: value, difference from the other variant, or ratio to it")
    found: MetricEntry = Field(description="that figure, with the interval of 99 % that decides")
    state: State = Field(description="of this bound: held or failed where the whole interval says so, else undecided")


class ClaimEntry(Entry):
    """A claim, tested."""

    change: str = Field(description="the variant that the claim is about")
    against: str = Field(description="the variant that it is compared with")
    metric: str = Field(description="what is claimed something of")
    state: State = Field(description="failed as soon as one bound is, held when all are")
    replications: int = Field(description="of each side")
    since: int | float = Field(description="from when on both sides are measured")
    before: MetricEntry = Field(description="the metric under `against`, with its 95 % interval")
    after: MetricEntry = Field(description="the metric under `change`, with its 95 % interval")
    bounds: list[BoundEntry] = Field(description="in the order of the file")


class FileEntry(Entry):
    """A scenario file: its claims, or why it was refused."""

    file: str = Field(description="as it was given, or as it was found in a folder")
    scenario: str | None = Field(default=None, description="name of the scenario")
    outcome: Outcome = Field(description="one word for the whole file")
    faults: list[str] = Field(default=[], description="why it was refused")
    unit: Literal["hour", "day", "week"] | None = Field(default=None, description="unit of every time")
    seed: int | None = Field(default=None, description="of all luck")
    horizon: int | float | None = Field(default=None, description="when a run ends")
    warmup: int | float | None = Field(default=None, description="as resolved")
    claims: list[ClaimEntry] = Field(default=[], description="in the order of the file")
    rounds: int = Field(default=0, description="of a workshop: how many it has, all of which can be played")
    warnings: list[str] = Field(default=[], description="what to know before trusting the figures")


class CheckDocument(Entry):
    """The result of `vssim check`."""

    vssim: str = Field(description="version")
    checked: list[FileEntry] = Field(description="every file, in the order in which they were given")


def whole(files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The document of several scenarios, from the documents of each."""
    return {"vssim": __version__, "checked": list(files)}


def document(checked: Checked, file: str = "") -> dict[str, Any]:
    """The document of one scenario."""
    settings = checked.scenario.run
    return FileEntry(
        file=file,
        scenario=checked.scenario.name,
        outcome=outcome(checked),
        unit=checked.scenario.unit,
        seed=settings.seed,
        horizon=plain(settings.horizon),
        warmup=plain(checked.warmup),
        claims=[_claim(finding) for finding in checked.findings],
        rounds=len(checked.scenario.rounds),
        warnings=list(checked.warnings),
    ).model_dump(exclude_defaults=True)


def refused(file: str, reason: str) -> dict[str, Any]:
    """The document of a file that is no scenario, with its faults."""
    return FileEntry(file=file, outcome="refused", faults=reason.splitlines()).model_dump(exclude_defaults=True)


def outcome(checked: Checked) -> Outcome:
    """One word for all claims: failed as soon as one is, held when all are."""
    states = {finding.state for finding in checked.findings}
    return next((state for state in ("failed", "undecided", "held") if state in states), "no claims")


def _claim(finding: Finding) -> ClaimEntry:
    claim = finding.claim
    return ClaimEntry(
        change=claim.change,
        against=claim.against,
        metric=claim.metric,
        state=finding.state,
        replications=finding.replications,
        since=plain(finding.start),
        before=metric_entry(finding.before),
        after=metric_entry(finding.after),
        bounds=[_bound(proof) for proof in finding.proofs],
    )


def _bound(proof: Proof) -> BoundEntry:
    limit = proof.bound.document()
    return BoundEntry(bound=proof.name, limit=limit, figure=proof.figure, found=metric_entry(proof.found), state=proof.state)


def table(checked: Checked | Sequence[Checked]) -> polars.DataFrame:
    """One row a bound of a claim, of one scenario or of several."""
    import polars

    several = [checked] if isinstance(checked, Checked) else checked
    rows = [row for checked in several for finding in checked.findings for row in _rows(checked, finding)]
    return polars.DataFrame(rows, schema=COLUMNS, orient="row")


COLUMNS = {
    **dict.fromkeys(("scenario", "change", "against", "metric", "bound", "limit", "state", "figure"), str),
    **dict.fromkeys(("found", "low", "high", "before", "after"), float),
    "replications": int,
}
"""The columns of the table, with their types."""


def _rows(checked: Checked, finding: Finding) -> list[dict[str, Any]]:
    claim = finding.claim
    about = {"scenario": checked.scenario.name, "change": claim.change, "against": claim.against, "metric": claim.metric}
    sides = {"before": finding.before.mean, "after": finding.after.mean, "replications": finding.replications}
    return [
        about
        | {"bound": proof.name, "limit": str(proof.bound.document()), "state": proof.state, "figure": proof.figure}
        | {"found": proof.found.mean, "low": proof.found.low, "high": proof.found.high}
        | sides
        for proof in finding.proofs
    ]
