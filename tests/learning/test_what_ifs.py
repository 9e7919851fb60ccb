"""What-ifs of a learned scenario carry how far it may be believed, and say on which fact they hang that no record holds."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vssim as package
from tests.interface.commands import vssim
from vssim.analysis.uncertain.deciding import deciding
from vssim.analysis.uncertain.told import hangs
from vssim.clock import Reals
from vssim.errors import UsageError
from vssim.learning.learned import Learned
from vssim.learning.written import save

SHORT: dict[str, Any] = {"replications": 4, "horizon": 90, "warmup": 20, "jobs": 1}


def test_the_verdict_stands_beside_every_result(learned: Learned) -> None:
    found = package.compare(replace(learned, verdict="roughly", off=("in progress 20% too many",)).scenario, **SHORT)
    assert any("roughly" in text and "in progress 20% too many" in text for text in found.warnings)


def test_what_does_not_play_its_past_is_withheld_and_shown_anyway_with_that_word(
    learned: Learned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VSSIM_ANYWAY", "")
    untrue = replace(learned, verdict="not")
    with pytest.raises(UsageError, match="withheld"):
        package.compare(untrue.scenario, **SHORT)
    save(untrue, tmp_path / "mine.yaml")
    quick = ("--replications", "4", "--horizon", "90", "--warmup", "20", "--jobs", "1", "--quiet")
    assert vssim("compare", str(tmp_path / "mine.yaml"), *quick).code == 2
    shown = vssim("compare", str(tmp_path / "mine.yaml"), *quick, "--anyway")
    del os.environ["VSSIM_ANYWAY"]
    assert shown.code == 0
    assert "does NOT play its own past" in " ".join(shown.out.split())


def test_as_it_is_it_may_be_looked_at_whatever_the_verdict(learned: Learned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VSSIM_ANYWAY", "")
    found = package.sweep(replace(learned, verdict="not").scenario, {"teams.developers.people": [8]}, **SHORT)
    assert found is not None


def worlds(
    strength: float,
) -> tuple[Reals, Reals]:
    """200 worlds of three facts, the last of which is the first again; an effect of the first and of chance."""
    luck = np.random.default_rng(4)
    table = luck.random((200, 2))
    effect = -10 * strength * table[:, 0] - 10 * (1 - strength) * table[:, 1] - 2
    return np.column_stack([table, table[:, 0]]), effect


NAMES = ("teams.a.meetings", "steps.make.work.mean", "teams.b.meetings")


def test_a_change_hangs_on_a_fact_that_explains_most_of_what_is_not_known_and_that_no_record_holds() -> None:
    table, effects = worlds(0.9)
    would = deciding(NAMES, table, effects, float(effects.var(ddof=1)), -1)
    (one,) = hangs(would, {"teams.a.meetings": "meetings"}, before=20.0)
    assert one.sentence.startswith("hangs on what you told us about meetings: between × 0.4")
    assert one.low < one.high < 0.95
    assert hangs(would, {}, before=20.0) == ()
    assert hangs(would, {"steps.make.work.mean": "work"}, before=20.0) == ()


def test_it_does_not_where_the_fact_explains_less_than_half() -> None:
    table, effects = worlds(0.4)
    would = deciding(NAMES, table, effects, float(effects.var(ddof=1)), -1)
    assert hangs(would, {"teams.a.meetings": "meetings"}, before=20.0) == ()


def test_one_number_at_several_places_is_told_of_once() -> None:
    table, effects = worlds(0.9)
    would = deciding(NAMES, table, effects, float(effects.var(ddof=1)), -1)
    assert would is not None
    assert [fact.name for fact in would.facts] == ["teams.a.meetings", "steps.make.work.mean"]
