"""Editing on the board: a limit, people, a column of the map; the panel covers nothing that it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.views.browser import browser, needed
from tests.views.live_server import serving
from tests.views.live_windows import visiting

pytestmark = [pytest.mark.browser, needed]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def on_to_the_boards(view: Page) -> None:
    for shown in (".cover:not(.is-revealed)", ".cover.is-revealed"):
        expect(view.locator(shown)).to_be_visible()
        view.keyboard.press("PageDown")
    expect(view.locator(".band.is-there")).to_be_visible()


def overlap(view: Page, one: str, other: str) -> bool:
    boxes = [view.locator(name).first.bounding_box() for name in (one, other)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    return boxes[0]["x"] < boxes[1]["x"] + boxes[1]["width"] and boxes[1]["x"] < boxes[0]["x"] + boxes[0]["width"]


def below(view: Page, one: str, other: str) -> bool:
    boxes = [view.locator(name).first.bounding_box() for name in (one, other)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    return boxes[0]["y"] >= boxes[1]["y"] + boxes[1]["height"]


def test_a_limit_is_edited_where_it_stands(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, room.address) as view:
        on_to_the_boards(view)
        value = view.locator(".side.right .values button")
        expect(value).to_have_text("12")
        before = view.locator(".band .pair").inner_text()
        value.click()
        expect(view.locator(".edit-panel")).to_be_visible()
        assert not overlap(view, ".edit-panel", ".side.right")
        for _ in range(3):
            view.keyboard.press("-")
        expect(value).to_have_text("9")
        expect(view.locator(".band .pair")).not_to_have_text(before)
        expect(view.locator(".edit-panel .t-now")).to_have_count(1)
        expect(view.locator(".side.right .is-total .number")).to_have_text(re.compile(r"^\d$"))  # once the picture has come
        view.keyboard.press("Escape")
        expect(view.locator(".edit-panel")).to_be_hidden()
        expect(value).to_be_focused()


def test_people_are_edited_where_they_stand(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, room.address) as view:
        on_to_the_boards(view)
        crew = view.locator(".side.right .crew button")
        expect(crew).to_have_text("6")
        crew.click()
        view.locator(".edit-panel").get_by_role("button", name="Less").click()
        expect(crew).to_have_text("5")
        expect(view.locator(".side.left .crew button")).to_have_text("6")
        expect(view.locator(".side.right .is-hand .number")).to_have_text("5")


def test_limits_and_gates_of_a_large_stream_are_edited_on_the_map(chromium: Browser) -> None:
    with serving("silos") as room, visiting(chromium, room.address) as view:
        view.locator(".pips button").nth(1).click()
        expect(view.locator(".asked-about")).to_have_text("Limit WIP")
        on_to_the_boards(view)
        limit, gate = view.locator(".map .limits button").all()
        expect(limit).to_have_text("limit 12")
        expect(gate).to_have_text("every 20 days")
        gate.click()
        expect(view.locator(".edit-panel")).to_be_visible()
        view.keyboard.press("-")
        expect(gate).not_to_have_text("every 20 days")
        expect(view.locator(".edit-panel .t-now")).to_have_count(1)
        view.keyboard.press("a")
        expect(view.locator(".edit-panel .t-best")).to_have_count(1)  # of all values
        assert below(view, ".edit-panel", ".map")  # which is both sides, and changes
        assert below(view, ".edit-panel", ".band")
        inside = "panel => [...panel.querySelectorAll('*')].map(one => one.getBoundingClientRect())"
        panel = view.locator(".edit-panel").bounding_box()
        assert panel is not None
        for box in view.locator(".edit-panel").evaluate(inside):
            assert panel["x"] <= box["left"], box
            assert box["right"] <= panel["x"] + panel["width"], box
            assert panel["y"] <= box["top"], box
            assert box["bottom"] <= panel["y"] + panel["height"], box


def test_the_words_of_a_gate_stay_within_a_narrow_column(chromium: Browser) -> None:
    with serving("simplify") as room, visiting(chromium, room.address) as view:
        on_to_the_boards(view)
        (gate,) = view.locator(".map .limits button").all()
        expect(gate).to_have_text("10 days")
        expect(gate).to_have_attribute("aria-label", re.compile("10 days"))
        (at, end) = gate.evaluate("one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right]")
        columns = view.locator(".field-buttons button").evaluate_all(
            "all => all.map((one) => [one.getBoundingClientRect().left, one.getBoundingClientRect().right])"
        )
        (left, right) = next((left, right) for left, right in columns if left < end <= right)
        assert left <= at
        assert end <= right


def test_while_the_room_guesses_nothing_can_be_edited_and_only_today_is_told(chromium: Browser) -> None:
    with serving("silos") as room, visiting(chromium, room.address) as view:
        today = view.locator(".today-words")
        expect(today).to_contain_text("Today 85 of 100 items arrive within")
        expect(today.locator("strong")).to_have_text("73 days")
        for button in view.locator(".side.left .limits button").all():
            expect(button).to_be_disabled()


def test_space_plays_after_esc_has_closed_the_drawer(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, room.address) as view:
        on_to_the_boards(view)
        view.keyboard.press("s")
        expect(view.locator(".drawer")).to_be_visible()
        view.keyboard.press("Escape")
        expect(view.locator(".open-drawer")).to_be_focused()
        view.keyboard.press(" ")
        expect(view.locator(".player.is-playing")).to_be_visible()
        expect(view.locator(".drawer")).to_be_hidden()
        view.keyboard.press(" ")
        expect(view.locator(".player.is-playing")).to_have_count(0)


def test_j_shows_the_address_and_puts_it_away_and_a_clicker_goes_on_from_there(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, room.address) as view:
        expect(view.locator(".cover .asked")).to_be_visible()
        poster = view.locator("dialog.poster")
        for _ in range(2):
            view.keyboard.press("j")
            expect(poster).to_be_visible()
            view.keyboard.press("j")
            expect(poster).to_be_hidden()
        view.keyboard.press("j")
        expect(poster).to_be_visible()
        view.keyboard.press("PageDown")
        expect(poster).to_be_hidden()
        expect(view.locator(".cover:not(.is-revealed)")).to_be_visible()
