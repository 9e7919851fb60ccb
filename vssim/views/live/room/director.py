"""The director: the one room of a server. It hears what pages ask for, has it painted, and tells everybody.

Everything here runs in the event loop and is quick; runs are played on threads of their own, one for what is watched and one for
everything else, so that a slow one never keeps a page from being heard.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

from vssim.analysis.interactive.stage import prepare
from vssim.errors import VssimError
from vssim.views import answers
from vssim.views.live.pictures.painter import Chorus, Painted, Painter, Turn
from vssim.views.live.pictures.picture import TITLES, Pair, encode
from vssim.views.live.room import messages, telling
from vssim.views.live.room.audience import Audience
from vssim.views.live.room.clients import Client, same_key
from vssim.views.live.room.clock import Clock
from vssim.views.live.room.desk import Desk, Showing
from vssim.views.live.room.explorers import Explorers
from vssim.views.live.room.foreground import Foreground
from vssim.views.live.room.guess import Guess, called
from vssim.views.live.room.setup import NEW, Opener, Setup, is_shown
from vssim.views.live.room.wording import question_about

log = logging.getLogger(__name__)

MOMENT = 4.0
"""How long a room waits for an answer that is not worked out yet [seconds]."""

PAUSE = 0.25
"""How long a picture has to be on the wall before other lucks are played: not while a slider is dragged [seconds]."""

AT_A_TIME = 5
"""Lucks between two sentences about them."""

FIRST = next(iter(TITLES))


class Director:
    """A room and everybody in it."""

    def __init__(self, opener: Opener, key: str, source: str | None = None, join: str | None = None) -> None:
        self.key = key
        self.join = join
        self._audience = Audience()
        self.clients = self._audience.clients
        self.setup = Setup()
        self.pair: Pair | None = None
        self.version = 0
        self.chart = FIRST
        self.clock = Clock()
        self.guess: Guess | None = None
        self.foreground = Foreground(self._tell_room)
        self.opened = 0.0
        """the most average day of what is shown"""
        self.results: dict[int, dict[str, Any]] = {}
        """by round, what was asked, how many guessed what, and the answer; once revealed"""
        self.touched = False
        """True once a facilitator has asked for something"""
        self._source = source
        self._turn = Turn()
        self._painter = Painter(opener)
        self._front = ThreadPoolExecutor(1, "watched")
        self._back = ThreadPoolExecutor(1, "beside")
        self._wishes: list[tuple[Client | None, messages.Message]] = []
        self._wished = asyncio.Event()
        self._chorus: Chorus | None = None
        self._sing = asyncio.Event()
        self._explorers = Explorers(self._back, self._turn, lambda: (self.setup, self.version), self._begin)
        self.desk = Desk(self._back, self._turn, self._shown_now, self._begin, self._tell_room)
        self._tasks: set[asyncio.Task[None]] = set()
        self._over = False

    # ---- the room's life

    async def open(self) -> None:
        """Begin: what was asked for on the command line is in the room when the first page comes."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._front, prepare)
        if self._source is None:
            await loop.run_in_executor(self._front, telling.lobby)
        if self._source is not None:
            self._wishes.append((None, messages.Open(do="open", source=self._source)))
            await self._paint()
        self._begin(self._painting())
        self._begin(self._singing())
        gc.freeze()  # what is loaded by now is there until the end: nobody who moves a slider need wait until it is looked through

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("something in the room went wrong", exc_info=error)

    async def close(self) -> None:
        """End: nothing is played on."""
        self._over = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for executor in (self._front, self._back):
            executor.shutdown(wait=True, cancel_futures=True)

    def _shown_now(self) -> Showing:
        """What is on the wall now."""
        chorus = self._chorus
        answer = None if chorus is None or not chorus.lucks.played else answers.told(chorus.lucks.answer)
        return Showing(self.setup, self.pair, self.held_back, answer)

    @property
    def held_back(self) -> bool:
        """True while the room guesses: nothing of the right side is told."""
        return self.guess is not None and not self.guess.revealed

    # ---- what pages say

    def heard(self, client: Client, message: messages.Message) -> None:
        """Do what a page asks for; messages.Refused where it may not, or makes no sense."""
        if isinstance(message, messages.Hello):
            self._welcome(client, message)
            return
        if not client.page:
            raise messages.Refused("say hello first")
        if not client.facilitator and not isinstance(message, messages.EVERYBODY):
            raise messages.Refused("only the facilitator can do that")
        self.touched = self.touched or client.facilitator
        if isinstance(message, messages.WISHES):
            self._wish(client, message)
        elif isinstance(message, messages.BESIDE):
            self.desk.heard(client, message)
        else:
            self._answers[type(message)](self, client, message)

    def _welcome(self, client: Client, hello: messages.Hello) -> None:
        client.page, client.id, client.name = hello.page, hello.id, called(hello.name)
        client.facilitator = same_key(hello.key, self.key)
        client.reply(messages.written({"kind": "welcome", "facilitator": client.facilitator}))
        self._tell_picture(None, [client])
        self._tell_lucks(client)
        self._tell_joined()
        if client.facilitator and (hello.fresh or not self.touched) and hello.query:
            self.touched = True
            self._restore(client, hello.query)

    def _restore(self, client: Client, query: str) -> None:
        said = dict(parse_qsl(query.lstrip("?"), max_num_fields=100))
        if "scenario" in said:
            self._wish(client, messages.Restore(query=query))
            self.chart = said["chart"] if said.get("chart") in TITLES else self.chart
            with contextlib.suppress(KeyError, ValueError):
                self._day = min(max(0.0, float(said["day"])), 1e9)

    _day: float | None = None
    """where the next picture begins, when an address said so"""

    def _wish(self, client: Client | None, message: messages.Message) -> None:
        self._wishes.append((client, message))
        self._wished.set()

    def left(self, client: Client) -> None:
        """A page is gone."""
        self.clients.discard(client)
        self._tell_joined()

    # ---- pictures

    async def _painting(self) -> None:
        while True:
            await self._wished.wait()
            self._wished.clear()
            with self._turn.first():
                await self._paint()
                await asyncio.sleep(0)  # so that the pages are sent it

    async def _paint(self) -> None:
        wishes, self._wishes = self._wishes, []
        before = self.setup
        loop = asyncio.get_running_loop()
        try:
            painted: Painted = await loop.run_in_executor(self._front, self._painter.paint, before, wishes, self.chart)
        except Exception as error:  # whatever it is, the room goes on with what it has
            log.exception("a picture could not be made")
            painted = Painted(before, self.pair, tuple((who, wish, f"this cannot be shown: {error!r}") for who, wish in wishes))
        for who, wish, why in painted.refused:
            if who is None:
                raise VssimError(why)
            who.reply(messages.refusal(why, messages.seq_of(wish)))
        refused = {id(wish) for _, wish, _ in painted.refused}
        answered = [(who, wish) for who, wish in wishes if id(wish) not in refused]
        if answered:
            self._hang(painted, answered[-1][1])
            for who, wish in answered[:-1]:
                if who is not None and messages.seq_of(wish) is not None:
                    who.reply(messages.refusal("", messages.seq_of(wish)))

    def _hang(self, painted: Painted, wish: messages.Message) -> None:
        """The new picture is on the wall."""
        self.setup, self.pair = painted.setup, painted.pair
        self.version += 1
        self._ask_again(wish)
        if isinstance(wish, NEW):
            self.foreground.shown = "boards"
        if isinstance(wish, messages.Open | messages.Restore):
            self.results = {}
        self._set_clock(painted.day)
        if self.setup.stage is not None:
            self.desk.tries.begin(self.setup)
        self._start_lucks()
        version, seq = self.version, messages.seq_of(wish)
        self._tell_picture(seq, self._audience.leading)
        self._begin(self._audience.follow(lambda to: self._tell_picture(seq, to), lambda: self.version == version))

    def _tell_picture(self, seq: int | None, to: Iterable[Client] | None = None) -> None:
        clients = self._audience.everybody if to is None else list(to)
        self._tell_room(clients)
        for client in clients:
            self._show(client, seq)

    def _ask_again(self, wish: messages.Message) -> None:
        """What is opened begins with a question; an answer is over when what it was about has changed."""
        setup = self.setup
        if setup.stage is None or (isinstance(wish, messages.Restore) and is_shown(wish.query)):
            self.guess = None
        elif isinstance(wish, messages.Open | messages.Round | messages.Restore | messages.Change):
            self.guess = self._question() if setup.leg is not None or setup.is_changed else None
            self.chart = FIRST if not isinstance(wish, messages.Restore) else self.chart
        elif isinstance(wish, messages.Seed | messages.World) and self.guess is not None and self.guess.revealed:
            self.guess = None

    def _question(self, asked: str | None = None) -> Guess:
        """The question about what is shown."""
        setup = self.setup
        name = telling.right(setup)["name"]
        words = setup.leg.question if setup.leg is not None else f"{name}. {question_about(setup.metric)}"
        return Guess(asked or words, setup.metric, change=setup.arrangement.change)

    def _set_clock(self, day: float | None) -> None:
        """The day stays, unless another question begins."""
        setup, clock = self.setup, self.clock
        if setup.stage is None:
            return
        horizon = setup.scenario.run.horizon
        start = day if self._day is None else self._day
        if start is not None:
            clock.horizon = horizon
            clock.set(start, False, max(1.0, round(horizon / 45)))
        self.opened = self.opened if day is None else day
        self._day = None

    def _show(self, client: Client, seq: int | None) -> None:
        """Have the picture sent to a page, with the left trace only if it has not got it."""
        if self.pair is None or client.page != "room":
            return
        pair, version, held_back = self.pair, self.version, self.held_back

        def picture(to: Client) -> bytes:
            known = to.left == pair.left.key
            to.left = pair.left.key
            return self._encoded(pair, version, seq, held_back, known)

        client.put("picture", picture)

    _bytes: tuple[tuple[Any, ...], bytes] | None = None
    """the latest picture that was encoded, and of what: all pages of a room get the same"""

    def _encoded(self, pair: Pair, version: int, seq: int | None, held_back: bool, known: bool) -> bytes:
        of = (version, seq, held_back, known, self.chart)
        if self._bytes is None or self._bytes[0] != of:
            day = round(self.clock.now(), 3)
            made = encode(pair, self.chart, version=version, seq=seq, day=day, held_back=held_back, left_known=known)
            self._bytes = (of, made)
        return self._bytes[1]

    # ---- what needs no new run

    def _again(self, client: Client, _: messages.Again) -> None:
        client.left = None
        self._tell_picture(None, [client])

    def _clock(self, client: Client, said: messages.Clock) -> None:
        self.clock.set(said.day, said.playing, said.speed)
        client.heard("moved", said.seq)
        self._tell("clock", {"kind": "clock", **self.clock.told()})

    def _chart(self, _: Client, said: messages.Chart) -> None:
        if said.chart not in TITLES:
            raise messages.Refused(f"there is no chart {said.chart!r}; there are {', '.join(TITLES)}")
        self.chart = said.chart
        self._tell_room()
        if self.pair is not None:
            pair = self.pair
            hidden = self.held_back
            drawn = {"left": pair.chart(self.chart, pair.left), "right": None if hidden else pair.chart(self.chart, pair.right)}
            self._tell("charts", {"kind": "charts", "version": self.version, "chart": self.chart, **drawn}, "room")

    def _vote(self, client: Client, said: messages.Vote) -> None:
        if self.guess is None:
            raise messages.Refused("there is nothing to guess at the moment")
        if not self.guess.vote(client.id, said.answer, client.name):
            raise messages.Refused("too late: the answer is on the board" if self.guess.revealed else "too many have voted")
        self._tell("votes", {"kind": "votes", "votes": self.guess.of})

    def _called(self, client: Client, said: messages.Called) -> None:
        client.name = called(said.name)
        if self.guess is not None:
            self.guess.call(client.id, client.name)

    def _shown(self, client: Client, said: messages.Show) -> None:
        self.foreground.check(said.what, self.setup, self.guess)
        client.heard("looked", said.seq)
        self.foreground.show(said.what)

    def _hands(self, _: Client, said: messages.Hands) -> None:
        if self.guess is None or self.guess.revealed:
            raise messages.Refused("there is nothing to guess at the moment")
        self.guess.hands.clear()
        self.guess.hands.update({"up": said.up, "same": said.same, "down": said.down})
        self._tell("votes", {"kind": "votes", "votes": self.guess.of})
        self._tell_room(self._audience.leading)

    def _guess(self, _: Client, said: messages.Guess) -> None:
        if self.pair is None:
            raise messages.Refused("there is no scenario in the room yet")
        if said.action == "ask":
            self.guess = self._question(said.question)
        elif said.action == "drop":
            self.guess = None
        elif self.held_back:
            assert self.guess is not None
            if said.change not in (None, self.guess.change) or said.metric not in (None, self.guess.metric):
                raise messages.Refused("the room is asked about something else now")
            self._begin(self._reveal(said.seq))
            return
        self._told_anew(said.seq)

    async def _reveal(self, seq: int | None) -> None:
        """The answer is what many lucks say, not the one run on the board; as many as can be played in a moment."""
        guess, chorus, version = self.guess, self._chorus, self.version
        if guess is None or chorus is None:
            return
        until = time.monotonic() + MOMENT
        while (done := len(chorus.lucks.played)) < chorus.of and (not done or time.monotonic() < until):
            await self._sung(chorus, done + 1, version)
        if self.guess is guess and version == self.version:
            guess.tell(chorus.lucks.answer, chorus.bars(), version)
            self.results |= telling.result(self.setup, guess)
            self.foreground.show("result")
            self._told_anew(seq)

    def _told_anew(self, seq: int | None) -> None:
        """What is held back has changed."""
        self._tell_picture(seq)
        self._tell_lucks()

    def _explore(self, client: Client, said: messages.Explore) -> None:
        if self.pair is None or self.held_back:
            raise messages.Refused("first the guess" if self.held_back else "there is no scenario in the room yet")
        self._explorers.wish(client, said)

    _answers: dict[type[messages.Message], Callable[[Any, Client, Any], None]] = {  # noqa: RUF012 - it never changes
        messages.Again: _again,
        messages.Clock: _clock,
        messages.Chart: _chart,
        messages.Vote: _vote,
        messages.Called: _called,
        messages.Show: _shown,
        messages.Hands: _hands,
        messages.Guess: _guess,
        messages.Explore: _explore,
    }

    # ---- the other lucks

    def _start_lucks(self) -> None:
        self._chorus = None
        if self.setup.stage is not None:
            self._chorus = Chorus(self.setup, self._turn)
        self._sing.set()

    async def _singing(self) -> None:
        while True:
            await self._sing.wait()
            self._sing.clear()
            chorus, version = self._chorus, self.version
            await asyncio.sleep(PAUSE)
            if chorus is not None and version == self.version:
                self._tell_lucks()
            while chorus is not None and version == self.version and (done := len(chorus.lucks.played)) < chorus.of:
                await self._sung(chorus, min(done + AT_A_TIME, chorus.of), version)
                if version == self.version:
                    self._tell_lucks()
            if chorus is not None and self.guess is not None and self.guess.version == version == self.version:
                self.guess.tell(chorus.lucks.answer, chorus.bars(), version)  # of all lucks; till then all have what was revealed
                self.results |= telling.result(self.setup, self.guess)
                self._tell_room()

    async def _sung(self, chorus: Chorus, until: int, version: int) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._back, chorus.sing, until, lambda: version == self.version and not self._over)

    def _tell_lucks(self, only: Client | None = None) -> None:
        chorus = self._chorus
        if chorus is None or not chorus.lucks.played:
            return
        told = chorus.today() if self.held_back else chorus.told()
        self._tell("lucks", {**told, "version": self.version}, None, only)

    # ---- telling everybody

    def _tell(self, kind: str, said: dict[str, Any], page: str | None = None, only: Client | None = None) -> None:
        self._audience.put(kind, messages.written(said), page, None if only is None else [only])

    def _tell_room(self, to: Iterable[Client] | None = None) -> None:
        said = telling.room(self.setup, version=self.version, chart=self.chart, clock=self.clock, guess=self.guess)
        self.foreground.settle(self.setup, self.guess)
        said["results"] = telling.in_order(self.results) if self.foreground.shown == "lesson" else []
        said |= {"told": sorted(self.results), "opened": self.opened, **self.desk.told()}
        said |= {"shows": self.foreground.shown, "joined": self._audience.joined, "join": self.join}
        everybody = messages.written(said)
        facilitator = messages.written({**said, **telling.beside(self.setup, self.guess)})
        for client in self._audience.everybody if to is None else to:
            if client.page:
                client.put("room", facilitator if client.facilitator else everybody)

    def _tell_joined(self) -> None:
        self._tell("joined", {"kind": "joined", "joined": self._audience.joined})
