"""The library: the scenarios that come with vssim, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vssim.errors import ScenarioError, UsageError, nearest
from vssim.scenario.glance import glance

ENDINGS = (".yaml", ".yml")

ANSWERS = ".answers"
"""The ending of a sheet of answers: it lies beside the scenario that was learned with it, and is no scenario."""

NAME_A_FILE = ("file", "uncertain")
"""The keys of a scenario whose text is the name of a file beside it."""

THEMES = {
    "do less": ("less", "priorities"),
    "atomic focus": ("focus", "batches", "workshop/multitasking"),
    "dissolve silos": ("silos", "silos_ranges", "dependencies", "initiatives", "utilisation"),
    "crush obstacles": ("obstacles", "hidden"),
    "decide at the work": ("decisions", "ambivalence"),
    "quality": ("corners",),
    "customers": ("proxies", "bets", "waiting_customers"),
    "capacity": ("meetings", "improvement", "bottleneck", "automation", "simplify"),
    "calendar and class": ("urgent", "deadline", "summer", "part_timer", "on_loan", "today", "last_year"),
    "how change is made": ("rollout", "habits", "theatre", "reorg", "unknowns"),
}
"""The scenarios under the themes of the levers, in the order in which they are told. What is named nowhere comes last."""

WORKSHOP = "games and workshops"
LEARNED = "learned from records"
OTHERS = "and"


def folder() -> Path:
    """The folder of the library: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "library"
    return installed if installed.is_dir() else package.parent / "scenarios"


def all_names() -> list[str]:
    """The names of the library's scenarios, such as 'silos' or 'workshop/penny', sorted; those in folders last."""
    root = folder()
    return [file.relative_to(root).with_suffix("").as_posix() for file in _files(root)]


def _files(root: Path) -> list[Path]:
    """The files of the scenarios below a folder, in the order of their names."""
    by_name = {
        file.relative_to(root).with_suffix("").as_posix(): file
        for ending in reversed(ENDINGS)
        for file in root.rglob(f"*{ending}")
        if file.is_file() and not file.name.startswith(("_", ".")) and not file.stem.endswith(ANSWERS)
    }
    return [by_name[name] for name in sorted(by_name, key=lambda name: (name.count("/"), name))]


def names() -> list[tuple[str, str]]:
    """Name and question of each scenario of the library."""
    return [(entry.name, entry.words) for entry in entries()]


def by_theme() -> dict[str, list[tuple[str, str]]]:
    """Name and question of each scenario of the library, under its theme; a theme without any is left out."""
    questions = dict(names())
    return {theme: [(name, questions[name]) for name in there] for theme, there in themes(list(questions)).items()}


def themes(names: list[str]) -> dict[str, list[str]]:
    """Names of scenarios under their themes; a theme without any is left out."""
    by_theme = {theme: [name for name in there if name in names] for theme, there in THEMES.items()}
    told = {name for there in by_theme.values() for name in there}
    by_theme[WORKSHOP] = [name for name in names if name.startswith("workshop/") and name not in told]
    by_theme[LEARNED] = [name for name in names if name.startswith("learned/") and name not in told]
    by_theme[OTHERS] = [name for name in names if name not in told and not name.startswith(("workshop/", "learned/"))]
    return {theme: there for theme, there in by_theme.items() if there}


@dataclass(frozen=True)
class Entry:
    """What the library's page says of one scenario."""

    name: str
    title: str
    """a short question"""
    words: str
    """the longer one"""
    minutes: float | None
    level: int
    """1 easy, 2 some practice, 3 for old hands"""
    workshop: bool
    start: bool
    """one that a room may begin with: its file says how long it takes"""


MOST_STARTS = 4
"""Workshops that a room is told to start with, at most."""

LEVELS = {1: "easy", 2: "some practice", 3: "for old hands"}


def entries() -> list[Entry]:
    """Every scenario of the library as its page shows it."""
    root = folder()
    return [_entry(file.relative_to(root).with_suffix("").as_posix(), file) for file in _files(root)]


def _entry(name: str, file: Path) -> Entry:
    content = _content(file)
    room = content.get("room")
    room = room if isinstance(room, dict) else {}
    rounds = content.get("rounds")
    minutes = room.get("minutes")
    if minutes is None and isinstance(rounds, list) and rounds:
        stated = [entry.get("minutes") for entry in rounds if isinstance(entry, dict)]
        minutes = sum(float(minutes_of_round or 0) for minutes_of_round in stated) if None not in stated else None
    question = str(content.get("question", ""))
    title = str(room.get("title") or question or name)
    return Entry(name, title, question, minutes, int(room.get("level") or 2), bool(rounds), room.get("minutes") is not None)


def find(name: str) -> Path | None:
    """The file of a library scenario, None when the library has none of that name."""
    known = {entry: entry for entry in all_names()}
    if name not in known:
        return None
    return next(file for ending in ENDINGS if (file := folder() / f"{name}{ending}").is_file())


def path(name: str) -> Path:
    """The file of a library scenario; a UsageError names the closest one when there is none."""
    file = find(name)
    if file is None:
        near = nearest(name, all_names())
        hint = f" (did you mean {near!r}?)" if near else ""
        raise UsageError(f"{name}: not a scenario of the library{hint}; `vssim scenarios` lists them")
    return file


def companions(name: str) -> list[Path]:
    """The files beside a scenario of the library that it reads: tables of items, of a past, of absences, joint members."""
    from vssim.scenario.reader import parse, read_text

    file = path(name)
    content = parse(read_text(file), name)[0].plain()
    return [file.with_name(stated) for stated in sorted(set(_files_named_in(content)))]


def _files_named_in(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for entry in content:
            yield from _files_named_in(entry)
    elif isinstance(content, dict):
        for key, value in content.items():
            if key in NAME_A_FILE and isinstance(value, str):
                yield value
            else:
                yield from _files_named_in(value)


def has_rounds(name: str) -> bool:
    """True for a scenario of the library that is a workshop."""
    return re.search(r"^rounds:", path(name).read_text(encoding="utf-8"), re.MULTILINE) is not None


def _content(file: Path) -> dict[str, Any]:
    """The part of a file that a list shows, unchecked; empty where it cannot be read."""
    from vssim.scenario.reader import parse, read_text

    try:
        text = read_text(file)
        seen = glance(text)
        content: dict[str, Any] = seen if seen is not None else parse(text, str(file))[0].plain()
    except ScenarioError:
        return {}
    return content
