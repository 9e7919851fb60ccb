"""How a room is asked, and what levers are called: short texts that several messages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vssim.catalogue import short_of, unit_of
from vssim.language import t
from vssim.model.levers import Lever
from vssim.views import words
from vssim.views.live.room.sayings import sayings

LONGEST = 70
"""Letters of a lever's label, at most."""

ASKED = {
    "lead_time.p85": "Until 85 of 100 items have arrived: longer, about the same, or shorter?",
    "lead_time.p50": "The typical item, from asking to having: longer, about the same, or shorter?",
}
"""What a room is asked about a metric."""


TODAY = {
    "lead_time.p85": "Today 85 of 100 items arrive within",
    "lead_time.p50": "Today the typical item takes, from asking to having,",
}
"""How a room is told, before it guesses, what a metric is as it is."""

AGAINST = {
    "lead_time.p85": "{change}: 85 of 100 items arrive within",
    "lead_time.p50": "{change}: the typical item takes, from asking to having,",
}
"""The same, where the left board is another change and not what is so today."""


def today_about(metric: str, change: str | None = None) -> str:
    """What comes before the figure of a metric as it is at the left: as today, or with a change."""
    if change is None:
        return t(TODAY[metric]) if metric in TODAY else t("Today, {metric}:", metric=t(short_of(metric)))
    said = t(AGAINST[metric]) if metric in AGAINST else t("{change}, {metric}:", metric=t(short_of(metric)))
    return said.replace("{change}", change)


def question_about(metric: str) -> str:
    """The question of a metric."""
    times = unit_of(metric, "day") == "days"
    if metric in ASKED:
        return t(ASKED[metric])
    name = t(short_of(metric))
    asked = t("{metric}: longer, about the same, or shorter?") if times else t("{metric}: more, about the same, or less?")
    return asked.replace("{metric}", f"{name[:1].upper()}{name[1:]}")


def label_of(lever: Lever) -> str:
    """A lever with what it is given, in a few words: one more person in testers · cross train: proficiency 0.5."""
    said = ", ".join(sayings(lever)) or _listed(lever)
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _listed(lever: Lever) -> str:
    written = lever.written()
    given = written[lever.name] if isinstance(written, Mapping) else None
    name = t("by hand") if lever.name == "set" else lever.name.replace("_", " ").replace("wip", "WIP")
    return f"{name}: {_flat(given)}" if given else name


def _flat(given: Any) -> str:
    if isinstance(given, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {_flat(value)}" for key, value in given.items())
    if isinstance(given, list | tuple):
        return ", ".join(_flat(value) for value in given)
    return words.figure(given) if isinstance(given, float) else str(given)
