"""The compiled engine in a process of its own: how long a run of the board takes, and how far its memory grows.

    python -m benchmarks.alone ITEMS

prints, as JSON, by how many bytes the peak of resident memory grew, from the scenario to the log (imports, and a run of 100
items, come before), and the CPU time of drawing and of playing [s].
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.cases import CASES, draw
from benchmarks.with_vssim import draw_and_play
from vssim.engines import run


def main() -> None:
    """Play once, and say what it took."""
    case, items = CASES["board"], int(sys.argv[1])
    draw_and_play(case, 100)
    before = _peak()
    begin = time.process_time()
    program = draw(case.scenario(items))
    drawn = time.process_time()
    log = run(program, "compiled")
    seconds = time.process_time() - drawn
    told = {"bytes": _peak() - before, "visits": len(log.visits.item), "seconds": seconds, "drawing": drawn - begin}
    sys.stdout.write(json.dumps(told))


def measure(items: int) -> dict[str, float]:
    """The same, from another process."""
    command = [sys.executable, "-m", "benchmarks.alone", str(items)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _peak() -> int:
    """The most memory that this process has had [bytes]; Linux counts its parent's in what getrusage tells."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
