"""What a data report says, in words that the terminal and the page share."""

from __future__ import annotations

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
        return ", ".join(f"{key}: {inner}" for key, inner in value.items()) or "none"
    if isinstance(value, list | tuple):
        return " · ".join(map(str, value)) or "none"
    return str(value)


def spread_cells(days: Spread) -> list[str]:
    """Mean and percentiles (50, 85, 95 %)."""
    return [figure(value) if value is not None else "–" for value in (days.mean, days.p50, days.p85, days.p95)]


def bound_said(bound: Bound, people: float | None = None) -> str:
    """What is known of a column without any model; `people`: those who work there, where the team said so."""
    carried = f"; at least {figure(bound.capacity)} a day can be carried" if bound.capacity else ""
    hands_on = f"hands-on at most {figure(bound.hands_on_per_person)} days a visit for each person there"
    if people is not None:
        hands_on = f"hands-on at most {figure(people * bound.hands_on_per_person)} days a visit, with {figure(people)} people there"
    return f"{bound.column}: {figure(bound.a_day)} visits a working day, so {hands_on}{carried}"


def knee_said(knee: Knee, people: float | None = None) -> str:
    """How much a column carries at once, and the question that this is to the team."""
    batches = "; it is emptied in batches: is there a release, or a sprint's end?" if knee.in_batches else ""
    if not knee.seen:
        return (
            f"{knee.column}: up to {knee.most:,} items at once were never too many: it carries at least {figure(knee.low)}{batches}"
        )
    about = f"{figure(knee.best)} items at once ({figure(knee.low)} … {figure(knee.high)})"
    question = "Do so many people work there?" if people is None else ""
    if people is not None and not knee.low <= people <= knee.high:
        question = f"You say that {figure(people)} people work there: what keeps them, or who helps?"
    sentence = f"{knee.column}: carries about {about}, each {figure(knee.days)} working days; more than that wait{batches}."
    return f"{sentence} {question}".rstrip()
