"""Jira issues with their changelog (REST JSON): a list, pages, one issue a line, or changelogs that were fetched separately.

Statuses are identified by their ids where there are any, so that a renamed status stays one status. An item's first status is the
one from which its first change led. A changelog with fewer histories than it says there are is refused: with some moves missing,
the times of every column would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from vssim.language import said
from vssim.tracker.dates import read_dates
from vssim.tracker.decisions import Decisions, Refused
from vssim.tracker.frames import Extract, as_items, as_moves, dropped, in_order
from vssim.tracker.heads import means_dropped
from vssim.tracker.people import tokens
from vssim.tracker.sources import ROW, Source

_LISTS = ("issues", "values", "")
"""The keys under which the REST API lists issues."""

_APART = ("changelogs", "issueChangeLogs")
"""The keys under which separately fetched changelogs are listed."""

FLAGGED = ("flagged", "flag", "impediment", "markiert")


@dataclass
class Rows:
    """The moves collected so far, column by column; times stay texts until all are known."""

    item: list[str] = field(default_factory=list)
    at: list[Any] = field(default_factory=list)
    origin: list[str | None] = field(default_factory=list)
    target: list[str | None] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    who: list[str | None] = field(default_factory=list)
    row: list[int] = field(default_factory=list)

    def add(self, item: str, at: Any, origin: str | None, target: str | None, kind: str, who: str | None, row: int) -> None:
        """Add one move."""
        self.item.append(item)
        self.at.append(at)
        self.origin.append(origin)
        self.target.append(target)
        self.kind.append(kind)
        self.who.append(who)
        self.row.append(row)


@dataclass
class Collected:
    """The content of a file before times are parsed and statuses have their names."""

    rows: Rows = field(default_factory=Rows)
    items: dict[str, list[Any]] = field(
        default_factory=lambda: {name: [] for name in ("item", "title", "type", "created", "parent", "tags", "size", "resolution")}
    )
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    """by status id: when it was last called so, and its name then"""
    done: set[str] = field(default_factory=set)
    """ids of statuses whose category is done"""
    cut: list[str] = field(default_factory=list)
    """issues whose changelog holds fewer histories than it says there are"""
    bare: int = 0
    """issues without any changelog"""
    ends: list[tuple[str, tuple[str, Any, str | None, None, str, None, int]]] = field(default_factory=list)
    """by resolution the move off the board that it means, in case it turns out to mean that the work will not be done"""
    again: list[int] = field(default_factory=list)
    unnamed: list[int] = field(default_factory=list)
    selves: int = 0
    """how many changes led from a status to itself"""


class JiraChangelog:
    """Reads Jira's issues with changelog."""

    kind = "jira changelog"

    def recognise(self, source: Source) -> tuple[float, str] | None:
        """The file is recognised by its first issue: a key, fields, a changelog."""
        if source.form != "json":
            return None
        for number, (_, value) in enumerate(source.elements()):
            if _is_issue(value):
                return 0.95, said("issues with key and fields, as Jira's REST API answers")
            if isinstance(value, dict) and any(
                isinstance(value.get(name), list) and value[name] and _is_issue(value[name][0]) for name in _LISTS
            ):
                return 0.95, said("pages of issues, as Jira's REST API answers")
            if number >= 20:
                break
        return None

    def read(self, source: Source, decisions: Decisions) -> Extract:
        """One move for each change of status, flag or resolution."""
        apart = _changelogs(source)
        collected = Collected()
        seen: set[str] = set()
        for number, issue in enumerate(_issues(source), 1):
            key = str(issue.get("key") or issue.get("id") or "")
            if not key:
                collected.unnamed.append(number)
                continue
            if key in seen:
                collected.again.append(number)
                continue
            seen.add(key)
            _collect(collected, number, key, issue, apart)
        return _extract(source, decisions, collected)


def _is_issue(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("fields"), dict) and ("key" in value or "id" in value)


def _issues(source: Source) -> Iterator[dict[str, Any]]:
    for name, value in source.elements():
        if name in _LISTS and _is_issue(value):
            yield value
        elif isinstance(value, dict) and name not in _APART:
            for inner in _LISTS:
                entries = value.get(inner)
                if isinstance(entries, list):
                    yield from (entry for entry in entries if _is_issue(entry))


def _changelogs(source: Source) -> dict[str, list[dict[str, Any]]]:
    """Separately fetched histories by the id or key of their issue."""
    by_item: dict[str, list[dict[str, Any]]] = {}
    if not any(f'"{name}"' in source.text for name in _APART):
        return by_item
    for name, value in source.elements():
        pages = (
            [value]
            if name in _APART
            else [entry for inner in _APART for entry in (value.get(inner) or ())]
            if isinstance(value, dict)
            else []
        )
        for page in pages:
            if not isinstance(page, dict):
                continue
            issue = page.get("issueId") or page.get("issueKey") or page.get("key") or page.get("id")
            if issue is not None:
                by_item.setdefault(str(issue), []).extend(_histories(page)[0])
            else:
                for key, histories in page.items():
                    by_item.setdefault(str(key), []).extend(_histories(histories)[0])
    return by_item


def _histories(changelog: Any) -> tuple[list[dict[str, Any]], int | None]:
    """The histories of a changelog in any of its forms, and how many there are in total, where it says so."""
    if isinstance(changelog, list):
        return [entry for entry in changelog if isinstance(entry, dict)], None
    if not isinstance(changelog, dict):
        return [], None
    for name in ("histories", "values", "changeHistories", "changelogs"):
        if isinstance(changelog.get(name), list):
            total = changelog.get("total")
            return [entry for entry in changelog[name] if isinstance(entry, dict)], total if isinstance(total, int) else None
    return [], None


def _collect(
    collected: Collected, number: int, key: str, issue: Mapping[str, Any], apart: Mapping[str, list[dict[str, Any]]]
) -> None:
    fields = issue["fields"]
    histories, total = _histories(issue.get("changelog"))
    more = apart.get(key, apart.get(str(issue.get("id"))))
    if more is not None:
        ids = {entry.get("id") for entry in histories if entry.get("id") is not None}
        histories = histories + [entry for entry in more if entry.get("id") is None or entry["id"] not in ids]
    elif "changelog" not in issue:
        collected.bare += 1
    if total is not None and len(histories) < total:
        collected.cut.append(f"{key} ({len(histories)} of {total})")
        return
    status = _mapping(fields.get("status"))
    now = _status(collected, status.get("id"), status.get("name"), "9999")
    if now and _mapping(status.get("statusCategory")).get("key") == "done":
        collected.done.add(now)
    created = fields.get("created")
    changes = _changes(collected, histories)
    first = next((origin for _, origin, _, kind, _ in changes if kind == "status"), now)
    collected.rows.add(key, created, None, first, "created", None, number)
    place = first
    for at, origin, target, kind, who in changes:
        if kind == "status":
            if origin == target:
                collected.selves += 1
                continue
            place = target
            collected.rows.add(key, at, origin, target, kind, who, number)
        else:
            collected.rows.add(key, at, place, place, kind, who, number)
    resolution = _mapping(fields.get("resolution")).get("name")
    when = fields.get("resolutiondate")
    if resolution is not None:
        collected.ends.append(
            (resolution, (key, when or (changes[-1][0] if changes else created), place, None, "resolved", None, number))
        )
    _attributes(collected.items, key, fields, created, resolution)


def _mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def _status(collected: Collected, number: Any, name: Any, at: str) -> str | None:
    """The id of a status (or its name, where it has no id); `collected` keeps the latest name of each id."""
    if number is None and name is None:
        return None
    known = str(number) if number is not None else f"={name}"
    if name is not None and at >= collected.names.get(known, ("", ""))[0]:
        collected.names[known] = (at, str(name))
    return known


def _changes(collected: Collected, histories: list[dict[str, Any]]) -> list[tuple[Any, str | None, str | None, str, str | None]]:
    """Changes of status and flag sorted by time: at, from, to, kind, who."""
    changes = []
    for history in histories:
        at = history.get("created")
        who = _author(history.get("author"))
        for change in history.get("items") or ():
            name = str(change.get("field") or "").casefold()
            if name == "status" or change.get("fieldId") == "status":
                stamp = str(at)
                origin = _status(collected, change.get("from"), change.get("fromString"), stamp)
                target = _status(collected, change.get("to"), change.get("toString"), stamp)
                changes.append((at, origin, target, "status", who))
            elif name in FLAGGED:
                was, now = bool(change.get("fromString")), bool(change.get("toString"))
                if was != now:
                    changes.append((at, None, None, "blocked" if now else "unblocked", who))
    # Changelogs come newest first or oldest first. Stamps with different offsets do not sort as texts, so `_sortable` decides.
    if len(changes) > 1:
        times = _sortable([change[0] for change in changes])
        if times != sorted(times):
            newest_first = times[0] > times[-1]
            changes = [changes[n] for n in sorted(range(len(changes)), key=lambda n: (times[n], -n if newest_first else n))]
    return changes


def _sortable(stamps: list[Any]) -> list[Any]:
    """Keys to sort stamps by: the texts where all have one form and one offset, else their moments."""
    first = stamps[0]
    if isinstance(first, str) and all(
        isinstance(stamp, str) and len(stamp) == len(first) and stamp[23:] == first[23:] for stamp in stamps
    ):
        return stamps
    keys: list[float] = []
    for stamp in stamps:
        if isinstance(stamp, int | float):
            keys.append(float(stamp) / (1000 if stamp > 1e11 else 1))
            continue
        text = str(stamp)
        try:
            keys.append(datetime.fromisoformat(text).timestamp())
        except ValueError:
            keys.append(0.0)
    return keys


def _author(author: Any) -> str | None:
    if not isinstance(author, dict):
        return None
    name = author.get("accountId") or author.get("key") or author.get("name") or author.get("displayName")
    return None if name is None else str(name)


def _attributes(items: dict[str, list[Any]], key: str, fields: Mapping[str, Any], created: Any, resolution: str | None) -> None:
    parent, kind = _mapping(fields.get("parent")), _mapping(fields.get("issuetype"))
    labels = fields.get("labels")
    points = fields.get("storyPoints", fields.get("customfield_10016"))
    items["item"].append(key)
    items["title"].append(fields.get("summary"))
    items["type"].append(kind.get("name"))
    items["created"].append(created)
    items["parent"].append(parent.get("key"))
    items["tags"].append([str(label) for label in labels] if isinstance(labels, list) else None)
    items["size"].append(float(points) if isinstance(points, int | float) and not isinstance(points, bool) else None)
    items["resolution"].append(resolution)


def _extract(source: Source, decisions: Decisions, collected: Collected) -> Extract:
    count = len(collected.items["item"]) + len(collected.cut)
    if collected.cut:
        cut = f"{len(collected.cut):,} of {count:,} issues hold fewer histories than there are: {', '.join(collected.cut[:3])}"
        how = 'the rest has pages of its own (/issue/KEY/changelog, or changelog/bulkfetch): add them as "changelogs"'
        raise Refused(f"{source.path}: {cut}; {how}")
    if collected.bare == count:
        raise Refused(f"{source.path}: {count:,} issues without changelog, so no moves; ask for them with expand=changelog")
    rows = collected.rows
    words = sorted({resolution for resolution, _ in collected.ends})
    gone = decisions.names(
        "dropped", [word for word in words if means_dropped(word)], said("resolutions that mean: will not be done")
    )
    for resolution, move in collected.ends:
        if resolution in gone:
            rows.add(*move)
    frame = pl.DataFrame(
        {
            "item": pl.Series(rows.item, dtype=pl.String),
            "at": pl.Series([None if at is None else str(at) for at in rows.at], dtype=pl.String),
            "from": pl.Series(rows.origin, dtype=pl.String),
            "to": pl.Series(rows.target, dtype=pl.String),
            "kind": pl.Series(rows.kind, dtype=pl.String),
            "who": pl.Series(rows.who, dtype=pl.String),
            ROW: pl.Series(rows.row, dtype=pl.Int64),
        }
    )
    dates = read_dates(frame, ["at"], decisions)
    names = {known: name for known, (_, name) in collected.names.items()}
    frame = frame.with_columns(
        dates.columns["at"].alias("at"),
        pl.col("from").replace_strict(names, default=None, return_dtype=pl.String),
        pl.col("to").replace_strict(names, default=None, return_dtype=pl.String),
        tokens(frame["who"]).alias("who"),
    )
    undated = frame.filter(pl.col("at").is_null())
    items = pl.DataFrame(
        {name: values for name, values in collected.items.items() if name != "tags"}, strict=False, infer_schema_length=None
    )
    items = items.with_columns(pl.Series("tags", collected.items["tags"], dtype=pl.List(pl.String)))
    started = read_dates(items.select(pl.col("created").cast(pl.String)), ["created"], decisions).columns["created"]
    items = items.with_columns(started.alias("created"), pl.col("resolution").is_in(gone).fill_null(value=False).alias("dropped"))
    done = tuple(sorted({names[known] for known in collected.done if known in names}))
    notes = []
    if collected.selves:
        notes.append(said("{count} changes of a status to itself are no moves", count=collected.selves))
    if collected.bare:
        notes.append(said("{bare} of {count} issues bear no changelog: taken as never moved", bare=collected.bare, count=count))
    renamed = len([1 for name in set(names.values()) if list(names.values()).count(name) > 1])
    if renamed:
        notes.append(said("{count} statuses have one name and several ids: taken as one", count=renamed))
    return Extract(
        moves=in_order(as_moves(frame.filter(pl.col("at").is_not_null()))),
        items=as_items(items),
        losses=() if dates.zoned else ("no zone",),
        dropped=(
            *dropped(said("no date of the change"), undated[ROW]),
            *dropped(said("the same issue once more"), collected.again),
            *dropped(said("an issue without key"), collected.unnamed),
        ),
        notes=(*source.notes, *notes),
        done=done,
        rows=count + len(collected.again) + len(collected.unnamed),
    )


READER = JiraChangelog()
