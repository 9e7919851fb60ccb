"""How much is played while one learns, and the playing itself: a fit from where it was left, with progress of the whole."""

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
"""Waves of what is learned from the first part of the records alone."""


@dataclass(frozen=True)
class Effort:
    """How much is played."""

    runs: int = fitting.RUNS
    """of each wave"""
    waves: int = fitting.WAVES
    histories: int = pasts.HISTORIES
    held_out: int = 450
    """of each of three waves of what is learned from the first part alone; 0: nothing is held back"""
    structures: int = 200
    """of each fit of a structure that is compared by what was held back; 0: it stays as it was read"""

    @property
    def total(self) -> int:
        """Runs of all waves and histories; those by which structures are compared come on top."""
        return self.runs * self.waves + self.histories + self.first

    @property
    def first(self) -> int:
        """Runs of what is learned from the first part alone."""
        return FIRST_WAVES * self.held_out


def fitted(replay: Replay, how: Effort, kept: Kept, staff: Staff, progress: Progress | None) -> Ensemble:
    """The ensemble, from the waves on that are kept; they stay there, for what comes after may be interrupted too."""
    figures = replay.baseline.figures

    def player(values: Reals, first: int) -> Reals:
        return np.array(play(replay, moments_of, values, first, staff, scaled(progress, first, 0)))

    return fitting.fit(
        figures, player, replay.observed, replay.seed, runs=how.runs, waves=how.waves, kept=kept.waves(), after=kept.keep
    )


def scaled(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Progress of a part as progress of the whole."""
    if progress is None:
        return None

    def told(done: int, of: int) -> None:
        assert progress is not None
        progress(before + done, total or before + of)

    return told
