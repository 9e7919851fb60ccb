"""What the answer is based on: the scenario as it was read, the sources of its figures, the method and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vssim.analysis.compare.compare import Comparison, Measured
from vssim.language import t
from vssim.version import __version__
from vssim.views import words
from vssim.views.report.markup import bullets, element, paragraph, section, table, text

TOLD_ELSEWHERE = ("name", "question", "lesson", "sources", "run", "claims", "sliders", "rounds", "room", "notes")
"""Keys of a scenario that the report tells in other places, or that say nothing about the organisation."""

WORDS = {
    "demand": "What work arrives",
    "steps": "The steps, in order",
    "teams": "Who does it",
    "handoffs": "What a handoff costs",
    "discipline": "Which waiting item comes first",
    "wip_limit": "Most items in progress, in the whole stream",
    "limits": "Most items in several steps together, or of one kind in a step",
    "changes": "What would be changed",
    "unit": "The unit of every time",
    "hours_per_day": "Working hours in a day",
    "start": "The date of time 0",
}
"""Headings of the keys of a scenario."""


UNFINISHED = (
    "{name}: on average {delivered} items delivered in the measured time, {unfinished} unfinished at the end; "
    "lead times are those of delivered items."
)
METHOD = (
    "Within a replication every organisation meets the same items, sizes and misfortunes; differences are taken pair by pair.",
    "Intervals are 95 % intervals of the mean over replications (from how far each replication pulls the figure of all).",
    "They say how sure the simulation is of its own answer, not how well the scenario describes the organisation.",
    "Better or worse: the interval of the difference excludes 0. No real difference: it lies within ± 3 % of as it is.",
    "The board and the charts beside it show one run, the most ordinary. One run is an anecdote; the verdict rests on all of them.",
)
"""Sentences on the method that hold for every report."""


def assumptions(comparison: Comparison) -> str:
    """The scenario in readable form, with its sources."""
    document = comparison.scenario.document()
    parts = []
    for key, value in document.items():
        if key not in TOLD_ELSEWHERE:
            parts.append(element("h3", text(t(WORDS.get(key, key)))))
            parts.append(_readable(value))
    sources = comparison.scenario.sources
    rows = [[source.name, source.from_] for source in sources]
    said = (
        table(t("Where the figures come from"), (t("figure"), t("source")), rows)
        if rows
        else paragraph(t("The scenario names no sources for its figures."))
    )
    return section(
        "What was assumed",
        said,
        element("details", element("summary", t("The whole scenario")), *parts, open=True),
        name="assumptions",
    )


def _readable(value: Any) -> str:
    """A value of the document: mappings as definitions, lists as lists."""
    if isinstance(value, Mapping):
        if not value:
            return paragraph(t("nothing"))
        entries = [element("div", element("dt", text(_word(key))), element("dd", _readable(entry))) for key, entry in value.items()]
        return element("dl", *entries)
    if isinstance(value, Sequence) and not isinstance(value, str):
        if all(not isinstance(entry, Mapping | list | tuple) for entry in value):
            return text(", ".join(str(entry) for entry in value))
        return element("ul", *(element("li", _readable(entry)) for entry in value))
    return text(str(value))


def _word(key: Any) -> str:
    return str(key).replace("_", " ")


def method(comparison: Comparison) -> str:
    """How the answer was worked out, how sure it is, and what it does not say."""
    settings, unit = comparison.scenario.run, comparison.scenario.unit
    measured = (
        t("from {unit} {day} (what comes before is warm-up)", unit=t(unit), day=words.figure(comparison.warmup, 6))
        if comparison.warmup
        else t("from the start")
    )
    runs = t(
        "{times}, {length} each, with seed {seed}",
        times=words.many(comparison.replications, "time"),
        length=words.many(settings.horizon, unit),
        seed=settings.seed,
    )
    lines = [
        t(
            "vssim {version} played every organisation {runs}, and measured {measured}. The same command gives the same numbers.",
            version=__version__,
            runs=runs,
            measured=measured,
        ),
        *map(t, METHOD),
    ]
    lines += [_unfinished(name, variant) for name, variant in comparison.variants.items()]
    cautions = [element("h3", t("Before trusting the figures")), bullets(comparison.notes)] if comparison.notes else []
    return section("How this was found out, and its limits", bullets(line for line in lines if line), *cautions, name="method")


def _unfinished(name: str, variant: Measured) -> str:
    delivered, unfinished = variant["delivered"].mean, variant["unfinished"].mean
    if delivered is None or unfinished is None:
        return ""
    label = t("As it is") if name == "baseline" else name
    said = t(UNFINISHED, name=label, delivered=words.figure(delivered), unfinished=words.figure(unfinished))
    lost = variant.gave_up[""].mean if variant.gave_up else None
    return f"{said} {t('{name}: of the items that left {share} gave up.', name=label, share=words.percent(lost))}" if lost else said
