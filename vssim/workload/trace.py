"""What an engine returns: what happened, row by row of the program's tables."""

from __future__ import annotations

from dataclasses import dataclass

from vssim.clock import Ints, Numbers


@dataclass(frozen=True, eq=False)
class Trace:
    """What an engine returns: one entry per row of the program's tables, NOT_YET where nothing happened."""

    entered: Ints
    ready: Ints
    started: Ints
    finished: Ints
    put_down: Ints
    """0 where never put down"""
    released: Ints
    left: Ints
    pool: Numbers
    owner: Numbers
    """−1 none, or not started"""
    touch: Ints
    """0 before the start"""
    handoff: Numbers
    """(M,) 1 for visits of a stay that was entered by a handoff"""
    pause_row: Ints
    """(K,) the visit that was put down, where anybody interrupts; by visit, then in order"""
    pause_begin: Ints
    """(K,) when [ticks]"""
    pause_end: Ints
    """(K,) when it was taken up again, or left; NOT_YET"""
    item_arrived: Ints
    """(N,) as log.Items"""
    item_joined: Ints
    item_pulled: Ints
    item_left: Ints
    item_dropped: Numbers
    """(N,) how it left, where that was not by its itinerary: log.Ended.GAVE_UP when its time was up, or it left with another
    that gave up; STOPPED when with one that was stopped; else 0"""
    item_routing: Numbers
    """(N,) the routing whose itinerary it follows; −1 not pulled yet"""
