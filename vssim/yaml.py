"""YAML with lines: the text of a file becomes a tree of values that know their line and column.

The only place that reads and writes YAML; every floor may use it. Scalars follow the core schema of YAML 1.2, so that `no` and
`2026-01-05` are texts. What could take a reader hostage is refused with a stated limit: size, depth, and what aliases expand to.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vssim.errors import Fault, ScenarioError
from vssim.scalars import FIRST_GROUP, GROUP, LEADING_ZERO, MOST, NO_LEADING_ZERO, scalar


@dataclass(frozen=True)
class Sort:
    """A sort of file: what the faults of its text call it, and its limits."""

    name: str
    """with its article: a scenario"""
    holds: str
    """what it has to hold"""
    most: int = 500_000
    """largest file that is read [bytes]; a scenario of a thousand teams is smaller"""
    instead: str = ""
    """where else the content belongs that makes a file too large"""


MOST_VALUES = 50_000
"""Most keys and values that a file may hold, also once its aliases are expanded."""

DEEPEST = 40
"""Deepest nesting of mappings and lists."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not allow in a text."""

Key = str | int | float | bool | None
Path_ = tuple[Any, ...]


@dataclass(frozen=True)
class Node:
    """A value of the file with its place (counted from 1); mappings and lists hold further nodes."""

    value: Any
    line: int
    column: int
    size: int = 1
    """values in it, itself included, with aliases expanded"""
    height: int = 0
    """levels of mappings and lists in it"""
    keys: dict[Key, tuple[int, int]] = field(default_factory=dict)
    """line and column of each key of a mapping"""

    def plain(self) -> Any:
        """The value without places, as plain dictionaries, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_text(path: Path, sort: Sort) -> str:
    """The text of a file; a ScenarioError for a folder, a huge file, or one that is not text."""
    try:
        if not path.is_file():
            raise _refused(str(path), "a folder" if path.is_dir() else "", f"{sort.name} file")
        with path.open("rb") as stream:
            content = stream.read(sort.most + 1)
    except OSError as error:
        raise _refused(str(path), "", f"a file that can be read ({error.strerror})") from None
    if len(content) > sort.most:
        size = f"{path.stat().st_size:,} bytes"
        raise _refused(str(path), size, f"{sort.name} of at most {sort.most:,} bytes{sort.instead and f' ({sort.instead})'}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(str(path), f"a byte {content[error.start]:#04x}", "text in UTF-8", line=line) from None


def parse(text: str, file: str, sort: Sort, *, whole: bool = True) -> tuple[Node, list[Fault]]:
    """The tree of a YAML text, and the faults that do not keep it from being read further.

    A `whole` text is a file, a mapping; else any value. Raises ScenarioError where the text cannot be read any further.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(text) > sort.most:
        raise _refused(file, f"{len(text):,} characters", f"{sort.name} of at most {sort.most:,}")
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        raise _refused(file, f"a character {unprintable[0]!r}", "printable text", line=text.count("\n", 0, unprintable.start()) + 1)
    events = YAML(typ="safe", pure=True).parse(io.StringIO(text))
    composer = _Composer(file, sort, events)
    try:
        return composer.document(whole=whole), composer.faults
    except MarkedYAMLError as error:
        raise ScenarioError([*composer.faults, _syntax(file, text, error)]) from None
    except (YAMLError, ValueError, LookupError, AttributeError, TypeError, AssertionError, StopIteration) as error:
        # a few malformed texts trip the parser itself; for the user they are malformed texts like any other
        raise ScenarioError([*composer.faults, Fault(file, 0, 0, "", "", f"valid YAML ({_one_line(str(error))})")]) from None


def value_of(text: str, sort: Sort) -> Any:
    """The value that a text such as '3', 'none' or '[1, 2]' stands for in a file; a distribution needs no quotes."""
    if not text.strip() or re.fullmatch(r"\s*[a-z]+\(.*\)\s*", text):
        return text
    node, faults = parse(text, "<value>", sort, whole=False)
    if faults:
        raise ScenarioError(faults)
    return node.plain()


def write(document: dict[str, Any]) -> str:
    """A plain document as a YAML text that reads back as the same document."""
    from ruamel.yaml import YAML

    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False  # in flow style, long keys would be broken in two
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    writer.width = 100
    stream = io.StringIO()
    writer.dump(json.loads(json.dumps(document)), stream)
    return stream.getvalue()


class _Composer:
    """Builds nodes from parser events, one document, within the limits."""

    def __init__(self, file: str, sort: Sort, events: Iterator[Any]) -> None:
        self.file = file
        self.sort = sort
        self.events = events
        self.faults: list[Fault] = []
        self.anchors: dict[str, Node | None] = {}
        self.count = 0
        """values read so far"""

    def document(self, *, whole: bool) -> Node:
        """The only document of the text."""
        root: Node | None = None
        for event in self.events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                if root is not None:
                    raise self._refused(event, (), "a second document", "one document per file")
                root = self._node(next(self.events), (), 0)
        if root is not None and not whole:
            return root
        if root is None or root.value is None:
            raise _refused(self.file, "an empty file", f"{self.sort.name}, with {self.sort.holds}")
        if not isinstance(root.value, dict):
            raise _refused(self.file, show(root.plain()), f"a mapping with {self.sort.holds}", line=root.line)
        return root

    def _node(self, event: Any, path: Path_, depth: int, *, key: bool = False) -> Node:
        if depth > DEEPEST:
            raise self._refused(event, path, "", f"at most {DEEPEST} levels of nesting")
        self._counted(event, 1)
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._alias(event, path, depth)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fault(event, path, f"the YAML tag {_one_line(str(tag))}", "a value without a tag")
        if event.anchor:
            self.anchors[event.anchor] = None
        if kind == "ScalarEvent":
            node = self._scalar(event, path, key)
        elif kind == "MappingStartEvent":
            node = self._mapping(event, path, depth)
        else:
            node = self._list(event, path, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        if node.size > MOST_VALUES:
            raise self._refused(
                event, path, f"{node.size:,} values", f"at most {MOST_VALUES:,} keys and values, with aliases expanded"
            )
        return node

    def _counted(self, event: Any, values: int) -> None:
        self.count += values
        if self.count > MOST_VALUES:
            raise self._refused(event, (), "more", f"at most {MOST_VALUES:,} keys and values")

    def _alias(self, event: Any, path: Path_, depth: int) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            meant = "an anchor outside itself" if event.anchor in self.anchors else f"an anchor &{event.anchor} above"
            raise self._refused(event, path, f"*{event.anchor}", meant)
        if depth + node.height > DEEPEST:
            raise self._refused(event, path, f"*{event.anchor}", f"at most {DEEPEST} levels of nesting")
        return node

    def _scalar(self, event: Any, path: Path_, key: bool) -> Node:
        value: Any = _whole_letters(event.value)
        if not _is_text(value):
            self._fault(event, path, ascii(value)[:60], "printable text (half a letter stands here)")
            value = "?"
        if event.style is None and event.tag is None:
            value = scalar(event.value)
            if LEADING_ZERO.match(event.value):
                value = event.value if key else value
                self._fault(event, (*path, value) if key else path, event.value, NO_LEADING_ZERO)
            if isinstance(value, int) and abs(value) > MOST:
                self._fault(event, path, show(event.value), f"at {'most ' if value > 0 else 'least -'}{MOST:,}; it is too large")
                value = 1
        return Node(value, *_place(event))

    def _list(self, start: Any, path: Path_, depth: int) -> Node:
        entries: list[_Entry] = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            node = self._node(event, (*path, len(entries)), depth + 1)
            entries.append(_Entry(None, _place(event), "", node, _plain_text(event)))
        if start.flow_style:
            entries = self._glued(entries, path)
        nodes = [entry.node for entry in entries]
        return Node(nodes, *_place(start), 1 + sum(node.size for node in nodes), _height(nodes))

    def _mapping(self, start: Any, path: Path_, depth: int) -> Node:
        entries: list[_Entry] = []
        merged: list[Node] = []
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self._node(event, path, depth + 1, key=True)
            key_text = _plain_text(event)
            value_event = next(self.events)
            name = key.value if not isinstance(key.value, dict | list) else None
            if isinstance(key.value, dict | list):
                self._fault(event, path, show(key.plain()), "a text as the key")
            node = self._node(value_event, (*path, name), depth + 1)
            if key_text == "<<":
                merged += self._merges(value_event, node, path)
            elif not isinstance(key.value, dict | list):
                entries.append(_Entry(name, _place(event), key_text or "", node, _plain_text(value_event)))
        if start.flow_style:
            entries = self._glued(entries, path)
        return self._joined(start, path, entries, merged)

    def _joined(self, start: Any, path: Path_, entries: list[_Entry], merged: list[Node]) -> Node:
        value: dict[Key, Node] = {}
        keys: dict[Key, tuple[int, int]] = {}
        for entry in entries:
            if entry.key in value:
                first = keys[entry.key][0]
                expected = f"each key once (it stands in line {first} already)"
                self.faults.append(Fault(self.file, *entry.place, dotted((*path, entry.key)), "a second one", expected))
                continue
            value[entry.key], keys[entry.key] = entry.node, entry.place
        for base in merged:
            self._counted(start, len(base.value))
            for key, node in base.value.items():
                if key not in value:
                    value[key], keys[key] = node, base.keys[key]
        size = 1 + sum(1 + node.size for node in value.values())
        return Node(value, *_place(start), size, _height(value.values()), keys)

    def _merges(self, event: Any, node: Node, path: Path_) -> list[Node]:
        nodes = node.value if isinstance(node.value, list) else [node]
        if all(isinstance(base.value, dict) for base in nodes):
            return list(nodes)
        self._fault(event, (*path, "<<"), show(node.plain()), "a mapping to merge, or a list of them")
        return []

    def _glued(self, entries: list[_Entry], path: Path_) -> list[_Entry]:
        """Entries with distributions put together again that YAML cut at their commas; one fault for each."""
        whole: list[_Entry] = []
        waiting = list(reversed(entries))
        while waiting:
            entry = waiting.pop()
            text = entry.text
            taken: list[_Entry] = []
            while text and _open(text) and waiting and (piece := waiting[-1].piece) is not None:
                text = f"{text}, {piece}"
                taken.append(waiting.pop())
            if taken and text and _is_call(text):
                entry = _Entry(entry.key, entry.place, entry.key_text, Node(text, entry.node.line, entry.node.column), text)
            elif taken and text and not _open(text):
                here = (*path, len(whole) if entry.key is None else entry.key)
                expected = f'quotes, because a comma ends a value inside {{…}} and […]: put the distribution in quotes: "{text}"'
                place = (entry.node.line, entry.node.column)
                self.faults.append(Fault(self.file, *place, dotted(here), text, expected))
                entry = _Entry(entry.key, entry.place, entry.key_text, Node(text, *place), text)
            else:
                waiting += reversed(taken)
                entry = self._grouped(entry, waiting, path)
            whole.append(entry)
        return whole

    def _grouped(self, entry: _Entry, waiting: list[_Entry], path: Path_) -> _Entry:
        """An entry of a mapping with the rest of its number, where that is written as 20,000: YAML takes 000 for a key of its own.

        Without this, what is wrong with 20,000 would be told as an unknown key, and as a leading zero.
        """
        text = entry.text or ""
        if entry.key is None or not FIRST_GROUP.match(text):
            return entry
        rests: list[_Entry] = []
        while waiting and waiting[-1].text == "" and GROUP.match(waiting[-1].key_text):
            rests.append(waiting.pop())
        if not rests:
            return entry
        written, digits = (mark.join([text, *(rest.key_text for rest in rests)]) for mark in (",", ""))
        places = {rest.place for rest in rests}
        self.faults = [each for each in self.faults if (each.line, each.column) not in places or each.expected != NO_LEADING_ZERO]
        place = (entry.node.line, entry.node.column)
        expected = f"a number without commas, as a comma ends a value inside {{…}}: {digits}"
        self.faults.append(Fault(self.file, *place, dotted((*path, entry.key)), written, expected))
        return _Entry(entry.key, entry.place, entry.key_text, Node(int(digits), *place), digits)

    def _fault(self, event: Any, path: Path_, value: str, expected: str) -> None:
        self.faults.append(Fault(self.file, *_place(event), dotted(path), value, expected))

    def _refused(self, event: Any, path: Path_, value: str, expected: str) -> ScenarioError:
        self._fault(event, path, value, expected)
        return ScenarioError(self.faults)


@dataclass(frozen=True)
class _Entry:
    """An entry of a mapping or list, with the texts that it was written as."""

    key: Any
    place: tuple[int, int]
    key_text: str
    node: Node
    text: str | None
    """how the value was written, None when it is not a plain scalar"""

    @property
    def piece(self) -> str | None:
        """The text, where this could be the rest of a distribution: a lone key, or an entry of a list."""
        if self.key_text:
            return self.key_text if self.text == "" else None
        return self.text or None


def _whole_letters(text: str) -> str:
    """The text with letters that JSON writes in two halves (surrogate pairs, as of emoji) put together."""
    return text if _is_text(text) else text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _is_text(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _open(text: str) -> bool:
    return re.match(r"\s*[a-z]+\(", text) is not None and text.count("(") > text.count(")")


def _is_call(text: str) -> bool:
    """Whether a text is one whole `name(…)`, whose commas can only be its own."""
    return text.rstrip().endswith(")") and text.count("(") == text.count(")") and not set(text) & set("{}[]\"'#")


def _plain_text(event: Any) -> str | None:
    plain = type(event).__name__ == "ScalarEvent" and event.style is None
    return str(event.value) if plain else None


def _height(nodes: Any) -> int:
    return 1 + max((node.height for node in nodes), default=0)


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _syntax(file: str, text: str, error: Any) -> Fault:
    """The parser's complaint as a fault; tabs and commas in distributions are named for what they are."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    lines = text.splitlines()
    row = lines[line - 1] if 0 < line <= len(lines) else ""
    problem = _one_line(error.problem or error.context or "malformed")
    if "\\t" in problem or row[column - 1 : column] == "\t" or row[: len(row) - len(row.lstrip())].count("\t"):
        return Fault(file, line, column, "", "a tab", "spaces (YAML does not indent with tabs)")
    if "unknown escape character" in problem or "escape sequence" in problem:
        said = "text in which \\ is written \\\\, or in single quotes; between folders / works everywhere"
        return Fault(file, line, column, "", row.strip()[:60], said)
    if re.search(r"\b[a-z]+\([^)]*[\[{:]", row):
        return Fault(file, line, column, "", row.strip()[:60], f"valid YAML ({problem}); put the distribution in quotes")
    for above in (line - 1, line):
        written = lines[above - 1] if 0 < above <= len(lines) else ""
        if glued := re.match(r"\s*(?:- )?[^\s\"'{}\[\]#:]+:(?=[^\s:/\\])", written):
            return Fault(file, above, glued.end(), "", repr(written.strip()[:40]), "a space after the colon")
    words, begins = next(((words, begins) for said, words, begins in _MEANT if said in problem), ("", False))
    if begins and error.context_mark is not None:
        line, column = error.context_mark.line + 1, error.context_mark.column + 1
    return Fault(file, line, column, "", "", words or f"valid YAML ({problem})")


_MEANT = (
    ("expected <block end>", "valid YAML: a line that lines up with those that it belongs to (look at the indentation)", False),
    ("mapping values are not allowed", "valid YAML: one name and its value on a line; a text with a colon needs quotes", False),
    ("could not find expected ':'", "valid YAML: a colon and a space after the name", False),
    ("expected ',' or '}'", "valid YAML: commas between what stands in the {…} that begins here, and its }", True),
    ("expected ',' or ']'", "valid YAML: commas between what stands in the […] that begins here, and its ]", True),
    ("while scanning a quoted scalar", "valid YAML: the quote that begins here to end", True),
    ("unexpected end of stream", "valid YAML: the quote that begins here to end", True),
    ("cannot start any token", "valid YAML: a text with such characters needs quotes", False),
    ("expected the node content", "valid YAML: a value here; a text that begins with such a character needs quotes", False),
    ("expected alphabetic or numeric", "valid YAML: a text that begins with * or & needs quotes", False),
    ("expected <document start>", "valid YAML: names and their values, as in `steps:`; nothing stands beside them", False),
)
"""What the parser says, what usually causes it, and whether the place to look at is where it begins."""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _refused(file: str, value: str, expected: str, line: int = 0) -> ScenarioError:
    return ScenarioError([Fault(file, line, 1 if line else 0, "", value, expected)])


def show(value: Any) -> str:
    """A value as a message quotes it, in one short line."""
    words = {None: "nothing", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = repr(value) if isinstance(value, str) else _number(value) if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return {"inf": ".inf", "-inf": "-.inf"}.get(str(value), ".nan")
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)


def dotted(path: Path_) -> str:
    """A path as users write it: keys joined by dots."""
    text = ".".join(show(element) if isinstance(element, bool) else "null" if element is None else str(element) for element in path)
    return text if len(text) <= 150 else f"{text[:147]}…"
