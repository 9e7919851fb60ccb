"""Stores: the figures of single runs in one SQLite file, kept as they arrive, found again by what determines them.

Several processes of one machine may share a store: each takes runs on lease before it plays them, so that none is played
twice. A lease ends with its process, or two minutes after it was last renewed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
import sqlite3
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from vssim.errors import RunError, UsageError
from vssim.metrics import keeping
from vssim.metrics.sample import Sample
from vssim.play.identity import SEMANTICS, Task

APPLICATION = 0x7673696D
"""What marks an SQLite file as a store ('vsim')."""

FORMAT = 2
"""Version of the tables. Format 1 has all of a run in the text of `metrics`; such a store is read, and goes on in this one."""

LEASE = 120.0
"""How long a run stays with a process that has not been heard of [seconds]."""

PATIENCE = 30.0
"""How long to wait for another process to finish writing [seconds]."""

_TABLES = """
CREATE TABLE runs (setting TEXT, replication INTEGER, metrics TEXT NOT NULL, beside BLOB,
                   PRIMARY KEY (setting, replication)) WITHOUT ROWID;
CREATE TABLE settings (setting TEXT PRIMARY KEY, scenario TEXT NOT NULL, description TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE leases (setting TEXT, replication INTEGER, owner TEXT NOT NULL, until REAL NOT NULL,
                     PRIMARY KEY (setting, replication)) WITHOUT ROWID;
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

_SUM = 12
"""Bytes before what is kept beside the figures of a run, by which damage is noticed."""


class Store:
    """A store that is open. `runs` has one row a setting, change and replication; `settings` says what each setting is."""

    foreign: str | None
    """what there is to say of runs that another version of vssim played by other rules"""

    def __init__(self, file: Path | None) -> None:
        """Open the store in `file`, made if need be; None keeps everything in memory."""
        self.file = file
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}"
        self._renewed = time.monotonic()
        with self._faults():
            place = ":memory:" if file is None else str(file)
            self._base = sqlite3.connect(place, timeout=PATIENCE, isolation_level=None)
            try:
                self._prepare()
                self.foreign = self._told_apart()
            except BaseException:
                self._base.close()
                raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._base.execute("DELETE FROM leases WHERE owner = ?", (self.owner,))
        self._base.close()

    def _prepare(self) -> None:
        if not self._is_new():
            self._same_version()
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        with self._transaction():
            if self._is_new():
                for statement in _TABLES.split(";"):
                    self._base.execute(statement)
                self._base.execute(f"PRAGMA application_id = {APPLICATION}")
                self._base.execute(f"PRAGMA user_version = {FORMAT}")
                self._base.execute("INSERT INTO notes VALUES ('semantics', ?)", (str(SEMANTICS),))
            else:
                self._brought_up_to_date()
        self._same_version()

    def _is_new(self) -> bool:
        return bool(self._base.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])

    def _same_version(self) -> None:
        if self._base.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise UsageError(f"{self.file}: is a database, but no store of sweeps; name another file for the store")
        written = self._base.execute("PRAGMA user_version").fetchone()[0]
        if written not in (1, FORMAT):
            raise UsageError(
                f"{self.file}: was written by another version of vssim (format {written}; this one has format {FORMAT}); "
                "name another file for the store, or remove this one"
            )

    def _brought_up_to_date(self) -> None:
        """A store of format 1 gets the tables of today; what is in it stays as it is."""
        if self._base.execute("PRAGMA user_version").fetchone()[0] == FORMAT:
            return
        self._base.execute("CREATE TABLE IF NOT EXISTS sums (setting TEXT, replication INTEGER, sum TEXT)")
        self._base.execute("ALTER TABLE runs ADD COLUMN beside BLOB")
        self._base.execute(f"PRAGMA user_version = {FORMAT}")

    def _told_apart(self) -> str | None:
        """What there is to say of runs that were played by other rules: their keys hold the rules, so none is ever reused."""
        rules = self.note("semantics")
        if rules in (None, str(SEMANTICS)):
            return None
        count = self.note("runs of other semantics", str(self._base.execute("SELECT count(*) FROM runs").fetchone()[0]))
        if count == "0":
            return None
        runs = "1 run in it was" if count == "1" else f"{int(count or 0):,} runs in it were"
        return (
            f"{self.file}: {runs} played by another version of vssim (semantics {rules}; these are {SEMANTICS}): kept, never reused"
        )

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        """What the disk refuses, said in one sentence."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            kept = "what was finished is kept: make room and give the same command again"
            said = " ".join(str(error).split())  # it may quote a table's definition, which has lines
            if "full" in said or "I/O" in said:
                raise RunError(f"{self.file}: cannot be written, the disk is full or fails ({said}); {kept}") from None
            if "not a database" in said or "malformed" in said:
                raise UsageError(f"{self.file}: is no store of sweeps ({said}); name another file for the store") from None
            if "UTF-8" in said or "corrupt" in said:
                raise self._damaged() from None
            if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA):
                raise self._damaged(said) from None  # our own statements are sound: its tables are other ones
            elsewhere = "; name another file for the store" if "unable to open" in said or "readonly" in said else ""
            raise RunError(f"{self.file}: cannot be used ({said}){elsewhere}") from None
        except (sqlite3.Error, zlib.error, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise self._damaged() from None

    def _damaged(self, how: str = "a figure in it is not what was kept") -> UsageError:
        return UsageError(f"{self.file}: is damaged ({how}); name another file for the store, or remove it")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, with nobody else writing meanwhile."""
        with self._faults():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise

    def describe(self, settings: Iterable[tuple[str, str, Any]]) -> None:
        """Say for those who open the file what its settings are: key, scenario, what was set."""
        rows = [(key, scenario, json.dumps(setting, ensure_ascii=False)) for key, scenario, setting in settings]
        with self._transaction():
            self._base.executemany("INSERT OR IGNORE INTO settings VALUES (?, ?, ?)", rows)

    def finished(self, keys: Iterable[str]) -> dict[str, set[int]]:
        """The replications that there are of each key."""
        finished: dict[str, set[int]] = defaultdict(set)
        with self._faults():
            for some in _some(sorted(set(keys))):
                marks = ",".join("?" * len(some))
                for key, replication in self._base.execute(
                    f"SELECT setting, replication FROM runs WHERE setting IN ({marks})", some
                ):
                    finished[key].add(replication)
        return finished

    def samples(self, key: str, replications: int) -> list[list[Sample]]:
        """What was measured in the first replications of a key: by replication and window."""
        with self._faults():
            query = "SELECT replication, metrics, beside FROM runs WHERE setting = ? AND replication < ? ORDER BY replication"
            rows = self._base.execute(query, (key, replications)).fetchall()
            if len(rows) < replications or [row[0] for row in rows] != list(range(len(rows))):
                raise self._damaged()  # it was said to be there: what is asked for was played, or found finished
            return [self._sound(key, *row) for row in rows]

    def _sound(self, key: str, replication: int, metrics: str, beside: bytes | None) -> list[Sample]:
        """What was measured in a run, which is what was kept."""
        if beside is None:
            return self._sound_before(key, replication, metrics)
        if beside[:_SUM] != _sum(key, replication, metrics, beside[_SUM:]):
            raise self._damaged()
        return keeping.restored(metrics, beside[_SUM:])

    def _sound_before(self, key: str, replication: int, metrics: str) -> list[Sample]:
        """As `_sound`, of a run that was kept in format 1. One from before there were sums is believed."""
        if not self._began_before:
            raise self._damaged()
        row = self._base.execute("SELECT sum FROM sums WHERE setting = ? AND replication = ?", (key, replication)).fetchone()
        if (row is not None or self.note("sums") is not None) and row != (_sum(key, replication, metrics).hex(),):
            raise self._damaged()
        return keeping.restored_before(metrics)

    @cached_property
    def _began_before(self) -> bool:
        """Whether the store was made in format 1."""
        return bool(self._base.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sums'").fetchone()[0])

    def claim(self, tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
        """Take runs on lease: those that are now ours, and those that another process is playing; the rest is finished."""
        ours: list[Task] = []
        others: list[Task] = []
        with self._transaction():
            now = time.time()
            for task in tasks:
                if self._base.execute("SELECT 1 FROM runs WHERE setting = ? AND replication = ?", task).fetchone():
                    continue
                (others if self._held(task, now) else ours).append(task)
            leases = [(*task, self.owner, now + LEASE) for task in ours]
            self._base.executemany("INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)", leases)
        return ours, others

    def _held(self, task: Task, now: float) -> bool:
        """Whether somebody else who is alive has a run on lease."""
        row = self._base.execute("SELECT owner, until FROM leases WHERE setting = ? AND replication = ?", task).fetchone()
        return row is not None and row[0] != self.owner and row[1] > now and _alive(row[0])

    def add(self, samples: Sequence[tuple[str, int, list[Sample]]]) -> None:
        """Keep what was measured, and give up the leases on it."""
        rows = [_row(key, replication, *keeping.kept(measured)) for key, replication, measured in samples]
        with self._transaction():
            self._base.executemany("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?)", rows)
            self._base.executemany("DELETE FROM leases WHERE setting = ? AND replication = ?", [row[:2] for row in rows])
        self.renew()

    def renew(self) -> None:
        """Say that we are still at it, now and then."""
        if time.monotonic() - self._renewed > LEASE / 4:
            with self._transaction():
                self._base.execute("UPDATE leases SET until = ? WHERE owner = ?", (time.time() + LEASE, self.owner))
            self._renewed = time.monotonic()

    def at_work(self) -> int:
        """How many other processes have runs on lease."""
        with self._faults():
            rows = self._base.execute("SELECT DISTINCT owner FROM leases WHERE until > ?", (time.time(),)).fetchall()
        return sum(owner != self.owner and _alive(owner) for (owner,) in rows)

    def note(self, name: str, value: str | None = None) -> str | None:
        """What is noted under a name; with a value, note it unless there is something already."""
        with self._faults():
            if value is not None:
                self._base.execute("INSERT OR IGNORE INTO notes VALUES (?, ?)", (name, value))
            row = self._base.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])


def _row(key: str, replication: int, metrics: str, beside: bytes) -> tuple[str, int, str, bytes]:
    """A run as the table has it."""
    return key, replication, metrics, _sum(key, replication, metrics, beside) + beside


def _sum(key: str, replication: int, metrics: str, beside: bytes = b"") -> bytes:
    """What tells whether a run is still what was kept."""
    return hashlib.blake2b(f"{key}:{replication}:{metrics}".encode() + beside, digest_size=_SUM).digest()


def _some(keys: list[str], most: int = 500) -> Iterator[list[str]]:
    for first in range(0, len(keys), most):
        yield keys[first : first + most]


def _alive(owner: str) -> bool:
    """Whether the process of a lease may still be at it; one of another machine is given the benefit of the doubt."""
    host, process, _ = owner.rsplit(":", 2)
    if host != socket.gethostname() or not hasattr(os, "getpgid"):
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
