"""The page's script and style as one text each, and the policy that allows them and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from vssim.views import palette

REPORT = Path(__file__).with_name("static")
PLAYER = Path(__file__).parents[1] / "player" / "static"
MODULES = (
    PLAYER / "words.js",
    PLAYER / "alike.js",
    PLAYER / "dates.js",
    PLAYER / "trace.js",
    PLAYER / "hands.js",
    PLAYER / "replay.js",
    PLAYER / "numbers.js",
    PLAYER / "marks.js",
    PLAYER / "axis.js",
    PLAYER / "geometry.js",
    PLAYER / "people.js",
    PLAYER / "board.js",
    PLAYER / "flow.js",
    PLAYER / "legend.js",
    PLAYER / "waves.js",
    PLAYER / "player.js",
    REPORT / "report.js",
)
"""The modules, each after those that it imports."""

STYLES = (PLAYER / "player.css", REPORT / "report.css")


IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
AGAIN = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)


@cache
def script() -> str:
    """All modules as one script: each becomes a function that returns its exports, so that names of modules do not collide."""
    return "\n".join(_enclosed(file) for file in MODULES)


def _enclosed(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    names = [*EXPORT.findall(text), *(name.strip() for again in AGAIN.findall(text) for name in again.split(",") if name.strip())]
    text = IMPORT.sub(lambda match: f"const {{{match[1]}}} = modules[{Path(match[2]).name!r}];\n", text)
    text = AGAIN.sub("", EXPORT.sub("", text))
    head = "const modules = {};\n" if file == MODULES[0] else ""
    return f"{head}modules[{file.name!r}] = (() => {{\n{text}return {{ {', '.join(names)} }};\n}})();"


@cache
def style() -> str:
    """All style sheets."""
    return "\n".join(
        [palette.sheet(), *(file.read_text(encoding="utf-8") for file in STYLES), f"@media print {{ {palette.printed()} }}"]
    )


def policy() -> str:
    """The content security policy: nothing from anywhere, but this script and this style."""
    return (
        f"default-src 'none'; script-src '{hashed(script())}'; style-src '{hashed(style())}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def hashed(text: str) -> str:
    """How a policy names a text that it allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
