"""Everything that vssim does with another library, once, in the environment at hand; says what does not work and ends with 1."""

import json
import subprocess
import sys
import tempfile
import threading
import urllib.request
from importlib.metadata import version
from pathlib import Path

QUICK = ("--replications", "2", "--horizon", "170", "--quiet")


def said(*arguments: str, code: int = 0) -> str:
    """What a command writes, which has to end with `code`, silent on the other side."""
    done = subprocess.run([sys.executable, "-m", "vssim", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != code or "Traceback" in done.stderr or "Warning" in done.stderr:
        sys.exit(f"vssim {' '.join(arguments)}: ended with {done.returncode}\n{done.stdout[-500:]}\n{done.stderr[-3000:]}")
    return done.stdout


def live() -> None:
    """A room opens, and its pages and its socket answer."""
    command = [sys.executable, "-u", "-m", "vssim", "live", "workshop/stop-starting", "--no-open", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        watch = threading.Timer(60, running.kill)
        watch.start()
        try:
            address = running.stdout.readline().split()[-1]
            page = urllib.request.urlopen(address.partition("#")[0], timeout=30).read().decode()
            assert "<html" in page, page[:200]
        finally:
            watch.cancel()
            running.terminate()


def main() -> None:
    """Every door once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert said("--version").startswith("vssim ")
        assert "cross-functional teams" in said("compare", "silos", *QUICK)
        assert json.loads(said("compare", "silos", "--json", *QUICK))["vssim"]
        assert "silos" in said("scenarios")
        said(
            "run",
            "silos",
            *QUICK,
            "--engine",
            "compiled",
            "-o",
            str(folder / "run.parquet"),
            "--figure",
            f"time_spent={folder / 'a.png'}",
        )
        said("verify", "silos", "--replications", "1")
        said(
            "sweep",
            "silos",
            "--over",
            "wip_limit=10,20",
            *QUICK,
            "--store",
            str(folder / "s.sqlite"),
            "--figure",
            f"curve={folder / 'c.svg'}",
        )
        said("sweep", "silos", "--over", "wip_limit=5:40", "--best", "lead_time.p85", "--trials", "4", *QUICK)
        said("explain", "silos", "--change", "both", *QUICK)
        said("report", "silos", *QUICK, "-o", str(folder / "report.html"))
        for ending in ("csv", "parquet", "xlsx"):
            said("export", "silos", "--as", "moves", "--horizon", "100", "--quiet", "-o", str(folder / f"moves.{ending}"))
        said("schema")
        said("compare", "nowhere", code=2)
        live()
        import vssim

        comparison = vssim.compare(vssim.load("silos", {"run.replications": 2, "run.horizon": 170}))
        assert len(comparison.to_pandas())
        assert comparison._repr_html_()
    names = ("matplotlib", "numba", "numpy", "polars", "pydantic", "rich", "scipy", "simpy", "typer", "starlette", "uvicorn")
    sys.stdout.write(f"works with {', '.join(f'{name} {version(name)}' for name in names)}\n")


main()
