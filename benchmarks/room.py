"""What a room takes: the memory of its server under slider positions that are all different, with phones in it.

    python -m benchmarks.room [SCENARIO] [--minutes M] [--positions N] [--phones N]

A real server as a process of its own, pages that listen, one that moves sliders at random (seed fixed) evenly over the time. The
end may be at most 1.3 times the first minute; ends with 1 if it is more.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

MOST = 1.3
"""How much more than after its first minute a room may take at the end."""


def main() -> None:
    """Measure; prints a line a minute."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.room", description="The memory of a room.")
    parser.add_argument("scenario", nargs="?", default="silos")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--positions", type=int, default=2000)
    parser.add_argument("--phones", type=int, default=30)
    options = parser.parse_args()
    command = [sys.executable, "-u", "-m", "vssim", "live", options.scenario, "--no-open", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, ExitStack() as stack:
        stack.callback(server.terminate)
        assert server.stdout is not None
        address = re.search(r"http://([^/]+)/#key=(\S+)", server.stdout.readline())
        assert address, "the room did not open"
        for number in range(options.phones):
            phone = page(stack, address[1], {"page": "join", "id": f"phone {number}"})
            threading.Thread(target=listen, args=(phone,), daemon=True).start()
        leading = page(stack, address[1], {"page": "room", "id": "leader", "key": address[2]})
        first, last, asked = moved(leading, server.pid, options.minutes * 60, options.positions)
    grown = f"{first:.0f} MB after the first minute, {last:.0f} MB at the end (× {last / first:.2f})"
    print(f"{asked:,} positions, {options.phones} phones: {grown}")
    sys.exit(1 if last > MOST * first else 0)


def page(stack: ExitStack, where: str, hello: dict[str, str]) -> ClientConnection:
    """A page that has said hello; it stays until the stack ends."""
    wire = stack.enter_context(connect(f"ws://{where}/ws", compression=None, max_size=None))
    wire.send(json.dumps({"do": "hello", **hello}))
    return wire


def listen(wire: ClientConnection) -> None:
    """Hear everything, until the room is closed."""
    try:
        while True:
            wire.recv()
    except ConnectionClosed:
        pass


def moved(wire: ClientConnection, process: int, seconds: float, positions: int) -> tuple[float, float, int]:
    """Memory after the first minute and at the end [MB], and how many different positions were asked for."""
    luck, sliders, begin, seen = random.Random(1), list[tuple[str, int]](), time.monotonic(), set[tuple[tuple[str, int], ...]]()
    state: dict[str, int] = {}
    first, told = 0.0, 0.0
    while not sliders:
        sliders = sliders_in(wire.recv())
    while (now := time.monotonic() - begin) < seconds:
        if len(seen) < positions * now / seconds:
            path, most = luck.choice(sliders)
            state[path] = luck.randrange(most + 1)
            wire.send(json.dumps({"do": "slider", "path": path, "position": state[path], "seq": len(seen) + 1}))
            seen.add(tuple(sorted(state.items())))
        with suppress(TimeoutError):
            wire.recv(timeout=0.05)
        if not first and now >= min(60.0, seconds / 2):
            first = resident(process)
        if now - told >= 60:
            told = now
            print(f"{now / 60:4.0f} min {resident(process):6.0f} MB, {len(seen):,} positions")
    return first, resident(process), len(seen)


def sliders_in(said: str | bytes) -> list[tuple[str, int]]:
    """Path and last position of the sliders that a message tells of; nothing for any other."""
    if isinstance(said, bytes):
        return []
    told = json.loads(said).get("sliders", [])
    return [(slider["path"], len(slider["positions"]) - 1) for slider in told]


def resident(process: int) -> float:
    """What a process takes now [MB]; Linux."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    match = re.search(r"VmRSS:\s+(\d+)", text)
    return int(match[1]) / 1024 if match else 0.0


if __name__ == "__main__":
    main()
