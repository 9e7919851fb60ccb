"""What programs are told about engines that agree: the document of `vssim verify`, and its schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from vssim.analysis.claims.verify import MOST, Verification
from vssim.analysis.compare.document import Entry
from vssim.version import __version__


class DifferenceFound(Entry):
    """The first row on which the engines differ."""

    variant: str = Field(description="`baseline`, or the change")
    replication: int = Field(description="counted from 0")
    item: int = Field(description="number of the item, from 0")
    visit: int | None = Field(default=None, description="number of the visit in its item's itinerary, from 0; none: about the item")
    column: str = Field(description="of the log: where the engines say two things")
    values: dict[str, int] = Field(
        description="what each engine says, by its name; times in millionths of a unit of time, -1 not yet"
    )


class VerifiedEntry(Entry):
    """A scenario file, played on both engines."""

    file: str = Field(description="as it was given, or as it was found in a folder")
    scenario: str | None = Field(default=None, description="name of the scenario")
    outcome: Literal["agree", "differ", "refused"] = Field(description="one word for the whole file")
    faults: list[str] = Field(default=[], description="why it was refused")
    runs: int = Field(default=0, description="how many were compared: every variant, every replication")
    rows: int = Field(default=0, description="how many agree: one a visit and one an item of every run")
    not_played: int = Field(default=0, description="replications of each variant that the file has and that were left out")
    difference: DifferenceFound | None = Field(default=None, description="where they differ first")


class VerifyDocument(Entry):
    """The result of `vssim verify`."""

    vssim: str = Field(description="version")
    verified: list[VerifiedEntry] = Field(description="every file, in the order in which they were given")


@dataclass(frozen=True)
class Verified:
    """A file, and what became of it."""

    file: str
    name: str | None
    """of the scenario; None where the file is refused"""
    verification: Verification | None
    """None: refused"""
    reason: str = ""

    @property
    def outcome(self) -> Literal["agree", "differ", "refused"]:
        """In one word."""
        if self.verification is None:
            return "refused"
        return "agree" if self.verification.agrees else "differ"

    def sentence(self) -> str:
        """For people."""
        verification = self.verification
        if verification is None:
            return self.reason
        if verification.difference is None:
            return f"{self.file}: {verification.rows:,} rows of {verification.runs:,} runs agree{_left_out(verification)}"
        variant = "as it is" if verification.variant is None else f"with {verification.variant!r}"
        return f"{self.file}: the engines differ {variant}, replication {verification.replication}: {verification.difference}"

    def entry(self) -> VerifiedEntry:
        """For programs."""
        verification = self.verification
        if verification is None:
            return VerifiedEntry(file=self.file, outcome=self.outcome, faults=self.reason.splitlines())
        return VerifiedEntry(
            file=self.file,
            scenario=self.name,
            outcome=self.outcome,
            runs=verification.runs,
            rows=verification.rows,
            not_played=verification.not_played,
            difference=_difference(verification),
        )


def _left_out(verification: Verification) -> str:
    """How many replications were not played, and how to play them; '' where all were."""
    if not verification.not_played:
        return ""
    return f" ({MOST} of {MOST + verification.not_played} replications; --replications {MOST + verification.not_played} plays all)"


def _difference(verification: Verification) -> DifferenceFound | None:
    if verification.difference is None:
        return None
    return DifferenceFound(
        variant=verification.variant or "baseline",
        replication=verification.replication,
        item=verification.difference.item,
        visit=verification.difference.visit,
        column=verification.difference.column,
        values=dict(zip(verification.difference.engines, verification.difference.values, strict=True)),
    )


def document(files: Sequence[Verified]) -> dict[str, Any]:
    """The document of several scenarios."""
    return VerifyDocument(vssim=__version__, verified=[file.entry() for file in files]).model_dump(exclude_defaults=True)
