"""Damaged stores: whatever a disk or a hand did to one, the table is the same, or there is one sentence with the way out."""

from __future__ import annotations

import math
import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import polars
import polars.testing
import pytest

import vssim
from vssim.analysis.sweep.store import Store

TINY = """
run: {horizon: 20, warmup: 0, replications: 2, seed: 3}
demand: {item: {every: exponential(2)}}
steps: {make: {work: exponential(1)}}
teams: {makers: {people: 1, does: make}}
"""


def swept(store: Path | None) -> polars.DataFrame:
    return vssim.sweep(vssim.loads(TINY), {"wip_limit": [1, 2]}, store=store, jobs=1, engine="reference").table()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("store") / "sound.sqlite"
    swept(file)
    with sqlite3.connect(file) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    return file.read_bytes()


def damaged(content: bytes, luck: random.Random) -> bytes:
    """The bytes after one accident: a few flipped, a stretch lost, overwritten or moved, the end cut off, or text altered."""
    data = bytearray(content)
    kind, at = luck.randrange(6), luck.randrange(len(data))
    length = luck.choice([1, 4, 64, 512, 4096])
    if kind == 0:
        for _ in range(luck.choice([1, 3, 30])):
            data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    elif kind == 1:
        data[at : at + length] = bytes(len(data[at : at + length]))
    elif kind == 2:
        data[at : at + length] = luck.randbytes(len(data[at : at + length]))
    elif kind == 3:
        del data[at:]
    elif kind == 4:
        other = luck.randrange(len(data))
        data[at : at + length] = data[other : other + len(data[at : at + length])]
    else:
        digits = [place for place, byte in enumerate(data) if 0x30 <= byte <= 0x39]
        for _ in range(3):
            data[luck.choice(digits)] = luck.choice(b"0123456789")
    return bytes(data)


def survives(content: bytes, file: Path, expected: polars.DataFrame) -> bool:
    """Whether the table is the same; else there must have been one sentence with the way out."""
    for beside in file.parent.glob(f"{file.name}*"):
        beside.unlink()
    file.write_bytes(content)
    said = ""
    try:
        found = swept(file)
    except vssim.VssimError as error:
        said = str(error)
    if not said:
        assert found.equals(expected), "a figure was altered and nobody noticed"
        return True
    assert "\n" not in said
    assert str(file) in said
    assert "another file" in said or "remove" in said, said
    return False


@pytest.mark.parametrize("seeds", [range(50), pytest.param(range(50, 200), marks=pytest.mark.slow)])
def test_random_damage_gives_the_same_table_or_one_sentence(seeds: range, sound: bytes, tmp_path: Path) -> None:
    expected = swept(None)
    file = tmp_path / "store.sqlite"
    same = [survives(damaged(sound, random.Random(seed)), file, expected) for seed in seeds]
    assert 0 < sum(same) < len(same)


def test_an_altered_figure_is_noticed(sound: bytes, tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.write_bytes(sound)
    with sqlite3.connect(file) as base:
        base.execute("UPDATE runs SET metrics = replace(metrics, '1', '2')")
    base.close()
    with pytest.raises(vssim.UsageError, match=r"is damaged.*name another file for the store, or remove it"):
        swept(file)


@pytest.mark.parametrize("column", ["metrics", "replication", "setting"])
def test_a_column_that_has_another_name_is_damage_with_the_way_out(column: str, sound: bytes, tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.write_bytes(sound)
    changed(file, f"ALTER TABLE runs RENAME COLUMN {column} TO mutrics")
    said = rf"is damaged \(no such column: {column}\); name another file for the store, or remove it$"
    with pytest.raises(vssim.UsageError, match=said):
        swept(file)


def test_damage_to_a_definition_of_several_lines_is_one_sentence(sound: bytes, tmp_path: Path) -> None:
    hurt = sound.replace(b"runs (setting TEXT, rep", b"runs (setting TEXT` rep")
    assert hurt != sound
    assert not survives(hurt, tmp_path / "store.sqlite", swept(None))


# --- stores of format 1: all of a run in one text, sums beside it ---


@pytest.fixture
def of_before(tmp_path: Path) -> Path:
    """A store of format 1: the first setting of the others here, and the organisation as it is."""
    return Path(shutil.copy(Path(__file__).with_name("format_1.sqlite"), tmp_path / "store.sqlite"))


def changed(file: Path, *statements: str) -> None:
    """A store after somebody was at it."""
    with sqlite3.connect(file) as base:
        for statement in statements:
            base.execute(statement)
    base.close()


def readable(file: Path) -> dict[str, Any]:
    """The figures of each run in a store, by setting: what is kept by whatever key, so that it may be of other rules."""
    with sqlite3.connect(file) as base:
        described = dict(base.execute("SELECT setting, description FROM settings").fetchall())
    base.close()
    with Store(file) as store:
        return {
            told: [
                [sample.metrics["throughput"], sample.times["lead_time"].tolist(), sample.count("lead_time")]
                for (sample,) in store.samples(key, 2)
            ]
            for key, told in described.items()
        }


RATES_OF_BEFORE = [0.45, 0.45]
LEAD_TIME_OF_BEFORE = 2.845291
"""As the version that wrote the store had them: deliveries per unit of time by replication; 85 % of items, in both together."""


def test_a_store_of_format_1_is_read_and_goes_on(of_before: Path) -> None:
    read = readable(of_before)
    assert set(read) == {"{}", '{"wip_limit": 1}'}
    assert all(len(times) == count for runs in read.values() for _, times, count in runs)
    assert [rate for rate, _, _ in read["{}"]] == pytest.approx(RATES_OF_BEFORE)
    pooled = sorted(time for _, times, _ in read["{}"] for time in times)
    assert pooled[math.ceil(0.85 * len(pooled)) - 1] == LEAD_TIME_OF_BEFORE
    once = swept(of_before)
    figures = ("metric", "mean")  # the sums of another machine may be added up in another order
    polars.testing.assert_frame_equal(once.select(figures), swept(None).select(figures), rel_tol=1e-9)
    assert swept(of_before).equals(once), "opened once more, with runs of both formats in it"
    assert {told: runs for told, runs in readable(of_before).items() if told in read} == read


def test_a_figure_of_format_1_that_was_altered_is_noticed(of_before: Path) -> None:
    changed(of_before, "UPDATE runs SET metrics = replace(metrics, '1', '2')")
    with pytest.raises(vssim.UsageError, match=r"is damaged.*name another file for the store, or remove it"):
        readable(of_before)


def test_a_store_from_before_there_were_sums_is_as_good_as_ever(of_before: Path) -> None:
    read = readable(Path(shutil.copy(of_before, of_before.with_name("other.sqlite"))))
    changed(of_before, "DROP TABLE sums", "DELETE FROM notes WHERE name = 'sums'")
    assert readable(of_before) == read


def test_a_run_that_lost_what_is_beside_its_figures_is_noticed(sound: bytes, tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.write_bytes(sound)
    changed(file, "UPDATE runs SET beside = NULL")
    with pytest.raises(vssim.UsageError, match=r"is damaged.*name another file for the store, or remove it"):
        swept(file)
