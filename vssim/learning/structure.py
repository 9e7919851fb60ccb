"""What of an organisation may be so or otherwise where nobody tells: the order of work, gates, what a column is, drift.

Alternatives are offered only where records could tell them apart: a gate where much of what leaves a step does so on one day, a
queue where nobody said what a column is. Which of them is taken is decided by what was held back, not here.
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
"""What else may decide which item is taken next; usual is the one that waited longest."""

PERHAPS = 0.45
"""Share of what leaves a step on one and the same day of a cadence, from which on there may be a gate."""

MOST_COLUMNS = 2
"""Columns that are tried both as a queue and as work; the first ones of which nobody told."""


@dataclass(frozen=True)
class Structure:
    """One way in which an organisation may be built; by default as records and answers are read."""

    discipline: str = "fifo"
    gates: Mapping[str, bool] = field(default_factory=dict)
    """by step, whether what is done there leaves it together; elsewhere as the records count it"""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """by column of which nobody told: queue or work"""
    drift: tuple[str, ...] | None = None
    """teams that have better and worse times; None: all of them"""
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """by path of the file, how it compares with what else there may be"""
    questions: tuple[str, ...] = ()
    """to be asked in the team, where what was taken is not what was read"""

    def completed(self, told: Told) -> Told:
        """What was told, and what is supposed where nobody did."""
        return replace(told, kinds={**self.kinds, **told.kinds}) if self.kinds else told


AS_READ = Structure()


@dataclass(frozen=True)
class Alternative:
    """One thing that may be otherwise than it was read."""

    name: str
    kind: str
    """of several of one kind at most one is taken"""
    path: str
    """where it is said in the file"""
    question: str = ""
    """to be asked in the team, if it is taken"""
    discipline: str | None = None
    gates: Mapping[str, bool] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    drift: tuple[str, ...] | None = None

    def put_into(self, structure: Structure) -> Structure:
        """The structure with this one thing otherwise."""
        return replace(
            structure,
            discipline=self.discipline or structure.discipline,
            gates={**structure.gates, **self.gates},
            kinds={**structure.kinds, **self.kinds},
            drift=structure.drift if self.drift is None else self.drift,
        )


def as_read(history: History, form: Shape, told: Told) -> Structure:
    """The structure as records and answers are read, gates named, so that a part of the records is read alike."""
    return Structure(gates={stage.name: direct.cadence(history, form, stage) is not None for stage in _gateless(form, told)})


def alternatives(board: Board, history: History, form: Shape, told: Told) -> list[Alternative]:
    """What may be otherwise, as far as the records could show it."""
    return [*_disciplines(form), *_gates(history, form, told), *_columns(board, form, told), *_drift(history, form)]


def _disciplines(form: Shape) -> Iterator[Alternative]:
    if not any(stage.works for stage in form.stages):
        return
    for discipline, name in DISCIPLINES.items():
        question = f"Which item is taken next? What was held back is foretold better where it is {name}."
        yield Alternative(name, "order", "discipline", question, discipline=discipline)


def _gateless(form: Shape, told: Told) -> list[Stage]:
    """Steps of which nobody told a cadence."""
    return [stage for stage in form.stages if not any(column in told.cadences for column in stage.columns)]


def _gates(history: History, form: Shape, told: Told) -> Iterator[Alternative]:
    for stage in _gateless(form, told):
        gate = direct.cadence(history, form, stage, PERHAPS)
        if gate is None:
            continue
        path, day = f"steps.{stage.name}", f"{gate.share:.0%} of what left did so on one day of {gate.every:g}"
        if direct.cadence(history, form, stage) is not None:
            question = f"{stage.name}: {day}, and what was held back is foretold better without a cadence. Is there none?"
            yield Alternative(said("no gate at {step}", step=stage.name), path, path, question, gates={stage.name: False})
        else:  # that its cadence has to be asked for is said where it is put into the file
            name = said("a gate at {step} every {days} days", step=stage.name, days=f"{gate.every:g}")
            yield Alternative(name, path, path, gates={stage.name: True})


def _columns(board: Board, form: Shape, told: Told) -> Iterator[Alternative]:
    """Columns of which nobody told what they are, read the other way; only where items are counted at the same places then."""
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
            question = (
                f"What is {column}: does work wait there, or is it done there? What was held back is foretold better if {name}."
            )
            yield Alternative(name, column, "steps", question, kinds={column: kind})  # its own step may be gone then


def _drift(history: History, form: Shape) -> Iterator[Alternative]:
    """No better and worse times, or only where items spend most time; as it is read, every team has them."""
    yield Alternative(said("no better and worse times"), "drift", "teams", drift=())
    longest = max((stage for stage in form.stages if stage.works), key=lambda stage: time_at(history, form, stage), default=None)
    crews = () if longest is None else form.people_at(longest)
    if len(form.crews) > len(crews) > 0:
        names = tuple(crew.name for crew in crews)
        alone = said("better and worse times of {teams} alone", teams=", ".join(names))
        yield Alternative(alone, "drift", "teams", drift=names)


def time_at(history: History, form: Shape, stage: Stage) -> float:
    """How long all items together were in the columns of a step [days]."""
    spent = [direct.spent(history, place) for place in {form.places[column] for column in stage.columns}]
    return sum(each.n * each.mean for each in spent)
