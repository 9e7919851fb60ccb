"""The desk beside a room: what is tried and kept, and stories of single items. None of it changes what is on the wall."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from vssim.errors import VssimError
from vssim.views.live.pictures.painter import Turn
from vssim.views.live.pictures.picture import Pair
from vssim.views.live.pictures.stories import story_of
from vssim.views.live.room import messages
from vssim.views.live.room.clients import Client
from vssim.views.live.room.explorers import explored
from vssim.views.live.room.guess import called
from vssim.views.live.room.setup import Setup
from vssim.views.live.room.tries import Ideas, Tries


@dataclass(frozen=True)
class Showing:
    """What is on the wall."""

    setup: Setup
    pair: Pair | None
    held_back: bool
    answer: dict[str, Any] | None
    """in words, as far as it has been worked out"""


class Desk:
    """Hears what needs no new picture, and tells what comes of it."""

    def __init__(
        self,
        executor: Executor,
        turn: Turn,
        showing: Callable[[], Showing],
        begin: Callable[[Coroutine[Any, Any, None]], None],
        tell_room: Callable[[], None],
    ) -> None:
        self.tries = Tries()
        self.ideas = Ideas()
        self._executor = executor
        self._turn = turn
        self._showing = showing
        self._begin = begin
        self._tell_room = tell_room

    def heard(self, client: Client, said: messages.Message) -> None:
        """Do what a page asks for; messages.Refused where there is nothing to do it with, or it is too early."""
        showing = self._showing()
        if showing.pair is None:
            raise messages.Refused("there is no scenario in the room yet")
        if isinstance(said, messages.Story):
            self._begin(self._tell_story(client, said, showing.pair, showing.held_back))
            return
        if showing.held_back:
            raise messages.Refused("first the guess")
        if isinstance(said, messages.Keep):
            self._keep(said, showing)
        elif isinstance(said, messages.Send):
            showing.setup.moved(said.path, said.position)
            self.tries.send(client.id, said.path, said.position)
            self._try(showing.setup)
        else:
            assert isinstance(said, messages.Edit)
            if said.path is not None:
                showing.setup.slider(said.path)
            self.tries.path, self.tries.everything = said.path, said.all
            self._try(showing.setup)

    def told(self) -> dict[str, Any]:
        """What pages are told of tries and ideas."""
        showing = self._showing()
        open_ = showing.setup.stage is not None and not showing.held_back
        tried = self.tries.told(showing.setup) if open_ else None
        if tried is not None and self.tries.missing(showing.setup):
            self._begin(self._trying(showing.setup))
        return {"tried": tried, "ideas": self.ideas.told(showing.setup.source)}

    def _keep(self, said: messages.Keep, showing: Showing) -> None:
        name = called(said.name)
        if showing.answer is None or not name:
            raise messages.Refused("there is nothing to keep yet" if name else "an idea needs a name")
        self.ideas.keep(name, showing.setup, showing.answer)
        self._tell_room()

    def _try(self, setup: Setup) -> None:
        """What is tried is told now, and again when its answers are worked out."""
        self._tell_room()
        if self.tries.missing(setup):
            self._begin(self._trying(setup))

    _at_work = False

    async def _trying(self, setup: Setup) -> None:
        if self._at_work:
            return
        self._at_work = True
        loop = asyncio.get_running_loop()
        try:
            of = self.tries.of
            while missing := self.tries.missing(setup):
                path, position = missing[0]
                answer = await loop.run_in_executor(self._executor, explored, setup, path, position, self._turn.wait)
                if of != self.tries.of:
                    return
                self.tries.values[path, position] = answer["after"]
                self.tries.before = answer["before"]
                self._at_work = len(self.tries.missing(setup)) > 0
                self._tell_room()
                setup = self._showing().setup
        finally:
            self._at_work = False

    async def _tell_story(self, client: Client, said: messages.Story, pair: Pair, held_back: bool) -> None:
        loop = asyncio.get_running_loop()
        try:
            told = await loop.run_in_executor(self._executor, story_of, pair, said.item, said.day, held_back)
        except VssimError as error:
            client.reply(messages.refusal(str(error), None))
        else:
            client.reply(json.dumps({"kind": "story", **told}, ensure_ascii=False))
