"""Changes worth trying, derived from the longest waits, gates, returns and divided attention."""

from __future__ import annotations

from typing import Any

from vssim.learning.baseline import Baseline
from vssim.learning.structure import time_at

MANY_RETURNS = 0.08
"""From this share of returns on, reducing them is suggested [1]."""

Changes = dict[str, list[Any]]


def suggestions(baseline: Baseline, middle: dict[str, float]) -> Changes:
    """Changes by name, those for the longest wait first. `middle`: the medians by the figures' names."""
    suggested: Changes = {}
    step = worst_step(baseline)
    teams = [name for name, team in baseline.teams.items() if step in team["does"]]
    people = sum(int(_people(baseline, name, middle)) for name in teams)
    if step and people:
        suggested[f"limit {step}"] = [{"limit_wip": {"steps": {step: people + max(1, people // 3)}}}]
        suggested[f"one more person in {teams[0]}"] = [{"add_people": {"teams": {teams[0]: 1}}}]
    many = [name for name, team in baseline.teams.items() if len(team["does"]) > 1]
    if many:
        suggested["finish first"] = [{"finish_first": {"teams": many}}]
    if len(baseline.teams) > 1:
        count = min(int(_people(baseline, name, middle)) for name in baseline.teams)
        suggested["cross-functional teams"] = [{"cross_functional_teams": {"count": max(1, count)}}]
    if any(figure.name.startswith("comes back") and middle[figure.name] >= MANY_RETURNS for figure in baseline.figures):
        suggested["right the first time"] = [{"build_quality_in": {"cut": "50%", "cost": "10%"}}]
    if any("gate" in held for held in baseline.steps.values()):
        suggested["twice as often"] = [{"shorten_cadence": {"factor": "50%"}}]
    if any(team.get("meetings") not in (None, "0%") for team in baseline.teams.values()):
        suggested["half the meetings"] = [{"cut_meetings": {"cut": "50%"}}]
    if middle.get("open items a person", 1) > 1 or any(team.get("multitasking", 1) > 1 for team in baseline.teams.values()):
        suggested["one thing at a time"] = ["stop_multitasking"]
    return suggested


def worst_step(baseline: Baseline) -> str | None:
    """The step of work with the most time in its columns over all visits; None where there is none."""
    shape, history = baseline.shape, baseline.history
    working = (stage for stage in shape.stages if stage.works)
    longest = max(working, key=lambda stage: time_at(history, shape, stage), default=None)
    return None if longest is None else longest.name


def _people(baseline: Baseline, team: str, middle: dict[str, float]) -> float:
    return middle.get(team, float(baseline.teams[team]["people"]))
