"""An answer in words, the same on wall, phone and paper: 23 → 17 days, better, −25 %."""

from __future__ import annotations

from typing import Any

from vssim.analysis.interactive.answer import Answer
from vssim.catalogue import short_of, unit_of
from vssim.language import t
from vssim.views import words

NO_VERDICT = {True: "more", False: "less", None: "no real difference"}


def pair(answer: Answer, places: int | None = None) -> str:
    """Both numbers with their unit; with as many decimals as other answers beside it, else as it takes to find its per cent."""
    before, after = answer.before.mean, answer.after.mean
    if places is None and before is not None and after is not None:
        places = words.places_told([(before, after)])
    return words.both(answer.metric, before, after, answer.unit, answer.currency, places, words.CHECKABLE)


def today(answer: Answer) -> str:
    """The first number alone, with its unit; '' where nothing was measured. Its digits give nothing of the second one away."""
    value = answer.before.mean
    if value is None:
        return ""
    unit = unit_of(answer.metric, answer.unit)
    return (
        words.percent(value) if answer.is_share else f"{words.figure(value, 2 if value < 100 else 3)} {t(unit)}".removesuffix(" 1")
    )


def verdict(answer: Answer) -> str:
    """The verdict in a word; '' where nothing was measured."""
    if answer.before.mean is None or answer.after.mean is None:
        return ""
    if answer.difference.verdict is None:
        return NO_VERDICT[answer.rises]
    return answer.difference.verdict


def per_cent(answer: Answer) -> str:
    """How much it changes."""
    return words.moved(answer.metric, answer.difference, "").partition(" (")[0]


def gave_up(answer: Answer) -> str:
    """How many of what left gave up on both sides, since times are of the others; '' where nobody did."""
    before, after = answer.gave_up
    if not before and not after:
        return ""
    return t(
        "of those that left {before} → {after} gave up", before=words.percent(before or 0.0), after=words.percent(after or 0.0)
    )


def told(answer: Answer) -> dict[str, Any]:
    """The answer as the pages get it."""
    lucks = t("1 luck") if answer.lucks == 1 else t("{count} lucks", count=answer.lucks)
    better = answer.difference.better_in
    return {
        "metric": answer.metric,
        "name": t(short_of(answer.metric)),
        "pair": pair(answer) if verdict(answer) else t("too little is delivered"),
        "before": answer.before.mean,
        "after": answer.after.mean,
        "verdict": verdict(answer),
        "shift": per_cent(answer) if verdict(answer) else "",
        "lucks": lucks,
        "better": "" if better is None else t("better in {count}", count=better) + words.same_in(answer.difference),
        "gave_up": gave_up(answer),
    }
