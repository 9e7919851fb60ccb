"""Jira's list of issues as CSV. It has no history, so only creation and resolution are known, and the report says so."""

from __future__ import annotations

from dataclasses import replace

from vssim.language import said
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import Extract
from vssim.tracker.heads import plain
from vssim.tracker.readers.start_closed import moments, read_spans
from vssim.tracker.sources import Source

NO_COLUMNS = said(
    "this export of Jira holds no history, so no columns and no start: only from created to resolved; for the columns export the "
    "issues with their changelog (REST search with expand=changelog), or a board CSV of a flow-metrics app"
)


class JiraIssues:
    """Reads Jira's list of issues."""

    kind = "jira issues"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its heads, in any of the known languages."""
        if not source.tabular:
            return None
        names = {plain(head) for head in source.heads}
        keys = {"issue key", "vorgangsschlüssel", "clé", "clave", "課題キー", "キー"} & names
        known = moments(source)
        if not keys or "created" not in known or "started" in known:
            return None
        return 0.8, said("Jira's list of issues: an issue key, created, no dates of columns")

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """Items from creation to resolution."""
        known = moments(source)
        if "closed" not in known or "created" not in known:
            raise Refused(f"{source.path}: a list of Jira's issues without Created and Resolved; {NO_COLUMNS}")
        extract = read_spans(source, decisions, known)
        return replace(extract, notes=(NO_COLUMNS, *extract.notes))


READER = JiraIssues()
