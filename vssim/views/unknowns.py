"""What is not known, in sentences, the same on the terminal and in the report."""

from __future__ import annotations

from vssim.analysis.compare.compare import Differences
from vssim.analysis.interactive.labels import place, title
from vssim.analysis.uncertain.answers import Believed
from vssim.analysis.uncertain.deciding import ORDER_ONLY, Deciding, Fact
from vssim.language import t
from vssim.metrics import measure
from vssim.model.beliefs import written_date
from vssim.scenario import EACH, Scenario
from vssim.scenario.moments import in_effect, is_moment
from vssim.scenario.settable import setting
from vssim.views import words

MOST_FACTS = 5
"""Facts that a verdict names; `vssim explain --uncertain` tells them all."""


def phrase_of(metric: str, unit: str, currency: str = "") -> str:
    """What follows a metric's figures: days, items/day; nothing for a share."""
    phrase = measure.unit_of(metric, unit, currency).removeprefix("1")
    return t(phrase) if phrase else ""


def average(differences: Differences, phrase: str) -> str:
    """The first sentence: a mean over worlds with its confidence interval."""
    change = words.change(differences[differences.headline].difference, phrase)
    return t("on average over what you think possible: {change}", change=change)


def own_world(believed: Believed, phrase: str) -> str:
    """The second sentence: the range in which nine of ten thinkable worlds have the effect."""
    low, high = (words.plus(value) for value in believed.effect.in_your_world)
    ends = {"low": low, "high": f"{high} {phrase}".rstrip()}
    if believed.effect.is_told:
        return t("in your world: between {low} and {high} in 90 % of what you think possible", **ends)
    return t("in your world: at most between {low} and {high} in 90 % of what you think possible", **ends)


def better(believed: Believed) -> str:
    """In which share of what is thought possible it is better, with its interval; a bound where luck hides what is not known.

    With all spread taken for luck every world is the mean one: the share would be 0 or 100 %, whatever is the case. The share of
    worlds as they were seen, luck and all, is nearer to a half than the true one.
    """
    assert believed.better is not None
    low, high = (f"{100 * share:.0f}" for share in (believed.better_low or 0.0, believed.better_high or 0.0))
    if not believed.effect.is_told and low != high:
        return t("better in {low} … {high} % of what you think possible: closer these runs cannot tell", low=low, high=high)
    if not believed.effect.is_told:
        seen = f"{100 * believed.seen_better:.0f}"
        if seen in ("0", "100"):
            return t("better in {share} % of what you think possible", share=seen)
        if believed.better > 0.5:
            return t("better in at least {share} % of what you think possible", share=seen)
        return t("better in at most {share} % of what you think possible", share=seen)
    share = f"{100 * believed.better:.0f}"
    return t("better in {share} % ({low} … {high}) of what you think possible", share=share, low=low, high=high)


def luck(believed: Believed, phrase: str) -> str:
    """The third: what one run of this length adds."""
    adds = f"{words.figure(believed.effect.luck)} {phrase}".rstrip()
    if believed.effect.not_known <= 0:
        return t("what differs from world to world is all luck as far as these runs can tell: ± {luck} in a single run", luck=adds)
    return t("luck adds ± {luck} to a single run of this length", luck=adds)


def called(scenario: Scenario, fact: str) -> str:
    """What a fact is called, in the words of the room's sliders; the parameter of a distribution, where it is not its mean."""
    path, _ = (fact, None) if scenario.uncertain is None else scenario.uncertain.of_fact(fact)
    there = setting(scenario, path)
    if there is None:
        return _when(path) or place(path) or fact
    parameter = fact.removeprefix(path).removeprefix(".")
    return title(scenario, there) + (f" ({parameter})" if parameter not in ("", "mean", "0") else "")


_WHEN = {
    "from": "from when",
    "to": "until when",
    "offset": "when it opens",
    "at": "when",
    "due": "due when",
    "entered": "when it came there",
    "started": "when it was started",
}
"""Words for what is not known of a moment, by the last key that has a name."""


def _when(path: str) -> str:
    """What the moment at a path is called; '' for what is no moment."""
    where = in_effect((path,))
    if not is_moment(where):
        return ""
    keys = [key for key in where if not key.isdigit()]
    if len(keys) > 3 and keys[2] == "includes":
        return f"{keys[3]} in {keys[1]}: from when"
    return f"{keys[1][:1].upper() + keys[1][1:]}: {_WHEN[keys[-1]]}" if keys[-1] in _WHEN else ""


def valued(scenario: Scenario, fact: str, value: float) -> str:
    """A value of a fact, as a file would write it, to three digits."""
    if scenario.uncertain is not None and scenario.uncertain.is_date(fact):
        return written_date(value)
    known = None if scenario.uncertain is None else scenario.uncertain.of_fact(fact)[1]
    return f"{words.figure(100 * value)} %" if known is not None and known.share else words.figure(value)


_SETTLED = {
    "better": "settled, whatever you find out; how much hangs most on",
    "worse": "settled, whatever you find out; how much hangs most on",
    "no real difference": "no real difference on average; what there is hangs most on",
}
"""What is said before the facts, by a verdict that finding them out would hardly alter."""

FIND_OUT = "find out first:"
"""What is said before them by any other."""

OPENINGS = (*_SETTLED.values(), FIND_OUT)
"""All of these: every language has them."""


def worlds_in_words(scenario: Scenario, replications: int) -> str:
    """Where something is not known: how many worlds there are, and what before, after and a difference are of; else ''."""
    if scenario.uncertain is None:
        return ""
    worlds = words.many(replications // EACH, "world")
    return t(
        "{worlds} of what you think possible, {count} replications of each. Before and after are of the items of all worlds "
        "together; what a change adds or takes is the mean over worlds, which need not be after less before.",
        worlds=worlds,
        count=EACH,
    )


def hangs_on(would: Deciding, differences: Differences, scenario: Scenario) -> str:
    """What to find out first, and where it turns round; of a change that is settled, what it hangs on how much it brings."""
    # A small share of few worlds may be luck: it is named where it surely is a share, or where nothing has a larger one.
    facts = [fact for place, fact in enumerate(would.facts[:MOST_FACTS]) if not place or not would.order_only or fact.low > 0]
    some = [fact for fact in facts if fact.share >= 0.05][:3]
    if not some:
        return t("hangs on no fact by itself")
    first, *rest = (f"“{called(scenario, fact.name)}”" for fact in some)
    settled = differences[differences.headline].verdict in _SETTLED
    opening = t(_SETTLED.get(differences[differences.headline].verdict or "", FIND_OUT))
    if would.order_only:
        more = t(
            "only their order is told of fewer than {worlds} worlds; --replications {count} tells more",
            worlds=ORDER_ONLY,
            count=ORDER_ONLY * EACH,
        )
        return f"{opening} {t(', then ').join((first, *rest))} ({more})"
    then = [f"{name} ({words.percent(fact.share)})" for name, fact in zip(rest, some[1:], strict=True)]
    if settled:
        return t(", then ").join([f"{opening} {first} ({words.percent(some[0].share)})", *then])
    hanging = t("{share} of what is not known hangs on it", share=words.percent(some[0].share))
    said = f"{opening} {first}, {hanging}"
    turns = turning(some[0], scenario) if some[0].threshold is not None else ""
    return "; ".join(part for part in (said, turns, t("then {facts}", facts=", ".join(then)) if then else "") if part)


def turning(fact: Fact, scenario: Scenario) -> str:
    """Where the effect turns round, averaged over the other unknowns."""
    if fact.threshold is None:
        return t("no turning point within what you think possible") if fact.never_turns else ""
    threshold = fact.threshold
    at, low, high = (valued(scenario, fact.name, value) for value in (threshold.value, threshold.low, threshold.high))
    is_date = scenario.uncertain is not None and scenario.uncertain.is_date(fact.name)
    ends = {"at": at, "low": low, "high": high}
    if is_date and threshold.better_above:
        return t("better after {at} ({low} … {high})", **ends)
    if is_date:
        return t("better before {at} ({low} … {high})", **ends)
    return (
        t("better above {at} ({low} … {high})", **ends)
        if threshold.better_above
        else t("better below {at} ({low} … {high})", **ends)
    )
