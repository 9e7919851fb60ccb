"""Engines: they play a program and return the visit log. They add, compare and look up; they never draw luck.

Two engines, strangers to each other, give the same log bit for bit: `reference` (SimPy, written to be read) and `compiled`
(Numba, written to be fast). What both of them do, exactly:

**Whole numbers.** Times in ticks, shares and rates in millionths. `⌈a/b⌉` and `⌊a/b⌋` are exact.

**One tick** = facts, then decisions, then facts that have become due at this same tick, and so on until the tick is quiet.

Facts, in this order (those of one kind commute):

1. *Work done.* Every pool's progress V is brought up to now at the rate that held until now; every open visit whose target
   ≤ V is finished.
2. *Pace and people.* At whole units of time the pace of a team may change (on holidays it is 0 for everybody). At the entries
   of the phase's `staffing` the people of a pool are others: V is brought up to now, then number, cap and rates count from
   now on; above the cap the last by the key of starting are put down, as at a change. With nobody here (cap 0) the pool
   keeps its skills and its team still owns and does. What is to come of this holds no batch back.
3. *Change.* At the start of a phase its organisation comes into force (see below).
4. *Transit over, waits over, gates opening, gatherings whose time is up, arrivals.* A visit becomes ready. A visit for which
   nobody is needed starts as it becomes ready and is finished `work` ticks later. An item that arrives joins the backlog,
   unless it waits for others that have not left: then it has arrived, holds nothing, and joins when the last of them has left
   (due now, as a fact). A transit of 0 takes no fact: the visit is ready as it is entered. A wait of 0, a successor's `after`
   of 0, a whole whose last part has left and an item whose last predecessor has are due again at this tick: after the
   decisions, also when what begins them is itself due again. So is the end of work whose target is reached as it starts.

When a visit is finished:

- If it has a gate (that exists in this phase), the item waits at the gate, whether it is the last of its stay or a ticket,
  also when the gate is open now: decisions let it through.
- A visit that is not the last of its stay, and has no gate, is released at once: `released` = `left` = `finished`, and the
  next visit is entered at that moment. Entered means: `entered` = now, its transit (a ticket's `delay`) begins. If the
  visit just released was a parked one, the item first has to come back (a move, below), unless the next visit parks too.
- If the next visit parks, the item gives up the step's and the team's token at that moment; it keeps its owner, stream and
  type token.
- The last visit of a stay, without gate, goes on to *batch or release*: if the next stay is a return (`back`), or there is
  no next stay, it is released now. Otherwise, if the item is owned, its owner keeps no hold on the next stay (handoff), the
  item is not expedited and the batch into the next step is above 1, it gathers there. Otherwise it is released now.

A visit parks only with `parks` = 1; the visit after the last parked one of a stay always exists (work 0, nobody needed,
when nothing is left to do).

**Decisions.** 0–3 repeat until a round changes nothing; then 4.

0. *Gates* that are open now (`(now − offset) mod every == 0`, or now is one of its listed moments, after the last of which it
   stays shut; or the gate no longer exists) release the items waiting at them: the first by key, at most `most` per opening
   over all rounds of this tick. A gate at the end of a stay leads on to batch or release; a gate on a ticket releases it into
   the rest of its stay. The item that passes first in an opening is marked: it carries the setup, if it goes on through a
   handoff into a step whose batch is 1.
1. *Deliver* items released from their last visit, and items with an empty route that are in the backlog: all tokens are
   freed (step and with it its spans, team, stream, type), the owner is gone, `left` = now. An item that is stopped leaves
   likewise but has no successors. Successors (of the itinerary that was followed) are due `after` ticks later; a whole joins
   the backlog when the last of its parts has left: due now, as a fact.
2. *Batches*, step by step from last to first. While b items are gathered for a step, the first b by key are released. If any
   are left, all of them are released when the first of them (by when it began) has gathered for `batch_wait`, or when none may
   still come (below). The first by key of what is released together is marked.
3. *Moves.* First, room or not, in the order of their numbers: items whose released next stay is a return, and expedited
   items that are released, in the backlog, or coming back from being parked. Then for each step from last to first, while it
   has room (limit − items in its column > 0): the first by key among the items released to it and those coming back to it; if
   there is none, and the stream has room, the first by key among the backlog items whose itinerary (of this phase) begins
   there and whose type has room. An item that comes back also needs, if it is owned, room in its owner's team (limit − owned,
   parked not counted, > 0), or the further-down rule; else it is skipped. Likewise skipped is who lacks room in a span: a limit
   on the items in a run of columns, of all types or of one. It counts items in these columns (parked ones are in none); entering
   a column needs room in every span that counts the item there and not where it is.
4. *Starts.* First for what people do: among the pools that have a free place (open < cap) and something to take there, the
   one with the smallest open/people (cross-multiplied; unlimited counts as 0; ties to the lower number) takes the first by
   key; repeat. Then the same for what people help at. Then, if visits of items that interrupt still wait: the first of them by
   the key of moves that some pool can take which is full, may take it, and has something open that does not interrupt; of the
   pools that do it, else of those that help, the least busy. It puts down the last by key of what it has open and does not
   interrupt, and starts the visit; then all of 4 again. What was put down so has as work what is left + the team's `resuming`,
   at most its whole work (with relearning and setup).

*Key* of an item at a decision: (expedited first, priority, [4 only: ticket's rank for this team, the team's pull order,]
rank by the discipline, time, number). Time is the moment of being released (moves, batches), finished (gates), ready
(starts; also after being put down) or joined (backlog). LIFO negates the time; EARLIEST_DUE has the
rank arrival + rank. Ticket's rank: team_tickets for tickets, 0 for own work. Pull order: 0; −step; step; arrival.

*Moves in detail.* The column left behind is freed (`left` of the stay's last visit = now), the new one taken, `entered` =
now. If the item has an owner, and a pool of the owner's team does the new stay's first own work (`does`, in this phase), or
the stay has no own work, the owner keeps it: no handoff. Otherwise it lets go; the stay is entered by a handoff: transit is
the first visit's `handoff_delay` (plus the ticket's own `delay`), relearning applies to the stay's own work, and the setup
is carried in if the item is marked, or is expedited, or (batch 1) is not behind a gate; never on a return. An item without
owner has no handoff, no delay but a ticket's own, no relearning, no setup. If its first visit parks, it gives up its tokens
at once. The mark is gone when the stay is entered.

*Coming back* takes the step's token and (owned) the team's; the next visit of the stay is entered.

A stay *has own work* if it has a first own work that somebody in this phase does or helps at, at a step that is there.

*Who may take what.* A ticket: any pool whose skill it is, no token needed. Own work of an owned item: only pools of the
owner. Own work of an item without owner: any pool with the skill whose team has room (limit − owned, parked not counted, >
0), or if it is expedited, or on a visit entered backwards (`back`), or by the further-down rule: the item's step is after
every step at which the team owns an item that is neither parked nor gathering. Starting it makes the team its owner.

*Effective work* of a start: ⌈(work, + ⌈work · relearning / 10⁶⌉ for own work in a stay entered by a handoff, + the setup if
it is carried in and this is the stay's first own work) · 10⁶ / proficiency⌉. `touch` is that, from the start on.

**Pools.** Progress V counts millionths of a tick. It grows by rate · elapsed ticks, rate = ⌈r(N) · pace / 10⁶⌉; a visit
started at V has target V + effective work · 10⁶; it is finished at the first tick at which V ≥ target, which is now if it
is so already, whatever the rate, 0 too (a fact due again at this tick). V restarts at 0 when the pool has nothing open.

**Who may still come** to gather for a step, by the phase in force; the horizon and changes to come have no say in it. An item
that has joined the backlog and not left may, if it is not expedited and an entry into the step lies ahead of it in its
itinerary (in the backlog: this phase's) which opens a stay with own work (below), not its first and not backwards (`back`), and
some team that does or helps at the own work of the last stay before it that has any does not do its own. An item that gathers
has the entry it gathers for behind it, and is not counted for that step and those before it until it is released; one that is
released from its stay has the entry into the next behind it. Besides, while `last_arrival` of a type is still to come, somebody
of that type may come to the steps for which it `gathers`; what only another item's leaving will bring is not waited for until
it has joined.

**Giving up.** When a tick is quiet, every item leaves, in the order of their numbers, that has arrived and not left, whose
`patience` (by the phase in force) since its arrival is over, and for which nothing has happened that keeps it: that it, or a
part of it, has been pulled, or has been started (`unless`). Then decisions are taken again. It leaves from wherever it is: open
work is closed (`touch` less what is left; what was put down stays put down until now), line, gate, gathering and transit lose
it, its timers are void, all tokens are freed, `left` = now unless the visit has been left already; `finished` stays NOT_YET. It
has no successors. What is due now because another has left, and gives up first, does not come. A whole that waits for its parts
takes those that have not left, before the next in the order; a part has left as far as its whole is concerned. A time that will
be up is nothing that is due, for the last resort.

**Leaving with another.** An item that is to leave with those it waits for, as soon as one of them is stopped or gives up, does
not join any more: when the tick is quiet at which that is so and it has arrived, it gives up likewise, and with it every whole
that it is a part of. It counts as what that one did: stopped, unless one that it waits for gave up.

**Last resort.** When a tick is quiet and nothing is due any more at all (no visit is open, in transit, waiting for time or at a
gate; nothing gathers for a step with a `batch_wait`; no `last_arrival` is still to come, and nothing that another's leaving
has made due, after the horizon too), all that gather for the last step for which anybody does are released (first by key
marked), and decisions are taken again. It is needed only where limits leave batches no room.

**A change in force.** From now on the phase's tables count.
- Own work and tickets that are open stay open if their pool is still there and still does or helps at the skill; otherwise
  they are put down. Above a smaller cap, the last by the key of starting (decision 4, as this phase has it) are put down, so
  never an expedited one before an ordinary one. Put down: the remaining effective ticks ⌈(target − V)/10⁶⌉ are turned back
  into work ⌈remaining · proficiency / 10⁶⌉ (the proficiency with which it was started), which is what is left to do,
  relearning and setup included; `touch` is lessened by the remaining ticks and grows again by what the next start takes; the
  visit keeps the moment at which it became ready; `put_down` counts from now until that start.
- An owner whose team has no pool that does or helps at the current stay's own work lets go (also one that is gone); a stay
  without own work leaves the owner as it is, if the team is still there.
- A visit for which nobody in the new organisation has the skill, and every visit in a stay at a step that is gone, is
  passed without work: nobody is needed, no time passes (a transit still does); if it is waiting to be started, it starts
  now, with 0 to do (the finish is due again at this tick). Visits entered later likewise. A wait in progress at a step that
  is gone ends the same way.
- Items that gather for a batch are looked at again (batch or release, in the new organisation): those that still have to
  gather keep the time since when they do; the others are released now, marked by what they came through. Items at a gate
  stay there; a gate that is gone is open. A limit that is exceeded only keeps new entries
  out.
- An item in the backlog follows the itinerary of the phase in which it leaves it: of that phase's routing, which phases that
  differ in people, limits or pull rules only share.

**Under way.** A run may begin at a tick at which items are under way already; what happened until then is in the log as it was.
Before the first tick they are placed, in the order of their numbers, room or not: each with its stream and type token, its
step's unless it is parked, its owner; in the backlog, in transit or passing time until a tick, ready, at a gate, gathering,
released or coming back since a tick, open in a pool with what is left of its work (V begins at 0), or due at a tick because
another has left; a gate remembers what it has let through at this very tick. Then the organisation in force (the last that
begins by then, with the people it has by then) comes into force as a change does: what it lets pass is due again, after the
decisions of the first tick. There always is a first tick, whether anything is due or not. Limits that are exceeded only keep
new entries out. A run that is stopped when a tick is quiet, written down and begun again there gives the same log.

The run ends at the horizon, events at it included.
"""

from __future__ import annotations

from typing import Literal, get_args

from vssim.engines import compiled, each
from vssim.engines.agreement import Difference, first_difference, rows
from vssim.engines.assemble import assemble
from vssim.errors import UsageError
from vssim.log import Log
from vssim.workload.program import Program
from vssim.workload.trace import Trace
from vssim.workload.under_way import UnderWay

__all__ = [
    "Difference",
    "Engine",
    "assemble",
    "choose",
    "first_difference",
    "is_ready",
    "machine",
    "passes",
    "prepare",
    "rows",
    "run",
    "stopped",
    "trace",
]

Engine = Literal["auto", "reference", "compiled"]
"""Which engine plays a program; all give the same log. `auto`: whichever is finished first."""

REFERENCE_VISIT = 150e-6
"""What a visit costs on the reference engine, about [seconds]."""

LOADING = 0.1
"""What it costs to load the compiled engine into a process, about [seconds]."""

COMPILING = 8.0
"""What it costs to compile it, once on a machine, about [seconds]."""


def prepare() -> None:
    """Have the fast engine ready, so that nobody waits for it later; it takes a while the first time on a machine."""
    if not compiled.is_plain():
        compiled.can_play()


def choose(visits: int) -> Engine:
    """The engine that is finished first with a job of so many visits, all runs together.

    The compiled one is ready when it is chosen: it is compiled here, once, before several workers would do it side by side.
    """
    if compiled.is_plain():
        return "reference"
    if compiled.is_loaded():
        return "compiled"
    preparing = LOADING if compiled.is_compiled() else COMPILING
    return "compiled" if visits * REFERENCE_VISIT > preparing and compiled.can_play() else "reference"


def is_ready(engine: Engine) -> bool:
    """True when playing with an engine in this process needs no loading or compiling first."""
    return engine == "reference" or compiled.is_plain() or compiled.is_loaded()


def run(program: Program, engine: Engine = "auto") -> Log:
    """Play a program and return its visit log.

    Raises UsageError for an engine that there is not.
    """
    return assemble(program, trace(program, engine))


def trace(program: Program, engine: Engine = "auto") -> Trace:
    """Play a program and return its trace: what happened, by row of the program's tables."""
    if engine not in get_args(Engine):
        raise UsageError(f"there is no engine {engine!r}; there are {', '.join(get_args(Engine))}")
    if engine == "auto":
        engine = choose(len(program.visits.item))
    return each.trace(program, "compiled" if engine == "compiled" else "reference")


def stopped(program: Program, engine: Engine = "reference") -> UnderWay:
    """What is under way at the last tick of a run that ends at the program's horizon; a program may begin there.

    Both engines write down the same.
    """
    return each.stopped(program, "compiled" if engine == "compiled" else "reference")
