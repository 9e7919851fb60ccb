"""The first page of a report: the question, the answer, what it teaches, one item's way before and after, and all changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vssim.analysis.compare.compare import Comparison, Differences
from vssim.analysis.interactive.answer import Answer
from vssim.analysis.interactive.opening import most_ordinary
from vssim.catalogue import is_share, short_of
from vssim.language import t
from vssim.metrics.story import story, typical
from vssim.model.changes import BASELINE
from vssim.play.pooled import given_up
from vssim.play.run import Run
from vssim.scenario.workshop import asked_in_order
from vssim.version import __version__
from vssim.views import answers, palette, words
from vssim.views.player.storyline import spent, tracks
from vssim.views.report.markup import element, paragraph, section, text
from vssim.views.report.replayed import origin
from vssim.views.rows import places, places_apart

P85 = "lead_time.p85"
ROWS = ("wip", "throughput", "flow_efficiency")
"""What the table tells below the headline."""

WIDTH, TRACK, PITCH = 700.0, 36.0, 96.0
MARKS = {
    "hand": "in hand",
    "aside": "set aside",
    "queue": "waiting",
    "transit": "on the way",
    "blocked": "need others",
    "gate": "at a gate",
}


def answer_of(comparison: Comparison, differences: Differences) -> Answer:
    """The answer about one change, as a room has it."""
    metric = differences.headline
    lost = given_up(differences.before), given_up(differences.after)
    return Answer(
        metric,
        differences.before[metric],
        differences.after[metric],
        differences[metric],
        comparison.scenario.unit,
        comparison.scenario.currency,
        lost,
    )


def headline_change(comparison: Comparison) -> Differences | None:
    """The change that the report begins with: the first that a room is asked about; None where there is none."""
    names = [name for name in asked_in_order(comparison.scenario) if name in comparison] or list(comparison)
    return comparison[names[0]] if names else None


def ordinary(comparison: Comparison) -> int:
    """The number of the luck whose headline is nearest to that of all, as it is and with the change that the report begins with."""
    headline = headline_change(comparison)
    if headline is None:
        return 0
    before, after = (comparison.variants[name].samples for name in (BASELINE, headline.change))
    metric = headline.headline
    pairs = [(old.get(metric), new.get(metric)) for old, new in zip(before, after, strict=False)]
    return most_ordinary(pairs, (headline.before[metric].mean, headline.after[metric].mean))


def verdict_box(comparison: Comparison, differences: Differences) -> str:
    """The answer as a box: both numbers, the word, the per cent; the interval and in how many lucks below."""
    answer = answer_of(comparison, differences)
    said = answers.told(answer)
    kind = (said["verdict"] or "undefined").replace(" ", "-")
    numbers = element("span", text(said["pair"]), kind="pair")
    chip = element("span", text(t(said["verdict"])), kind="chip")
    shift = element("span", text(said["shift"]), kind="shift")
    interval = words.moved(differences.headline, differences[differences.headline])
    parts = (said["name"], interval, words.better_in(differences[differences.headline]), said["gave_up"])
    below = paragraph("; ".join(part for part in parts if part), "below")
    return element("div", element("p", numbers, " ", chip, " ", shift), below, kind=f"answer {kind}")


def way(runs: Sequence[Run], change: str) -> str:
    """One item's way, before and after, in the luck that is played; '' where too little is delivered."""
    by_name = {run.change: run for run in runs}
    if None not in by_name or change not in by_name:
        return ""
    before, after = by_name[None], by_name[change]
    levels = before.metrics()[P85], after.metrics()[P85]
    item = typical(before.log, after.log, levels, max(before.warmup, after.warmup))
    if item is None:
        return ""
    sides = [(t("as it is"), story(before.log, item)), (change, story(after.log, item))]
    drawn = tracks(sides, left=0, right=WIDTH - 130, track=TRACK, pitch=PITCH, text=14, numbers=True, prefix="w")
    heads = "".join(
        f'<text class="s-side" x="0" y="{row * PITCH - 8:.0f}">{element("tspan", text(f"{name}: {spent(track)}"))}</text>'
        for row, (name, track) in enumerate(sides)
    )
    label = "; ".join(f"{name}: {spent(track)}" for name, track in sides)
    picture = f'<svg viewBox="0 -28 {WIDTH:.0f} {2 * PITCH + 14:.0f}" role="img" aria-label="{text(label)}">{heads}{drawn}</svg>'
    before_story = sides[0][1]
    said = t(
        "{item}, in the most ordinary luck: of those at the 85th percentile as it is, the one nearest to it with the change.",
        item=before_story.name,
    )
    marks = element(
        "ul", *(element("li", palette.mark(name, 24), text(t(words_))) for name, words_ in MARKS.items()), kind="key marks"
    )
    return section(
        t("One {type}'s way, before and after", type=before_story.type),
        paragraph(said, "soft"),
        element("figure", picture),
        marks,
        name="way",
    )


def all_changes(comparison: Comparison) -> str:
    """Every change in one table, the verdict first; intervals in grey."""
    order = asked_in_order(comparison.scenario)
    changes = sorted(
        comparison.values(), key=lambda differences: order.index(differences.change) if differences.change in order else len(order)
    )
    if not changes:
        return ""
    head = element(
        "tr",
        element("th", t("with 95 % intervals"), scope="col"),
        *(element("th", text(differences.change), scope="col") for differences in changes),
    )
    rows = [
        _row(
            t("verdict"), [element("strong", text(t(differences[differences.headline].verdict or "–"))) for differences in changes]
        )
    ]
    told = [answer_of(comparison, differences) for differences in changes]
    decimals = places(comparison, told[0].metric)
    rows.append(_row(t(short_of(told[0].metric)), [text(answers.pair(answer, decimals)) for answer in told]))
    rows.append(_row("", [_interval(differences) for differences in changes]))
    for metric in ROWS:
        cells = [text(_pair(differences, metric, places_apart(comparison, metric))) for differences in changes]
        rows.append(_row(_name(metric, comparison.scenario.unit), cells))
    table = element("table", element("thead", head), element("tbody", *rows), kind="all-changes")
    return element(
        "div", element("h3", t("All changes")), table, kind="scroll", tabindex="0", role="region", aria_label=t("All changes")
    )


def _row(name: str, cells: Sequence[str]) -> str:
    head = element("th", text(name), scope="row") if name else element("td")
    return element("tr", head, *(element("td", cell) for cell in cells))


def _interval(differences: Differences) -> str:
    whole = words.moved(differences.headline, differences[differences.headline], "")
    share, _, ends = whole.partition(" (")
    return text(share) + (element("span", text(f" ({ends}"), kind="soft") if ends else "")


def _pair(differences: Differences, metric: str, decimals: int | None) -> str:
    before, after = differences.before[metric].mean, differences.after[metric].mean
    if is_share(metric):
        return f"{words.percent(before).removesuffix(' %')} → {words.percent(after)}"
    return words.from_to(before, after, decimals)


def _name(metric: str, unit: str) -> str:
    return {"wip": t("items in progress"), "throughput": t(f"delivered a {unit}"), "flow_efficiency": t("flow efficiency")}[metric]


def foot(comparison: Comparison) -> str:
    """What the figures are based on: replications, seed, version."""
    run, unit = comparison.scenario.run, comparison.scenario.unit
    since = t(", measured from {unit} {day}", unit=t(unit), day=words.figure(comparison.warmup, 6)) if comparison.warmup else ""
    runs = t(
        "{runs} of {length}{since}, seed {seed}",
        runs=words.many(comparison.replications, "replication"),
        length=words.many(run.horizon, unit),
        since=since,
        seed=run.seed,
    )
    return paragraph(f"vssim {__version__} · {runs} · {t('same work and same luck on both sides')}", "foot soft")


def first_page(comparison: Comparison, runs: Sequence[Run]) -> str:
    """The first page; of one organisation alone only its question and lesson."""
    headline = headline_change(comparison)
    scenario = comparison.scenario
    question = scenario.question or scenario.name
    parts = [paragraph(scenario.name, "over"), element("h1", text(question))]
    parts += [] if scenario.learned is None else [origin(scenario.learned)]
    if headline is not None:
        parts += [element("p", text(headline.change), kind="of-change soft"), verdict_box(comparison, headline)]
    if scenario.lesson:
        parts.append(paragraph(scenario.lesson, "lesson"))
    if headline is not None:
        parts += [way(runs, headline.change), all_changes(comparison), foot(comparison)]
    return element("header", *parts, kind="first")


def lanes(comparison: Comparison) -> Mapping[str, str]:
    """Lanes of a flow map as the scenario has them, by type."""
    return {kind: item_type.lane for kind, item_type in comparison.scenario.demand.items() if item_type.lane}
