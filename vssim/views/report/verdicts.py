"""The top of the report: the question, the verdict on every change in words, and the table with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.catalogue import QUANTILES, ROWS, is_share, label_of
from vssim.language import t, told
from vssim.metrics import measure
from vssim.scenario import Scenario
from vssim.views import labels, rows, words
from vssim.views.report.forest import forest
from vssim.views.report.markup import bullets, element, paragraph, section, table, text
from vssim.views.report.replayed import said as as_learned

NOTHING = "Nothing was delivered in the measured time, so there is no lead time to speak of."


def verdicts(comparison: Comparison) -> str:
    """The verdict on every change, in words; of one organisation alone, how long it takes."""
    cards = [
        element("li", *_verdict(comparison, differences), kind=f"card {_kind(differences)}")
        for differences in rows.ranked(comparison)
    ]
    if not cards:
        return section("How long it takes", paragraph(_alone(comparison), "headline"), *_as_it_is(comparison), name="verdicts")
    parts = [forest(comparison), element("ul", *cards, kind="cards"), *_as_it_is(comparison), paragraph(_luck(comparison), "soft")]
    return section("The verdict", *parts, name="verdicts")


def _as_it_is(comparison: Comparison) -> Iterator[str]:
    """Notes on the organisation as it is, with which every change is compared."""
    warnings = next(iter(comparison.variants.values())).warnings
    if warnings:
        yield paragraph(t("Of the organisation as it is:"))
        yield bullets(warned(comparison.scenario, warnings))


def _kind(differences: Differences) -> str:
    return (differences[differences.headline].verdict or "undefined").replace(" ", "-")


def _verdict(comparison: Comparison, differences: Differences) -> Iterator[str]:
    unit, change = comparison.scenario.unit, differences[differences.headline]
    before, after = differences.before[differences.headline].mean, differences.after[differences.headline].mean
    yield element("h3", text(differences.change))
    if before is None or after is None:
        yield paragraph(t(NOTHING))
        return
    mark = element("span", text(labels.VERDICTS.get(change.verdict or "", "")), kind="mark", aria_hidden="true")
    yield element("p", mark, text(words.verdict(change)), kind="verdict")
    both = words.both(
        differences.headline,
        before,
        after,
        unit,
        comparison.scenario.currency,
        rows.places(comparison, differences.headline),
        words.CHECKABLE,
    )
    yield paragraph(both, "numbers-large")
    parts = (words.moved(differences.headline, change), words.better_in(change))
    yield paragraph(f"{t(label_of(differences.headline))}: {', '.join(part for part in parts if part)}")
    if differences.start > comparison.warmup:
        yield paragraph(
            t("measured from {unit} {day} on, on both sides", unit=t(unit), day=words.figure(differences.start, 6)), "soft"
        )
    yield from _beside(comparison, differences)


def warned(scenario: Scenario, warnings: Sequence[str]) -> list[str]:
    """Warnings, in the page's language; where the scenario was learned, as the page tells it everywhere."""
    learned = scenario.learned
    return [text if learned is None or text != learned.sentence else as_learned(learned) for text in warnings]


def _beside(comparison: Comparison, differences: Differences) -> Iterator[str]:
    """Notes on a change that a reader needs before trusting its figures: true shares, why no interval, warnings."""
    unit, change = comparison.scenario.unit, differences[differences.headline]
    sides = [
        (t("as it is"), differences.before[differences.headline]),
        (t("with the change"), differences.after[differences.headline]),
    ]
    shared = [f"{name} {said}" for name, side in sides if (said := words.true_share(differences.headline, side, unit))]
    if shared:
        yield paragraph(t("many share that time: {shares}", shares=", ".join(shared)), "soft")
    if uneven := rows.uneven(rows.ratios(differences), comparison.scenario):
        yield paragraph(uneven, "soft")
    if change.reason:
        yield paragraph(t("no interval: {reason}", reason=told(change.reason)), "soft")
    warnings = comparison.variants[differences.change].warnings
    if warnings:
        yield bullets(warned(comparison.scenario, warnings))


def _alone(comparison: Comparison) -> str:
    (variant,) = comparison.variants.values()
    lead = variant[variant.headline]
    if lead.mean is None:
        return t(NOTHING)
    figure, ends = words.as_share(lead) if is_share(variant.headline) else (words.figure(lead.mean), words.interval(lead))
    interval = f" ({t('95 % interval ')}{ends})" if ends else ""
    stem, _, percentile = variant.headline.rpartition(".")
    if stem == "lead_time" and percentile in QUANTILES:
        share = f"{100 * QUANTILES[percentile]:.0f} %"
        return t(
            "{share} of the items are delivered within {figure} {units}{interval}.",
            share=share,
            figure=figure,
            units=t(f"{comparison.scenario.unit}s"),
            interval=interval,
        )
    return f"{_named(variant.headline, comparison.scenario.unit, comparison.scenario.currency)}: {figure}{interval}."


def _luck(comparison: Comparison) -> str:
    runs = words.many(comparison.replications, "replication")
    return t("{runs}; within each, every organisation met the same work and the same luck.", runs=runs)


def numbers(comparison: Comparison) -> str:
    """The table of every change with intervals; of one organisation alone, its figures."""
    return section("The numbers", *(_tables(comparison) or [_single(comparison)]), name="numbers-section")


def _tables(comparison: Comparison) -> list[str]:
    return [
        table(
            differences.change,
            ("", t("as it is"), t("with the change"), t("change (95 % interval)"), t("verdict")),
            _rows(comparison, differences),
        )
        for differences in comparison.values()
    ]


def _rows(comparison: Comparison, differences: Differences) -> Iterator[list[str]]:
    unit = comparison.scenario.unit
    for metric in (differences.headline, *rows.telling(differences.before, differences.after, differences.headline)):
        share = is_share(metric)
        values = [_value(side[metric].mean, share) for side in (differences.before, differences.after)]
        shift = words.moved(metric, differences[metric], "")
        yield [_named(metric, unit, comparison.scenario.currency), *values, shift, t(differences[metric].verdict or "")]


def _single(comparison: Comparison) -> str:
    (variant,) = comparison.variants.values()
    unit = comparison.scenario.unit
    cells = []
    for metric in dict.fromkeys((variant.headline, *ROWS)):
        if metric in variant and variant[metric].mean and not rows.repeats(metric, variant):
            share = is_share(metric)
            mean, interval = (
                words.as_share(variant[metric]) if share else (words.figure(variant[metric].mean), words.interval(variant[metric]))
            )
            cells.append([_named(metric, unit, comparison.scenario.currency), mean, interval])
    told = {metric: variant[metric] for metric in dict.fromkeys((variant.headline, *rows.shown_alone(variant)))}
    shown = table(t("As it is"), ("", t("mean"), t("95 % interval")), cells)
    return shown + paragraph(said, "soft") if (said := rows.uneven(told, comparison.scenario)) else shown


def _named(metric: str, unit: str, currency: str) -> str:
    of, name = measure.unit_of(metric, unit), labels.of_metric(metric, unit, currency)
    return f"{name} [{t(of)}]" if of == f"{unit}s" else name


def _value(mean: float | None, share: bool) -> str:
    return words.percent(mean) if share else words.figure(mean)
