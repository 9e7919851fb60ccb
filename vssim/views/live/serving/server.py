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
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from vssim import language
from vssim.errors import VssimError
from vssim.views import palette
from vssim.views.live.room import messages
from vssim.views.live.room.clients import Client
from vssim.views.live.room.director import Director
from vssim.views.live.serving import downloads, parting
from vssim.views.live.serving.invitation import qr
from vssim.views.live.serving.patience import HELLO, Waiting
from vssim.views.report.bundle import policy
from vssim.views.report.page import past_alone

STATIC = Path(__file__).parents[1] / "static"
PLAYER = Path(__file__).parents[2] / "player" / "static"

MOST_CLIENTS = 300
"""Pages in a room, at most."""

RESERVED = 10
"""Places beyond these, for whoever has the key."""

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
        Route("/replayed.html", room.replayed),
        Route("/assets/player/palette.css", _palette),
        Mount("/assets/live", StaticFiles(directory=STATIC)),
        Mount("/assets/player", StaticFiles(directory=PLAYER)),
        Route("/last", room.last, methods=["POST"]),
        WebSocketRoute("/ws", room.socket),
    ]
    return _Guarded(Starlette(routes=routes, lifespan=lifespan), director, hosts)


async def _palette(_: Request) -> Response:
    """The colours and patterns of all pages."""
    return Response(palette.sheet(), media_type="text/css")


def _file(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def file_answer(_: Request) -> Response:
        return HTMLResponse(language.page(path.read_text(encoding="utf-8"))) if path.suffix == ".html" else FileResponse(path)

    return file_answer


class _Guarded:
    """Puts the same headers on everything, and turns away who calls the machine by another name (DNS rebinding)."""

    def __init__(self, inner: ASGIApp, director: Director, hosts: tuple[str, ...] | None) -> None:
        self.inner = inner
        self.director = director
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _name(_header(scope, b"host")) is None:
            await PlainTextResponse("the request names no host\n", 400)(scope, receive, send)
        elif scope["type"] == "http" and not self._known(scope):
            await PlainTextResponse("this room does not answer to that name\n", 421)(scope, receive, send)
        elif scope["type"] == "websocket" and not (self._known(scope) and _same_origin(scope)):
            await WebSocket(scope, receive, send).close(1008)
        else:
            await self.inner(scope, receive, _with_headers(send))

    def _known(self, scope: Scope) -> bool:
        name = _name(_header(scope, b"host"))
        return name is not None and (self.hosts is None or name in self.hosts)


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


def _name(host: str) -> str | None:
    """The name in a Host header, '' for an empty one; None for what is none, such as a bracket that is not closed."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return None


def _same_origin(scope: Scope) -> bool:
    """A browser says where the page came from; it must be from here."""
    origin = _header(scope, b"origin")
    try:
        return not origin or urlsplit(origin).netloc == _header(scope, b"host")
    except ValueError:
        return False


class _Room:
    """The endpoints around one director."""

    def __init__(self, director: Director) -> None:
        self.director = director
        self._silent = Waiting()
        self._reporting = asyncio.Lock()
        self._report: tuple[int, str] | None = None

    async def socket(self, socket: WebSocket) -> None:
        """One page: hear it and tell it, until either side is gone."""
        await socket.accept()
        client = Client(socket)
        self.director.clients.add(client)
        hearing = asyncio.create_task(self._hear(socket, client))
        tasks = [asyncio.create_task(client.pump()), hearing]
        self._silent.came(client, socket.client.host if socket.client else "", lambda: _cancel(hearing))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._silent.spoke(client)
            self.director.left(client)
            await _leave(socket)

    async def _hear(self, socket: WebSocket, client: Client) -> None:
        refused, came = 0, asyncio.get_running_loop().time()
        while refused < MOST_REFUSED:
            async with asyncio.timeout_at(None if client.page else came + HELLO):  # who does not say hello holds no place
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
            if client.page and not self._placed(client):
                return

    def _placed(self, client: Client) -> bool:
        """Whether there is a place for who has said hello; some are kept for whoever has the key."""
        self._silent.spoke(client)
        there = sum(1 for other in self.director.clients if other.page)
        return there <= (MOST_CLIENTS + RESERVED if client.facilitator else MOST_CLIENTS)

    async def last(self, request: Request) -> Response:
        """What a page that was left still wanted."""
        if not _same_origin(request.scope):
            return PlainTextResponse("that came from another page\n", 403)
        return await parting.heard(self.director, request)

    async def qr(self, _: Request) -> Response:
        """The address of the phones' page as a picture."""
        if self.director.join is None:
            return PlainTextResponse("nobody can join from elsewhere: the room is on loopback\n", 404)
        return Response(qr(self.director.join), media_type="image/svg+xml")

    async def state(self, _: Request) -> Response:
        """The scenario file of what is shown, and of what was kept."""
        setup = self.director.setup
        return self._refused() or _download(
            downloads.state(setup, self.director.desk.ideas.of(setup.source)), "room.yaml", "application/yaml"
        )

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

    async def replayed(self, _: Request) -> Response:
        """The past of what is shown, played again; there is one where the scenario was learned from records."""
        setup = self.director.setup
        page = "" if setup.stage is None else past_alone(setup.scenario)
        if not page:
            return PlainTextResponse("what is in the room was not learned from records\n", 404)
        return HTMLResponse(page, headers={"content-security-policy": policy()})

    def _refused(self) -> Response | None:
        if self.director.pair is None:
            return PlainTextResponse("there is no scenario in the room yet\n", 409)
        if self.director.held_back:
            return PlainTextResponse("first the guess: the answer is not on the board yet\n", 409)
        return None


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


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
