"""Causes: what the time of an item goes into, from its arrival to its delivery, and what people call each."""

from __future__ import annotations

CAUSES = {
    "parts": "a whole waiting for its parts, or an item for others",
    "backlog": "waiting in the backlog",
    "transit": "under way between teams",
    "queueing": "waiting for somebody to start, or put down after a change",
    "hands_on": "being worked on (at a wait step: its time)",
    "switching": "in hand, but attention is lost (switching between items, meetings, coordination, a dip)",
    "set_aside": "started and set aside: the people who have it open are at another item",
    "helper": "waiting for help from another team, beyond the helper's hands-on",
    "outside": "waiting for somebody outside",
    "gate": "done, waiting at a gate or for the rest of a batch",
    "no_room": "done, waiting for room downstream, or to come back after being shelved",
}
"""Every cause with what it means, in the order of an item's journey."""

CALLED = {
    "hands_on": "hands-on",
    "switching": "switching, meetings",
    "set_aside": "set aside",
    "queueing": "waiting",
    "backlog": "not started",
    "transit": "on the way",
    "helper": "need others",
    "outside": "waiting outside",
    "gate": "at a gate",
    "no_room": "no room ahead",
    "parts": "waiting for parts",
}
"""What people call each cause, as a board calls the state of an item meanwhile; after hands-on all is waiting of some kind."""

TIMES = {"queueing": "time, waiting", "backlog": "time, not started", "transit": "time, on the way", "helper": "time, need others"}
"""What people call the times whose key is another word."""

OPEN_WAITING = ("switching", "set_aside")
"""The causes that `time.open_waiting` is the sum of: what adds up to the lead time takes either it or the two."""
