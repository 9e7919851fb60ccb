"""What changes every day cost: the figures are of streams that do change, and what is shared is shared."""

from __future__ import annotations

import pytest

from benchmarks import phases
from vssim.workload import Blueprint


@pytest.mark.parametrize("kind", phases.KINDS)
def test_every_day_of_the_stream_has_an_organisation_of_its_own(kind: str) -> None:
    stream = phases.scenario(kind, 5)
    plan = stream.plan("all")
    program = Blueprint(plan, stream.run.horizon, stream.unit).draw(1, 0)
    assert len(program.phases) == 6
    assert program.phases[-1].routing == (0 if kind in ("people", "a limit") else 5)


def test_an_organisation_that_changes_every_day_takes_hardly_more_memory() -> None:
    rows = [line.split("|")[1:-1] for line in phases.table(20, 1).splitlines()[2:]]
    memory = {cells[0].strip(): float(cells[3]) for cells in rows}
    assert set(memory) == set(phases.KINDS)
    assert all(0.7 < share < 2 for kind, share in memory.items() if kind not in phases.LIMITS), memory
