"""The learned scenario before it is fitted: its file, with a figure for everything that is not known, and the priors of these.

It has two forms: the replay, with the recorded arrivals, and the scenario for the future, whose arrivals have the same rate and
dispersion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from vssim.language import said
from vssim.learning import direct
from vssim.learning.figures import Figure, middle, settings
from vssim.learning.history import History, clock_document
from vssim.learning.priors import Chance, Deviation, Even, EvenFactor, Rate, Whole
from vssim.learning.shape import Shape, Stage, returns_hidden, skips_hidden
from vssim.learning.structure import AS_READ, PERHAPS, Structure
from vssim.learning.told import Told
from vssim.scenario import Scenario
from vssim.tracker.board import Board
from vssim.tracker.knee import Knee, knee

ITEM = "item"
"""The only type of items of a learned scenario."""

BUSIEST, WIDEST = 1.3, 30.0
"""Mean hands-on work is at most so many times what days in the column and people's days allow, and at least that by the other."""

OTHER = (0.0, 0.45)
"""Share of people's time for other things, where nobody knows it: lowest and highest [1]."""

MEETINGS = said("meetings and other work")
"""The name of that share."""

OPEN = (1, 3)
"""Items that a person has open at once, where nobody knows: fewest and most."""

VARIES = (0.3, 1.8)
"""The coefficient of variation of work at a step: lowest and highest [1]."""

AGAIN = (0.1, 1.0)
"""Work of what comes back, as a share of the first time: lowest and highest [1]."""

HANDOFF = (0.005, 1.5)
"""The mean time in a handoff between teams: lowest and highest [working days]."""

DRIFT = (0.01, 0.5)
"""The coefficient of variation of a team's pace in better and worse times: lowest and highest [1]."""

DRIFT_OVER = 40.0
"""How long a team's better and worse times last [working days]; within a quarter of a year such a drift is over."""


@dataclass
class _Draft:
    """The file while it is written."""

    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    teams: dict[str, dict[str, Any]] = field(default_factory=dict)
    demand: dict[str, Any] = field(default_factory=dict)
    handoffs: dict[str, Any] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    """by path the source of a known figure"""
    questions: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Baseline:
    """The learned scenario, before and after its figures are known."""

    name: str
    shape: Shape
    history: History
    arrivals: direct.Arrivals
    steps: Mapping[str, Any]
    teams: Mapping[str, Any]
    demand: Mapping[str, Any]
    handoffs: Mapping[str, Any]
    calendar: Mapping[str, Any]
    figures: tuple[Figure, ...]
    sources: Mapping[str, str]
    questions: tuple[str, ...]
    """disagreements between the records and the answers"""
    structure: Structure = AS_READ

    def document(self) -> dict[str, Any]:
        """The content of the file for the future, without values for the figures that are drawn."""
        demand = {"every": "gamma(mean=1, cv=1)", **self.demand}
        content: dict[str, Any] = {"name": self.name, "unit": "day", "calendar": dict(self.calendar)}
        content |= {"demand": {ITEM: demand}, "steps": dict(self.steps), "teams": dict(self.teams)}
        if "discipline" in self.structure.said or self.structure.discipline != "fifo":
            content["discipline"] = self.structure.discipline
        return content | ({"handoffs": dict(self.handoffs)} if self.handoffs else {})

    @cached_property
    def replay(self) -> Scenario:
        """The scenario with the recorded arrivals, and with the median of every prior."""
        history = self.history
        document = self.document()
        document["demand"] = {ITEM: {"at": [round(float(at), 4) for at in spread_over_days(history)], **self.demand}}
        document |= {"start": history.begin.isoformat(), "run": {"horizon": history.days, "warmup": 0, "replications": 1}}
        from vssim.scenario import loads

        return loads(_put(document, settings(self.figures, middle(self.figures), replayed=True)))


def _put(document: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    from vssim.model import paths

    put: Any = document
    for path, value in values.items():
        put = paths.put(put, path, value)
    return dict(put)


def spread_over_days(history: History) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The arrivals [working days]; those of which only the day is known are spread over that day."""
    at = history.arrivals
    if not history.rule.whole_days or not len(at):
        return at
    _, first, count = np.unique(at, return_index=True, return_counts=True)
    number = np.arange(len(at)) - np.repeat(first, count)
    return np.minimum(at + (number + 0.5) / np.repeat(count, count), history.days)


def baseline(board: Board, history: History, shape: Shape, told: Told, name: str, structure: Structure = AS_READ) -> Baseline:
    """The scenario that follows from records and answers, before its figures are fitted."""
    draft = _Draft(
        sources={path: "; ".join(sentences) for path, sentences in structure.said.items()}, questions=[*structure.questions]
    )
    for stage in shape.stages:
        _step(draft, history, shape, stage, told, structure)
    _teams(draft, board, shape, told, structure)
    _hands_on(draft, history, shape, told)
    _routes(draft, board, history, shape)
    _blocks(draft, board, history, shape)
    arrived = direct.arrivals(history)
    every = Rate(arrived.count, arrived.days, max(1.0, arrived.clumped))
    cv = float(np.sqrt(arrived.clumped))
    counted = said("{count} arrivals in {days} working days", count=arrived.count, days=f"{arrived.days:.0f}")
    draft.figures += [
        Figure(said("time between arrivals"), (f"demand.{ITEM}.every",), every, "counted", counted, "gamma", 0, replayed=False),
        Figure(
            said("how arrivals vary"),
            (f"demand.{ITEM}.every",),
            Deviation(cv, int(arrived.days // history.week)),
            "counted",
            said("their weeks"),
            "gamma",
            1,
            replayed=False,
        ),
    ]
    return Baseline(
        name,
        shape,
        history,
        arrived,
        draft.steps,
        draft.teams,
        draft.demand,
        draft.handoffs,
        clock_document(board.clock),
        tuple(draft.figures),
        draft.sources,
        tuple(draft.questions),
        structure,
    )


def _gate(history: History, shape: Shape, stage: Stage, every: list[float], structure: Structure) -> direct.Cadence | None:
    """The cadence of a step: as the team stated, as the structure has it, or as the records show."""
    if every:
        return direct.told_cadence(history, shape, stage, every[-1])
    if stage.name not in structure.gates:
        return direct.cadence(history, shape, stage)
    return direct.cadence(history, shape, stage, PERHAPS) if structure.gates[stage.name] else None


def _step(draft: _Draft, history: History, shape: Shape, stage: Stage, told: Told, structure: Structure) -> None:
    step: dict[str, Any] = {"work": "lognormal(mean=1, cv=1)"} if stage.works else {}
    path = f"steps.{stage.name}"
    every = [told.cadences[column] for column in stage.columns if column in told.cadences]
    gate = _gate(history, shape, stage, every, structure)
    if gate is not None:
        step["gate"] = {"every": _plain(gate.every), "offset": _plain(gate.offset)}
        seen = f"{gate.share:.0%} of what left did so on one day of {gate.every:g}"
        draft.sources[f"{path}.gate.every"] = f"told; {seen}" if every else f"counted: {seen}"
        if not every:
            asked = said(
                "{step}: {share} of what left did so on one day of {days}. Is there a cadence (a release, the end of a sprint)?",
                step=stage.name,
                share=f"{gate.share:.0%}",
                days=f"{gate.every:g}",
            )
            draft.questions.append(asked)
    if not stage.works:
        passed = direct.spent(history, shape.places[stage.columns[-1]])
        waits = gate is None and passed.mean > 0
        step["wait"] = f"lognormal(mean={passed.mean:.4g}, cv={max(passed.cv, 0.05):.4g})" if waits else 0
        draft.sources[f"{path}.wait"] = f"counted: {passed.n:,} visits" if gate is None else "counted with its cadence"
    limits = [(told.limits[column].most, column) for column in stage.columns if column in told.limits]
    if limits:
        step["wip_limit"] = sum(most for most, _ in limits)
        draft.sources[f"{path}.wip_limit"] = "told"
    draft.steps[stage.name] = step


def _teams(draft: _Draft, board: Board, shape: Shape, told: Told, structure: Structure) -> None:
    working = [stage for stage in shape.stages if stage.works]
    covered = {step for crew in shape.crews for step in crew.columns}
    for crew in shape.crews:
        does = [stage.name for stage in working if stage.name in crew.columns]
        if does:
            draft.teams[crew.name] = {"people": crew.people, "does": does}
            draft.sources[f"teams.{crew.name}.people"] = "told"
    for stage in working:
        knee = _knee(board, stage)
        if stage.name not in covered:
            _unknown_people(draft, stage, knee)
        elif knee is not None and knee.seen:
            people = sum(crew.people for crew in shape.people_at(stage))
            if knee.low > people:
                carried = said(
                    "{step}: its departures show {low} … {high} items carried forward at once, more than its {count} people: do "
                    "others help, or does each carry several?",
                    step=stage.name,
                    low=f"{knee.low:g}",
                    high=f"{knee.high:g}",
                    count=people,
                )
                draft.questions.append(carried)
    names = list(draft.teams)
    _attention(draft, names, told, structure)
    if len({tuple(sorted(name for name in names if step in draft.teams[name]["does"])) for step in draft.steps}) > 1:
        draft.handoffs["delay"] = "exponential(0.1)"
        prior, why = EvenFactor(*HANDOFF), said("between teams: the records show it only together with waiting")
        draft.figures.append(Figure(said("time in a handoff"), ("handoffs.delay",), prior, "fitted", why, "exponential"))


def _unknown_people(draft: _Draft, stage: Stage, knee: Knee | None) -> None:
    low, high = (1, 10) if knee is None else (max(1, int(knee.low)), max(1, int(np.ceil(knee.high))))
    low, high = min(low, 60), min(max(high, low), 60)
    name = f"people at {stage.name}"
    draft.teams[name] = {"people": (low + high) // 2, "does": [stage.name]}
    draft.figures.append(
        Figure(
            said("people at {step}", step=stage.name),
            (f"teams.{name}.people",),
            Whole(low, high),
            "fitted",
            said("not told: its departures allow {low} … {high}", low=low, high=high),
            told=True,
        )
    )


def _knee(board: Board, stage: Stage) -> Knee | None:
    if stage.column is None or "queue_of" in board.decisions:
        return None
    return next((each for each in board.report().knees if each.column == stage.column), None) or knee(
        stage.column, board.stays.filter(board.stays["column"] == stage.column), board.clock
    )


def _attention(draft: _Draft, names: list[str], told: Told, structure: Structure) -> None:
    """What takes people's attention, alike for all teams: other work, several open items, better and worse times."""

    def everywhere(key: str) -> tuple[str, ...]:
        return tuple(f"teams.{name}.{key}" for name in names)

    def put(key: str, value: Any, source: str | None = None) -> None:
        for name in names:
            draft.teams[name][key] = value
            if source is not None:
                draft.sources[f"teams.{name}.{key}"] = source

    low, high = told.other_work or OTHER
    if low == high:
        put("meetings", f"{low * 100:g}%", "told")
    else:
        why = said("told as a range") if told.other_work else said("nobody knows: 0 … 45 % is thought possible")
        put("meetings", f"{(low + high) * 50:g}%")
        draft.figures.append(Figure(MEETINGS, everywhere("meetings"), Even(low, high), "fitted", why, "share", told=True))
    if told.open_items is not None:
        put("multitasking", told.open_items, "told")
    else:
        put("multitasking", 1)
        why = said("nobody knows: 1 … 3 is thought possible")
        draft.figures.append(
            Figure(said("open items a person"), everywhere("multitasking"), Whole(*OPEN), "fitted", why, told=True)
        )
    if told.open_items != 1:
        put("switching_cost", "10%")
        why = said("what each further open item costs: 0 … 25 % is thought possible")
        draft.figures.append(
            Figure(said("cost of switching"), everywhere("switching_cost"), Even(0.0, 0.25), "fitted", why, "share", told=True)
        )
    drifting = names if structure.drift is None else [name for name in names if name in structure.drift]
    if not drifting:
        return
    for name in drifting:
        draft.teams[name]["drift"] = {"cv": "10%", "over": int(DRIFT_OVER)}
    why = said("better and worse times, each about {days} days", days=f"{DRIFT_OVER:g}")
    paths = tuple(f"teams.{name}.drift.cv" for name in drifting)
    draft.figures.append(Figure(said("drift of the pace"), paths, Even(*DRIFT), "fitted", why, "share"))


def _hands_on(draft: _Draft, history: History, shape: Shape, told: Told) -> None:
    """Hands-on work of each step, out of the time that meetings leave: how busy people are is as likely with many as with few.

    With one range for it whatever meetings take, a team with many of them would be thought to be overloaded: up to 2.4 times its
    capacity, where records allow 1.3. Of such teams any change promises more than it keeps.
    """
    by_place = direct.stage_numbers(shape)
    visits = direct.stage_visits(history.flow, by_place, len(shape.stages))
    low, high = told.other_work or OTHER
    known = low if low == high else 0.0  # a share that is not known is a figure, of which each member has its own
    for number, stage in enumerate(shape.stages):
        if not stage.works or stage.column is None:
            continue
        mean = max(direct.spent(history, shape.places[stage.column]).mean, 0.02)
        crews = shape.people_at(stage)
        bounds = [BUSIEST * mean]
        if crews and visits[number]:
            bounds.append(BUSIEST * sum(crew.people for crew in crews) * history.days / int(visits[number]))
        most = min(bounds) * (1 - known)
        why = said(
            "at most {high} a visit, less what meetings take: it is in the column no longer, and people have no more days",
            high=f"{min(bounds):.2g}",
        )
        path = (f"steps.{stage.name}.work",)
        draft.figures += [
            Figure(
                said("hands-on work at {step}", step=stage.name),
                path,
                EvenFactor(most / WIDEST, most),
                "fitted",
                why,
                "lognormal",
                0,
                beside=MEETINGS,
            ),
            Figure(
                said("how work at {step} varies", step=stage.name),
                path,
                EvenFactor(*VARIES),
                "fitted",
                "0.3 … 1.8",
                "lognormal",
                1,
            ),
        ]


def _routes(draft: _Draft, board: Board, history: History, shape: Shape) -> None:
    for name, counted in (direct.skips(history, shape) if not skips_hidden(board) else {}).items():
        draft.demand.setdefault("skips", {})[name] = "10%"
        prior, why = (
            Chance(counted.hits, counted.all - counted.hits),
            said("{count} of {all} delivered", count=counted.hits, all=counted.all),
        )
        draft.figures.append(
            Figure(said("skips {step}", step=name), (f"demand.{ITEM}.skips.{name}",), prior, "counted", why, "share")
        )
    for name, counted in direct.drops(history, shape).items():
        draft.steps[name]["stops"] = {"wrong": "5%", "right": "5%"}
        prior, why = (
            Chance(counted.hits, counted.all - counted.hits),
            said("{count} of {all} visits", count=counted.hits, all=counted.all),
        )
        places = (f"steps.{name}.stops.wrong", f"steps.{name}.stops.right")
        draft.figures.append(Figure(said("dropped at {step}", step=name), places, prior, "counted", why, "share"))
    if returns_hidden(board):
        _hidden_returns(draft, history, shape)
        return
    for name, back in direct.returns(history, shape).items():
        counted = back.counted
        why = said("{count} of {all} visits, to {step}", count=counted.hits, all=counted.all, step=back.to)
        _return(draft, name, back.to, Chance(counted.hits, counted.all - counted.hits), why, counted=True)


def _hidden_returns(draft: _Draft, history: History, shape: Shape) -> None:
    """Returns that the format hides: from the last step of work to the earlier one with the most time."""
    working = [stage for stage in shape.stages if stage.works and stage.column is not None]
    if len(working) < 2:
        return
    longest = max(working[:-1], key=lambda stage: direct.spent(history, shape.places[stage.column or ""]).mean)
    why = said("this kind of export does not show what went back: 0 … 40 % is thought possible")
    _return(draft, working[-1].name, longest.name, Even(0.0, 0.4), why, counted=False)


def _return(draft: _Draft, name: str, to: str, prior: Chance | Even, why: str, *, counted: bool) -> None:
    draft.steps[name]["returns"] = {"to": to, "chance": "10%", "work": "50%"}
    path = f"steps.{name}.returns"
    kind = "counted" if counted else "fitted"
    draft.figures += [
        Figure(said("comes back from {step}", step=name), (f"{path}.chance",), prior, kind, why, "share", told=not counted),  # type: ignore[arg-type]
        Figure(
            said("work of what comes back from {step}", step=name),
            (f"{path}.work",),
            Even(*AGAIN),
            "fitted",
            said("10 … 100 % of the first time"),
            "share",
        ),
    ]


def _blocks(draft: _Draft, board: Board, history: History, shape: Shape) -> None:
    working = [stage for stage in shape.stages if stage.works and stage.column is not None]
    if not working:
        return
    visits = direct.stage_visits(history.flow, direct.stage_numbers(shape), len(shape.stages))
    main = max(working, key=lambda stage: direct.spent(history, shape.places[stage.column or ""]).mean)
    blocked = direct.blocks(board, int(visits[shape.stages.index(main)]))
    if blocked is None:
        return
    wait = f"exponential({blocked.days:.4g})"
    draft.steps[main.name]["needs"] = {"outside": "what blocks", "chance": "10%", "wait": wait}
    prior = Chance(blocked.counted.hits, blocked.counted.all - blocked.counted.hits)
    path, why = (
        (f"steps.{main.name}.needs.chance",),
        said("{count} blocks, {days} days each", count=blocked.counted.hits, days=f"{blocked.days:.2g}"),
    )
    draft.figures.append(Figure(said("blocked at {step}", step=main.name), path, prior, "counted", why, "share"))
    draft.sources[f"steps.{main.name}.needs.wait"] = why


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number
