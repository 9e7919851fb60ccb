"""What a list of scenarios needs of a file, without reading it as YAML: its question, and what it says for a room.

Reading forty files as YAML takes a second. Most files write these few values plainly, on one line each; a file that writes
anything else there, however little, is read in full. So a glance gives what the reader would give, or nothing.
"""

from __future__ import annotations

import re
from typing import Any

_SECTION = r"^{}:(?P<here>[^\n]*)(?P<below>(?:\n(?:[ \t][^\n]*|#[^\n]*)?)*)"
_QUOTED = r'"[^"\\\n]*"'
_PLAIN = r"[A-Z][^\s:#]* +[^\s:#][^\n:#]*"
"""Words that begin like a sentence: of one word alone YAML might make something else, and after : or # it would end."""

_REMARK = r"(?:\s#[^\n]*)?"
_LINE = re.compile(rf"(?P<key>[a-z]+):(?: +(?:(?P<text>{_QUOTED})|(?P<number>\d+)|(?P<plain>{_PLAIN})|[\[{{][^\n]*))?\s*{_REMARK}")
"""A key of a room's own lines. Whatever else stands there begins in braces, in brackets or on the next line."""

TOLD = ("title", "minutes", "level")
"""Keys of `room` that a list shows."""

_TEXT = re.compile(rf"\s+(?:(?P<quoted>{_QUOTED})|(?P<plain>{_PLAIN}))\s*(?:\s#[^\n]*)?")
_ENTRY = rf"(?P<key>[a-z]+): (?:(?P<text>{_QUOTED})|(?P<number>\d+)|(?P<names>\[[\w ,-]*\]))"
_ROOM = re.compile(r"\s+\{(?P<inside>[^{}]*)\}\s*(?:\s#[^\n]*)?")
_ITEM = re.compile(r"^(?P<indent> +)- ", re.MULTILINE)
_MINUTES = re.compile(r"[ {]minutes: (?P<number>\d+)\s*(?:[,}#\n]|$)")


def glance(text: str) -> dict[str, Any] | None:
    """The question, the keys of `room` that a list shows, and the minutes of each round; None where only the reader can tell.

    A CR, a tab, a key in quotes or a document that begins in the middle of the text are left to the reader.
    """
    if "\r" in text or "\t" in text or re.search(r"^(?:---|\.\.\.|%|[\"'{?&*!])", text, re.MULTILINE):
        return None
    by_key = {name: _section(name, text) for name in ("question", "room", "rounds")}
    if any(len(sections) > 1 for sections in by_key.values()):
        return None
    seen: dict[str, Any] = {}
    for name, sections in by_key.items():
        for here, below in sections:
            value = _SEEN[name](here, below)
            if value is None:
                return None
            seen[name] = value
    return seen


def _section(name: str, text: str) -> list[tuple[str, str]]:
    """What stands on the line of a key of the file, and what is indented below it."""
    return [(match["here"], match["below"]) for match in re.finditer(_SECTION.format(name), text, re.MULTILINE)]


def _nothing(below: str) -> bool:
    """True where only remarks and empty lines are below."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in below.split("\n"))


def _question(here: str, below: str) -> str | None:
    match = _TEXT.fullmatch(here)
    if match is None or not _nothing(below):
        return None
    return match["quoted"][1:-1] if match["quoted"] is not None else match["plain"].strip()


def _room(here: str, below: str) -> dict[str, Any] | None:
    if not re.fullmatch(rf"\s*{_REMARK}", here):
        return _in_braces(here) if _nothing(below) else None
    seen: dict[str, Any] = {}
    within = ""
    """the key whose value, of more than a line, is passed over"""
    lines = [line for line in below.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    for line in lines:
        deep = len(line) - len(line.lstrip())
        listed = deep == indent and line.lstrip().startswith("- ")  # a list may stand as far left as its key
        if within and (deep > indent or listed):
            continue
        match = _LINE.fullmatch(line, indent)
        if deep != indent or match is None or match["key"] in seen:
            return None
        within = "" if match["text"] or match["number"] or match["plain"] else match["key"]
        if within in TOLD:
            return None
        seen[match["key"]] = _value(match)
    return {key: value for key, value in seen.items() if key in TOLD}


def _in_braces(here: str) -> dict[str, Any] | None:
    match = _ROOM.fullmatch(here)
    if match is None or not re.fullmatch(rf"(?:{_unnamed(_ENTRY)}(?:, |$))*", match["inside"]):
        return None
    entries = {entry["key"]: entry for entry in re.finditer(_ENTRY, match["inside"])}
    if len(entries) < len(re.findall(_unnamed(_ENTRY), match["inside"])):
        return None
    return {key: _value(entry) for key, entry in entries.items() if key in TOLD}


def _value(match: re.Match[str]) -> Any:
    named = match.groupdict()
    if named["number"] is not None:
        return int(named["number"])
    return named["text"][1:-1] if named["text"] is not None else (named.get("plain") or "").strip()


def _rounds(here: str, below: str) -> list[dict[str, int]] | None:
    items = list(_ITEM.finditer(below))
    if here.strip() or not items:
        return None
    least = min(len(item["indent"]) for item in items)
    begins = [item.start() for item in items if len(item["indent"]) == least]
    seen = []
    for begin, end in zip(begins, [*begins[1:], len(below)], strict=True):
        minutes = _MINUTES.findall(below[begin:end])
        if len(minutes) != 1:
            return None
        seen.append({"minutes": int(minutes[0])})
    return seen


def _unnamed(pattern: str) -> str:
    return re.sub(r"\?P<[a-z]+>", "?:", pattern)


_SEEN: dict[str, Any] = {"question": _question, "room": _room, "rounds": _rounds}
