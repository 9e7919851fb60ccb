"""The door of learning: a baseline from a board and its team's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from vssim import yaml
from vssim.errors import UsageError
from vssim.learning import past as pasts
from vssim.learning import told as sheets
from vssim.learning.baseline import Baseline, baseline
from vssim.learning.diagnostics import diagnostics
from vssim.learning.early import Early
from vssim.learning.effort import Effort, fitted, scaled
from vssim.learning.held_out import records
from vssim.learning.history import history
from vssim.learning.kept import Kept, key_of
from vssim.learning.learned import Learned
from vssim.learning.replay import Replay
from vssim.learning.shape import returns_hidden, shape
from vssim.learning.structure import AS_READ, Structure
from vssim.learning.told import Told
from vssim.learning.verdicts import fit_check, of_another_kind, past_checks, short_of, verdict
from vssim.play.executors import Staff
from vssim.play.replications import Progress
from vssim.tracker import answers as tracker_answers
from vssim.tracker.board import Board, Files, read
from vssim.tracker.checks import Check
from vssim.tracker.spans import OPEN

FEWEST_ITEMS, FEWEST_DAYS, FEWEST_WEEKS = 60, 60, 13
"""Nothing is learned from fewer finished items, working days or whole weeks."""

Answers = Mapping[str, Any] | str | PathLike[str] | None


def learn(
    source: Board | Files,
    answers: Answers = None,
    *,
    name: str | None = None,
    seed: int = 1,
    jobs: int | None = None,
    effort: Effort | None = None,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Learned:
    """The organisations that could have left these records, as an ensemble.

    `source`: a Board, or its files; `answers`: the sheet as a mapping or a file; questions may be left out. `keep`: a file from
    which an interrupted fit is continued. Raises ScenarioError for impossible answers, and UsageError with the reason where these
    records do not allow learning.
    """
    board, told = prepared(source, answers)
    how = effort or Effort()
    first = None if keep is None else keep.with_suffix(".first.npz")
    with Staff(jobs) as staff:
        early = Early(board, told, partial(draft, board, told, name), seed, how, staff, first, scaled(progress, 0, how.total))
        structure, comparison = early.structure()
        drafted = draft(board, told, name, structure)
        replay, kept = Replay(drafted, seed), Kept(keep, key_of(drafted, seed, how.runs))
        ensemble = fitted(replay, how, kept, staff, scaled(progress, how.first, how.total))
        past = pasts.past(replay, ensemble, staff, scaled(progress, how.total - how.histories, how.total), how.histories)
        tried, back = early.held_out(structure)
    for waves in (kept, Kept(first, "")):
        waves.forget()
    checks = [*board.report().checks, *diagnostics(ensemble), *past_checks(past), comparison, back, fit_check(ensemble)]
    relevant, length = _about_the_stretch(checks, board), (drafted.history.days, drafted.history.week)
    reasons = pasts.reasons(past, returns_hidden=returns_hidden(board))
    off = (*of_another_kind(checks), *reasons) if reasons else short_of(relevant, *length)
    return Learned(
        baseline=drafted,
        ensemble=ensemble,
        files=board.files,
        seed=seed,
        checks=tuple(checks),
        verdict=verdict(relevant, past, *length),
        off=off,
        past=past,
        record=records(tried),
        board=board,
    )


def prepared(source: Board | Files, answers: Answers) -> tuple[Board, Told]:
    """The board, read as the answers state, and the answers about it. Raises ScenarioError with every fault at once."""
    content, node, file = _content(answers)
    board = source if isinstance(source, Board) else read(source)
    told = sheets.told(content, board, file, node)
    decided = tracker_answers.as_reading(dict(content), board.stages.columns)
    if not decided:
        return board, told
    if not isinstance(source, Board):
        return replace(read(source, {**board.reading, **decided}), answers=content), told
    return replace(board, **_as_decided(board, decided), answers=content), told


def _content(answers: Answers) -> tuple[dict[str, Any], yaml.Node | None, str]:
    if answers is None:
        return {}, None, "answers"
    if isinstance(answers, Mapping):
        return {key: value for key, value in answers.items() if value not in (None, tracker_answers.UNKNOWN)}, None, "answers"
    content, node = sheets.read(Path(answers))
    return content, node, str(answers)


def _as_decided(board: Board, decided: Mapping[str, Any]) -> dict[str, Any]:
    """The decisions of a board's reading that the answers change."""
    from vssim.tracker.worktime import worktime

    stages = board.stages
    stages = replace(stages, queues=tuple(decided.get("queues", stages.queues)), done=tuple(decided.get("done", stages.done)))
    calendar = decided.get("calendar")
    return {"stages": stages} | ({"clock": worktime(calendar, board.clock.zone, "answers")} if calendar else {})


def draft(board: Board, told: Told, name: str | None = None, structure: Structure = AS_READ) -> Baseline:
    """The scenario before its figures are fitted. Raises UsageError where these records do not allow learning."""
    _refuse(board)
    told = structure.completed(told)
    form = shape(board, told)
    if not form.stages:
        raise UsageError(f"{', '.join(board.files)}: no column between the backlog and done was ever entered")
    past = history(board, form, told)
    finished = int((~np.isnan(past.flow.done)).sum())
    where = f"{', '.join(board.files)}, {past.begin} to {past.until}"
    if finished < FEWEST_ITEMS or past.days < FEWEST_DAYS:
        raise UsageError(
            f"{where}: {finished:,} finished items in {past.days:.0f} working days of one and the same team; at least "
            f"{FEWEST_ITEMS} in {FEWEST_DAYS} are needed to learn from. Export a longer period"
        )
    return baseline(board, past, form, told, name or Path(board.files[0]).stem.partition(".")[0].replace("_", " "), structure)


def _refuse(board: Board) -> None:
    where = ", ".join(board.files)
    if board.lives["done"].drop_nulls().is_empty():
        raise UsageError(f"{where}: nothing is done in these records")
    expect_enough(board)


def expect_enough(board: Board) -> None:
    """Raise UsageError where the records are too few to learn from, whatever the team answers."""
    where, count = ", ".join(board.files), board.lives.height
    if OPEN in board.stages.columns:
        raise UsageError(
            f"{where}: only when items were created and closed is known; most of that is waiting in a backlog, of which an "
            "organisation says nothing. Export when work on them was started too"
        )
    first, last = board.report().span()
    if first == last:
        raise UsageError(f"{where}: everything happened on one day, {first}: no rate and no time can be told")
    weeks = len(board.report().weeks)
    if weeks < FEWEST_WEEKS:
        raise UsageError(f"{where}: {weeks} whole weeks; at least {FEWEST_WEEKS} are needed to learn from. Export a longer period")
    if count < FEWEST_ITEMS:
        raise UsageError(f"{where}: {count:,} items; at least {FEWEST_ITEMS} finished ones are needed. Export a longer period")


def _about_the_stretch(checks: list[Check], board: Board) -> list[Check]:
    """The checks without G1, one team all along, where only a stable stretch of the records is learned from."""
    return [check for check in checks if check.name != "stable" or board.report().stability.stretch is None]
