"""The same history in every kind of export gives the same moves where nothing is lost, and the right flag where something is."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import vssim
from tests.support import trackers
from tests.support.trackers import COLUMNS, History, Move, moves_of
from vssim.tracker.events import waiting

EXACT: dict[str, Callable[[Sequence[History]], str]] = {
    "moves.csv": trackers.own_moves,
    "jira.json": trackers.jira,
    "pages.json": trackers.jira_newest_first,
    "apart.json": trackers.jira_apart,
    "trello.json": trackers.trello,
}
"""Writers of kinds that lose nothing."""


@some.composite
def histories(draw: Any, *, back: bool = True, finished: bool = False, whole_days: bool = False) -> list[History]:
    """Boards of a few items that pass four columns, skip some, and go back where they may."""
    found = []
    for number in range(draw(some.integers(1, 6))):
        at = trackers.BEGIN + dt.timedelta(days=draw(some.integers(0, 40)))
        place, entries = 0, [(COLUMNS[0], at)]
        for _ in range(draw(some.integers(0, 6))):
            choices = [other for other in range(len(COLUMNS)) if other != place and (back or other > place)]
            if not choices:
                break
            place = draw(some.sampled_from(choices))
            gap = dt.timedelta(days=draw(some.integers(1, 9)))
            at += gap if whole_days else gap + dt.timedelta(milliseconds=draw(some.integers(0, 10**7)))
            entries.append((COLUMNS[place], at))
        if finished and place != len(COLUMNS) - 1:
            entries.append((COLUMNS[-1], at + dt.timedelta(days=1)))
        found.append(History(f"A-{number + 1}", tuple(entries)))
    return found


def read(text: str, name: str, reading: dict[str, Any] | None = None) -> vssim.Board:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        return vssim.read(file, reading)


def moves(board: vssim.Board) -> list[Move]:
    names = dict(zip(board.items["item"].to_list(), board.items["title"].to_list(), strict=True)) if board.kind == "trello" else {}
    rows = board.moves.select("item", "at", "from", "to", "kind").rows()
    return sorted(((names.get(row[0], row[0]), *row[1:]) for row in rows), key=lambda move: (move[1], move[0]))


@pytest.mark.parametrize("name", EXACT)
@given(history=histories())
@settings(max_examples=25, deadline=None)
def test_what_loses_nothing_gives_the_same_moves(name: str, history: list[History]) -> None:
    board = read(EXACT[name](history), name)
    assert moves(board) == moves_of(history)
    assert board.losses == ()


@given(history=histories(finished=True))
@settings(max_examples=25, deadline=None)
def test_moves_that_are_written_are_read_again_as_they_are(history: list[History]) -> None:
    board = read(trackers.own_moves(history), "moves.csv")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("again.parquet", "again.csv"):
            file = Path(folder) / name
            board.moves.write_parquet(file) if name.endswith("parquet") else board.moves.write_csv(file)
            assert vssim.read(file).moves.drop("row").equals(board.moves.drop("row"))


@pytest.mark.parametrize(("writer", "name"), [(trackers.event_log, "log.csv"), (trackers.xes, "log.xes")])
@given(history=histories(finished=True))
@settings(max_examples=25, deadline=None)
def test_an_event_log_with_starts_gives_the_same_moves(
    writer: Callable[[Sequence[History]], str], name: str, history: list[History]
) -> None:
    board = read(writer(history), name)
    assert moves(board) == moves_of(history)
    assert board.losses == ()
    assert not any(column.startswith(waiting("")) for column in board.stages.columns)


def by_day(history: Sequence[History]) -> list[tuple[Any, ...]]:
    return [(item, at.date(), origin, to, kind) for item, at, origin, to, kind in moves_of(history)]


@given(history=histories(back=False, whole_days=True))
@settings(max_examples=25, deadline=None)
def test_a_board_of_first_entries_gives_the_same_days_where_nothing_goes_back(history: list[History]) -> None:
    board = read(trackers.board(history), "board.csv", {"convention": "first"})
    assert [(item, at.date(), *rest) for item, at, *rest in moves(board)] == by_day(history)
    assert set(board.losses) == {"first entries only", "days only"}


def test_a_board_of_first_entries_does_not_see_that_an_item_went_back_and_says_so() -> None:
    day = dt.timedelta(days=1)
    entries = [
        (name, trackers.BEGIN + number * day) for number, name in enumerate(("Backlog", "Build", "Test", "Build", "Test", "Done"))
    ]
    board = read(trackers.board([History("A-1", tuple(entries)), History("A-2", (entries[0], entries[2]))]), "board.csv")
    assert "first entries only" in board.losses
    assert [row[3] for row in moves(board) if row[0] == "A-1"] == ["Backlog", "Build", "Test", "Done"]
    assert any("returns" in line for line in board.report().can_tell()[1])


def test_a_board_of_last_entries_with_blanks_filled_is_told_and_skips_are_taken_back() -> None:
    day = dt.timedelta(days=3)
    skips = History("A-1", (("Backlog", trackers.BEGIN), ("Test", trackers.BEGIN + day), ("Done", trackers.BEGIN + 2 * day)))
    passes = History("A-2", tuple((name, trackers.BEGIN + number * day) for number, name in enumerate(COLUMNS)))
    board = read(trackers.board([skips, passes], last=True), "board.csv")
    assert set(board.losses) == {"last entries only", "blanks filled", "days only"}
    assert [row[3] for row in moves(board) if row[0] == "A-1"] == ["Backlog", "Test", "Done"]
    assert any("skips" in line for line in board.report().can_tell()[1])


@given(history=histories(back=False))
@settings(max_examples=25, deadline=None)
def test_start_and_end_give_the_same_ends_in_any_delimiter_and_form(history: list[History]) -> None:
    plain = read(trackers.start_closed(history), "spans.csv")
    other = read(trackers.start_closed(history, ";", "%d.%m.%Y %H:%M:%S"), "spans.csv")
    assert "no columns" in plain.losses
    assert "no zone" in plain.losses
    assert moves(plain) == moves(other)
    ends = {
        history_.item: history_.entries[-1][1].replace(microsecond=0) for history_ in history if history_.entries[-1][0] == "Done"
    }
    assert dict(plain.lives.drop_nulls("done").select("item", "done").rows()) == ends


@given(history=histories(finished=True))
@settings(max_examples=15, deadline=None)
def test_an_event_log_with_ends_only_has_every_end_and_says_what_is_missing(history: list[History]) -> None:
    rows = [(case, activity, end.isoformat()) for case, activity, _, end in trackers.events(history)]
    board = read(trackers.as_csv(("case_id", "activity", "end_time"), rows), "log.csv")
    assert "ends only" in board.losses
    done = {item.item: max(end for case, _, _, end in trackers.events([item]) if case == item.item) for item in history}
    assert dict(board.lives.drop_nulls("done").select("item", "done").rows()) == done


def test_activities_side_by_side_are_followed_along_the_path_that_the_end_waited_for() -> None:
    rows = [
        ("1", "order", "2024-01-01T08:00:00Z", "2024-01-01T09:00:00Z"),
        ("1", "check", "2024-01-01T09:00:00Z", "2024-01-01T10:00:00Z"),
        ("1", "pack", "2024-01-01T09:30:00Z", "2024-01-01T12:00:00Z"),
        ("1", "send", "2024-01-01T13:00:00Z", "2024-01-01T14:00:00Z"),
    ]
    board = read(trackers.as_csv(("case_id", "activity", "start_time", "end_time"), rows), "log.csv")
    assert board.moves["to"].to_list() == ["order", "waiting for pack", "pack", "waiting for send", "send", "Done"]
    assert "side paths" in board.losses
    assert any("1 of 4 events of 1 cases ran beside others" in note for note in board.notes)


def test_a_board_of_trello_that_was_cut_off_says_so_and_gives_no_times_from_before() -> None:
    day = dt.timedelta(days=1)
    items = [History(f"A-{n}", tuple((name, trackers.BEGIN + (n + k) * day) for k, name in enumerate(COLUMNS))) for n in range(3)]
    board = read(trackers.trello(items, most=5), "trello.json")
    assert "truncated" in board.losses
    assert any("made before the oldest action" in note for note in board.notes)
    first = board.moves["at"].min()
    assert board.stays["entered"].min() >= first  # type: ignore[operator]


def test_cards_of_trello_bear_the_time_of_their_making_in_their_id() -> None:
    item = History("A-1", tuple((name, trackers.BEGIN + n * dt.timedelta(days=1)) for n, name in enumerate(COLUMNS)))
    assert read(trackers.trello([item]), "trello.json").items["created"].to_list() == [trackers.BEGIN]


GITHUB = """[{"number": 1, "title": "a", "created_at": "2024-01-01T08:00:00Z", "closed_at": "2024-01-09T08:00:00Z", "labels": [],
  "timelineItems": {"nodes": [
    {"__typename": "LabeledEvent", "createdAt": "2024-01-03T08:00:00Z", "label": {"name": "doing"}},
    {"__typename": "ClosedEvent", "createdAt": "2024-01-05T08:00:00Z"},
    {"__typename": "ReopenedEvent", "createdAt": "2024-01-06T08:00:00Z"},
    {"__typename": "ClosedEvent", "createdAt": "2024-01-09T08:00:00Z"}]}}]"""


def test_an_issue_of_github_starts_with_what_the_reading_names_and_may_be_reopened() -> None:
    board = read(GITHUB, "issues.json", {"start": "label:doing"})
    assert board.moves["to"].to_list() == ["Backlog", "In progress", "Done", "In progress", "Done"]
    assert board.lives["since_start"].to_list() == [4.0]


def test_what_starts_an_issue_of_github_is_asked() -> None:
    with pytest.raises(vssim.UsageError, match=r"what starts an item\? \(label:doing or created\)"):
        read(GITHUB, "issues.json")


def test_a_run_that_is_exported_as_moves_is_read_again_without_loss(tmp_path: Path) -> None:
    from vssim.calendar import Calendar
    from vssim.views import exports, tables

    scenario = vssim.load("silos", {"start": "2026-01-05", "run.horizon": 60, "run.warmup": 0})
    run = vssim.simulate(scenario)
    table = exports.table(run.log, "moves", Calendar(dt.date(2026, 1, 5), "day", 8.0))
    for name in ("moves.csv", "moves.parquet"):
        tables.write(table, tmp_path / name)
        board = vssim.read(tmp_path / name)
        assert board.moves.drop("row").equals(table)
        assert board.losses == ()
        assert board.report().accounts.exact
