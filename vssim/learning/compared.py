"""Structures compared on held-back records: which of several organisations forecasts records that it was not learned from.

Each structure is learned from the first part of the records, from the same priors and with the same luck; then all records are
replayed with the recorded arrivals. The part that was held back is scored in blocks: times in every place and in total, numbers of
items, dispersion of daily departures, deliveries (CRPS of each, relative to its mean over all structures). An alternative is taken
where its score is significantly better; otherwise the structure stays as it was read. There are two sources of error: the stretch
that was held back (blocks are correlated: Newey & West 1987), and the fit, whose luck is the same in every block. So each structure
is fitted twice, and the difference between the two fits of one structure counts as an error of all differences. A structure that is
worse by more than one standard error after its first fit is not fitted again, since it will not become better by two.
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
"""The name of the check."""

WINDOWS, FEWEST, MOST = 2, 8, 20
"""A block is so many held-back windows (ten deliveries or more); fewer blocks mean nothing, more take too long."""

SURE = 2.0
"""An alternative is taken where its score is better by more than this many standard errors of the difference."""

FITS, PLAYED = 2, 40
"""Fits of each structure, and histories of each fit."""

HOPELESS = 1.0
"""A structure that is worse by more than this many standard errors after its first fit is not fitted again."""

LAG = 2
"""The number of neighbouring blocks with which a block is correlated."""

PER_PLACE = 4
LEAD = (0.5, 0.85, 0.95)
FIRST_REPLICATION = 5_000_000
"""The first replication, so that the comparison has its own luck."""

Early = Callable[[Structure], Baseline]
"""Makes the baseline for a structure, learned from the first part alone."""


@dataclass(frozen=True)
class Difference:
    """An alternative compared with the structure as it was read."""

    alternative: Alternative
    share: float
    """its score relative to that of the structure as read, minus 1; above 0 it is worse [1]"""
    errors: float
    """the same difference in standard errors"""

    @property
    def is_better(self) -> bool:
        """Whether it is significantly better."""
        return self.errors < -SURE

    @property
    def said(self) -> str:
        """The difference in words."""
        values = {"structure": self.alternative.name, "share": f"{abs(self.share):.0%}", "errors": f"{abs(self.errors):.1f}"}
        if self.share > 0:
            return said("{structure}: score {share} worse ({errors} standard errors)", **values)
        return said("{structure}: score {share} better ({errors} standard errors)", **values)


def blocks_of(whole: Baseline) -> list[Window]:
    """The held-back blocks; where there are many, the latest ones."""
    history = whole.history
    days, begins = windows_of(history)
    firsts = begins[len(begins) % WINDOWS :: WINDOWS][-MOST:]
    places = len(whole.shape.place_names)
    return [Window(begin, begin + WINDOWS * days, history.week, places) for begin in firsts]


def of_blocks(replay: Replay, flow: Flow) -> Reals:
    """The scored quantities of a flow; (blocks, metrics)."""
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

    `recorded`: (blocks, metrics); `played`: by fit (histories, blocks, metrics). A metric's CRPS is divided by its mean over all
    fits and blocks, so that all metrics have the same weight.
    """
    blocks, metrics = recorded.shape
    table = np.array(
        [[[crps(run[:, b, m], float(recorded[b, m])) for m in range(metrics)] for b in range(blocks)] for run in played]
    )
    usual = table.mean(axis=(0, 1))
    kept = usual > 1e-9
    return np.asarray((table[:, :, kept] / usual[kept]).mean(axis=2))


def differences(values: Reals | Sequence[Reals], tried: Sequence[Alternative]) -> list[Difference]:
    """The difference of each alternative from the first structure. `values`: by structure (fits, blocks), as read first."""
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
    """The variance of the mean of correlated values in a row, at least that of independent ones (Newey & West 1987)."""
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
    """How the alternatives forecast the held-back records, compared with the structure as it was read.

    `ensemble`: learned from the first part with the structure as it was read; all fits begin with the box of its last wave.
    `whole`: by name of the alternative the baseline of all records, whose arrivals are replayed; "" is the structure as read.
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
    """The scores by structure, each (fits, blocks)."""
    rows = scores(recorded, [fit for fits in played for fit in fits])
    return np.split(rows, np.cumsum([len(fits) for fits in played])[:-1])


def _learned(replay: Replay, boxes: Mapping[str, tuple[float, float]], runs: int, staff: Staff) -> Reals:
    """The figures of members (members, figures), from one wave; where `boxes` have a box for a figure, within that."""
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
    """The alternatives that are significantly better; of one kind (order of work, drift) only the best."""
    better: dict[str, Difference] = {}
    for each in sorted((difference for difference in differences if difference.is_better), key=lambda difference: difference.share):
        better.setdefault(each.alternative.kind, each)
    return list(better.values())


def decided(structure: Structure, differences: Sequence[Difference]) -> Structure:
    """The structure with all alternatives that are taken, and the comparison of all of them at their places in the file."""
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
    """The comparison as a check: which alternatives were taken, and which comes nearest to the structure as read."""
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
