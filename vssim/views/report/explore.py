"""What a reader may move in a report: the values of a few sliders, played beforehand and carried in the file."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from vssim.analysis.interactive.sliders import Slider, sliders
from vssim.analysis.interactive.stage import Arrangement, Lucks, Stage
from vssim.errors import VssimError
from vssim.language import t
from vssim.log import Log
from vssim.scenario import Scenario
from vssim.views import answers
from vssim.views.player.trace import MOST_EVENTS, trace
from vssim.views.report.markup import element, paragraph, section, text

MOST_SLIDERS = 3
POSITIONS = {1: 15, 2: 7, 3: 5}
"""Values of each slider, at most, by how many sliders there are: all of their combinations are played."""

BUDGET = 2_600_000
"""Largest size of all boards that are carried, before they are written as text [bytes]; a whole report stays below 4 MB."""

ENOUGH = 20
"""Lucks of an answer, at most."""


@dataclass(frozen=True, eq=False)
class Place:
    """One combination of positions: what comes of it, and the board of the most ordinary luck."""

    positions: tuple[int, ...]
    answer: dict[str, Any]
    log: Log


@dataclass(frozen=True, eq=False)
class Explored:
    """The sliders of a change with the positions that are carried, and every combination of them."""

    change: str
    sliders: tuple[Slider, ...]
    kept: tuple[tuple[int, ...], ...]
    """by slider, which of its positions are carried, the one in force among them"""
    places: tuple[Place, ...]


def explored(scenario: Scenario, change: str, count: int, luck: int = 0) -> Explored | None:
    """Every combination of the first `count` sliders of a change, played; None where nothing can be moved.

    A combination that makes no sense is left out: the page stays where it was.
    """
    chosen = sliders(scenario, change)[: min(count, MOST_SLIDERS)]
    if not chosen:
        return None
    kept = tuple(_kept(slider, POSITIONS[len(chosen)]) for slider in chosen)
    stage = Stage(scenario)
    places = []
    for positions in product(*kept):
        moved = [
            (slider.path, slider.values[at])
            for slider, at in zip(chosen, positions, strict=True)
            if slider.values[at] != slider.value
        ]
        try:
            places.append(
                _played(scenario, stage, Arrangement(change, None, moved=tuple(moved), seed=scenario.run.seed), positions, luck)
            )
        except VssimError:
            continue
    return Explored(change, chosen, kept, tuple(places))


def _kept(slider: Slider, most: int) -> tuple[int, ...]:
    """The positions of a slider that are played: all, or some that are spread evenly, with the one in force."""
    all_, now = len(slider.values), slider.values.index(slider.value)
    if all_ <= most:
        return tuple(range(all_))
    spread = {round(place * (all_ - 1) / (most - 1)) for place in range(most)}
    nearest = min(spread, key=lambda place: abs(place - now))
    return tuple(sorted((spread - {nearest}) | {now}))


def _played(scenario: Scenario, stage: Stage, arrangement: Arrangement, positions: tuple[int, ...], luck: int) -> Place:
    scene = stage.scene(arrangement)
    lucks = Lucks(stage, scene, scenario.headline, max(stage.warmup, scene.since))
    for _ in range(min(scenario.run.replications, ENOUGH)):
        lucks.play()
    return Place(positions, answers.told(lucks.answer), stage.run(scene.right, scene.since, luck=luck).log)


def try_it(explored: Explored | None, lanes: Mapping[str, str] | None = None) -> str:
    """The section with the sliders and what comes of them, and the boards as data; '' where nothing can be moved."""
    if explored is None or not explored.places:
        return ""
    rows = [
        _slider(number, slider, kept) for number, (slider, kept) in enumerate(zip(explored.sliders, explored.kept, strict=True))
    ]
    answer = element(
        "div",
        element("p", element("span", kind="pair"), " ", element("span", kind="chip"), " ", element("span", kind="shift")),
        element("p", kind="below"),
        kind="answer",
        role="status",
    )
    told = [{"at": list(place.positions), **place.answer} for place in explored.places]
    data = json.dumps({"change": explored.change, "places": told}, ensure_ascii=False).replace("<", "\\u003c")
    boards = "\n".join(base64.b64encode(log).decode() for log in _packed([place.log for place in explored.places], lanes))
    return section(
        "Try it",
        paragraph(
            t(
                "{change}: move a value, and the answer and the board below follow. Everything was played beforehand.",
                change=explored.change,
            )
        ),
        element("div", element("div", *rows, kind="sliders"), answer, kind="trying live-only"),
        paragraph(t("Without a script there is nothing to move here."), "soft without-script"),
        element("script", data, type="application/json", kind="explored"),
        element("script", boards, type="application/octet-stream", kind="explored-boards"),
        name="explore",
    )


def _slider(number: int, slider: Slider, kept: Sequence[int]) -> str:
    now = kept.index(slider.values.index(slider.value))
    words = json.dumps([_said(slider, at) for at in kept], ensure_ascii=False)
    entry = (
        f'<input type="range" min="0" max="{len(kept) - 1}" value="{now}" data-now="{now}" data-kept="{",".join(map(str, kept))}">'
    )
    label = element("label", element("span", text(slider.label)), entry.replace("<input", f'<input data-words="{text(words)}"'))
    return element("div", label, element("output", text(_said(slider, kept[now]))), kind="slider", data_number=str(number))


def _said(slider: Slider, position: int) -> str:
    said = t(slider.words[position])
    return f"{said} {t(slider.unit)}" if slider.unit and said[-1:].isdigit() else said


def _packed(logs: Sequence[Log], lanes: Mapping[str, str] | None) -> list[bytes]:
    """The boards, deflated; all thinned until they are small enough together."""
    most = MOST_EVENTS
    while True:
        packed = [zlib.compress(trace(log, most, lanes), 9) for log in logs]
        if sum(map(len, packed)) <= BUDGET or most < 100:
            return packed
        most //= 2
