"""Explorers: phones that try a setting of their own. Each has one thing played at a time, the newest of what it wants."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any

from vssim.errors import VssimError
from vssim.views.answers import told
from vssim.views.live.pictures.painter import Turn
from vssim.views.live.room import messages
from vssim.views.live.room.clients import Client
from vssim.views.live.room.setup import Setup

KEPT = 500
"""Answers that are kept: many phones try the same."""

ENOUGH = 20
"""Lucks of a phone's own answer, at most."""

Numbers = dict[str, Any]
"""What a phone shows: an answer in words."""


class Explorers:
    """Everybody's own sliders, beside one room."""

    def __init__(
        self,
        executor: Executor,
        turn: Turn,
        room: Callable[[], tuple[Setup, int]],
        begin: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._executor = executor
        self._turn = turn
        self._room = room
        self._begin = begin
        self._next: dict[Client, messages.Explore | None] = {}
        """by phone that has something played for it: what it wants next"""
        self._known: OrderedDict[tuple[int, str, int], Numbers] = OrderedDict()

    def wish(self, client: Client, said: messages.Explore) -> None:
        """A phone moved its slider; what it has wanted and is not yet played is overtaken."""
        if client not in self._next:
            self._next[client] = None
            self._begin(self._exploring(client, said))
            return
        overtaken, self._next[client] = self._next[client], said
        if overtaken is not None:
            client.reply(messages.refusal("", overtaken.seq))

    async def _exploring(self, client: Client, said: messages.Explore | None) -> None:
        try:
            while said is not None:
                await self._answer(client, said)
                said, self._next[client] = self._next[client], None
        finally:
            del self._next[client]

    async def _answer(self, client: Client, said: messages.Explore) -> None:
        setup, version = self._room()
        of = (version, said.path, said.position)
        if setup.stage is None:  # the room went back to the library meanwhile
            client.reply(messages.refusal("", said.seq))
            return
        if of not in self._known:
            try:
                played = asyncio.get_running_loop().run_in_executor(self._executor, self._played, setup, said)
                self._known[of] = await played
            except VssimError as error:
                client.reply(messages.refusal(str(error), said.seq))
                return
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        answer = {"kind": "explored", "seq": said.seq, "position": said.position, "answer": self._known[of]}
        client.reply(json.dumps(answer, ensure_ascii=False))

    def _played(self, setup: Setup, said: messages.Explore) -> Numbers:
        self._turn.wait()
        return explored(setup, said.path, said.position, self._turn.wait)


def explored(setup: Setup, path: str, position: int, pause: Callable[[], None] | None = None) -> Numbers:
    """The answer with one slider at another place, worked out as that on the wall is.

    `pause` is called again and again meanwhile: it may let others go first.
    """
    lucks = setup.moved(path, position).lucks
    for _ in range(min(setup.scenario.run.replications, ENOUGH)):
        lucks.play(pause)
    return told(lucks.answer)
