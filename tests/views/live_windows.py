"""Windows of a room for tests: pages in a browser, each in a context of its own, that have nothing to say on their console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.views.browser import PATIENCE, Opened
from tests.views.live_server import Serving

AXE = files("axe_playwright_python").joinpath("axe.min.js")
PROJECTOR = {"width": 1920, "height": 1080}
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LEFT, RIGHT = ".side.left", ".side.right"


@contextmanager
def visiting(found: Browser, address: str, *, quiet: bool = True, **options: Any) -> Iterator[Page]:
    """A page in a browser window of its own; unless told otherwise, it must have nothing to say on its console in the end."""
    context = found.new_context(**{"viewport": PROJECTOR, **options})
    context.set_default_timeout(PATIENCE)
    seen = Opened(context.new_page())
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    try:
        seen.page.goto(address)
        yield seen.page
        assert not quiet or seen.said == []
    finally:
        context.close()


@contextmanager
def leading(found: Browser, room: Serving, **options: Any) -> Iterator[Page]:
    """The facilitator's page, ready."""
    with visiting(found, room.address, **options) as view:
        expect(view.locator(".open-drawer")).to_be_visible()
        expect(view.locator(f"{LEFT} .numbers tbody tr").first).to_be_attached()
        yield view


@contextmanager
def watching(found: Browser, room: Serving, **options: Any) -> Iterator[Page]:
    """A page without the key, ready."""
    with visiting(found, room.room, **options) as view:
        expect(view.locator(f"{LEFT} .numbers tbody tr").first).to_be_attached()
        yield view


def scrub(view: Page, day: int) -> None:
    view.locator(".scrub").evaluate("(slider, day) => { slider.value = day; slider.dispatchEvent(new Event('input')); }", day)
    expect(view.locator(".now")).to_have_text(str(day))


def faults(view: Page) -> list[Any]:
    """What axe finds that is serious."""
    view.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = view.evaluate(
        "axe.run().then(found => found.violations.filter(one => ['serious', 'critical'].includes(one.impact))"
        ".map(one => [one.id, one.nodes.map(node => node.html)]))"
    )
    return found
