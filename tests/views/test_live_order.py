"""The order in which a room tells its pages what is new."""

from __future__ import annotations

import asyncio
import json
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from vssim.scenario.workshop import workshop
from vssim.views.live.pictures.painter import Chorus, Turn
from vssim.views.live.room import audience, messages
from vssim.views.live.room.clients import Client
from vssim.views.live.room.director import Director
from vssim.views.live.room.setup import opened

KEY = "key"


@dataclass
class Wire:
    """Writes down to whom pictures are sent."""

    name: str
    sent: list[str]

    async def send_text(self, data: str) -> None:
        del data

    async def send_bytes(self, data: bytes) -> None:
        del data
        self.sent.append(self.name)


@dataclass
class Pictures(Wire):
    """A line that notes the version of every picture."""

    async def send_bytes(self, data: bytes) -> None:
        (length,) = struct.unpack_from("<I", data, 8)
        self.sent.append(str(json.loads(data[12 : 12 + length])["version"]))


async def receivers_of_a_picture(viewers: int) -> list[str]:
    """Who is sent the picture of a slider that is moved, in order."""
    director = Director(workshop, KEY, "workshop/stop-starting")
    await director.open()
    sent: list[str] = []
    names = [*(f"viewer {number}" for number in range(viewers)), "facilitator"]
    clients = [Client(Wire(name, sent)) for name in names]
    pumps = [asyncio.create_task(client.pump()) for client in clients]
    try:
        director.clients.update(clients)
        for name, client in zip(names, clients, strict=True):
            key = KEY if name == "facilitator" else None
            director.heard(client, messages.Hello(do="hello", id=name, key=key))
        while len(sent) < len(clients):
            await asyncio.sleep(0.01)
        sent.clear()
        path = director.setup.sliders[0].path
        director.heard(clients[-1], messages.Slider(do="slider", path=path, position=0, seq=1))
        while len(sent) < len(clients):
            await asyncio.sleep(0.01)
        return sent
    finally:
        for pump in pumps:
            pump.cancel()
        await director.close()


def test_the_page_on_which_a_slider_is_moved_has_the_picture_first() -> None:
    sent = asyncio.run(receivers_of_a_picture(viewers=12))
    assert sent[0] == "facilitator"
    assert sorted(sent[1:]) == sorted(f"viewer {number}" for number in range(12))


async def versions_of_a_quick_hand() -> tuple[list[int], int]:
    """Which pictures a viewer is sent of a slider that is moved on before it has the first; and which is on the wall in the end."""
    director = Director(workshop, KEY, "workshop/stop-starting")
    await director.open()
    seen: list[str] = []
    viewer, facilitator = Client(Pictures("viewer", seen)), Client(Pictures("facilitator", []))
    pumps = [asyncio.create_task(client.pump()) for client in (viewer, facilitator)]
    try:
        director.clients.update((viewer, facilitator))
        director.heard(viewer, messages.Hello(do="hello", id="viewer"))
        director.heard(facilitator, messages.Hello(do="hello", id="facilitator", key=KEY))
        path, version = director.setup.sliders[0].path, director.version
        for position in (0, 1, 0):
            director.heard(facilitator, messages.Slider(do="slider", path=path, position=position, seq=position))
            version += 1
            while director.version < version:
                await asyncio.sleep(0.001)
        while not seen or int(seen[-1]) < director.version:
            await asyncio.sleep(0.01)
        return [int(number) for number in seen], director.version
    finally:
        for pump in pumps:
            pump.cancel()
        await director.close()


def test_who_follows_a_quick_hand_has_its_last_picture_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "HEAD_START", 3.0)  # so that all moves come within it, however busy the machine is
    seen, last = asyncio.run(versions_of_a_quick_hand())
    assert seen == [last - 3, last]


def test_other_lucks_that_have_waited_for_a_picture_are_not_played_for_the_one_before() -> None:
    setup, turn = opened(workshop("workshop/stop-starting")), Turn()
    chorus = Chorus(setup, turn)
    same = threading.Event()
    same.set()
    with turn.first():
        singing = threading.Thread(target=chorus.sing, args=(3, same.is_set))
        singing.start()
        same.clear()
    singing.join()
    assert chorus.lucks.pairs == []
    same.set()
    chorus.sing(3, same.is_set)
    assert len(chorus.lucks.pairs) == 3


class Growing(list[Any]):
    """A list to which another thread appends whenever it has been read."""

    def __iter__(self) -> Iterator[Any]:
        yield from list(super().__iter__())
        self.append(self[0])


def test_an_answer_is_of_the_same_lucks_on_both_sides_while_more_are_played() -> None:
    lucks = opened(workshop("workshop/stop-starting")).lucks
    for _ in range(3):
        lucks.play()
    answer, times = repr(lucks.answer), repr(lucks.times())
    lucks.played = Growing(lucks.played[:3])
    assert repr(lucks.answer) == answer
    lucks.played = Growing(lucks.played[:3])
    assert repr(lucks.times()) == times
