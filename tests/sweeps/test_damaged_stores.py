"""Damaged stores: whatever a disk or a hand did to one, the table is the same, or there is one sentence with the way out."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import polars
import pytest

import vssim

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


def test_a_store_from_before_there_were_sums_is_as_good_as_ever(sound: bytes, tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    file.write_bytes(sound)
    with sqlite3.connect(file) as base:
        base.execute("DROP TABLE sums")
        base.execute("DELETE FROM notes WHERE name = 'sums'")
    base.close()
    assert swept(file).equals(swept(None))
