"""Rounds one after the other on wall and phones: nothing of an earlier one stays, and what is at the left has its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.views.browser import browser, needed
from tests.views.live_pages import page
from tests.views.live_server import Serving, serving
from tests.views.live_windows import PHONE, RIGHT, visiting
from vssim.views.live.pictures.causes import bars
from vssim.views.names import width_of

browsing = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def games() -> Iterator[Serving]:
    with serving("workshop/games") as found:
        yield found


def asked(view: Page, number: int) -> None:
    """On to a round, until it is asked."""
    view.locator(".pips li button").nth(number - 1).click()
    expect(view.locator(".cover .which")).to_have_text(f"Question {number} of 9")
    expect(view.locator(".cover:not(.is-revealed)")).to_be_visible()


@browsing
@needed
def test_a_phone_marks_the_answer_that_is_right_in_this_round(chromium: Browser, games: Serving) -> None:
    with visiting(chromium, games.address) as view, visiting(chromium, games.join, **PHONE) as phone:
        for number, right in ((1, "down"), (2, "up"), (3, "down")):  # and nobody guesses: votes and answers are the same in all
            asked(view, number)
            expect(phone.locator(".title")).to_contain_text(f"Round {number} of 9")
            view.keyboard.press("r")
            expect(view.locator(".cover.is-revealed .answer.is-right")).to_contain_class(f"is-{right}")
            expect(phone.locator(".result .answer.is-right")).to_have_count(1)
            expect(phone.locator(".result .answer.is-right")).to_contain_class(f"is-{right}")


@browsing
@needed
def test_names_of_steps_do_not_make_a_map_of_a_small_board(chromium: Browser, games: Serving) -> None:
    with visiting(chromium, games.address) as view:
        asked(view, 7)  # four desks and a backlog, and some six coins on their way
        for shown in (".cover.is-revealed", ".cover[hidden]"):
            view.keyboard.press("PageDown")
            expect(view.locator(shown)).to_be_attached()
            expect(view.locator(".player.stage")).not_to_contain_class("is-map")


@browsing
@needed
def test_a_phone_says_the_whole_of_a_value_that_is_no_number(chromium: Browser, games: Serving) -> None:
    with visiting(chromium, games.address) as view, visiting(chromium, games.join, **PHONE) as phone:
        asked(view, 7)
        view.keyboard.press("r")
        limit = phone.locator(".which select option").filter(has_text="WIP limit").first
        expect(limit).to_be_attached()
        phone.locator(".which select").select_option(label=limit.inner_text())
        phone.locator(".own input").evaluate("range => { range.value = range.max; range.dispatchEvent(new Event('input')); }")
        expect(phone.locator(".trial .stepper output")).to_have_text("no limit")
        expect(phone.locator(".trial .send")).to_contain_text("Send no limit to the wall")


def test_today_is_said_of_today_only(games: Serving) -> None:
    with page(games, leads=True) as leading:
        leading.wish("round", number=1)
        assert leading.until("today")["words"].startswith("Today ")
        leading.wish("round", number=2)
        assert leading.until("today")["words"].startswith("One after the other: ")


NAMES = [
    "as today",
    "One after the other",
    "Fives with a dearer handover",
    "Crossfunctionalteamsofthreepeople",
    "機能" * 12,
    "x " * 60,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_side_has_its_name_beside_its_bar(name: str) -> None:
    svg = bars([(name, {"hands_on": 3.0, "queue": 4.0}), ("after", {"hands_on": 2.0})], "day")
    *lines, _ = re.findall(r'class="bar-side"[^>]*>([^<]*)<', svg)
    begin = min(float(x) for x in re.findall(r'<rect[^>]* x="([0-9.]+)"', svg))
    assert 1 <= len(lines) <= 2
    assert all(12.2 * width_of(line) <= begin for line in lines)  # an ordinary letter of 22 px is no wider
    flat = "".join(lines).replace(" ", "")
    assert flat == name.replace(" ", "") or "…" in flat


@pytest.mark.parametrize("queue", [0.4, 0.85, 1.0, 1.3, 2.0])
def test_a_number_lies_inside_its_stretch(queue: float) -> None:
    svg = bars([("as today", {"hands_on": 6.6, "queueing": queue, "gate": 9.0})], "day")
    numbers = re.findall(r'class="bar-number [^"]*" x="([0-9]+)"[^>]*>([^<]*)<', svg)
    rectangles = [
        (float(x), float(width))
        for x, width in re.findall(r'<rect class="a-[^"]*" x="([0-9.]+)"[^>]* width="([0-9.]+)" height="38', svg)
    ]
    assert len(numbers) >= 2
    for middle, written in numbers:
        begin, wide = next((x, width) for x, width in rectangles if x <= float(middle) <= x + width)
        assert wide >= 12 * len(written), written
        assert begin < float(middle)


LONG = "cross-functional teams of three people who have practised every craft for half a year"
AGAINST = f"""
extends: silos
changes:
  {LONG}: [{{cross_functional_teams: {{teams: [analysts, developers, testers], count: 3}}}}]
rounds:
  - {{change: both, against: {LONG}, question: And both?}}
"""

INSIDE = """
rows => rows.flatMap((row) => [...row.children].map((box) => box.getBoundingClientRect())
  .map(({ left, right }, place, all) => [left, right, all[place + 1]?.left ?? row.closest(".side").getBoundingClientRect().right]))
"""
"""Of all entries of legends, where each begins and ends, and where the next one or the end of the board is."""

FIT = """
async () => {
  const { fitLine } = await import('/assets/live/answer.js');
  const box = document.querySelector('.answer-box');
  fitLine(box.querySelector('.pair'), box, 84, 30);
}
"""

COLUMNS = """
buttons => buttons.map((button) => {
  const board = button.closest(".side").getBoundingClientRect();
  return [button.getBoundingClientRect().right, board.right - 118 * (board.width / 930)];
})
"""


@browsing
@needed
def test_what_is_told_of_eight_states_and_of_gates_stays_in_its_place(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "against.yaml"
    file.write_text(AGAINST, encoding="utf-8")
    with serving(str(file)) as room, visiting(chromium, room.address) as view:
        for shown in (".cover.is-revealed", ".cover[hidden]"):
            expect(view.locator(".cover:not([hidden])")).to_be_visible()
            view.keyboard.press("PageDown")
            expect(view.locator(shown)).to_be_attached()
        expect(view.locator(f"{RIGHT} .legend .count")).to_have_count(8)
        for left, right, following in view.locator(".side .legend").evaluate_all(INSIDE):
            assert left < right <= following
        gates = view.locator(".limits button").filter(has_text="20")
        expect(gates.first).not_to_contain_text("20.0")
        for right, done in gates.evaluate_all(COLUMNS):
            assert right <= done  # else it lies on the dots of what is done


@browsing
@needed
def test_on_an_old_projector_the_head_of_nine_rounds_and_a_long_answer_have_room(chromium: Browser, games: Serving) -> None:
    with visiting(chromium, games.address) as view:
        asked(view, 3)
        view.set_viewport_size({"width": 1024, "height": 768})
        view.keyboard.press("r")
        expect(view.locator(".cover.is-revealed")).to_be_visible()
        title = view.locator(".player .title")
        assert title.evaluate("title => title.scrollHeight <= title.clientHeight + 1")
        assert title.evaluate("title => title.getBoundingClientRect().width > 150")
        pair = view.locator(".answer-box .pair")
        pair.evaluate("pair => { pair.textContent = '29.36 → 28.65 days'; }")
        view.locator(".answer-box .verdict-chip").evaluate("chip => { chip.textContent = 'undecided'; }")
        view.evaluate(FIT)
        assert view.locator(".answer-box").evaluate("box => box.scrollWidth <= box.clientWidth")
        view.keyboard.press("PageDown")
        expect(view.locator(".cover")).to_be_hidden()
        assert view.locator(".facts").evaluate("facts => facts.scrollWidth <= facts.clientWidth")
