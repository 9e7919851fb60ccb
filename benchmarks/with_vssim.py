"""vssim's own two engines, from the drawn work to the whole visit log; and the compiled one from the scenario on."""

from __future__ import annotations

from benchmarks.cases import Case, Work, draw, lead_times
from vssim.clock import Ints
from vssim.engines import Engine, run
from vssim.log import Log


def play(work: Work, engine: Engine) -> Ints:
    """Lead time of every item [ticks]."""
    return lead_times(work, run(work.program, engine).items.left)


def play_compiled(work: Work) -> Ints:
    """On the compiled engine."""
    return play(work, "compiled")


def play_reference(work: Work) -> Ints:
    """On the reference engine."""
    return play(work, "reference")


def draw_and_play(case: Case, items: int) -> Log:
    """From the scenario to the visit log: the luck is drawn, too."""
    return run(draw(case.scenario(items)), "compiled")
