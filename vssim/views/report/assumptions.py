"""What the answer rests on: the whole scenario as it was read, where its figures come from, the method and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vssim import __version__
from vssim.analysis.compare import Comparison
from vssim.views import words
from vssim.views.report.markup import bullets, element, paragraph, section, table, text

TOLD_ELSEWHERE = ("name", "question", "lesson", "sources", "run", "claims", "sliders", "rounds", "notes")
"""Keys of a scenario that the report tells in other places, or that say nothing about the organisation."""

WORDS = {
    "demand": "What work arrives",
    "steps": "The steps, in order",
    "teams": "Who does it",
    "handoffs": "What a handoff costs",
    "discipline": "Which waiting item comes first",
    "wip_limit": "Most items in progress, in the whole stream",
    "changes": "What would be changed",
    "unit": "The unit of every time",
    "hours_per_day": "Working hours in a day",
    "start": "The date of time 0",
}
"""Headings of the keys of a scenario."""


METHOD = (
    "Within a replication every organisation meets the same items, sizes and misfortunes; differences are taken pair by pair.",
    "Intervals are 95 % intervals of the mean over replications (Student's t; ratios after Fieller).",
    "They say how sure the simulation is of its own answer, not how well the scenario describes the organisation.",
    "Better or worse: the interval of the difference excludes 0. No real difference: it lies within ± 3 % of as it is.",
    "The board and the charts beside it show one run, replication 0. One run is an anecdote; the verdict rests on all of them.",
)
"""What there is to know about any report."""


def assumptions(found: Comparison) -> str:
    """The scenario, readable, and its sources."""
    document = found.scenario.document()
    parts = []
    for key, value in document.items():
        if key not in TOLD_ELSEWHERE:
            parts.append(element("h3", text(WORDS.get(key, key))))
            parts.append(_readable(value))
    sources = found.scenario.sources
    rows = [[source.name, source.from_] for source in sources]
    said = (
        table("Where the figures come from", ("figure", "source"), rows)
        if rows
        else paragraph("The scenario names no sources for its figures.")
    )
    return section(
        "What was assumed",
        said,
        element("details", element("summary", "The whole scenario"), *parts, open=True),
        name="assumptions",
    )


def _readable(value: Any) -> str:
    """A value of the document: mappings as definitions, lists as lists."""
    if isinstance(value, Mapping):
        if not value:
            return paragraph("nothing")
        entries = [element("div", element("dt", text(_word(key))), element("dd", _readable(one))) for key, one in value.items()]
        return element("dl", *entries)
    if isinstance(value, Sequence) and not isinstance(value, str):
        if all(not isinstance(one, Mapping | list | tuple) for one in value):
            return text(", ".join(str(one) for one in value))
        return element("ul", *(element("li", _readable(one)) for one in value))
    return text(str(value))


def _word(key: Any) -> str:
    return str(key).replace("_", " ")


def method(found: Comparison) -> str:
    """How it was found out, how sure it is, and what it does not say."""
    settings, unit = found.scenario.run, found.scenario.unit
    measured = f"from {unit} {words.figure(found.warmup, 6)} (what comes before is warm-up)" if found.warmup else "from the start"
    runs = f"{words.many(found.replications, 'time')}, {words.many(settings.horizon, unit)} each, with seed {settings.seed}"
    lines = [
        f"vssim {__version__} played every organisation {runs}, and measured {measured}. The same command gives the same numbers.",
        *METHOD,
    ]
    lines += [_unfinished(name, variant) for name, variant in found.variants.items()]
    cautions = [element("h3", "Before trusting the figures"), bullets(found.warnings)] if found.warnings else []
    return section("How this was found out, and its limits", bullets(line for line in lines if line), *cautions, name="method")


def _unfinished(name: str, variant: Mapping[str, Any]) -> str:
    delivered, unfinished = variant["delivered"].mean, variant["unfinished"].mean
    if delivered is None or unfinished is None:
        return ""
    label = "As it is" if name == "baseline" else name
    counts = f"{words.figure(delivered)} items delivered in the measured time, {words.figure(unfinished)} unfinished at the end"
    return f"{label}: on average {counts}; lead times are those of delivered items."


def lesson(found: Comparison) -> str:
    """What the author learnt from it."""
    return section("The lesson", paragraph(found.scenario.lesson, "lesson"), name="lesson-section") if found.scenario.lesson else ""
