"""The results in words, numbers and a picture."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from benchmarks.cases import CASES, Case
from benchmarks.growth import Size
from benchmarks.measure import OURS, PLAYERS, Times, items_a_second, ratio

Results = dict[str, dict[str, Times]]
"""by case, by player"""


PUBLISHED = " ".join(
    (
        "Not run here, by what is published: *simmer* (R, a core in C++) is as fast as SimPy on an M/M/1 queue, a little faster",
        "without its monitoring and a little slower with it, and 1.6 to 1.9 times as fast where arrivals are made in batches",
        "(Ucar, Smeets and Azcorra 2019, Journal of Statistical Software 90(2), section 5.1). Of *JaamSim* (Java) only its makers'",
        "measurements of single blocks are published (2014, against Arena, Simio and others); nobody tells its ratio to any",
        "simulator of this table.",
    )
)
"""Simulators that are named and not measured."""


def speed_table(results: Results) -> str:
    """Markdown: items a second by player and case, and how many times as long the others take."""
    names = list(results)
    lines = [
        "| | " + " | ".join(f"{CASES[name].title}: items/s | × as long" for name in names) + " |",
        "|---|" + "--:|--:|" * len(names),
    ]
    for player in PLAYERS:
        cells = [cell for name in names for cell in _cells(CASES[name], results[name], player.name)]
        lines.append(f"| {player.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(case: Case, times: dict[str, Times], name: str) -> tuple[str, str]:
    if name not in times:
        return "–", "–"
    factor = ratio(times, name)
    return f"{items_a_second(case, times[name]):,.0f}", f"{factor:,.0f}" if factor >= 3 else f"{factor:.2f}"


def growth_table(sizes: list[Size]) -> str:
    """Markdown: cost and memory of a visit by size of the run."""
    lines = [
        "| items | a visit, drawn work → log [ns] | × that at 10,000 items | drawing it [ns] | memory [bytes a visit] |",
        "|--:|--:|--:|--:|--:|",
    ]
    middle = next(size.visit for size in sizes if size.items == 10_000)
    for size in sizes:
        numbers = f"{size.visit * 1e9:,.0f} | {size.visit / middle:.2f} | {size.drawing * 1e9:,.0f} | {size.memory:,.0f}"
        lines.append(f"| {size.items:,} | {numbers} |")
    return "\n".join(lines)


def draw_picture(results: Results, sizes: list[Size], file: Path) -> None:
    """CPU time of a visit, by player and case, and as the run grows; logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), width_ratios=(3, 2), layout="constrained")
    height = 0.8 / len(results)
    for number, (name, times) in enumerate(results.items()):
        shown = [(place, median(times[player.name].visit)) for place, player in enumerate(PLAYERS) if player.name in times]
        bars = left.barh([place + number * height for place, _ in shown], [1e9 * visit for _, visit in shown], height)
        bars.set_label(CASES[name].title)
        left.bar_label(bars, fmt=lambda value: f" {value:,.0f}", fontsize=7)
    left.set_yticks([place + 0.8 / 2 - height / 2 for place in range(len(PLAYERS))], [player.name for player in PLAYERS])
    left.invert_yaxis()
    left.set(xscale="log", xlabel="CPU time of a visit [ns]", title="the same work, the same answer")
    left.margins(x=0.15)
    left.legend(fontsize=8)
    right.plot([size.items for size in sizes], [1e9 * size.visit for size in sizes], marker="o", label=OURS)
    right.plot([size.items for size in sizes], [1e9 * size.drawing for size in sizes], marker="o", label="drawing the work")
    right.set(xscale="log", ylim=0, xlabel="items in the run", ylabel="CPU time of a visit [ns]", title="as the run grows")
    right.legend(fontsize=8)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=110)
    plt.close(figure)


def put_into(file: Path, text: str, what: str = "benchmarks") -> None:
    """Write `text` into a Markdown file, in place of what stands between the two marks that name it."""
    begin, end = f"<!-- {what}: begin -->\n", f"<!-- {what}: end -->"
    page = file.read_text(encoding="utf-8")
    before, rest = page.split(begin, 1)
    file.write_text(before + begin + "\n" + text + "\n\n" + end + rest.split(end, 1)[1], encoding="utf-8")
