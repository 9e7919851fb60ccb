"""Stores: nothing is played twice, nothing is lost, and what comes out is the same to the byte."""

from __future__ import annotations

import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.interface.commands import process
from tests.sweeps.sweeping import LIMITS, TEXT, small, start, until, written
from vssim.analysis.sweep import play as playing
from vssim.analysis.sweep import store as stores
from vssim.analysis.sweep.run import sweep
from vssim.analysis.sweep.store import Store
from vssim.errors import RunError, UsageError
from vssim.play import identity

COMMAND = (
    *("sweep", "small.yaml", "--over", "wip_limit=none,1,2,3", "--horizon", "2000"),
    *("--engine", "reference", "--jobs", "1", "--quiet"),
)
"""A sweep of some seconds."""


def rows(file: Path) -> int:
    """How many runs a store has; 0 before it is one."""
    try:
        with closing(sqlite3.connect(file)) as base:
            return int(base.execute("SELECT count(*) FROM runs").fetchone()[0])
    except sqlite3.Error:
        return 0


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs each chunk that is played has."""
    counts: list[int] = []
    real = identity.play

    def counted(chunk: Any) -> Any:
        counts.append(len(chunk.tasks))
        return real(chunk)

    monkeypatch.setattr(playing, "play", counted)
    return counts


def test_asking_again_is_free(tmp_path: Path, played: list[int]) -> None:
    file = tmp_path / "store.sqlite"
    once = written(sweep(small(), LIMITS, store=file, jobs=1))
    assert sum(played) == 16  # without a limit is as it is
    again = written(sweep(small(), LIMITS, store=file, jobs=1))
    assert sum(played) == 16
    assert again == once == written(sweep(small(), LIMITS, jobs=1))


def test_only_what_is_new_is_played(tmp_path: Path, played: list[int]) -> None:
    file = tmp_path / "store.sqlite"
    sweep(small(), {"wip_limit": [1, 2]}, store=file, jobs=1)
    before = sum(played)
    sweep(small(), {"wip_limit": [1, 2, 3]}, replications=5, store=file, jobs=1)
    assert sum(played) - before == 3 + 5


def test_another_name_question_or_change_elsewhere_plays_nothing_again(tmp_path: Path, played: list[int]) -> None:
    file = tmp_path / "store.sqlite"
    sweep(small(), LIMITS, store=file, jobs=1)
    before = sum(played)
    sweep(
        small(TEXT.replace("name: Small", "name: Other\nquestion: Why?").replace("count: 1", "count: 1, proficiency: 50%")),
        LIMITS,
        store=file,
    )
    assert sum(played) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("seed: 3", "seed: 4"), ("horizon: 60", "horizon: 61"), ("warmup: 10", "warmup: 11"), ("exponential(3)", "exponential(4)")],
)
def test_whatever_changes_the_figures_is_played_anew(tmp_path: Path, played: list[int], old: str, new: str) -> None:
    file = tmp_path / "store.sqlite"
    sweep(small(), {"wip_limit": [1]}, store=file, jobs=1)
    other = small(TEXT.replace(old, new))
    assert written(sweep(other, {"wip_limit": [1]}, store=file, jobs=1)) == written(sweep(other, {"wip_limit": [1]}, jobs=1))
    assert sum(played) == 3 * 8


def test_an_interrupted_sweep_goes_on_where_it_was(tmp_path: Path, played: list[int]) -> None:
    file = tmp_path / "store.sqlite"

    def stop(done: int, total: int) -> None:
        if 0 < done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(small(), LIMITS, store=file, jobs=1, progress=stop)
    assert 0 < rows(file) < 16
    assert written(sweep(small(), LIMITS, store=file, jobs=1)) == written(sweep(small(), LIMITS, jobs=1))


def test_a_store_is_a_table_that_people_can_read(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    sweep(small(), LIMITS, store=file, jobs=1)
    with closing(sqlite3.connect(file)) as base:
        query = """SELECT description, avg(json_extract(metrics, '$[0]."throughput"')) FROM runs JOIN settings USING (setting)
                   GROUP BY setting HAVING description LIKE '%: 2}'"""
        ((description, rate),) = base.execute(query).fetchall()
    assert description == '{"wip_limit": 2}'
    assert rate == pytest.approx(sweep(small(), {"wip_limit": [2]}, jobs=1).points[0]["throughput"].mean)


def test_runs_of_other_rules_stay_in_a_store_and_none_is_reused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "store.sqlite"
    before = sweep(small(), {"wip_limit": [1]}, store=file, jobs=1)
    count = rows(file)
    assert not any("another version" in text for text in before.notes)
    for module in (stores, identity):
        monkeypatch.setattr(module, "SEMANTICS", 99)
    after = sweep(small(), {"wip_limit": [1]}, store=file, jobs=1)
    told = after.notes[0]
    assert (
        told
        == f"{file}: {count} runs in it were played by another version of vssim (semantics 2; these are 99): kept, never reused"
    )
    assert rows(file) == 2 * count
    again = sweep(small(), {"wip_limit": [1]}, store=file, jobs=1)
    assert again.notes[0] == told, "as often as it is opened, with the same count"
    assert rows(file) == 2 * count


def test_a_store_of_another_format_is_refused_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    sweep(small(), {"wip_limit": [1]}, store=file, jobs=1)
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA user_version = 7")
    with pytest.raises(
        UsageError, match=r"another version of vssim \(format 7.*name another file for the store, or remove this one"
    ):
        Store(file)


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, base = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("not a database, but a text of some length\n" * 50)
    with closing(sqlite3.connect(base)) as other:
        other.execute("CREATE TABLE mine (thing TEXT)")
    for file in (text, base):
        before = file.read_bytes()
        with pytest.raises(UsageError, match="no store of sweeps"):
            Store(file)
        assert file.read_bytes() == before


def test_a_store_that_cannot_be_made_where_the_scenario_is_is_refused_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.symlink_to(tmp_path / "nowhere" / "store.sqlite")
    with pytest.raises(RunError, match=r"cannot be used \(unable to open database file\); name another file for the store$"):
        sweep(small(), LIMITS, store=file)


def test_a_store_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there is no folder"):
        sweep(small(), LIMITS, store=tmp_path / "nowhere" / "store.sqlite")
    with pytest.raises(RunError, match=r"is a folder$"):
        sweep(small(), LIMITS, store=tmp_path)


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "store.sqlite"
    prepare = Store._prepare

    def small_disk(self: Store) -> None:
        prepare(self)
        self._base.execute("PRAGMA max_page_count = 20")

    with monkeypatch.context() as quota:
        quota.setattr(Store, "_prepare", small_disk)
        with pytest.raises(RunError, match=r"the disk is full.*what was finished is kept"):
            sweep(small(), {"wip_limit": range(1, 12)}, store=file, jobs=1)
    kept = rows(file)
    assert 0 < kept < 48
    assert written(sweep(small(), {"wip_limit": range(1, 12)}, store=file, jobs=1)) == written(
        sweep(small(), {"wip_limit": range(1, 12)}, jobs=1)
    )


def test_a_lease_ends_with_its_process_or_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, task = tmp_path / "store.sqlite", ("key", 0)
    with Store(file) as ours, Store(file) as theirs:
        assert theirs.claim([task]) == ([task], [])
        assert ours.claim([task]) == ([], [task])
        assert ours.at_work() == 1
        with monkeypatch.context() as later:
            later.setattr(time, "time", lambda: 4e9)
            assert Store(file).claim([("key", 0)]) == ([task], [])
    with Store(file) as ours:
        ours._base.execute("INSERT INTO leases VALUES ('key', 1, ?, 4e9)", (f"{socket.gethostname()}:999999999:1",))
        assert ours.claim([("key", 1)]) == ([("key", 1)], [])


@pytest.mark.slow
def test_a_killed_sweep_goes_on_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    file = tmp_path / "small.sqlite"
    running = start(*COMMAND, folder=tmp_path)
    until(lambda: rows(file) >= 3)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    kept = rows(file)
    assert 3 <= kept < 16
    assert "16 runs" in process(*COMMAND, "--status", folder=tmp_path).out
    assert process(*COMMAND, "-o", "resumed.csv", folder=tmp_path).code == 0
    assert process(*COMMAND, "-o", "whole.csv", "--store", "other.sqlite", folder=tmp_path).code == 0
    assert (tmp_path / "resumed.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.slow
def test_two_sweeps_on_one_store_share_the_work(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    both = [start(*COMMAND, "-o", f"{name}.csv", folder=tmp_path) for name in ("one", "two")]
    for running in both:
        out, err = running.communicate(timeout=300)
        assert running.returncode == 0, out + err
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    with closing(sqlite3.connect(tmp_path / "small.sqlite")) as base:
        assert base.execute("SELECT count(*) FROM runs").fetchone() == (16,)
        assert base.execute("SELECT count(*) FROM leases").fetchone() == (0,)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.slow
def test_a_file_that_cannot_grow_is_one_line_and_the_sweep_goes_on_later(tmp_path: Path) -> None:
    import resource

    (tmp_path / "small.yaml").write_text(TEXT)
    command = [*COMMAND[:3], "wip_limit=1:30", *COMMAND[4:]]
    command[command.index("2000")] = "60"
    running = start(*command, folder=tmp_path, prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)))
    _, err = running.communicate(timeout=120)
    assert running.returncode == 2
    assert len(err.strip().splitlines()) == 1
    assert "small.sqlite: cannot be written" in err
    assert 0 < rows(tmp_path / "small.sqlite") < 124
    assert process(*command, "-o", "resumed.csv", folder=tmp_path).code == 0
    assert process(*command, "-o", "whole.csv", "--store", "other.sqlite", folder=tmp_path).code == 0
    assert (tmp_path / "resumed.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
