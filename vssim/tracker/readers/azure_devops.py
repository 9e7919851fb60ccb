"""Queries of Azure DevOps as CSV: Activated Date and Closed Date as the browser writes them, without a time zone."""

from __future__ import annotations

from vssim.language import said
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import Extract
from vssim.tracker.heads import plain
from vssim.tracker.readers.start_closed import moments, read_spans
from vssim.tracker.sources import Source

OPEN_STATES = ("New", "Active", "Committed", "Approved", "To Do", "Doing", "In Progress", "Proposed", "Open", "Design")
"""States of the standard Azure DevOps processes in which an item is not done."""


class AzureDevOps:
    """Reads queries of Azure DevOps."""

    kind = "azure devops"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its heads."""
        if not source.tabular:
            return None
        names = {plain(head) for head in source.heads}
        if {"id", "work item type", "state"} <= names:
            return 0.9, said("heads of an Azure DevOps query: ID, Work Item Type, State")
        return None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """Items with start and end. `Removed` means dropped; in an open state an item is open even with a closing date."""
        known = moments(source)
        if "closed" not in known or not {"created", "started"} & set(known):
            raise Refused(
                f"{source.path}: a query of Azure DevOps without dates; in its column options add Created Date, Activated Date and "
                "Closed Date"
            )
        return read_spans(source, decisions, known, OPEN_STATES)


READER = AzureDevOps()
