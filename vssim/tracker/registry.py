"""All readers of exports, and the choice of the one that fits a file."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, Protocol

from vssim import parts
from vssim.errors import UnknownName
from vssim.language import said
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import Extract
from vssim.tracker.sources import Source

OURS = (
    "own_moves",
    "cycle_time",
    "board",
    "start_closed",
    "azure_devops",
    "jira_changelog",
    "jira_issues",
    "trello",
    "github",
    "event_log",
    "xes",
    "refused",
)
"""The modules of the readers; each has one object named `READER`."""


class Reader(Protocol):
    """Reads one kind of export."""

    @property
    def kind(self) -> str:
        """The name of the kind in a reading."""

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """How likely the file is of this kind, from 0 to 1, and the evidence in words; None where it is not."""

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """The moves and items of the file."""


@cache
def readers() -> dict[str, Reader]:
    """All readers by kind; those of other packages are named by their entry points, which may not repeat a name.

    Raises UsageError for one of another package that is no reader, names it and its package.
    """
    ours: list[Reader] = [import_module(f"vssim.tracker.readers.{name}").READER for name in OURS]
    by_kind = {reader.kind: reader for reader in ours}
    return by_kind | parts.load("readers", _fault, by_kind)


def _fault(name: str, part: Any) -> str | None:
    """What was expected of a reader from another package; None where nothing is wrong."""
    methods = all(callable(getattr(part, method, None)) for method in ("recognise", "read"))
    if methods and getattr(part, "kind", None) == name:
        return None
    return f"an object with kind {name!r}, recognise(source) and read(source, decisions)"


def reader_for(source: Source, decisions: Decisions) -> Reader:
    """The reader of the kind that the reading names, otherwise the one that is most certain."""
    known = readers()
    given = decisions.given.get("kind")
    if given is not None:
        if given not in known:
            raise UnknownName("kind of export", str(given), known)
        decisions.settle("kind", given, said("as the reading says"))
        return known[given]
    candidates = [
        (sure, reader, why) for reader in known.values() if (answer := reader.recognise(source)) for sure, why in [answer]
    ]
    if not candidates:
        raise Refused(f"{source.path}: {_unknown(source)}")
    _, reader, why = max(candidates, key=lambda candidate: candidate[0])
    decisions.settle("kind", reader.kind, why)
    return reader


def _unknown(source: Source) -> str:
    if source.form in ("csv", "xlsx", "parquet"):
        heads = ", ".join(source.heads[:12])
        return (
            f"no kind of export that is known; its heads are {heads}. Needed: a number or key of the item, and dates: one a "
            "column of the board, or of start and end; or one row a move (item, at, from, to)"
        )
    known = "issues of Jira with changelog, a board of Trello, issues of GitHub, an event log (XES)"
    return f"{source.form.upper()} of no kind that is known: {known}"
