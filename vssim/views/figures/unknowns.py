"""Pictures of what is not known: the facts on which an effect depends (tornado), and where its sign changes (threshold)."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.catalogue import label_of
from vssim.model.beliefs import written_date
from vssim.scenario import Scenario
from vssim.views.figures import style
from vssim.views.figures.comparisons import caption_of
from vssim.views.unknowns import called, own_world, phrase_of, turning, valued

NOTHING_UNKNOWN = "nothing is said to be unknown; between(low, high) in place of a figure says so"
"""The message where nothing is unknown."""

MOST_FACTS = 8
MOST_CHANGES = 3


@style.slide
def tornado(comparison: Comparison, metric: str | None = None) -> Figure:
    """Where something is not known: what each change does at either end of each fact, averaged over the other unknowns."""
    name, changes = metric or comparison.headline, _changes(comparison)
    caption = (
        f"{caption_of(comparison)} · bars: effect while the fact goes through nine tenths of its range; % of what is not known"
    )
    drawn, panels = style.figure(f"What would decide: {label_of(name)}", caption, 1, max(len(changes), 1))
    if not changes:
        style.nothing(panels[0], NOTHING_UNKNOWN)
    for axes, differences in zip(panels, changes, strict=False):
        axes.set_title(style.short(differences.change, 60 // len(changes)))
        axes.set_xlabel(f"change [{phrase_of(name, comparison.scenario.unit, comparison.scenario.currency) or 'share'}]")
        _bars(axes, differences, name, comparison.scenario)
    return drawn


def _bars(axes: Axes, differences: Differences, metric: str, scenario: Scenario) -> None:
    would = None if differences.over_worlds is None else differences.over_worlds.deciding(metric)
    if would is None or not would.facts:
        style.nothing(axes, "too few worlds, or nothing that is not luck")
        return
    shown = would.facts[:MOST_FACTS]
    mean = differences.over_worlds.believed(metric) if differences.over_worlds is not None else None
    for row, fact in enumerate(shown):
        left, right = sorted((fact.at_low, fact.at_high))
        axes.barh(row, right - left, 0.55, left=left, color=style.BEFORE, alpha=0.85)
        ends = ((fact.at_low, fact.low_value), (fact.at_high, fact.high_value))
        for (at, value), side in zip(sorted(ends), ("right", "left"), strict=True):
            axes.annotate(
                valued(scenario, fact.name, value),
                (at, row),
                (-4 if side == "right" else 4, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=12,
            )
    axes.axvline(0, color=style.INK, linewidth=1.4)
    if mean is not None:
        axes.axvline(mean.effect.mean, color=style.SOFT, linewidth=1.2, linestyle=(0, (4, 3)))
    shares = ["" if would.order_only else f"\n{100 * fact.share:.0f} %" for fact in shown]
    axes.set_yticks(
        range(len(shown)), [_on_lines(called(scenario, fact.name)) + share for fact, share in zip(shown, shares, strict=True)]
    )
    axes.tick_params(axis="y", labelsize=11, labelcolor=style.INK)
    axes.set_ylim(max(len(shown), 3) - 0.4, -0.6)
    axes.use_sticky_edges = False  # else no margins, and words at bars cover names
    axes.margins(x=0.2)
    axes.grid(visible=False, axis="y")


@style.slide
def threshold(comparison: Comparison, metric: str | None = None) -> Figure:
    """Where something is not known: the effect along the fact it hangs on most, averaged over the others, and where it turns."""
    name, changes = metric or comparison.headline, _changes(comparison)
    unit, currency = comparison.scenario.unit, comparison.scenario.currency
    caption = f"{caption_of(comparison)} · dots: worlds; line: averaged over the other unknowns, ± 2 standard errors"
    drawn, panels = style.figure(f"Where it turns round: {label_of(name)}", caption, 1, max(len(changes), 1))
    if not changes:
        style.nothing(panels[0], NOTHING_UNKNOWN)
    for axes, differences in zip(panels, changes, strict=False):
        axes.set_title(style.short(differences.change, 60 // len(changes)))
        axes.set_ylabel(f"change [{phrase_of(name, unit, currency) or 'share'}]")
        _along(axes, differences, name, comparison.scenario)
    return drawn


def _along(axes: Axes, differences: Differences, metric: str, scenario: Scenario) -> None:
    over = differences.over_worlds
    would, believed = (None, None) if over is None else (over.deciding(metric), over.believed(metric))
    line = None if over is None or would is None or not would.facts else over.along(metric, would.facts[0].name)
    if would is None or line is None or believed is None:
        style.nothing(axes, "too few worlds, or nothing that is not luck")
        return
    fact = would.facts[0]
    axes.plot(line.values, line.by_world, ".", color=style.SOFT, markersize=5, alpha=0.6)
    axes.fill_between(
        line.values, line.effects - 2 * line.errors, line.effects + 2 * line.errors, color=style.AFTER, alpha=0.35, linewidth=0
    )
    axes.plot(line.values, line.effects, color=style.dark(style.AFTER), linewidth=2.6)
    axes.axhline(0, color=style.INK, linewidth=1.2)
    if fact.threshold is not None:
        axes.axvspan(fact.threshold.low, fact.threshold.high, color=style.GRID, alpha=0.8, linewidth=0, zorder=0)
        axes.axvline(fact.threshold.value, color=style.INK, linewidth=1.4, linestyle=(0, (4, 3)))
    if scenario.uncertain is not None and scenario.uncertain.is_date(fact.name):
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.xaxis.set_major_formatter(lambda day, _: written_date(day))
    phrase = phrase_of(metric, scenario.unit, scenario.currency)
    axes.set_xlabel(
        f"{_on_lines(called(scenario, fact.name))}\n{turning(fact, scenario) or own_world(believed, phrase)}", fontsize=12
    )


def _changes(comparison: Comparison) -> list[Differences]:
    return [differences for differences in comparison.values() if differences.over_worlds is not None][:MOST_CHANGES]


def _on_lines(name: str) -> str:
    """The name of a fact, on two lines at most."""
    head, colon, tail = name.partition(": ")
    return f"{style.short(head, 26)}:\n{style.short(tail, 26)}" if colon else style.short(name, 40)
