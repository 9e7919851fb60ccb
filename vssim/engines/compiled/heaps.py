"""Queues as pairing heaps over numbered nodes: no allocation, push O(1), pop and removal O(log n) amortised.

(Fredman, Sedgewick, Sleator, Tarjan 1986.) A node is in one queue at a time; any number of queues cost nothing.
"""

from __future__ import annotations

from typing import Any

from vssim.engines.compiled.backend.jit import kernel
from vssim.engines.compiled.records import NONE


@kernel
def precedes(nodes: Any, node: int, other: int) -> bool:
    """True when `node` comes before `other` by key; the number is the key's last word."""
    a, b = nodes[node], nodes[other]
    if a.urgency != b.urgency:
        return a.urgency < b.urgency
    if a.place != b.place:
        return a.place < b.place
    if a.rank != b.rank:
        return a.rank < b.rank
    if a.time != b.time:
        return a.time < b.time
    return node < other


@kernel
def meld(nodes: Any, root: int, other: int) -> int:
    """Two heaps become one; its root."""
    # A first child's `prev` is its parent, any other's the sibling before it: `remove` and `following` tell them apart by that.
    if precedes(nodes, other, root):
        root, other = other, root
    child = nodes[root].child
    nodes[other].next = child
    nodes[other].prev = root
    if child >= 0:
        nodes[child].prev = other
    nodes[root].child = other
    return root


@kernel
def meld_all(nodes: Any, first: int) -> int:
    """The children `first` and those next to it become one heap; its root."""
    # In pairs from the left, then the pairs from the right: this is what makes a pop O(log n) amortised. Melded one after the
    # other, n children would be looked at again at every pop, and a long backlog would cost its square.
    pairs = NONE
    while first >= 0:
        second = nodes[first].next
        following = NONE
        root = first
        if second >= 0:
            following = nodes[second].next
            root = meld(nodes, first, second)
        nodes[root].next = pairs
        pairs = root
        first = following
    root = pairs
    pairs = nodes[root].next
    while pairs >= 0:
        following = nodes[pairs].next
        root = meld(nodes, root, pairs)
        pairs = following
    nodes[root].prev = NONE
    nodes[root].next = NONE
    return root


@kernel
def push(nodes: Any, roots: Any, queue: int, node: int) -> None:
    """Let a node, whose key is written, wait in a queue."""
    entry = nodes[node]
    entry.child = NONE
    entry.next = NONE
    entry.prev = NONE
    entry.queue = queue
    root = roots[queue]
    roots[queue] = node if root < 0 else meld(nodes, root, node)


@kernel
def pop(nodes: Any, roots: Any, queue: int) -> int:
    """Take the first out of a queue that is not empty."""
    root = roots[queue]
    child = nodes[root].child
    nodes[root].queue = NONE
    roots[queue] = child if child < 0 else meld_all(nodes, child)
    return root


@kernel
def following(nodes: Any, root: int, node: int) -> int:
    """The node after `node` on a walk through the heap of `root` that meets each once; NONE after the last."""
    if nodes[node].child >= 0:
        return int(nodes[node].child)
    while node != root and nodes[node].next < 0:
        # up to the parent: back over the siblings before it, the first of whom is the parent's child
        before = nodes[node].prev
        while nodes[before].child != node:
            node, before = before, nodes[before].prev
        node = before
    return NONE if node == root else int(nodes[node].next)


@kernel
def remove(nodes: Any, roots: Any, node: int) -> None:
    """Take a node out of its queue."""
    queue = nodes[node].queue
    if roots[queue] == node:
        pop(nodes, roots, queue)
        return
    before, following, child = nodes[node].prev, nodes[node].next, nodes[node].child
    if nodes[before].child == node:
        nodes[before].child = following
    else:
        nodes[before].next = following
    if following >= 0:
        nodes[following].prev = before
    if child >= 0:
        roots[queue] = meld(nodes, roots[queue], meld_all(nodes, child))
    nodes[node].queue = NONE
