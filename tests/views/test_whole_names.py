"""Names on the wall are whole where there is room for them: beside the waves, at the heads of lanes and columns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.views.browser import browser, needed
from tests.views.live_server import serving
from tests.views.live_windows import leading

pytestmark = [pytest.mark.browser, needed]

WRITTEN = """
async ([canvas, name]) => {
  if (name) {
    document.querySelector(".side.right h2").textContent = name;
  }
  const texts = [];
  const own = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    if (this.canvas.matches(canvas)) {
      texts.push(String(text));
    }
    return own.call(this, text, ...place);
  };
  window.dispatchEvent(new Event("resize")); // then all of it is drawn
  CanvasRenderingContext2D.prototype.fillText = own;
  return texts;
}
"""
"""What is written on a canvas, with another name of the right side."""

ENDS = """
() => {
  const waves = document.querySelector("canvas.waves");
  const { right, width } = waves.getBoundingClientRect();
  const names = parseFloat(waves.parentElement.style.getPropertyValue("--names")) * (width / waves.offsetWidth);
  return [right - names, document.querySelector(".scrub").getBoundingClientRect().right];
}
"""
"""Where the waves end, and where what moves the day over them does [px]."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


def _on_the_boards(view: Page) -> None:
    view.keyboard.press("PageDown")
    expect(view.locator(".cover.is-revealed")).to_be_visible()
    view.keyboard.press("PageDown")
    expect(view.locator(".cover")).to_be_hidden()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (
            "focus",
            ("Pull system without the limit", "Mixed teams that nobody has practised, and one thing at a time for everybody"),
        ),
        ("reorg", ("Pull system without the limit", "Mixed teams, and one thing at a time for everybody")),
    ],
)
def test_names_beside_the_waves_are_whole_and_the_day_is_chosen_over_the_waves_alone(
    chromium: Browser, source: str, names: tuple[str, ...]
) -> None:
    with serving(source) as room, leading(chromium, room) as view:
        _on_the_boards(view)
        ends = []
        for name in ("Short", *names):
            written = view.evaluate(WRITTEN, ["canvas.waves", name])
            assert not [text for text in written if text.endswith("…")]
            assert name in " ".join(written)
            waves, chosen = view.evaluate(ENDS)
            assert waves == pytest.approx(chosen, abs=1.5)
            ends.append(waves)
        assert ends[-1] < ends[0]


def test_names_of_lanes_are_whole_beside_a_question(chromium: Browser) -> None:
    with serving("dependencies") as room, leading(chromium, room) as view:
        expect(view.locator(".cover:not(.is-revealed)")).to_be_visible()
        written = " ".join(view.evaluate(WRITTEN, ["canvas.flow", None]))
        for name in ("Shop feature", "Payment feature", "Account feature"):
            assert name in written


def test_names_of_columns_are_whole_beside_a_question(chromium: Browser) -> None:
    with serving("workshop/pennies") as room, leading(chromium, room) as view:
        expect(view.locator(".cover:not(.is-revealed)")).to_be_visible()
        written = " ".join(view.evaluate(WRITTEN, ["canvas.flow", None]))
        for name in ("desk one", "desk two", "desk three", "desk four"):
            assert name in written
