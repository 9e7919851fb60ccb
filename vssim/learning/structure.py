"""Alternatives for what nobody stated about an organisation: the order of work, gates, the role of a column, drift.

Alternatives are offered only where records could tell them apart: a gate where many items leave a step on the same day, a queue
where nobody stated the role of a column. Held-back records decide which of them is taken (`compared`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from vssim.language import said
from vssim.learning import direct
from vssim.learning.history import History
from vssim.learning.shape import Shape, Stage, shape
from vssim.learning.told import Told
from vssim.tracker.board import Board

DISCIPLINES = {"lifo": said("the newest item first"), "shortest_first": said("the shortest item first")}
"""Other rules for which item is taken next; the usual one takes the item that waited longest."""

PERHAPS = 0.45
"""From this share of a step's items that leave on the same day of a cadence, a gate is offered as an alternative [1]."""

MOST_COLUMNS = 2
"""The most columns that are tried both as a queue and as work: the first ones of unknown role."""


@dataclass(frozen=True)
class Structure:
    """A structure of the organisation; by default as the records and answers were read."""

    discipline: str = "fifo"
    gates: Mapping[str, bool] = field(default_factory=dict)
    """by step whether it has a gate; steps that are missing follow the records"""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """by column of unknown role: queue or work"""
    drift: tuple[str, ...] | None = None
    """the teams that have better and worse times; None: all teams"""
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """by path of the file the comparison with the alternatives there"""
    questions: tuple[str, ...] = ()
    """questions to the team, where an alternative was taken"""

    def completed(self, told: Told) -> Told:
        """The answers, completed by what this structure assumes."""
        return replace(told, kinds={**self.kinds, **told.kinds}) if self.kinds else told


AS_READ = Structure()


@dataclass(frozen=True)
class Alternative:
    """An alternative to one thing as it was read."""

    name: str
    kind: str
    """of several alternatives of one kind at most one is taken"""
    path: str
    """its path in the file"""
    question: str = ""
    """the question to the team if it is taken"""
    discipline: str | None = None
    gates: Mapping[str, bool] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    drift: tuple[str, ...] | None = None

    def put_into(self, structure: Structure) -> Structure:
        """The structure with this alternative in place."""
        return replace(
            structure,
            discipline=self.discipline or structure.discipline,
            gates={**structure.gates, **self.gates},
            kinds={**structure.kinds, **self.kinds},
            drift=structure.drift if self.drift is None else self.drift,
        )


def as_read(history: History, form: Shape, told: Told) -> Structure:
    """The structure as it was read, with its gates named, so that a part of the records is read in the same way."""
    return Structure(gates={stage.name: direct.cadence(history, form, stage) is not None for stage in _gateless(form, told)})


def alternatives(board: Board, history: History, form: Shape, told: Told) -> list[Alternative]:
    """The alternatives that the records could tell apart."""
    return [*_disciplines(form), *_gates(history, form, told), *_columns(board, form, told), *_drift(history, form)]


def _disciplines(form: Shape) -> Iterator[Alternative]:
    if not any(stage.works for stage in form.stages):
        return
    for discipline, name in DISCIPLINES.items():
        question = said("Which item is taken next? What was held back is foretold better where it is {structure}.", structure=name)
        yield Alternative(name, "order", "discipline", question, discipline=discipline)


def _gateless(form: Shape, told: Told) -> list[Stage]:
    """The steps for which nobody stated a cadence."""
    return [stage for stage in form.stages if not any(column in told.cadences for column in stage.columns)]


def _gates(history: History, form: Shape, told: Told) -> Iterator[Alternative]:
    for stage in _gateless(form, told):
        gate = direct.cadence(history, form, stage, PERHAPS)
        if gate is None:
            continue
        path = f"steps.{stage.name}"
        if direct.cadence(history, form, stage) is not None:
            question = said(
                "{step}: {share} of what left did so on one day of {days}, and what was held back is foretold better without a "
                "cadence. Is there none?",
                step=stage.name,
                share=f"{gate.share:.0%}",
                days=f"{gate.every:g}",
            )
            yield Alternative(said("no gate at {step}", step=stage.name), path, path, question, gates={stage.name: False})
        else:  # the question about its cadence is asked where the gate is put into the file
            name = said("a gate at {step} every {days} days", step=stage.name, days=f"{gate.every:g}")
            yield Alternative(name, path, path, gates={stage.name: True})


def _columns(board: Board, form: Shape, told: Told) -> Iterator[Alternative]:
    """Columns of unknown role, read the other way; only where items are then counted at the same places."""
    decided = board.decisions.get("queues")
    if decided is not None and decided.why == "as the reading says" and not told.kinds:
        return
    staffed = {column for crew in told.crews for column in crew.columns}
    count = 0
    for stage in form.stages:
        for column in stage.columns:
            if column in told.kinds or column in staffed or count == MOST_COLUMNS:
                continue
            kind = "work" if column in stage.queues else "queue"
            if shape(board, replace(told, kinds={**told.kinds, column: kind})).place_names != form.place_names:
                continue
            count += 1
            name = (
                said("{column} is a queue", column=column)
                if kind == "queue"
                else said("{column} is a column of work", column=column)
            )
            question = said(
                "What is {column}: does work wait there, or is it done there? What was held back is foretold better if "
                "{structure}.",
                column=column,
                structure=name,
            )
            yield Alternative(name, column, "steps", question, kinds={column: kind})  # the column's own step may not exist then


def _drift(history: History, form: Shape) -> Iterator[Alternative]:
    """No better and worse times, or only those of the busiest step; as read, every team has them."""
    yield Alternative(said("no better and worse times"), "drift", "teams", drift=())
    longest = max((stage for stage in form.stages if stage.works), key=lambda stage: time_at(history, form, stage), default=None)
    crews = () if longest is None else form.people_at(longest)
    if len(form.crews) > len(crews) > 0:
        names = tuple(crew.name for crew in crews)
        alone = said("better and worse times of {teams} alone", teams=", ".join(names))
        yield Alternative(alone, "drift", "teams", drift=names)


def time_at(history: History, form: Shape, stage: Stage) -> float:
    """The time that all items together spent in the columns of a step [working days]."""
    spent = [direct.spent(history, place) for place in {form.places[column] for column in stage.columns}]
    return sum(each.n * each.mean for each in spent)
