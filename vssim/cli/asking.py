"""The team's answers, asked at a terminal: each question with why it is asked; an empty answer is "don't know"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from vssim.cli.output import say
from vssim.errors import ScenarioError
from vssim.language import t
from vssim.learning.told import told
from vssim.tracker import answers as sheets
from vssim.yaml import value_of

if TYPE_CHECKING:
    from vssim.tracker.board import Board

ASKED = ("teams", "open_items_a_person", "other_work", "remembered", "limits", "cadences", "last_reorganisation")
"""In this order, after what each column is."""


def answered(board: Board) -> dict[str, Any]:
    """The answers that somebody gives at the terminal; an impossible one is asked for again."""
    say(t("A few questions. Nobody knows everything: leave a line empty for “don't know”, and the range gets wider, that is all."))
    answers: dict[str, Any] = {}
    _columns(board, answers)
    for key in ASKED:
        _question(board, key, answers)
    return answers


def _columns(board: Board, answers: dict[str, Any]) -> None:
    kinds = ", ".join(sheets.COLUMN_KINDS)  # words of the file, as keys are
    say(f"\n{t(sheets.EXPLAINED['columns'])} ({kinds})")
    for column in board.stages.columns:
        guess = sheets.guess(board, column)
        while True:
            said = _asked(f"  {column}", "" if guess == sheets.UNKNOWN else guess)
            if not said or said in sheets.COLUMN_KINDS:
                break
            say("    " + t("one of {kinds}, or nothing", kinds=kinds))
        if said:
            answers.setdefault("columns", {})[column] = said


def _question(board: Board, key: str, answers: dict[str, Any]) -> None:
    say(f"\n{t(sheets.EXPLAINED[key])}\n  {t('as in: {example}', example=t(sheets.EXAMPLES[key]))}")
    while said := _asked(f"  {key}", ""):
        try:
            value = value_of(said, sheets.ANSWERS)
            told({**answers, key: str(value) if key == "last_reorganisation" else value}, board)
        except ScenarioError as error:
            for fault in error.faults:
                say(f"    {fault}")
            continue
        answers[key] = str(value) if key == "last_reorganisation" else value
        return


def _asked(text: str, default: str) -> str:
    return str(typer.prompt(text, default=default, show_default=bool(default), err=True)).strip()
