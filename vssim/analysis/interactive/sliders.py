"""Sliders: the settings of a scenario that are worth moving in a room, each with its positions, for one of its changes.

Those that the file lists, as far as they mean something under the change; else a sensible set, what matters first. A position
is a value as `--set` takes it, and every position gives a scenario that loads.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Literal

from vssim.analysis.interactive.labels import of_file, title, unit
from vssim.analysis.interactive.positions import Ladder, ladder
from vssim.errors import ScenarioError
from vssim.model.changes import BASELINE, PhaseModel, reached
from vssim.model.levers import Lever
from vssim.model.levers.focus import LimitWip
from vssim.model.levers.settings import Set
from vssim.model.load import load
from vssim.model.model import Model
from vssim.model.teams import Team
from vssim.model.traffic import ongoing, traffic
from vssim.scenario import Scenario, varied
from vssim.scenario.settable import setting

MOST = 8
"""Sliders of a drawer that nobody chose them for."""


@dataclass(frozen=True)
class Slider:
    """One setting that can be moved."""

    path: str
    """as `--set` takes it"""
    label: str
    """what it is, in words that a room understands"""
    kind: Literal["number", "share", "choice"]
    values: tuple[Any, ...]
    """its positions in order, at least two, as a scenario file writes them; no limit is 'none', on the right"""
    value: Any
    """the one of `values` that stands there now"""
    unit: str
    """of the values, in the plural; '' for shares and words"""
    words: tuple[str, ...]
    """how a room reads each of `values`, without the unit: '70 %', 'no limit', the mean of a distribution"""


def sliders(scenario: Scenario, change: str | None) -> tuple[Slider, ...]:
    """What can be moved while a room looks at `change`; None or 'baseline' for the organisation as it is.

    A path that says nothing under the change is left out: of a step or team that the change does away with, of another
    change, or of what a lever sets anyway; there the lever's own parameter takes its place, where it has one.
    """
    change = None if change == BASELINE else change
    looked_at = _LookedAt(scenario, change)
    listed = [slider for path in dict.fromkeys(map(looked_at.in_force, scenario.sliders)) if (slider := looked_at.slider(path))]
    return tuple(listed) or tuple(looked_at.sensible())


def standing(scenario: Scenario, change: str | None, slider: Slider) -> str:
    """How a room reads what stands under `change` where a slider of any change moves something; '' where there is nothing."""
    path = of_file(slider.path)
    setting_there = None if path is None else setting(scenario, _LookedAt(scenario, change).in_force(path))
    if setting_there is None or setting_there.value is None:
        return "no limit" if path is not None and path.endswith("wip_limit") else ""
    steps = ladder(setting_there, 1)  # whatever it is, it is told in the words of a slider that stands there
    return str(setting_there.value) if steps is None else steps.words[steps.now]


class _LookedAt:
    """A scenario and the change that is looked at."""

    def __init__(self, scenario: Scenario, change: str | None) -> None:
        self.scenario = scenario
        self.change = change
        self.plan = scenario.plan(change)
        self.after: Model = self.plan.phases[-1].model
        self.levers = [*self._levers()]

    def _levers(self) -> Iterator[tuple[str, Lever]]:
        """Each lever that the change pulls, with its path."""
        for name in reversed(reached(self.scenario.changes, self.change)):
            for index, lever in enumerate(self.scenario.changes[name].levers):
                yield f"changes.{name}.levers.{index}.{lever.name}", lever

    def in_force(self, path: str) -> str:
        """The path that does under this change what `path` says: the last lever's that sets it, or the same lever's elsewhere."""
        section, *keys = path.split(".")
        if section == "changes" and keys[0] not in reached(self.scenario.changes, self.change) and "levers" in keys[1:2]:
            same = [there for there, lever in self.levers if lever.name == keys[3]]
            return ".".join((same[-1], *keys[4:])) if same else path
        for there, lever in reversed(self.levers):
            if isinstance(lever, Set) and path in lever.paths:
                return f"{there}.{path}"
            if isinstance(lever, LimitWip) and keys[-1:] in ([], ["wip_limit"]) and (inside := _limited(lever, section, keys)):
                return f"{there}.{inside}"
        return path

    def slider(self, path: str) -> Slider | None:
        """The slider for a path; None where it would say nothing."""
        setting_there = setting(self.scenario, path)
        if setting_there is None or not self._is_there(path):
            return None
        steps = ladder(setting_there, self._felt(path))
        steps = None if steps is None else self._without_refused(path, steps)
        if steps is None or not self._moves_something(path, steps):
            return None
        label = title(self.scenario, setting_there)
        return Slider(
            path, label, steps.kind, steps.values, steps.values[steps.now], unit(self.scenario, setting_there), steps.words
        )

    def _is_there(self, path: str) -> bool:
        """False for a path of another change, and of a step or team that is gone in the end."""
        section, *keys = path.split(".")
        if section == "changes":
            inside = path.partition(".set.")[2]
            return keys[0] in reached(self.scenario.changes, self.change) and (not inside or self._is_there(inside))
        return section not in ("steps", "teams", "demand") or keys[0] in getattr(self.after, section)

    def _felt(self, path: str) -> int:
        """Up to how many items a limit is felt: twice as many as people, or what they may have open where that is more [items]."""
        return sum(max(2, math.ceil(team.multitasking)) * (team.headcount or 0) for team in self._concerned(path)) or 2

    def _concerned(self, path: str) -> list[Team]:
        """The teams that a setting concerns: its own, or those that do its step, else all."""
        teams, steps = self.after.teams, self.after.steps
        name = next((key for key in reversed(path.split(".")) if key in teams or key in steps), None)
        named = teams if name is None else (name,) if name in teams else self.after.teams_that("does", name)
        return [teams[team] for team in named]

    def _without_refused(self, path: str, steps: Ladder) -> Ladder | None:
        """The positions that load; what is refused is so from some point on, at either end. None with less than two left."""
        first, last = 0, len(steps.values)
        while first < steps.now and self._moved(path, steps.values[first]) is None:
            first += 1
        while last - 1 > steps.now and self._moved(path, steps.values[last - 1]) is None:
            last -= 1
        if last - first < 2:
            return None
        return replace(steps, values=steps.values[first:last], words=steps.words[first:last], now=steps.now - first)

    def _moves_something(self, path: str, steps: Ladder) -> bool:
        """True when an end of the slider makes another organisation under the change than there is now."""
        ends = (steps.values[0], steps.values[-1])
        return any(self._moved(path, end) not in (None, self.plan.phases) for end in ends)

    def _moved(self, path: str, value: Any) -> tuple[PhaseModel, ...] | None:
        """The organisations that the change makes with another value at the path; None where that is refused."""
        try:
            return varied(self.scenario, [(path, value)], self.change, "slider").plan(self.change).phases
        except ScenarioError:
            return None

    def sensible(self) -> list[Slider]:
        """A set for a file that lists none: the first of every group, then their seconds, told in the order of the groups."""
        groups = [[self.in_force(path) for path in group] for group in self._candidates()]
        picked: dict[str, Slider] = {}
        for row in zip_longest(*groups):
            for path in row:
                if path is not None and path not in picked and len(picked) < MOST and (slider := self.slider(path)):
                    picked[path] = slider
        return [picked[path] for path in dict.fromkeys(path for group in groups for path in group) if path in picked]

    def _candidates(self) -> Iterator[list[str]]:
        """Paths by group; within each what matters most comes first."""
        model, busy = self.scenario.model, self._busiest()
        yield list(self._parameters())[:2]
        work = traffic(self.after).work if ongoing(self.after) else {}
        steps = sorted((step for step in model.steps if model.works_at(step)), key=lambda step: -self._busy(step, work))
        yield [f"steps.{step}.wip_limit" for step in steps][:3]
        yield ["wip_limit"]
        teams = sorted(model.teams, key=lambda team: -busy.get(team, 0.0))
        yield [path for team in teams for path in self._crews(team)][:3]
        yield [
            f"steps.{step}.gate.every"
            for step, held in model.steps.items()
            if held.gate is not None and held.gate.every is not None
        ][:2]
        yield [f"teams.{team}.multitasking" for team in teams if model.teams[team].multitasking > 1][:1]
        into = [f"handoffs.into.{step}.batch" for step, held in model.handoffs.into.items() if held.batch is not None]
        yield [*(["handoffs.batch"] if model.handoffs.batch > 1 else []), *into][:2]
        yield [f"steps.{step}.returns.{index}.chance" for step, held in model.steps.items() for index in range(len(held.returns))][
            :2
        ]

    def _parameters(self) -> Iterator[str]:
        """Parameters of the change's levers: those that the file states first, of these shares (of proficiency, say) first."""
        parameters = []
        for there, lever in self.levers:
            if not isinstance(lever, Set | LimitWip):
                names = [field.alias or name for name, field in type(lever).model_fields.items()]
                known = [
                    (name in lever.document(), parameter)
                    for name in names
                    if (parameter := setting(self.scenario, f"{there}.{name}"))
                ]
                parameters += [entry for entry in known if entry[1].kind in ("part", "share", "count", "time")]
        parameters.sort(key=lambda entry: (not entry[0], entry[1].kind not in ("part", "share")))
        return (parameter.path for stated, parameter in parameters if stated or parameter.value)

    def _crews(self, team: str) -> list[str]:
        groups = self.scenario.teams[team].groups
        people = f"teams.{team}.people"
        return [people] if len(groups) == 1 else [f"{people}.{index}.count" for index in range(len(groups))]

    def _busiest(self) -> dict[str, float]:
        """By team of the organisation that the change ends with, its load; 0 where there is none to know."""
        return {team: busy or 0.0 for team, busy in load(self.after).by_team.items()}

    def _busy(self, step: str, work: Mapping[str, float]) -> float:
        """How much work arrives at a step for each person who does it."""
        return work.get(step, 0.0) / (sum(team.headcount or 0 for team in self._concerned(f"steps.{step}")) or math.inf)


def _limited(lever: LimitWip, section: str, keys: list[str]) -> str:
    """Where a `limit_wip` has the limit that stands at a path of the file; '' where it says nothing of it."""
    if section == "wip_limit" and not keys:
        return "stream" if lever.stream is not None else ""
    inside = {"steps": ("steps", lever.steps), "teams": ("teams", lever.teams), "demand": ("types", lever.types)}.get(section)
    return f"{inside[0]}.{keys[0]}" if inside is not None and len(keys) == 2 and keys[0] in inside[1] else ""
