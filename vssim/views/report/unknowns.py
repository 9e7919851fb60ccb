"""The section of a report on what is not known: what holds on average, in your world, by luck; and what would decide."""

from __future__ import annotations

from collections.abc import Iterator

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.catalogue import label_of
from vssim.language import t
from vssim.views import words
from vssim.views.report.markup import element, paragraph, section, table, text
from vssim.views.unknowns import average, better, called, hangs_on, luck, own_world, phrase_of, turning, valued, worlds_in_words

MOST_FACTS = 8


def unknowns(comparison: Comparison) -> str:
    """The section; nothing where everything is known."""
    there = [differences for differences in comparison.values() if differences.over_worlds is not None]
    parts = [part for differences in there for part in _change(comparison, differences)]
    if not parts:
        return ""
    said = t(
        "Each world draws one value of everything that is not known, the same in every organisation. On average over worlds is "
        "one thing, your own world another, and luck a third: they are never mixed."
    )
    return section(
        t("What is not known, and what would decide ({metric})", metric=t(label_of(comparison.headline))),
        paragraph(f"{said} {worlds_in_words(comparison.scenario, comparison.replications)}", "soft"),
        *parts,
        name="unknown",
    )


def _change(comparison: Comparison, differences: Differences) -> Iterator[str]:
    over, scenario = differences.over_worlds, comparison.scenario
    believed = None if over is None else over.believed(differences.headline)
    if over is None or believed is None:
        return
    phrase = phrase_of(differences.headline, scenario.unit, scenario.currency)
    would = over.deciding(differences.headline)
    lines = [
        average(differences, phrase),
        own_world(believed, phrase),
        *([better(believed)] if believed.better is not None else []),
    ]
    lines += [luck(believed, phrase), *([hangs_on(would, differences, scenario)] if would is not None and would.facts else [])]
    yield element("h3", text(differences.change))
    yield element("ul", *(element("li", text(line)) for line in lines))
    if would is None or not would.facts:
        return
    rows = [
        [
            called(scenario, fact.name),
            "" if would.order_only else words.percent(fact.share),
            t("{effect} at {value}", effect=words.plus(fact.at_low), value=valued(scenario, fact.name, fact.low_value)),
            t("{effect} at {value}", effect=words.plus(fact.at_high), value=valued(scenario, fact.name, fact.high_value)),
            turning(fact, scenario),
        ]
        for fact in would.facts[:MOST_FACTS]
    ]
    caption = t(
        "What would decide: effect of {change} [{unit}], averaged over the other unknowns",
        change=differences.change,
        unit=phrase or t("share"),
    )
    heads = (t("fact"), t("of what is not known"), t("at its low end"), t("at its high end"), t("turns round"))
    yield table(caption, heads, rows)
