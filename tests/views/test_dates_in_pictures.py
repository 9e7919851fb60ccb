"""Where a scenario has a start, axes and clocks of pictures and pages tell dates; the pages tell those of the program."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

import vssim
from tests.interface.commands import vssim as command
from tests.views.browser import browser, needed, opened
from tests.views.live_server import serving
from tests.views.live_windows import leading
from vssim.calendar import Calendar
from vssim.play.run import Run
from vssim.views.figures.cumulative import cumulative_flow
from vssim.views.figures.flow import in_progress, run_chart
from vssim.views.figures.times import lead_times
from vssim.views.player.charts import CHARTS
from vssim.views.player.svg import ticks
from vssim.views.report.bundle import PLAYER

BOARD: dict[str, Any] = {
    "name": "Board",
    "start": "2026-06-15",
    "run": {"horizon": "2026-09-30", "replications": 2},
    "demand": {"card": {"every": 3, "items": [{"step": "do", "age": 40, "remaining": "50%"}, {"step": "do", "age": 12}]}},
    "steps": {"do": {"work": "exponential(2)"}},
    "teams": {"crew": {"people": {0: 1, "2026-08-03": 0, "2026-08-17": 1}, "does": "do"}},
    "changes": {"two": {"levers": [{"set": {"teams.crew.people": 2}}], "from": "2026-07-01"}},
}

A_DATE = re.compile(r"^2026-\d\d-\d\d$")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def runs(**more: Any) -> list[Run]:
    scenario = vssim.loads({**BOARD, **more})
    return [vssim.simulate(scenario, change) for change in (None, "two")]


@pytest.mark.parametrize("draw", [lead_times, cumulative_flow, in_progress, run_chart])
def test_the_time_axis_of_a_figure_has_dates(draw: Any) -> None:
    drawn = draw(*runs())
    drawn.canvas.draw()
    for axes in drawn.axes:
        told = [label.get_text() for label in axes.get_xticklabels() if label.get_text() and label.get_visible()]
        assert all(A_DATE.match(text) for text in told)
    assert any(label.get_text() for axes in drawn.axes for label in axes.get_xticklabels())


def test_without_a_start_axes_count_units() -> None:
    numbers = {**BOARD, "run": {"horizon": 78}, "teams": {"crew": {"people": 1, "does": "do"}}, "start": None}
    scenario = vssim.loads({key: value for key, value in {**numbers, "changes": {}}.items() if value is not None})
    run = vssim.simulate(scenario)
    assert run.dates is None
    drawn = lead_times(run)
    drawn.canvas.draw()
    assert [axes.get_xlabel() for axes in drawn.axes] == ["delivered on day"]
    chart = CHARTS["lead"][1](run, _scales([run]))
    assert not re.search(r"\d{4}-\d\d-\d\d", chart)


def _scales(of: list[Run]) -> Any:
    from vssim.views.player.charts import scales

    return scales(of)


def test_the_cumulative_flow_of_a_board_ends_where_its_run_does() -> None:
    """Whatever happened before time 0 is no part of its axis."""
    drawn = cumulative_flow(*runs())
    assert {round(axes.get_xlim()[1], 6) for axes in drawn.axes} == {78}
    for axes in drawn.axes:
        assert max(float(np.asarray(line.get_ydata(), float).max()) for line in axes.lines) <= axes.get_ylim()[1]


@pytest.mark.parametrize("name", ["lead", "delivered", "flow"])
def test_charts_over_time_tell_the_evenings_of_their_ticks(name: str) -> None:
    shown = runs()
    chart = CHARTS[name][1](shown[0], _scales(shown))
    told = re.findall(r'class="tick x"[^>]*>([^<]*)<', chart)
    dates = shown[0].dates
    assert dates is not None
    assert told == [dates.evening(value) for value in ticks(78, 3)]
    assert told[0] == "2026-06-15"


CALENDARS = [
    Calendar(dt.date(2026, 6, 15), "day"),
    Calendar(dt.date(2026, 6, 20), "day"),
    Calendar(dt.date(2026, 12, 30), "week"),
    Calendar(dt.date(2024, 2, 27), "hour", 7.0),
    Calendar(dt.date(2026, 6, 17), "day", working_days=("Tue", "Wed", "Sat")),
    Calendar(dt.date(2026, 6, 14), "week", working_days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")),
]


@pytest.mark.browser
@needed
@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda one: f"{one.unit} from {one.start}")
def test_pages_and_the_program_tell_the_same_dates(chromium: Browser, calendar: Calendar) -> None:
    times = [number / 4 for number in range(4 * 120)]
    source = (PLAYER / "dates.js").read_text(encoding="utf-8").replace("export ", "")
    page = chromium.new_page()
    ask = f"([calendar, times]) => {{ {source}; return times.map((time) => [evening(calendar, time), morning(calendar, time)]); }}"
    told = page.evaluate(ask, [calendar.told(), times])
    page.close()
    assert told == [[calendar.evening(time), calendar.day_of(time).isoformat()] for time in times]


@pytest.mark.browser
@needed
def test_the_clocks_of_a_report_and_of_a_room_tell_the_date(chromium: Browser, tmp_path: Path) -> None:
    file, page_file = tmp_path / "board.yaml", tmp_path / "board.html"
    file.write_text(json.dumps(BOARD), encoding="utf-8")
    assert command("report", str(file), "-o", str(page_file)).code == 0
    with opened(chromium, page_file) as shown:
        expect(shown.page.locator(".player.is-ready .clock .date")).to_have_text("2026-09-30")
        shown.page.locator(".player button.start").click()
        expect(shown.page.locator(".player .clock .date")).to_have_text("2026-06-15")
    with serving(str(file)) as room, leading(chromium, room) as page:
        expect(page.locator(".clock .date")).to_have_text(A_DATE)
        now = float(page.locator(".clock .now").text_content() or "nan")
        dates = vssim.loads(BOARD).dates
        assert dates is not None
        assert page.locator(".clock .date").text_content() == dates.evening(now)
