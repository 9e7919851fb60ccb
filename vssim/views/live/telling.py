"""What pages are told of the room, in words: the `room` message. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from vssim.analysis.sliders import Slider
from vssim.analysis.stage import levers_of
from vssim.model.levers import Lever
from vssim.scenario import library
from vssim.views.live.clock import Clock
from vssim.views.live.foreground import there
from vssim.views.live.guess import Guess, labels
from vssim.views.live.messages import ANSWERS
from vssim.views.live.picture import TITLES
from vssim.views.live.setup import Setup, address

AS_TODAY = "As today"
LONGEST = 70
"""Letters of a lever's label, at most."""


@cache
def lobby() -> list[dict[str, Any]]:
    """The library by theme, as the page shows it; read once."""
    return [
        {
            "theme": theme,
            "scenarios": [{"name": name, "question": asks, "workshop": library.has_rounds(name)} for name, asks in there],
        }
        for theme, there in library.by_theme().items()
    ]


def room(setup: Setup, *, version: int, chart: str, clock: Clock, guess: Guess | None) -> dict[str, Any]:
    """Everything but the picture, and but what only the facilitator is told."""
    where = address(setup, chart, held_back=guess is not None and not guess.revealed)
    common = {"kind": "room", "version": version, "address": where, "chart": chart, "clock": clock.told()}
    common["charts"] = [{"name": name, "title": title} for name, title in TITLES.items()]
    if setup.stage is None:
        return {**common, "lobby": True, "library": lobby(), "title": "vssim", "question": "", "guess": None, "workshop": None}
    scenario, now = setup.scenario, setup.arrangement
    told = guess is None or guess.revealed
    return {
        **common,
        "lobby": False,
        "title": scenario.name,
        "question": scenario.question,
        "lesson": scenario.lesson if "lesson" in there(setup, guess) else None,
        "unit": scenario.unit,
        "horizon": scenario.run.horizon,
        "seed": now.seed,
        "source": setup.source,
        "left": left(setup),
        "right": right(setup),
        "changes": [{"name": name, "chosen": name == now.change} for name in scenario.changes],
        "levers": [
            {"label": label_of(lever), "on": number not in now.off}
            for number, (_, lever) in enumerate(levers_of(scenario, now.change))
        ],
        "sliders": [_slider(setup, slider) for slider in setup.sliders],
        "mode": "start" if now.since is None else "today",
        "since": now.since,
        "guess": None if guess is None else asked(guess),
        "workshop": None if setup.leg is None else _workshop(setup, told=told),
        "warnings": list(setup.scene.notes) if told else [],
    }


def beside(setup: Setup, guess: Guess | None) -> dict[str, Any]:
    """What only the facilitator is told, beside the room: notes, what there will be to discuss, and the hands as counted."""
    hands = {answer: 0 if guess is None else guess.hands[answer] for answer in ANSWERS}
    workshop = None if setup.leg is None else _workshop(setup, told=True)
    return {"notes": _notes(setup), "hands": hands, "workshop": workshop}


def _notes(setup: Setup) -> str:
    found = [] if setup.workshop is None else [setup.workshop.notes, setup.leg.notes if setup.leg else ""]
    return "\n\n".join(one.strip() for one in found if one.strip())


def left(setup: Setup) -> dict[str, str]:
    """What the left board shows."""
    against = setup.arrangement.against
    return {
        "name": AS_TODAY if against is None else _capital(against),
        "words": "the organisation as it is" if against is None else "",
    }


def right(setup: Setup) -> dict[str, str]:
    """What the right board shows: the change, and what was moved by hand."""
    now, unit = setup.arrangement, setup.scenario.unit
    said = [_said(slider, setup.position(slider)) for slider in setup.sliders if slider.path in dict(now.moved)]
    if now.off:
        off = [label_of(lever) for number, (_, lever) in enumerate(levers_of(setup.scenario, now.change)) if number in now.off]
        said.append(f"without {', '.join(off)}")
    if now.since is not None:
        said.append(f"from {unit} {now.since:g} on")
    if now.change is None and not now.moved:
        return {"name": AS_TODAY, "words": "nothing is changed yet"}
    return {"name": "Moved by hand" if now.change is None else _capital(now.change), "words": " · ".join(said)}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _slider(setup: Setup, slider: Slider) -> dict[str, Any]:
    return {
        "path": slider.path,
        "label": slider.label,
        "positions": [_at(slider, position) for position in range(len(slider.words))],
        "position": setup.position(slider),
        "was": slider.values.index(slider.value),
    }


def _said(slider: Slider, position: int) -> str:
    """Where a slider stands, in words."""
    return f"{slider.label} {_at(slider, position)}"


def _at(slider: Slider, position: int) -> str:
    """A position with its unit: 12 items, 1 person, no limit."""
    said = slider.words[position]
    if not slider.unit or not said[-1:].isdigit():
        return said
    return f"{said} {_one(slider.unit) if said == '1' else slider.unit}"


def _one(unit: str) -> str:
    """A unit in the singular: person, item, item a person."""
    first, *rest = unit.split(" ")
    return " ".join(["person" if first == "people" else first.removesuffix("s"), *rest])


def asked(guess: Guess) -> dict[str, Any]:
    """A guess; how often which answer was given is told once it is revealed."""
    of = guess.of
    return {
        "id": guess.id,
        "question": guess.question,
        "answers": [{"id": name, "label": label} for name, label in labels(guess.metric).items()],
        "votes": of,
        "revealed": guess.revealed,
        "counts": guess.counts if guess.revealed else None,
        "right": guess.right,
        "guessed_right": guess.counts[guess.right] if guess.right is not None else None,
        "of": of,
        "named": guess.named if guess.revealed else [],
    }


def _workshop(setup: Setup, *, told: bool) -> dict[str, Any]:
    assert setup.workshop is not None
    assert setup.leg is not None
    leg = setup.leg
    discuss = list(leg.discuss) if told else []  # what there is to discuss gives the answer away
    return {
        "title": setup.workshop.scenario.name,
        "number": setup.number,
        "of": len(setup.workshop.rounds),
        "rounds": [one.title or one.change for one in setup.workshop.rounds],
        "round": {"title": leg.title or leg.change, "question": leg.question, "discuss": discuss, "minutes": leg.minutes},
    }


def label_of(lever: Lever) -> str:
    """A lever with what it is given, in a few words: limit wip: steps develop 7, test 4."""
    written = lever.written()
    given = written[lever.name] if isinstance(written, Mapping) else None
    name = "by hand" if lever.name == "set" else lever.name.replace("_", " ").replace("wip", "WIP")
    said = f"{name}: {_flat(given)}" if given else name
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _flat(given: Any) -> str:
    if isinstance(given, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {_flat(value)}" for key, value in given.items())
    if isinstance(given, list | tuple):
        return ", ".join(_flat(value) for value in given)
    return str(given)
