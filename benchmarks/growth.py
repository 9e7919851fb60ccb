"""How cost and memory grow with the size of a run: the board on the compiled engine, each size in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.alone import measure

SIZES = (1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Size:
    """What a run of so many items took."""

    items: int
    visit: float
    """CPU time of a visit, from the drawn work to the whole log [s]"""
    drawing: float
    """CPU time of drawing a visit [s]"""
    memory: float
    """growth of the peak of resident memory for a visit: program, kernel and log together [bytes]"""


def grow(repeat: int = 3) -> list[Size]:
    """Every size, smallest first; of several processes the one with the least CPU time counts."""
    return [_size(items, 2 if items >= 1_000_000 else repeat) for items in SIZES]


def _size(items: int, repeat: int) -> Size:
    told = min((measure(items) for _ in range(repeat)), key=lambda answer: answer["seconds"])
    visits = told["visits"]
    return Size(items, told["seconds"] / visits, told["drawing"] / visits, told["bytes"] / visits)
