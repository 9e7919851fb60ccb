"""The top of the report: the question, the verdict on every change in words, and the table with intervals."""

from __future__ import annotations

from collections.abc import Iterator

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.catalogue import QUANTILES, ROWS, is_share, label_of
from vssim.language import t
from vssim.metrics import measure
from vssim.views import labels, rows, words
from vssim.views.report.forest import forest
from vssim.views.report.markup import bullets, element, paragraph, section, table, text

NOTHING = "Nothing was delivered in the measured time, so there is no lead time to speak of."


def verdicts(found: Comparison) -> str:
    """The verdict on every change, in words; of one organisation alone, how long it takes."""
    cards = [element("li", *_verdict(found, one), kind=f"card {_kind(one)}") for one in rows.ranked(found)]
    if not cards:
        return section("How long it takes", paragraph(_alone(found), "headline"), *_as_it_is(found), name="verdicts")
    parts = [forest(found), element("ul", *cards, kind="cards"), *_as_it_is(found), paragraph(_luck(found), "soft")]
    return section("The verdict", *parts, name="verdicts")


def _as_it_is(found: Comparison) -> Iterator[str]:
    """What there is to know of the organisation as it is, with which every change is compared."""
    warnings = next(iter(found.variants.values())).warnings
    if warnings:
        yield paragraph(t("Of the organisation as it is:"))
        yield bullets(warnings)


def _kind(one: Differences) -> str:
    return (one[one.headline].verdict or "undefined").replace(" ", "-")


def _verdict(found: Comparison, one: Differences) -> Iterator[str]:
    unit, change = found.scenario.unit, one[one.headline]
    before, after = one.before[one.headline].mean, one.after[one.headline].mean
    yield element("h3", text(one.change))
    if before is None or after is None:
        yield paragraph(t(NOTHING))
        return
    mark = element("span", text(labels.VERDICTS.get(change.verdict or "", "")), kind="mark", aria_hidden="true")
    yield element("p", mark, text(words.verdict(change)), kind="verdict")
    both = words.both(one.headline, before, after, unit, found.scenario.currency, rows.places(found, one.headline), words.CHECKABLE)
    yield paragraph(both, "numbers-large")
    parts = (words.moved(one.headline, change), words.better_in(change))
    yield paragraph(f"{t(label_of(one.headline))}: {', '.join(part for part in parts if part)}")
    if one.start > found.warmup:
        yield paragraph(t("measured from {unit} {day} on, on both sides", unit=t(unit), day=words.figure(one.start, 6)), "soft")
    yield from _beside(found, one)


def _beside(found: Comparison, one: Differences) -> Iterator[str]:
    """What there is to know of a change before trusting its figures: true shares, why no interval, warnings."""
    unit, change = found.scenario.unit, one[one.headline]
    sides = [(t("as it is"), one.before[one.headline]), (t("with the change"), one.after[one.headline])]
    shared = [f"{name} {said}" for name, side in sides if (said := words.true_share(one.headline, side, unit))]
    if shared:
        yield paragraph(t("many share that time: {shares}", shares=", ".join(shared)), "soft")
    if uneven := rows.uneven(rows.ratios(one), unit):
        yield paragraph(uneven, "soft")
    if change.reason:
        yield paragraph(t("no interval: {reason}", reason=t(change.reason)), "soft")
    warnings = found.variants[one.change].warnings
    if warnings:
        yield bullets(warnings)


def _alone(found: Comparison) -> str:
    (variant,) = found.variants.values()
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
            units=t(f"{found.scenario.unit}s"),
            interval=interval,
        )
    return f"{_named(variant.headline, found.scenario.unit, found.scenario.currency)}: {figure}{interval}."


def _luck(found: Comparison) -> str:
    runs = words.many(found.replications, "replication")
    return t("{runs}; within each, every organisation met the same work and the same luck.", runs=runs)


def numbers(found: Comparison) -> str:
    """The table of every change with intervals; of one organisation alone, its figures."""
    return section("The numbers", *(_tables(found) or [_single(found)]), name="numbers-section")


def _tables(found: Comparison) -> list[str]:
    return [
        table(one.change, ("", t("as it is"), t("with the change"), t("change (95 % interval)"), t("verdict")), _rows(found, one))
        for one in found.values()
    ]


def _rows(found: Comparison, one: Differences) -> Iterator[list[str]]:
    unit = found.scenario.unit
    for metric in (one.headline, *rows.telling(one.before, one.after, one.headline)):
        share = is_share(metric)
        values = [_value(side[metric].mean, share) for side in (one.before, one.after)]
        shift = words.moved(metric, one[metric], "")
        yield [_named(metric, unit, found.scenario.currency), *values, shift, t(one[metric].verdict or "")]


def _single(found: Comparison) -> str:
    (variant,) = found.variants.values()
    unit = found.scenario.unit
    cells = []
    for metric in dict.fromkeys((variant.headline, *ROWS)):
        if metric in variant and variant[metric].mean and not rows.repeats(metric, variant):
            share = is_share(metric)
            mean, interval = (
                words.as_share(variant[metric]) if share else (words.figure(variant[metric].mean), words.interval(variant[metric]))
            )
            cells.append([_named(metric, unit, found.scenario.currency), mean, interval])
    told = {metric: variant[metric] for metric in dict.fromkeys((variant.headline, *rows.shown_alone(variant)))}
    shown = table(t("As it is"), ("", t("mean"), t("95 % interval")), cells)
    return shown + paragraph(said, "soft") if (said := rows.uneven(told, unit)) else shown


def _named(metric: str, unit: str, currency: str) -> str:
    of, name = measure.unit_of(metric, unit), labels.of_metric(metric, unit, currency)
    return f"{name} [{t(of)}]" if of == f"{unit}s" else name


def _value(mean: float | None, share: bool) -> str:
    return words.percent(mean) if share else words.figure(mean)
