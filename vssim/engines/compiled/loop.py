"""The tick loop: facts, then decisions, then what is due again, until the tick is quiet; then on to the next tick."""

from __future__ import annotations

from vssim.engines.compiled.backend.access import world_at
from vssim.engines.compiled.backend.jit import entrance, kernel
from vssim.engines.compiled.change import come_into_force, people_change
from vssim.engines.compiled.giving_up import be_patient_anew, give_up
from vssim.engines.compiled.journeys import arrives, time_is_over
from vssim.engines.compiled.moves import deliver, look_at_gates, moves, open_gates, release_batches, release_last_resort
from vssim.engines.compiled.people import plan_all_ahead, set_pace, work_done
from vssim.engines.compiled.placing import place
from vssim.engines.compiled.queues import AGAIN, AT_ONCE, DONE, DUE, NOW, PATIENT, URGENT, due, next_of
from vssim.engines.compiled.records import NONE, World
from vssim.engines.compiled.starts import starts


@entrance
def run_at(address: int) -> None:
    """Play the whole run of the world whose list of addresses begins at `address`."""
    run_to_horizon(world_at(address))


@kernel
def run_to_horizon(w: World) -> None:
    """Play the whole run."""
    run = w.run
    place(w)
    come_into_force(w, run.phase)
    if run.touched:
        plan_all_ahead(w)  # what is in hand with nothing left to do is finished with the first facts, before any decision
    if run.patient:
        be_patient_anew(w)
    tick = run.now  # there always is a first tick
    while tick <= run.horizon:
        run.now = tick
        _facts(w)
        _decide(w)
        while _facts_again(w) or (run.patient > 0 and give_up(w)) or (run.gathered > 0 and release_last_resort(w)):
            _decide(w)
        tick = _next_tick(w)


@kernel
def _next_tick(w: World) -> int:
    """When something is due next."""
    run = w.run
    tick = min(run.next_pace, run.next_people, run.next_change, run.next_look, run.next_batch)
    if w.roots[DUE] >= 0:
        tick = min(tick, due(w, w.roots[DUE]))
    if run.next_arrival < run.arrivals:
        tick = min(tick, w.arrival[run.next_arrival])
    if run.patient and w.roots[PATIENT] >= 0:
        tick = min(tick, w.nodes[w.roots[PATIENT]].urgency)
    return min(tick, run.next_done)


@kernel
def _finish_work(w: World) -> bool:
    """All work that is due at this tick is done; True when there was some."""
    run = w.run
    if run.next_done > run.now:
        return False
    while run.next_done <= run.now:
        work_done(w, run.next_pool)
    return True


@kernel
def _facts(w: World) -> None:
    """Everything that is due at this tick."""
    run = w.run
    _finish_work(w)
    if run.next_pace <= run.now:
        set_pace(w)
    if run.next_people <= run.now:
        people_change(w)
    if run.next_change <= run.now:
        come_into_force(w, run.phase + 1)
        if run.patient:
            be_patient_anew(w)
    while w.roots[DUE] >= 0 and due(w, w.roots[DUE]) <= run.now:
        time_is_over(w, next_of(w, DUE))
    while run.next_arrival < run.arrivals and w.arrival[run.next_arrival] <= run.now:
        arrives(w, w.arrivals[run.next_arrival])
        run.next_arrival += 1
    if run.next_look <= run.now:
        look_at_gates(w)
    if run.next_batch <= run.now:
        run.batches_dirty = 1


@kernel
def _facts_again(w: World) -> bool:
    """Facts that have become due again at this tick take their turn; True when there were some."""
    w.roots[NOW], w.roots[AGAIN] = w.roots[AGAIN], NONE
    # Before work is finished: what only that lets be due again (a wait of 0 behind work of 0) has to let decisions go first.
    finished = _finish_work(w)
    if w.roots[NOW] < 0:
        return finished
    while w.roots[NOW] >= 0:
        time_is_over(w, next_of(w, NOW))
    return True


@kernel
def _decide(w: World) -> None:
    """Rounds of gates, deliveries, batches and moves until nothing changes; then starts."""
    run = w.run
    # Starts stand outside of the loop, since they only take people and owners' places and free no token: no gate, batch or move
    # can become possible by one. A rule by which a start frees a place would need another round here.
    while True:
        if run.gates_dirty:
            open_gates(w)
        deliver(w)
        if run.batches_dirty:
            release_batches(w)
        if w.roots[AT_ONCE] >= 0 or run.highest_dirty >= 0:
            moves(w)
        if not (run.gates_dirty or w.roots[DONE] >= 0 or run.batches_dirty or w.roots[AT_ONCE] >= 0 or run.highest_dirty >= 0):
            break
    if run.asked or (run.urgent and w.roots[URGENT] >= 0):
        starts(w)
    if run.touched:
        plan_all_ahead(w)
