"""Answers asked at a terminal: each question with its reason; an empty line is “don't know”; what cannot be is asked again."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import teams
from vssim.cli.asking import ASKED, answered
from vssim.language import speaking
from vssim.learning.told import read, told
from vssim.tracker.answers import EXPLAINED
from vssim.tracker.board import Board

COLUMNS = ["", "work", "wrok", "work", "waits for others", ""]
"""Backlog and Done are as they are guessed; develop is misspelt once; test waits for others."""

REST = [
    "{developers: {people: 8, columns: [develp]}}",
    "{developers: {people: 8, columns: [develop]}}",
    "1",
    "20%..40%",
    "",
    "",
    "",
    "",
]
"""One column is misspelt once; remembered items, limits, cadences and reorganisation are not known."""

WANTED = {
    "columns": {"Backlog": "queue", "analyse": "work", "develop": "work", "test": "waits for others", "Done": "done"},
    "teams": {"developers": {"people": 8, "columns": ["develop"]}},
    "open_items_a_person": 1,
    "other_work": "20%..40%",
}


def test_answers_are_taken_faults_are_told_and_asked_again(
    board: Board, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*COLUMNS, *REST]) + "\n"))
    found = answered(board)
    assert found == WANTED
    assert told(found, board).crews[0].people == 8
    said = " ".join(capsys.readouterr().err.split())
    for key in ("columns", *ASKED):
        assert " ".join(EXPLAINED[key].split()) in said
    assert "one of queue, work, waits for others, done, or nothing" in said
    assert "did you mean 'develop'" in said


def test_questions_are_asked_in_german_and_the_words_of_the_file_stay(
    board: Board, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*COLUMNS, *REST]) + "\n"))
    with speaking("de"):
        assert answered(board) == WANTED
    asked = " ".join(capsys.readouterr().err.split())
    assert [key for key in ("columns", *ASKED) if " ".join(EXPLAINED[key].split()) in asked] == []
    assert "Was ist jede Spalte?" in asked
    assert "eines von queue, work, waits for others, done, oder nichts" in asked
    assert "etwa so: 30%, oder eine Spanne: 20%..40%" in asked
    assert not re.search("as in:|don't know|Which|working days", asked)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_is_asked_and_the_answers_are_kept_beside(tmp_path: Path) -> None:
    file = teams.exported(teams.played(), tmp_path)
    leader, follower = pty.openpty()
    words = [sys.executable, "-m", "vssim", "learn", str(file), "-o", str(tmp_path / "mine.yaml"), "--jobs", "1"]
    words += ["--language", "de"]
    shown = b""
    process = subprocess.Popen(words, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    try:
        os.write(leader, ("\n".join([*COLUMNS, *REST]) + "\n").encode())
        sheet, begun = tmp_path / "mine.answers.yaml", time.monotonic()
        while not sheet.exists() and time.monotonic() - begun < 120:
            shown += os.read(leader, 65536)
        content, _ = read(sheet)
    finally:
        process.kill()
        process.wait()
        os.close(leader)
    assert content == WANTED
    assert "Einige Fragen." in shown.decode(errors="replace")
