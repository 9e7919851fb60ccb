"""Issues and pull requests of GitHub, REST or GraphQL: creation, closing, and starts as their timelines show them.

The time from creation to closing tells the age of a backlog, not how long work takes: so the reader asks what starts an item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import polars as pl

from vssim.language import said
from vssim.tracker import spans
from vssim.tracker.dates import read_dates
from vssim.tracker.decisions import Decisions, Question, Refused
from vssim.tracker.frames import MOVES, Extract, as_items, as_moves, dropped, in_order
from vssim.tracker.people import tokens
from vssim.tracker.readers.start_closed import read_spans
from vssim.tracker.sources import Source

FIRST = 20
"""How many elements of a file are examined to recognise it."""

CREATED, READY = "created", "ready for review"

_EVENTS = {
    "closedevent": "closed",
    "reopenedevent": "reopened",
    "labeledevent": "labeled",
    "readyforreviewevent": "ready_for_review",
    "mergedevent": "merged",
    "movedcolumnsinprojectevent": "moved_columns_in_project",
    "addedtoprojectevent": "added_to_project",
    "projectv2itemstatuschangedevent": "moved_columns_in_project",
}
"""Names of events in GraphQL, with those of the REST API."""


class GitHub:
    """Reads issues and pull requests of GitHub."""

    kind = "github"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by the keys of its first issues, or by its heads."""
        if source.form in ("csv", "xlsx"):
            names = {head.casefold() for head in source.heads}
            if {"number"} <= names and ({"created_at", "closed_at"} <= names or {"createdat", "closedat"} <= names):
                return 0.8, said("heads of GitHub: number, created at, closed at")
            return None
        if source.form != "json":
            return None
        first = islice(source.elements(), FIRST)
        issue = next((issue for _, value in first for issue in _within(value, 6)), None)
        return None if issue is None else (0.9, said("issues of GitHub: number, created at, closed at"))

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """Moves between open, started and closed, and back where the timeline says that an issue was reopened."""
        if source.form != "json":
            return self._table(source, decisions)
        issues = list(_issues(source))
        if not issues:
            raise Refused(f"{source.path}: no issue of GitHub with number, created_at and closed_at")
        start = _start(decisions, sorted({name for issue in issues for name in _starts(issue)}), str(source.path))
        rows: list[tuple[Any, ...]] = []
        seen: set[str] = set()
        again: list[int] = []
        for number, issue in enumerate(issues, 1):
            key = str(issue["number"])
            if key in seen:
                again.append(number)
                continue
            seen.add(key)
            rows += _moves(issue, start, number)
        frame = pl.DataFrame(rows, schema={**MOVES, "at": pl.String}, orient="row")
        dates = read_dates(frame, ["at"], decisions)
        frame = frame.with_columns(dates.columns["at"].alias("at"), tokens(frame["who"]).alias("who")).filter(
            pl.col("at").is_not_null()
        )
        columns = (spans.OPEN, spans.DONE) if start == CREATED else (spans.WAITING, spans.WORK, spans.DONE)
        decisions.names("columns", columns, said("started by: {start}", start=start))
        once = [issue for number, issue in enumerate(issues, 1) if number not in set(again)]
        return Extract(
            moves=in_order(as_moves(frame)),
            items=_items(once, decisions),
            losses=("no columns",),
            dropped=tuple(dropped(said("the same issue once more"), again)),
            notes=tuple(source.notes),
            columns=columns,
            done=(spans.DONE,),
            rows=len(issues),
        )

    @staticmethod
    def _table(source: Source, decisions: Decisions) -> Extract:
        created, closed = source.column("created_at", "createdAt"), source.column("closed_at", "closedAt")
        _start(decisions, [], str(source.path))
        return read_spans(source, decisions, {"id": str(source.column("number")), "created": str(created), "closed": str(closed)})


def _issues(source: Source) -> Iterator[dict[str, Any]]:
    """The issues and pull requests, at any depth of the API's answer."""
    for _, value in source.elements():
        yield from _within(value, 6)


def _within(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "number" in value and ("created_at" in value or "createdAt" in value):
            yield value
        elif depth:
            for inner in value.values():
                if isinstance(inner, dict | list):
                    yield from _within(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _within(inner, depth - 1)


def _first(entry: Mapping[str, Any], *names: str) -> Any:
    return next((entry[name] for name in names if entry.get(name) is not None), None)


def _timeline(issue: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events of an issue, oldest first: event, at, label, column, who."""
    timeline = issue.get("timelineItems") or issue.get("timeline") or issue.get("events") or []
    entries = (
        timeline.get("nodes") or [edge.get("node") for edge in timeline.get("edges") or ()]
        if isinstance(timeline, dict)
        else timeline
    )
    events = []
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        name = str(entry.get("event") or entry.get("__typename") or "").casefold()
        label = entry.get("label")
        events.append(
            {
                "event": _EVENTS.get(name, name),
                "at": _first(entry, "created_at", "createdAt"),
                "label": label.get("name") if isinstance(label, dict) else label,
                "column": _first(entry, "projectColumnName", "status") or (entry.get("project_card") or {}).get("column_name"),
                "who": (entry.get("actor") or {}).get("login"),
            }
        )
    return sorted((event for event in events if event["at"]), key=lambda event: str(event["at"]))


def _starts(issue: Mapping[str, Any]) -> Iterator[str]:
    """The events of its timeline that could count as its start."""
    for event in _timeline(issue):
        if event["event"] == "labeled" and event["label"]:
            yield f"label:{event['label']}"
        elif event["event"] in ("moved_columns_in_project", "added_to_project") and event["column"]:
            yield f"column:{event['column']}"
        elif event["event"] == "ready_for_review":
            yield READY


def _start(decisions: Decisions, offered: list[str], path: str) -> str:
    question = f"{path}: from created to closed is how old a backlog gets, not how long work takes: what starts an item?"
    if decisions.given.get("start") is None:
        raise Question("start", question, [*offered[:12], CREATED])
    return decisions.choose("start", None, "", [*offered, CREATED], question)


def _moves(issue: Mapping[str, Any], start: str, row: int) -> Iterator[tuple[Any, ...]]:
    key, created = str(issue["number"]), _first(issue, "created_at", "createdAt")
    waiting, place = spans.OPEN if start == CREATED else spans.WAITING, ""
    if start == READY and not (issue.get("draft") or issue.get("isDraft")) and READY not in _starts(issue):
        waiting = spans.WORK  # a pull request that never was a draft is ready when it is opened
    yield key, created, None, waiting, "created", None, row
    place = waiting
    closed = _first(issue, "closed_at", "closedAt")
    events = _timeline(issue)
    if not any(event["event"] == "closed" for event in events) and closed is not None:
        events.append({"event": "closed", "at": closed, "label": None, "column": None, "who": None})
        events.sort(key=lambda event: str(event["at"]))
    work = spans.OPEN if start == CREATED else spans.WORK
    for event in events:
        target = _target(event, start, place, work)
        if target is not None and target != place:
            yield key, event["at"], place, target, "status", event["who"], row
            place = target


def _target(event: Mapping[str, Any], start: str, place: str, work: str) -> str | None:
    """The column to which an event leads; None where it moves nothing."""
    kind = event["event"]
    if kind in ("closed", "merged"):
        return spans.DONE
    if kind == "reopened":
        return work
    begins = (
        (kind == "labeled" and start == f"label:{event['label']}")
        or (kind in ("moved_columns_in_project", "added_to_project") and start == f"column:{event['column']}")
        or (kind == "ready_for_review" and start == READY)
    )
    return work if begins and place != spans.DONE else None


def _items(issues: list[dict[str, Any]], decisions: Decisions) -> pl.DataFrame:
    reasons = [str(_first(issue, "state_reason", "stateReason") or "").casefold() for issue in issues]
    gone = decisions.names(
        "dropped", ["not_planned"] if "not_planned" in reasons else [], said("reasons that mean: will not be done")
    )
    created = pl.DataFrame({"created": [str(_first(issue, "created_at", "createdAt")) for issue in issues]})
    labels = [_labels(issue.get("labels")) for issue in issues]
    return as_items(
        pl.DataFrame(
            {
                "item": [str(issue["number"]) for issue in issues],
                "title": pl.Series([issue.get("title") for issue in issues], dtype=pl.String),
                "type": [
                    "pull request" if "pull_request" in issue or "mergedAt" in issue or "merged_at" in issue else "issue"
                    for issue in issues
                ],
                "created": read_dates(created, ["created"], decisions).columns["created"],
                "tags": pl.Series(labels, dtype=pl.List(pl.String)),
                "dropped": [reason in gone for reason in reasons],
            }
        )
    )


def _labels(labels: Any) -> list[str]:
    entries = labels.get("nodes") or [] if isinstance(labels, dict) else labels or []
    return [str(entry.get("name") if isinstance(entry, dict) else entry) for entry in entries]


READER = GitHub()
