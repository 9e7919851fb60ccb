"""A hostile room: who is silent, slow or rude keeps nobody out, and is answered without a traceback."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.views.live_pages import PATIENCE
from tests.views.live_server import KEY, Serving, serving
from vssim.errors import UsageError
from vssim.views.live.serving import patience, serve, server
from vssim.views.live.serving.patience import Waiting


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room with little patience, so that tests need none."""
    monkeypatch.setattr(patience, "HELLO", 0.6)
    monkeypatch.setattr(server, "HELLO", 0.6)


@pytest.fixture
def room(quick: None) -> Iterator[Serving]:
    with serving("workshop/stop-starting") as found:
        yield found


def silent(room: Serving) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{room.port}/ws", compression=None, open_timeout=PATIENCE)


def leads(room: Serving) -> bool:
    """Whether the facilitator, coming now, is welcomed as such."""
    with silent(room) as wire:
        wire.send(json.dumps({"do": "hello", "page": "room", "key": KEY, "id": "leader"}))
        for _ in range(50):
            said = wire.recv(timeout=PATIENCE)
            if isinstance(said, str) and json.loads(said).get("kind") == "welcome":
                return bool(json.loads(said)["facilitator"])
    return False


def talk(wire: ClientConnection) -> None:
    """Say what is no hello, until the other side has enough."""
    for _ in range(200):
        wire.send('{"do": "nonsense"}')
        wire.recv(timeout=PATIENCE)
        time.sleep(0.05)


def hear_out(wire: ClientConnection) -> None:
    """Hear until the other side goes."""
    for _ in range(50):
        wire.recv(timeout=PATIENCE)


def raw(room: Serving, content: bytes, wait: float = PATIENCE) -> bytes:
    """What comes back on a plain connection until the other side closes it."""
    with socket.create_connection(("127.0.0.1", room.port), timeout=wait) as wire:
        wire.sendall(content)
        found = b""
        while more := wire.recv(65536):
            found += more
        return found


def test_three_hundred_silent_sockets_do_not_lock_the_facilitator_out(room: Serving) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            try:
                stack.enter_context(silent(room))
            except (InvalidStatus, OSError, TimeoutError, ConnectionClosed):
                continue
        assert len(room.director.clients) <= patience.MOST_SILENT
        assert leads(room)
        time.sleep(1.5)
        assert not room.director.clients


def test_who_says_hello_may_be_silent_afterwards(room: Serving) -> None:
    with silent(room) as wire:
        wire.send(json.dumps({"do": "hello", "page": "join", "id": "phone"}))
        time.sleep(1.5)
        assert len(room.director.clients) == 1


def test_who_talks_without_hello_is_let_go_too(room: Serving) -> None:
    with silent(room) as wire:
        began = time.monotonic()
        with pytest.raises(ConnectionClosed):
            talk(wire)
        assert time.monotonic() - began < 5


def test_a_full_room_has_a_place_for_whoever_has_the_key(room: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CLIENTS", 2)
    with ExitStack() as stack:
        for number in range(2):
            wire = stack.enter_context(silent(room))
            wire.send(json.dumps({"do": "hello", "page": "join", "id": f"phone {number}"}))
            wire.recv(timeout=PATIENCE)
        third = stack.enter_context(silent(room))
        third.send(json.dumps({"do": "hello", "page": "join", "id": "third"}))
        with pytest.raises(ConnectionClosed):
            hear_out(third)
        assert leads(room)


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET / HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /jo",
    ],
)
def test_a_request_that_never_ends_is_let_go(half: bytes, room: Serving) -> None:
    began = time.monotonic()
    raw(room, half, wait=10)
    assert time.monotonic() - began < 8


def test_half_requests_keep_nobody_out(room: Serving) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            wire = stack.enter_context(socket.create_connection(("127.0.0.1", room.port), timeout=PATIENCE))
            wire.sendall(b"GET / HTTP/1.1\r\n")
        assert leads(room)


@pytest.mark.parametrize("host", ["[", "[::1", "]", "a[b", "[]:x"])
def test_a_host_that_is_none_is_a_400_without_a_traceback(host: str, room: Serving, capfd: pytest.CaptureFixture[str]) -> None:
    answer = raw(room, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ", 2)[1] in (b"400", b"421")
    upgrade = (
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    refused = raw(room, f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: http://[\r\n{upgrade}\r\n".encode())
    assert refused.split(b" ", 2)[1] in (b"400", b"403", b"421")
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("key", ["", "the-key", "schlüssel", KEY + "x", "😀"])
def test_another_key_does_not_lead(key: str, room: Serving) -> None:
    with silent(room) as wire:
        wire.send(json.dumps({"do": "hello", "page": "room", "key": key, "id": "rude"}))
        said = json.loads(wire.recv(timeout=PATIENCE))
        assert (said["kind"], said["facilitator"]) == ("welcome", False)


@pytest.mark.parametrize("host", ["no such host", "203.0.113.7", "x" * 300, "256.1.1.1"])
def test_a_wrong_host_has_a_sentence_of_its_own(host: str) -> None:
    with pytest.raises(UsageError, match=r"--host: got .*, expected an address of this machine"):
        serve.bound(host, 0)


def test_of_the_silent_ones_who_has_waited_longest_goes_first() -> None:
    waiting, gone = Waiting(), list[int]()
    for number in range(patience.MOST_SILENT_OF_ONE + 2):
        waiting.came(number, "here", lambda number=number: gone.append(number))  # type: ignore[misc]
    assert gone == [0, 1]
    waiting.spoke(2)
    waiting.came("new", "here", lambda: gone.append(-1))
    assert gone == [0, 1]
    for number in range(1000, 1200):
        waiting.came(number, f"there {number}", lambda: None)
    assert len(waiting) == patience.MOST_SILENT
