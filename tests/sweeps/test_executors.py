"""Executors: threads, processes, a cluster or the caller's own give the same table, to the byte."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.interface.commands import ROOT
from tests.sweeps.sweeping import LIMITS, TEXT, small, start, until, written
from vssim.analysis.sweep.run import sweep
from vssim.errors import MissingExtra, RunError, UnknownName, UsageError
from vssim.metrics import measure
from vssim.play import executors
from vssim.play.executors import Staff, worth_hiring
from vssim.play.experiment import Experiment
from vssim.play.replications import Study, Workers


@pytest.fixture(scope="module")
def expected() -> bytes:
    return written(sweep(small(), LIMITS, jobs=1))


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is worth hiring for."""
    monkeypatch.setattr(executors, "WORTH_THREADS", 0.0)
    monkeypatch.setattr(executors, "WORTH_PROCESSES", 0.0)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_workers_of_this_machine_give_the_same_table(kind: Any, expected: bytes, eager: None) -> None:
    assert written(sweep(small(), LIMITS, jobs=2, workers=kind)) == expected


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_replications_are_the_same_here_on_threads_and_on_processes(kind: Any, engine: Any, eager: None) -> None:
    study = Experiment.of(small(), [None, "no walls", "later"], engine).study
    tasks = [(variant, replication) for replication in range(6) for variant in range(3)]
    with Staff(1) as alone, Staff(2, kind) as two:
        expected, found = (Workers(study, staff).map(figures, tasks) for staff in (alone, two))
        assert alone.is_here
        assert not two.is_here
    assert found == expected


def test_who_is_sent_home_in_the_middle_of_a_result_is_not_waited_for(tmp_path: Path, eager: None) -> None:
    begun, ended = tmp_path / "begun", threading.Event()

    def interrupted() -> None:
        with contextlib.suppress(KeyboardInterrupt), Staff(2, "processes") as staff:
            staff.learn(1.0, 1, 100, "reference")
            staff.submit(half_of_a_result, str(begun))
            while not begun.exists():
                time.sleep(0.05)
            raise KeyboardInterrupt
        ended.set()

    threading.Thread(target=interrupted, daemon=True).start()
    assert ended.wait(60), "the staff waits for the other half"


def half_of_a_result(begun: str) -> None:
    """Hand in the beginning of a result, as one who is stopped there; the pool's own frame has the queue."""
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    os.write(frame.f_locals["result_queue"]._writer.fileno(), struct.pack("!i", 1000) + b"half")
    Path(begun).touch()
    time.sleep(600)


def figures(study: Study, variant: int, replication: int) -> dict[str, float | None]:
    """What is measured of one run."""
    return measure.measure(study.log(variant, replication), warmup=10)


@pytest.mark.parametrize(
    ("runs", "each", "engine", "asked", "hired"),
    [
        (10, 0.01, "compiled", "auto", None),
        (100, 0.01, "compiled", "auto", "threads"),
        (1000, 0.001, "compiled", "auto", None),
        (1000, 0.001, "compiled", "threads", "threads"),
        (4000, 0.001, "compiled", "auto", "processes"),
        (400, 0.01, "compiled", "auto", "threads"),
        (100, 0.01, "reference", "auto", None),
        (6000, 0.01, "compiled", "auto", "processes"),
        (6000, 0.01, "reference", "auto", "processes"),
        (6000, 0.01, "compiled", "threads", "threads"),
        (100, 0.01, "reference", "processes", None),
    ],
)
def test_who_is_worth_hiring_depends_on_what_there_is_to_do(
    runs: int, each: float, engine: Any, asked: Any, hired: str | None
) -> None:
    assert worth_hiring(runs, each, engine, asked) == hired


def test_threads_make_way_for_processes_when_there_is_more_to_do_than_it_seemed() -> None:
    with Staff(2) as staff:
        staff.learn(1.0, 1, 1, "compiled")
        here = staff.submit(os.getpid).result()
        staff.learn(1.0, 1, 100, "compiled")
        assert staff.submit(os.getpid).result() != here == os.getpid()


@pytest.mark.parametrize(("memory", "free", "jobs"), [(1e6, 1e6, 4), (300e6, 10e9, 4), (300e6, 1.3e9, 2), (3e9, 1e9, 1)])
def test_no_more_runs_are_played_at_once_than_half_of_the_free_memory_holds(
    memory: float, free: float, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "free_memory", lambda: free)
    staff = Staff(4)
    staff.share(memory)
    assert staff.jobs == jobs
    monkeypatch.setenv("VSSIM_ANYWAY", "1")
    anyway = Staff(4)
    anyway.share(memory)
    assert anyway.jobs == 4


def test_any_executor_gives_the_same_table(expected: bytes) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert written(sweep(small(), LIMITS, executor=pool, jobs=3)) == expected


class Backwards(ThreadPoolExecutor):
    """Plays what it was given first for the longest time, so that what was given last comes back first."""

    def __init__(self) -> None:
        super().__init__(4)
        self.given = 0

    def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        def late(pause: float) -> Any:
            time.sleep(pause)
            return work(*arguments)

        self.given += 1
        return super().submit(late, 0.1 * (-self.given % 4))


def test_the_order_in_which_chunks_come_back_plays_no_part(expected: bytes) -> None:
    with Backwards() as backwards:
        assert written(sweep(small(), LIMITS, executor=backwards, jobs=2)) == expected


def test_a_worker_that_ends_is_one_sentence(tmp_path: Path) -> None:
    class Broken(Executor):
        def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
            from concurrent.futures import BrokenExecutor

            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor())
            return future

    with pytest.raises(RunError, match="what was finished is kept"):
        sweep(small(), LIMITS, executor=Broken())


def test_a_cluster_that_calls_its_work_off_is_one_sentence() -> None:
    class Gone(Executor):
        def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    with pytest.raises(RunError, match=r"is the cluster's scheduler gone.*what was finished is kept: try again$"):
        sweep(small(), LIMITS, executor=Gone())


def test_staff_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(UsageError):
        Staff(0)
    kind: Any = "thread"
    with pytest.raises(UnknownName, match="threads"):
        Staff(1, kind)


def test_a_cluster_without_dask_says_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install 'vssim\[cluster\]'"):
        sweep(small(), LIMITS, cluster="tcp://127.0.0.1:1")


ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0",
    "DASK_DISTRIBUTED__WORKER__MEMORY__REBALANCE__MEASURE": "managed",
}


def dask(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """A part of a Dask cluster, as a process of its own."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, start_new_session=True, **quiet)  # type: ignore[call-overload, no-any-return]


class Cluster:
    """A scheduler and two worker processes on loopback."""

    def __init__(self, folder: Path, *both: str) -> None:
        """`both`: options of the scheduler and of its workers."""
        pytest.importorskip("distributed")
        file = folder / "scheduler.json"
        scheduler = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show", "--scheduler-file", str(file))
        self.scheduler = dask("dask_scheduler", *scheduler, *both, folder=folder)
        worker = ("--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        beside = ("--local-directory", str(folder), *both)
        self.workers = [dask("dask_worker", *worker, *beside, folder=folder) for _ in range(2)]
        self.address = self._address(file)

    @staticmethod
    def _address(file: Path) -> str:
        import json

        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return str(json.loads(file.read_text())["address"])
            except (OSError, ValueError):
                time.sleep(0.1)
        raise TimeoutError

    def end(self) -> None:
        for one in (*self.workers, self.scheduler):
            one.kill()
            one.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    yield found
    found.end()


@pytest.mark.slow
def test_a_cluster_gives_the_same_table(cluster: Cluster, expected: bytes) -> None:
    assert written(sweep(small(), LIMITS, cluster=cluster.address)) == expected


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_in_mid_sweep_gives_the_same_table(cluster: Cluster, tmp_path: Path) -> None:
    over = {"wip_limit": ["none", *range(1, 8)]}
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done > 2 and not killed:
            cluster.workers[0].send_signal(signal.SIGKILL)
            killed.append(done)

    store = tmp_path / "store.sqlite"
    found = written(sweep(small(), over, horizon=2000, store=store, cluster=cluster.address, progress=kill))
    assert killed
    assert killed[0] < 30
    assert found == written(sweep(small(), over, horizon=2000, jobs=2))


@pytest.mark.slow
def test_a_scheduler_that_dies_in_mid_sweep_is_one_sentence_and_what_was_finished_is_kept(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    over = ("--over", "wip_limit=none,1:40", "--horizon", "3000", "--engine", "reference")
    running = start("sweep", "small.yaml", *over, "--cluster", cluster.address, folder=tmp_path)
    until(lambda: runs_in(tmp_path / "small.sqlite") > 2)
    cluster.scheduler.kill()
    _, err = running.communicate(timeout=120)
    assert running.returncode == 2
    assert "Traceback" not in err
    assert "is the cluster's scheduler gone?" in err.splitlines()[-1]
    assert runs_in(tmp_path / "small.sqlite") > 2


def runs_in(store: Path) -> int:
    """Runs that a store has by now."""
    if not store.exists():
        return 0
    with contextlib.closing(sqlite3.connect(store)) as base:
        try:
            return int(base.execute("SELECT count(*) FROM runs").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


@pytest.mark.slow
def test_an_address_without_a_scheduler_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("vssim.play.cluster.WAIT", "1s")
    with pytest.raises(RunError, match=r"^no Dask scheduler answers at tcp://127.0.0.1:1"):
        sweep(small(), LIMITS, cluster="tcp://127.0.0.1:1")


@pytest.mark.parametrize("address", ["host", "tcp://host", "host:port", "smoke://host:8786", ""])
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    pytest.importorskip("distributed")
    began = time.monotonic()
    with pytest.raises(UsageError, match=r"^cluster: got .*, expected the address of a Dask scheduler, as in tcp://host:8786$"):
        sweep(small(), LIMITS, cluster=address)
    assert time.monotonic() - began < 20


PARTS = {
    name: f"distributed.comm.tls.{where}"
    for name, where in (("ca_file", "ca-file"), ("cert", "client.cert"), ("key", "client.key"))
}


def certified(**files: Path) -> contextlib.AbstractContextManager[object]:
    """Let Dask find these parts of a certificate, as its environment variables would say them."""
    config = pytest.importorskip("dask.config")
    found: contextlib.AbstractContextManager[object] = config.set(
        {place: str(files[name]) if name in files else None for name, place in PARTS.items()}
    )
    return found


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate signed by itself and its key, as README has them made."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    made = folder / f"{name}.cert.pem", folder / f"{name}.key.pem"
    asked = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}")
    subprocess.run(["openssl", *asked, "-keyout", str(made[1]), "-out", str(made[0])], check=True, capture_output=True)
    return made


@pytest.mark.slow
def test_a_cluster_under_tls_gives_the_same_table_to_who_has_its_certificate_and_nothing_to_others(
    tmp_path: Path, expected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = certificate(tmp_path, "ours")
    other, others_key = certificate(tmp_path, "other")
    tls = ("--protocol", "tls", "--tls-ca-file", str(cert), "--tls-cert", str(cert), "--tls-key", str(key))
    running = Cluster(tmp_path, *tls)
    try:
        with certified(ca_file=cert, cert=cert, key=key):
            assert running.address.startswith("tls://")
            assert written(sweep(small(), LIMITS, cluster=running.address)) == expected
        monkeypatch.setattr("vssim.play.cluster.WAIT", "2s")
        with (
            certified(ca_file=cert, cert=other, key=others_key),
            pytest.raises(RunError, match=r"^no Dask scheduler answers at tls:"),
        ):
            sweep(small(), LIMITS, cluster=running.address)
    finally:
        running.end()


def test_tls_without_a_certificate_that_can_be_read_is_refused_with_what_to_say(tmp_path: Path) -> None:
    nothing, absent = tmp_path / "nothing.pem", tmp_path / "absent.pem"
    nothing.write_text("no certificate")
    for files, said in (
        ({}, r"asks for a certificate of yours: say where it is in DASK_\w+__CA_FILE and DASK_\w+__CLIENT__CERT$"),
        ({"ca_file": nothing}, r"asks for a certificate of yours: say where it is in DASK_\w+__CLIENT__CERT$"),
        ({"ca_file": nothing, "cert": absent}, r"cannot be read: .*absent.pem \(DASK_\w+__CLIENT__CERT\) is no file$"),
        ({"ca_file": nothing, "cert": nothing}, r"cannot be read: DASK_\w+__CA_FILE and DASK_\w+__CLIENT__CERT: "),
    ):
        with certified(**files), pytest.raises(UsageError, match=said):
            sweep(small(), LIMITS, cluster="tls://127.0.0.1:1")
