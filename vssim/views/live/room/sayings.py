"""Levers as people say them: one more person in testers, 50 % fewer meetings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vssim.language import t
from vssim.model.levers import Lever
from vssim.views import words

Given = Mapping[str, Any]
"""The lever's parameters by name, as it has them."""


def _more_people(given: Given) -> list[str]:
    return [
        t("one more person in {team}", team=team) if count == 1 else t("{count} more people in {team}", count=count, team=team)
        for team, count in given["teams"].items()
    ]


def _limits(given: Given) -> list[str]:
    stream: int | str | None = given["stream"]
    said = [] if stream is None else [_limit(t("all that is begun"), stream)]
    return [*said, *(_limit(name, most) for section in ("steps", "teams") for name, most in given[section].items())]


def _limit(place: str, most: int | str) -> str:
    if most == "none":
        return t("{place}: no limit", place=place)
    return t("{place}: at most {count}", place=place, count=most)


def _meetings(given: Given) -> list[str]:
    return [t("{share} fewer meetings", share=words.percent(given["cut"]))]


def _quality(given: Given) -> list[str]:
    return [t("{cut} less comes back, for {cost} more work", cut=words.percent(given["cut"]), cost=words.percent(given["cost"]))]


def _across_crafts(given: Given) -> list[str]:
    count = given["count"]
    return [t("cross-functional teams") if count is None else t("{count} cross-functional teams", count=count)]


def _one_thing(given: Given) -> list[str]:
    count = given["open"]
    return [t("one open item a person") if count == 1 else t("{count} open items a person", count=words.figure(count))]


def _finishing(_: Given) -> list[str]:
    return [t("finish first what is begun")]


def _cadence(given: Given) -> list[str]:
    return [t("gates open {times} × as often", times=words.figure(1 / given["factor"]))]


SAYINGS: Mapping[str, tuple[frozenset[str], Callable[[Given], Sequence[str]]]] = {
    "add_people": (frozenset({"teams"}), _more_people),
    "limit_wip": (frozenset({"stream", "steps", "teams"}), _limits),
    "cut_meetings": (frozenset({"cut"}), _meetings),
    "build_quality_in": (frozenset({"cut", "cost"}), _quality),
    "cross_functional_teams": (frozenset({"count"}), _across_crafts),
    "stop_multitasking": (frozenset({"open"}), _one_thing),
    "finish_first": (frozenset(), _finishing),
    "shorten_cadence": (frozenset({"factor"}), _cadence),
}
"""By lever: the parameters that its sentences tell, and these. Where a file sets others too, it is listed with all of them."""


def sayings(lever: Lever) -> Sequence[str]:
    """The lever in sentences; none where nobody would say it shortly."""
    if lever.name not in SAYINGS:
        return ()
    told, said = SAYINGS[lever.name]
    written = lever.written()
    given = written[lever.name] if isinstance(written, Mapping) else {}
    return said({name: getattr(lever, name) for name in told}) if set(given) <= told else ()
