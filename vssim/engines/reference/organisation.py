"""The organisation in force, as the reference engine asks about it: a phase of the program in plain Python integers."""

from __future__ import annotations

from functools import lru_cache

from vssim.workload.program import Phase


class Organisation:
    """One phase of the program. Pools, teams, steps, skills and gates go by number."""

    def __init__(self, phase: Phase, team_of: list[int]) -> None:
        self.team_of = team_of
        self.pools = range(len(team_of))
        self.discipline = phase.discipline
        self.stream_limit = phase.stream_limit
        self.step_there: list[int] = phase.step_there.tolist()
        self.step_limit: list[int] = phase.step_limit.tolist()
        self.type_limit: list[int] = phase.type_limit.tolist()
        self.team_limit: list[int] = phase.team_limit.tolist()
        self.team_pull: list[int] = phase.team_pull.tolist()
        self.team_tickets: list[int] = phase.team_tickets.tolist()
        self.batch: list[int] = phase.batch.tolist()
        self.relearning: list[int] = phase.relearning.tolist()
        self.gate_every: list[int] = phase.gate_every.tolist()
        self.gate_offset: list[int] = phase.gate_offset.tolist()
        self.gate_most: list[int] = phase.gate_most.tolist()
        self.people: list[int] = phase.pool_people.tolist()
        self.cap: list[int] = phase.pool_cap.tolist()
        self.rate: list[list[int]] = phase.rate.tolist()
        self.pace: list[list[int]] = phase.pace.tolist()
        self.does: list[list[int]] = phase.does.tolist()
        self.helps: list[list[int]] = phase.helps.tolist()
        self.somebody_has = lru_cache(None)(self._somebody_has)
        self.team_does = lru_cache(None)(self._team_does)

    def proficiency(self, pool: int, skill: int) -> int:
        """How fast a pool does, or else helps at, a skill [millionths]; 0 not at all."""
        return self.does[pool][skill] or self.helps[pool][skill]

    def _somebody_has(self, skill: int) -> bool:
        return any(self.proficiency(pool, skill) for pool in self.pools)

    def _team_does(self, team: int, skill: int) -> bool:
        return any(self.does[pool][skill] for pool in self.pools if self.team_of[pool] == team)

    def team_can(self, team: int, skill: int) -> bool:
        """True when a pool of the team does or helps at the skill."""
        return any(self.proficiency(pool, skill) for pool in self.pools if self.team_of[pool] == team)

    def team_there(self, team: int) -> bool:
        """True when the team has people in this organisation."""
        return any(self.cap[pool] for pool in self.pools if self.team_of[pool] == team)

    def gate_exists(self, gate: int) -> bool:
        """True when what waits at this gate has to wait for an opening."""
        return gate >= 0 and self.gate_every[gate] > 0

    def until_open(self, gate: int, now: int) -> int:
        """Ticks from `now` to the gate's next opening, 0 when it is open now; a gate that is gone is always open."""
        every = self.gate_every[gate]
        return (self.gate_offset[gate] - now) % every if every else 0
