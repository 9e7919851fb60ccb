"""What a page still wanted when it was left: its line breaks with it, and what has not gone out on it by then never does.

A browser carries a beacon to its end whatever becomes of the page, so what was moved last arrives that way.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from pydantic import Field, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from vssim.errors import VssimError
from vssim.views.live.room import messages
from vssim.views.live.room.clients import Client, same_key
from vssim.views.live.room.director import Director
from vssim.views.live.serving.patience import HELLO

MOST = 16
"""Messages of one page that is left, at most."""


class Last(messages.Message):
    """What is sent: the key, and messages as they would have gone out on the line."""

    key: Annotated[str, Field(max_length=100)]
    said: Annotated[list[messages.Said], Field(max_length=MOST)]


class _Gone:
    """Nobody is there any more who could be answered."""

    async def send_text(self, data: str) -> None:
        """Into the void."""

    async def send_bytes(self, data: bytes) -> None:
        """Into the void."""


async def heard(director: Director, request: Request) -> Response:
    """Do what the page wanted; only with the facilitator's key, and nobody else moves anything that could be lost."""
    body = await _body(request)
    if body is None:
        return PlainTextResponse(f"at most {messages.MOST_BYTES:,} bytes, at once\n", 413)
    try:
        last = Last.model_validate_json(body)
    except (ValidationError, ValueError, RecursionError):
        return PlainTextResponse("a message that is not understood\n", 400)
    if not same_key(last.key, director.key):
        return PlainTextResponse("only the facilitator can do that\n", 403)
    client = Client(_Gone(), facilitator=True, page="room")
    for message in last.said:
        if not isinstance(message, messages.Hello):
            try:
                director.heard(client, message)
            except (messages.Refused, VssimError):
                continue  # there is nobody who could be told; what comes after it may be sound
    return Response(status_code=204)


async def _body(request: Request) -> bytes | None:
    """What was sent; None where it is too much, or does not come to its end."""
    body = b""
    try:
        async with asyncio.timeout(HELLO):
            async for part in request.stream():
                body += part
                if len(body) > messages.MOST_BYTES:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return body
