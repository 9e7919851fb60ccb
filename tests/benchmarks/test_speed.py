"""The benchmarks do not rot: in miniature every model gives everybody's answer, and the table says what was measured. Nothing
here is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

import vssim
from benchmarks import measure, shares, statistics, table, with_loop, with_vssim
from benchmarks.cases import CASES, Case, Work
from benchmarks.growth import Size
from benchmarks.measure import OURS, Player, Times, ratio, require_agreement, require_theory
from vssim import engines
from vssim.clock import Ints

TEXT = """
run: {horizon: 50}
demand: {f: {every: exponential(1)}}
steps: {a: {work: exponential(1), wip_limit: 3}}
teams: {a: 2}
"""

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_everybody_gives_the_same_answer_to_the_tick(case: Case) -> None:
    require_agreement(case, 2000 / case.items)


def test_long_runs_give_what_theory_says() -> None:
    for case in CASES.values():
        require_theory(case)


def test_an_answer_that_differs_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(work: Work) -> Ints:
        return with_vssim.play_compiled(work) + 1

    monkeypatch.setattr(measure, "PLAYERS", (Player("a clock that is late", late, 1),))
    with pytest.raises(AssertionError, match="a clock that is late on queue: item 0 takes"):
        require_agreement(CASES["queue"], 0.001)


def test_returns_go_over_the_limit_and_limits_bind_in_the_board() -> None:
    log = with_vssim.draw_and_play(CASES["board"], 2000)
    board, free = (CASES["board"].work(2000) for _ in range(2))
    assert board.limits == [4, 8, 4, 2]
    assert board.people == [2, 4, 2, 1]
    assert free.limits
    assert 0.08 < log.visits.rework.sum() / (log.visits.step == 2).sum() / 2 < 0.12
    assert (log.visits.left > log.visits.released).any()


def test_the_ratio_is_the_median_of_the_rounds_ratios() -> None:
    times = {OURS: Times([1.0, 2.0, 4.0]), "SimPy": Times([10.0, 30.0, 80.0])}
    assert ratio(times, "SimPy") == 15


def test_the_tables_and_the_picture_say_what_was_measured(tmp_path: Path) -> None:
    results = {name: {OURS: Times([2e-7]), "SimPy": Times([1e-5])} for name in CASES}
    sizes = [Size(10_000, 2e-7, 5e-7, 300), Size(1_000_000, 2.4e-7, 6e-7, 310)]
    speed = table.speed_table(results)
    assert "| SimPy | 100,000 | 50 |" in speed
    assert "| salabim | – | – |" in speed
    assert "| 1,000,000 | 240 | 1.20 | 600 | 310 |" in table.growth_table(sizes)
    table.draw_picture(results, sizes, tmp_path / "benchmarks.png")
    assert (tmp_path / "benchmarks.png").stat().st_size > 10_000


def test_the_readme_keeps_a_place_for_the_table(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text((ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    table.put_into(page, "a table")
    text = page.read_text(encoding="utf-8")
    assert "<!-- benchmarks: begin -->\n\na table\n\n<!-- benchmarks: end -->" in text
    assert "python -m benchmarks --readme" in text
    assert "(vssim/docs/pictures/benchmarks.png)" in text


def test_the_parts_of_a_replication_are_what_the_table_says_of_it() -> None:
    small = shares.Row("small", lambda: vssim.loads(TEXT), 1)
    found = shares.shares(small, 1)
    assert set(found.parts) == set(shares.PARTS)
    assert min(*found.parts.values(), found.played) > 0
    assert found.visits == len(vssim.simulate(vssim.loads(TEXT)).log.visits.item)
    told = shares.Shares(100, dict.fromkeys(shares.PARTS, 1e-7), 6e-7)
    assert "| small | 100 | 100 | 100 | 100 | 100 | 100 | 500 | 600 |" in shares.table({"small": told})


def test_statistics_are_everybodys_and_the_same() -> None:
    work = CASES["board"].work(300)
    simpy, *others = (play(work) for play in statistics.OTHERS.values())
    assert {"mean", "p85", "waiting.0", "utilisation.3"} <= simpy.keys()
    for figures in others:
        assert figures == pytest.approx(simpy, rel=1e-6)


def test_the_loop_for_the_board_alone_writes_the_log_that_the_kernel_does() -> None:
    work = CASES["board"].work(500)
    trace = engines.trace(work.program, "compiled")
    entered, started, finished, left = with_loop.logged(work)
    assert (entered == trace.entered).all()
    assert (started == trace.started).all()
    assert (finished == trace.finished).all()
    assert (left == trace.left).all()


def test_a_whole_run_is_told_with_how_many_times_as_long_it_took() -> None:
    rows = [statistics.Told("vssim", 5e-7, 1.0), statistics.Told("SimPy", 3e-5, 60.4)]
    assert "| SimPy | 30,000 | 60 |" in statistics.table(rows)
