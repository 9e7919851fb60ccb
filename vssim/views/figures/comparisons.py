"""Pictures of a comparison over all its replications: the changes with their intervals, where the time went, how busy teams are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vssim.analysis.compare import Comparison
from vssim.analysis.statistics import Estimate
from vssim.views import words
from vssim.views.figures import style

FOREST = {
    "lead_time.p85": "lead time, 85 % within",
    "throughput": "throughput",
    "wip": "items in progress",
    "flow_efficiency": "flow efficiency",
}
"""What the forest plot shows of each change."""

VERDICTS = {"better": "o", "worse": "X", "undecided": "D", "no real difference": "s"}
"""Marker by verdict; filled where it is decided."""

KEY = "● better  ✖ worse  ■ no real difference  ◇ undecided  | no good direction"

HATCHES = {
    "hands_on": "",
    "open_waiting": "..",
    "queueing": "",
    "backlog": "//",
    "transit": "\\\\",
    "helper": "xx",
    "outside": "++",
    "gate": "||",
    "no_room": "oo",
    "parts": "--",
}
SHADES = {
    "hands_on": "#0b4f8a",
    "open_waiting": "#4f86b8",
    "queueing": "#f2c14e",
    "backlog": "#d9dee3",
    "transit": "#9fb7c9",
    "helper": "#c98fb0",
    "outside": "#e3b7cf",
    "gate": "#b8433f",
    "no_room": "#e08a5b",
    "parts": "#8fbf9f",
}
"""By cause; hatches tell apart what is alike in grey."""

SMALL = 0.005
"""A cause below this share of every bar is not drawn by name."""

MOST = 12
"""Changes that one picture shows."""


def caption_of(found: Comparison) -> str:
    """What a picture of a comparison rests on."""
    settings, unit = found.scenario.run, found.scenario.unit
    delivered = next(iter(found.variants.values()))["delivered"].mean
    runs = words.many(found.replications, "replication")
    items = f"about {delivered:,.0f} items delivered in each" if delivered else "nothing was delivered"
    measured = f", measured from {unit} {words.figure(found.warmup, 6)}" if found.warmup else ""
    luck = ", same work and same luck on both sides" if found else ""
    return f"{runs} of {words.many(settings.horizon, unit)}{measured}, seed {settings.seed}{luck}; {items}"


@style.slide
def changes(found: Comparison) -> Figure:
    """Forest plot: what each change does to lead time, throughput, items in progress and flow efficiency, with 95 % intervals."""
    metrics = {metric: label for metric, label in FOREST.items() if any(metric in one for one in found.values())}
    caption = f"{caption_of(found)} · change against as it is, 95 % intervals · {KEY}"
    drawn, panels = style.figure(found.scenario.name, caption, 1, max(len(metrics), 1), sharey=True)
    names = list(found)[:MOST]
    for axes, (metric, label) in zip(panels, metrics.items(), strict=False):
        axes.axvspan(-3, 3, color=style.GRID, alpha=0.7, linewidth=0)
        axes.axvline(0, color=style.INK, linewidth=1)
        ends = [0.0]
        for row, name in enumerate(names):
            one = found[name][metric]
            ends += _interval(axes, row, one.ratio, one.verdict)
        axes.set_title(label, fontsize=13)
        axes.set_xlabel("change [%]")
        room = max(max(ends) - min(ends), 8.0)
        axes.set_xlim(min(*ends, -3.0) - 0.18 * room, max(*ends, 3.0) + 0.18 * room)
        axes.grid(visible=False, axis="y")
    panels[0].set_yticks(range(len(names)), [style.short(name, 26) for name in names])
    panels[0].set_ylim(len(names) - 0.4, -0.8)
    panels[0].tick_params(axis="y", labelsize=14, labelcolor=style.INK)
    if not names:
        style.nothing(panels[0], "no change to compare with")
    return drawn


def _interval(axes: Axes, row: int, ratio: Estimate, verdict: str | None) -> list[float]:
    """One change's interval with its value above; returns what the axis must hold [%]."""
    if ratio.mean is None:
        axes.text(0, row, words.UNDEFINED, ha="center", va="center")
        return []
    mean = 100 * (ratio.mean - 1)
    low, high = (mean if end is None else 100 * (end - 1) for end in (ratio.low, ratio.high))
    colour = style.dark(style.AFTER) if verdict == "worse" else style.BEFORE
    axes.plot([low, high], [row, row], color=colour, linewidth=4, solid_capstyle="butt", alpha=0.75)
    hollow = verdict == "undecided"
    axes.plot(
        [mean],
        [row],
        VERDICTS.get(verdict or "", "|"),
        color=colour,
        markersize=11,
        markerfacecolor="white" if hollow else colour,
        markeredgewidth=2,
    )
    label = words.minus(f"{mean:+.0f} %") if round(mean) else "0 %"
    behind = {"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
    axes.text(mean, row - 0.2, label, ha="center", va="bottom", fontsize=13, weight="bold", bbox=behind)
    return [low, high]


@style.slide
def time_spent(found: Comparison) -> Figure:
    """Where the time of a delivered item went, as it is and with each change; the parts add up to the mean lead time."""
    unit = found.scenario.unit
    drawn, (axes,) = style.figure("Where a delivered item's time goes", f"{caption_of(found)} · mean of the delivered items")
    rows = [(name, _causes(side)) for name, side in _sides(found)]
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
    axes.set_yticks(range(len(rows)), [style.short(name, 28) for name, _ in rows])
    axes.tick_params(axis="y", labelsize=14, labelcolor=style.INK)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, (longest or 1.0) * 1.08)
    axes.set_xlabel(f"time [{unit}s]")
    axes.grid(visible=False, axis="y")
    _legend(drawn, [times for _, times in rows], longest)
    return drawn


def _sides(found: Comparison) -> list[tuple[str, Mapping[str, Estimate]]]:
    """Each variant with its estimates over the whole measured time; a change that comes later, from then on."""
    sides: list[tuple[str, Mapping[str, Estimate]]] = []
    for name, variant in list(found.variants.items())[: MOST + 1]:
        later = name in found and found[name].start > found.warmup
        start = f" (from {found.scenario.unit} {words.figure(found[name].start, 6)})" if later else ""
        label = "as it is" if name == "baseline" else name
        sides.append((label + start, found[name].after if later else variant))
    return sides


def _causes(side: Mapping[str, Estimate]) -> dict[str, float]:
    return {cause: side[f"time.{cause}"].mean or 0.0 for cause in words.CAUSES}


def _bar(axes: Axes, row: int, times: Mapping[str, float], longest: float) -> None:
    left = 0.0
    for cause, time in times.items():
        colour = SHADES[cause]
        axes.barh(row, time, 0.62, left=left, color=colour, edgecolor="white", linewidth=1.2, hatch=HATCHES[cause])
        if time > 0.055 * longest:
            look = {"boxstyle": "square,pad=0.12", "facecolor": colour, "edgecolor": "none"}
            axes.text(
                left + time / 2,
                row,
                words.figure(time, 2),
                ha="center",
                va="center",
                fontsize=13,
                color=style.on(colour),
                bbox=look,
            )
        left += time


def _legend(drawn: Figure, rows: Sequence[Mapping[str, float]], longest: float) -> None:
    from matplotlib.patches import Patch

    seen = [cause for cause in words.CAUSES if any(times[cause] >= SMALL * (longest or 1.0) for times in rows)]
    patches = [Patch(facecolor=SHADES[cause], edgecolor="white", hatch=HATCHES[cause], label=words.CAUSES[cause]) for cause in seen]
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
def utilisation(found: Comparison) -> Figure:
    """By team, how busy people were (share of their time on open work) and the load computed before the run."""
    caption = f"{caption_of(found)} · bar: time on open work, 95 % interval; diamond: load before the run"
    variants = list(found.variants.items())[: style.MOST_RUNS]
    drawn, panels = style.figure("How busy the teams are", caption, 1, len(variants), sharex=True)
    for axes, (name, variant) in zip(panels, variants, strict=True):
        teams = [metric.partition(".")[2] for metric in variant if metric.startswith("utilisation.") and "@" not in metric]
        teams = [
            team for team in teams if variant[f"utilisation.{team}"].mean is not None or variant.load.by_team.get(team) is not None
        ]
        for row, team in enumerate(teams):
            _team(axes, row, variant[f"utilisation.{team}"], variant.load.by_team.get(team))
        axes.axvline(100, color=style.INK, linewidth=1.4)
        axes.set_yticks(range(len(teams)), [style.short(team, 18) for team in teams])
        axes.tick_params(axis="y", labelcolor=style.INK)
        axes.set_ylim(max(len(teams), 1) - 0.4, -0.6)
        axes.set_title(style.short("as it is" if name == "baseline" else name, 26))
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
