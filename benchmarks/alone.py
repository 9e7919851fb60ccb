"""One player in a process of its own: how far its memory grows, or how long the whole process takes.

    python -m benchmarks.alone PLAYER CASE ITEMS

prints, as JSON, by how many bytes the peak of resident memory grew (imports, and a run of 100 items, come before) and the
CPU time of drawing and playing [s].
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.cases import CASES, draw
from benchmarks.measure import OURS, PLAYERS
from vssim.engines import run


def main() -> None:
    """Play once, and say what it took."""
    name, case, items = sys.argv[1], CASES[sys.argv[2]], int(sys.argv[3])
    player = next(player for player in PLAYERS if player.name == name)
    player.play(case.work(100))
    before = _peak()
    if name == OURS:
        begin = time.process_time()
        program = draw(case.scenario(items))
        drawn = time.process_time()
        log = run(program, "compiled")
        seconds, visits = time.process_time() - drawn, len(log.visits.item)
        told = {"bytes": _peak() - before, "visits": visits, "seconds": seconds, "drawing": drawn - begin}
    else:
        work = case.work(items)
        work.prepare()
        before = _peak()
        begin = time.process_time()
        player.play(work)
        told = {"bytes": _peak() - before, "visits": work.visits, "seconds": time.process_time() - begin, "drawing": 0.0}
    sys.stdout.write(json.dumps(told))


def measure(name: str, case: str, items: int) -> dict[str, float]:
    """The same, from another process."""
    command = [sys.executable, "-m", "benchmarks.alone", name, case, str(items)]
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
