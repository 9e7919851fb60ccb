"""Light charts as text: SVG with classes instead of colours, and a curtain that hides the future.

Colours are those of the page's style sheet. A curtain is a group that the player moves; without a player it is not shown. What is
of the class `summary` sums up the whole run: a player shows it once the curtain is open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TypeVar

import numpy as np

from vssim.clock import Reals
from vssim.views import words

Place = TypeVar("Place", float, Reals)

WIDTH, HEIGHT = 640, 300
"""Size of a chart, unless it says otherwise."""

LEFT, RIGHT, TOP, BOTTOM = 52, 130, 26, 40
"""Room for the axes' labels and, at the right, for the names of what is drawn."""

DATES = 3
"""Steps between the dates of an axis, about."""

WIDE = 6.5
"""Width of a letter of what a stretch is called."""
LABEL = 15.0
"""Height of a line of text."""


@dataclass
class Chart:
    """One chart over time, or over another quantity from 0 to `across`; y from 0 to `up`."""

    title: str
    across: float
    up: float
    x_label: str
    y_label: str
    width: int = WIDTH
    height: int = HEIGHT
    since: tuple[float, ...] = ()
    """places on the x axis that are marked: something begins there"""
    date: Callable[[float], str] | None = None
    """the date of a place on the x axis, told in its place where there is one"""
    parts: list[str] = field(default_factory=list)

    def x(self, value: Place) -> Place:
        """Place of a value, or of each of many, on the x axis."""
        return LEFT + (self.width - LEFT - RIGHT) * value / (self.across or 1.0)

    def y(self, value: Place) -> Place:
        """Place of a value, or of each of many, on the y axis."""
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * value / (self.up or 1.0)

    def path(self, kind: str, data: str) -> None:
        """A path of a class."""
        if data:
            self.parts.append(f'<path class="{kind}" d="{data}"/>')

    def text(self, kind: str, x: float, y: float, words: str) -> None:
        """A text of a class."""
        self.parts.append(f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}">{escape(words)}</text>')

    def area(self, kind: str, at: Reals, low: Reals, high: Reals) -> None:
        """What lies between two staircases; arrays of shape (n,)."""
        x = self.x(at)
        forth, back = staircase(x, self.y(high)), staircase(x, self.y(low), backwards=True)
        self.path(kind, f"{forth}{back}Z" if forth else "")

    def dots(self, kind: str, points: Iterable[tuple[float, float]]) -> None:
        """Dots; the style sheet says how large."""
        self.path(kind, "".join(f"M{self.x(x):.0f} {self.y(y):.0f}h0" for x, y in points))

    def stretches(self, kind: str, words: str, stretches: Sequence[tuple[float, float]]) -> None:
        """Stretches of the axis, from top to bottom; what they are is said once, in the first that is wide enough."""
        for begin, end in stretches:
            left, right = self.x(begin), max(self.x(end), self.x(begin) + 1)
            self.path(kind, f"M{left:.0f} {self.y(0):.0f}V{self.y(self.up):.0f}H{right:.0f}V{self.y(0):.0f}Z")
        wide = [begin for begin, end in stretches if self.x(end) - self.x(begin) > WIDE * len(words)]
        if wide:
            self.text("closed-name", self.x(wide[0]) + 3, self.y(self.up) + 14, words)

    def line(self, kind: str, x0: float, y0: float, x1: float, y1: float) -> None:
        """A straight line."""
        self.path(kind, f"M{self.x(x0):.0f} {self.y(y0):.0f}L{self.x(x1):.0f} {self.y(y1):.0f}")

    def names(self, names: Sequence[tuple[str, float, str]]) -> None:
        """Names beside the right edge: text, value, class; moved apart where they touch.

        Of more than there is room for, some from end to end.
        """
        most = int((self.height - BOTTOM - TOP - 10) / LABEL) + 1
        names = [names[place] for place in _spread(len(names), most)]
        places = [self.y(value) + 5 for _, value, _ in names]
        for (name, _, kind), place in zip(names, _apart(places, self.height), strict=True):
            self.text(f"name {kind}".strip(), self.width - RIGHT + 8, place, _short(name, 15))

    def drawn(self, curtain: bool = True) -> str:
        """The chart as SVG."""
        label = escape(self.title, quote=True)
        for place in self.since:
            self.line("since", place, 0, place, self.up)
        body = "".join([*self._grid(), *self.parts, *([self._curtain()] if curtain else [])])
        return f'<svg viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{label}">{body}</svg>'

    def _grid(self) -> Iterable[str]:
        for value in ticks(self.up, 4):
            y = self.y(value)
            yield f'<path class="grid" d="M{LEFT} {y:.0f}H{self.width - RIGHT}"/>'
            yield f'<text class="tick y" x="{LEFT - 7}" y="{y + 5:.0f}">{words.figure(value)}</text>'
        for value in ticks(self.across, 5 if self.date is None else DATES):
            said = words.figure(value, 6) if self.date is None else self.date(value)
            yield f'<text class="tick x" x="{self.x(value):.0f}" y="{self.height - BOTTOM + 18}">{said}</text>'
        yield f'<text class="label" x="{LEFT - 44}" y="15">{escape(self.y_label)}</text>'
        if self.date is None:
            yield f'<text class="label end" x="{self.width - RIGHT}" y="{self.height - 4}">{escape(self.x_label)}</text>'

    def _curtain(self) -> str:
        left, top, width, height = LEFT - 1, TOP - 6, self.width - LEFT - RIGHT + 4, self.height - TOP - BOTTOM + 7
        inner = f'<rect x="{LEFT}" y="{top}" width="{width}" height="{height}"/><path d="M{LEFT} {top}v{height}"/>'
        group = f'<g class="curtain" data-width="{self.width - LEFT - RIGHT}">{inner}</g>'
        box = f'x="{left}" y="{top}" width="{width}" height="{height}" viewBox="{left} {top} {width} {height}"'
        return f'<svg {box} aria-hidden="true">{group}</svg>'


def staircase(x: Reals, y: Reals, backwards: bool = False) -> str:
    """A line that keeps its height until the next place; points on the way that change nothing are left out."""
    if not len(x):
        return ""
    heights = np.rint(y)
    corners = np.append(0, 1 + np.flatnonzero(heights[1:] != heights[:-1]))
    across = np.diff(np.rint(np.append(x[corners], x[-1]))).astype(np.int64).tolist()
    up = np.diff(heights[corners]).astype(np.int64).tolist()
    if backwards:
        moves = [f"L{x[-1]:.0f} {y[corners[-1]]:.0f}", _move("h", -across.pop())]
        moves += [f"v{-rise}{_move('h', -run)}" for rise, run in zip(reversed(up), reversed(across), strict=True)]
    else:
        moves = [f"M{x[0]:.0f} {y[0]:.0f}", _move("h", across[0])]
        moves += [f"v{rise}{_move('h', run)}" for rise, run in zip(up, across[1:], strict=True)]
    return "".join(moves)


def _move(letter: str, length: int) -> str:
    """A move of a path; nothing where it leads nowhere."""
    return f"{letter}{length}" if length else ""


def ticks(most: float, about: int) -> list[float]:
    """Round values from 0 to `most`, about so many steps."""
    if most <= 0:
        return [0.0]
    raw = most / about
    size = 10 ** math.floor(math.log10(raw))
    step = next((size * factor for factor in (1, 2, 5, 10) if size * factor >= raw), size * 10)
    return [step * number for number in range(int(most / step + 1e-9) + 1)]


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _spread(count: int, most: int) -> list[int]:
    """All of `count` places, or `most` of them from the first to the last."""
    return list(range(count)) if count <= most else [round(place * (count - 1) / (most - 1)) for place in range(most)]


def _apart(places: Sequence[float], height: int) -> list[float]:
    """The same places, at least a line apart, above the bottom of the chart and (where there is room) below its top."""
    rank = sorted(range(len(places)), key=lambda index: -places[index])
    below, moved = height - BOTTOM + LABEL, {}
    for index in rank:
        moved[index] = below = min(places[index], below - LABEL)
    above = TOP + 10 - LABEL
    for index in reversed(rank):
        moved[index] = above = max(moved[index], above + LABEL)
    return [moved[index] for index in range(len(places))]
