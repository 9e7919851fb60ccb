"""The top of the report: the question, the verdict on every change in words, and the table with intervals."""

from __future__ import annotations

from collections.abc import Iterator

from vssim.analysis import metrics
from vssim.analysis.compare import Comparison, Differences
from vssim.analysis.experiment import HEADLINE
from vssim.views import words
from vssim.views.report.markup import element, paragraph, section, table, text

ROWS = {
    "lead_time.p85": "lead time, 85 % within",
    "lead_time.p50": "lead time, half within",
    "cycle_time.p85": "cycle time, 85 % within",
    "throughput": "delivered",
    "outcomes": "delivered and right for the customer",
    "on_time": "on time",
    "wip": "items in progress",
    "backlog": "items in the backlog",
    "flow_efficiency": "flow efficiency",
    "cost_of_delay": "cost of delay",
}
"""What the table tells of each change, where there is something to tell."""

MARKS = {"better": "▲", "worse": "▼", "no real difference": "=", "undecided": "?"}
NOTHING = "Nothing was delivered in the measured time, so there is no lead time to speak of."


def head(found: Comparison) -> str:
    """Title and question."""
    scenario = found.scenario
    question = [paragraph(scenario.question, "question")] if scenario.question else []
    return element("header", element("h1", text(scenario.name)), *question)


def verdicts(found: Comparison) -> str:
    """The verdict on every change, in words; of one organisation alone, how long it takes."""
    cards = [element("li", *_verdict(found, one), kind=f"card {_kind(one)}") for one in found.values()]
    if not cards:
        return section("How long it takes", paragraph(_alone(found), "headline"), name="verdicts")
    return section("The verdict", element("ul", *cards, kind="cards"), paragraph(_luck(found), "soft"), name="verdicts")


def _kind(one: Differences) -> str:
    return (one[HEADLINE].verdict or "undefined").replace(" ", "-")


def _verdict(found: Comparison, one: Differences) -> Iterator[str]:
    unit, change = found.scenario.unit, one[HEADLINE]
    before, after = one.before[HEADLINE].mean, one.after[HEADLINE].mean
    yield element("h3", text(one.change))
    if before is None or after is None:
        yield paragraph(NOTHING)
        return
    mark = element("span", text(MARKS.get(change.verdict or "", "")), kind="mark", aria_hidden="true")
    yield element("p", mark, text(words.verdict(change)), kind="verdict")
    yield paragraph(f"{words.from_to(before, after)} {unit}s", "numbers-large")
    parts = (words.shift(change.ratio), words.better_in(change))
    yield paragraph(f"lead time, 85 % within: {', '.join(part for part in parts if part)}")
    if one.start > found.warmup:
        yield paragraph(f"measured from {unit} {words.figure(one.start, 6)} on, on both sides", "soft")


def _alone(found: Comparison) -> str:
    (variant,) = found.variants.values()
    lead = variant[HEADLINE]
    if lead.mean is None:
        return NOTHING
    interval = f" (95 % interval {words.interval(lead)})" if lead.low is not None else ""
    return f"85 % of the items are delivered within {words.figure(lead.mean)} {found.scenario.unit}s{interval}."


def _luck(found: Comparison) -> str:
    runs = words.many(found.replications, "replication")
    return f"{runs}; within each, every organisation met the same work and the same luck."


def numbers(found: Comparison) -> str:
    """The table of every change with intervals; of one organisation alone, its figures."""
    return section("The numbers", *(_tables(found) or [_single(found)]), name="numbers-section")


def _tables(found: Comparison) -> list[str]:
    return [
        table(one.change, ("", "as it is", "with the change", "change (95 % interval)", "verdict"), _rows(found, one))
        for one in found.values()
    ]


def _rows(found: Comparison, one: Differences) -> Iterator[list[str]]:
    unit = found.scenario.unit
    for metric, name in ROWS.items():
        if metric not in one or not (one.before[metric].mean or one.after[metric].mean):
            continue
        if metric == "outcomes" and one.before[metric] == one.before["throughput"]:
            continue
        share = metrics.unit_of(metric) == "1"
        values = [_value(side[metric].mean, share) for side in (one.before, one.after)]
        shift = words.points(one[metric].difference) if share else words.shift(one[metric].ratio, "")
        yield [_named(name, metric, unit), *values, shift, one[metric].verdict or ""]


def _single(found: Comparison) -> str:
    (variant,) = found.variants.values()
    unit = found.scenario.unit
    rows = []
    for metric, name in ROWS.items():
        if variant[metric].mean:
            share = metrics.unit_of(metric) == "1"
            mean, interval = (
                words.as_share(variant[metric]) if share else (words.figure(variant[metric].mean), words.interval(variant[metric]))
            )
            rows.append([_named(name, metric, unit), mean, interval])
    return table("As it is", ("", "mean", "95 % interval"), rows)


def _named(name: str, metric: str, unit: str) -> str:
    of = metrics.unit_of(metric, unit)
    return name if of in ("1", "items") else f"{name} [{of}]"


def _value(mean: float | None, share: bool) -> str:
    return words.percent(mean) if share else words.figure(mean)
