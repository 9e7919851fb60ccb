"""What it costs that the organisation changes every day: a visit's CPU time and memory against the same stream left alone.

    python -m benchmarks.phases                       250 days, each with a change of its own
    python -m benchmarks.phases --days 20 --replications 5

People, limits and pull rules are looked up when a day comes. What items travel by (the work of a step, a chance to come back) is
drawn for the days on which they may set out: for who leaves the backlog at once, the day of its arrival. Who may be kept there by
a limit might set out on any day from then on: the run is played, now and then twice, to see on which (the last row).
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import vssim
from vssim.engines import machine, trace
from vssim.engines.compiled.player import prepare
from vssim.metrics import sampling
from vssim.play import swift
from vssim.play.experiment import Experiment, measured, thresholds
from vssim.play.replications import logged
from vssim.play.settings import adjusted
from vssim.scenario import measured_from

STREAM = """
run: {{horizon: {horizon}, warmup: 0, seed: 1}}
demand: {{feature: {{every: exponential(0.5), size: "lognormal(mean=1, cv=0.5)"}}}}
steps:
  design: {{work: "lognormal(mean=1, cv=0.5)"{limit}}}
  build: {{work: "lognormal(mean=2, cv=0.8)", wip_limit: 20}}
  test: {{work: "lognormal(mean=1, cv=0.8)", returns: {{to: build, chance: 20%}}}}
teams: {{designers: {{people: 3, does: design}}, builders: {{people: 6, does: build}}, testers: {{people: 4, does: test}}}}
changes:
"""


def _work(day: int) -> str:
    return f'steps.build.work: "lognormal(mean={2 + day / 1000:g}, cv=0.8)"'


KINDS: dict[str, Callable[[int], str]] = {
    "people": lambda day: f"teams.builders.people: {6 + day % 3}",
    "a limit": lambda day: f"steps.build.wip_limit: {18 + day % 3}",
    "the work of a step": _work,
    "a chance to come back": lambda day: f"steps.test.returns.0.chance: {20 + day / 100:g}%",
    "the size of items": lambda day: f'demand.feature.size: "lognormal(mean={1 + day / 1000:g}, cv=0.5)"',
    "work, behind a limit": _work,
}
"""By what changes: the setting of a day."""

LIMITS = {"work, behind a limit": ", wip_limit: 8"}
"""Of the first step, where it has one."""


@dataclass(frozen=True)
class Cost:
    """What a visit costs."""

    once: float
    """CPU time of working the organisations out, which all replications share [s of the whole]"""
    visit: float
    """CPU time from the drawn luck to all metrics [s a visit]"""
    memory: float
    """peak of one replication: program, kernel and log [bytes a visit]"""


def scenario(kind: str, days: int) -> vssim.Scenario:
    """The stream, with a change called `all` that has something new every day."""
    each = "".join(f"  day {day}: [{{set: {{{KINDS[kind](day)}}}}}]\n" for day in range(1, days + 1))
    every = ", ".join(f"day {day}: {day}" for day in range(1, days + 1))
    return vssim.loads(f"{STREAM.format(horizon=days + 10, limit=LIMITS.get(kind, ''))}{each}  all: {{includes: {{{every}}}}}\n")


def cost(stream: vssim.Scenario, change: str | None, replications: int) -> Cost:
    """Every replication by itself, drawn as `compare` has them drawn."""
    study = Experiment.of(adjusted(stream, replications=replications), [change], "compiled").study
    study.expect((0, replication) for replication in range(replications))
    windows, within = (measured_from(stream),), thresholds(stream)
    gc.collect()
    begin = time.process_time()
    play = partial(trace, engine="compiled")
    study.blueprint(0, 0).draw(2, 0, play=play)  # ways and laws are worked out as they are drawn first
    once, begin, visits = time.process_time() - begin, time.process_time(), 0
    for replication in range(replications):
        log = study.log(0, replication)
        measured(log, windows, within)
        visits += len(log.visits.item)
    each = (time.process_time() - begin) / visits
    tracemalloc.start()
    program = study.blueprint(0, 0).draw(1, 0, play=play)
    log = logged(program, "compiled")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Cost(once, each, peak / len(log.visits.item))


def table(days: int, replications: int) -> str:
    """Markdown: each kind of change against no change."""
    lines = ["| every day another | a visit [ns] | × no change | memory × | once [ms] |", "|---|--:|--:|--:|--:|"]
    for kind in KINDS:
        stream = scenario(kind, days)
        cost(stream, None, 1)
        still, moving = cost(stream, None, replications), cost(stream, "all", replications)
        cells = (f"{moving.visit * 1e9:,.0f}", f"{moving.visit / still.visit:.1f}", f"{moving.memory / still.memory:.1f}")
        lines.append(f"| {kind} | {' | '.join(cells)} | {moving.once * 1e3:,.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure every kind, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phases", description="Changes every day, against none.")
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--replications", type=int, default=20)
    options = parser.parse_args()
    prepare()
    for package, entrance in ((sampling.PACKAGE, sampling.ENTRANCE), (swift.PACKAGE, swift.ENTRANCE)):
        machine.made(package, entrance)
    sys.stdout.write(f"{table(options.days, options.replications)}\n")


if __name__ == "__main__":
    main()
