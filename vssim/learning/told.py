"""The team's answers, checked against the board, with the line of every fault."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vssim import yaml
from vssim.errors import Fault, ScenarioError, nearest
from vssim.model.values import is_number, number_of
from vssim.tracker import answers as sheets
from vssim.tracker.board import Board

MOST_OTHER = 0.9
"""The largest share of time for other things that is accepted [1]."""


@dataclass(frozen=True)
class Crew:
    """A team as the answers state it."""

    name: str
    people: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Limit:
    """A limit on a column, and its first day."""

    most: int
    since: dt.date | None = None


@dataclass(frozen=True)
class Told:
    """The answers; what nobody knows is None or missing."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    """by column: queue, work, waits for others, done"""
    crews: tuple[Crew, ...] = ()
    open_items: int | None = None
    """the number of items that a person has open at once"""
    other_work: tuple[float, float] | None = None
    """the lowest and highest share of people's time for other things [1]"""
    remembered: tuple[tuple[str, float], ...] = ()
    """items and their hands-on work [days]"""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    cadences: Mapping[str, float] = field(default_factory=dict)
    """by column the interval at which items leave it [working days]"""
    reorganised: dt.date | None = None


class _Sheet:
    """Answers with their places in the file, and their faults."""

    def __init__(self, content: Mapping[str, Any], file: str, node: yaml.Node | None) -> None:
        self.content, self.file, self.node = content, file, node
        self.faults: list[Fault] = []

    def fault(self, path: tuple[Any, ...], value: Any, wanted: str, near: str = "") -> None:
        """Add a fault."""
        line, column = self._place(path)
        said = "" if value is None else repr(value)[:60]
        self.faults.append(Fault(self.file, line, column, yaml.dotted(path), said, wanted, near))

    def _place(self, path: tuple[Any, ...]) -> tuple[int, int]:
        node, place = self.node, (0, 0)
        for key in path:
            if node is None:
                break
            if isinstance(node.value, dict) and key in node.value:
                place, node = node.keys.get(key, place), node.value[key]
            elif isinstance(node.value, list) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                place = node.line, node.column
            else:
                break
        return place

    def entries(self, key: str) -> Iterator[tuple[Any, Any]]:
        """Names and values of a mapping; nothing where it is missing, a fault where it is something else."""
        value = self.content.get(key)
        if isinstance(value, Mapping):
            yield from ((name, inner) for name, inner in value.items() if inner not in (None, sheets.UNKNOWN))
        elif value is not None:
            self.fault((key,), value, f"{sheets.KEYS[key][1]}; or {sheets.UNKNOWN}")


def read(path: Path) -> tuple[dict[str, Any], yaml.Node]:
    """The answers of a file without what nobody knows, and their places. Raises ScenarioError for faults of the sheet by itself."""
    content = sheets.load(path)
    node, _ = yaml.parse(yaml.read_text(path, sheets.ANSWERS), str(path), sheets.ANSWERS)
    return content, node


def told(content: Mapping[str, Any], board: Board, file: str = "answers", node: yaml.Node | None = None) -> Told:
    """The answers about this board. Raises ScenarioError with every fault at once."""
    sheet = _Sheet({key: value for key, value in content.items() if value not in (None, sheets.UNKNOWN)}, file, node)
    columns = board.stages.columns
    for key in sheet.content:
        if key not in sheets.KEYS:
            sheet.fault((key,), None, f"one of {', '.join(sheets.KEYS)}", nearest(str(key), sheets.KEYS))
    answers = Told(
        kinds=dict(_kinds(sheet, columns)),
        crews=tuple(_crews(sheet, columns)),
        open_items=_open_items(sheet),
        other_work=_other_work(sheet),
        remembered=tuple(_remembered(sheet, board)),
        limits=dict(_limits(sheet, columns)),
        cadences=dict(_cadences(sheet, columns)),
        reorganised=_date(sheet, ("last_reorganisation",), sheet.content.get("last_reorganisation")),
    )
    if sheet.faults:
        raise ScenarioError(sheet.faults)
    return answers


def _kinds(sheet: _Sheet, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, kind in sheet.entries("columns"):
        if _is_column(sheet, ("columns", name), name, columns):
            if kind in sheets.COLUMN_KINDS:
                yield name, kind
            else:
                near = nearest(str(kind), sheets.COLUMN_KINDS)
                sheet.fault(("columns", name), kind, f"{', '.join(sheets.COLUMN_KINDS)} or {sheets.UNKNOWN}", near)


def _crews(sheet: _Sheet, columns: tuple[str, ...]) -> Iterator[Crew]:
    for name, team in sheet.entries("teams"):
        place = ("teams", name)
        if not isinstance(team, Mapping) or set(team) - {"people", "columns"}:
            sheet.fault(place, team, "{people: 5, columns: [a, b]}")
            continue
        people: Any = team.get("people")
        where = team.get("columns")
        names = [where] if isinstance(where, str) else where
        if not is_number(people) or people != int(people) or not 1 <= people <= 10_000:
            sheet.fault((*place, "people"), people, "a whole number of people of at least 1")
        elif not isinstance(names, list) or not names:
            sheet.fault((*place, "columns"), where, "the columns in which this team works")
        elif _are_columns(sheet, (*place, "columns"), names, columns):
            yield Crew(re.sub(r"[.,=:@]", " ", str(name)).strip() or "team", int(people), tuple(map(str, names)))


def _open_items(sheet: _Sheet) -> int | None:
    value: Any = sheet.content.get("open_items_a_person")
    if value is None:
        return None
    if not is_number(value) or not 1 <= value <= 50:
        sheet.fault(("open_items_a_person",), value, "a number of items of at least 1")
        return None
    return max(1, round(float(value)))


def _other_work(sheet: _Sheet) -> tuple[float, float] | None:
    value = sheet.content.get("other_work")
    if value is None:
        return None
    parts = re.split(r"\.\.\.?|…", str(value)) if isinstance(value, str) else [value]
    shares = [number_of(part) for part in parts]
    known = [share for share in shares if share is not None]
    if len(known) != len(shares) or len(known) > 2 or known != sorted(known) or not 0 <= known[0] <= known[-1] <= MOST_OTHER:
        sheet.fault(("other_work",), value, "a share such as 30%, or a range such as 20%..40%")
        return None
    return known[0], known[-1]


def _remembered(sheet: _Sheet, board: Board) -> Iterator[tuple[str, float]]:
    value = sheet.content.get("remembered")
    if value is None:
        return
    form = "[{item: KEY-7, hands_on: 2.5}, …]: hands-on days of items that somebody remembers"
    if not isinstance(value, list):
        sheet.fault(("remembered",), value, form)
        return
    items = set(board.lives["item"].to_list())
    for number, entry in enumerate(value):
        place = ("remembered", number)
        if not isinstance(entry, Mapping) or set(entry) != {"item", "hands_on"}:
            sheet.fault(place, entry, form)
            continue
        item = str(entry["item"])
        days: Any = entry["hands_on"]
        if item not in items:
            sheet.fault((*place, "item"), item, "an item of these records", nearest(item, sorted(items)))
        elif not is_number(days) or not 0 < days <= 10_000:
            sheet.fault((*place, "hands_on"), days, "a number of days above 0")
        else:
            yield item, float(days)


def _limits(sheet: _Sheet, columns: tuple[str, ...]) -> Iterator[tuple[str, Limit]]:
    for name, value in sheet.entries("limits"):
        place = ("limits", name)
        entry = value if isinstance(value, Mapping) else {"limit": value}
        most: Any = entry.get("limit")
        if not _is_column(sheet, place, name, columns):
            continue
        if set(entry) - {"limit", "since"} or not is_number(most) or most != int(most) or most < 1:
            sheet.fault(place, value, "{limit: 4, since: 2025-01-13}")
        else:
            yield name, Limit(int(most), _date(sheet, (*place, "since"), entry.get("since")))


def _cadences(sheet: _Sheet, columns: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    for name, value in sheet.entries("cadences"):
        every: Any = value.get("every") if isinstance(value, Mapping) else value
        if not _is_column(sheet, ("cadences", name), name, columns):
            continue
        if not is_number(every) or not 0 < every <= 1_000:
            sheet.fault(("cadences", name), value, "{every: 10}, in working days")
        else:
            yield name, float(every)


def _is_column(sheet: _Sheet, place: tuple[Any, ...], name: Any, columns: tuple[str, ...]) -> bool:
    if name in columns:
        return True
    sheet.fault(place, name, "a column of the board", nearest(str(name), columns))
    return False


def _are_columns(sheet: _Sheet, place: tuple[Any, ...], names: list[Any], columns: tuple[str, ...]) -> bool:
    known = [_is_column(sheet, place, name, columns) for name in names]
    return all(known)


def _date(sheet: _Sheet, place: tuple[Any, ...], value: Any) -> dt.date | None:
    if value in (None, sheets.UNKNOWN):
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        sheet.fault(place, value, "a date such as 2025-01-13")
        return None
