"""What is not known, in sentences, the same on the terminal and in the report."""

from __future__ import annotations

from vssim.analysis.compare.compare import Differences
from vssim.analysis.interactive.labels import title
from vssim.analysis.uncertain.answers import Believed
from vssim.analysis.uncertain.deciding import ORDER_ONLY, Deciding, Fact
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
    """In which share of what is thought possible it is better, with its interval; a bound where luck hides what is not known.

    With all spread taken for luck every world is the mean one: the share would be 0 or 100 %, whatever is the case. The share of
    worlds as they were seen, luck and all, is nearer to a half than the true one.
    """
    assert believed.better is not None
    low, high = (f"{100 * share:.0f}" for share in (believed.better_low or 0.0, believed.better_high or 0.0))
    if not believed.effect.is_told and low != high:
        return f"better in {low} … {high} % of what you think possible: closer these runs cannot tell"
    if not believed.effect.is_told:
        seen, bound = f"{100 * believed.seen_better:.0f}", "at least " if believed.better > 0.5 else "at most "
        return f"better in {'' if seen in ('0', '100') else bound}{seen} % of what you think possible"
    return f"better in {100 * believed.better:.0f} % ({low} … {high}) of what you think possible"


def luck(believed: Believed, phrase: str) -> str:
    """The third: what one run of this length adds."""
    if believed.effect.not_known <= 0:
        return (
            "what differs from world to world is all luck as far as these runs can tell: "
            f"± {words.figure(believed.effect.luck)} {phrase} in a single run"
        )
    return f"luck adds ± {words.figure(believed.effect.luck)} {phrase} to a single run of this length"


def called(scenario: Scenario, fact: str) -> str:
    """What a fact is called, in the words of the room's sliders; the parameter of a distribution, where it is not its mean."""
    path, _ = (fact, None) if scenario.uncertain is None else scenario.uncertain.of_fact(fact)
    there = setting(scenario, path)
    if there is None:
        return _when(path) or fact
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


def worlds_in_words(scenario: Scenario, replications: int) -> str:
    """Where something is not known: how many worlds there are, and what before, after and a difference are of; else ''."""
    if scenario.uncertain is None:
        return ""
    worlds = words.many(replications // EACH, "world")
    return (
        f"{worlds} of what you think possible, {EACH} replications of each. Before and after are of the items of all worlds "
        "together; what a change adds or takes is the mean over worlds, which need not be after less before."
    )


def hangs_on(would: Deciding, differences: Differences, scenario: Scenario) -> str:
    """What to find out first, and where it turns round; of a change that is settled, what it hangs on how much it brings."""
    # A small share of few worlds may be luck: it is named where it surely is a share, or where nothing has a larger one.
    facts = [fact for place, fact in enumerate(would.facts[:MOST_FACTS]) if not place or not would.order_only or fact.low > 0]
    some = [fact for fact in facts if fact.share >= 0.05][:3]
    if not some:
        return "hangs on no fact by itself"
    first, *rest = (f"“{called(scenario, fact.name)}”" for fact in some)
    settled = differences[differences.headline].verdict in _SETTLED
    opening = _SETTLED.get(differences[differences.headline].verdict or "", "find out first:")
    if would.order_only:
        more = f"only their order is told of fewer than {ORDER_ONLY} worlds; --replications {ORDER_ONLY * EACH} tells more"
        return f"{opening} {', then '.join((first, *rest))} ({more})"
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
    is_date = scenario.uncertain is not None and scenario.uncertain.is_date(fact.name)
    above, below = ("after", "before") if is_date else ("above", "below")
    return f"better {above if threshold.better_above else below} {at} ({low} … {high})"
