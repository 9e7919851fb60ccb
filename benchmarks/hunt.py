"""Look for a model on which the two engines differ, among very many generated ones, fresh ones every time.

python -m benchmarks.hunt                        20,000 models, each with its change and three replications
python -m benchmarks.hunt --models 500 --seed 7  those of a seed again
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter

from tests.support.hunting import REPLICATIONS, hunt
from tests.support.primitives import EVERY

MODELS = 20_000

LOT = 500
"""Models of one seed; the next lot has the next seed."""


def main() -> None:
    """Hunt; ends with 1 and the smallest model found where the engines differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hunt", description="Two engines, one answer: very many models.")
    parser.add_argument("--models", type=int, default=MODELS)
    parser.add_argument("--seed", type=int, default=None, help="default: drawn, and said")
    options = parser.parse_args()
    luck = secrets.randbelow(2**31) if options.seed is None else options.seed
    begin, seen = time.monotonic(), Counter[str]()
    for first in range(0, options.models, LOT):
        seen += hunt(min(LOT, options.models - first), luck + first // LOT)
        say(f"{time.monotonic() - begin:6.0f} s, seed {luck + first // LOT}: {in_short(seen)}")
    print("\n".join(f"{seen[name]:9,} {name}" for name in sorted(EVERY, key=lambda name: -seen[name])))
    print(f"{in_short(seen)}; up to {REPLICATIONS} replications of each variant, seeds from {luck} on")


def in_short(seen: Counter[str]) -> str:
    """How much was compared."""
    return f"{seen['rows']:,} rows of {seen['runs']:,} runs of {seen['models']:,} models agree"


def say(text: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
