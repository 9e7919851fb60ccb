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
    "aside": "open, set aside",
    "queue": "waiting",
    "transit": "on the way",
    "blocked": "needs others",
    "gate": "at a gate",
}


def answer_of(found: Comparison, one: Differences) -> Answer:
    """The answer about one change, as a room has it."""
    metric = one.headline
    lost = given_up(one.before), given_up(one.after)
    return Answer(metric, one.before[metric], one.after[metric], one[metric], found.scenario.unit, found.scenario.currency, lost)


def headline_change(found: Comparison) -> Differences | None:
    """The change that the report begins with: the first that a room is asked about; None where there is none."""
    names = [name for name in asked_in_order(found.scenario) if name in found] or list(found)
    return found[names[0]] if names else None


def ordinary(found: Comparison) -> int:
    """The number of the luck whose headline is nearest to that of all, as it is and with the change that the report begins with."""
    one = headline_change(found)
    if one is None:
        return 0
    before, after = (found.variants[name].samples for name in (BASELINE, one.change))
    metric = one.headline
    pairs = [(old.get(metric), new.get(metric)) for old, new in zip(before, after, strict=False)]
    return most_ordinary(pairs, (one.before[metric].mean, one.after[metric].mean))


def verdict_box(found: Comparison, one: Differences) -> str:
    """The answer as a box: both numbers, the word, the per cent; the interval and in how many lucks below."""
    answer = answer_of(found, one)
    said = answers.told(answer)
    kind = (said["verdict"] or "undefined").replace(" ", "-")
    numbers = element("span", text(said["pair"]), kind="pair")
    chip = element("span", text(t(said["verdict"])), kind="chip")
    shift = element("span", text(said["shift"]), kind="shift")
    interval = words.moved(one.headline, one[one.headline])
    parts = (said["name"], interval, words.better_in(one[one.headline]), said["gave_up"])
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
        f'<text class="s-side" x="0" y="{row * PITCH - 8:.0f}">{element("tspan", text(f"{name}: {spent(one)}"))}</text>'
        for row, (name, one) in enumerate(sides)
    )
    label = "; ".join(f"{name}: {spent(one)}" for name, one in sides)
    picture = f'<svg viewBox="0 -28 {WIDTH:.0f} {2 * PITCH + 14:.0f}" role="img" aria-label="{text(label)}">{heads}{drawn}</svg>'
    one = sides[0][1]
    said = t(
        "{item}, in the most ordinary luck: of those at the 85th percentile as it is, the one nearest to it with the change.",
        item=one.name,
    )
    marks = element(
        "ul", *(element("li", palette.mark(name, 24), text(t(words_))) for name, words_ in MARKS.items()), kind="key marks"
    )
    return section(
        t("One {type}'s way, before and after", type=one.type),
        paragraph(said, "soft"),
        element("figure", picture),
        marks,
        name="way",
    )


def all_changes(found: Comparison) -> str:
    """Every change in one table, the verdict first; intervals in grey."""
    order = asked_in_order(found.scenario)
    changes = sorted(found.values(), key=lambda one: order.index(one.change) if one.change in order else len(order))
    if not changes:
        return ""
    head = element(
        "tr",
        element("th", t("with 95 % intervals"), scope="col"),
        *(element("th", text(one.change), scope="col") for one in changes),
    )
    rows = [_row(t("verdict"), [element("strong", text(t(one[one.headline].verdict or "–"))) for one in changes])]
    told = [answer_of(found, one) for one in changes]
    decimals = places(found, told[0].metric)
    rows.append(_row(t(short_of(told[0].metric)), [text(answers.pair(one, decimals)) for one in told]))
    rows.append(_row("", [_interval(one) for one in changes]))
    for metric in ROWS:
        cells = [text(_pair(one, metric, places_apart(found, metric))) for one in changes]
        rows.append(_row(_name(metric, found.scenario.unit), cells))
    table = element("table", element("thead", head), element("tbody", *rows), kind="all-changes")
    return element(
        "div", element("h3", t("All changes")), table, kind="scroll", tabindex="0", role="region", aria_label=t("All changes")
    )


def _row(name: str, cells: Sequence[str]) -> str:
    head = element("th", text(name), scope="row") if name else element("td")
    return element("tr", head, *(element("td", cell) for cell in cells))


def _interval(one: Differences) -> str:
    whole = words.moved(one.headline, one[one.headline], "")
    share, _, ends = whole.partition(" (")
    return text(share) + (element("span", text(f" ({ends}"), kind="soft") if ends else "")


def _pair(one: Differences, metric: str, decimals: int | None) -> str:
    before, after = one.before[metric].mean, one.after[metric].mean
    if is_share(metric):
        return f"{words.percent(before).removesuffix(' %')} → {words.percent(after)}"
    return words.from_to(before, after, decimals)


def _name(metric: str, unit: str) -> str:
    return {"wip": t("items in progress"), "throughput": t(f"delivered a {unit}"), "flow_efficiency": t("flow efficiency")}[metric]


def foot(found: Comparison) -> str:
    """What the figures rest on."""
    run, unit = found.scenario.run, found.scenario.unit
    since = t(", measured from {unit} {day}", unit=t(unit), day=words.figure(found.warmup, 6)) if found.warmup else ""
    runs = t(
        "{runs} of {length}{since}, seed {seed}",
        runs=words.many(found.replications, "replication"),
        length=words.many(run.horizon, unit),
        since=since,
        seed=run.seed,
    )
    return paragraph(f"vssim {__version__} · {runs} · {t('same work and same luck on both sides')}", "foot soft")


def first_page(found: Comparison, runs: Sequence[Run]) -> str:
    """The first page; of one organisation alone only its question and lesson."""
    one = headline_change(found)
    scenario = found.scenario
    question = scenario.question or scenario.name
    parts = [paragraph(scenario.name, "over"), element("h1", text(question))]
    parts += [] if scenario.learned is None else [origin(scenario.learned)]
    if one is not None:
        parts += [element("p", text(one.change), kind="of-change soft"), verdict_box(found, one)]
    if scenario.lesson:
        parts.append(paragraph(scenario.lesson, "lesson"))
    if one is not None:
        parts += [way(runs, one.change), all_changes(found), foot(found)]
    return element("header", *parts, kind="first")


def lanes(found: Comparison) -> Mapping[str, str]:
    """Lanes of a flow map as the scenario has them, by type."""
    return {kind: one.lane for kind, one in found.scenario.demand.items() if one.lane}
