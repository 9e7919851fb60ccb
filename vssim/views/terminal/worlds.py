"""Uncertain effects in words: on average, in one's own world, by luck; and which facts would decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from vssim.analysis.compare.compare import Differences
from vssim.analysis.explain.unknowns import WhatDecides
from vssim.analysis.uncertain.deciding import Deciding
from vssim.scenario import Scenario
from vssim.views import labels, words
from vssim.views.unknowns import average, better, called, hangs_on, luck, own_world, phrase_of, turning, valued


def lines(differences: Differences, unit: str, currency: str = "") -> Iterator[Text]:
    """The sentences on a change's headline where something is not known; nothing where everything is known."""
    over = differences.over_worlds
    believed = None if over is None else over.believed(differences.headline)
    if over is None or believed is None:
        return
    phrase = phrase_of(differences.headline, unit, currency)
    yield Text(average(differences, phrase))
    yield Text(own_world(believed, phrase), "bold")
    if believed.better is not None:
        yield Text(better(believed))
    yield Text(luck(believed, phrase), "dim")
    would = over.deciding(differences.headline)
    if would is not None and would.facts:
        yield Text(hangs_on(would, differences, over.worlds.scenario))
    for each in over.hangs(differences.headline):
        yield Text(each.sentence, "bold yellow")


def facts(would: Deciding, scenario: Scenario, phrase: str, money: Mapping[str, float], in_money: str) -> Iterator[Text]:
    """Each fact: its share, the effect at both ends of its range, where the effect changes sign, the value of knowing it."""
    for fact in would.facts:
        share = "" if would.order_only else f": {100 * fact.share:.0f} % ({100 * fact.low:.0f} … {100 * fact.high:.0f})"
        yield Text(f"{called(scenario, fact.name)}{share}", "bold", overflow="fold")
        yield Text(f"  {fact.name}", "dim", overflow="fold")
        low, high = (valued(scenario, fact.name, value) for value in (fact.low_value, fact.high_value))
        yield Text(f"  {words.plus(fact.at_low)} {phrase} at {low}, {words.plus(fact.at_high)} at {high}")
        worth = [] if fact.worth is None else [f"{words.figure(fact.worth)} {phrase}".rstrip()]
        worth += [f"{words.figure(money[fact.name])} {in_money}"] if fact.name in money else []
        further = [turning(fact, scenario), f"worth knowing: {', '.join(worth)}" if worth else ""]
        if any(further):
            yield Text("  " + "; ".join(part for part in further if part))


def decided(what_decides: WhatDecides) -> RenderableType:
    """The table of facts that decide on a change, with notes."""
    phrase = phrase_of(what_decides.metric, what_decides.scenario.unit, what_decides.scenario.currency)
    in_money = phrase_of("margin", what_decides.scenario.unit, what_decides.scenario.currency)
    said = [
        Text(
            f"{what_decides.change}: what would decide {labels.of_metric(what_decides.metric, what_decides.scenario.unit)}", "bold"
        ),
        Text(""),
    ]
    said += [
        Text(own_world(what_decides.believed, phrase)),
        *([Text(better(what_decides.believed))] if what_decides.believed.better is not None else []),
    ]
    said += [Text(luck(what_decides.believed, phrase), "dim"), Text("")]
    if what_decides.deciding is None:
        return Group(*said, Text("fewer than 50 worlds, or luck hides what is not known: nothing is told of single facts"))
    rest = f"together, or not explained: {100 * what_decides.deciding.together:.0f} %"
    tied = what_decides.scenario.uncertain is not None and bool(what_decides.scenario.uncertain.correlated)
    alone = [Text("some go together: each share is what the fact explains alone, with what goes with it", "dim")] if tied else []
    return Group(
        *said,
        *facts(what_decides.deciding, what_decides.scenario, phrase, what_decides.worth_in_money, in_money),
        *([] if what_decides.deciding.order_only else [Text(rest, "dim")]),
        *alone,
    )
