"""What a team tells: every fault at its line, and what nobody knows is no answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.teams import ANSWERS
from vssim.errors import ScenarioError
from vssim.learning.told import Crew, read, told
from vssim.tracker import answers as sheets
from vssim.tracker.board import Board


def test_answers_are_read_as_they_are_meant(board: Board) -> None:
    found = told({**ANSWERS, "other_work": "20%..40%", "cadences": {"test": {"every": 10}}, "limits": {"develop": 9}}, board)
    assert found.crews[1] == Crew("developers", 8, ("develop",))
    assert (found.open_items, found.other_work, found.cadences["test"], found.limits["develop"].most) == (1, (0.2, 0.4), 10, 9)


def test_what_nobody_knows_is_no_answer(board: Board) -> None:
    found = told({"other_work": sheets.UNKNOWN, "teams": None}, board)
    assert found.other_work is None
    assert found.crews == ()


def test_every_fault_is_told_at_once_with_its_line(board: Board, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text(
        "teams:\n  developers: {people: 2.5, columns: [develop]}\n  testers: {people: 2, columns: [tests]}\n"
        "other_work: 120%\nremembered:\n- {item: nothing, hands_on: 3}\nlast_reorganisation: yesterday\n",
        encoding="utf-8",
    )
    content, node = read(file)
    with pytest.raises(ScenarioError) as error:
        told(content, board, str(file), node)
    lines = {fault.path: fault.line for fault in error.value.faults}
    assert lines == {
        "teams.developers.people": 2,
        "teams.testers.columns": 3,
        "other_work": 4,
        "remembered.0.item": 6,
        "last_reorganisation": 7,
    }
    assert "test" in str(error.value)


def test_the_sheet_explains_every_question_and_can_be_given_back_as_it_is(board: Board, tmp_path: Path) -> None:
    file = tmp_path / "sheet.yaml"
    file.write_text(sheets.sheet(board), encoding="utf-8")
    assert all(text in file.read_text(encoding="utf-8") for text in sheets.EXPLAINED.values())
    content, node = read(file)
    assert told(content, board, str(file), node).crews == ()
    assert set(sheets.EXPLAINED) == set(sheets.KEYS)
