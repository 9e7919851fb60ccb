"""The middle of the report: the boards side by side with their charts. Without a script, the charts are all shown."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence

from vssim.analysis.run import Run
from vssim.views.player.charts import CHARTS, Scales, scales
from vssim.views.player.trace import MOST_EVENTS, read, trace
from vssim.views.report.markup import element, paragraph, section, text

BUDGET = 450_000
"""Largest size of all traces together; larger ones are thinned [bytes]."""

MOST_SIDES = 9
"""Variants with a board: as it is, and so many changes less one."""

STATES = ("in the backlog", "in transit", "waiting", "at work", "blocked", "gate or batch", "no room ahead")
DIGITS = {
    "typical": ("Typical lead time", "half are done within"),
    "within": ("85 % within", "of those done so far"),
    "rate": ("Delivered", ""),
    "progress": ("In progress", "items"),
    "blocked": ("Blocked", "items"),
}

ICONS = {
    "start": "M3 2v12M13 2L6 8l7 6z",
    "back": "M11 2L4 8l7 6z",
    "play": "M4 2l9 6-9 6z",
    "pause": "M4 2h3v12H4zM9 2h3v12H9z",
    "forward": "M5 2l7 6-7 6z",
}

SHAPES = {
    "waiting": '<rect class="hollow" x="1.5" y="1.5" width="13" height="13"/>',
    "in transit": '<path class="hollow" d="M1 3.5h7l7 4.5-7 4.5H1z"/>',
    "at work": '<rect class="f-doing" width="16" height="16"/>',
    "blocked: needs help from somebody else": (
        '<rect class="f-blocked" width="16" height="16"/><path class="f-cross" d="M4 4l8 8M12 4l-8 8"/>'
    ),
    "done here, at a gate or in a batch": (
        '<path class="f-gate" fill-rule="evenodd" d="M0 0h16v16H0zM2 2v12h2.5V2zM7 2v12h2V2zM11.5 2v12H14V2z"/>'
    ),
    "done here, no room ahead": '<path class="f-room" d="M0 0h16v16H0zM2 2v11L13 2z" fill-rule="evenodd"/>',
    "sent back": '<rect class="hollow" x="1.5" y="1.5" width="13" height="13"/><path class="f-ink" d="M0 0h8L0 8z"/>',
    "delivered": '<circle class="f-done" cx="8" cy="8" r="5"/>',
}
"""The legend: the same shapes as on the board."""


def theatre(runs: Sequence[Run], beside: str | None = None) -> str:
    """The section with the player; `beside` is the change that is shown first."""
    shown = list(runs[:MOST_SIDES])
    unit = shown[0].log.unit
    packed = pack(shown)
    scale = scales(shown)
    sides = [_side(number, run, data, scale) for number, (run, data) in enumerate(zip(shown, packed, strict=True))]
    notes = [_thinned(run, data) for run, data in zip(shown, packed, strict=True)]
    more = f"Boards are shown of the first {MOST_SIDES - 1} changes." if len(runs) > MOST_SIDES else ""
    live = [
        _transport(shown, beside),
        _legend(),
        element(
            "div", *(_tab(number, name) for number, name in enumerate(CHARTS, 1)), kind="tabs", role="group", aria_label="Chart"
        ),
    ]
    player = element(
        "div",
        *live,
        element("div", *sides, kind="sides"),
        element("p", kind="spoken", aria_live="polite"),
        kind="player",
        tabindex="0",
        role="group",
        aria_label=f"The work, {unit} by {unit}. Space plays, arrows step, Home and End jump, digits choose the chart.",
    )
    words = [paragraph(note, "soft") for note in [*notes, more] if note]
    intro = "One run of each, with the same work and the same luck. Every card is an item."
    keys = element(
        "p",
        text("Keys, once the board has been clicked: space plays, arrows go a step, Home and End jump, digits choose the chart."),
        kind="soft live-only",
    )
    return section("Watch the work", paragraph(intro), keys, player, *words, name="theatre")


def pack(runs: Sequence[Run], budget: int = BUDGET) -> list[bytes]:
    """The traces of the runs, deflated; all of them thinned until they are small enough together."""
    most = MOST_EVENTS
    while True:
        packed = [zlib.compress(trace(run.log, most), 9) for run in runs]
        if sum(map(len, packed)) * 4 / 3 <= budget or most < 100:
            return packed
        most //= 2


def _thinned(run: Run, packed: bytes) -> str:
    head, _ = read(zlib.decompress(packed))
    if not head["thinned"]:
        return ""
    return f"{_name(run)}: a long run; the board shows every {head['moment']:g} {run.log.unit}s, and nothing in between."


def _name(run: Run) -> str:
    return "As it is" if run.change is None else run.change


def _side(number: int, run: Run, packed: bytes, scale: Scales) -> str:
    unit = run.log.unit
    board = element("canvas", role="img", aria_label=f"The board, {_name(run)}; the table below has it in numbers")
    digits = element("dl", *(_digit(run, series, *words) for series, words in DIGITS.items()), kind="digits")
    charts = [
        element(
            "figure",
            element("figcaption", text(f"{title} ({unit}s)" if name == "histogram" else title)),
            draw(run, scale),
            data_chart=name,
        )
        for name, (title, draw) in CHARTS.items()
    ]
    data = element("script", base64.b64encode(packed).decode(), type="application/octet-stream", kind="trace")
    live = element("div", board, digits, kind="live-only")
    return element("div", element("h3", text(_name(run))), live, *charts, _numbers(run), data, kind="side", data_number=str(number))


def _digit(run: Run, series: str, name: str, below: str) -> str:
    unit = run.log.unit
    words = {"rate": "items a week, lately"}.get(series, below)
    words = f"{unit}s, {words}" if series in ("typical", "within") else words
    value = element("span", "–", kind="digit", data_series=series)
    return element("div", element("dt", text(name)), element("dd", value, element("span", text(words), kind="soft")))


def _numbers(run: Run) -> str:
    head = element("tr", element("th", "step", scope="col"), *(element("th", text(state), scope="col") for state in STATES))
    grid = element("table", element("thead", head), element("tbody"))
    return element(
        "details",
        element("summary", text(f"The board in numbers, {_name(run)}")),
        element("div", grid, kind="scroll", tabindex="0", role="region", aria_label=f"The board in numbers, {_name(run)}"),
        element("p", "done: ", element("span", kind="done")),
        kind="numbers live-only",
    )


def _icon(name: str) -> str:
    return f'<svg class="icon i-{name}" viewBox="0 0 16 16" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'


def _transport(runs: Sequence[Run], beside: str | None) -> str:
    unit = runs[0].log.unit
    play = element("button", _icon("play"), _icon("pause"), type="button", kind="play", aria_label="Play")
    buttons = [
        element("button", _icon("start"), type="button", kind="start", aria_label="To the start"),
        element("button", _icon("back"), type="button", kind="back", aria_label=f"One {unit} back"),
        play,
        element("button", _icon("forward"), type="button", kind="forward", aria_label=f"One {unit} on"),
    ]
    clock = element("p", text(f"{unit.capitalize()} "), element("span", kind="now"), kind="clock")
    scrub = f'<input class="scrub" type="range" min="0" aria-label="{unit.capitalize()}">'
    speed = element("label", "Speed ", element("select", kind="speed"))
    choice = []
    if len(runs) > 1:
        names = [
            element("option", text(_name(run)), value=str(number), selected=run.change == beside)
            for number, run in enumerate(runs)
            if number
        ]
        choice = [element("label", "Beside as it is: ", element("select", *names, kind="change"))]
    return element("div", clock, *buttons, scrub, speed, *choice, kind="transport live-only", role="group", aria_label="Playback")


def _tab(number: int, name: str) -> str:
    return element(
        "button",
        text(f"{number} {CHARTS[name][0]}"),
        type="button",
        data_chart=name,
        data_key=str(number),
        aria_pressed="false",
        kind="live-only",
    )


def _legend() -> str:
    entries = [
        element("li", f'<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{shape}</svg>', text(words))
        for words, shape in SHAPES.items()
    ]
    return element("ul", *entries, kind="key live-only")
