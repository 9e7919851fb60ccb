"""The command: axes, table, document, pictures, status, the search for the best."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import polars
import pytest

from tests.interface.commands import vssim
from tests.sweeps.sweeping import TEXT, small
from vssim.analysis.sweep.grid import grid
from vssim.analysis.sweep.run import opened, sweep
from vssim.analysis.sweep.search import Keep, Searcher
from vssim.errors import UsageError
from vssim.play.executors import Staff
from vssim.views.figures import sweeps as sweep_figures
from vssim.views.schema import schema

MULTITASKING = """
name: Everybody at everything
run: {horizon: 300, warmup: 20, replications: 4, seed: 3}
demand: {feature: {every: 1}}
steps: {make: {work: 2}, ask: {wait: 3}, finish: {work: 0.1}}
teams: {makers: {people: 1, does: [make, finish], multitasking: 12, switching_cost: 30%}}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(TEXT)
    return "small.yaml"


def longer(file: str) -> str:
    """The same scenario for so long and so often that its 85 % have an interval."""
    text = Path(file).read_text().replace("horizon: 60", "horizon: 600").replace("replications: 4", "replications: 8")
    Path("longer.yaml").write_text(text)
    return "longer.yaml"


def test_a_sweep_is_kept_beside_its_scenario_and_tells_how_far_it_is(file: str) -> None:
    command = ("sweep", file, "--over", "wip_limit=none,1:3", "--jobs", "1")
    assert "not begun" in vssim(*command, "--status").out
    assert not Path("small.sqlite").exists()
    answer = vssim(*command)
    assert answer.code == 0
    assert "The knee" in answer.out
    assert "16 of 16 runs, 4 of 4 settings" in vssim(*command, "--status").out


def test_the_table_has_a_column_an_axis_and_says_what_is_on_the_front(file: str) -> None:
    over = ("--over", "wip_limit=none,1,2", "--over", "change=baseline,no walls")
    assert vssim("sweep", file, *over, "-o", "t.parquet", "--jobs", "1").code == 0
    table = polars.read_parquet("t.parquet")
    assert table.columns[:4] == ["wip_limit", "change", "replications", "front"]
    assert table["wip_limit"].unique().sort().to_list() == [None, 1, 2]
    assert table.filter(polars.col("front")).height > 0


def test_the_document_is_valid_by_its_schema(file: str) -> None:
    answer = vssim("sweep", file, "--over", "wip_limit=none,1:3", "--json", "--quiet", "--jobs", "1")
    document = json.loads(answer.out)
    jsonschema.validate(document, schema())
    assert [one["setting"] for one in document["settings"]] == [{"wip_limit": value} for value in (None, 1, 2, 3)]
    assert document["axes"] == [{"path": "wip_limit", "values": [None, 1, 2, 3]}]


def test_pictures_of_one_axis_two_axes_and_the_front(file: str) -> None:
    asked = [f"--figure={name}={name}.png" for name in ("curve", "front")]
    assert vssim("sweep", file, "--over", "wip_limit=none,1:4", *asked, "--jobs", "1").code == 0
    over = ("--over", "wip_limit=1:3", "--over", "handoffs.delay=0,1")
    assert vssim("sweep", file, *over, "--figure", "heat=heat.svg", "--jobs", "1").code == 0
    for name in ("curve.png", "front.png", "heat.svg"):
        assert Path(name).stat().st_size > 1000
    assert "curve" in vssim("sweep", file, *over, "--figure", "list").out


@pytest.mark.parametrize("asked", ["curve", "curv=x.png", "curve=x.txt", "curve=nowhere/x.png"])
def test_a_picture_that_cannot_be_is_refused_before_the_work(file: str, asked: str) -> None:
    assert vssim("sweep", file, "--over", "wip_limit=1", "--figure", asked).code == 2
    assert not Path("small.sqlite").exists()


def test_a_curve_of_two_axes_is_refused() -> None:
    found = sweep(small(), {"wip_limit": [1, 2], "handoffs.delay": [0, 1]}, replications=1, jobs=1)
    with pytest.raises(UsageError, match="one axis"):
        sweep_figures.curve(found)
    assert found.knee is None


def said(*arguments: str) -> str:
    """What a command prints, on one line."""
    answer = vssim(*arguments, "--jobs", "1", "--quiet")
    assert answer.code == 0, answer.err
    return " ".join(answer.out.split())


def test_a_sweep_says_so_when_no_setting_beats_the_organisation_as_it_is(file: str) -> None:
    out = said("sweep", longer(file), "--over", "wip_limit=1,2")
    assert re.search(r"wip_limit 2: \d\S* days \(.*?\); none is shorter than as it is \(\d", out)
    assert re.search(r"As it is \(\S+ days, \S+ a day\) is at least as good in both as every setting", out)
    row = next(
        line for line in vssim("sweep", file, "--over", "wip_limit=1,2").out.splitlines() if line.strip().startswith("as it is")
    )
    assert row.endswith("◆")


def test_a_sweep_says_nothing_of_that_when_a_setting_beats_the_organisation_as_it_is(file: str) -> None:
    out = said("sweep", longer(file), "--set", "wip_limit=1", "--over", "wip_limit=2,3")
    assert "as it is (" not in out.lower()
    assert out.count("◆") == 2, "in the legend, and beside wip_limit 3"


def test_a_setting_that_makes_no_real_difference_is_said_to_make_none(file: str) -> None:
    assert "; none is shorter than as it is" in (out := said("sweep", longer(file), "--over", "wip_limit=none,1"))
    assert ", no real difference" in out
    assert ", no real difference from as it is (" in said("sweep", longer(file), "--over", "handoffs.delay=1.99")


def test_of_a_percentile_without_an_interval_the_reason_is_said(file: str) -> None:
    out = said("sweep", file, "--over", "wip_limit=2")
    assert "()" not in out
    assert "no interval: " in out
    assert "no interval: " not in said("sweep", longer(file), "--over", "wip_limit=2")


def test_a_table_says_in_which_units_it_is(file: str) -> None:
    assert "Lead time, 85 % within [days], throughput a day; change against as it is; 95 % intervals." in said(
        "sweep", file, "--over", "wip_limit=2"
    )


def test_a_knee_is_told_only_where_throughput_bends(file: str) -> None:
    assert "The knee: from wip_limit 3 on, throughput is within" in said("sweep", file, "--over", "wip_limit=1,2,3,9,10")
    assert "The knee" not in said("sweep", file, "--over", "wip_limit=50,60,70"), "the first value is as good as any"
    out = said("sweep", file, "--over", "steps.make.work=9,2,0.5", "--set", "steps.make.work=0.5")
    assert "The knee" not in out, "the more work, the less throughput"


def test_a_knee_after_which_throughput_falls_again_is_not_said_to_last(file: str) -> None:
    Path("multi.yaml").write_text(MULTITASKING)
    out = said("sweep", "multi.yaml", "--over", "wip_limit=1,2,3,6,12")
    assert re.search(r"The knee: at \S+ \d, throughput is, for the first time, within 3 % of .*; further on it falls again\.", out)


def test_settings_that_may_be_as_short_as_the_shortest_are_named(file: str) -> None:
    out = said("sweep", longer(file), "--over", "wip_limit=1,40,50", "--replications", "20")
    assert re.search(r"Shortest lead time \(85 % within\): wip_limit 40: ", out)
    assert re.search(r"Of 4 looked at together, not surely beaten too: (as it is; )?wip_limit 50(; as it is)?\.", out)
    assert re.search(r"To choose wip_limit 40 costs at most [\d.]+ % against the best of them\.", out)


def test_with_fewer_than_twenty_replications_no_setting_is_struck(file: str) -> None:
    out = said("sweep", longer(file), "--over", "wip_limit=1,40,50", "--replications", "19")
    assert "With fewer than 20 replications no setting is struck for another one." in out
    assert "not surely beaten" not in out


def test_a_sweep_is_about_the_headline_that_is_asked_for(file: str) -> None:
    out = said("sweep", file, "--over", "wip_limit=1,2,9", "--metric", "throughput")
    assert "Throughput a day, lead time, 85 % within [days]; change against as it is" in out
    assert re.search(r"Best throughput: wip_limit 9: [\d.]+ items/day", out)
    out = said("sweep", file, "--over", "wip_limit=1,2,9", "--metric", "flow_efficiency")
    assert re.search(r"Best flow efficiency: wip_limit \d: [\d.]+ %", out)
    assert "No other setting is better in both flow efficiency and throughput" in out
    out = said("sweep", file, "--over", "wip_limit=1,2,9", "--metric", "wip")
    assert "Best items in progress" not in out, "neither more nor less of it is better"


def test_the_document_of_a_sweep_tells_all_settings_together(file: str) -> None:
    scenario = small()
    swept = sweep(scenario, {"wip_limit": [1, 40, 50]}, replications=20, horizon=600, jobs=1)
    document = swept.document()
    assert (document["headline"], document["looked_at"]) == ("lead_time.p85", 4)
    told = {one["setting"]["wip_limit"]: one for one in document["settings"]}
    assert [told[limit]["may_be_best"] for limit in (1, 40, 50)] == [False, True, True]
    assert told[1]["costs_at_most"] > told[40]["costs_at_most"] >= 0
    few = sweep(scenario, {"wip_limit": [1, 40]}, replications=19, jobs=1).document()
    assert "looked_at" not in few
    assert all("may_be_best" not in one for one in few["settings"])


def test_settings_are_told_apart_over_the_replications_that_both_were_played() -> None:
    found = sweep(small(), {"wip_limit": [1, 40, 50]}, precision=0.15, most=40, jobs=1)
    assert len({point.replications for point in found.points}) > 1
    best = found.best()
    assert best is not None
    assert [point.setting for point in found.not_surely_worse(best)] == [{"wip_limit": 50}]


def test_the_best_of_what_is_neither_good_nor_bad_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^wip: is neither good nor bad"):
        sweep(small(), {"wip_limit": [1]}, replications=1, jobs=1).best("wip")


def test_how_much_there_is_to_play_is_told_before_it_is(file: str) -> None:
    over = ("--over", "wip_limit=1:3", "--over", "handoffs.delay=0,1", "--jobs", "1")
    first = vssim("sweep", file, *over).err.splitlines()[0]
    assert first == "6 settings and as it is, 4 replications each: 28 runs, kept in small.sqlite"
    first = vssim("sweep", file, *over, "--best", "lead_time.p85", "--trials", "2").err.splitlines()[0]
    assert first == "at most 2 of 6 settings and as it is, 4 replications each: 12 runs, kept in small.sqlite"
    assert vssim("sweep", file, *over, "--quiet").err == ""


def test_of_a_grid_that_takes_long_to_set_up_it_is_told_before_that(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vssim.analysis.sweep.run.place", interrupted)
    err = vssim("sweep", file, "--over", "wip_limit=1:1000", "--over", "handoffs.delay=0:9").err
    assert err.startswith("10,000 settings and as it is, 4 replications each: 40,004 runs")


def test_every_file_that_is_written_is_named(file: str) -> None:
    asked = ("--figure", "curve=c.png", "--figure", "front=f.svg", "-o", "t.csv")
    answer = vssim("sweep", file, "--over", "wip_limit=1:2", "--jobs", "1", *asked)
    assert [line for line in answer.err.splitlines() if line.startswith("wrote")] == ["wrote t.csv", "wrote c.png", "wrote f.svg"]


@pytest.mark.parametrize("asked", ["curve", "heat"])
def test_a_picture_that_the_grid_does_not_give_is_refused_before_the_work(file: str, asked: str) -> None:
    over = (
        ("--over", "change=baseline,no walls") if asked == "heat" else ("--over", "wip_limit=1:3", "--over", "handoffs.delay=0,1")
    )
    answer = vssim("sweep", file, *over, "--figure", f"{asked}=x.png")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"{asked}: needs ")
    assert not Path("small.sqlite").exists()


@pytest.mark.parametrize(
    ("option", "of"), [(("--keep", "wip<=3"), "--best"), (("--trials", "3"), "--best"), (("--most", "3"), "--precision")]
)
def test_an_option_that_would_do_nothing_alone_is_refused(file: str, option: tuple[str, str], of: str) -> None:
    answer = vssim("sweep", file, "--over", "wip_limit=1:3", *option)
    assert answer.code == 2
    assert answer.err.startswith(f"{option[0]}: is for {of}")


def test_in_python_a_sweep_prints_the_organisation_as_it_is_above_its_front() -> None:
    found = sweep(small(), {"wip_limit": [1, 2]}, jobs=1)
    lines = repr(found).splitlines()
    assert lines[1].startswith("  as it is: lead_time.p85 6.2")
    assert lines[2].startswith("  wip_limit 2: lead_time.p85 7.4")


@pytest.mark.parametrize("columns", [80, 100])
def test_the_table_of_two_axes_has_one_line_a_setting(file: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    over = ("--over", "wip_limit=1:3", "--over", "teams.checkers.people=1:2")
    lines = vssim("sweep", file, *over, "--jobs", "1").out.splitlines()
    first = next(number for number, line in enumerate(lines) if line.strip().startswith("as it is"))
    assert [line.split()[:2] for line in lines[first + 1 : first + 7]] == [[str(a), str(b)] for a in (1, 2, 3) for b in (1, 2)]
    assert lines[first + 7] == ""
    assert "people" in " ".join(lines[first - 3 : first])


def test_where_there_is_little_room_the_least_important_columns_go_first(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    out = vssim("sweep", file, "--over", "wip_limit=1:3", "--over", "teams.checkers.people=1:2", "--jobs", "1").out
    assert "flow" not in out
    assert "within" in out
    assert max(map(len, out.splitlines())) <= 50


OVER = {"wip_limit": range(1, 13), "handoffs.delay": [0, 1, 2, 3]}


def searched(store: Path | None, metric: str = "lead_time.p85", *keep: str, trials: int = 12) -> object:
    pytest.importorskip("optuna")
    scenario = small().model_copy(update={"run": small().run.model_copy(update={"replications": 2})})
    searcher = Searcher(scenario, grid(scenario, OVER, None), metric, tuple(map(Keep.of, keep)), trials)
    with opened(store) as base, Staff(1) as staff:
        return searcher.play(base, staff).document()


def test_a_search_plays_a_part_of_the_grid_and_keeps_what_has_to_hold(tmp_path: Path) -> None:
    document = searched(None, "lead_time.p85", "throughput>=95%")
    assert isinstance(document, dict)
    jsonschema.validate(document, schema())
    search, before = document["search"], document["baseline"]["throughput"]["mean"]
    assert search["evaluated"] == 12 < search["grid"] == 48
    (best,) = [one for one in document["settings"] if one["setting"] == search["setting"]]
    assert best["metrics"]["throughput"]["mean"] >= 0.95 * before
    kept = [one for one in document["settings"] if one["metrics"]["throughput"]["mean"] >= 0.95 * before]
    assert best["metrics"]["lead_time.p85"]["mean"] == min(one["metrics"]["lead_time.p85"]["mean"] for one in kept)


def test_a_search_that_is_given_again_goes_the_same_way(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    assert searched(store) == searched(store) == searched(None)


@pytest.mark.parametrize("trials", [1, 5, 8])
def test_a_search_plays_no_more_settings_than_it_may(trials: int) -> None:
    document = searched(None, trials=trials)
    assert isinstance(document, dict)
    assert document["search"]["evaluated"] == trials


def test_a_search_says_how_many_settings_were_not_played(file: str) -> None:
    pytest.importorskip("optuna")
    command = ("sweep", file, "--over", "handoffs.delay=0:9", "--best", "lead_time.p85")
    assert "3 of 10 settings were played; 7 were not played" in said(*command, "--trials", "3")
    assert "All 10 settings were played." in said(*command)


def test_a_search_says_so_when_the_organisation_as_it_is_is_better_than_what_it_found(file: str) -> None:
    best = ("--best", "lead_time.p85")
    out = said("sweep", file, "--over", "wip_limit=1,2", *best)
    assert re.search(r"No setting that was played has a better lead_time.p85 than as it is \(\d\S*\)\. The best of them:", out)
    assert "Best lead_time.p85: handoffs.delay 0, " in said("sweep", file, "--over", "handoffs.delay=0,3", *best)
    out = said("sweep", file, "--over", "wip_limit=1,2", *best, "--keep", "wip<=1.3")
    assert re.search(r"Best lead_time.p85 with wip<=1.3: wip_limit 2, .*; as it is \(\d\S*\) does not keep that\.", out)


def test_a_bound_that_nothing_keeps_is_answered_with_what_comes_nearest(file: str) -> None:
    out = said(
        "sweep", file, "--over", "wip_limit=1,2", "--best", "lead_time.p85", "--keep", "throughput>=300%", "--keep", "wip<=9"
    )
    assert re.search(r"No setting that was played keeps .*; the nearest, wip_limit 2, has throughput \d+ % of as it is\.", out)


def test_a_search_in_which_nothing_is_delivered_says_so(file: str) -> None:
    out = said("sweep", file, "--over", "handoffs.delay=100,200", "--best", "lead_time.p85")
    assert "In no setting that was played is there a lead_time.p85 to measure." in out


def test_a_search_of_one_setting_and_of_a_share_reads_well(file: str) -> None:
    out = said("sweep", file, "--over", "wip_limit=2", "--best", "flow_efficiency")
    assert re.search(r"flow_efficiency.* than as it is \(\d+ %\)\. The best of them: wip_limit 2, \d+ % \(\d+ % … \d+ %\)", out)
    assert out.endswith("It is the only setting of the grid.")
    assert "No other setting" not in out


def test_how_far_a_search_is_is_told_of_what_it_looks_at(file: str) -> None:
    pytest.importorskip("optuna")
    grid_ = ("--over", "wip_limit=1:2000", "--over", "handoffs.delay=0:9.99:0.01")
    command = ("sweep", file, *grid_, "--best", "lead_time.p85", "--trials", "6", "--jobs", "1")
    assert "not begun; at most 6 of 2,000,000 settings to play" in vssim(*command, "--status").out
    assert vssim(*command, "--trials", "4").code == 0
    assert "4 of 6 settings are finished, of 2,000,000 in the grid" in vssim(*command, "--status").out
    assert vssim(*command).code == 0
    assert "6 of 6 settings are finished" in vssim(*command, "--status").out


def test_an_interrupted_search_finds_what_an_uninterrupted_one_does(tmp_path: Path) -> None:
    pytest.importorskip("optuna")

    def searcher() -> Searcher:
        return Searcher(small(), grid(small(), OVER, None), "lead_time.p85", (Keep.of("throughput>=95%"),), 12)

    def stop(done: int, total: int) -> None:
        if done > 4:
            raise KeyboardInterrupt

    with opened(tmp_path / "store.sqlite") as base, Staff(1) as staff:
        with pytest.raises(KeyboardInterrupt):
            searcher().play(base, staff, stop)
        settings, of_all = searcher().status(base)
        assert 0 < settings < of_all == 12
        found = searcher().play(base, staff).document()
        assert searcher().status(base) == (12, 12)
    with opened(None) as base, Staff(1) as staff:
        assert searcher().play(base, staff).document() == found


def test_a_small_grid_is_played_as_a_whole() -> None:
    document = searched(None, trials=60)
    assert isinstance(document, dict)
    assert document["search"]["evaluated"] == 48


@pytest.mark.parametrize("text", ["throughput", "throughput>95%", "throughput>=lots", "thruput>=1"])
def test_what_is_no_bound_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Keep.of(text)


def test_a_metric_that_is_neither_good_nor_bad_cannot_be_best() -> None:
    with pytest.raises(UsageError, match="neither good nor bad"):
        searched(None, "wip")
