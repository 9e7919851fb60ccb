"""The board: who holds which token, and where there is room. Limits count items; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable

from vssim.clock import NO_LIMIT
from vssim.engines.reference.item import NOBODY, NOWHERE, Item
from vssim.engines.reference.organisation import Organisation


class Board:
    """Tokens of steps, teams, the stream and item types."""

    def __init__(self, organisation: Organisation, steps: int, types: int, teams: int) -> None:
        self.organisation = organisation
        self.column = [0] * steps
        """items in each step's column"""
        self.in_span = [0] * len(organisation.spans.limit)
        """items that each limit over columns counts"""
        self.in_stream = 0
        self.in_type = [0] * types
        self.owned: list[dict[Item, None]] = [{} for _ in range(teams)]
        """items that each team owns, in no order that matters"""

    def step_has_room(self, step: int) -> bool:
        """True when one more item may enter the step's column."""
        return self.column[step] < self.organisation.steps.limit[step]

    def spans_have_room(self, item: Item, step: int) -> bool:
        """True when every limit over columns that counts the step, and not the item already, has room for it."""
        over = self.organisation.spans_over
        return all(
            self.in_span[span] < self.organisation.spans.limit[span]
            for span in over(step, item.type) - over(item.column, item.type)
        )

    def stream_has_room(self) -> bool:
        """True when one more item may leave the backlog, as far as the whole stream is concerned."""
        return self.in_stream < self.organisation.stream_limit

    def type_has_room(self, kind: int) -> bool:
        """True when one more item of this type may leave the backlog."""
        return self.in_type[kind] < self.organisation.types.limit[kind]

    def team_has_room(self, team: int, step: int) -> bool:
        """True when the team may own one more item that stands at `step`: it has room, or that is further down than all it owns."""
        limit = self.organisation.teams.limit[team]
        if limit == NO_LIMIT:
            return True
        return sum(not item.parked for item in self.owned[team]) < limit or all(
            item.column < step for item in self.owned[team] if not (item.parked or item.gathering)
        )

    def enter_stream(self, item: Item) -> None:
        """The item leaves the backlog."""
        self.in_stream += 1
        self.in_type[item.type] += 1

    def leave_stream(self, item: Item) -> None:
        """The item leaves the value stream; all its tokens are freed."""
        self.leave_column(item)
        self.disown(item)
        self.in_stream -= 1
        self.in_type[item.type] -= 1

    def enter_column(self, item: Item, step: int) -> None:
        """The item takes a step's token."""
        self.column[step] += 1
        item.column = step
        self._count_in_spans(item, 1)

    def leave_column(self, item: Item) -> None:
        """The item frees its step's token, if it holds one."""
        if item.column != NOWHERE:
            self.column[item.column] -= 1
            self._count_in_spans(item, -1)
            item.column = NOWHERE

    def _count_in_spans(self, item: Item, number: int) -> None:
        for span in self.organisation.spans_over(item.column, item.type):
            self.in_span[span] += number

    def come_under(self, organisation: Organisation, items: Iterable[Item]) -> None:
        """Another organisation is in force: its limits over columns may count others."""
        self.organisation = organisation
        self.in_span = [0] * len(self.in_span)
        for item in items:
            if item.column != NOWHERE:
                self._count_in_spans(item, 1)

    def own(self, item: Item, team: int) -> None:
        """The team takes the item."""
        item.owner = team
        self.owned[team][item] = None

    def disown(self, item: Item) -> None:
        """The owner, if there is one, lets the item go."""
        if item.owner != NOBODY:
            del self.owned[item.owner][item]
            item.owner = NOBODY
