"""For each column of the records: its step in the learned scenario, and the work that a visit takes."""

from __future__ import annotations

from vssim.clock import Reals
from vssim.learning.baseline import Baseline
from vssim.scenario.origins import Column


def columns_of(baseline: Baseline, middle: Reals) -> dict[str, Column]:
    """By column its step and work. `middle`: the value of each figure, in the order of the baseline's figures; shape (figures,)."""
    known = {figure.name: float(value) for figure, value in zip(baseline.figures, middle, strict=True)}
    shape = baseline.shape
    columns: dict[str, Column] = {}
    for stage in shape.stages:
        columns |= {queue: Column(step=stage.name) for queue in stage.queues}
        if stage.column is None:
            continue
        work = known.get(f"hands-on work at {stage.name}")
        columns[stage.column] = Column(step=stage.name, hands_on=None if work is None else float(f"{work:.4g}"))
    return columns
