"""Mutants: scenario files with something wrong with them, as hands, editors and programs get it wrong; and what becomes of them."""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import vssim
from vssim.scenario.library import all_names, path

LONGEST, LARGEST = 10.0, 1e9
"""What a mutant may take [seconds of processor time, bytes]: how long somebody waits on a busy machine is not its doing."""

WORDS = (
    *("", "~", "none", "never", "again", "auto", "baseline", "unlimited", "0", "-1", "0.5", "1e308", "1e-308", "9" * 30, "1e400"),
    *(
        ".nan",
        ".inf",
        "true",
        "100%",
        "-5%",
        "1e9%",
        "20,000",
        "1_000",
        "0x10",
        "010",
        "2026-01-05",
        "2026-02-30",
        "{}",
        "[]",
        "[1]",
    ),
    *(
        "{a: 1}",
        "[[[]]]",
        "*a",
        "&a b",
        "!!int x",
        "'",
        '"',
        "|",
        ">",
        "?",
        "- ",
        ": ",
        "# x",
        "\t",
        "é",
        "😀",
        '"\\ud83d"',
        '"\\e[2J"',
    ),
    *("exponential(2)", "lognormal(mean=1, cv=0.5)", "uniform(0, 1.7e308)", "gamma(mean=1, cv=1e-160)", "empirical(no.csv, days)"),
    *(
        "discrete({1: 50%})",
        "lognormal(",
        "between(1, 2)",
        "10000000",
        "1000000000",
        "a" * 300,
        "\\",
        "C:\\data",
        "lambda: 0",
        "\x00",
    ),
)


def mutant(luck: random.Random) -> str:
    """A file of the library after one to three accidents."""
    text = path(luck.choice(all_names())).read_text(encoding="utf-8")
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        text = luck.choice(ACCIDENTS)(text, luck)
    return text


def _line(text: str, luck: random.Random) -> tuple[list[str], int]:
    lines = text.splitlines(keepends=True) or [""]
    return lines, luck.randrange(len(lines))


def _without_line(text: str, luck: random.Random) -> str:
    lines, at = _line(text, luck)
    return "".join(lines[:at] + lines[at + 1 :])


def _line_twice(text: str, luck: random.Random) -> str:
    lines, at = _line(text, luck)
    return "".join(lines[: at + 1] + lines[at:])


def _line_moved(text: str, luck: random.Random) -> str:
    lines, at = _line(text, luck)
    line = lines.pop(at)
    lines.insert(luck.randrange(len(lines) + 1), line)
    return "".join(lines)


def _indented(text: str, luck: random.Random) -> str:
    lines, at = _line(text, luck)
    lines[at] = luck.choice((" ", "  ", "\t", "    ")) + lines[at] if luck.random() < 0.6 else lines[at].lstrip(" ")
    return "".join(lines)


def _value(text: str, luck: random.Random) -> str:
    lines, at = _line(text, luck)
    head, colon, _ = lines[at].partition(":")
    lines[at] = f"{head}: {luck.choice(WORDS)}\n" if colon else f"{luck.choice(WORDS)}\n"
    return "".join(lines)


def _number(text: str, luck: random.Random) -> str:
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text
    at = luck.choice(places)
    return text[:at] + luck.choice(("0", "-1", "99999999", "1e12", "%", ".", "", luck.choice(WORDS))) + text[at + 1 :]


def _letters(text: str, luck: random.Random) -> str:
    at = luck.randrange(len(text) + 1)
    kind = luck.randrange(3)
    if kind == 0:
        return text[:at] + luck.choice("{}[]()\"',:&*!|>%@`#-\t\x00\u2028é😀") + text[at:]
    return text[:at] + text[at + luck.choice((1, 2, 10)) :] if kind == 1 else text[:at]


def _word(text: str, luck: random.Random) -> str:
    words = sorted(set(text.replace(":", " ").replace(",", " ").split()))
    if len(words) < 2:
        return text
    old, new = luck.sample(words, 2)
    return text.replace(old, luck.choice((new, luck.choice(WORDS))), luck.choice((1, 1, 100)))


ACCIDENTS: tuple[Callable[[str, random.Random], str], ...] = (
    *(_without_line, _line_twice, _line_moved, _indented, _value, _value, _number, _number, _letters, _letters, _word),
)


def hard(luck: random.Random) -> str:
    """A small scenario made of hard values: as a program would write it, or by hand."""
    wrong: Any = {
        "run": {
            "horizon": luck.choice((0, 1, 50, 1e9, 1e13, -1, "auto")),
            "warmup": luck.choice((0, "auto", 1e9)),
            "replications": 1,
        },
        "demand": {luck.choice(("item", "item", "item", "é😀", "", "a.b", "x" * 300)): _demand(luck)},
        "steps": {
            name: _step(luck) for name in luck.sample(("make", "check", "", "0", "a, b", "\u202e", "null"), luck.choice((1, 2, 3)))
        },
        "teams": {
            "team": {
                "people": luck.choice((1, 0, 1e6, 1e9, "unlimited", -3, 2.5)),
                "does": luck.choice(("make", ["make", "check"], {})),
            }
        },
        "wip_limit": luck.choice(("none", 0, 1, 1e9, "many")),
        "changes": {luck.choice(("one", "baseline", "a, b")): [luck.choice((_lever(luck), "finish_first", {}, 3))]},
    }
    sound: Any = {
        "run": {"horizon": 50, "warmup": 0, "replications": 1},
        "demand": {"item": {"every": "exponential(2)"}},
        "steps": {"make": {"work": 1}, "check": {"work": "exponential(1)"}},
        "teams": {"team": {"people": 2, "does": ["make", "check"]}},
        "wip_limit": "none",
        "changes": {"one": ["finish_first"]},
    }
    for key in luck.sample(sorted(wrong), luck.choice((0, 0, 1, 2))):
        wrong[key] = luck.choice((None, [], {}, 3, "text", [[1]], {"a": {"b": {"c": 1}}}))
    for key in luck.sample(sorted(wrong), luck.choice((1, 1, 1, 2, 3))):
        sound[key] = wrong[key]
    text = json.dumps(sound)
    return _letters(text, luck) if luck.random() < 0.2 else text


def _distribution(luck: random.Random) -> Any:
    return luck.choice(
        (0, 1, -1, 1e308, 1e-308, 1e12, "exponential(1)", {"lognormal": {"mean": 1, "cv": luck.choice((0, 1e-9, 20, 99))}}, *WORDS)
    )


def _demand(luck: random.Random) -> Any:
    return {
        luck.choice(("every", "backlog", "at")): luck.choice((1, 0.001, 10**7, 10**9, [0, 1, 1e9], _distribution(luck))),
        luck.choice(("batch", "size", "count", "due", "parts", "priority")): luck.choice(
            (1, 10**6, 0, {"item": 2}, _distribution(luck))
        ),
    }


def _step(luck: random.Random) -> Any:
    return {
        "work": _distribution(luck),
        luck.choice(("returns", "gate", "needs", "wip_limit", "stops", "wait")): luck.choice(
            (
                {"to": "make", "chance": luck.choice((0, 0.999999, 1, "99.9999%"))},
                {"every": luck.choice((0, 1e-9, 1e9))},
                {"outside": "vendor", "wait": _distribution(luck)},
                *(1, 0, "none", {}),
            )
        ),
    }


def _lever(luck: random.Random) -> Any:
    return {
        luck.choice(("limit_wip", "add_people", "slice", "set", "cross_functional_teams")): luck.choice(
            ({}, {"count": 10**9}, {"stream": 0}, {"wip_limit": 1})
        )
    }


@dataclass(frozen=True)
class Outcome:
    """What became of an input."""

    said: str
    """result, or the kind of refusal"""
    seconds: float
    """of processor time"""
    memory: float
    """by which the process has grown [bytes]"""


def outcome(text: str, longest: float = 100.0) -> Outcome:
    """Read an input, play each variant shortly, and say how it ended. What is no sentence comes out as it is."""
    began, before = time.process_time(), _peak()
    try:
        scenario = vssim.loads(text)
        for change in (None, *list(scenario.changes)[:2]):
            vssim.simulate(scenario, change, horizon=min(scenario.run.horizon, longest), warmup=0).metrics()
        said = "result"
    except vssim.VssimError as error:
        said = type(error).__name__
        said = f"{said}" if str(error).encode().strip() else "a refusal without a word"
    return Outcome(said, time.process_time() - began, _peak() - before)


def _peak() -> float:
    """The most that this process has taken so far [bytes]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)
