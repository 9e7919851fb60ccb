"""The files of a learned scenario: one that a coach can read, with the source of every figure, and its members beside it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vssim import yaml
from vssim.errors import ScenarioError
from vssim.files import write
from vssim.learning.learned import Learned
from vssim.scenario.reader import parse, read_text

HEAD = """\
# {name}, as its records and answers say. Written by: vssim learn
# {sentence}
#
# Every figure says where it comes from: counted in the records; fitted, by playing organisations until they leave such
# records, with the range in which nine of ten of those that do lie; told by the team; or not known.
# Where one figure has to stand, the middle one does; what is played are the members, in {members}.
# Edit names and changes as you like: they stay when it is learned anew. A figure that you put in a change counts for every member.
"""


def members_file(file: Path) -> Path:
    """The file for the members of a scenario file."""
    return file.with_name(f"{file.stem}.members.parquet")


KEPT = ("name", "question", "lesson", "sources", "headline", "promise", "currency", "claims", "sliders", "room", "notes", "changes")
"""The parts of a learned file that belong to people, and stay when it is learned anew."""

FIRST, LAST = ("name", "question", "lesson", "sources"), ("uncertain", "changes", "claims", "sliders", "room", "notes", "learned")
"""The parts with which a learned file begins, and with which it ends."""


def save(learned: Learned, file: Path) -> list[Path]:
    """Write the scenario and its members, and return the files. What people wrote into an earlier file stays."""
    beside = members_file(file)
    own = people_wrote(file)
    stream = io.BytesIO()
    learned.members.write_parquet(stream)
    write(beside, stream.getvalue())
    write(file, text(learned, beside.name, own).encode())
    return [file, beside]


def people_wrote(file: Path) -> dict[str, Any]:
    """What people wrote into a file that was learned before; empty for any other file, or one that cannot be read."""
    if not file.is_file():
        return {}
    try:
        before = parse(read_text(file), str(file))[0].plain()
    except ScenarioError:
        return {}
    return {key: before[key] for key in KEPT if key in before} if "learned" in before else {}


def text(learned: Learned, members: str, own: Mapping[str, Any] | None = None) -> str:
    """The text of the scenario file. `own`: what people wrote into an earlier one, instead of suggestions."""
    content = {**learned.content(), **(own or {})}
    content["uncertain"] = members
    inner = [key for key in content if key not in (*FIRST, *LAST)]
    order = [key for key in (*FIRST, *inner, *LAST) if key in content]
    lines = [HEAD.format(name=content["name"], sentence=learned.sentence, members=members)]
    questions = [f"#   {question}" for question in learned.questions]
    if questions:
        lines.append("\n".join(["# To be asked in the team:", *questions, ""]))
    sources = _sources(learned)
    for key in order:
        if content[key] in ({}, []):
            continue
        lines.append("\n".join(_with_sources(yaml.write({key: content[key]}), sources)) + "\n")
        if key == "changes" and not (own or {}).get("changes"):
            lines.insert(-1, "# Worth trying, from what hurts; delete, edit, add.\n")
    return "\n".join(lines)


def _sources(learned: Learned) -> dict[str, list[str]]:
    """By path the sources of the figures there."""
    by_path: dict[str, list[str]] = {path: [source] for path, source in learned.baseline.sources.items()}
    for estimate in learned.figures:
        for number, path in enumerate(estimate.figure.paths):
            source = "as above" if number else estimate.source
            by_path.setdefault(path, []).append(f"{estimate.figure.name}: {source}")
    return by_path


def _with_sources(part: str, sources: dict[str, list[str]]) -> Iterator[str]:
    """The lines of a YAML text, each figure below a comment with its source."""
    path: list[tuple[int, str]] = []
    for line in part.rstrip().splitlines():
        entry = re.match(r"( *)((?:\"[^\"]*\"|'[^']*'|[^:#\s-][^:]*)):(?: |$)", line)
        if entry:
            indent = len(entry[1])
            path = [*(part for part in path if part[0] < indent), (indent, entry[2].strip("\"'"))]
            for source in sources.get(".".join(name for _, name in path), []):
                yield f"{entry[1]}# {source}"
        yield line
