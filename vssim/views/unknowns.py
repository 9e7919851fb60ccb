"""What is not known, in sentences, the same on the terminal and in the report."""

from __future__ import annotations

from vssim.analysis.compare.compare import Differences
from vssim.analysis.interactive.labels import title
from vssim.analysis.uncertain.answers import Believed
from vssim.analysis.uncertain.deciding import Deciding, Fact
from vssim.metrics import measure
from vssim.scenario import Scenario
from vssim.scenario.settable import setting
from vssim.views import words

MOST_FACTS = 5
"""Facts that a verdict names; `vssim explain --uncertain` tells them all."""


def phrase_of(metric: str, unit: str, currency: str = "") -> str:
    """What follows a metric's figures: days, items/day; nothing for a share."""
    return measure.unit_of(metric, unit, currency).removeprefix("1")


def average(differences: Differences, phrase: str) -> str:
    """The first sentence: a mean over worlds with its confidence interval."""
    return f"on average over what you think possible: {words.change(differences[differences.headline].difference, phrase)}"


def own_world(believed: Believed, phrase: str) -> str:
    """The second sentence: the range in which nine of ten thinkable worlds have the effect."""
    low, high = (words.plus(value) for value in believed.effect.in_your_world)
    most = "" if believed.effect.is_told else "at most "
    return f"in your world: {most}between {low} and {high} {phrase} in 90 % of what you think possible".replace("  ", " ")


def better(believed: Believed) -> str:
    """The third: in which share of the thinkable worlds it is better; that alone where luck hides the rest.

    With all spread taken for luck every world is the mean one: the share would be 0 or 100 %, whatever is true.
    """
    assert believed.better is not None
    low, high = (f"{100 * share:.0f}" for share in (believed.better_low or 0.0, believed.better_high or 0.0))
    if not believed.effect.is_told and low != high:
        return f"better in {low} … {high} % of what you think possible: closer these runs cannot tell"
    return f"better in {100 * believed.better:.0f} % ({low} … {high}) of what you think possible"


def luck(believed: Believed, phrase: str) -> str:
    """The third: what one run of this length adds."""
    if believed.effect.not_known <= 0:
        return f"all of it is luck as far as these runs can tell: ± {words.figure(believed.effect.luck)} {phrase} in a single run"
    return f"luck adds ± {words.figure(believed.effect.luck)} {phrase} to a single run of this length"


def called(scenario: Scenario, fact: str) -> str:
    """What a fact is called, in the words of the room's sliders; the parameter of a distribution, where it is not its mean."""
    path, _ = (fact, None) if scenario.uncertain is None else scenario.uncertain.of_fact(fact)
    there = setting(scenario, path)
    if there is None:
        return fact
    parameter = fact.removeprefix(path).removeprefix(".")
    return title(scenario, there) + (f" ({parameter})" if parameter not in ("", "mean", "0") else "")


def valued(scenario: Scenario, fact: str, value: float) -> str:
    """A value of a fact, as a file would write it, to three digits."""
    known = None if scenario.uncertain is None else scenario.uncertain.of_fact(fact)[1]
    return f"{words.figure(100 * value)} %" if known is not None and known.share else words.figure(value)


def hangs_on(would: Deciding, differences: Differences, scenario: Scenario) -> str:
    """What to find out first, and where it turns round; of a change that is settled, what it hangs on how much it brings."""
    some = [fact for fact in would.facts[:MOST_FACTS] if fact.share >= 0.05][:3]
    if not some:
        return "hangs on no fact by itself"
    first, *rest = (called(scenario, fact.name) for fact in some)
    settled = differences[differences.headline].verdict in ("better", "worse")
    opening = "settled, whatever you find out; how much hangs most on" if settled else "find out first:"
    if would.order_only:
        return f"{opening} {', then '.join((first, *rest))} (fewer than 100 worlds: only their order is told)"
    then = [f"{name} ({words.percent(fact.share)})" for name, fact in zip(rest, some[1:], strict=True)]
    if settled:
        return ", then ".join([f"{opening} {first} ({words.percent(some[0].share)})", *then])
    said = f"{opening} {first}, {words.percent(some[0].share)} of what is not known hangs on it"
    turns = turning(some[0], scenario) if some[0].threshold is not None else ""
    return "; ".join(part for part in (said, turns, f"then {', '.join(then)}" if then else "") if part)


def turning(fact: Fact, scenario: Scenario) -> str:
    """Where the effect turns round, averaged over the other unknowns."""
    if fact.threshold is None:
        return "no turning point within what you think possible" if fact.never_turns else ""
    threshold = fact.threshold
    at, low, high = (valued(scenario, fact.name, value) for value in (threshold.value, threshold.low, threshold.high))
    return f"better {'above' if threshold.better_above else 'below'} {at} ({low} … {high})"
