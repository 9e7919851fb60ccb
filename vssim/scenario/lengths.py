"""Lengths: how long a scenario runs where its file does not say it, and how much of that is warm-up."""

from __future__ import annotations

import math
from collections.abc import Iterable

from vssim.model.memory import Memory, longest_span, memory
from vssim.model.model import Model
from vssim.scenario.schema import Scenario, with_parts

SHORTEST = 250.0
"""Where a file does not say it and demand ends, a run has at least this length [units of time]."""

ITEMS = 200
"""At least so many items arrive in the measured time."""

MEMORIES = 10
"""The measured time is at least so many times as long as the stream remembers, or as a gate period."""

SPANS, LONGEST = 20, 2500.0
"""No steady state is claimed that takes more than so many of the longest spans that a file states, and than so long [units]."""


def measured_from(scenario: Scenario, others: Iterable[Model] = ()) -> float:
    """The warm-up of a scenario's runs [units of time]; 0 where they begin with items under way.

    It is what the scenario says; for `auto`, the longest that is asked for by the organisation as it is, an undated change, or
    one of `others`.

    It is worked out from the file alone, whichever changes are played, so that every comparison of a file measures from the same
    moment on. At most half of the run is cut: what is left would say less than the start spoils.
    """
    given = scenario.run.warmup
    if given != "auto":
        return float(given)
    if scenario.model.under_way >= 0:
        return 0.0  # nothing has to settle: the run begins with what is there
    longest = max(each.warmup for each in (*memories(scenario), *map(memory, others)))
    return min(longest, scenario.run.horizon / 2)


def memories(scenario: Scenario) -> list[Memory]:
    """The memory of the organisation as it is and of each change that holds from the start."""
    undated = [name for name, change in scenario.changes.items() if not change.begins and change.every is None]
    return [memory(scenario.plan(name).phases[-1].model) for name in (None, *undated)]


def with_length(scenario: Scenario) -> Scenario:
    """The scenario with a horizon that fits, where its file has none; and with an automatic warm-up where it has neither."""
    stated = scenario.run.model_fields_set if "run" in scenario.model_fields_set else set()
    if "horizon" in stated:
        return scenario
    warmup = scenario.run.warmup if "warmup" in stated else "auto"
    warmup = 0.0 if scenario.model.under_way >= 0 else warmup
    length = _length(scenario, None if warmup == "auto" else float(warmup))
    settings = scenario.run.model_copy(update={"horizon": length, "warmup": warmup})
    return with_parts(scenario, run=settings)


def _length(scenario: Scenario, warmup: float | None) -> float:
    """Warm-up and measured time together, rounded up to two digits [units of time]."""
    lengths = [_fitting(each, warmup) for each in memories(scenario)]
    longest = max(SPANS * longest_span(scenario.model), LONGEST)
    return _rounded_up(max(min(max(lengths), longest), 2 * (warmup or 0.0)))


def _fitting(each: Memory, warmup: float | None) -> float:
    if not each.ongoing:
        return SHORTEST
    if not each.settles:
        return math.inf
    measured = max(MEMORIES * (each.relaxation + each.slow), MEMORIES * each.cadence, ITEMS / each.rate)
    return (each.warmup if warmup is None else warmup) + measured


def _rounded_up(length: float) -> float:
    """At least so long, with two digits that people can remember."""
    step = 10.0 ** (math.floor(math.log10(length)) - 1)
    return math.ceil(round(length / step, 9)) * step
