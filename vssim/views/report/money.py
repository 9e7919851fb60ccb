"""The money of a report: what each organisation costs and earns, and how far ahead of as it is each change is, as light SVG."""

from __future__ import annotations

from collections.abc import Iterator

from vssim.analysis.compare.compare import Comparison
from vssim.metrics.breakeven import BreakEven
from vssim.views import labels, words
from vssim.views.money import paid_back
from vssim.views.report.markup import element, paragraph, section, table, text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 300, 96, 16, 14, 34
COLOURS = ("#0b4f8a", "#e8962e", "#6aa84f", "#8e5ea2", "#7d7d7d", "#b8433f")
DASHES = ("none", "9 4", "2 4", "12 4 3 4", "16 6", "5 5")
ROWS = ("cost", "cost_per_item", "earned", "margin", "cash")


def money(comparison: Comparison) -> str:
    """The section; nothing without a currency."""
    currency, unit = comparison.scenario.currency, comparison.scenario.unit
    if not currency:
        return ""
    names = ["as it is" if name == "baseline" else name for name in comparison.variants]
    rows = [
        [
            labels.of_metric(metric, unit, currency),
            *(words.figure(variant[metric].mean) for variant in comparison.variants.values()),
        ]
        for metric in ROWS
        if any(variant[metric].mean for variant in comparison.variants.values())
    ]
    lines = {name: differences.break_even["cash"] for name, differences in comparison.items() if "cash" in differences.break_even}
    told = [
        element("li", element("strong", text(name)), text(f": {paid_back(line, comparison.scenario)}"))
        for name, line in lines.items()
    ]
    said = (
        f"Only what is delivered and right for the customer earns. People cost whether they are here or not; what is paid once is "
        f"in cash (all since {unit} 0), not in the cost of a {unit}."
    )
    picture = element("figure", _drawn(lines, unit, currency), _key(lines)) if lines else ""
    return section(
        "What it costs and earns",
        table(f"Means over all replications, {currency}", ["", *names], rows),
        picture,
        element("ul", *told),
        paragraph(said, "soft"),
        name="money",
    )


def _drawn(lines: dict[str, BreakEven], unit: str, currency: str) -> str:
    """The lines with their bands, and a line at 0."""
    bands = [line.half if line.half is not None else 0.0 * line.mean for line in lines.values()]
    low = min(0.0, *(float((line.mean - half).min()) for line, half in zip(lines.values(), bands, strict=True)))
    high = max(0.0, *(float((line.mean + half).max()) for line, half in zip(lines.values(), bands, strict=True)))
    first, last = (float(next(iter(lines.values())).at[end]) for end in (0, -1))
    first = min(float(line.at[0]) for line in lines.values())

    def place(moment: float, value: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (moment - first) / ((last - first) or 1.0)
        y = TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / ((high - low) or 1.0)
        return f"{x:.1f},{y:.1f}"

    def path(at: list[float], values: list[float]) -> str:
        return " ".join(place(moment, value) for moment, value in zip(at, values, strict=True))

    shapes = []
    for number, (line, half) in enumerate(zip(lines.values(), bands, strict=True)):
        at, colour = line.at.tolist(), COLOURS[number % len(COLOURS)]
        around = path(at, (line.mean + half).tolist()) + " " + path(at[::-1], (line.mean - half)[::-1].tolist())
        shapes.append(element("polygon", points=around, fill=colour, fill_opacity="0.18"))
        dashes = DASHES[number % len(DASHES)]
        shapes.append(
            element(
                "polyline",
                points=path(at, line.mean.tolist()),
                fill="none",
                stroke=colour,
                stroke_width="2.5",
                stroke_dasharray=dashes,
            )
        )
    label = f"Cash against as it is, since {unit} {words.figure(first, 6)} [{currency}]"
    axis = [*_axis(place, first, last, low, high, unit)]
    content = [element("title", text(label)), *shapes, *axis]
    return element("svg", *content, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label, width="100%")


def _axis(place: object, first: float, last: float, low: float, high: float, unit: str) -> Iterator[str]:
    assert callable(place)
    zero = place(first, 0.0), place(last, 0.0)
    yield element("polyline", points=" ".join(zero), fill="none", stroke="currentColor", stroke_width="1.2")
    for value in dict.fromkeys((low, 0.0, high)):
        y = float(place(first, value).split(",")[1]) + 5
        yield _label(words.figure(value), LEFT - 8, y, "end")
    yield _label(f"{unit} {words.figure(first, 6)}", LEFT, HEIGHT - 8, "start")
    yield _label(f"{unit} {words.figure(last, 6)}", WIDTH - RIGHT, HEIGHT - 8, "end")


def _label(said: str, x: float, y: float, anchor: str) -> str:
    return element("text", text(said), x=f"{x:.0f}", y=f"{y:.1f}", text_anchor=anchor, fill="currentColor", font_size="15")


def _key(lines: dict[str, BreakEven]) -> str:
    entries = []
    for number, name in enumerate(lines):
        stroke, dashes = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        mark = element("line", x1="0", y1="7", x2="36", y2="7", stroke=stroke, stroke_width="3", stroke_dasharray=dashes)
        entries.append(element("li", element("svg", mark, width="38", height="14", aria_hidden="true"), text(f" {name}")))
    return element("ul", *entries, kind="key")
