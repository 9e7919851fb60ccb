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
    assert program.phases[-1].routing == (5 if kind == "the work of a step" else 0)


def test_only_what_items_travel_by_takes_memory_for_each_day() -> None:
    rows = [line.split("|")[1:-1] for line in phases.table(8, 1).splitlines()[2:]]
    memory = {cells[0].strip(): float(cells[3]) for cells in rows}
    assert all(0.7 < memory[kind] < 1.4 for kind in ("people", "a limit")), memory
    assert memory["the work of a step"] > 3
