"""What a data report says, in words that the terminal and the page share."""

from __future__ import annotations

from vssim.language import t, told
from vssim.tracker.answers import people_of
from vssim.tracker.bounds import Bound
from vssim.tracker.knee import Knee
from vssim.tracker.report import DataReport
from vssim.tracker.times import Spread
from vssim.views.words import figure


def without_model(report: DataReport) -> list[str]:
    """Bounds and knees of all columns, with the people that the team named."""
    people = people_of(report.board.answers)
    bounds = [bound_said(bound, people.get(bound.column)) for bound in report.bounds]
    return [*bounds, *(knee_said(knee, people.get(knee.column)) for knee in report.knees)]


def shown(value: object) -> str:
    """A decision's value as text."""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {inner}" for key, inner in value.items()) or t("none")
    if isinstance(value, list | tuple):
        return " · ".join(map(str, value)) or t("none")
    return told(str(value))


def spread_cells(days: Spread) -> list[str]:
    """Mean and percentiles (50, 85, 95 %)."""
    return [figure(value) if value is not None else "–" for value in (days.mean, days.p50, days.p85, days.p95)]


def bound_said(bound: Bound, people: float | None = None) -> str:
    """What is known of a column without any model; `people`: those who work there, where the team said so."""
    hands_on = figure(bound.hands_on_per_person if people is None else people * bound.hands_on_per_person)
    values = {"column": bound.column, "a_day": figure(bound.a_day), "hands_on": hands_on, "people": figure(people)}
    if people is None:
        words = t(
            "{column}: {a_day} visits a working day, so hands-on at most {hands_on} days a visit for each person there", **values
        )
    else:
        words = t(
            "{column}: {a_day} visits a working day, so hands-on at most {hands_on} days a visit, with {people} people there",
            **values,
        )
    return words + (t("; at least {capacity} a day can be carried", capacity=figure(bound.capacity)) if bound.capacity else "")


def knee_said(knee: Knee, people: float | None = None) -> str:
    """How much a column carries at once, and the question that this is to the team."""
    batches = t("; it is emptied in batches: is there a release, or a sprint's end?") if knee.in_batches else ""
    if not knee.seen:
        most, least = figure(knee.most, 6), figure(knee.low)
        return (
            t(
                "{column}: up to {most} items at once were never too many: it carries at least {least}",
                column=knee.column,
                most=most,
                least=least,
            )
            + batches
        )
    carries = t(
        "{column}: carries about {best} items at once ({low} … {high}), each {days} working days; more than that wait",
        column=knee.column,
        best=figure(knee.best),
        low=figure(knee.low),
        high=figure(knee.high),
        days=figure(knee.days),
    )
    return f"{carries}{batches}. {_question(knee, people)}".rstrip()


def _question(knee: Knee, people: float | None) -> str:
    """What a knee asks the team; nothing where the people that it named fit."""
    if people is None:
        return t("Do so many people work there?")
    if knee.low <= people <= knee.high:
        return ""
    return t("You say that {people} people work there: what keeps them, or who helps?", people=figure(people))
