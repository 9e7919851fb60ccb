"""Learning from the first part of the records only: structures are compared by it, and held-back windows are forecast with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from vssim.forecasts.deliveries import day_of, known_on
from vssim.learning.baseline import Baseline, baseline
from vssim.learning.compared import FEWEST, blocks_of, check, compared, decided
from vssim.learning.effort import FIRST_WAVES, Effort, fitted
from vssim.learning.fit import Ensemble
from vssim.learning.held_out import SHOWN, HeldOut, first_part, held_out, not_tried, windows_of
from vssim.learning.kept import Kept, key_of
from vssim.learning.replay import Replay
from vssim.learning.structure import AS_READ, Structure, alternatives, as_read
from vssim.learning.told import Told
from vssim.play.executors import Staff
from vssim.play.replications import Progress
from vssim.tracker.board import Board
from vssim.tracker.checks import Check

Drafted = Callable[[Structure], Baseline]
"""Makes the baseline of all records for a structure, before its figures are fitted."""


@dataclass(frozen=True, eq=False)
class Early:
    """The first part of the records, and what is learned from it."""

    board: Board
    told: Told
    drafted: Drafted
    seed: int
    how: Effort
    staff: Staff
    keep: Path | None = None
    progress: Progress | None = None

    @cached_property
    def whole(self) -> Baseline:
        """The baseline of all records, with the structure as it was read."""
        return self.drafted(self.read)

    @cached_property
    def read(self) -> Structure:
        """The structure as the records and answers were read."""
        baseline = self.drafted(AS_READ)
        return as_read(baseline.history, baseline.shape, self.told)

    def organisation(self, structure: Structure) -> Baseline:
        """The baseline of the first part alone, with this structure."""
        whole, told = self.drafted(structure), structure.completed(self.told)
        part = first_part(whole.history, whole.shape, told)
        return baseline(known_on(self.board, day_of(part.until)), part, whole.shape, told, whole.name, structure)

    @cached_property
    def _learned(self) -> tuple[Baseline, Ensemble]:
        return self._learn(self.read, self.keep, self.progress)

    def _learn(self, structure: Structure, keep: Path | None, progress: Progress | None) -> tuple[Baseline, Ensemble]:
        learned = self.organisation(structure)
        few = Effort(runs=self.how.held_out, waves=FIRST_WAVES)
        kept = Kept(keep, "" if keep is None else key_of(learned, self.seed + 1, few.runs))
        return learned, fitted(Replay(learned, self.seed + 1), few, kept, self.staff, progress)

    def structure(self) -> tuple[Structure, Check]:
        """The structure chosen by how well it forecasts the held-back part, and the comparison as a check."""
        blocks = len(blocks_of(self.whole))
        tried = alternatives(self.board, self.whole.history, self.whole.shape, self.told)
        if not self.how.held_out or not self.how.structures or blocks < FEWEST or not tried:
            return self.read, check((), 0 if tried else FEWEST)
        _, ensemble = self._learned
        whole = {"": self.whole, **{each.name: self.drafted(each.put_into(self.read)) for each in tried}}
        runs = self.how.structures
        chosen = compared(self.read, tried, self.organisation, ensemble, whole, self.seed, runs, self.staff)
        return decided(self.read, chosen), check(chosen, blocks)

    def held_out(self, structure: Structure) -> tuple[list[HeldOut], Check]:
        """The held-back windows as this structure forecasts them, and the check of them (G4)."""
        history = self.drafted(structure).history
        days, begins = windows_of(history)
        if len(begins) < SHOWN or not self.how.held_out:
            return [], not_tried(len(begins), days)
        same = replace(structure, said={}, questions=()) == self.read
        held, ensemble = self._learned if same else self._learn(structure, None, None)
        tried = held_out(history, self.board, held, ensemble, self.seed, self.staff)
        return tried, tried[0].check()
