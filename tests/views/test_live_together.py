"""Several pages of one room: two who lead, a projector of its own, phones that sleep, words longer than a page is wide."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.interface.commands import SMALL
from tests.views.browser import browser, needed
from tests.views.live_pages import page
from tests.views.live_server import Serving, serving
from tests.views.live_windows import LEFT, PHONE, PROJECTOR, RIGHT, agreed, faults, leading, scrub, visiting

pytestmark = [pytest.mark.browser, needed]

ROUNDS = [
    {"title": "Walls", "change": "no walls", "question": "Longer?", "discuss": ["Why?"], "minutes": 5},
    {"title": "Less", "change": "fewer at once", "question": "And now?"},
]
LONG = "A title that somebody wrote who did not think of the projector nor of the people who sit in the back row of the room"
SLIDER = "steps.check.wip_limit"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Serving]:
    """A workshop, at its first question."""
    file = tmp_path / "workshop.yaml"
    file.write_text(f"{SMALL}\nrounds: {json.dumps(ROUNDS)}\n", encoding="utf-8")
    with serving(str(file)) as found:
        yield found


def asleep(view: Page) -> list[str]:
    """From now on, what a page and its server say to each other may be lost; 'dead' in the list: it is."""
    state: list[str] = []

    def line(wire: WebSocketRoute) -> None:
        server = wire.connect_to_server()
        number = len(state)
        state.append("alive")
        wire.on_message(lambda said: server.send(said) if state[number] == "alive" else None)
        server.on_message(lambda said: wire.send(said) if state[number] == "alive" else None)

    view.route_web_socket(re.compile("/ws$"), line)
    view.reload()
    return state


@pytest.mark.parametrize("asked", [False, True])
def test_how_to_join_is_shown_on_every_wall_also_while_nothing_is_open_or_something_is_asked(
    chromium: Browser, room: Serving, asked: bool
) -> None:
    with page(room, leads=True) as facilitator:
        if not asked:
            facilitator.say("open", source=None)
            facilitator.until("room", lobby=True)
        with visiting(chromium, room.address) as view, visiting(chromium, room.room) as wall:
            expect(view.locator(".cover .asked" if asked else ".themes button").first).to_be_visible()
            expect(wall.locator(".cover .asked" if asked else ".lobby .start-card").first).to_be_visible()
            view.keyboard.press("j")
            for here in (view, wall):
                expect(here.get_by_role("dialog", name="Join with a phone")).to_be_visible()
            wall.keyboard.press("Escape")
            expect(wall.get_by_role("dialog")).to_be_hidden()
            wall.keyboard.press("j")  # who does not lead looks alone
            expect(wall.get_by_role("dialog")).to_be_visible()
            expect(view.get_by_role("dialog")).to_be_visible()
            view.keyboard.press("Escape")
            for here in (view, wall):
                expect(here.get_by_role("dialog")).to_be_hidden()


IN_THE_SAME_FRAME = """key => {
  document.querySelector("dialog.poster").close();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""
"""Close how to join, and press a key before the page is drawn again: then the focus has not yet left what is closed."""


def test_a_key_that_follows_at_once_on_a_closed_dialog_is_not_lost(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, room.room) as wall:
        expect(wall.locator(".cover .asked")).to_be_visible()
        dialog = wall.locator("dialog.poster")
        wall.keyboard.press("j")
        expect(dialog).to_be_visible()
        wall.evaluate(IN_THE_SAME_FRAME, "j")
        expect(dialog).to_be_visible()


def test_a_dialog_that_is_opened_again_at_once_is_not_closed_by_its_own_late_end(chromium: Browser, room: Serving) -> None:
    with page(room) as other, visiting(chromium, room.address) as view:
        expect(view.locator(".cover .asked")).to_be_visible()
        view.keyboard.press("j")
        other.until("room", shows="join")
        view.evaluate(IN_THE_SAME_FRAME, "j")
        poster = view.locator("dialog.poster")  # what would close it comes late
        agreed(view, lambda: ["join" if poster.is_visible() else "boards"], lambda: room.director.foreground.shown)
        expect(poster).to_be_visible()


def standing(room: Serving, path: str) -> int:
    """Where a slider of the room stands."""
    setup = room.director.setup
    return setup.position(setup.slider(path))


def test_what_stands_before_the_boards_stands_before_all_of_them(chromium: Browser, room: Serving) -> None:
    with (
        visiting(chromium, room.address) as view,
        visiting(chromium, room.address) as second,
        visiting(chromium, room.room) as projector,
        visiting(chromium, room.join, **PHONE) as phone,
    ):
        walls = (view, second, projector)
        for here in walls:
            expect(here.locator(".cover .asked")).to_have_text("Longer?")
        view.keyboard.press("PageDown")
        for here in walls:
            expect(here.locator(".cover .answer.is-right")).to_be_visible()
        second.keyboard.press("PageDown")
        for here in walls:
            expect(here.locator(".cover")).to_be_hidden()
        view.keyboard.press("PageDown")
        for here in walls:
            expect(here.get_by_role("dialog", name="To discuss").get_by_text("Why?")).to_be_visible()
        expect(phone.locator(".title")).to_have_text("Round 1 of 2: Walls")
        expect(phone.locator(".talk").get_by_text("Why?")).to_be_visible()
        for here in (projector, phone):
            assert faults(here) == []
        projector.get_by_role("button", name="Close").click()  # who does not lead looks alone
        expect(projector.get_by_role("dialog")).to_be_hidden()
        expect(view.get_by_role("dialog")).to_be_visible()
        second.get_by_role("button", name="Close").click()
        for here in walls:
            expect(here.get_by_role("dialog")).to_be_hidden()
        expect(phone.locator(".talk")).to_be_hidden()
        view.locator(".guessed").click()
        for here in walls:
            expect(here.locator(".cover .answer.is-right")).to_be_visible()
        second.keyboard.press("Escape")
        for here in walls:
            expect(here.locator(".cover")).to_be_hidden()
        view.keyboard.press("PageDown")  # it has been discussed
        for here in walls:
            expect(here.locator(".cover .asked")).to_have_text("And now?")


def test_two_who_lead_end_on_the_same_day_and_the_same_slider(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as one, leading(chromium, room) as other, visiting(chromium, room.room) as projector:
        clock = room.director.clock
        one.keyboard.press("r")
        expect(one.locator(".cover .answer.is-right")).to_be_visible()
        one.keyboard.press("r")
        expect(other.locator(".cover")).to_be_hidden()
        for day in range(8):
            scrub(one, 10 + day)
            scrub(other, 40 + day)
        agreed(one, lambda: [here.locator(".now").inner_text() for here in (one, other, projector)], lambda: f"{clock.day:g}")
        for here in (one, other):
            here.keyboard.press("s")
        path = one.locator(".slider").first.get_attribute("data-path")
        sliders = [here.locator(f'.slider[data-path="{path}"] input') for here in (one, other)]
        for position in range(3):
            sliders[0].fill(str(position))
            sliders[1].fill(str(3 - position))
        agreed(one, lambda: [slider.input_value() for slider in sliders], lambda: str(standing(room, path or "")))
        words = other.locator(f"{RIGHT} .words").inner_text()
        for here in (one, projector):
            expect(here.locator(f"{RIGHT} .words")).to_have_text(words)


def held(view: Page) -> Callable[[], None]:
    """From now on, what the server says comes late: all of it, in its order, when the function that is returned is called."""
    waiting: list[Callable[[], None]] = []
    free: list[bool] = []

    def line(wire: WebSocketRoute) -> None:
        server = wire.connect_to_server()
        wire.on_message(server.send)
        server.on_message(lambda said: wire.send(said) if free else waiting.append(lambda: wire.send(said)))

    def let_go() -> None:
        for send in waiting:
            send()
        waiting.clear()

    free.append(True)
    view.route_web_socket(re.compile("/ws$"), line)
    view.reload()
    expect(view.locator(f"{LEFT} .numbers tbody tr").first).to_be_attached()
    free.clear()
    return let_go


MOVED = """() => {
  window.moved = [];
  const player = document.querySelector(".player.stage");
  const look = () => window.moved.push(player.className.includes("is-playing"));
  new MutationObserver(look).observe(player, { attributeFilter: ["class"] });
}"""
"""From now on, whether the play starts by itself."""


def test_what_the_room_says_late_does_not_turn_the_play_back(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        scrub(view, 20)  # who comes back to a room in which nothing was done opens it anew
        agreed(view, lambda: [f"{room.director.clock.day:g}"], lambda: "20")
        let_go = held(view)
        for playing in ("True", "False"):
            view.keyboard.press(" ")
            agreed(view, lambda: [str(room.director.clock.playing)], lambda playing=playing: playing)  # type: ignore[misc]
        day = view.locator(".now").text_content() or ""
        view.evaluate(MOVED)
        let_go()
        agreed(view, view.locator(".now").all_text_contents, lambda: f"{int(room.director.clock.day)}")
        assert True not in view.evaluate("window.moved")
        assert view.locator(".now").text_content() == day


def test_a_phone_that_slept_finds_out_that_its_line_is_dead_and_its_guess_is_not_lost(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, room.address) as view, visiting(chromium, room.join, **PHONE) as phone:
        expect(phone.get_by_role("button", name="longer")).to_be_visible()
        lines = asleep(phone)
        expect(phone.get_by_role("button", name="longer")).to_be_visible()
        lines[-1] = "dead"
        phone.get_by_role("button", name="shorter").click()
        expect(phone.get_by_text("Sent.")).to_be_visible()
        phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(view.locator(".votes")).to_have_text("1 has guessed")
        assert lines == ["dead", "alive"]
        expect(phone.locator(".notice")).to_be_hidden()


def test_a_phone_that_slept_while_it_was_asked_anew_has_not_guessed_yet(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, room.join, **PHONE) as phone, page(room, leads=True) as facilitator:
        phone.get_by_role("button", name="shorter").click()
        facilitator.until("votes", votes=1)
        phone.goto("about:blank")
        facilitator.say("guess", action="ask")
        with page(room, kind="join", name="other") as other:
            other.say("vote", answer="up")
            facilitator.until("votes", votes=1)
        phone.go_back()
        expect(phone.get_by_text("What do you think?")).to_be_visible()
        expect(phone.get_by_role("button", name="shorter")).to_have_attribute("aria-pressed", "false")


def test_a_facilitator_who_reloads_or_goes_away_and_back_finds_the_question_as_it_was(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, room.address) as view, visiting(chromium, room.join, **PHONE) as phone:
        phone.get_by_role("button", name="shorter").click()
        expect(view.locator(".votes")).to_have_text("1 has guessed")
        expect(view).to_have_url(re.compile("day="))
        scrub(view, 44)
        expect(view).to_have_url(re.compile("day=44"))
        agreed(view, lambda: ["44"], lambda: f"{room.director.clock.day:g}")
        for come_back in (view.reload, lambda: (view.goto("about:blank"), view.go_back())):
            come_back()
            expect(view.locator(".votes")).to_have_text("1 has guessed")
            expect(view.locator(".now")).to_have_text("44")
            expect(view.locator(".open-drawer")).to_be_visible()
            expect(phone.get_by_role("button", name="shorter")).to_have_attribute("aria-pressed", "true")


def test_who_guessed_right_is_named_on_the_wall(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, room.address) as view, visiting(chromium, room.join, **PHONE) as phone:
        phone.locator("input.name").fill(f"Ànna {'W' * 60}")
        with page(room, kind="join", name="wrong") as other:
            other.say("name", name="Wrong one")
            other.say("vote", answer="up")
            phone.get_by_role("button", name="shorter").click()
            expect(view.locator(".votes")).to_have_text("2 have guessed")
            view.keyboard.press("r")
            expect(view.locator(".named")).to_contain_text("Ànna WWW")
            assert faults(view) == []
            expect(view.locator(".named")).not_to_contain_text("Wrong")
            inside = "one => one.scrollWidth <= one.clientWidth && one.getBoundingClientRect().bottom <= innerHeight"
            assert view.locator(".cover").evaluate(inside)


def test_of_more_names_than_there_is_room_for_the_rest_is_counted(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, room.address) as view, page(room, leads=True) as facilitator:
        for number in range(60):
            with page(room, kind="join", name=f"voter {number}") as phone:
                phone.say("name", name=f"{'W' * 30} {number:02}")
                phone.say("vote", answer="down")
                phone.until("votes")
        facilitator.say("guess", action="reveal")
        named = view.locator(".named")
        expect(named).to_contain_text(re.compile(r"and \d+ more$"))
        rest = int(re.findall(r"and (\d+) more$", named.inner_text())[0])
        assert named.locator("bdi").count() + rest == 60
        assert named.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def test_hands_that_were_counted_are_known_after_a_reload_and_to_whoever_counts_on(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as one, leading(chromium, room) as other:
        for here in (one, other):
            here.keyboard.press("s")
            here.get_by_role("button", name="Guess", exact=True).click()
        one.locator("[data-answer=up]").fill("3")
        expect(other.locator("[data-answer=up]")).to_have_value("3")
        other.locator("[data-answer=down]").fill("2")
        expect(one.locator(".votes")).to_have_text("5 have guessed")
        one.reload()
        one.get_by_role("button", name="Guess", exact=True).click()
        expect(one.locator("[data-answer=up]")).to_have_value("3")
        other.get_by_role("button", name="Ask anew").click()
        expect(one.locator("[data-answer=up]")).to_have_value("0")
        expect(other.locator("[data-answer=down]")).to_have_value("0")


def test_what_is_taken_home_is_offered_with_the_answer_and_not_before(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        view.keyboard.press("s")
        view.get_by_role("button", name="More").click()
        expect(view.get_by_text("can be taken home once the answer is on the board")).to_be_visible()
        report = view.get_by_role("link", name="Report (HTML)")
        expect(report).to_be_hidden()
        view.keyboard.press("r")
        with view.expect_download() as begun:
            report.click()
        assert begun.value.suggested_filename == "report.html"


def test_a_room_with_nothing_to_compare_shows_it_beside_itself(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "alone.yaml"
    file.write_text(SMALL.partition("changes:")[0], encoding="utf-8")
    with serving(str(file)) as room, leading(chromium, room) as view:
        expect(view.locator(".cover")).to_be_hidden()
        expect(view.locator(f"{RIGHT} .words")).to_have_text("nothing is changed yet")
        expect(view.locator(".band .verdict-chip")).to_have_text("no real difference")
        view.keyboard.press("s")
        expect(view.get_by_label("The change", exact=True)).to_have_text(re.compile("^no change"))
        view.keyboard.press("g")
        expect(view.locator(".cover")).to_be_visible()
        expect(view.locator(f"{LEFT} canvas.board")).to_be_visible()
        view.keyboard.press("r")
        expect(view.locator(".answer.is-right")).to_contain_text("about the same")


def test_a_change_is_taken_away_and_sliders_are_moved_without_it(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        view.keyboard.press("r")
        expect(view.locator(".cover .answer.is-right")).to_be_visible()
        view.keyboard.press("s")
        change = view.get_by_label("The change", exact=True)
        change.select_option(value="")
        expect(view.locator(f"{RIGHT} h2")).to_have_text("As today")
        people = view.get_by_label("Makers: people")
        expect(view.locator(".slider", has=people).locator("output")).to_have_text("1 person")
        people.fill("1")
        expect(view.locator(f"{RIGHT} h2")).to_have_text("Moved by hand")
        expect(view.locator(f"{RIGHT} .words")).to_have_text("Makers: people 2 people")


@pytest.mark.parametrize("joined", [False, True])
def test_long_words_are_made_smaller_or_cut_and_nothing_leaves_the_page(chromium: Browser, tmp_path: Path, joined: bool) -> None:
    rounds = [{"title": LONG, "change": LONG, "question": f"{LONG}, {LONG}?", "discuss": [f"{LONG}?"] * 4}]
    text = SMALL.replace("name: Small", f"name: {LONG}").replace("fewer at once:", f"{LONG}:")
    file = tmp_path / "long.yaml"
    file.write_text(f"{text}\nrounds: {json.dumps(rounds)}\n", encoding="utf-8")
    over = "one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1"
    with serving(str(file)) as room:
        room.director.join = "http://192.168.100.120:8765/join" if joined else None
        with visiting(chromium, room.address) as view:
            cover = view.locator(".cover")
            expect(cover.locator(".asked")).to_contain_text("back row")
            assert not cover.evaluate(over)
            edges = cover.evaluate(
                "one => [one, ...one.children].filter(part => part.checkVisibility())"
                ".map(part => part.getBoundingClientRect()).map(box => [box.top, box.bottom])"
            )
            assert all(edges[0][0] <= top and bottom <= edges[0][1] for top, bottom in edges[1:])
            view.keyboard.press("r")
            expect(view.locator(".cover.is-revealed")).to_be_visible()
            assert not cover.evaluate("one => one.scrollWidth > one.clientWidth + 1")
            view.keyboard.press("r")
            view.keyboard.press("s")
            expect(view.locator(".drawer")).to_be_visible()
            assert not view.locator(".panel").first.evaluate("one => one.scrollWidth > one.clientWidth")
            assert view.locator(".top .title").text_content() == LONG
            top = view.locator(".top").bounding_box()
            assert top is not None
            assert top["height"] < 0.12 * PROJECTOR["height"]
            assert view.evaluate("document.documentElement.scrollHeight") == PROJECTOR["height"]


def test_a_title_and_a_question_that_are_long_leave_a_phone_room_for_the_answers(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text(SMALL.replace("name: Small", f"name: {LONG}"), encoding="utf-8")
    size = {"width": 360, "height": 640}
    with (
        serving(str(file)) as room,
        page(room, leads=True) as facilitator,
        visiting(chromium, room.join, **{**PHONE, "viewport": size}) as phone,
    ):
        facilitator.say("guess", action="ask", question=f"{LONG}, {LONG}?")
        expect(phone.locator(".ballot .asked")).to_contain_text("back row")
        for choice in phone.locator(".choices button").all():
            expect(choice).to_be_in_viewport(ratio=1)
        assert phone.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("source", [None, "workshop/stop-starting"])
def test_the_projector_page_is_no_wider_than_a_phone(chromium: Browser, source: str | None) -> None:
    with serving(source) as room:
        room.director.join = "http://192.168.100.120:8765/join"
        with visiting(chromium, room.address, viewport={"width": 390, "height": 844}) as view:
            expect(view.locator(".cover .asked" if source else ".themes button").first).to_be_visible()
            view.keyboard.press("?")
            outside = (
                "() => [...document.querySelectorAll('body *:not(svg *)')]"
                ".filter(one => one.checkVisibility() && !one.closest('.numbers, .spoken'))"
                ".filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
                ".map(one => one.outerHTML.slice(0, 80))"
            )
            assert view.evaluate(outside) == []
            if source:
                asked = view.locator(".cover .asked")
                assert (asked.text_content() or "").endswith("longer, the same or shorter?")


def test_who_has_joined_is_counted_while_the_room_waits(chromium: Browser) -> None:
    with serving(None) as room, visiting(chromium, room.address) as view, visiting(chromium, room.room) as wall:
        expect(wall.locator(".lobby .joined")).to_have_text("0 here")
        with page(room, kind="join", name="one"), page(room, kind="join", name="two"):
            expect(view.locator(".lobby .joined")).to_have_text("2 here")
            expect(wall.locator(".lobby .joined")).to_have_text("2 here")


WRITTEN: Any = """
window.written = new Set();
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
  window.written.add(words);
  write.call(this, words, ...rest);
};
"""


def test_thirty_steps_have_their_names_and_one_step_has_too(chromium: Browser, tmp_path: Path) -> None:
    for count in (30, 1):
        steps = ", ".join(f"шаг {number}: {{work: exponential(0.4)}}" for number in range(1, count + 1))
        teams = ", ".join(f"team {number}: {{people: 1, does: шаг {number}}}" for number in range(1, count + 1))
        file = tmp_path / f"steps-{count}.yaml"
        file.write_text(
            f"name: Steps\nrun: {{horizon: 60, warmup: 10, replications: 2}}\ndemand: {{feature: {{every: exponential(1)}}}}\n"
            f"steps: {{{steps}}}\nteams: {{{teams}}}\nhandoffs: {{delay: 0.1}}\n"
            "changes: {less: [{limit_wip: {stream: 5}}]}\n",
            encoding="utf-8",
        )
        with serving(str(file)) as room, visiting(chromium, "about:blank") as view:
            view.add_init_script(WRITTEN)
            view.goto(room.address)
            expect(view.locator(f"{LEFT} .numbers tbody tr")).to_have_count(count + 1)
            done = "done" if count == 30 else "Done"  # of thirty steps there is a map
            view.wait_for_function(f"window.written.has('{done}')")
            written = set(view.evaluate("[...window.written]"))
            if count == 1:
                assert "шаг 1" in written
            names = view.locator(".field-buttons button, .numbers tbody th").evaluate_all("all => all.map(one => one.textContent)")
            assert {f"шаг {number}" for number in range(1, count + 1)} <= set(names)
