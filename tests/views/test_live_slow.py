"""A line that is slow: what its user sees on a page is what the next key acts on, however late the room answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.interface.commands import SMALL
from tests.views.browser import browser, needed
from tests.views.live_pages import page
from tests.views.live_server import Serving, serving
from tests.views.live_windows import agreed, visiting

pytestmark = [pytest.mark.browser, needed]

ROUNDS = [{"title": "Walls", "change": "no walls", "question": "Longer?", "discuss": ["Why?"]}]
CLOSED = "window.closed_ = 0; document.querySelector('dialog.lesson').addEventListener('close', () => (window.closed_ += 1));"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Serving]:
    """A workshop of one round, at its question."""
    file = tmp_path / "workshop.yaml"
    file.write_text(f"{SMALL}\nrounds: {json.dumps(ROUNDS)}\n", encoding="utf-8")
    with serving(str(file)) as found:
        yield found


@dataclass
class Line:
    """The line of a page: what the server says can be held back, and let through later in its order."""

    holding: bool = False
    held: list[tuple[WebSocketRoute, str | bytes]] = field(default_factory=list)

    def __call__(self, wire: WebSocketRoute) -> None:
        """The line is opened."""
        server = wire.connect_to_server()
        wire.on_message(server.send)
        server.on_message(lambda said: self.held.append((wire, said)) if self.holding else wire.send(said))

    def release(self) -> None:
        """Let through what was held back, and what comes from now on."""
        self.holding = False
        for wire, said in self.held:
            wire.send(said)
        self.held.clear()


def lined(view: Page, address: str) -> Line:
    """A page that is opened at the end of such a line."""
    line = Line()
    view.route_web_socket(re.compile("/ws$"), line)
    view.goto(address)
    return line


def revealed(view: Page) -> None:
    """From the question to the answer."""
    expect(view.locator(".cover .asked")).to_have_text("Longer?")
    view.keyboard.press("PageDown")
    expect(view.locator(".cover .answer.is-right")).to_be_visible()


def test_what_was_opened_is_not_closed_by_what_the_room_said_before(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, "about:blank") as view, page(room) as other:
        line = lined(view, room.address)
        revealed(view)
        view.evaluate(CLOSED)
        line.holding = True
        view.keyboard.press("PageDown")  # the boards
        expect(view.locator(".cover")).to_be_hidden()
        other.until("room", shows="boards")
        view.keyboard.press("PageDown")  # what to discuss
        talk = view.get_by_role("dialog")
        expect(talk.get_by_text("Why?")).to_be_visible()
        other.until("room", shows="discuss")
        view.keyboard.press("PageDown")  # what it shows
        expect(talk.get_by_text("It was.")).to_be_visible()
        other.until("room", shows="lesson")
        line.release()
        agreed(view, lambda: ["lesson" if talk.get_by_text("It was.").is_visible() else ""], lambda: room.director.foreground.shown)
        assert view.evaluate("window.closed_") == 0


def test_of_two_who_lead_the_one_who_looked_last_is_followed_by_both(chromium: Browser, room: Serving) -> None:
    with visiting(chromium, "about:blank") as view, page(room, leads=True, name="b") as other:
        line = lined(view, room.address)
        revealed(view)
        line.holding = True
        view.keyboard.press("PageDown")
        expect(view.locator(".cover")).to_be_hidden()
        other.until("room", shows="boards")
        other.say("show", what="discuss")
        other.until("room", shows="discuss")
        line.release()
        expect(view.get_by_role("dialog").get_by_text("Why?")).to_be_visible()


def test_who_looks_is_told_that_it_was_heard_before_the_room_is_told_of_it(room: Serving) -> None:
    with page(room, leads=True, name="a") as leading:
        leading.wish("guess", action="reveal")
        leading.say("show", what="discuss", seq=7)
        kinds = []
        while ("room", "discuss") not in kinds:
            said = leading.hear()
            kinds.append((said["kind"], said.get("shows", said.get("seq"))))
        assert ("looked", 7) in kinds
