"""The pages of a room in a browser: what the facilitator does is what everybody sees, and nobody sees the answer too early."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.interface.commands import SMALL
from tests.views.browser import browser, needed
from tests.views.live_pages import page
from tests.views.live_server import Serving, serving
from tests.views.live_windows import HELD_BACK, LEFT, PHONE, RIGHT, agreed, faults, leading, scrub, visiting, watching
from vssim.metrics.daily import Daily
from vssim.metrics.spans import State
from vssim.play.run import Run

pytestmark = [pytest.mark.browser, needed]

SLIDER = "steps.release.gate.every"
SMALLEST = 19.9
"""Height of the smallest text on the projector [px]."""


TWICE = "for (const key of ['r', 'r']) { document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); }"
"""Presses R twice at once."""


@pytest.fixture(scope="module")
def room() -> Iterator[Serving]:
    with serving("silos") as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(autouse=True)
def _opened_anew(room: Serving) -> None:
    """Every test begins with the scenario as it was opened, with nothing asked, at its day 150."""
    with page(room, leads=True, name="opener") as facilitator:
        facilitator.wish("open", source="silos")
        facilitator.say("guess", action="drop")
        facilitator.say("chart", chart="progress")
        facilitator.say("clock", day=150, playing=False, speed=10)
        facilitator.until("charts")


def counts(view: Page, side: str) -> list[list[int]]:
    """The board in numbers of a side, as the page has it: by step (the backlog first) and state; then what is done."""
    table: list[list[int]] = view.locator(f"{side} .numbers").evaluate(
        "box => [...box.querySelectorAll('tbody tr')].map(row => [...row.cells].slice(1).map(cell => Number(cell.textContent)))"
        ".concat([[Number(box.querySelector('.done').textContent)]])"
    )
    return table


def expected(run: Run, day: int) -> list[list[int]]:
    """The same, as Python counts."""
    daily = Daily(run.log)
    states, steps = range(State.BACKLOG, State.DONE), range(-1, len(run.log.steps))
    board = [[int(daily.spans.count(step, state, daily.moments)[day]) for state in states] for step in steps]
    return [*board, [int(daily.delivered[day])]]


def move(view: Page, position: int, path: str = SLIDER) -> None:
    """Move a slider of the drawer, and wait for what comes of it."""
    before = version(view)
    if view.locator(".drawer").is_hidden():
        view.keyboard.press("s")
    view.locator(f'.slider[data-path="{path}"] input').fill(str(position))
    expect(view.locator("html")).not_to_have_attribute("data-version", before)


def guessed(room: Serving) -> list[str]:
    """What has been guessed."""
    guess = room.director.guess
    return [] if guess is None else [*guess.votes.values()]


def version(view: Page) -> str:
    return view.locator("html").get_attribute("data-version") or ""


def test_what_the_facilitator_does_is_what_everybody_sees(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view, watching(chromium, room) as other:
        scrub(view, 321)
        expect(other.locator(".now")).to_have_text("321")
        assert counts(other, RIGHT) == counts(view, RIGHT)
        view.keyboard.press("2")
        expect(view.locator("[data-chart=lead]")).to_have_attribute("aria-pressed", "true")
        expect(other.locator(".chart-title")).to_have_text("Lead time of each item")
        view.keyboard.press("1")
        expect(other.locator(".chart-view")).to_be_hidden()
        view.keyboard.press("Space")
        expect(other.locator(".player.stage")).to_have_class(re.compile("is-playing"))
        expect(other.locator(".now")).not_to_have_text("321")
        view.keyboard.press("Space")
        expect(other.locator(".player.stage")).not_to_have_class(re.compile("is-playing"))
        expect(other.locator(".now")).to_have_text(view.locator(".now").inner_text())
        assert counts(other, LEFT) == counts(view, LEFT)


TEN_FRAMES = """() => {
  let left = 11;
  let at = performance.now();
  window.requestAnimationFrame = (draw) => { if (left > 0) { left -= 1; setTimeout(() => draw((at += 1000)), 1); } };
}"""
"""As on a machine that is busy: a first frame, ten more that are as long as any may be, and then none for a long time."""


def test_numbers_are_of_the_day_on_which_the_play_was_stopped_also_where_a_page_is_there_already(
    chromium: Browser, room: Serving
) -> None:
    with leading(chromium, room) as view, watching(chromium, room) as other:
        scrub(view, 321)
        expect(other.locator(".now")).to_have_text("321")
        other.evaluate(TEN_FRAMES)
        day = 321 + int(view.locator(".speed").input_value())
        view.keyboard.press("Space")
        expect(other.locator(".now")).to_have_text(str(day))
        scrub(view, day)
        expect(other.locator(".player.stage")).not_to_have_class(re.compile("is-playing"))
        assert counts(other, LEFT) == counts(view, LEFT)


def test_a_slider_keeps_the_day_and_changes_the_right_side_only(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        scrub(view, 310)
        left, right = counts(view, LEFT), counts(view, RIGHT)
        view.evaluate("document.addEventListener('painted', ({ detail }) => { window.painted = detail; })")
        move(view, 0)
        expect(view.locator(".now")).to_have_text("310")
        expect(view.locator(f"{RIGHT} .words")).to_contain_text("Release")
        view.evaluate("() => new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))")
        assert view.evaluate("[`${window.painted.version}`, typeof window.painted.seq]") == [version(view), "number"]
        assert counts(view, LEFT) == left
        assert counts(view, RIGHT) != right
        view.get_by_role("button", name="As it is").click()
        expect(view.locator(f"{RIGHT} .words")).to_have_text("")
        expect(view.locator(f"{RIGHT} .numbers .done")).to_have_text(str(right[-1][0]))
        assert counts(view, RIGHT) == right


def test_of_a_drag_the_newest_position_is_in_force_in_the_end(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        frames = []
        view.on("websocket", lambda wire: wire.on("framesent", lambda frame: frames.append(json.loads(frame))))
        view.reload()
        expect(view.locator(".open-drawer")).to_be_visible()
        view.keyboard.press("s")
        slider = view.locator(f'.slider[data-path="{SLIDER}"] input')
        expect(slider).to_be_visible()
        slider.evaluate(
            "slider => { for (let at = Number(slider.max); at >= 0; at -= 1)"
            " { slider.value = at; slider.dispatchEvent(new Event('input')); } }"
        )
        first = view.locator(f'.slider[data-path="{SLIDER}"] output').inner_text()
        expect(view.locator(f"{RIGHT} .words")).to_contain_text(first)
        expect(slider).to_have_value("0")
        assert len([frame for frame in frames if frame["do"] == "slider"]) == 2  # the first, then only the newest


def test_a_rule_from_today_leaves_the_past_as_it_was(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        move(view, 0)
        scrub(view, 240)
        before = version(view)
        view.locator("[data-mode=today]").click()
        expect(view.locator("[data-mode=today]")).to_have_text("from day 240 on")
        expect(view.locator("html")).not_to_have_attribute("data-version", before)
        for day in (0, 1, 40, 99, 160, 200, 239):
            scrub(view, day)
            assert counts(view, LEFT) == counts(view, RIGHT), day
        scrub(view, 400)
        assert counts(view, LEFT) != counts(view, RIGHT)


def test_boards_count_as_python_does(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        move(view, 1)
        pair = room.director.pair
        assert pair is not None
        for day in (0, 7, 150, 151, 333, 600):
            scrub(view, day)
            assert counts(view, LEFT) == expected(pair.left.run, day)
            assert counts(view, RIGHT) == expected(pair.right.run, day)


def test_the_room_guesses_before_it_sees(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view, visiting(chromium, room.join, **PHONE) as phone:
        view.keyboard.press("g")
        cover = view.locator(".cover")
        expect(cover).to_be_visible()
        expect(view.locator(f"{RIGHT} canvas.board")).to_be_hidden()
        phone.get_by_role("button", name="longer").click()
        phone.get_by_role("button", name="shorter").click()
        expect(phone.get_by_role("button", name="shorter")).to_have_attribute("aria-pressed", "true")
        expect(cover.locator(".votes")).to_have_text("1 has guessed")
        agreed(view, lambda: guessed(room), lambda: "down")  # no page tells which before the answer
        expect(cover.locator(".dot.is-full")).to_have_count(1)
        view.keyboard.press("s")
        view.get_by_role("button", name="Guess", exact=True).click()
        view.locator(".hands input").nth(0).fill("3")
        expect(cover.locator(".votes")).to_have_text("4 have guessed")
        expect(cover.locator(".count")).to_have_count(0)
        cover.get_by_role("button", name="Reveal").click()
        expect(cover.locator(".count")).to_have_text(["3", "0", "1"])
        expect(cover.locator(".answer.is-right")).to_have_count(1)
        expect(cover.locator(".votes")).to_have_text(re.compile(r"^\d of 4 guessed right$"))
        expect(phone.locator(".guessed")).to_contain_text(cover.locator(".votes").inner_text())
        expect(phone.locator(".result .verdict")).to_contain_text("You said shorter.")
        expect(phone.locator(".answer.is-own")).to_contain_text("shorter")
        for here in (view, phone):
            assert faults(here) == []
        told = [cover.locator(".answer-box .pair").inner_text(), cover.locator(".answer-box .verdict-chip").inner_text()]
        cover.get_by_role("button", name="Show the boards").click()
        expect(view.locator(f"{RIGHT} canvas.board")).to_be_visible()
        expect(view.locator(".guessed")).to_contain_text("of 4 guessed right")
        assert [view.locator(".band .pair").inner_text(), view.locator(".band .verdict-chip").inner_text()] == told
        assert [phone.locator(f".result .{part}").inner_text() for part in ("pair", "verdict-chip")] == told
        view.get_by_role("button", name="Ask anew").click()
        expect(phone.get_by_role("button", name="shorter")).to_have_attribute("aria-pressed", "false")
        expect(view.locator(".hands input").nth(0)).to_have_value("0")


@pytest.mark.parametrize("width", [360, 390])
def test_a_guess_fits_a_phone_without_scrolling(chromium: Browser, room: Serving, width: int) -> None:
    with page(room, leads=True, name="asking") as facilitator:
        facilitator.say("guess", action="ask")
        with visiting(chromium, room.join, **{**PHONE, "viewport": {"width": width, "height": 740}}) as phone:
            choices = phone.locator(".choices button")
            expect(choices).to_have_count(3)
            for choice in choices.all():
                expect(choice).to_be_in_viewport(ratio=1)
                box = choice.bounding_box()
                assert box is not None
                assert box["height"] >= 44
            assert phone.evaluate("document.documentElement.scrollWidth") <= width
            assert faults(phone) == []


def test_a_phone_tries_for_itself_and_the_room_stays_as_it_is(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view, visiting(chromium, room.join, **PHONE) as phone:
        before = version(view)
        phone.locator(".which select").select_option(value=SLIDER)
        phone.locator(".own input").fill("0")
        expect(phone.locator(".numbers .verdict-chip")).to_have_text("better")
        as_today, every_day = re.findall(r"[\d.]+", phone.locator(".numbers .pair").inner_text())
        assert float(every_day) < float(as_today)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert faults(phone) == []
        assert version(view) == before


LONG_ANSWER = """async () => {
  const { fitPair, tellAnswer } = await import('/assets/live/answer.js');
  const box = document.querySelector('.trial .numbers');
  const told = { name: '85 % within', lucks: '200 lucks', verdict: 'no real difference', shift: '+1.2 %' };
  tellAnswer(box, { ...told, pair: '1,234.5 → 1,250.1 days' });
  fitPair(box);
  const words = document.createRange();
  words.selectNodeContents(box.querySelector('.pair'));
  return [words.getBoundingClientRect().right, box.getBoundingClientRect().right - parseFloat(getComputedStyle(box).paddingRight)];
}"""
"""Shows long numbers as the answer to a phone's own try; where they end, and where they may end [px]."""


def test_long_numbers_of_an_answer_stay_within_their_box_on_a_phone(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, room.join, **PHONE) as phone:
        expect(phone.locator(".trial .numbers")).to_be_visible()
        end, most = phone.evaluate(LONG_ANSWER)
        assert end <= most + 0.5
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_keys_step_jump_play_and_open(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        now = view.locator(".now")
        for key, day in (("ArrowRight", "151"), ("ArrowLeft", "150"), ("End", "600"), ("Home", "0"), ("ArrowRight", "1")):
            view.keyboard.press(key)
            expect(now).to_have_text(day)
        expect(view.locator(".spoken")).to_contain_text("day 1.")
        view.locator(".play").focus()
        view.locator(".band .question").click()
        view.keyboard.press("Space")
        expect(view.locator(".player.stage")).to_have_class(re.compile("is-playing"))
        expect(now).not_to_have_text("1")
        view.keyboard.press("Home")
        view.keyboard.press("ArrowRight")
        view.keyboard.press("s")
        expect(view.locator(".drawer")).to_be_visible()
        view.keyboard.press("Escape")
        expect(view.locator(".drawer")).to_be_hidden()
        view.keyboard.press("?")
        expect(view.get_by_role("dialog", name="Keys")).to_be_visible()
        view.keyboard.press("End")
        view.keyboard.press("Escape")
        expect(view.get_by_role("dialog", name="Keys")).to_be_hidden()
        expect(now).to_have_text("1")


def test_a_page_without_the_key_has_no_controls(chromium: Browser, room: Serving) -> None:
    with watching(chromium, room) as view:
        expect(view.locator(".following")).to_be_visible()
        view.keyboard.press("End")
        view.keyboard.press("Space")
        view.keyboard.press("s")
        view.keyboard.press("g")
        for control in view.locator(".transport button, .transport input, .tabs button, .drawer, .reveal, .speed").all():
            expect(control).to_be_hidden()
        expect(view.locator(".now")).to_have_text("150")
        expect(view.locator(".cover")).to_be_hidden()
    with page(room, name="sly") as viewer:
        assert viewer.wish("seed", seed=5)["kind"] == "refused"


def test_a_refusal_is_one_sentence_and_the_slider_goes_back(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        view.keyboard.press("s")
        slider = view.locator(f'.slider[data-path="{SLIDER}"] input')
        was = slider.input_value()
        slider.evaluate("slider => { slider.max = 999; slider.value = 999; slider.dispatchEvent(new Event('input')); }")
        expect(view.locator(".notice")).to_contain_text("999")
        expect(slider).to_have_value(was)


def test_a_reload_comes_back_to_the_same_day_chart_and_picture(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        move(view, 0)
        view.keyboard.press("3")
        scrub(view, 222)
        expect(view).to_have_url(re.compile(r"day=222.*#key="))
        agreed(view, lambda: ["222"], lambda: f"{room.director.clock.day:g}")  # what is still under way dies with the page
        before = counts(view, RIGHT)
        view.reload()
        expect(view.locator(".now")).to_have_text("222")
        expect(view.locator("[data-chart=delivered]")).to_have_attribute("aria-pressed", "true")
        assert counts(view, RIGHT) == before


@pytest.mark.skipif(HELD_BACK > 0, reason="what a line holds back dies with its page")
def test_what_was_moved_just_before_a_reload_is_not_lost(chromium: Browser, room: Serving) -> None:
    with leading(chromium, room) as view:
        move(view, 3)
        slider = view.locator(f'.slider[data-path="{SLIDER}"] input').element_handle()
        view.locator(".scrub").evaluate(
            "(scrub, slider) => {"
            " const drag = (to, place) => { to.value = place; to.dispatchEvent(new Event('input')); };"
            " [200, 210, 222].forEach(day => drag(scrub, day));"
            " [2, 1, 0].forEach(place => drag(slider, place));"
            " location.reload(); }",
            slider,
        )
        agreed(view, lambda: [view.locator(".now").inner_text()], lambda: "222")
        expect(view.locator(f'.slider[data-path="{SLIDER}"] input')).to_have_value("0")
        assert room.director.clock.day == 222


def test_a_page_finds_its_room_again_when_the_server_was_started_anew(chromium: Browser) -> None:
    with serving("silos") as first:
        address, port = first.address, first.port
        context = visiting(chromium, address, quiet=False)
        view = context.__enter__()
        try:
            view.locator(".cover .reveal").click()
            expect(view.locator(f"{RIGHT} .numbers tbody tr").first).to_be_attached()
            move(view, 0)
            scrub(view, 222)
            expect(view).to_have_url(re.compile("day=222"))
            before = counts(view, RIGHT)
        except BaseException:
            context.__exit__(None, None, None)
            raise
    try:
        expect(view.locator(".notice")).to_have_text("Connection lost, trying again.")
        with serving("silos", port=port):
            expect(view.locator(".notice")).to_be_hidden()
            expect(view.locator(".now")).to_have_text("222")
            expect(view.locator(f"{RIGHT} .words")).to_contain_text("Release")
            expect(view.locator(f"{RIGHT} .numbers tbody tr").first).to_be_attached()  # what was revealed is
            assert counts(view, RIGHT) == before
    finally:
        context.__exit__(None, None, None)


def test_a_clicker_leads_through_a_workshop_and_its_notes_are_the_facilitators(chromium: Browser, tmp_path: Path) -> None:
    rounds = [
        {"title": "Walls", "change": "no walls", "question": "Longer?", "discuss": ["Why?"], "minutes": 5, "notes": "Say nothing."},
        {"title": "Back", "change": "baseline", "against": "no walls", "question": "And back?"},
    ]
    file = tmp_path / "workshop.yaml"
    file.write_text(f"{SMALL}\nrounds: {json.dumps(rounds)}\n", encoding="utf-8")
    with serving(str(file)) as room, visiting(chromium, room.address) as view, visiting(chromium, room.room) as other:
        for here in (view, other):
            expect(here.locator(".cover .asked")).to_have_text("Longer?")
        view.keyboard.press("s")
        view.get_by_role("button", name="Workshop").click()
        expect(view.get_by_text("Say nothing.")).to_be_hidden()
        view.locator(".notes summary").click()
        expect(view.get_by_text("Say nothing.")).to_be_visible()
        assert "Say nothing." not in other.content()
        view.get_by_role("button", name="More", exact=True).click()
        with view.context.expect_page() as coming:
            view.get_by_role("link", name="A window for the projector").click()
        second = coming.value  # of the same browser, and yet without the key
        expect(second.locator(".cover .asked")).to_have_text("Longer?")
        assert second.evaluate("document.body.className") == ""
        assert "Say nothing." not in second.content()
        second.close()
        view.get_by_role("button", name="Workshop").click()
        view.keyboard.press("PageDown")
        for here in (view, other):
            expect(here.locator(".cover .answer.is-right")).to_be_visible()
        view.keyboard.press("PageDown")
        expect(view.locator(".cover")).to_be_hidden()
        talk = view.locator("dialog.lesson")
        expect(talk).to_be_hidden()
        view.keyboard.press("PageDown")
        expect(talk.get_by_text("Why?")).to_be_visible()
        view.keyboard.press("PageDown")
        for here in (view, other):
            expect(here.locator(".cover .asked")).to_have_text("And back?")
        expect(talk).to_be_hidden()
        view.keyboard.press("PageUp")
        for here in (view, other):
            expect(here.locator(".cover .asked")).to_have_text("Longer?")
        view.evaluate(TWICE)  # before the answer can have come
        expect(view.locator(".cover .answer.is-right")).to_be_visible()
        view.keyboard.press("r")
        view.get_by_role("button", name="To discuss").click()
        view.keyboard.press("PageUp")  # there is no round before the first: only what is open is closed
        expect(talk).to_be_hidden()
        view.keyboard.press("PageDown")  # it has been discussed
        expect(other.locator(".cover .asked")).to_have_text("And back?")


def test_after_the_last_round_the_clicker_shows_what_it_was_about_and_says_that_it_was_the_last(
    chromium: Browser, tmp_path: Path
) -> None:
    rounds = [{"title": "Walls", "change": "no walls", "question": "Longer?", "discuss": ["Why?"]}]
    file = tmp_path / "workshop.yaml"
    file.write_text(f"{SMALL}\nrounds: {json.dumps(rounds)}\n", encoding="utf-8")
    with serving(str(file)) as room, visiting(chromium, room.address) as view:
        expect(view.locator(".cover .asked")).to_have_text("Longer?")
        view.keyboard.press("PageDown")
        expect(view.locator(".cover .answer.is-right")).to_be_visible()
        view.keyboard.press("PageDown")
        expect(view.locator(".cover")).to_be_hidden()
        view.keyboard.press("PageDown")
        talk, last = view.get_by_role("dialog"), view.get_by_text("This was the last round.")
        expect(talk.get_by_text("Why?")).to_be_visible()
        expect(talk.get_by_text("It was.")).to_be_hidden()
        assert faults(view) == []
        view.keyboard.press("PageDown")
        expect(talk.get_by_text("It was.")).to_be_visible()
        expect(talk.get_by_text("Why?")).to_be_hidden()
        row, lesson = view.locator(".end-row").bounding_box(), talk.bounding_box()  # nothing covers what each question told
        assert row is not None
        assert lesson is not None
        assert row["y"] + row["height"] <= lesson["y"]
        expect(last).to_be_hidden()
        view.keyboard.press("PageDown")
        expect(talk).to_be_hidden()
        expect(last).to_be_visible()
        view.get_by_role("button", name="To discuss").click()
        talk.get_by_role("button", name="What it shows").click()
        expect(talk.get_by_text("It was.")).to_be_visible()


CUT = """texts => texts.filter((one) => {
  const [own, box] = [one.getBoundingClientRect(), one.ownerSVGElement.getBoundingClientRect()];
  return own.left < box.left - 1 || own.right > box.right + 1;
}).map((one) => one.textContent)"""
"""Texts that reach over the edge of their picture, where they are cut."""

TOLD = """async ([count, lesson]) => {
  const { End } = await import('/assets/live/end.js');
  const dialog = document.querySelector('dialog.lesson');
  const answers = ['longer', 'about the same', 'shorter'].map((label, id) => ({ id: `${id}`, label }));
  const results = Array.from({ length: count }, (_, number) => ({
    title: `The walls between the crafts, and what lies behind them ${number}`, answers, right: '0', of: 20, guessed_right: 3,
    counts: { 0: 3, 1: 9, 2: 8 },
    answer: { verdict: 'no real difference', shift: '+1.2 %', before: 1234.5, after: 1250.1, pair: '1,234 → 1,250 days' },
  }));
  dialog.querySelector('.lesson-words').textContent = lesson;
  dialog.querySelectorAll('.discuss-head, .discuss').forEach((one) => (one.hidden = true));
  new End(document.querySelector('.player.stage'), dialog).show(
    { shows: 'lesson', results, lesson, unit: 'day', metric: '85 % within' });
  dialog.showModal();
}"""
"""Shows the end of so many rounds, each with a long title."""


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768)])
def test_nothing_of_the_end_of_nine_rounds_is_covered_or_outside(chromium: Browser, room: Serving, size: tuple[int, int]) -> None:
    with leading(chromium, room, viewport={"width": size[0], "height": size[1]}) as view:
        for count in (2, 9):
            view.evaluate("document.querySelector('dialog.lesson').close()")
            view.evaluate(TOLD, [count, "What no longer waits on the board now waits in the backlog. " * 10])
            rows, lesson = view.locator(".end-row"), view.locator("dialog.lesson").bounding_box()
            assert lesson is not None
            bottoms = rows.evaluate_all("all => all.map((one) => one.getBoundingClientRect().bottom)")
            assert len(bottoms) == count
            assert max(bottoms) <= lesson["y"]
            assert lesson["y"] + lesson["height"] <= size[1]
            assert rows.locator("svg text").evaluate_all(CUT) == []
            for place in (".end-page", "dialog.lesson"):
                assert view.locator(place).evaluate("one => one.scrollHeight <= one.clientHeight + 1"), (place, count)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_projector(chromium: Browser, room: Serving, scheme: Any) -> None:
    with leading(chromium, room, color_scheme=scheme) as view:
        view.keyboard.press("5")
        expect(view.locator(".chart-view svg").first).to_be_visible()
        assert faults(view) == []
        view.keyboard.press("1")
        view.keyboard.press("i")
        expect(view.locator(".story-panel")).to_be_visible()
        assert faults(view) == []
        view.keyboard.press("Escape")
        view.keyboard.press("s")
        view.keyboard.press("g")
        expect(view.locator(".cover")).to_be_visible()
        assert faults(view) == []


def test_the_theme_is_chosen_and_kept(chromium: Browser, room: Serving) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    with leading(chromium, room, color_scheme="light") as view:
        light = view.evaluate(paper)
        view.keyboard.press("t")
        expect(view.locator("button.theme")).to_have_attribute("aria-label", "Theme: dark")
        dark = view.evaluate(paper)
        assert dark != light
        view.reload()
        expect(view.locator("button.theme")).to_have_attribute("aria-label", "Theme: dark")
        assert view.evaluate(paper) == dark
