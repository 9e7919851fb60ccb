"""The palette: what every state and every cause looks like, read from one file for pages, pictures, canvases and figures.

A colour alone says nothing: each state has a mark (on cards) and a pattern (in areas), because some fills are alike in grey.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

CAUSES: Mapping[str, str] = {
    "hands_on": "hand",
    "switching": "switching",
    "set_aside": "aside",
    "queueing": "queue",
    "backlog": "backlog",
    "transit": "transit",
    "helper": "blocked",
    "outside": "outside",
    "gate": "gate",
    "no_room": "room",
    "parts": "parts",
}
"""By cause of a lead time, the state whose look it has."""

VERDICTS: Mapping[str, str] = {
    "better": "done",
    "worse": "room",
    "no real difference": "soft",
    "undecided": "soft",
    "not settled": "soft",
}
"""By verdict, the state (or colour of the page) whose colour it has."""


@dataclass(frozen=True)
class Look:
    """What one state looks like in one theme; colours as #rrggbb."""

    fill: str
    edge: str
    ink: str
    """of what is written on the fill"""
    mark: str
    """solid, half, frame, dashed, arrow, cross, plus, bars, triangle, dots, disc, or stripes"""
    hatch: str
    """the pattern of its areas, in matplotlib's letters"""


@cache
def _file() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(Path(__file__).with_name("palette.json").read_text(encoding="utf-8"))
    return content


@cache
def looks(theme: Theme = "light") -> Mapping[str, Look]:
    """Every state's look by its name."""
    marks, states = _file()["marks"], _file()["states"][theme]
    by_name = {name: Look(**states[name], **marks[name]) for name in marks}
    # time that switching eats is hands that do no work: the hand's colour, striped with that of what it left lying
    hand, aside = by_name["hand"], by_name["aside"]
    by_name["switching"] = Look(hand.fill, hand.edge, hand.ink, "stripes", "//")
    assert aside.fill != hand.fill
    return by_name


@cache
def page(theme: Theme = "light") -> Mapping[str, str]:
    """The page's own colours by name: paper, panel, ink, soft, line, band, accent."""
    colours: Mapping[str, str] = _file()["page"][theme]
    return colours


def of_cause(cause: str, theme: Theme = "light") -> Look:
    """The look of a cause."""
    return looks(theme)[CAUSES[cause]]


def strokes(state: str, theme: Theme = "light") -> str:
    """The colour of the pattern of a state's areas, where edge and pattern are drawn in one colour."""
    return looks(theme)["aside"].fill if state == "switching" else looks(theme)[state].edge


def of_verdict(verdict: str | None, theme: Theme = "light") -> str:
    """The colour of a verdict; the word always stands beside it."""
    name = VERDICTS.get(verdict or "", "soft")
    return looks(theme)[name].fill if name in looks(theme) else page(theme)[name]


@cache
def css() -> str:
    """All colours as variables: `--hand`, `--hand-edge`, `--hand-ink`, …, `--paper`, …; light, and dark where that is wanted."""
    light, dark = (" ".join(_variables(theme)) for theme in THEMES)
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def printed() -> str:
    """The light colours as variables, for paper, whatever the screen has."""
    return f":root {{ {' '.join(_variables('light'))} }}"


def _variables(theme: Theme) -> Iterator[str]:
    for name, colour in page(theme).items():
        yield f"--{name}: {colour};"
    for name, look in looks(theme).items():
        yield f"--{name}: {look.fill}; --{name}-edge: {look.edge}; --{name}-ink: {look.ink};"
    for verdict in VERDICTS:
        yield f"--{verdict.replace(' ', '-')}: {of_verdict(verdict, theme)};"


PATTERNS: Mapping[str, tuple[int, str]] = {
    "half": (10, "M0 10L10 5M0 5L10 0"),
    "dashed": (8, "M2 2h.1M6 6h.1"),
    "arrow": (14, "M4 3l5 4-5 4"),
    "cross": (14, "M4 4l6 6M10 4l-6 6"),
    "plus": (12, "M6 2v8M2 6h8"),
    "bars": (8, "M2 0v8M6 0v8"),
    "triangle": (8, "M-2 10L10 -2M-2 2L2 -2M6 10L10 6"),
    "dots": (10, "M2.5 2.5h.1M7.5 7.5h.1"),
    "stripes": (7, "M-1.75 1.75l3.5-3.5M0 7l7-7M5.25 8.75l3.5-3.5"),
}
"""By mark, the pattern of its areas in SVG: size of a tile, and the strokes in it. Solid, frame and disc have none."""


def patterns(prefix: str = "p") -> str:
    """The definitions of all patterns for an SVG, whose strokes have the classes `p-<state>`."""
    parts = []
    for name, look in looks().items():
        if look.mark in PATTERNS:
            size, strokes = PATTERNS[look.mark]
            box = f'id="{prefix}-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse"'
            parts.append(f'<pattern {box}><path class="p-{name}" d="{strokes}"/></pattern>')
    return f"<defs>{''.join(parts)}</defs>"


def area(state: str, x: float, y: float, width: float, height: float, prefix: str = "p") -> str:
    """A stretch of a bar in a state: fill, pattern and edge. The SVG must hold `patterns` with the same prefix."""
    box = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.0):.1f}" height="{height:.1f}"'
    over = f'<rect fill="url(#{prefix}-{state})" {box}/>' if looks()[state].mark in PATTERNS else ""
    return f'<rect class="a-{state}" {box}/>{over}'


_MARKS: Mapping[str, str] = {
    "solid": "",
    "half": '<path class="m-fill" d="M2 18L32 11V26H2z"/>',
    "frame": "",
    "dashed": "",
    "arrow": "",
    "cross": '<path class="m-stroke" d="M11 8l12 12M23 8l-12 12"/>',
    "plus": '<path class="m-stroke" d="M17 7v14M10 14h14"/>',
    "bars": '<path class="m-fill" d="M8 2h4v24h-4zM15 2h4v24h-4zM22 2h4v24h-4z"/>',
    "triangle": '<path class="m-fill" d="M2 2V26H32z"/>',
    "dots": '<path class="m-stroke" d="M10 8h.1M24 8h.1M10 20h.1M24 20h.1"/>',
    "disc": "",
    "stripes": '<path class="m-stripe" d="M2 14L14 2M2 26L26 2M14 26L32 8M26 26L32 20"/>',
}


def mark(state: str, width: int = 34) -> str:
    """A state's mark as SVG, of 34 × 28 or as wide as that; for legends. Colours come from the style sheet."""
    look = looks()[state]
    if look.mark == "disc":
        body = '<circle class="m-fill" cx="17" cy="14" r="10"/>'
    elif look.mark == "arrow":
        body = '<path class="m-box" d="M2 2H22L32 14 22 26H2z"/>'
    else:
        body = f'<rect class="m-box" x="1.5" y="1.5" width="31" height="25" rx="4"/>{_MARKS[look.mark]}'
    size = f'width="{width}" height="{round(width * 28 / 34)}"'
    return f'<svg class="mark m-{escape(state)}" viewBox="0 0 34 28" {size} aria-hidden="true">{body}</svg>'


@cache
def shapes_css() -> str:
    """The style of `area` and `mark`: which variable fills what."""
    whole = ("hand", "blocked", "switching")  # marks whose card is filled; the others are frames
    rules = [".m-box { stroke-width: 3; } .m-stroke { stroke-width: 4; stroke-linecap: round; fill: none; }"]
    rules.append(".m-stripe { stroke: var(--aside); stroke-width: 3; }")
    for name, look in looks().items():
        box = f"var(--{name})" if name in whole else "var(--paper)"
        dash = " stroke-dasharray: 5 4;" if look.mark == "dashed" else ""
        rules.append(f".m-{name} .m-box {{ fill: {box}; stroke: var(--{name}-edge);{dash} }}")
        stroke = f"var(--{name}-ink)" if name in whole else f"var(--{name}-edge)"
        rules.append(f".m-{name} .m-fill {{ fill: var(--{name}); }} .m-{name} .m-stroke {{ stroke: {stroke}; }}")
        rules.append(f".a-{name} {{ fill: var(--{name}); stroke: var(--{name}-edge); stroke-width: 1.5; }}")
        over = "var(--aside)" if name == "switching" else stroke
        wide = 4 if look.mark in ("dots", "dashed") else 2
        rules.append(
            f".p-{name} {{ stroke: {over}; stroke-width: {wide}; stroke-linecap: round; fill: none; stroke-opacity: 0.75; }}"
        )
    return "\n".join(rules) + "\n"


def sheet() -> str:
    """The style sheet of the palette: variables, and what is filled with them."""
    return css() + shapes_css()
