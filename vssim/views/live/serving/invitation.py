"""Invitations: under which address the room is reached, from here and from phones, and the facilitator's key."""

from __future__ import annotations

import io
import os
import secrets
import socket
import sys
from pathlib import Path

import segno

EVERYWHERE = ("0.0.0.0", "::", "")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(host: str) -> bool:
    """True when nobody can come in from another machine."""
    return host in LOOPBACK or host.startswith("127.")


def reached_as(host: str) -> str:
    """The name of this machine for others: the given one, or the address of the network that it is in."""
    if host not in EVERYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: nothing is sent, it only says which way it would go
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def url(host: str, port: int, path: str = "") -> str:
    """An address of the room."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/{path}"


def qr(text: str) -> str:
    """A text as a QR code, SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, light="#ffffff", dark="#000000", xmldecl=False, scale=4)
    return out.getvalue().decode()


def qr_for_terminal(text: str) -> str:
    """A text as a QR code, in half blocks."""
    out = io.StringIO()
    segno.make(text, error="l").terminal(out, border=1, compact=True)
    return out.getvalue()


def new_key() -> str:
    """A facilitator's key that nobody can guess."""
    return secrets.token_urlsafe(16)


def key_for(port: int) -> str:
    """The facilitator's key: kept for the port in the user's cache, so that pages find their room again when it is restarted."""
    try:
        file = _folder() / f"live-{port}.key"
    except RuntimeError:  # nobody's home: a container without HOME whose user has no entry
        return new_key()
    try:
        kept = file.read_text(encoding="ascii").strip()
        if len(kept) >= 16:
            return kept
    except (OSError, UnicodeDecodeError):
        pass
    key = new_key()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(key)
    except OSError:
        pass
    return key


def _folder() -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "vssim"
