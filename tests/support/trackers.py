"""Histories of boards, and writers of them in every kind of export that is read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

UTC = dt.UTC
BEGIN = dt.datetime(2024, 1, 1, 8, tzinfo=UTC)
COLUMNS = ("Backlog", "Build", "Test", "Done")

Move = tuple[str, dt.datetime, str | None, str | None, str]


@dataclass(frozen=True)
class History:
    """One item: the columns that it entered and when, the first one on its creation."""

    item: str
    entries: tuple[tuple[str, dt.datetime], ...]

    def moves(self) -> list[Move]:
        """Its moves: item, at, from, to, kind."""
        found: list[Move] = []
        before: str | None = None
        for column, at in self.entries:
            found.append((self.item, at, before, column, "created" if before is None else "status"))
            before = column
        return found


def moves_of(histories: Sequence[History]) -> list[Move]:
    """All moves by time; those of one instant by item."""
    return sorted((move for history in histories for move in history.moves()), key=lambda move: (move[1], move[0]))


def stamp(at: dt.datetime) -> str:
    """As Jira writes it, to the millisecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}" + at.strftime("%z")


def as_csv(head: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    """A table as CSV."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return stream.getvalue()


def own_moves(histories: Sequence[History]) -> str:
    """vssim's table of moves."""
    rows = [
        (item, at.strftime("%Y-%m-%dT%H:%M:%S.%f"), origin, to, kind, None) for item, at, origin, to, kind in moves_of(histories)
    ]
    return as_csv(("item", "at", "from", "to", "kind", "who"), rows)


def jira_issue(history: History) -> dict[str, Any]:
    """An issue with its changelog."""
    changes = [
        {
            "id": f"{history.item}-{number}",
            "created": stamp(at),
            "author": {"accountId": "abc", "displayName": "Ada Lovelace"},
            "items": [{"field": "status", "fromString": origin, "toString": to}],
        }
        for number, (_, at, origin, to, kind) in enumerate(history.moves())
        if kind == "status"
    ]
    return {
        "key": history.item,
        "fields": {
            "summary": f"Title of {history.item}",
            "issuetype": {"name": "Story"},
            "created": stamp(history.entries[0][1]),
            "status": {"name": history.entries[-1][0]},
        },
        "changelog": {"total": len(changes), "histories": changes},
    }


def jira(histories: Sequence[History]) -> str:
    """Jira's answer to a search with its changelog."""
    return json.dumps({"startAt": 0, "total": len(histories), "issues": [jira_issue(history) for history in histories]})


def jira_newest_first(histories: Sequence[History]) -> str:
    """Pages of issues, their histories newest first."""
    issues = [jira_issue(history) for history in histories]
    for issue in issues:
        issue["changelog"]["histories"].reverse()
    return json.dumps([{"issues": issues[:1]}, {"issues": issues[1:]}])


def jira_apart(histories: Sequence[History]) -> str:
    """Issues, and their changelogs fetched apart."""
    issues = [jira_issue(history) for history in histories]
    logs = {issue["key"]: issue.pop("changelog")["histories"] for issue in issues}
    return json.dumps({"issues": issues, "changelogs": logs})


def trello_id(at: dt.datetime, number: int) -> str:
    """A card's id: its making in seconds, then anything."""
    return f"{int(at.timestamp()):08x}{number:016x}"


def trello(histories: Sequence[History], most: int = 1_000) -> str:
    """A board of Trello: the newest actions first, at most so many."""
    lists = {name: f"list{number}" for number, name in enumerate(COLUMNS)}
    actions, cards = [], []
    for number, history in enumerate(histories):
        card = trello_id(history.entries[0][1], number)
        cards.append(
            {
                "id": card,
                "name": history.item,
                "idList": lists[history.entries[-1][0]],
                "idBoard": "b",
                "closed": False,
                "labels": [],
            }
        )
        for _, at, origin, to, kind in history.moves():
            data: dict[str, Any] = {"card": {"id": card}}
            if kind == "created":
                data["list"] = {"id": lists[str(to)], "name": to}
            else:
                data |= {"listBefore": {"id": lists[str(origin)], "name": origin}, "listAfter": {"id": lists[str(to)], "name": to}}
            date = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
            actions.append(
                {"type": "createCard" if kind == "created" else "updateCard", "date": date, "data": data, "idMemberCreator": "m1"}
            )
    actions.sort(key=lambda action: str(action["date"]))
    return json.dumps(
        {
            "id": "b",
            "lists": [
                {"id": code, "name": name, "pos": number, "idBoard": "b"} for number, (name, code) in enumerate(lists.items())
            ],
            "cards": cards,
            "actions": actions[::-1][:most],
        }
    )


def events(histories: Sequence[History]) -> list[tuple[str, str, dt.datetime, dt.datetime]]:
    """Event log rows of stays: case, activity, start, end; the last column is only when they ended."""
    found = []
    for history in histories:
        for (column, begin), (_, end) in zip(history.entries, history.entries[1:], strict=False):
            found.append((history.item, column, begin, end))
    return sorted(found, key=lambda row: (row[3], row[0]))


def event_log(histories: Sequence[History]) -> str:
    """An event log with starts."""
    rows = [(case, activity, begin.isoformat(), end.isoformat(), "Ada") for case, activity, begin, end in events(histories)]
    return as_csv(("case_id", "activity", "start_time", "end_time", "resource"), rows)


def xes(histories: Sequence[History]) -> str:
    """The same as XES, with start and complete."""
    traces = []
    for history in histories:
        lines = [f'<trace><string key="concept:name" value={quoteattr(history.item)}/>']
        for _, activity, begin, end in events([history]):
            for step, at in (("start", begin), ("complete", end)):
                name = f'<string key="concept:name" value={quoteattr(activity)}/>'
                what = f'<string key="lifecycle:transition" value="{step}"/><date key="time:timestamp" value="{at.isoformat()}"/>'
                lines.append(f"<event>{name}{what}</event>")
        traces.append("".join([*lines, "</trace>"]))
    return '<?xml version="1.0" encoding="UTF-8"?>\n<log xmlns="http://www.xes-standard.org/">' + "".join(traces) + "</log>"


def board(histories: Sequence[History], *, last: bool = False) -> str:
    """A board of dates: first entries with blanks, or last entries with blanks filled from the right."""
    rows = []
    for history in histories:
        dates: dict[str, dt.date] = {}
        for column, at in history.entries:
            if last:
                # An item that went back has never been in the later columns.
                dates = {name: day for name, day in dates.items() if COLUMNS.index(name) < COLUMNS.index(column)}
            dates.setdefault(column, at.date())
        cells: list[Any] = [dates.get(column) for column in COLUMNS]
        if last:
            for place in range(len(cells) - 2, -1, -1):
                cells[place] = cells[place] or cells[place + 1]
        rows.append([history.item, "", f"Title, of {history.item}", *cells, "Story"])
    return as_csv(("ID", "Link", "Title", *COLUMNS, "Type"), rows)


def start_closed(histories: Sequence[History], delimiter: str = ",", form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Created, started (left the backlog), closed."""
    rows = []
    for history in histories:
        closed = history.entries[-1][1] if history.entries[-1][0] == "Done" else None
        started = next((at for column, at in history.entries if column not in ("Backlog", "Done")), None)
        moments = (history.entries[0][1], started, closed)
        rows.append([history.item, *(None if at is None else at.strftime(form) for at in moments)])
    return as_csv(("ID", "Created Date", "Start Date", "Closed Date"), rows, delimiter)
