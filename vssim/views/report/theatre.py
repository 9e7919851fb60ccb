"""The middle of the report: the boards side by side with their charts. Without a script, the charts are all shown."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence

from vssim.language import t
from vssim.play.run import Run
from vssim.views.player.charts import CHARTS, Scales, scales
from vssim.views.player.trace import COARSER, MOST_EVENTS, read, trace
from vssim.views.report.markup import element, paragraph, section, text

BUDGET = 900_000
"""Largest size of all traces together; larger ones are thinned [bytes]."""

MOST_SIDES = 9
"""Variants with a board: as it is, and so many changes less one."""

STATES = ("not started", "on the way", "waiting", "open", "need others", "at a gate", "no room ahead")

ICONS = {
    "start": "M3 2v12M13 2L6 8l7 6z",
    "back": "M11 2L4 8l7 6z",
    "play": "M4 2l9 6-9 6z",
    "pause": "M4 2h3v12H4zM9 2h3v12H9z",
    "forward": "M5 2l7 6-7 6z",
}


def theatre(runs: Sequence[Run], beside: str | None = None, lanes: Mapping[str, str] | None = None) -> str:
    """The section with the player; `beside` is the change that is shown first."""
    shown = list(runs[:MOST_SIDES])
    unit = shown[0].log.unit
    packed = pack(shown, lanes=lanes)
    scale = scales(shown)
    sides = [_side(number, run, data) for number, (run, data) in enumerate(zip(shown, packed, strict=True))]
    charts = [_charts(number, run, scale) for number, run in enumerate(shown)]
    notes = [_thinned(run, data) for run, data in zip(shown, packed, strict=True)]
    notes += _marks(shown)
    more = t("Boards are shown of the first {count} changes.", count=MOST_SIDES - 1) if len(runs) > MOST_SIDES else ""
    live = [
        _transport(shown, beside),
        element(
            "div", *(_tab(number, name) for number, name in enumerate(CHARTS, 1)), kind="tabs", role="group", aria_label=t("Chart")
        ),
    ]
    player = element(
        "div",
        live[0],
        element("div", *sides, kind="sides"),
        element("div", element("canvas", kind="flow", role="img", aria_label=t("The stream as a map")), kind="map live-only"),
        element("div", kind="counts live-only"),
        element("canvas", kind="waves live-only", aria_hidden="true"),
        live[1],
        element("div", *charts, kind="chart-sides"),
        element("p", kind="spoken", aria_live="polite"),
        kind="player",
        tabindex="0",
        role="group",
        data_dates=None if shown[0].dates is None else json.dumps(shown[0].dates.told()),
        aria_label=t(
            "The work, {unit} by {unit}. Space plays, arrows step, Home and End jump, digits choose the chart.", unit=t(unit)
        ),
    )
    words = [paragraph(note, "soft") for note in [*notes, more] if note]
    intro = t("One run of each, with the same work and the same luck. Every card is an item; its number is its age.")
    keys = element(
        "p",
        text(
            t("Keys, once the board has been clicked: space plays, arrows go a step, Home and End jump, digits choose the chart.")
        ),
        kind="soft live-only",
    )
    return section("Watch the work", paragraph(intro), keys, player, *words, name="theatre")


def pack(runs: Sequence[Run], budget: int = BUDGET, lanes: Mapping[str, str] | None = None) -> list[bytes]:
    """The traces of the runs, deflated; all of them thinned until they are small enough together."""
    for moment in COARSER:
        packed = [zlib.compress(trace(run.log, MOST_EVENTS, lanes, moment), 9) for run in runs]
        if sum(map(len, packed)) * 4 / 3 <= budget or 2 * moment > min(run.log.length for run in runs):
            break
    return packed


def _marks(runs: Sequence[Run]) -> list[str]:
    """What marks of people and cards mean that most runs do not have."""
    away = any(run.log.away or run.log.closed for run in runs)
    before = any(run.log.there_before for run in runs)
    return [
        *([t("Whoever is struck through is away: on leave, ill, or because nobody works that day.")] if away else []),
        *([t("Shaded in charts: days on which nobody works.")] if any(run.log.closed for run in runs) else []),
        *([t("A card with a bar at its right was there when the run began.")] if before else []),
    ]


def _thinned(run: Run, packed: bytes) -> str:
    head, _ = read(zlib.decompress(packed))
    if not head["thinned"]:
        return ""
    return t(
        "{name}: a long run; the board shows every {count} {units}, and nothing in between.",
        name=_name(run),
        count=f"{head['moment']:g}",
        units=t(f"{run.log.unit}s"),
    )


def _name(run: Run) -> str:
    return t("As it is") if run.change is None else run.change


def _side(number: int, run: Run, packed: bytes) -> str:
    board = element(
        "canvas", kind="board", role="img", aria_label=t("The board, {name}; the table below has it in numbers", name=_name(run))
    )
    data = element("script", base64.b64encode(packed).decode(), type="application/octet-stream", kind="trace")
    live = element("div", board, element("div", kind="legend"), kind="live-only")
    return element("div", element("h3", text(_name(run))), live, _numbers(run), data, kind="side", data_number=str(number))


def _charts(number: int, run: Run, scale: Scales) -> str:
    """The charts of a run; without a script, all are shown."""
    unit = run.log.unit
    figures = [
        element(
            "figure",
            element(
                "figcaption",
                text(f"{t(title)} ({t(f'{unit}s')}), {_name(run)}" if name == "histogram" else f"{t(title)}, {_name(run)}"),
            ),
            draw(run, scale),
            data_chart=name,
        )
        for name, (title, draw) in CHARTS.items()
    ]
    return element("div", *figures, kind="chart-side", data_number=str(number))


def _numbers(run: Run) -> str:
    head = element("tr", element("th", t("step"), scope="col"), *(element("th", text(t(state)), scope="col") for state in STATES))
    grid = element("table", element("thead", head), element("tbody"))
    return element(
        "details",
        element("summary", text(t("The board in numbers, {name}", name=_name(run)))),
        element(
            "div", grid, kind="scroll", tabindex="0", role="region", aria_label=t("The board in numbers, {name}", name=_name(run))
        ),
        element("p", t("done: "), element("span", kind="done")),
        kind="numbers live-only",
    )


def _icon(name: str) -> str:
    return f'<svg class="icon i-{name}" viewBox="0 0 16 16" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'


def _transport(runs: Sequence[Run], beside: str | None) -> str:
    unit = runs[0].log.unit
    play = element("button", _icon("play"), _icon("pause"), type="button", kind="play", aria_label=t("Play"))
    buttons = [
        element("button", _icon("start"), type="button", kind="start", aria_label=t("To the start")),
        element("button", _icon("back"), type="button", kind="back", aria_label=t("One {unit} back", unit=t(unit))),
        play,
        element("button", _icon("forward"), type="button", kind="forward", aria_label=t("One {unit} on", unit=t(unit))),
    ]
    clock = element(
        "p", text(f"{t(unit).capitalize()} "), element("span", kind="now"), " ", element("span", kind="date"), kind="clock"
    )
    scrub = f'<input class="scrub" type="range" min="0" aria-label="{unit.capitalize()}">'
    speed = element("label", t("Speed "), element("select", kind="speed"))
    choice = []
    if len(runs) > 1:
        names = [
            element("option", text(_name(run)), value=str(number), selected=run.change == beside)
            for number, run in enumerate(runs)
            if number
        ]
        choice = [element("label", t("Beside as it is: "), element("select", *names, kind="change"))]
    return element(
        "div", clock, *buttons, scrub, speed, *choice, kind="transport live-only", role="group", aria_label=t("Playback")
    )


def _tab(number: int, name: str) -> str:
    return element(
        "button",
        text(f"{number} {t(CHARTS[name][0])}"),
        type="button",
        data_chart=name,
        data_key=str(number),
        aria_pressed="false",
        kind="live-only",
    )
