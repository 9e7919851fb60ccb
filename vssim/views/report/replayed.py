"""A team's own past beside what the members of a learned scenario play of it: bands with the real line on top, and the checks."""

from __future__ import annotations

from collections.abc import Sequence

from vssim.language import recalled, t
from vssim.scenario.origins import Band, Learned
from vssim.views.report.markup import element, section, table, text

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 680.0, 210.0, 48.0, 28.0, 10.0
NAMES = {"delivered": "delivered so far", "in progress": "items in progress"}
VERDICTS = {
    "reproduced": "It plays its own past.",
    "roughly": "It plays its own past roughly.",
    "not": "It does NOT play its own past: what it says of changes is withheld.",
}
MARKS = {"passes": "✓", "rough": "~", "fails": "✗", "cannot be told": "?"}


def origin(learned: Learned) -> str:
    """From which records, until when, and with which verdict: one paragraph."""
    verdict = element("strong", text(t(VERDICTS[learned.verdict])))
    return element("p", text(_source(learned)), " ", verdict, text(_off(learned)), kind=f"learned {learned.verdict}")


def said(learned: Learned) -> str:
    """The same as a text."""
    return f"{_source(learned)} {t(VERDICTS[learned.verdict])}{_off(learned)}"


def _source(learned: Learned) -> str:
    source = ", ".join(learned.records) or t("records")
    return t("Learned from {records}, {first} to {until}.", records=source, first=learned.first, until=learned.until)


def _off(learned: Learned) -> str:
    return f" ({'; '.join(map(recalled, learned.off))})" if learned.off else ""


def replayed(learned: Learned) -> str:
    """The section: what was recorded on top of what is played, week by week, and the checks; '' where neither is kept."""
    drawn = [curve(NAMES.get(name, name), band) for name, band in learned.weekly.items() if len(band.recorded) > 1]
    if not drawn and not learned.checks:
        return ""
    rows = [
        [recalled(name), recalled(check.found), f"{MARKS.get(check.verdict, '')} {t(check.verdict)}"]
        for name, check in learned.checks.items()
    ]
    checks = table(t("The checks"), [t("what is checked"), t("found"), t("verdict")], rows) if rows else ""
    key = t("line: as it was · band: nine tenths of what the members play of the same weeks · dashed: the middle of them")
    shown = element("div", *drawn, element("p", text(key), kind="soft"), kind="curves") if drawn else ""
    return section("Your board, replayed", origin(learned), shown, checks, name="replayed")


def curve(name: str, band: Band) -> str:
    """One series by week as a picture."""
    top = max(*band.recorded, *band.high, 1e-9)
    low, high, middle, real = (_points(values, top) for values in (band.low, band.high, band.middle, band.recorded))
    inside = sum(low <= value <= high for low, value, high in zip(band.low, band.recorded, band.high, strict=True))
    words = t(
        "{name} by week: in {inside} of {weeks} weeks as it was lies within what is played",
        name=t(name),
        inside=inside,
        weeks=len(band.recorded),
    )
    parts = [
        element("polygon", points=f"{high} {' '.join(reversed(low.split()))}", kind="band"),
        element("polyline", points=middle, kind="middle"),
        element("polyline", points=real, kind="real"),
        _axis(top, len(band.recorded)),
    ]
    picture = element("svg", *parts, viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}", role="img", aria_label=words)
    return element("figure", picture, element("figcaption", text(words)))


def _points(values: Sequence[float], top: float) -> str:
    across = (WIDTH - LEFT - 6) / max(len(values) - 1, 1)
    down = HEIGHT - TOP - BOTTOM
    places = ((LEFT + number * across, HEIGHT - BOTTOM - value / top * down) for number, value in enumerate(values))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _axis(top: float, weeks: int) -> str:
    floor = HEIGHT - BOTTOM
    line = element("line", x1=f"{LEFT}", x2=f"{WIDTH}", y1=f"{floor}", y2=f"{floor}", kind="axis")
    marks = [
        element("text", f"{top:.3g}", x=f"{LEFT - 6}", y=f"{TOP + 10}", text_anchor="end"),
        element("text", "0", x=f"{LEFT - 6}", y=f"{floor}", text_anchor="end"),
        element("text", text(t("week {number}", number=1)), x=f"{LEFT}", y=f"{HEIGHT - 8}"),
        element("text", text(t("week {number}", number=weeks)), x=f"{WIDTH}", y=f"{HEIGHT - 8}", text_anchor="end"),
    ]
    return element("g", line, *marks, kind="ends")
