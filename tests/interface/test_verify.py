"""`vssim verify`: two engines, one answer, and what is said when there are two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interface.commands import small, vssim
from vssim.analysis import verify
from vssim.engines.agreement import Difference


def test_it_says_how_many_rows_agree(tmp_path: Path) -> None:
    answer = vssim("verify", small(tmp_path))
    assert answer.code == 0
    assert "rows of 4 runs agree" in answer.out


def test_a_folder_stands_for_its_scenarios(tmp_path: Path) -> None:
    small(tmp_path)
    assert "small.yaml" in vssim("verify", str(tmp_path)).out


def test_a_difference_is_shown_and_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Difference(item=3, visit=1, column="started", values=(5, 6), engines=("reference", "compiled"))
    monkeypatch.setattr(verify, "first_difference", lambda program: found)
    answer = vssim("verify", small(tmp_path))
    assert answer.code == 1
    assert "item 3, visit 1, started: reference 5, compiled 6" in answer.out
