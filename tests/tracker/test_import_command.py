"""`vssim import` as people meet it: one command to a report, no questions the second time, no names of people."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

import vssim as package
from tests.interface.commands import vssim
from tests.support import trackers
from tests.support.trackers import BEGIN, COLUMNS, History

ITEMS = [
    History(f"A-{n}", tuple((name, BEGIN + dt.timedelta(days=n + 2 * k)) for k, name in enumerate(COLUMNS))) for n in range(40)
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "issues.json").write_text(trackers.jira(ITEMS), encoding="utf-8")
    (tmp_path / "board.csv").write_text(trackers.board(ITEMS), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "kind"), [("issues.json", "jira changelog"), ("board.csv", "board")])
def test_one_command_leads_from_an_export_to_a_report(folder: Path, name: str, kind: str) -> None:
    answer = vssim("import", name, "-o", "mine", "--report", "page.html")
    assert answer.code == 0
    assert f"{name}: {kind}" in answer.out
    assert "40 done" in answer.out
    assert {file.name for file in folder.glob("mine.*")} == {
        "mine.moves.parquet",
        "mine.items.parquet",
        "mine.reading.yaml",
        "mine.answers.yaml",
    }
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "What only you can" in answer.out


def test_the_second_month_needs_the_reading_only(folder: Path) -> None:
    spans = "ID,Start Date,Closed Date\nA-1,1/2/2024,3/4/2024\n"
    (folder / "spans.csv").write_text(spans, encoding="utf-8")
    asked = vssim("import", "spans.csv", "-o", "mine")
    assert asked.code == 2
    assert "day/month or month/day" in asked.err
    (folder / "mine.yaml").write_text("dates: m/d/y\nzone: Europe/Berlin\n", encoding="utf-8")
    assert vssim("import", "spans.csv", "-o", "mine", "--reading", "mine.yaml").code == 0
    assert "m/d/y" in (folder / "mine.reading.yaml").read_text(encoding="utf-8")
    (folder / "next.csv").write_text(spans + "A-2,2/2/2024,3/5/2024\n", encoding="utf-8")
    again = vssim("import", "next.csv", "-o", "mine", "--reading", "mine.reading.yaml", "--json")
    assert again.code == 0
    assert json.loads(again.out)["items"] == 2
    assert pl.read_parquet(folder / "mine.moves.parquet")["at"][0] == dt.datetime(2024, 1, 1, 23, tzinfo=dt.UTC)


def test_a_reading_that_somebody_edited_is_never_written_over(folder: Path) -> None:
    (folder / "mine.reading.yaml").write_text("# mine\n", encoding="utf-8")
    answer = vssim("import", "board.csv", "-o", "mine")
    assert (folder / "mine.reading.yaml").read_text(encoding="utf-8") == "# mine\n"
    assert "was kept" in answer.err


def test_files_of_one_board_are_joined_and_what_overlaps_counts_once(folder: Path) -> None:
    (folder / "first.json").write_text(trackers.jira(ITEMS[:25]), encoding="utf-8")
    (folder / "second.json").write_text(trackers.jira(ITEMS[20:]), encoding="utf-8")
    joined = package.read([folder / "first.json", folder / "second.json"])
    assert (
        joined.moves.drop("row")
        .sort("item", "at")
        .equals(package.read(folder / "issues.json").moves.drop("row").sort("item", "at"))
    )
    assert any("20 moves stood in more than one file" in note for note in joined.notes)


def test_no_names_of_people_are_written_and_with_anonymise_no_keys_nor_titles(folder: Path) -> None:
    assert vssim("import", "issues.json", "-o", "mine").code == 0
    assert vssim("import", "issues.json", "-o", "hidden", "--anonymise").code == 0
    for name in ("mine", "hidden"):
        for file in folder.glob(f"{name}.*"):
            content = file.read_bytes() if file.suffix == ".yaml" else repr(pl.read_parquet(file).rows()).encode()
            assert b"Ada" not in content
            assert b"abc" not in content
            assert name == "mine" or (b"A-1" not in content and b"Title" not in content)
    first, second = (pl.read_parquet(folder / f"{name}.moves.parquet") for name in ("mine", "hidden"))
    assert first["at"].equals(second["at"])
    assert second["item"].n_unique() == 40


def test_the_document_has_the_figures_of_the_report(folder: Path) -> None:
    document = json.loads(vssim("import", "issues.json", "-o", "mine", "--json").out)
    assert document == package.read(folder / "issues.json").figures
    assert document["totals"]["done"] == 40
    assert [check["name"] for check in document["checks"]][-2:] == ["stable", "accounts"]


def test_the_sheet_of_answers_is_filled_in_and_decides(folder: Path) -> None:
    vssim("import", "issues.json", "-o", "mine")
    sheet = (folder / "mine.answers.yaml").read_text(encoding="utf-8")
    assert "don't know" in sheet
    filled = sheet.replace("teams: don't know", "teams: {devs: {people: 3, columns: [Build]}}").replace(
        "Test: don't know", "Test: queue"
    )
    (folder / "mine.answers.yaml").write_text(filled, encoding="utf-8")
    answer = vssim("import", "issues.json", "-o", "mine", "--reading", "mine.reading.yaml", "--answers", "mine.answers.yaml")
    assert answer.code == 0
    assert "with 3 people" in " ".join(answer.out.split())
    assert "Backlog · Test" in answer.out
    assert (folder / "mine.answers.yaml").read_text(encoding="utf-8") == filled


def test_an_answer_that_makes_no_sense_has_its_line_and_place(folder: Path) -> None:
    (folder / "a.yaml").write_text("columns: {Build: queeue}\nteems: {}\n", encoding="utf-8")
    answer = vssim("import", "issues.json", "-o", "mine", "--answers", "a.yaml")
    assert answer.code == 2
    assert "did you mean 'queue'?" in answer.err
    assert "did you mean 'teams'?" in answer.err


def test_what_is_read_is_not_written_over(folder: Path) -> None:
    vssim("import", "issues.json", "-o", "mine")
    assert vssim("import", "mine.moves.parquet", "-o", "mine").code == 2
    assert vssim("import", "mine.moves.parquet", "-o", "other").code == 0


def test_a_folder_that_is_not_there_is_told_before_the_work(folder: Path) -> None:
    assert "there is no folder" in vssim("import", "issues.json", "-o", "none/mine").err
    assert vssim("import", "issues.json", "--report", "page.txt").code == 2


def test_a_board_prints_itself(folder: Path) -> None:
    board = package.read(folder / "issues.json")
    assert repr(board).startswith("jira changelog: 40 items, 160 moves, 2024-01-01 to")
    assert "<table" in board._repr_html_()
    assert "finished items: 40 (asked: ≥ 60)" in str(board.report())


def test_a_reader_of_somebody_else_is_one_registration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vssim import parts
    from vssim.tracker import registry
    from vssim.tracker.frames import Extract, as_items, as_moves

    class Mine:
        kind = "mine"

        def recognise(self, source: object) -> tuple[float, str]:
            return 2.0, "it is mine"

        def read(self, source: object, decisions: object) -> Extract:
            moves = {
                "item": ["1", "1"],
                "at": [BEGIN, BEGIN + dt.timedelta(days=1)],
                "from": [None, "a"],
                "to": ["a", "b"],
                "kind": ["created", "status"],
            }
            return Extract(as_moves(moves), as_items({"item": ["1"]}), rows=2)

    class Point:
        name, dist = "mine", None

        def load(self) -> Mine:
            return Mine()

    registry.readers.cache_clear()
    monkeypatch.setattr(parts, "_announced", lambda: {"readers": [Point()]})
    try:
        board = package.read(folder / "board.csv")
    finally:
        registry.readers.cache_clear()
    assert board.kind == "mine"
    assert board.stages.columns == ("a", "b")
