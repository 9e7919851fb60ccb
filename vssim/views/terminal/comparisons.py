"""Comparisons on the terminal: the question, the verdict on every change, where the time went, and the lesson.

These functions return Rich renderables; the command line prints them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from vssim.analysis.compare.compare import Comparison, Differences, Measured
from vssim.catalogue import label_of
from vssim.metrics import measure
from vssim.play.pooled import given_up
from vssim.scenario import Scenario
from vssim.statistics import Estimate, luck_in_words
from vssim.views import labels, rows, words
from vssim.views.terminal import breakeven, periods, worlds
from vssim.views.terminal.bars import bars
from vssim.views.terminal.ranking import COLOURS, ranking
from vssim.views.unknowns import worlds_in_words


def comparison(comparison: Comparison) -> RenderableType:
    """The verdict on every change."""
    parts = [
        *_head(comparison),
        *ranking(comparison),
        *_clocks_apart(comparison),
        *_as_it_is(comparison),
        *periods.lines(comparison),
        *(part for differences in rows.ranked(comparison) for part in _change(comparison, differences)),
    ]
    if not comparison:
        parts += ["", Text("No change to compare with: the scenario has none.")]
    return Group(*parts, *_lesson(comparison))


def _as_it_is(comparison: Comparison) -> Iterator[RenderableType]:
    """Notes on the organisation as it is, with which every change is compared."""
    warnings = next(iter(comparison.variants.values())).warnings if comparison else ()
    for text in warnings:
        yield _warning(f"as it is: {text}")
    if warnings:
        yield ""


def _warning(text: str) -> RenderableType:
    """A warning whose further lines are aligned with its first."""
    table = Table.grid(padding=(0, 1))
    table.add_row(Text("!", "yellow"), Text(text, "yellow"))
    return table


def family(comparison: Comparison) -> RenderableType:
    """All variants compared as one statement: those not significantly beaten, and the most that choosing each one costs."""
    told = comparison.family
    if told is None:
        return Text("No family: fewer than two variants that can be compared, or a headline that is neither good nor bad.")
    lines = [Text(f"Looked at together ({label_of(comparison.headline)}, {len(told.names)} variants, as one statement):", "bold")]
    if told.sure:
        lines.append(Text(f"not surely beaten: {', '.join(told.unbeaten)}"))
    costs = sorted(told.costs_at_most.items(), key=lambda alternative: alternative[1])
    for name, cost in costs:
        most = words.percent(cost) if told.relative else words.figure(cost)
        lines.append(Text(f"{name}: choosing it costs at most {most} against the best of them"))
    return Group(*lines)


def _true_shares(variant: Measured, unit: str) -> Iterator[RenderableType]:
    """Sentences on percentiles at which many items are tied, so that more items lie within them than their names say."""
    for metric, estimate in variant.items():
        if _of_all(metric) and not _repeats(metric, variant) and (said := words.true_share(metric, estimate, unit)):
            yield Text(f"{metric}: many share that time: {said}")


def _clocks_apart(comparison: Comparison) -> Iterator[RenderableType]:
    """Sentences on why cycle times cannot be compared, where that is so."""
    if any(SINCE in differences and pulls_differ(differences) for differences in comparison.values()):
        said = "One side starts what arrives at once, the other holds it back: cycle times do not compare, times since start do."
        yield Text(said, "dim")
    limits = {name: told for name, variant in comparison.variants.items() if (told := variant.team_limits)}
    for name, teams in limits.items():
        yield Text(
            f"{name}: a team's limit ({', '.join(teams)}) holds nothing in the backlog: what waits for it stands in the column, "
            "unowned, and counts as in progress; `committed: started` counts it as backlog.",
            "dim",
        )


def one_variant(comparison: Comparison) -> RenderableType:
    """A single variant: its metrics with intervals, and where the time went."""
    (variant,) = comparison.variants.values()
    unit = comparison.scenario.unit
    title = Text(variant.name, "bold")
    return Group(
        *_head(comparison),
        "",
        title,
        *(_warning(text) for text in variant.warnings),
        "",
        _metrics(variant, comparison),
        *_true_shares(variant, unit),
        *_uneven({metric: variant[metric] for metric in rows.shown_alone(variant)}, comparison.scenario),
        *(Text(f"{label_of(name)}: {_outcome(told, unit, comparison.scenario)}") for name, told in variant.outcomes.items()),
        *_gave_up(variant),
        "",
        *periods.lines(comparison),
        *_steps(variant, unit),
        *_bars({"": variant}, unit),
        *_lesson(comparison),
    )


def _head(comparison: Comparison) -> Iterator[RenderableType]:
    scenario, settings = comparison.scenario, comparison.scenario.run
    yield Text(scenario.name, "bold")
    if scenario.question:
        yield Text(scenario.question)
    yield ""
    measured = f", measured from {scenario.unit} {words.figure(comparison.warmup, 6)}" if comparison.warmup else ""
    luck = " Every variant meets the same work and the same luck." if comparison else ""
    runs = words.many(comparison.replications, "replication")
    yield Text(f"{runs} of {words.many(settings.horizon, scenario.unit)}{measured}, seed {settings.seed}.{luck}", "dim")
    if said := worlds_in_words(scenario, comparison.replications):
        yield Text(said, "dim")
    yield ""


SINCE = "since_start.p85"


def pulls_differ(differences: Differences) -> bool:
    """Whether exactly one of the two sides has a backlog worth mentioning."""
    held = sorted(
        (side["backlog"].mean or 0.0) > NO_BACKLOG * (side["wip"].mean or 0.0) for side in (differences.before, differences.after)
    )
    return held == [False, True]


NO_BACKLOG = 0.02
"""A backlog smaller than this share of the items in progress counts as none [1]."""


def _grid(*columns: JustifyMethod) -> Table:
    table = Table.grid(padding=(0, 2))
    for justify in columns:
        table.add_column(justify=justify)
    return table


def _indented(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2), expand=False)


def _lesson(comparison: Comparison) -> Iterator[RenderableType]:
    if comparison.scenario.lesson:
        if len(comparison) > 1:
            yield ""
        yield Text.assemble(("Lesson: ", "bold"), comparison.scenario.lesson)


def _change(comparison: Comparison, differences: Differences) -> Iterator[RenderableType]:
    unit = comparison.scenario.unit
    verdict = differences[differences.headline].verdict or "undefined"
    heading = Text.assemble(
        (differences.change, "bold"),
        ": ",
        (words.verdict(differences[differences.headline]) or verdict, COLOURS.get(verdict, "bold")),
    )
    yield Rule(style="dim")
    yield heading
    yield _indented(_headline(comparison, differences))
    for line in worlds.lines(differences, unit, comparison.scenario.currency):
        yield _indented(line)
    if differences.start > comparison.warmup:
        yield _indented(Text(f"measured from {unit} {words.figure(differences.start, 6)} on, on both sides", "dim"))
    yield ""
    yield _indented(_beside(comparison, differences))
    yield _indented(_counts(comparison, differences))
    for part in _more(comparison, differences):
        yield _indented(part)
    for line in breakeven.lines(differences.break_even, comparison.scenario):
        yield _indented(line)
    places = {cause: rows.places_apart(comparison, f"time.{cause}") for cause in labels.CAUSES}
    yield from _bars({"before": differences.before, "after": differences.after}, unit, places)


def _more(comparison: Comparison, differences: Differences) -> Iterator[RenderableType]:
    """Further lines on a variant: precision gained by common luck, the reason for a missing interval, outcomes, and notes."""
    unit, headline = comparison.scenario.unit, differences[differences.headline]
    sides = [("as it is", differences.before[differences.headline]), (differences.change, differences.after[differences.headline])]
    shared = [f"{name} {said}" for name, side in sides if (said := words.true_share(differences.headline, side, unit))]
    if shared:
        yield Text(f"many share that time: {', '.join(shared)}")
    luck = luck_in_words(headline)
    if luck:
        yield Text(f"{luck}; it helps differences, not levels", "dim")
    yield from _uneven(rows.ratios(differences), comparison.scenario)
    if headline.reason:
        yield Text(f"no interval: {headline.reason}", "dim")
    for name, told in comparison.variants[differences.change].outcomes.items():
        yield Text(f"{label_of(name)}: {_outcome(told, unit, comparison.scenario)}")
    for text in comparison.variants[differences.change].warnings:
        yield _warning(text)


def _uneven(told: rows.Side, scenario: Scenario) -> Iterator[RenderableType]:
    """A line on figures whose intervals hold less often than stated."""
    if said := rows.uneven(told, scenario):
        yield Text(said, "dim")


def _outcome(told: Mapping[float, Estimate], unit: str, scenario: Scenario) -> str:
    """The quantiles of an outcome over the replications in which it occurred, as dates where time has dates."""
    parts = [f"{100 * share:.0f} % by {words.moment(estimate.mean, unit, scenario.dates)}" for share, estimate in told.items()]
    return ", ".join(parts)


def _headline(comparison: Comparison, differences: Differences) -> Text:
    before, after, difference = (
        differences.before[differences.headline].mean,
        differences.after[differences.headline].mean,
        differences[differences.headline],
    )
    places = rows.places(comparison, differences.headline)
    both = words.both(
        differences.headline, before, after, comparison.scenario.unit, comparison.scenario.currency, places, words.CHECKABLE
    )
    if before is None or after is None:
        return Text(f"{label_of(differences.headline)}: {both}; nothing was delivered to measure")
    parts = [both, words.moved(differences.headline, difference), words.better_in(difference)]
    return Text.assemble(f"{label_of(differences.headline)}: ", (", ".join(part for part in parts if part), "bold"))


def _beside(comparison: Comparison, differences: Differences) -> Table:
    """The other figures of a change, and the load, one row each."""
    table = _grid("left", "left", "left", "left")
    for metric in rows.telling(differences.before, differences.after, differences.headline):
        verdict = Text(differences[metric].verdict or "", COLOURS.get(differences[metric].verdict or "", ""))
        name = labels.of_metric(metric, comparison.scenario.unit, comparison.scenario.currency)
        table.add_row(name, _values(comparison, metric, differences), words.moved(metric, differences[metric], ""), verdict)
    before, after = next(iter(comparison.variants.values())), comparison.variants[differences.change]
    table.add_row("load", f"{_load(before)} → {_load(after)}", _busiest(before, after), "")
    return table


def _values(comparison: Comparison, metric: str, differences: Differences) -> str:
    before, after = differences.before[metric].mean, differences.after[metric].mean
    if measure.is_share(metric):
        return " → ".join(words.shares(before, after))
    return words.from_to(before, after, rows.places(comparison, metric), words.CHECKABLE)


def _counted(comparison: Comparison, metric: str, differences: Differences) -> str:
    """A metric before and after, without its change in per cent."""
    return words.from_to(differences.before[metric].mean, differences.after[metric].mean, rows.places_apart(comparison, metric))


def _counts(comparison: Comparison, differences: Differences) -> Text:
    """The numbers of delivered and unfinished items: at high WIP the finished ones alone look too good."""
    delivered, unfinished = (
        words.from_to(
            differences.before[count].mean, differences.after[count].mean, rows.places_counted(comparison, count), words.COUNTED
        )
        for count in ("delivered", "unfinished")
    )
    counts = f"delivered {delivered} items, unfinished at the end {unfinished}"
    lost = [given_up(side) for side in (differences.before, differences.after)]
    if any(lost):
        counts += f"; of those that left {words.percent(lost[0])} → {words.percent(lost[1])} gave up, times are of the others"
    before, after = differences.before["age.p85"].mean, differences.after["age.p85"].mean
    if before is None or after is None:
        return Text(counts)
    age = _counted(comparison, "age.p85", differences)
    return Text(f"{counts}; of those in progress 85 % are younger than {age} {comparison.scenario.unit}s")


def _load(variant: Measured) -> str:
    return words.percent(variant.load.rho)


def _busiest(before: Measured, after: Measured) -> str:
    """The team or gate with the highest load."""
    return ", then ".join(dict.fromkeys(side.load.binding for side in (before, after) if side.load.binding))


def _bars(sides: rows.Sides, unit: str, places: Mapping[str, int | None] | None = None) -> Iterator[RenderableType]:
    """The bars of where the time went, below each other. `places`: decimals by cause."""
    causes = {name: {cause: side[f"time.{cause}"].mean for cause in labels.CAUSES} for name, side in sides.items()}
    times_of = [(name, {cause: time or 0.0 for cause, time in times.items()}) for name, times in causes.items()]
    drawn = list(bars(times_of, places or {}))
    if drawn:
        yield ""
        yield _indented(Text(f"where a delivered item's time went [{unit}s, mean]", "dim"))
        yield from map(_indented, drawn)
        yield ""


def _metrics(variant: Measured, comparison: Comparison) -> Table:
    unit, currency = comparison.scenario.unit, comparison.scenario.currency
    table = _grid("left", "right", "left", "left")
    table.add_row("", Text("mean", "dim"), Text("95 % interval", "dim"), "")
    for metric, estimate in variant.items():
        if metric == comparison.headline or (
            _of_all(metric) and not _repeats(metric, variant)
        ):  # other metrics of 0 are left out, but a headline of 0 is an answer
            mean, interval = (
                words.as_share(estimate) if measure.is_share(metric) else (words.figure(estimate.mean), words.interval(estimate))
            )
            table.add_row(metric, mean, interval, measure.unit_of(metric, unit, currency).removeprefix("1"))
    for who, share_of_time in {**variant.load.by_team, **variant.load.by_gate}.items():
        name = "load, the highest" if who == variant.load.binding else "load"
        table.add_row(f"{name}: {who}", words.percent(share_of_time), "", "before the run")
    return table


def _of_all(metric: str) -> bool:
    """Whether a metric is about a variant as a whole, not about a type, step or cause."""
    return "@" not in metric and not metric.startswith(("steps.", "time."))


def _gave_up(variant: Measured) -> Iterator[Text]:
    """The share of items that gave up, since all times are those of the others."""
    whole, *_ = variant.gave_up.values() or [None]
    if whole is not None and whole.mean:
        yield Text(f"of those that left {words.percent(whole.mean)} gave up; times are of the others")


def _repeats(metric: str, variant: Measured) -> bool:
    """Whether a metric is 0 or equals another one that is shown."""
    estimate = variant[metric]
    return not (estimate.mean or estimate.high) or rows.repeats(metric, variant)


def _steps(variant: Measured, unit: str) -> Iterator[RenderableType]:
    """For each step the number of items there, and how long they wait to be started."""
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
