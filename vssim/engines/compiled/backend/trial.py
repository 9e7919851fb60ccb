"""A kernel of a few lines, by way of the arena: every kind of access that the kernel has, compiled, loaded and played once."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import numpy as np

from vssim.engines.compiled.backend import arena, linking, machine
from vssim.engines.compiled.backend.words import addresses

ROW = np.dtype([("many", np.int64), ("few", np.int8)], align=True)


class Inner(NamedTuple):
    """A tuple in a tuple."""

    plane: Annotated[Any, (np.dtype(np.int32), 2)]


class Little(NamedTuple):
    """A world in small."""

    run: Annotated[Any, (ROW, 0)]
    rows: Annotated[Any, (ROW, 1)]
    inner: Inner


def succeeds() -> bool:
    """True when what is read, written and copied is what it should be."""
    little_at = arena.at(arena.Arena(Little))
    take_over = arena.take_over

    def moves(w: Any, row: int) -> int:
        w.rows[row].many = w.inner.plane[1, 2] - w.run.few
        take_over(w.rows[0], w.rows[row])
        return int(w.rows[0].many)

    part: Any = linking.part(moves)

    def plays(address: int) -> None:
        w = little_at(address)
        w.run.many = part(w, 1)

    world = Little(np.zeros((), ROW), np.zeros(2, ROW), Inner(np.array([[0, 0, 0], [0, 0, -40]], np.int32)))
    world.run["few"], world.rows["few"] = 2, [0, -3]
    words = addresses(world)
    machine.load(*linking.machine_code(linking.whole(plays)))(words.ctypes.data)
    return int(world.run["many"]) == -42 and world.rows.tolist() == [(-42, -3), (-42, -3)]
