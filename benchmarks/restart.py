"""Stop very many runs at quiet ticks, write down what is under way, begin again there: the same log, on both engines.

python -m benchmarks.restart                        3,000 models, each with its change, stopped at three ticks
python -m benchmarks.restart --models 100 --seed 7  those of a seed again
"""

from __future__ import annotations

import argparse
import secrets
from collections import Counter

from benchmarks.hunt import say
from tests.support.restarting import hunt_restarts
from vssim.workload.under_way import Standing

MODELS, LOT = 3_000, 250


def main() -> None:
    """Hunt; ends with 1 and the smallest model found that goes another way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restart", description="Stopped, written down, begun again.")
    parser.add_argument("--models", type=int, default=MODELS)
    parser.add_argument("--seed", type=int, default=None, help="default: drawn, and said")
    options = parser.parse_args()
    luck = secrets.randbelow(2**31) if options.seed is None else options.seed
    seen = Counter[str]()
    for first in range(0, options.models, LOT):
        seen += hunt_restarts(min(LOT, options.models - first), luck + first // LOT)
        say(f"seed {luck + first // LOT}: {seen['restarts']:,} restarts of {seen['models']:,} models give the same log")
    print("\n".join(f"{seen[f'standing {int(standing)}']:9,} {standing.name.lower().replace('_', ' ')}" for standing in Standing))
    print(f"{seen['restarts']:,} restarts, {seen['items']:,} items under way")


if __name__ == "__main__":
    main()
