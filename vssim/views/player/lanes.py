"""Lanes: how a large stream is told apart by who it flows to.

Types that share their longest step share a lane; steps that stand beside each other, because no type visits two of them, share a
column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vssim.clock import Ints
from vssim.log import Kind, Log


def flow(log: Log, named: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Types, lanes and columns of a run. `named`: lanes as the scenario has them, by type."""
    kinds, steps = len(log.types), len(log.steps)
    times, touch = _by_type_and_step(log)
    seen = times.sum(axis=1) > 0
    lanes = _lanes(log, seen, touch, named or {})
    small = _small(log, seen)
    types = [
        {
            "name": log.types[kind],
            "seen": bool(seen[kind]),
            "round": kind == small,
            "steps": np.flatnonzero(times[kind]).tolist(),
            "lane": next((number for number, (_, there) in enumerate(lanes) if kind in there), -1),
        }
        for kind in range(kinds)
    ]
    columns = [{"name": _common([log.steps[step] for step in group]), "steps": group} for group in _parallel(log, times, steps)]
    return {"types": types, "lanes": [{"name": name, "types": there} for name, there in lanes], "flowColumns": columns}


def _by_type_and_step(log: Log) -> tuple[Ints, Ints]:
    """How often items of each type come to each step, and the ticks of work there; shape (types, steps)."""
    visits, shape = log.visits, (len(log.types), len(log.steps))
    rows = np.flatnonzero(visits.kind != Kind.TICKET)
    cell = log.items.type[visits.item[rows]].astype(np.int64) * shape[1] + visits.step[rows]
    size = shape[0] * shape[1]
    worked = visits.finished[rows] - visits.started[rows]
    times = np.bincount(cell, minlength=size).reshape(shape)
    return times, np.bincount(cell, np.maximum(worked, 0), size).reshape(shape).astype(np.int64)


def _small(log: Log, seen: Any) -> int:
    """The type with the least work, which is drawn with round marks; −1 where there is only one type."""
    there = np.flatnonzero(seen)
    if len(there) < 2:
        return -1
    work = [float(log.items.work[log.items.type == kind].mean()) if (log.items.type == kind).any() else 0.0 for kind in there]
    return int(there[int(np.argmin(work))])


def _lanes(log: Log, seen: Any, touch: Ints, named: Mapping[str, str]) -> list[tuple[str, list[int]]]:
    """Lanes in the order of their first type: a name and the types."""
    groups: dict[str, list[int]] = {}
    for kind in np.flatnonzero(seen).tolist():
        own = named.get(log.types[kind])
        key = f"= {own}" if own else f"step {int(touch[kind].argmax())}"
        groups.setdefault(key, []).append(kind)
    return [(key[2:] if key[0] == "=" else _common([log.types[kind] for kind in there]), there) for key, there in groups.items()]


def _parallel(log: Log, times: Ints, steps: int) -> list[list[int]]:
    """Steps by column: neighbours in the order of steps that no type visits two of, and that lead to the same columns.

    From the last step to the first, as what is further down says which steps stand beside each other: three teams that build and
    prove each on their own are one column that builds and one that proves.
    """
    after = _next_steps(log, steps)
    groups: list[list[int]] = []
    column: dict[int, int] = {}

    def leads(step: int) -> set[int]:
        return {column[other] for other in after[step]}

    for step in reversed(range(steps)):
        last = groups[-1] if groups else []
        apart = bool(last) and all(not (times[:, neighbour] & times[:, step]).any() for neighbour in last) and times[:, step].any()
        if not (apart and times[:, last].any() and leads(last[0]) == leads(step)):
            groups.append([])
        groups[-1].insert(0, step)
        column[step] = len(groups)
    return groups[::-1]


def _next_steps(log: Log, steps: int) -> list[set[int]]:
    """By step, the later steps that items go to from there."""
    visits = log.visits
    here, there = visits.step[:-1].astype(np.int64), visits.step[1:].astype(np.int64)
    onward = (visits.item[:-1] == visits.item[1:]) & (there > here)
    following: list[set[int]] = [set() for _ in range(steps)]
    for pair in np.unique(here[onward] * steps + there[onward]).tolist():
        following[pair // steps].add(pair % steps)
    return following


def _common(names: Sequence[str]) -> str:
    """What names have in common: their first words, else their last ones, else all of them."""
    if len(names) == 1:
        return names[0]
    words = [name.split() for name in names]
    shared = _alike(words) or _alike([letters[::-1] for letters in words])[::-1]
    return " ".join(shared) or ", ".join(names)


def _alike(names: Sequence[Sequence[str]]) -> list[str]:
    """The words with which all begin."""
    shared: list[str] = []
    for words in zip(*names, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return shared
