"""What pages are told of the room, in words: the `room` message. Nothing here changes anything."""

from __future__ import annotations

from functools import cache
from typing import Any

from vssim.analysis.interactive.sliders import Slider, standing
from vssim.analysis.interactive.stage import levers_of
from vssim.catalogue import short_of
from vssim.language import t
from vssim.play.worlds import worlds_of
from vssim.scenario import library
from vssim.views.live.pictures.picture import TITLES
from vssim.views.live.room.clock import Clock
from vssim.views.live.room.foreground import there
from vssim.views.live.room.guess import Guess, labels
from vssim.views.live.room.messages import ANSWERS
from vssim.views.live.room.setup import Setup, address
from vssim.views.live.room.wording import label_of
from vssim.views.report.replayed import said
from vssim.views.unknowns import called, valued
from vssim.views.words import counted

AS_TODAY = "As today"


@cache
def lobby() -> dict[str, Any]:
    """The library as its page shows it: what to start with, and the rest by theme; read once."""
    entries = library.entries()
    starts = sorted((entry for entry in entries if entry.start), key=lambda entry: (entry.minutes or 0, entry.level))
    start = [_entry(entry) for entry in starts[: library.MOST_STARTS]]
    first = {entry["name"] for entry in start}
    themes = []
    for theme, names in library.by_theme().items():
        there = [_entry(entry) for name, _ in names for entry in entries if entry.name == name and name not in first]
        themes += [{"theme": theme, "scenarios": there}] if there else []
    return {"start": start, "themes": themes}


def _entry(entry: library.Entry) -> dict[str, Any]:
    return {"name": entry.name, "title": entry.title, "words": entry.words, "minutes": entry.minutes, "level": entry.level}


def room(setup: Setup, *, version: int, chart: str, clock: Clock, guess: Guess | None) -> dict[str, Any]:
    """The `room` message: everything but the picture and what only the facilitator is told."""
    where = address(setup, chart, held_back=guess is not None and not guess.revealed)
    common = {"kind": "room", "version": version, "address": where, "chart": chart, "clock": clock.told()}
    common["charts"] = [{"name": name, "title": t(title)} for name, title in TITLES.items()]
    if setup.stage is None:
        return {**common, "lobby": True, "library": lobby(), "title": "vssim", "question": "", "guess": None, "workshop": None}
    scenario, now = setup.scenario, setup.arrangement
    told = guess is None or guess.revealed
    return {
        **common,
        "lobby": False,
        "title": scenario.name,
        "question": scenario.question if setup.leg is None else setup.leg.question,
        "metric": t(short_of(setup.metric)),
        "seen": _seen(setup),
        "lesson": (setup.workshop.scenario if setup.workshop else scenario).lesson if "lesson" in there(setup, guess) else None,
        "unit": scenario.unit,
        "dates": None if scenario.dates is None else scenario.dates.told(),
        "horizon": scenario.run.horizon,
        "seed": now.seed,
        "world": _world(setup),
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
        "warnings": [*([] if scenario.learned is None else [said(scenario.learned)]), *(setup.scene.notes if told else ())],
        "learned": scenario.learned is not None,
    }


def _world(setup: Setup) -> dict[str, Any] | None:
    """Which world is played, and what is so in it; None where everything is known."""
    assert setup.stage is not None
    worlds = worlds_of(setup.stage.origin, ())
    if worlds is None:
        return None
    if setup.world is None:
        return {"number": None, "facts": []}
    names, values = worlds.uncertain.facts, worlds.values(setup.world + 1)[setup.world]
    origin = setup.stage.origin
    return {
        "number": setup.world,
        "facts": [f"{called(origin, name)}: {valued(origin, name, value)}" for name, value in zip(names, values, strict=True)],
    }


def beside(setup: Setup, guess: Guess | None) -> dict[str, Any]:
    """What only the facilitator is told, beside the room: notes, what there will be to discuss, and the hands as counted."""
    hands = {answer: 0 if guess is None else guess.hands[answer] for answer in ANSWERS}
    workshop = None if setup.leg is None else _workshop(setup, told=True)
    return {"notes": _notes(setup), "hands": hands, "workshop": workshop}


def _notes(setup: Setup) -> str:
    notes = [] if setup.workshop is None else [setup.workshop.notes, setup.leg.notes if setup.leg else ""]
    return "\n\n".join(note.strip() for note in notes if note.strip())


def left(setup: Setup) -> dict[str, str]:
    """What the left board shows."""
    against = setup.arrangement.against
    return {
        "name": t(AS_TODAY) if against is None else _capital(against),
        "words": "",
    }


def right(setup: Setup) -> dict[str, str]:
    """What the right board shows: the change, and what was moved by hand."""
    now, unit = setup.arrangement, setup.scenario.unit
    said = [_said(slider, setup.position(slider)) for slider in setup.sliders if slider.path in dict(now.moved)]
    if now.off:
        off = [label_of(lever) for number, (_, lever) in enumerate(levers_of(setup.scenario, now.change)) if number in now.off]
        said.append(t("without {levers}", levers=", ".join(off)))
    if now.since is not None:
        said.append(t("from {unit} {day} on", unit=t(unit), day=f"{now.since:g}"))
    if now.change is None and not now.moved:
        return {"name": t(AS_TODAY), "words": t("nothing is changed yet")}
    return {"name": t("Moved by hand") if now.change is None else _capital(now.change), "words": " · ".join(said)}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _slider(setup: Setup, slider: Slider) -> dict[str, Any]:
    return {
        "path": slider.path,
        "label": slider.label,
        "positions": [_at(slider, position) for position in range(len(slider.words))],
        "position": setup.position(slider),
        "was": slider.values.index(slider.value),
        "before": _before(setup, slider),
    }


def _before(setup: Setup, slider: Slider) -> str:
    """Where it stands on the left board, which may be another change: 12 items, no limit, every 20 days."""
    against = setup.arrangement.against
    if against is None and not slider.path.startswith("changes."):
        return _at(slider, slider.values.index(slider.value))
    said = standing(setup.scenario, against, slider)
    return counted(t(said), slider.unit) if said in slider.words or said[-1:].isdigit() else t(said)


def _said(slider: Slider, position: int) -> str:
    """The position of a slider in words."""
    return f"{slider.label} {_at(slider, position)}"


def _at(slider: Slider, position: int) -> str:
    """A position with its unit: 12 items, 1 person, no limit."""
    return counted(t(slider.words[position]), slider.unit)


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
        "about": {"change": guess.change, "metric": guess.metric},
        "answer": guess.told,
        "version": guess.version,
        "bars": guess.bars,
    }


def result(setup: Setup, guess: Guess) -> dict[int, dict[str, Any]]:
    """What came of a round, by its number, for the end; nothing where it was no round."""
    if setup.leg is None or not setup.number:
        return {}
    told = {"number": setup.number, "title": setup.leg.title or setup.leg.change, **asked(guess), "bars": ""}
    return {setup.number: told}


def in_order(results: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """What came of the rounds, in their order."""
    return [results[number] for number in sorted(results)]


def _workshop(setup: Setup, *, told: bool) -> dict[str, Any]:
    assert setup.workshop is not None
    assert setup.leg is not None
    leg = setup.leg
    discuss = list(leg.discuss) if told else []  # what there is to discuss gives the answer away
    return {
        "title": setup.workshop.scenario.name,
        "number": setup.number,
        "made": setup.asked is not None or setup.workshop.scenario.rounds == (),
        "of": len(setup.workshop.rounds),
        "rounds": [stated.title or stated.change for stated in setup.workshop.rounds],
        "chart": leg.chart if leg.chart in TITLES else "progress",
        "round": {"title": leg.title or leg.change, "question": leg.question, "discuss": discuss, "minutes": leg.minutes},
    }


def _seen(setup: Setup) -> list[str]:
    """Paths of the sliders that stand on the board itself: limits, people, gates."""
    return [slider.path for slider in setup.sliders if slider.path.rpartition(".")[2] in ON_BOARD or ".limit_wip." in slider.path]


ON_BOARD = ("wip_limit", "people", "count", "every", "stream")
"""Last keys of what can be edited where it stands."""
