"""The organisation in force, as the reference engine asks about it: a phase of the program in plain Python integers."""

from __future__ import annotations

from functools import lru_cache

from vssim.workload.rules import GateRules, Phase, PoolRules, SpanRules, StepRules, TeamRules, TypeRules, in_lists


class Organisation:
    """One phase of the program. Pools, teams, steps, skills and gates go by number."""

    def __init__(self, phase: Phase, team_of: list[int]) -> None:
        self.team_of = team_of
        self.numbers = range(len(team_of))
        self.routing = phase.routing
        self.discipline = phase.discipline
        self.stream_limit = phase.stream_limit
        self.steps: StepRules[list[int]] = in_lists(phase.steps)
        self.types: TypeRules[list[int], list[list[int]]] = in_lists(phase.types)
        self.spans: SpanRules[list[int], list[list[int]]] = in_lists(phase.spans)
        self.gates: GateRules[list[int], list[list[int]]] = in_lists(phase.gates)
        self.teams: TeamRules[list[int], list[list[int]]] = in_lists(phase.teams)
        self.pools: PoolRules[list[int], list[list[int]]] = in_lists(phase.pools)
        staff = phase.staffing
        columns = (staff.at, staff.pool, staff.people, staff.cap, staff.row)
        self.staffing = list(zip(*(column.tolist() for column in columns), strict=True))
        """when people change, while this organisation is in force: (tick, pool, people, cap, row of the rates), by time"""
        self.somebody_has = lru_cache(None)(self._somebody_has)
        self.team_does = lru_cache(None)(self._team_does)
        self.may_hand_on = lru_cache(None)(self._may_hand_on)
        self.spans_over = lru_cache(None)(self._spans_over)

    def proficiency(self, pool: int, skill: int) -> int:
        """How fast a pool does, or else helps at, a skill [millionths]; 0 not at all."""
        return self.pools.does[pool][skill] or self.pools.helps[pool][skill]

    def _somebody_has(self, skill: int) -> bool:
        return any(self.proficiency(pool, skill) for pool in self.numbers)

    def _team_does(self, team: int, skill: int) -> bool:
        return any(self.pools.does[pool][skill] for pool in self.numbers if self.team_of[pool] == team)

    def _may_hand_on(self, before: int, skill: int) -> bool:
        """True when some team that can do what comes before does not do what needs `skill`."""
        return any(self.team_can(team, before) and not self.team_does(team, skill) for team in set(self.team_of))

    def _spans_over(self, step: int, kind: int) -> frozenset[int]:
        """The spans that count an item of a type in a step's column."""
        spans = self.spans
        return frozenset(
            span
            for span, (first, last) in enumerate(zip(spans.first, spans.last, strict=True))
            if first <= step <= last and spans.counted[span][kind]
        )

    def team_can(self, team: int, skill: int) -> bool:
        """True when a pool of the team does or helps at the skill."""
        return any(self.proficiency(pool, skill) for pool in self.numbers if self.team_of[pool] == team)

    def team_there(self, team: int) -> bool:
        """True when the team has people in this organisation."""
        return any(self.pools.there[pool] for pool in self.numbers if self.team_of[pool] == team)

    def gate_exists(self, gate: int) -> bool:
        """True when what waits at this gate has to wait for an opening."""
        return gate >= 0 and self.gates.every[gate] > 0

    def until_open(self, gate: int, now: int) -> int:
        """Ticks from `now` to the gate's next opening, 0 when it is open now; a gate that is gone is always open."""
        if self.gates.listed[gate]:
            return next(moment for moment in self.gates.openings[gate] if moment >= now) - now
        every = self.gates.every[gate]
        return (self.gates.offset[gate] - now) % every if every else 0

    def until_next(self, gate: int, now: int) -> int:
        """Ticks from an opening of the gate to the one after it."""
        if self.gates.listed[gate]:
            return next(moment for moment in self.gates.openings[gate] if moment > now) - now
        return self.gates.every[gate]
