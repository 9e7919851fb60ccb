"""A learned file is written again: what people wrote in it stays, what was learned is new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import vssim
from vssim.learning.learned import Learned
from vssim.learning.written import people_wrote, save


def test_what_people_wrote_stays_and_what_was_learned_is_new(learned: Learned, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    save(replace(learned, verdict="not"), file)
    text = file.read_text(encoding="utf-8")
    head, _, rest = text.partition("\nchanges:\n")
    end = rest.index("\nlearned:")
    story = "\nlesson: What we found.\nsliders: [teams.testers.people]\n"
    story += "changes:\n  two more testers:\n  - add_people: {teams: {testers: 2}}\n"
    file.write_text(head.replace("name: mine", "name: Ours", 1) + story + rest[end:], encoding="utf-8")
    save(replace(learned, verdict="roughly"), file)
    again = vssim.load(str(file))
    assert again.name == "Ours"
    assert again.lesson == "What we found."
    assert list(again.changes) == ["two more testers"]
    assert again.sliders == ("teams.testers.people",)
    assert again.learned is not None
    assert again.learned.verdict == "roughly"
    assert file.read_text(encoding="utf-8").startswith("# Ours, as its records")
    assert "Worth trying" not in file.read_text(encoding="utf-8")


def test_a_file_that_was_not_learned_or_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert people_wrote(file) == {}
    file.write_text("name: Theirs\nsteps: {}\n", encoding="utf-8")
    assert people_wrote(file) == {}
    file.write_text("name: [", encoding="utf-8")
    assert people_wrote(file) == {}
