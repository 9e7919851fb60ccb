"""The page's script and style as one text each, and the policy that allows them and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

REPORT = Path(__file__).with_name("static")
PLAYER = Path(__file__).parents[1] / "player" / "static"
MODULES = (
    PLAYER / "trace.js",
    PLAYER / "replay.js",
    PLAYER / "marks.js",
    PLAYER / "board.js",
    PLAYER / "player.js",
    REPORT / "report.js",
)
"""The modules, each after those that it imports."""

STYLES = (PLAYER / "player.css", REPORT / "report.css")


@cache
def script() -> str:
    """All modules as one: what they import from each other is there already; names are the same everywhere."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in MODULES)
    text = re.sub(r'^import \{[^}]*\} from "[^"]+";\n', "", text, flags=re.MULTILINE)
    return re.sub(r"^export (?=async |function |class |const )", "", text, flags=re.MULTILINE)


@cache
def style() -> str:
    """All style sheets."""
    return "\n".join(file.read_text(encoding="utf-8") for file in STYLES)


def policy() -> str:
    """The content security policy: nothing from anywhere, but this script and this style."""
    return (
        f"default-src 'none'; script-src '{_hash(script())}'; style-src '{_hash(style())}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
