"""Whether a learned scenario still reproduces its team: old or new records, compared with what its members play."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from vssim import markup
from vssim.clock import Reals
from vssim.errors import UsageError
from vssim.language import said
from vssim.learning import past as pasts
from vssim.learning.baseline import ITEM, Baseline, spread_over_days
from vssim.learning.door import Answers, draft, prepared
from vssim.learning.figures import middle
from vssim.learning.learned import fact_of
from vssim.learning.past import Past
from vssim.learning.replay import Replay, play
from vssim.learning.shape import returns_hidden
from vssim.learning.verdicts import past_checks
from vssim.model.beliefs import Members
from vssim.play.executors import Staff
from vssim.play.replications import Progress
from vssim.scenario import Scenario, loads
from vssim.scenario.origins import Verdict
from vssim.tracker.board import Board, Files
from vssim.tracker.checks import Check

FEWEST_DAYS = 60
"""With at least so many working days of new records, these are compared alone [working days]."""


@dataclass(frozen=True, eq=False)
class OfMembers(Replay):
    """Records played again by the members of a scenario; the only figure is the number of the member."""

    scenario: Scenario | None = None
    members: Members | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("baseline", "seed", "engine", "scenario", "members")}

    @cached_property
    def replayed(self) -> Scenario:
        """The learned scenario with the arrivals of these records."""
        assert self.scenario is not None
        history = self.baseline.history
        document = {
            key: value for key, value in self.scenario.document().items() if key in ("steps", "teams", "handoffs", "discipline")
        }
        item = {key: value for key, value in self.scenario.document()["demand"][ITEM].items() if key != "every"}
        demand = {ITEM: {"at": [round(float(at), 4) for at in spread_over_days(history)], **item}}
        run = {"horizon": history.days, "warmup": 0, "replications": 1}
        calendar = dict(self.baseline.calendar)
        return loads(
            {**document, "unit": "day", "demand": demand, "run": run, "start": history.begin.isoformat(), "calendar": calendar}
        )

    def figures_at(self, values: Reals) -> dict[str, Any]:
        """By path the value of the member with this number."""
        assert self.members is not None
        row = dict(zip(self.members.paths, self.members.rows[int(values[0])], strict=True))
        return {path: value for path, value in row.items() if path != f"demand.{ITEM}.every"}


@dataclass(frozen=True, eq=False, repr=False)
class Backtest:
    """Records compared with what a learned scenario plays."""

    name: str
    files: tuple[str, ...]
    first: dt.date
    until: dt.date
    fresh: bool
    """whether the records compared are later than those that were learned from"""
    past: Past
    checks: tuple[Check, ...]
    drifted: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the records lie among the histories, nearly so, or not."""
        if self.past.inside:
            return "roughly" if self.past.wide else "reproduced"
        return "roughly" if self.past.rough else "not"

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        plays = {
            "reproduced": said("it plays them"),
            "roughly": said("it plays them roughly"),
            "not": said("it does NOT play them: learn it anew"),
        }
        values = {
            "names": self.name,
            "first": self.first,
            "until": self.until,
            "records": ", ".join(self.files),
            "what": plays[self.verdict],
        }
        if self.fresh:
            return said("{names}: later records, {first} to {until} of {records}: {what}", **values)
        return said("{names}: records that it was learned from, {first} to {until} of {records}: {what}", **values)

    def document(self) -> dict[str, Any]:
        """As plain values, for the JSON document."""
        names = ("recorded", "middle", "low", "high", "rank", "off")
        return {
            "scenario": self.name,
            "records": list(self.files),
            "first": self.first.isoformat(),
            "until": self.until.isoformat(),
            "later": self.fresh,
            "verdict": self.verdict,
            "drifted": list(self.drifted),
            "metrics": [{"name": line.metric.name, **{name: getattr(line, name) for name in names}} for line in self.past.lines],
            "checks": [
                {"name": c.name, "found": c.found, "limit": c.limit, "verdict": c.verdict, "why": c.why} for c in self.checks
            ],
        }

    def _repr_html_(self) -> str:
        rows = [(line.metric.name, f"{line.recorded:.3g}", line.range) for line in self.past.lines]
        return markup.title(self.sentence) + markup.table(("metric", "recorded", "played"), rows) + markup.notes(self.drifted)

    def __repr__(self) -> str:
        return "\n".join([self.sentence, *(f"  {text}" for text in self.drifted)])


def backtest(
    scenario: Scenario,
    source: Board | Files,
    answers: Answers = None,
    *,
    seed: int = 2,
    jobs: int | None = None,
    histories: int = pasts.HISTORIES,
    progress: Progress | None = None,
) -> Backtest:
    """A comparison of the records with the histories that the members of a learned scenario play.

    Where enough days are later than those that were learned from, only these are compared. Raises UsageError for a scenario that
    was not learned, or whose steps are not those of these records.
    """
    told_of, uncertain = scenario.learned, scenario.uncertain
    if told_of is None or uncertain is None or uncertain.members is None:
        raise UsageError(f"{scenario.name}: was not learned from records; vssim learn FILE -o mine.yaml makes one that is")
    board, told = prepared(source, answers)
    last = board.report().span()[1]
    fresh = (last - told_of.until).days * 5 / 7 >= FEWEST_DAYS
    if fresh:
        told = replace(told, reorganised=told_of.until + dt.timedelta(days=1))
    counted = draft(board, told, scenario.name)
    _same_steps(scenario, counted)
    replay = OfMembers(counted, seed, "compiled", scenario, uncertain.members)
    numbers = (np.arange(histories) % len(uncertain.members.rows)).astype(np.float64)[:, None]
    with Staff(jobs) as staff:
        played = play(replay, pasts.keep, numbers, pasts.FIRST_REPLICATION, staff, progress)
    recorded, metrics = pasts.measured(counted.history.flow, replay.window), pasts.metrics_of(counted.shape.place_names)
    past = pasts.beside(recorded, played, metrics, len(uncertain.members.rows))
    drifted = (*pasts.reasons(past, returns_hidden=returns_hidden(board)), *_counted_otherwise(uncertain.members, counted))
    history = counted.history
    return Backtest(scenario.name, board.files, history.begin, history.until, fresh, past, tuple(past_checks(past)), drifted)


def _same_steps(scenario: Scenario, baseline: Baseline) -> None:
    here, there = [stage.name for stage in baseline.shape.stages], list(scenario.steps)
    if here != there:
        raise UsageError(
            f"{scenario.name}: its steps are {', '.join(there)}, those of these records {', '.join(here)}: give the answers that "
            "it was learned with (--answers), or learn it anew"
        )


def _counted_otherwise(members: Members, baseline: Baseline) -> tuple[str, ...]:
    """Sentences on figures whose value in these records lies outside nine tenths of the members' values."""
    facts, table = members.facts, np.array(members.numbers())
    otherwise = []
    for figure in baseline.figures:
        fact = fact_of(figure)
        if figure.source != "counted" or fact not in facts:
            continue
        column = table[:, facts.index(fact)]
        low, high = (float(end) for end in np.quantile(column, [0.05, 0.95]))
        now = float(middle([figure])[0])
        if (now < low or now > high) and high > low:
            shown = {"low": figure.shown(low), "high": figure.shown(high), "recorded": figure.shown(now)}
            drifted = said("{what}: was {low} … {high}, is {recorded} now ({why})", what=figure.name, why=figure.why, **shown)
            otherwise.append(drifted)
    return tuple(otherwise)
