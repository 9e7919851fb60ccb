"""Debian's Chromium for tests of pages: no network, and everything it says is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""What keeps a browser quiet in a container."""

PATIENCE = 90_000
"""How long a page may take to show what is expected of it: a machine may be busy [ms]."""

expect.set_options(timeout=PATIENCE)

needed = pytest.mark.skipif(
    not CHROMIUM.exists() and os.environ.get("VSSIM_BROWSER_TESTS") != "required",
    reason=f"there is no {CHROMIUM} (Debian: apt-get install chromium)",
)


@dataclass
class Opened:
    """A page, and what it asked for and said."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser, closed in the end."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        try:
            yield found
        finally:
            found.close()


@contextmanager
def opened(found: Browser, file: Path, **options: Any) -> Iterator[Opened]:
    """A file opened in a window of its own, with the network off."""
    context = found.new_context(**{"viewport": {"width": 1400, "height": 900}, "offline": True, **options})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    kept = Opened(page)
    page.on("request", lambda request: kept.requests.append(request.url))
    page.on("console", lambda message: kept.said.append(message.text))
    page.on("pageerror", lambda error: kept.said.append(str(error)))
    try:
        page.goto(file.as_uri())
        yield kept
    finally:
        context.close()
