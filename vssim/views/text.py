"""What the terminal shows: the question, the verdict on every change in words, where the time went, and then the lesson.

Renderables only: who prints them, and where to, is the command line's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rich.console import Group, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from vssim.analysis import metrics
from vssim.analysis.compare import Comparison, Differences, Measured
from vssim.analysis.experiment import HEADLINE
from vssim.analysis.statistics import Difference, Estimate
from vssim.views import breakeven, words
from vssim.views.bars import bars

COLOURS = {"better": "bold green", "worse": "bold red", "undecided": "bold yellow", "no real difference": "bold"}

ROWS = {
    "throughput": "throughput a {unit}",
    "outcomes": "outcomes a {unit}",
    "time_to_outcome.p85": "time to outcome, 85 %",
    "value": "value a {unit}",
    "cost_of_delay": "cost of delay a {unit}",
    "on_time": "on time",
    "failure_demand": "failure demand",
    "wip": "WIP",
    "backlog": "backlog",
    "flow_efficiency": "flow efficiency",
}
"""What is told of a change beside the headline, where it tells something."""

TWINS = {"outcomes": "throughput", "time_to_outcome.p85": "lead_time.p85"}
"""What says the same where every item is right for the customer."""


def comparison(found: Comparison) -> RenderableType:
    """The verdict on every change."""
    parts = [*_head(found), *(part for one in found.values() for part in _change(found, one))]
    if not found:
        parts += ["", Text("No change to compare with: the scenario has none.")]
    return Group(*parts, *_in_short(found), *_lesson(found))


def one_variant(found: Comparison) -> RenderableType:
    """One variant alone: its metrics with intervals, and where the time went."""
    (variant,) = found.variants.values()
    unit = found.scenario.unit
    title = Text(variant.name, "bold")
    return Group(
        *_head(found), "", title, "", _metrics(variant, unit), *_steps(variant, unit), *_bars({"": variant}, unit), *_lesson(found)
    )


def _head(found: Comparison) -> Iterator[RenderableType]:
    scenario, settings = found.scenario, found.scenario.run
    yield Text(scenario.name, "bold")
    if scenario.question:
        yield Text(scenario.question)
    yield ""
    measured = f", measured from {scenario.unit} {words.figure(found.warmup, 6)}" if found.warmup else ""
    luck = " Every variant meets the same work and the same luck." if found else ""
    runs = words.many(found.replications, "replication")
    yield Text(f"{runs} of {words.many(settings.horizon, scenario.unit)}{measured}, seed {settings.seed}.{luck}", "dim")
    yield ""


def _in_short(found: Comparison) -> Iterator[RenderableType]:
    """All changes on one look, where there are several."""
    if len(found) < 2:
        return
    table = _grid("left", "right", "left")
    for one in found.values():
        verdict = one[HEADLINE].verdict or "undefined"
        table.add_row(one.change, words.shift(replace(one[HEADLINE].ratio, low=None)), Text(verdict, COLOURS.get(verdict, "bold")))
    yield Rule(style="dim")
    yield Text("In short (lead time, 85 % within)", "bold")
    yield _indented(table)


def _grid(*columns: JustifyMethod) -> Table:
    table = Table.grid(padding=(0, 2))
    for justify in columns:
        table.add_column(justify=justify)
    return table


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2), expand=False)


def _lesson(found: Comparison) -> Iterator[RenderableType]:
    if found.scenario.lesson:
        if len(found) > 1:
            yield ""
        yield Text.assemble(("Lesson: ", "bold"), found.scenario.lesson)


def _change(found: Comparison, one: Differences) -> Iterator[RenderableType]:
    unit = found.scenario.unit
    verdict = one[HEADLINE].verdict or "undefined"
    heading = Text.assemble((one.change, "bold"), ": ", (words.verdict(one[HEADLINE]) or verdict, COLOURS.get(verdict, "bold")))
    yield Rule(style="dim")
    yield heading
    yield _indented(_headline(one, unit))
    if one.start > found.warmup:
        yield _indented(Text(f"measured from {unit} {words.figure(one.start, 6)} on, on both sides", "dim"))
    yield ""
    yield _indented(_beside(found, one))
    yield _indented(_counts(one, unit))
    for line in breakeven.lines(one.break_even, unit):
        yield _indented(line)
    yield from _bars({"before": one.before, "after": one.after}, unit)


def _headline(one: Differences, unit: str) -> Text:
    before, after, found = one.before[HEADLINE].mean, one.after[HEADLINE].mean, one[HEADLINE]
    if before is None or after is None:
        return Text(f"lead time, 85 % within: {words.from_to(before, after)} {unit}s; nothing was delivered to measure")
    parts = [f"{words.from_to(before, after)} {unit}s", words.shift(found.ratio), words.better_in(found)]
    return Text.assemble("lead time, 85 % within: ", (", ".join(part for part in parts if part), "bold"))


def _beside(found: Comparison, one: Differences) -> Table:
    """The other figures of a change, and the load, one row each."""
    table = _grid("left", "left", "left", "left")
    for metric, name in ROWS.items():
        if _tells(metric, one):
            verdict = Text(one[metric].verdict or "", COLOURS.get(one[metric].verdict or "", ""))
            table.add_row(name.format(unit=found.scenario.unit), _values(metric, one), _shift(metric, one[metric]), verdict)
    before, after = next(iter(found.variants.values())), found.variants[one.change]
    table.add_row("load", f"{_load(before)} → {_load(after)}", _busiest(before, after), "")
    return table


def _shift(metric: str, found: Difference) -> str:
    return words.points(found.difference) if metrics.unit_of(metric) == "1" else words.shift(found.ratio, "")


def _tells(metric: str, one: Differences) -> bool:
    """False where a figure would only repeat another, or is nothing on both sides."""
    before, after = one.before[metric].mean, one.after[metric].mean
    if metric in TWINS:
        twin = TWINS[metric]
        return (before, after) != (one.before[twin].mean, one.after[twin].mean)
    return bool(before or after)


def _values(metric: str, one: Differences) -> str:
    before, after = one.before[metric].mean, one.after[metric].mean
    if metrics.unit_of(metric) == "1":
        return f"{words.percent(before)} → {words.percent(after)}"
    return words.from_to(before, after)


def _counts(one: Differences, unit: str) -> Text:
    """How many items the times are taken from, and what is left: at high WIP the finished ones flatter."""
    counts = f"delivered {_values('delivered', one)} items, unfinished at the end {_values('unfinished', one)}"
    before, after = one.before["age.p85"].mean, one.after["age.p85"].mean
    if before is None or after is None:
        return Text(counts)
    return Text(f"{counts}; of those in progress 85 % are younger than {words.from_to(before, after)} {unit}s")


def _load(variant: Measured) -> str:
    return words.percent(variant.load.rho)


def _busiest(before: Measured, after: Measured) -> str:
    """Who has the highest load."""
    return ", then ".join(dict.fromkeys(side.load.binding for side in (before, after) if side.load.binding))


def _bars(sides: Mapping[str, Mapping[str, Estimate]], unit: str) -> Iterator[RenderableType]:
    """Where the time went, one bar above the other."""
    causes = {name: {cause: side[f"time.{cause}"].mean for cause in words.CAUSES} for name, side in sides.items()}
    rows = [(name, {cause: time or 0.0 for cause, time in times.items()}) for name, times in causes.items()]
    drawn = list(bars(rows))
    if drawn:
        yield ""
        yield _indented(Text(f"where a delivered item's time went [{unit}s, mean]", "dim"))
        yield from map(_indented, drawn)
        yield ""


def _metrics(variant: Measured, unit: str) -> Table:
    table = _grid("left", "right", "left", "left")
    table.add_row("", Text("mean", "dim"), Text("95 % interval", "dim"), "")
    for metric, one in variant.items():
        if _of_all(metric) and not _repeats(metric, variant):
            mean, interval = words.as_share(one) if metrics.is_share(metric) else (words.figure(one.mean), words.interval(one))
            table.add_row(metric, mean, interval, metrics.unit_of(metric, unit).removeprefix("1"))
    for who, share_of_time in {**variant.load.by_team, **variant.load.by_gate}.items():
        name = "load, the highest" if who == variant.load.binding else "load"
        table.add_row(f"{name}: {who}", words.percent(share_of_time), "", "before the run")
    return table


def _of_all(metric: str) -> bool:
    """True for what is told of a variant as a whole: not by type, not by step, not by cause."""
    return "@" not in metric and not metric.startswith(("steps.", "time."))


def _repeats(metric: str, variant: Measured) -> bool:
    """True where a metric is nothing, or says again what another one says: nobody asks for outcomes, there is no backlog."""
    twin = metric.replace("time_to_outcome", "lead_time").replace("cycle_time", "lead_time").replace("outcomes", "throughput")
    one = variant[metric]
    return not (one.mean or one.high) or (twin != metric and one == variant[twin])


def _steps(variant: Measured, unit: str) -> Iterator[RenderableType]:
    """By step: how many items stand there, and how long they wait to be started."""
    names = dict.fromkeys(_step_names(variant))
    if not names:
        return
    table = _grid("left", "right", "right")
    table.add_row(Text("step", "dim"), Text("items there", "dim"), Text(f"wait to be started [{unit}s]", "dim"))
    for name in names:
        wip, queueing = variant[f"steps.{name}.wip"].mean, variant[f"steps.{name}.queueing"].mean
        table.add_row(name, words.figure(wip), words.figure(queueing))
    yield ""
    yield table


def _step_names(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name.startswith("steps.") and name.endswith(".wip"):
            yield name.removeprefix("steps.").removesuffix(".wip")
