"""The report in a browser, from a file, with the network off: it plays, steps, scrubs, and counts as Python does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import vssim
from tests.behaviour.test_where_items_are import RICH
from tests.support.running import text_of
from tests.views.browser import browser, needed, opened
from vssim.metrics.daily import Daily
from vssim.metrics.spans import State
from vssim.play.experiment import Experiment
from vssim.play.run import Run, runs_of
from vssim.views.report.page import page

pytestmark = [pytest.mark.browser, needed]

SCENARIO = {
    **RICH,
    "name": "Board <b>& co</b>",
    "question": "How?",
    "run": {"horizon": 120, "warmup": 20, "replications": 2, "seed": 5},
    "changes": {**RICH["changes"], "limit": [{"limit_wip": {"stream": 4}}]},
}
AXE = files("axe_playwright_python").joinpath("axe.min.js")


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    scenario = vssim.loads(text_of(SCENARIO))
    return runs_of(Experiment.of(scenario, [None, *scenario.changes]), 20.0)


@pytest.fixture(scope="module")
def file(runs: list[Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    comparison = vssim.compare(vssim.loads(text_of(SCENARIO)), jobs=1)
    made = tmp_path_factory.mktemp("report") / "report.html"
    made.write_text(page(comparison, runs), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def ready(view: Page) -> None:
    expect(view.locator(".player.is-ready")).to_be_visible()


def scrub(view: Page, day: int) -> None:
    view.locator(".scrub").evaluate("(slider, day) => { slider.value = day; slider.dispatchEvent(new Event('input')); }", day)
    expect(view.locator(".now")).to_have_text(str(day))


def counts(view: Page, side: int) -> list[list[int]]:
    """The board in numbers of a side, as the page has it: by step (the backlog first) and state."""
    table: list[list[int]] = (
        view.locator(".side")
        .nth(side)
        .locator(".numbers tbody")
        .evaluate("body => [...body.rows].map(row => [...row.cells].slice(1).map(cell => Number(cell.textContent)))")
    )
    return table


def test_the_report_asks_for_nothing_but_itself_and_says_nothing(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as found:
        ready(found.page)
        found.page.locator(".play").click()
        expect(found.page.locator(".now")).to_have_text(re.compile(r"[3-9]|\d\d"))  # a slow machine may not show every day
        found.page.locator(".change").select_option(label="limit")
        expect(found.page.get_by_role("heading", name="limit", level=3).last).to_be_visible()
        assert found.requests == [file.as_uri()]
        assert found.said == []


def test_the_boards_count_as_python_does(chromium: Browser, file: Path, runs: list[Run]) -> None:
    states = range(State.BACKLOG, State.DONE)
    with opened(chromium, file) as found:
        ready(found.page)
        for number in (1, 2):
            found.page.locator(".change").select_option(value=str(number))
            for day in (0, 1, 13, 30, 59, 60, 61, 90, 119, 120):
                scrub(found.page, day)
                for side in (0, number):
                    daily = Daily(runs[side].log)
                    steps = range(-1, len(runs[side].log.steps))
                    expected = [[int(daily.spans.count(step, state, daily.moments)[day]) for state in states] for step in steps]
                    assert counts(found.page, side) == expected, (side, day)
                    done = found.page.locator(".side").nth(side).locator(".numbers .done")
                    expect(done).to_have_text(str(daily.delivered[day]))


def test_keys_play_step_jump_and_choose_charts(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as found:
        view = found.page
        ready(view)
        view.locator(".player").focus()
        now, player = view.locator(".now"), view.locator(".player")
        view.keyboard.press("Home")
        expect(now).to_have_text("0")
        view.keyboard.press("ArrowRight")
        view.keyboard.press("ArrowRight")
        view.keyboard.press("ArrowLeft")
        expect(now).to_have_text("1")
        expect(view.locator(".spoken")).to_contain_text("day 1.")
        view.keyboard.press("Space")
        expect(player).to_have_class("player is-live is-ready is-playing")
        expect(now).to_have_text(re.compile(r"[2-9]|\d\d"))  # it plays on, and no day stays
        view.keyboard.press("Space")
        expect(player).to_have_class("player is-live is-ready")
        view.keyboard.press("End")
        expect(now).to_have_text("120")
        view.keyboard.press("2")
        expect(view.locator("button[data-chart=delivered]")).to_have_attribute("aria-pressed", "true")
        expect(view.locator("figure[data-chart=delivered]").first).to_be_visible()
        expect(view.locator("figure[data-chart=lead]").first).to_be_hidden()


def test_the_curtain_hides_what_has_not_happened_yet(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as found:
        ready(found.page)
        curtain = found.page.locator(".curtain").first
        expect(curtain).to_be_hidden()
        scrub(found.page, 60)
        expect(curtain).to_be_visible()
        width = float(curtain.get_attribute("data-width") or 0)
        expect(curtain).to_have_attribute("transform", f"translate({width / 2:.1f} 0)")


@pytest.mark.parametrize("chart", ["lead", "delivered"])
def test_what_sums_up_the_run_is_seen_at_its_end_only(chromium: Browser, file: Path, chart: str) -> None:
    with opened(chromium, file) as found:
        ready(found.page)
        found.page.locator(f"button[data-chart={chart}]").click()
        summaries = found.page.locator(f".chart-side:not([hidden]) figure[data-chart={chart}] .summary")
        assert summaries.count() >= 4  # a line and its caption on both sides, at least
        for day, seen in ((120, True), (119, False), (60, False), (120, True)):
            scrub(found.page, day)
            for one in summaries.all():
                expect(one).to_have_css("visibility", "visible" if seen else "hidden")


def test_something_is_drawn_on_the_boards(chromium: Browser, file: Path) -> None:
    drawn = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    with opened(chromium, file) as found:
        ready(found.page)
        scrub(found.page, 40)
        assert found.page.locator("canvas.board").first.evaluate(drawn) > 10


@pytest.mark.parametrize("width", [1280, 1400, 1920])
def test_what_is_drawn_on_the_boards_is_as_wide_for_its_height_as_it_was_drawn(chromium: Browser, file: Path, width: int) -> None:
    shapes = "all => all.filter(c => c.clientHeight).map(c => [c.width / c.height, c.clientWidth / c.clientHeight])"
    with opened(chromium, file, viewport={"width": width, "height": 900}) as found:
        ready(found.page)
        seen = found.page.eval_on_selector_all(".player .side canvas.board, .player .map canvas", shapes)
        assert seen
        for drawn, shown in seen:
            assert drawn == pytest.approx(shown, rel=0.01)


def test_where_motion_is_not_wanted_the_board_goes_in_whole_days(chromium: Browser, file: Path) -> None:
    with opened(chromium, file, reduced_motion="reduce") as found:
        ready(found.page)
        found.page.locator(".play").click()
        expect(found.page.locator(".now")).not_to_have_text("0")
        value = float(found.page.locator(".scrub").input_value())
        assert value == int(value)


def test_without_javascript_tables_and_charts_are_there(chromium: Browser, file: Path) -> None:
    with opened(chromium, file, java_script_enabled=False) as found:
        expect(found.page.get_by_role("table").first).to_be_visible()
        charts = found.page.locator(".chart-side figure > svg")
        assert charts.count() == 3 * 4
        expect(found.page.locator("figure[data-chart=flow] > svg").last).to_be_visible()
        expect(found.page.locator("figure[data-chart=lead] text.summary").first).to_be_visible()
        expect(found.page.locator("canvas.board").first).to_be_hidden()
        expect(found.page.get_by_text("Board <b>& co</b>").first).to_be_visible()
        assert found.requests == [file.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, file: Path, scheme: Any) -> None:
    with opened(chromium, file, color_scheme=scheme) as found:
        ready(found.page)
        scrub(found.page, 40)
        found.page.evaluate(AXE.read_text(encoding="utf-8"))
        faults = found.page.evaluate("axe.run().then(found => found.violations.map(one => [one.id, one.nodes[0].html]))")
        assert faults == []


def test_it_prints_on_a_few_pages(chromium: Browser, file: Path) -> None:
    with opened(chromium, file) as found:
        ready(found.page)
        assert 2 <= found.page.pdf(format="A4").count(b"/Type /Page\n") <= 12
