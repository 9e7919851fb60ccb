"""Pictures of the wall kept as files: they show what the page shows, without what is the facilitator's, and nobody is asked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.views.browser import browser, needed
from tests.views.live_server import Serving, serving
from tests.views.live_windows import LEFT, visiting

pytestmark = [pytest.mark.browser, needed]

ALIKE = 12
"""By so much, on average of a block of 16 × 16 pixels, may two pictures of one wall differ: letters are drawn anew [of 255]."""
WALL = (LEFT, ".side.right", ".band", "canvas.waves", ".cover", ".map", ".counts")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def kept(view: Page, how: Any) -> tuple[str, bytes]:
    """The name and the bytes of the file that a page keeps when something is done."""
    with view.expect_download() as coming:
        how()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def pixels(data: bytes, box: Any) -> Any:
    """A part of a picture, in blocks of 16 × 16 pixels."""
    left, top = round(box["x"]), round(box["y"])
    part = Image.open(io.BytesIO(data)).convert("RGB").crop((left, top, left + round(box["width"]), top + round(box["height"])))
    found = np.asarray(part, dtype=float)
    high, wide = found.shape[0] // 16, found.shape[1] // 16
    return found[: 16 * high, : 16 * wide].reshape(high, 16, wide, 16, 3).mean(axis=(1, 3))


def opened(view: Page, room: Serving) -> None:
    """From the question to the boards."""
    view.goto(room.address)
    for shown in (".cover:not(.is-revealed)", ".cover.is-revealed"):
        expect(view.locator(shown)).to_be_visible()
        view.keyboard.press("PageDown")
    expect(view.locator(".cover")).to_be_hidden()
    expect(view.locator(".band.is-there")).to_be_visible()


def shown_alike(view: Page, data: bytes) -> None:
    """What a picture shows is what the page shows, part by part; a part that is nowhere or empty is no proof."""
    hide = "all => all.forEach((one) => one.style.setProperty('visibility', 'hidden', 'important'))"
    view.locator(".for-facilitator, .uncover").evaluate_all(hide)  # a picture is for everybody
    page = view.screenshot()
    parts = [place for place in (view.locator(name).first for name in WALL) if place.is_visible()]
    assert len(parts) >= 2
    for place in parts:
        box = place.bounding_box()
        assert box is not None
        ours, theirs = pixels(data, box), pixels(page, box)
        assert ours.std() > 5
        assert np.abs(ours - theirs).mean() < ALIKE / 4
        assert np.percentile(np.abs(ours - theirs), 98) < ALIKE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("source", ["workshop/stop-starting", "reorg"])
def test_a_picture_of_the_wall_shows_what_the_wall_shows(chromium: Browser, source: str, scheme: Any) -> None:
    with serving(source) as room, visiting(chromium, "about:blank", color_scheme=scheme) as view:
        opened(view, room)
        asked: list[str] = []
        view.on("request", lambda request: asked.append(request.url))
        name, data = kept(view, lambda: view.keyboard.press("p"))
        day = view.locator(".now").inner_text()
        assert name == f"{source.rsplit('/', 1)[-1]}-day-{day}.png"
        assert Image.open(io.BytesIO(data)).size == (1920, 1080)
        shown_alike(view, data)
        own = ("data:", "blob:", f"{room.room}assets/live/icon.svg")  # the last is of the window, and comes when the browser likes
        assert [url for url in asked if not url.startswith(own)] == []


def test_the_wall_of_a_question_is_kept_as_a_question(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, room.address) as view:
        expect(view.locator(".cover .asked")).to_be_visible()
        _, data = kept(view, lambda: view.keyboard.press("p"))
        shown_alike(view, data)


def test_an_svg_has_its_texts_as_texts_and_nothing_of_the_facilitators_nor_from_elsewhere(chromium: Browser) -> None:
    with serving("workshop/stop-starting") as room, visiting(chromium, "about:blank") as view:
        opened(view, room)
        view.keyboard.press("s")
        notes = view.locator(".drawer .notes p")
        expect(notes).to_be_attached()
        view.locator(".drawer [data-part=more]").click()
        name, data = kept(view, lambda: view.get_by_role("button", name="Picture (SVG)").click())
        assert name.endswith(".svg")
        drawing = ElementTree.fromstring(data)
        assert drawing.attrib["viewBox"] == "0 0 1920 1080"
        words = " ".join("".join(drawing.itertext()).split())
        assert view.locator(".band .pair").inner_text() in words
        told = " ".join(notes.inner_text().split()) or " ".join((notes.text_content() or "").split())
        assert len(told) > 20
        assert told not in words
        names = set(re.findall(r'\bxmlns(?::\w+)?="([^"]+)"', data.decode()))
        elsewhere = set(re.findall(r"https?://[^\"')\s]+", data.decode())) - names
        assert elsewhere == set()
        style = "".join(drawing.find("{http://www.w3.org/2000/svg}style").itertext())  # type: ignore[union-attr]
        assert ".stage" in style
        assert (
            re.findall(r"[^{}]*\{[^{}]*[\w-]+: ?;[^{}]*", style) == []
        )  # a browser cannot write a shorthand with a variable that is changed in part


def test_a_window_without_the_key_keeps_a_picture_too(chromium: Browser) -> None:
    with serving(None) as room, visiting(chromium, room.room) as view:
        expect(view.locator(".start-card").first).to_be_visible()
        name, data = kept(view, lambda: view.keyboard.press("p"))
        assert name == "library.png"
        assert pixels(data, {"x": 0, "y": 0, "width": 1920, "height": 1080}).std() > 5
