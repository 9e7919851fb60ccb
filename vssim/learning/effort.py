"""The amount of playing in learning, and the playing itself: an interrupted fit is continued; progress is that of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vssim.clock import Reals
from vssim.learning import fit as fitting
from vssim.learning import past as pasts
from vssim.learning.fit import Ensemble
from vssim.learning.kept import Kept
from vssim.learning.replay import Replay, moments_of, play
from vssim.play.executors import Staff
from vssim.play.replications import Progress

FIRST_WAVES = 3
"""The waves of a fit to the first part of the records."""


@dataclass(frozen=True)
class Effort:
    """The amount of playing."""

    runs: int = fitting.RUNS
    """runs of each wave"""
    waves: int = fitting.WAVES
    histories: int = pasts.HISTORIES
    held_out: int = 300
    """runs of each of three waves for the first part alone; 0: nothing is held back"""
    structures: int = 100
    """runs of each fit of a structure that is compared on held-back records; 0: the structure stays as it was read"""

    @property
    def total(self) -> int:
        """The runs of all waves and histories, without those by which structures are compared."""
        return self.runs * self.waves + self.histories + self.first

    @property
    def first(self) -> int:
        """The runs that learning from the first part takes."""
        return FIRST_WAVES * self.held_out


def fitted(replay: Replay, how: Effort, kept: Kept, staff: Staff, progress: Progress | None) -> Ensemble:
    """The ensemble, continued from the kept waves. These stay in their file, since what follows may be interrupted as well."""
    figures = replay.baseline.figures

    def player(values: Reals, first: int) -> Reals:
        return np.array(play(replay, moments_of, values, first, staff, scaled(progress, first, 0)))

    return fitting.fit(
        figures, player, replay.observed, replay.seed, runs=how.runs, waves=how.waves, kept=kept.waves(), after=kept.keep
    )


def scaled(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Progress of a part, reported as progress of the whole."""
    if progress is None:
        return None

    def told(done: int, of: int) -> None:
        assert progress is not None
        progress(before + done, total or before + of)

    return told
