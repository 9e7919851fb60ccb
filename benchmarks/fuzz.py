"""Look for an input that ends in anything but a result or a sentence, or takes too long or too much, among very many.

python -m benchmarks.fuzz                          5,000 mutants of the library, 1,000 hard inputs
python -m benchmarks.fuzz --mutants 100 --hard 50 --seed 7
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import time
from collections import Counter

from tests.support.mutants import LARGEST, LONGEST, hard, mutant, outcome
from vssim.workload import blueprint


def main() -> None:
    """Fuzz; ends with 1 and the seed of what went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description="Whatever stands in a file.")
    parser.add_argument("--mutants", type=int, default=5000)
    parser.add_argument("--hard", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None, help="default: drawn, and said")
    options = parser.parse_args()
    first = secrets.randbelow(2**31) if options.seed is None else options.seed
    setattr(blueprint, "free_memory", lambda: 2 * LARGEST)  # noqa: B010 -- half of it is what a run may take
    begin, seen, wrong = time.monotonic(), Counter[str](), 0
    for kind, make, count in (("mutant", mutant, options.mutants), ("hard", hard, options.hard)):
        for seed in range(first, first + count):
            text = make(random.Random(seed))
            try:
                fate = outcome(text)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                wrong += 1
                print(f"{kind} of seed {seed}: {type(error).__name__}: {error}")
                continue
            seen[f"{kind}: {fate.said}"] += 1
            if fate.seconds > LONGEST or fate.memory > LARGEST:
                wrong += 1
                print(f"{kind} of seed {seed}: {fate.seconds:.1f} s, {fate.memory / 1e6:,.0f} MB more")
    print("\n".join(f"{count:7,} {name}" for name, count in sorted(seen.items())))
    print(f"{wrong} wrong; seeds from {first} on; {time.monotonic() - begin:.0f} s")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
