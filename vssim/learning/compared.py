"""Structures compared by what was held back: which of several organisations foretells records that it was not learned from.

Each is learned from the first part of the records, from the same box of what is thought possible and with the same luck; then all
of the records are replayed, the arrivals as they were. What it plays of the rest is scored in blocks: times in every place and on
the whole, how many are there, how departures clump by day, deliveries (CRPS of each, over its mean over all structures). An
alternative is taken where its score is surely better; what was read stays where nothing is sure. What is not sure is the stretch
that was held back (blocks hang together: Newey & West 1987) and the fit itself, whose luck is the same in every block: each
structure is fitted twice, and what differs between two fits of one structure is counted against all differences. What is worse by
more than one standard error after its first fit is not fitted again: it will not be better by two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vssim.clock import Reals
from vssim.forecasts.promises import crps
from vssim.language import said
from vssim.learning import moments
from vssim.learning.baseline import Baseline
from vssim.learning.fit import Ensemble, drawn, first_box, values_of, wave
from vssim.learning.flow import Flow
from vssim.learning.held_out import windows_of
from vssim.learning.moments import Window
from vssim.learning.replay import Replay, moments_of, play
from vssim.learning.structure import Alternative, Structure
from vssim.play.executors import Staff
from vssim.tracker.checks import Check

COMPARED = said("how it is organised")
"""The check."""

WINDOWS, FEWEST, MOST = 2, 8, 20
"""A block is so many of the windows that are held back (ten deliveries or more); fewer blocks say nothing, more cost time."""

SURE = 2.0
"""An alternative is taken where its score is better by more than so many standard errors of the difference."""

FITS, PLAYED = 2, 40
"""Fits of each structure, and histories of each fit."""

HOPELESS = 1.0
"""A structure that is worse by more than so many standard errors after its first fit is not fitted again."""

LAG = 2
"""Blocks that hang together."""

PER_PLACE = 4
LEAD = (0.5, 0.85, 0.95)
FIRST_REPLICATION = 5_000_000
"""Luck of its own."""

Early = Callable[[Structure], Baseline]
"""The organisation with this structure, learned from the first part alone."""


@dataclass(frozen=True)
class Difference:
    """An alternative beside what was read."""

    alternative: Alternative
    share: float
    """score over that of what was read, less 1; above 0 is worse [1]"""
    errors: float
    """the same in standard errors"""

    @property
    def is_better(self) -> bool:
        """Whether it is surely better."""
        return self.errors < -SURE

    @property
    def said(self) -> str:
        """In words."""
        values = {"structure": self.alternative.name, "share": f"{abs(self.share):.0%}", "errors": f"{abs(self.errors):.1f}"}
        if self.share > 0:
            return said("{structure}: score {share} worse ({errors} standard errors)", **values)
        return said("{structure}: score {share} better ({errors} standard errors)", **values)


def blocks_of(whole: Baseline) -> list[Window]:
    """The blocks that are held back, the latest where there are many."""
    history = whole.history
    days, begins = windows_of(history)
    firsts = begins[len(begins) % WINDOWS :: WINDOWS][-MOST:]
    places = len(whole.shape.place_names)
    return [Window(begin, begin + WINDOWS * days, history.week, places) for begin in firsts]


def of_blocks(replay: Replay, flow: Flow) -> Reals:
    """What is scored of a flow; (blocks, metrics)."""
    return np.array([_of_block(flow, block) for block in blocks_of(replay.baseline)])


def _of_block(flow: Flow, block: Window) -> Reals:
    figures = np.zeros(PER_PLACE * block.places + 1 + len(LEAD))
    for place in range(block.places):
        times = moments.times_in(flow, place, block)
        here = flow.place == place
        left = flow.left[here]
        into = figures[PER_PLACE * place :]
        if len(times):
            into[0], into[1] = np.log1p(times.mean()), np.log1p(np.quantile(times, 0.85))
        into[2] = np.log1p(moments.held(flow.entered[here], left, block).mean())
        daily = replace(block, week=1)
        into[3] = np.sqrt(moments.clumped(moments.weekly(left[moments.inside(left, block)], daily)))
    lead = flow.lead[moments.inside(flow.done, block)]
    figures[-4] = len(lead)
    if len(lead):
        figures[-3:] = np.log1p(np.maximum(np.quantile(lead, LEAD), 0))
    return figures


def scores(recorded: Reals, played: Sequence[Reals]) -> Reals:
    """The score of each fit in each block, less is better; (fits, blocks).

    `recorded`: (blocks, metrics); `played`: by fit (histories, blocks, metrics). A metric's CRPS counts over its mean over all
    fits and blocks, so that all metrics weigh alike.
    """
    blocks, metrics = recorded.shape
    table = np.array(
        [[[crps(run[:, b, m], float(recorded[b, m])) for m in range(metrics)] for b in range(blocks)] for run in played]
    )
    usual = table.mean(axis=(0, 1))
    kept = usual > 1e-9
    return np.asarray((table[:, :, kept] / usual[kept]).mean(axis=2))


def differences(values: Reals | Sequence[Reals], tried: Sequence[Alternative]) -> list[Difference]:
    """Each alternative beside the first one; `values`: by structure (fits, blocks), that as read first."""
    usual, fits = float(np.mean(values[0])), [len(each) for each in values]
    again = [each.mean(axis=1).var(ddof=1) for each in values if len(each) > 1]
    luck = float(np.mean(again)) if again else 0.0  # variance of a fit's mean
    rows = []
    for alternative, each, count in zip(tried, values[1:], fits[1:], strict=True):
        apart = each.mean(axis=0) - values[0].mean(axis=0)
        error = np.sqrt(_of_the_mean(apart) + luck / count + luck / fits[0])
        rows.append(Difference(alternative, float(apart.mean()) / usual, float(apart.mean()) / max(float(error), 1e-12)))
    return rows


def _of_the_mean(values: Reals) -> float:
    """Variance of the mean of values in a row that hang together; never less than if they did not."""
    count = len(values)
    centred = values - values.mean()
    alone = float((centred**2).sum()) / (count - 1)
    lagged = [float((centred[lag:] * centred[:-lag]).sum()) / (count - 1) for lag in range(1, LAG + 1)]
    return max(alone, alone + 2 * sum((1 - lag / (LAG + 1)) * covariance for lag, covariance in enumerate(lagged, 1))) / count


def compared(
    structure: Structure,
    tried: Sequence[Alternative],
    early: Early,
    ensemble: Ensemble,
    whole: Mapping[str, Baseline],
    seed: int,
    runs: int,
    staff: Staff,
) -> list[Difference]:
    """How what else there may be foretells what was held back, beside what was read.

    `ensemble`: what was learned of the first part with the structure as it was read: where its last wave began all of them begin.
    `whole`: by alternative's name the organisation of all records, whose arrivals are replayed; "" is that as read.
    """
    box = ensemble.waves[-2] if len(ensemble.waves) > 1 else ensemble.waves[-1]
    boxes = {figure.name: (box.low[n], box.high[n]) for n, figure in enumerate(ensemble.figures)}
    names = ["", *(each.name for each in tried)]
    parts = [early(structure), *(early(each.put_into(structure)) for each in tried)]
    recorded = of_blocks(Replay(whole[""], seed), whole[""].history.flow)
    played: list[list[Reals]] = [[] for _ in names]
    hopeful = list(range(len(names)))
    for fit in range(FITS):
        for number in hopeful:
            values = _learned(Replay(parts[number], seed + 1 + fit), boxes, runs, staff)
            replay = Replay(replace(parts[number], history=whole[names[number]].history), seed)
            chosen = values[np.arange(PLAYED) % len(values)]
            played[number].append(np.array(play(replay, of_blocks, chosen, FIRST_REPLICATION, staff)))
        told = differences(_by_structure(recorded, played), tried)
        hopeful = [0, *(number for number, each in enumerate(told, 1) if each.errors <= HOPELESS)]
    return told


def _by_structure(recorded: Reals, played: Sequence[Sequence[Reals]]) -> list[Reals]:
    """The scores of each structure's fits, by structure (fits, blocks)."""
    rows = scores(recorded, [fit for fits in played for fit in fits])
    return np.split(rows, np.cumsum([len(fits) for fits in played])[:-1])


def _learned(replay: Replay, boxes: Mapping[str, tuple[float, float]], runs: int, staff: Staff) -> Reals:
    """The figures of members, from one wave within the boxes of figures that have one; (members, figures)."""
    figures = replay.baseline.figures
    low, high = first_box(figures)
    for number, figure in enumerate(figures):
        low[number], high[number] = boxes.get(figure.name, (low[number], high[number]))
    luck = np.random.default_rng([replay.seed, 7])
    count = max(runs, 2 * len(replay.observed))  # as many runs as the regression has slopes: with fewer it explains too little
    asked = drawn(low, high, count, luck)
    told = np.array(play(replay, moments_of, values_of(figures, asked), FIRST_REPLICATION, staff))
    last = wave(figures, asked, told, replay.observed, (low, high)).scores
    return values_of(figures, last[luck.permutation(len(last))])


def taken(differences: Sequence[Difference]) -> list[Difference]:
    """What is surely better than what was read; of one kind (the order of work, drift) the best alone."""
    better: dict[str, Difference] = {}
    for each in sorted((difference for difference in differences if difference.is_better), key=lambda difference: difference.share):
        better.setdefault(each.alternative.kind, each)
    return list(better.values())


def decided(structure: Structure, differences: Sequence[Difference]) -> Structure:
    """The structure with all that is taken, and how everything compares, at its place in the file."""
    said: dict[str, tuple[str, ...]] = {}
    chosen = taken(differences)
    for each in differences:
        words = f"held out, {each.said}{': taken' if each in chosen else ''}"
        said[each.alternative.path] = (*said.get(each.alternative.path, ()), words)
    for each in chosen:
        structure = each.alternative.put_into(structure)
    questions = tuple(each.alternative.question for each in chosen if each.alternative.question)
    return replace(structure, said=said, questions=questions)


def check(differences: Sequence[Difference], blocks: int) -> Check:
    """The comparison as a check: what was taken, and what comes nearest to what was read."""
    limit = said("nothing else better by {errors} standard errors", errors=f"{SURE:g}")
    if blocks < FEWEST:
        why = said("not compared: the records are too short for it")
        held = said("{count} blocks held back", count=blocks)
        return Check(COMPARED, held, said("≥ {count} blocks", count=FEWEST), "cannot be told", why)
    chosen = taken(differences)
    nearest = min(differences, key=lambda each: each.errors)
    words = "; ".join(each.said for each in chosen) or said("as it was read, and nearest to it {structure}", structure=nearest.said)
    others = "; ".join(each.said for each in differences if each not in (chosen or [nearest]))
    beside = said("held out beside it: {structures}", structures=others) if others else ""
    return Check(COMPARED, words, limit, "rough" if chosen else "passes", beside)
