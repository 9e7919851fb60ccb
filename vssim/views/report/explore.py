"""What a reader may move in a report: the values of a few sliders, played beforehand and carried in the file."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from vssim.analysis.interactive.answer import Answer
from vssim.analysis.interactive.sliders import Slider, sliders
from vssim.analysis.interactive.stage import Arrangement, Lucks, Stage
from vssim.errors import UsageError, VssimError
from vssim.language import t
from vssim.log import Log
from vssim.scenario import Scenario
from vssim.views import answers
from vssim.views.player.trace import COARSER, FINEST, MOST_EVENTS, trace
from vssim.views.report.markup import element, paragraph, section, text
from vssim.views.words import counted

MOST_SLIDERS = 3
POSITIONS = {1: 15, 2: 7, 3: 5}
"""Values of each slider, at most, by how many sliders there are: all of their combinations are played."""

BUDGET = 1_900_000
"""Largest size of all boards that are carried, before they are written as text [bytes]; a whole report stays below 4 MB."""

GRAIN = 200
"""Moments of a board, at least: where they are longer there is not much left to be watched."""

MARGIN = 1.15
"""By so much the board of another value may be larger than that of the value in force."""

ENOUGH = 20
"""Lucks of an answer, at most."""


@dataclass(frozen=True, eq=False)
class Place:
    """One combination of positions: what comes of it, and the board of the most ordinary luck."""

    positions: tuple[int, ...]
    answer: Answer
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
    """Every combination of values of the first `count` sliders of a change, played; None where nothing can be moved.

    Of a large stream fewer values are played than of a small one, since each combination brings its board. UsageError where not
    even two values of each slider have room. A combination that makes no sense is left out: the page stays where it was.
    """
    chosen = sliders(scenario, change)[: min(count, MOST_SLIDERS)]
    if not chosen:
        return None
    stage = Stage(scenario)
    now = tuple(slider.values.index(slider.value) for slider in chosen)
    in_force = _played(scenario, stage, Arrangement(change, None, seed=scenario.run.seed), now, luck)
    most = _values(in_force.log, len(chosen))
    kept = tuple(_kept(slider, most) for slider in chosen)
    places = []
    for positions in product(*kept):
        moved = [
            (slider.path, slider.values[at])
            for slider, at in zip(chosen, positions, strict=True)
            if slider.values[at] != slider.value
        ]
        try:
            arrangement = Arrangement(change, None, moved=tuple(moved), seed=scenario.run.seed)
            places.append(in_force if not moved else _played(scenario, stage, arrangement, positions, luck))
        except VssimError:
            continue
    return Explored(change, chosen, kept, tuple(places))


def _values(log: Log, count: int) -> int:
    """How many values of each of `count` sliders are carried: as many as the boards of all their combinations have room for."""
    size = MARGIN * len(_written(log, None, _coarsest(log)))
    fit = max((most for most in range(1, POSITIONS[count] + 1) if most**count * size <= BUDGET), default=0)
    if fit < 2:
        fewer = f"; try --explore {count - 1}" if count > 1 else ""
        raise UsageError(f"--explore {count}: a board of this run takes {size / 1000:,.0f} kB, and all of them have no room{fewer}")
    return fit


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
    return Place(positions, lucks.answer, stage.run(scene.right, scene.since, luck=luck).log)


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
    told = [{"at": list(place.positions), **answers.told(place.answer)} for place in explored.places]
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
    return counted(t(slider.words[position]), slider.unit)


def _packed(logs: Sequence[Log], lanes: Mapping[str, str] | None) -> list[bytes]:
    """The boards, deflated; all thinned until they are small enough together, but never beyond what can be watched."""
    coarsest = min(map(_coarsest, logs))
    for moment in COARSER:
        packed = [_written(log, lanes, moment) for log in logs]
        if sum(map(len, packed)) <= BUDGET or moment >= coarsest:
            break
    if sum(map(len, packed)) > BUDGET:
        raise UsageError(f"--explore: {len(packed)} boards take {sum(map(len, packed)) / 1e6:.1f} MB, for which a page has no room")
    return packed


def _written(log: Log, lanes: Mapping[str, str] | None, moment: float) -> bytes:
    return zlib.compress(trace(log, MOST_EVENTS, lanes, moment), 9)


def _coarsest(log: Log) -> float:
    """The longest moment in which a board is still watched [units of time]."""
    return max((moment for moment in COARSER if moment * GRAIN <= log.length), default=FINEST)
