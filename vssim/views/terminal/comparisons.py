"""What the terminal shows: the question, the verdict on every change in words, where the time went, and then the lesson.

Renderables only: who prints them, and where to, is the command line's business.
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


def comparison(found: Comparison) -> RenderableType:
    """The verdict on every change."""
    parts = [
        *_head(found),
        *ranking(found),
        *_clocks_apart(found),
        *_as_it_is(found),
        *periods.lines(found),
        *(part for one in rows.ranked(found) for part in _change(found, one)),
    ]
    if not found:
        parts += ["", Text("No change to compare with: the scenario has none.")]
    return Group(*parts, *_lesson(found))


def _as_it_is(found: Comparison) -> Iterator[RenderableType]:
    """What there is to know of the organisation as it is, with which every change is compared."""
    warnings = next(iter(found.variants.values())).warnings if found else ()
    for text in warnings:
        yield _warning(f"as it is: {text}")
    if warnings:
        yield ""


def _warning(text: str) -> RenderableType:
    """A warning, its further lines under the first."""
    table = Table.grid(padding=(0, 1))
    table.add_row(Text("!", "yellow"), Text(text, "yellow"))
    return table


def family(found: Comparison) -> RenderableType:
    """All variants looked at together: which are not surely beaten, and what choosing each costs at most."""
    told = found.family
    if told is None:
        return Text("No family: fewer than two variants that can be compared, or a headline that is neither good nor bad.")
    lines = [Text(f"Looked at together ({label_of(found.headline)}, {len(told.names)} variants, as one statement):", "bold")]
    if told.sure:
        lines.append(Text(f"not surely beaten: {', '.join(told.unbeaten)}"))
    costs = sorted(told.costs_at_most.items(), key=lambda one: one[1])
    for name, cost in costs:
        most = words.percent(cost) if told.relative else words.figure(cost)
        lines.append(Text(f"{name}: choosing it costs at most {most} against the best of them"))
    return Group(*lines)


def _true_shares(variant: Measured, unit: str) -> Iterator[RenderableType]:
    """The percentiles whose very time so many items share that more of them are within it than their names say."""
    for metric, one in variant.items():
        if _of_all(metric) and not _repeats(metric, variant) and (said := words.true_share(metric, one, unit)):
            yield Text(f"{metric}: many share that time: {said}")


def _clocks_apart(found: Comparison) -> Iterator[RenderableType]:
    """What keeps cycle times from being compared, where something does."""
    if any(SINCE in one and pulls_differ(one) for one in found.values()):
        said = "One side starts what arrives at once, the other holds it back: cycle times do not compare, times since start do."
        yield Text(said, "dim")
    limits = {name: told for name, variant in found.variants.items() if (told := variant.team_limits)}
    for name, teams in limits.items():
        yield Text(
            f"{name}: a team's limit ({', '.join(teams)}) holds nothing in the backlog: what waits for it stands in the column, "
            "unowned, and counts as in progress; `committed: started` counts it as backlog.",
            "dim",
        )


def one_variant(found: Comparison) -> RenderableType:
    """One variant alone: its metrics with intervals, and where the time went."""
    (variant,) = found.variants.values()
    unit = found.scenario.unit
    title = Text(variant.name, "bold")
    return Group(
        *_head(found),
        "",
        title,
        *(_warning(text) for text in variant.warnings),
        "",
        _metrics(variant, found),
        *_true_shares(variant, unit),
        *_uneven({metric: variant[metric] for metric in rows.shown_alone(variant)}, unit),
        *(Text(f"{label_of(name)}: {_outcome(told, unit, found.scenario)}") for name, told in variant.outcomes.items()),
        *_gave_up(variant),
        "",
        *periods.lines(found),
        *_steps(variant, unit),
        *_bars({"": variant}, unit),
        *_lesson(found),
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
    if said := worlds_in_words(scenario, found.replications):
        yield Text(said, "dim")
    yield ""


SINCE = "since_start.p85"


def pulls_differ(one: Differences) -> bool:
    """Whether one side has no backlog to speak of, and the other has."""
    held = sorted((side["backlog"].mean or 0.0) > NO_BACKLOG * (side["wip"].mean or 0.0) for side in (one.before, one.after))
    return held == [False, True]


NO_BACKLOG = 0.02
"""A backlog below this share of what is in progress is none."""


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
    verdict = one[one.headline].verdict or "undefined"
    heading = Text.assemble((one.change, "bold"), ": ", (words.verdict(one[one.headline]) or verdict, COLOURS.get(verdict, "bold")))
    yield Rule(style="dim")
    yield heading
    yield _indented(_headline(found, one))
    for line in worlds.lines(one, unit, found.scenario.currency):
        yield _indented(line)
    if one.start > found.warmup:
        yield _indented(Text(f"measured from {unit} {words.figure(one.start, 6)} on, on both sides", "dim"))
    yield ""
    yield _indented(_beside(found, one))
    yield _indented(_counts(found, one))
    for part in _more(found, one):
        yield _indented(part)
    for line in breakeven.lines(one.break_even, found.scenario):
        yield _indented(line)
    places = {cause: rows.places_apart(found, f"time.{cause}") for cause in labels.CAUSES}
    yield from _bars({"before": one.before, "after": one.after}, unit, places)


def _more(found: Comparison, one: Differences) -> Iterator[RenderableType]:
    """What common luck brought, why there is no interval, outcomes of what happens once, and what to know of this variant."""
    unit, headline = found.scenario.unit, one[one.headline]
    sides = [("as it is", one.before[one.headline]), (one.change, one.after[one.headline])]
    shared = [f"{name} {said}" for name, side in sides if (said := words.true_share(one.headline, side, unit))]
    if shared:
        yield Text(f"many share that time: {', '.join(shared)}")
    luck = luck_in_words(headline)
    if luck:
        yield Text(f"{luck}; it helps differences, not levels", "dim")
    yield from _uneven(rows.ratios(one), unit)
    if headline.reason:
        yield Text(f"no interval: {headline.reason}", "dim")
    for name, told in found.variants[one.change].outcomes.items():
        yield Text(f"{label_of(name)}: {_outcome(told, unit, found.scenario)}")
    for text in found.variants[one.change].warnings:
        yield _warning(text)


def _uneven(told: rows.Side, unit: str) -> Iterator[RenderableType]:
    """The figures whose intervals hold less often than they say."""
    if said := rows.uneven(told, unit):
        yield Text(said, "dim")


def _outcome(told: Mapping[float, Estimate], unit: str, scenario: Scenario) -> str:
    """An outcome as quantiles over the replications in which it happened, with dates where time has a date."""
    parts = [f"{100 * share:.0f} % by {words.moment(one.mean, unit, scenario.dates)}" for share, one in told.items()]
    return ", ".join(parts)


def _headline(found: Comparison, one: Differences) -> Text:
    before, after, difference = one.before[one.headline].mean, one.after[one.headline].mean, one[one.headline]
    places = rows.places(found, one.headline)
    both = words.both(one.headline, before, after, found.scenario.unit, found.scenario.currency, places, words.CHECKABLE)
    if before is None or after is None:
        return Text(f"{label_of(one.headline)}: {both}; nothing was delivered to measure")
    parts = [both, words.moved(one.headline, difference), words.better_in(difference)]
    return Text.assemble(f"{label_of(one.headline)}: ", (", ".join(part for part in parts if part), "bold"))


def _beside(found: Comparison, one: Differences) -> Table:
    """The other figures of a change, and the load, one row each."""
    table = _grid("left", "left", "left", "left")
    for metric in rows.telling(one.before, one.after, one.headline):
        verdict = Text(one[metric].verdict or "", COLOURS.get(one[metric].verdict or "", ""))
        name = labels.of_metric(metric, found.scenario.unit, found.scenario.currency)
        table.add_row(name, _values(found, metric, one), words.moved(metric, one[metric], ""), verdict)
    before, after = next(iter(found.variants.values())), found.variants[one.change]
    table.add_row("load", f"{_load(before)} → {_load(after)}", _busiest(before, after), "")
    return table


def _values(found: Comparison, metric: str, one: Differences) -> str:
    before, after = one.before[metric].mean, one.after[metric].mean
    if measure.is_share(metric):
        return " → ".join(words.shares(before, after))
    return words.from_to(before, after, rows.places(found, metric), words.CHECKABLE)


def _counted(found: Comparison, metric: str, one: Differences) -> str:
    """A metric before and after, without a change in per cent."""
    return words.from_to(one.before[metric].mean, one.after[metric].mean, rows.places_apart(found, metric))


def _counts(found: Comparison, one: Differences) -> Text:
    """How many items the times are taken from, and what is left: at high WIP the finished ones flatter."""
    delivered, unfinished = (
        words.from_to(one.before[count].mean, one.after[count].mean, rows.places_counted(found, count), words.COUNTED)
        for count in ("delivered", "unfinished")
    )
    counts = f"delivered {delivered} items, unfinished at the end {unfinished}"
    lost = [given_up(side) for side in (one.before, one.after)]
    if any(lost):
        counts += f"; of those that left {words.percent(lost[0])} → {words.percent(lost[1])} gave up, times are of the others"
    before, after = one.before["age.p85"].mean, one.after["age.p85"].mean
    if before is None or after is None:
        return Text(counts)
    return Text(f"{counts}; of those in progress 85 % are younger than {_counted(found, 'age.p85', one)} {found.scenario.unit}s")


def _load(variant: Measured) -> str:
    return words.percent(variant.load.rho)


def _busiest(before: Measured, after: Measured) -> str:
    """Who has the highest load."""
    return ", then ".join(dict.fromkeys(side.load.binding for side in (before, after) if side.load.binding))


def _bars(sides: rows.Sides, unit: str, places: Mapping[str, int | None] | None = None) -> Iterator[RenderableType]:
    """Where the time went, one bar above the other; with how many decimals, by cause."""
    causes = {name: {cause: side[f"time.{cause}"].mean for cause in labels.CAUSES} for name, side in sides.items()}
    times_of = [(name, {cause: time or 0.0 for cause, time in times.items()}) for name, times in causes.items()]
    drawn = list(bars(times_of, places or {}))
    if drawn:
        yield ""
        yield _indented(Text(f"where a delivered item's time went [{unit}s, mean]", "dim"))
        yield from map(_indented, drawn)
        yield ""


def _metrics(variant: Measured, found: Comparison) -> Table:
    unit, currency = found.scenario.unit, found.scenario.currency
    table = _grid("left", "right", "left", "left")
    table.add_row("", Text("mean", "dim"), Text("95 % interval", "dim"), "")
    for metric, one in variant.items():
        if metric == found.headline or (_of_all(metric) and not _repeats(metric, variant)):  # a headline of 0 is an answer, too
            mean, interval = words.as_share(one) if measure.is_share(metric) else (words.figure(one.mean), words.interval(one))
            table.add_row(metric, mean, interval, measure.unit_of(metric, unit, currency).removeprefix("1"))
    for who, share_of_time in {**variant.load.by_team, **variant.load.by_gate}.items():
        name = "load, the highest" if who == variant.load.binding else "load"
        table.add_row(f"{name}: {who}", words.percent(share_of_time), "", "before the run")
    return table


def _of_all(metric: str) -> bool:
    """True for what is told of a variant as a whole: not by type, not by step, not by cause."""
    return "@" not in metric and not metric.startswith(("steps.", "time."))


def _gave_up(variant: Measured) -> Iterator[Text]:
    """How many of what left gave up: times are of those that did not."""
    whole, *_ = variant.gave_up.values() or [None]
    if whole is not None and whole.mean:
        yield Text(f"of those that left {words.percent(whole.mean)} gave up; times are of the others")


def _repeats(metric: str, variant: Measured) -> bool:
    """True where a metric is nothing, or says again what another one says: nobody asks for outcomes, there is no backlog."""
    one = variant[metric]
    return not (one.mean or one.high) or rows.repeats(metric, variant)


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
