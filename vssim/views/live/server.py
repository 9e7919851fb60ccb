"""The server: pages, assets, downloads and the websocket of one room. Strict about who may embed, ask and send what."""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from vssim.errors import VssimError
from vssim.views.live import downloads, messages
from vssim.views.live.clients import Client
from vssim.views.live.director import Director
from vssim.views.live.invitation import qr

STATIC = Path(__file__).with_name("static")
PLAYER = Path(__file__).parents[1] / "player" / "static"

MOST_CLIENTS = 300
"""Pages in a room, at most."""

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}

LOOPBACK = ("localhost", "127.0.0.1", "::1")

mimetypes.add_type("text/javascript", ".js")


def app(director: Director, hosts: tuple[str, ...] | None = None) -> ASGIApp:
    """The application of a room; `hosts`: the names it answers to (None: any)."""
    room = _Room(director)

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        await director.open()
        try:
            yield
        finally:
            await director.close()

    routes = [
        Route("/", _file(STATIC / "live.html")),
        Route("/join", _file(STATIC / "join.html")),
        Route("/favicon.ico", _file(STATIC / "icon.svg")),
        Route("/qr.svg", room.qr),
        Route("/state.yaml", room.state),
        Route("/report.html", room.report),
        Route("/visits.csv", room.visits),
        Mount("/assets/live", StaticFiles(directory=STATIC)),
        Mount("/assets/player", StaticFiles(directory=PLAYER)),
        WebSocketRoute("/ws", room.socket),
    ]
    return _Guarded(Starlette(routes=routes, lifespan=lifespan), director, hosts)


def _file(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def found(_: Request) -> Response:
        return FileResponse(path)

    return found


class _Guarded:
    """Puts the same headers on everything, and turns away who calls the machine by another name (DNS rebinding)."""

    def __init__(self, inner: ASGIApp, director: Director, hosts: tuple[str, ...] | None) -> None:
        self.inner = inner
        self.director = director
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._known(scope):
            await PlainTextResponse("this room does not answer to that name\n", 421)(scope, receive, send)
        elif scope["type"] == "websocket" and not (self._known(scope) and _same_origin(scope)):
            await WebSocket(scope, receive, send).close(1008)
        else:
            await self.inner(scope, receive, _with_headers(send))

    def _known(self, scope: Scope) -> bool:
        return self.hosts is None or urlsplit(f"//{_header(scope, b'host')}").hostname in self.hosts


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in there]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sending


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _same_origin(scope: Scope) -> bool:
    """A browser says where the page came from; it must be from here."""
    origin = _header(scope, b"origin")
    return not origin or urlsplit(origin).netloc == _header(scope, b"host")


class _Room:
    """The endpoints around one director."""

    def __init__(self, director: Director) -> None:
        self.director = director
        self._reporting = asyncio.Lock()
        self._report: tuple[int, str] | None = None

    async def socket(self, socket: WebSocket) -> None:
        """One page: hear it and tell it, until either side is gone."""
        if len(self.director.clients) >= MOST_CLIENTS:
            await socket.close(1013)
            return
        await socket.accept()
        client = Client(socket)
        self.director.clients.add(client)
        tasks = [asyncio.create_task(client.pump()), asyncio.create_task(self._hear(socket, client))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.director.left(client)
            await _leave(socket)

    async def _hear(self, socket: WebSocket, client: Client) -> None:
        refused = 0
        while refused < MOST_REFUSED:
            said = await socket.receive()
            if said["type"] != "websocket.receive":
                return
            seq = None
            try:
                client.count()
                message = messages.read(said.get("text") or said.get("bytes") or "")
                seq = getattr(message, "seq", None)
                self.director.heard(client, message)
            except (messages.Refused, VssimError) as error:
                refused += 1
                client.reply(messages.refusal(str(error), seq))

    async def qr(self, _: Request) -> Response:
        """The address of the phones' page as a picture."""
        if self.director.join is None:
            return PlainTextResponse("nobody can join from elsewhere: the room is on loopback\n", 404)
        return Response(qr(self.director.join), media_type="image/svg+xml")

    async def state(self, _: Request) -> Response:
        """The scenario file of what is shown."""
        return self._refused() or _download(downloads.state(self.director.setup), "room.yaml", "application/yaml")

    async def visits(self, _: Request) -> Response:
        """The data of what is shown."""
        pair = self.director.pair
        refused = self._refused()
        if refused is not None or pair is None:
            return refused or Response(status_code=409)
        return _download(await run_in_threadpool(downloads.visits, pair), "visits.csv", "text/csv")

    async def report(self, _: Request) -> Response:
        """The report of what is shown; played once, however many ask."""
        refused = self._refused()
        if refused is not None:
            return refused
        async with self._reporting:
            version, setup = self.director.version, self.director.setup
            if self._report is None or self._report[0] != version:
                self._report = (version, await run_in_threadpool(downloads.report, setup))
            return _download(self._report[1], "report.html", "text/html")

    def _refused(self) -> Response | None:
        if self.director.pair is None:
            return PlainTextResponse("there is no scenario in the room yet\n", 409)
        if self.director.held_back:
            return PlainTextResponse("first the guess: the answer is not on the board yet\n", 409)
        return None


async def _leave(socket: WebSocket) -> None:
    """Close, and hear out for a moment what is still under way: who is not read cannot say goodbye."""
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
        await socket.close()
        async with asyncio.timeout(1):
            while (await socket.receive())["type"] == "websocket.receive":
                pass


MOST_REFUSED = 200
"""Refusals after which a page is let go."""


def _download(text: str, name: str, kind: str) -> Response:
    return Response(text, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
