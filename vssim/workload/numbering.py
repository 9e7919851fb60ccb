"""One numbering of steps, skills, types, teams, pools and gates for a whole run, whatever comes into force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from vssim.model.model import Model
from vssim.model.steps import Need


@dataclass(frozen=True)
class Universe:
    """All names that any phase of a run has, in order; a number is a position here."""

    steps: tuple[str, ...]
    skills: tuple[str, ...]
    """the steps first, then other skills"""
    types: tuple[str, ...]
    teams: tuple[str, ...]
    pools: tuple[tuple[str, int], ...]
    """(team, position of the group in it), by team"""
    gates: tuple[str, ...]
    spans: tuple[str, ...] = ()
    """limits over columns"""

    @cached_property
    def step_number(self) -> dict[str, int]:
        """Step name -> number."""
        return {name: number for number, name in enumerate(self.steps)}

    @cached_property
    def skill_number(self) -> dict[str, int]:
        """Skill name -> number."""
        return {name: number for number, name in enumerate(self.skills)}

    @cached_property
    def gate_number(self) -> dict[str, int]:
        """Gate name -> number."""
        return {name: number for number, name in enumerate(self.gates)}


def universe(models: Sequence[Model]) -> Universe:
    """The common numbering of `models`, whose common steps stand in the same order."""
    steps = merged([tuple(model.steps) for model in models])
    skills = dict.fromkeys([*steps, *(skill for model in models for skill in model.skills())])
    teams = tuple(dict.fromkeys(team for model in models for team in model.teams))
    crafts = {team: max(len(m.teams[team].groups) for m in models if team in m.teams) for team in teams}
    gates = dict.fromkeys(name for model in models for name in gate_names(model))
    return Universe(
        steps=steps,
        skills=tuple(skills),
        types=tuple(dict.fromkeys(kind for model in models for kind in model.demand)),
        teams=teams,
        pools=tuple((team, position) for team in teams for position in range(crafts[team])),
        gates=tuple(gates),
        spans=tuple(dict.fromkeys(span for model in models for span in model.limits)),
    )


def merged(orders: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One order that agrees with all `orders`: each new name stands before the first later name that is known already."""
    names: list[str] = list(orders[0])
    for order in orders[1:]:
        for position, name in enumerate(order):
            if name not in names:
                later = [names.index(other) for other in order[position + 1 :] if other in names]
                names.insert(min(later, default=len(names)), name)
    return tuple(names)


def gate_names(model: Model) -> Iterable[str]:
    """Names of the gates of a model: a step's own, then those of the committees it needs."""
    for name, step in model.steps.items():
        if step.gate is not None:
            yield name
        yield from (label for label, need in named_needs(name, step.needs) if need.gate is not None)


def named_needs(step: str, needs: Sequence[Need]) -> list[tuple[str, Need]]:
    """Each need with a name of its own that does not change when other needs come or go: 'step: from whom#n'."""
    seen: dict[str, int] = {}
    named = []
    for need in needs:
        who = need.from_ or f"outside {need.outside}"
        seen[who] = seen.get(who, 0) + 1
        named.append((f"{step}: {who}#{seen[who]}", need))
    return named
