"""What is no export, or a damaged one, is one sentence and never a wrong number."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import vssim
from tests.support import trackers
from vssim.errors import ScenarioError, UsageError, VssimError
from vssim.tracker.decisions import Question, Refused

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(text: str | bytes, name: str = "export.csv") -> Path:
        file = tmp_path / name
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    return write


SPANS = "ID,Start Date,Closed Date\n"
GOOD = SPANS + "".join(f"A-{n},2024-01-{n:02},2024-02-{n:02}\n" for n in range(1, 20))


def one_sentence(file: Path) -> str:
    with pytest.raises(VssimError) as refused:
        vssim.read(file)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "ID,StartedDate,ClosedDate\nA-1,{w-145},{w-132}\nA-2,{w-144},{w-131}\n",
            r"2 of 2 cells hold placeholders such as {w-145}",
        ),
        ("Date,To do,Doing,Done\n2024-01-01,3,2,1\n2024-01-02,3,2,2\n", "counts of items a day (a cumulative flow diagram)"),
        ("ID,Title,State\n1,a,Done\n2,b,New\n", "no dates at all"),
        ("", "the file is empty"),
        ("   \n", "the file is empty"),
        ("x,y\n1,2\n", "no kind of export that is known; its heads are x, y"),
        ("<!DOCTYPE html><html><body>Log in</body></html>", "a web page, not an export"),
        (
            "ID,Work Item Type,Title,State\n1,Bug,a,Closed\n",
            "in its column options add Created Date, Activated Date and Closed Date",
        ),
        ("Issue key,Issue Type,Status,Updated\nA-1,Bug,Done,\n", "export the dates at which items were started and closed"),
    ],
)
def test_what_is_no_export_is_told_what_it_is(put: Put, text: str, said: str) -> None:
    assert said in one_sentence(put(text))


def test_a_card_of_trello_is_not_a_board(put: Put) -> None:
    card = {"id": "65a1b2c3d4e5f60718293a4b", "idBoard": "b", "idList": "l", "name": "x", "actions": []}
    assert "one card of Trello, not a board" in one_sentence(put(json.dumps(card), "card.json"))


def test_a_changelog_that_is_cut_off_is_refused_with_the_issues(put: Put) -> None:
    issue = trackers.jira_issue(trackers.History("A-1", (("Backlog", trackers.BEGIN), ("Build", trackers.BEGIN))))
    issue["changelog"]["total"] = 120
    said = one_sentence(put(json.dumps([issue]), "issues.json"))
    assert "1 of 1 issues hold fewer histories than there are: A-1 (1 of 120)" in said
    assert "/issue/KEY/changelog" in said


def test_issues_without_changelog_name_what_to_ask_for(put: Put) -> None:
    issue = trackers.jira_issue(trackers.History("A-1", (("Backlog", trackers.BEGIN),)))
    del issue["changelog"]
    assert "expand=changelog" in one_sentence(put(json.dumps([issue]), "issues.json"))


def test_json_that_is_cut_off_says_where(put: Put) -> None:
    text = json.dumps([trackers.jira_issue(trackers.History(f"A-{n}", (("Backlog", trackers.BEGIN),))) for n in range(3)])
    assert "export.json:1:" in one_sentence(put(text[:-60], "export.json"))


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(put: Put, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    assert "a trap, not a table" in one_sentence(tmp_path / "bomb.xlsx")


@pytest.mark.parametrize(
    ("content", "said"), [(b"PK\x03\x04nothing", "cannot be unpacked"), (b"\xd0\xcf\x11\xe0old", "neither CSV, XLSX")]
)
def test_what_only_begins_like_a_workbook_is_refused(put: Put, content: bytes, said: str) -> None:
    assert said in one_sentence(put(content, "book.xlsx"))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some.xlsx", "w") as archive:
        archive.writestr("export.csv", GOOD)
    assert "a ZIP archive, not a workbook" in one_sentence(tmp_path / "some.xlsx")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    '<log><trace><string key="concept:name" value="&b;"/></trace></log>'
)


def test_entities_in_xes_are_refused(put: Put) -> None:
    assert "declares entities or a document type" in one_sentence(put(BOMB, "log.xes"))


def test_xes_that_is_cut_off_is_refused(put: Put) -> None:
    assert "not valid XML" in one_sentence(put("<log><trace>", "log.xes"))


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert "there is no such file" in one_sentence(tmp_path / "none.csv")
    assert "is a folder" in one_sentence(tmp_path)


@pytest.mark.parametrize(
    ("cell", "said"), [("1970-01-01", "the beginning of computers' time"), ("55385-03-01", "milliseconds were taken for seconds")]
)
def test_dates_of_nobody_count_as_empty_and_are_said(put: Put, cell: str, said: str) -> None:
    board = vssim.read(put(GOOD + f"A-99,2024-01-05,{cell}\n"))
    assert board.lives.filter(board.lives["item"] == "A-99")["done"].to_list() == [None]
    assert any(said in lost.why and lost.count == 1 and lost.rows == (21,) for lost in board.dropped)


def test_items_closed_a_day_before_they_began_are_delivered_for_no_time_and_it_is_said(put: Put) -> None:
    rows = "".join(f"B-{n},2024-03-{n + 1:02},2024-03-{n:02}\n" for n in range(1, 13))
    board = vssim.read(put(GOOD + rows))
    assert board.report().totals.done == 31
    assert board.report().totals.since_start.n == 19
    assert any("12 of 31 items (39 %) were closed before they began, 12 of them by exactly one day" in note for note in board.notes)
    (check,) = [check for check in board.report().checks if check.name == "rows out of order"]
    assert (check.verdict, check.found) == ("fails", "38.7 %")


def test_everything_on_one_day_gives_no_rate(put: Put) -> None:
    text = SPANS + "".join(f"A-{n},2024-01-02 08:00,2024-01-02 1{n}:00\n" for n in range(5))
    board = vssim.read(put(text))
    assert any("everything happened on one day, 2024-01-02" in line for line in board.report().sentences())
    assert len(board.report().weeks) == 0


def test_duplicated_rows_count_once(put: Put) -> None:
    board = vssim.read(put(GOOD + "A-1,2024-01-01,2024-02-01\nA-2,2024-01-02,2024-02-20\n"))
    assert board.items.height == 19
    assert board.report().totals.done == 19
    assert {(lost.why.split(" (")[0], lost.count) for lost in board.dropped} == {
        ("the same row once more", 1),
        ("another row of an item that comes again further down", 1),
    }
    assert board.lives.filter(board.lives["item"] == "A-2")["done"].to_list()[0].day == 20


def test_an_unquoted_delimiter_in_a_title_drops_the_row_and_never_shifts_a_date(put: Put) -> None:
    board = vssim.read(
        put("ID,Name,Build,Test,Done\nA-1,one,2024-01-01,2024-01-02,2024-01-03\nA-2,a, b,2024-01-01,2024-01-02,2024-01-03\n")
    )
    assert board.items["item"].to_list() == ["A-1"]
    assert any("more cells than the head has" in lost.why and lost.rows == (3,) for lost in board.dropped)


def test_formulas_are_links_or_dropped(put: Put) -> None:
    text = 'ID,Start Date,Closed Date\n"=HYPERLINK(""https://x/A-1"",""A-1"")",2024-01-01,2024-02-01\nA-2,=B2+1,2024-02-01\n'
    board = vssim.read(put(text))
    assert board.items["item"].to_list() == ["A-1"]
    assert any("a formula in place of its result" in lost.why for lost in board.dropped)


def test_a_column_that_nobody_entered_is_said(put: Put) -> None:
    board = vssim.read(put("ID,Name,Build,Review,Done\nA-1,a,2024-01-01,,2024-01-03\nA-2,b,2024-01-02,,2024-01-05\n"))
    assert "nobody ever entered Review" in board.notes
    assert board.stages.columns == ("Build", "Done")


def test_columns_in_alphabetical_order_are_put_in_the_order_of_their_dates(put: Put) -> None:
    rows = "".join(f"A-{n},x,2024-01-{n:02},2024-03-{n:02},2024-02-{n:02}\n" for n in range(1, 9))
    board = vssim.read(put("ID,Name,Build,Done,Test\n" + rows))
    assert board.stages.columns == ("Build", "Test", "Done")
    assert "8 of 24 pairs of dates run backwards" in board.decisions["columns"].why


def test_statuses_that_the_reading_does_not_name_are_listed_with_counts(put: Put) -> None:
    day = dt.timedelta(days=1)
    item = trackers.History(
        "A-1", tuple((name, trackers.BEGIN + n * day) for n, name in enumerate(("Backlog", "Build", "Hold", "Build", "Done")))
    )
    file = put(trackers.own_moves([item]))
    board = vssim.read(file, {"columns": ["Backlog", "Build", "Done"]})
    assert board.stages.unknown == {"Hold": 1}
    assert any("does not name: Hold (1)" in line for line in board.report().sentences())
    again = vssim.read(file, {"columns": ["Backlog", "Build", "Done"], "same": {"Hold": "Build"}})
    assert again.stages.unknown == {}
    assert again.moves["to"].to_list() == ["Backlog", "Build", "Done"]


def test_two_conventions_in_one_file_are_said(put: Put) -> None:
    rows = "A-1,a,2024-01-01,,2024-01-04\nA-2,b,2024-01-02,2024-01-05,2024-01-05\n"
    assert any("two conventions in one file" in note for note in vssim.read(put("ID,Name,Build,Test,Done\n" + rows)).notes)


def test_every_unknown_key_of_a_reading_is_a_fault_with_its_line(put: Put) -> None:
    reading = put("kind: board\nzoen: UTC\ncolums: [a]\n", "r.yaml")
    with pytest.raises(ScenarioError) as wrong:
        vssim.read(put(GOOD), reading)
    assert [(fault.line, fault.nearest) for fault in wrong.value.faults] == [(2, "zone"), (3, "columns")]


def test_every_fault_of_a_calendar_is_named(put: Put) -> None:
    calendar = {"working_days": ["Mon", "Tusday"], "hours": ["17:00-09:00"], "holidays": ["someday"], "zone": "Nowhere/At"}
    with pytest.raises(ScenarioError) as wrong:
        vssim.read(put(GOOD), {"calendar": calendar | {"working_days": ["Mon", "Xyz"]}})
    assert [fault.path for fault in wrong.value.faults] == [
        "calendar.working_days",
        "calendar.hours",
        "calendar.holidays",
        "calendar.zone",
    ]


@pytest.mark.parametrize(
    ("calendar", "value", "near"),
    [
        ({"working_days": ["Mon", "Wednesday", "Xyz"]}, "'Wednesday'", "Wed"),
        ({"working_days": []}, "[]", ""),
        ({"hours": "09:00-11:75"}, "'09:00-11:75'", ""),
        ({"hours": ["13:00-17:00", "09:00-12:00"]}, "'09:00-12:00'", ""),
        ({"zone": "Europe/Berln"}, "'Europe/Berln'", "Europe/Berlin"),
    ],
)
def test_a_calendar_of_a_reading_is_refused_as_that_of_a_scenario_is(
    put: Put, calendar: dict[str, Any], value: str, near: str
) -> None:
    with pytest.raises(ScenarioError) as wrong:
        vssim.read(put(GOOD), {"calendar": calendar})
    with pytest.raises(ScenarioError) as refused:
        vssim.loads({"start": "2026-06-15", "calendar": calendar, "demand": {"a": 1}, "steps": {"do": 1}, "teams": {"do": 1}})
    one = wrong.value.faults[0]
    (other,) = [fault for fault in refused.value.faults if fault.path.startswith("calendar")]
    assert (one.path, one.value, one.nearest) == (other.path, value, near)
    assert (one.expected, one.nearest) == (other.expected, other.nearest)


def test_a_kind_that_is_not_known_has_its_nearest(put: Put) -> None:
    with pytest.raises(UsageError, match="did you mean 'trello'"):
        vssim.read(put(GOOD), {"kind": "trelo"})


def test_dates_that_could_be_either_way_round_are_asked(put: Put) -> None:
    with pytest.raises(Question):
        vssim.read(put(SPANS + "A-1,1/2/2024,3/4/2024\n"))
    with pytest.raises(Refused, match="two forms"):
        vssim.read(put(SPANS + "A-1,13/2/2024,2/13/2024\n"))


TWINS: dict[str, Callable[[str], str | bytes]] = {
    "a byte order mark": lambda text: "\ufeff" + text,
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "semicolons": lambda text: text.replace(",", ";"),
    "tabs": lambda text: text.replace(",", "\t"),
    "a line for Excel": lambda text: "sep=,\n" + text,
    "quotes": lambda text: "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()) + "\n",
    "rows the other way round": lambda text: "\n".join([text.splitlines()[0], *text.splitlines()[:0:-1]]),
    "empty lines": lambda text: text.replace("\n", "\n\n"),
    "heads in Japanese": lambda text: text.replace("ID,Start Date,Closed Date", "キー,開始日,完了日"),
    "heads in German": lambda text: text.replace("ID,Start Date,Closed Date", "Schlüssel,Begonnen,Erledigt"),
    "columns the other way round": lambda text: "\n".join(",".join(line.split(",")[::-1]) for line in text.splitlines()),
    "utf-16": lambda text: text.encode("utf-16"),
    "days with points": lambda text: re.sub(r"(\d{4})-(\d{2})-(\d{2})", r"\3.\2.\1", text),
}


@pytest.mark.parametrize("quirk", TWINS)
def test_a_quirk_of_the_file_changes_no_move(put: Put, quirk: str) -> None:
    plain = vssim.read(put(GOOD, "plain.csv"))
    other = vssim.read(put(TWINS[quirk](GOOD), "quirk.csv"))
    names = ["item", "at", "from", "to", "kind"]
    assert other.moves.select(names).sort("at", "item").equals(plain.moves.select(names).sort("at", "item"))


def test_decimal_commas_and_windows_letters_are_read(put: Put) -> None:
    text = "Schlüssel;Titel;Begonnen;Erledigt;Story Points\nA-1;Prüfung;2024-01-02;2024-01-05;2,5\n"
    board = vssim.read(put(text.encode("cp1252")))
    assert board.items.select("title", "size").rows() == [("Prüfung", 2.5)]


def test_a_workbook_gives_the_same_moves_as_its_csv(put: Put, tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    sheet, form = book.add_worksheet("Data"), book.add_format({"num_format": "yyyy-mm-dd"})
    for row, line in enumerate(GOOD.splitlines()):
        for column, cell in enumerate(line.split(",")):
            if row and column:
                sheet.write_datetime(row, column, dt.datetime.fromisoformat(cell), form)
            else:
                sheet.write_string(row, column, cell)
    book.close()
    assert vssim.read(tmp_path / "book.xlsx").moves.equals(vssim.read(put(GOOD)).moves)


def test_an_open_state_of_azure_devops_beats_a_date_of_closing_and_removed_is_dropped(put: Put) -> None:
    text = (
        "\ufeffID,Work Item Type,Title,State,Activated Date,Closed Date\n"
        '"1","Bug","a ""quoted"" title","Active","13.6.2025 09:14:15","14.6.2025 09:41:14"\n'
        '"2","Bug","b","Removed","13.6.2025 09:14:15","14.6.2025 09:41:14"\n'
        '"3","Bug","c","Closed","13.6.2025 09:14:15","14.6.2025 09:41:14"\n'
    )
    board = vssim.read(put(text))
    assert board.lives.sort("item").select("item", "column").rows() == [("1", "In progress"), ("2", None), ("3", "Done")]
    assert board.report().totals.done == 1
    assert board.report().totals.gone == 1
    assert any("reopened" in note for note in board.notes)


def test_an_issue_list_of_jira_says_that_it_holds_no_columns(put: Put) -> None:
    text = "Issue key,Issue Type,Status,Created,Resolved\nA-1,Bug,Done,02/Jan/24 3:04 PM,05/Jan/24 9:00 AM\n"
    board = vssim.read(put(text))
    assert "holds no history, so no columns" in board.notes[0]
    assert board.moves["at"][0] == dt.datetime(2024, 1, 2, 15, 4, tzinfo=trackers.UTC)


@pytest.mark.slow
def test_a_file_of_a_hundred_megabytes_is_read(put: Put) -> None:
    line = json.dumps(trackers.jira_issue(trackers.History("A-1", (("Backlog", trackers.BEGIN), ("Done", trackers.BEGIN)))))
    count = 100_000_000 // len(line)
    text = "[" + ",".join(line.replace('"A-1"', f'"A-{n}"') for n in range(count)) + "]"
    assert vssim.read(put(text, "large.json")).items.height == count


def test_cycle_time_data_as_json_gives_the_moves_of_its_csv(put: Put) -> None:
    head = "ID,Link,Name,Backlog,Build,Done,Type,Status,Resolution,Blocked Days"
    text = f"{head}\nA-1,,a,2024-01-02,2024-01-05,2024-01-09,Bug,Done,Done,2\nA-2,,b,2024-01-03,2024-01-08,,Bug,Build,,0\n"
    rows = [line.split(",") for line in text.splitlines()]
    plain, other = vssim.read(put(text)), vssim.read(put(json.dumps(rows), "data.json"))
    assert plain.kind == other.kind == "cycle-time data"
    assert other.moves.drop("row").equals(plain.moves.drop("row"))
    assert plain.report().blocked.from_column == 2
    assert set(plain.losses) == {"first entries only", "blanks filled", "days only"}


def test_a_status_that_contradicts_the_last_date_is_said(put: Put) -> None:
    head = "ID,Link,Name,Backlog,Build,Done,Type,Status,Resolution,Blocked Days"
    text = f"{head}\nA-1,,a,2024-01-02,2024-01-05,2024-01-09,Bug,Build,,0\n"
    assert any("of 1 items the status contradicts the last date" in note for note in vssim.read(put(text)).notes)


def test_stamps_of_which_some_bear_a_zone_are_said_to_be_mixed(put: Put) -> None:
    board = vssim.read(put(SPANS + "A-1,2024-01-02 08:00:00,2024-01-03T08:00:00+02:00\nA-2,2024-01-02 08:00:00,\n"))
    assert "2 of 3 stamps bear no zone, the others do" in board.decisions["zone"].why
    assert "no zone" in board.losses


def test_a_workflow_that_changed_in_the_middle_is_said(put: Put) -> None:
    names = [("Backlog", "Review", "Done") if n < 20 else ("Backlog", "Build", "Done") for n in range(40)]
    day = dt.timedelta(days=1)
    items = [
        trackers.History(f"A-{n}", tuple((name, trackers.BEGIN + (7 * n + k) * day) for k, name in enumerate(columns)))
        for n, columns in enumerate(names)
    ]
    said = vssim.read(put(trackers.own_moves(items))).report().sentences()
    assert any("nobody entered Review after" in line for line in said)
    assert any("nobody entered Build before" in line for line in said)


def test_a_status_that_was_renamed_is_one_status_and_a_change_to_itself_none(put: Put) -> None:
    issue = trackers.jira_issue(trackers.History("A-1", (("Backlog", trackers.BEGIN),)))
    ids = {"Backlog": "1", "Dev": "2", "Develop": "2", "Done": "3"}
    names = [("Backlog", "Dev"), ("Dev", "Develop"), ("Develop", "Done")]
    issue["changelog"] = {
        "histories": [
            {
                "created": f"2024-01-0{n + 2}T08:00:00.000+0000",
                "items": [{"field": "status", "from": ids[a], "fromString": a, "to": ids[b], "toString": b}],
            }
            for n, (a, b) in enumerate(names)
        ]
    }
    issue["fields"]["status"] = {"id": "3", "name": "Done"}
    board = vssim.read(put(json.dumps([issue]), "issues.json"))
    assert board.moves["to"].to_list() == ["Backlog", "Develop", "Done"]
    assert any("1 changes of a status to itself" in note for note in board.notes)


def test_a_resolution_that_means_will_not_be_done_is_no_delivery(put: Put) -> None:
    issue = trackers.jira_issue(
        trackers.History("A-1", (("Backlog", trackers.BEGIN), ("Done", trackers.BEGIN + dt.timedelta(days=3))))
    )
    issue["fields"] |= {"resolution": {"name": "Won't Do"}, "resolutiondate": "2024-01-04T08:00:00.000+0000"}
    board = vssim.read(put(json.dumps([issue]), "issues.json"))
    assert (board.report().totals.done, board.report().totals.gone) == (0, 1)
    assert board.items["dropped"].to_list() == [True]
    kept = vssim.read(put(json.dumps([issue]), "issues.json"), {"dropped": []})
    assert (kept.report().totals.done, kept.report().totals.gone) == (1, 0)
