"""The pages for the next engineer are true: what they name is there, and what is there they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_house import FLOORS, PACKAGE

ROOT = PACKAGE.parent
DOCS = PACKAGE / "docs"
PAGES = [DOCS / "architecture.md", DOCS / "contributing.md", *sorted((DOCS / "decisions").glob("*.md"))]
LATER: set[str] = set()
"""Floors that are kept free."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:vssim|tests)/[\w/.]*)`", text):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_the_architecture_names_every_part_and_every_part_that_it_names_is_there() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    drawn = text.split("```")[1]
    for part in FLOORS:
        assert re.search(rf"\b{part}\b", drawn), f"architecture.md does not name {part}"
        assert part in LATER or (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file()


@pytest.mark.parametrize("part", ["analysis", "views"])
def test_the_architecture_names_every_room(part: str) -> None:
    drawn = (DOCS / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    for room in (PACKAGE / part).iterdir():
        if room.is_dir() and (room / "__init__.py").is_file():
            assert room.name in drawn, f"architecture.md does not name {part}/{room.name}"


def test_names_in_the_pages_are_names_in_the_code() -> None:
    text = (DOCS / "contributing.md").read_text(encoding="utf-8")
    sources = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    for name in re.findall(r"`([A-Z_]\w+)`", text):
        assert re.search(rf"\b{name}\b", sources), f"contributing.md names {name}"


def test_there_are_ten_decisions() -> None:
    assert len(PAGES) == 12
