"""Pictures of a comparison over all replications: where the time went, and how busy teams are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.analysis.compare.compare import Comparison
from vssim.statistics import Estimate
from vssim.views import labels, names, palette, words
from vssim.views.figures import style

SMALL = 0.005
"""A cause below this share of every bar is not named [1]."""

LINE = 0.2
"""The height of a line of text [inches]."""

MOST = 12
"""The most changes that a picture shows."""


def caption_of(comparison: Comparison) -> str:
    """The caption of a comparison: replications, seed, items delivered."""
    settings, unit = comparison.scenario.run, comparison.scenario.unit
    delivered = next(iter(comparison.variants.values()))["delivered"].mean
    runs = words.many(comparison.replications, "replication")
    items = f"about {delivered:,.0f} items delivered in each" if delivered else "nothing was delivered"
    measured = f", measured from {unit} {words.figure(comparison.warmup, 6)}" if comparison.warmup else ""
    luck = ", same work and same luck on both sides" if comparison else ""
    return f"{runs} of {words.many(settings.horizon, unit)}{measured}, seed {settings.seed}{luck}; {items}"


@style.slide
def time_spent(comparison: Comparison) -> Figure:
    """Where the time of a delivered item went, as it is and with each change; the parts add up to the mean lead time."""
    unit = comparison.scenario.unit
    drawn, (axes,) = style.figure("Where a delivered item's time goes", f"{caption_of(comparison)} · mean of the delivered items")
    rows = [(name, _causes(side)) for name, side in _sides(comparison)]
    longest = max((sum(times.values()) for _, times in rows), default=0.0)
    for row, (_, times) in enumerate(rows):
        _bar(axes, row, times, longest)
        total = sum(times.values())
        axes.text(
            total + 0.008 * longest,
            row,
            words.figure(total) if total else "nothing delivered",
            va="center",
            weight="bold",
            fontsize=16,
        )
    called = [names.lines_of(name, 34, 4) for name, _ in rows]
    most = max(len(lines) for lines in called)
    style.taller(drawn, len(rows) * (0.2 + most * LINE) + 1.7)
    axes.set_yticks(range(len(rows)), ["\n".join(lines) for lines in called])
    axes.tick_params(axis="y", labelsize=14 if most < 3 else 11.5, labelcolor=style.INK)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, (longest or 1.0) * 1.08)
    axes.set_xlabel(f"time [{unit}s]")
    axes.grid(visible=False, axis="y")
    _legend(drawn, [times for _, times in rows], longest)
    return drawn


def _sides(comparison: Comparison) -> list[tuple[str, Mapping[str, Estimate]]]:
    """Each variant with its estimates over the measured time; for a change that comes later, over the time since then."""
    sides: list[tuple[str, Mapping[str, Estimate]]] = []
    for name, variant in list(comparison.variants.items())[: MOST + 1]:
        later = name in comparison and comparison[name].start > comparison.warmup
        start = f" (from {comparison.scenario.unit} {words.figure(comparison[name].start, 6)})" if later else ""
        label = "as it is" if name == "baseline" else name
        sides.append((label + start, comparison[name].after if later else variant))
    return sides


def _causes(side: Mapping[str, Estimate]) -> dict[str, float]:
    return {cause: side[f"time.{cause}"].mean or 0.0 for cause in labels.CAUSES}


def _bar(axes: Axes, row: int, times: Mapping[str, float], longest: float) -> None:
    left = 0.0
    for cause, time in times.items():
        look = palette.of_cause(cause)
        colour = look.fill
        axes.barh(
            row,
            time,
            0.62,
            left=left,
            color=colour,
            edgecolor=palette.strokes(palette.CAUSES[cause]),
            linewidth=1.2,
            hatch=look.hatch,
        )
        if time > 0.055 * longest:
            box = {"boxstyle": "square,pad=0.12", "facecolor": colour, "edgecolor": "none"}
            axes.text(
                left + time / 2,
                row,
                words.figure(time, 2),
                ha="center",
                va="center",
                fontsize=13,
                color=look.ink,
                bbox=box,
            )
        left += time


def _legend(drawn: Figure, rows: Sequence[Mapping[str, float]], longest: float) -> None:
    from matplotlib.patches import Patch

    called = labels.CAUSES
    seen = [cause for cause in called if any(times[cause] >= SMALL * (longest or 1.0) for times in rows)]
    looks = {cause: palette.of_cause(cause) for cause in seen}
    patches = [
        Patch(facecolor=look.fill, edgecolor=palette.strokes(palette.CAUSES[cause]), hatch=look.hatch, label=called[cause])
        for cause, look in looks.items()
    ]
    if patches:
        drawn.legend(
            handles=patches,
            loc="outside right upper",
            frameon=False,
            fontsize=13,
            handlelength=1.6,
            handleheight=1.4,
            labelspacing=0.7,
        )


@style.slide
def utilisation(comparison: Comparison) -> Figure:
    """By team, how busy people were (share of their time on open work) and the load computed before the run."""
    caption = f"{caption_of(comparison)} · bar: time on open work, 95 % interval; diamond: load before the run"
    variants = list(comparison.variants.items())[: style.MOST_RUNS]
    drawn, panels = style.figure("How busy the teams are", caption, 1, len(variants), sharex=True)
    for axes, (name, variant) in zip(panels, variants, strict=True):
        teams = [metric.partition(".")[2] for metric in variant if metric.startswith("utilisation.") and "@" not in metric]
        teams = [
            team for team in teams if variant[f"utilisation.{team}"].mean is not None or variant.load.by_team.get(team) is not None
        ]
        for row, team in enumerate(teams):
            _team(axes, row, variant[f"utilisation.{team}"], variant.load.by_team.get(team))
        axes.axvline(100, color=style.INK, linewidth=1.4)
        axes.set_yticks(range(len(teams)), [names.wrapped(team, 18, 4) for team in teams])
        axes.tick_params(axis="y", labelcolor=style.INK)
        axes.set_ylim(max(len(teams), 1) - 0.4, -0.6)
        axes.set_title(names.wrapped("as it is" if name == "baseline" else name, 60 // len(variants), 4))
        axes.set_xlabel("people's time [%]")
        axes.grid(visible=False, axis="y")
    panels[0].set_xlim(left=0)
    return drawn


def _team(axes: Axes, row: int, busy: Estimate, load: float | None) -> None:
    if busy.mean is not None:
        axes.barh(row, 100 * busy.mean, 0.6, color=style.RAMP[3])
        axes.text(2, row, f"{100 * busy.mean:.0f} %", va="center", weight="bold")
        if busy.low is not None and busy.high is not None:
            axes.plot([100 * busy.low, 100 * busy.high], [row, row], color=style.INK, linewidth=2.5)
    if load is not None and load < 10:
        axes.plot([100 * load], [row], "D", color=style.INK, markerfacecolor="white", markersize=10, markeredgewidth=2)
