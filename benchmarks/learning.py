"""The closed loop of learning: teams whose truth is known, their exports, what is learned of them, and what-ifs against the truth.

`python -m benchmarks.learning [TRUTHS] [SEED] [--strange N] [--quick] [--fit] [--busy LOW HIGH] [--what-if NAME] [--results
FILE] [--picture PNG]`. Truths are drawn from the priors of the fit; what the records alone refuse is left out and counted. With
--busy, people of every step are busy for a share of their time between these two, whereas the fit goes on to think more and less
possible. Of every what-if the effect is the ratio of the lead time (85 %): in truth from long runs, learned from the members
with luck taken out. Printed: how far medians are from the truth, how often 80 % and 90 % intervals hold it, the error of
hands-on work, what the fit costs. Then come N truths of each feature that the fit does not know: how many the checks catch, and
of the what-ifs of all of them how many do no harm: their truth was caught, or the effect lies inside the 90 % interval all the
same. Every truth is printed when it is over; with --results it is a line of a file as well, and truths that stand there are not
played again.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import ranks
from benchmarks.truths import BUSY, CHANGES, STRANGE, answers_of, exported, strange, truth
from vssim.analysis.compare.compare import compare
from vssim.analysis.uncertain.effects import Effect, effect
from vssim.clock import Reals
from vssim.errors import UsageError
from vssim.learning.door import learn
from vssim.learning.effort import Effort
from vssim.learning.learned import Learned
from vssim.model.beliefs import Members, Uncertain
from vssim.scenario import EACH, Scenario, loads, with_parts
from vssim.tracker.board import read

METRIC = "lead_time.p85"

STILL = 0.01
"""Where effects differ by no more than this, nothing moves [1]."""


@dataclass
class Told:
    """What came of one what-if of one truth."""

    truth: float
    median: float
    low80: float
    high80: float
    low90: float
    high90: float
    rank: float
    """of the truth among the members [1]"""
    is_told: bool = True
    """whether members could be told from luck; if not, the intervals are bounds"""

    @property
    def in80(self) -> bool:
        """Whether the 80 % interval holds the truth."""
        return self.low80 <= self.truth <= self.high80

    @property
    def in90(self) -> bool:
        """Whether the 90 % interval holds the truth."""
        return self.low90 <= self.truth <= self.high90

    @property
    def moves(self) -> bool:
        """Whether there is anything to tell; an effect that is 1.00 in truth and for all members is counted apart."""
        return abs(self.truth - 1) > STILL / 2 or self.high90 - self.low90 > STILL


@dataclass(frozen=True)
class Size:
    """How much is played of each truth."""

    effort: Effort | None = None
    """of learning; None: as users have it"""
    members: int = 200
    runs: int = 60
    """of the truth, twice each"""
    busy: tuple[float, float] = BUSY
    """how busy the truth's people are"""
    turns: int = 4
    """so often members play at most before their effects are told"""


QUICK = Size(Effort(runs=600, waves=4, histories=400, held_out=200, structures=100), members=100, runs=60)
"""A third of the runs: many truths in little time."""


FIT = Size(Effort(histories=100, held_out=0, structures=0))
"""The fit as users have it, without what its checks and structures take; the verdict means nothing then."""


@dataclass
class Result:
    """What came of one truth."""

    seed: int
    verdict: str
    """on what was learned of it; refused: its records were"""
    seconds: float = 0.0
    """processor time of the fit with its checks"""
    hands_on: float = 1.0
    """learned over true hands-on work of development"""
    effects: dict[str, Told] = field(default_factory=dict)

    @classmethod
    def of_line(cls, line: str) -> Result:
        """The result that a line of a file keeps."""
        kept = json.loads(line)
        return cls(**{**kept, "effects": {name: Told(**what_if) for name, what_if in kept["effects"].items()}})


@dataclass
class Loop:
    """What came of all truths."""

    effects: dict[str, list[Told]] = field(default_factory=dict)
    hands_on: list[float] = field(default_factory=list)
    """learned over true hands-on work of development"""
    verdicts: list[str] = field(default_factory=list)
    refused: int = 0
    seconds: list[float] = field(default_factory=list)
    """processor time of each fit with its checks"""
    ranks: list[Reals] = field(default_factory=list)
    """of each truth, the ranks of the effects that move and can be told from luck"""

    def add(self, result: Result) -> None:
        """Take one truth in."""
        if result.verdict == "refused":
            self.refused += 1
            return
        self.verdicts.append(result.verdict)
        self.seconds.append(result.seconds)
        self.hands_on.append(result.hands_on)
        self.ranks.append(np.array([what_if.rank for what_if in result.effects.values() if what_if.moves and what_if.is_told]))
        for name, what_if in result.effects.items():
            self.effects.setdefault(name, []).append(what_if)


Ratios = tuple[Reals, Reals | None]
"""Log ratios of the metric (worlds, replications of each), and the facts of these worlds, if there are any."""


def ratios(scenario: Scenario, replications: int, seed: int | None = None) -> dict[str, Ratios]:
    """By change, its effect in every replication."""
    by_change: dict[str, Ratios] = {}
    for name, differences in compare(scenario, replications=replications, seed=seed, jobs=1).items():
        before, after = differences.before.column(METRIC), differences.after.column(METRIC)  # type: ignore[attr-defined]
        count = len(before) // EACH * EACH
        over_worlds = differences.over_worlds
        facts = None if over_worlds is None else over_worlds.facts[: count // EACH]
        by_change[name] = np.log(after[:count] / before[:count]).reshape(-1, EACH), facts
    return by_change


def by_member(learned: Scenario, asked: Collection[str], turns: int) -> dict[str, Effect]:
    """By change its effect over all members: these play again until they can be told from luck, at most so many times.

    Where they cannot, users are told "at most", which is a bound and holds a truth more often than it says.
    """
    assert learned.uncertain is not None
    assert learned.uncertain.members is not None
    tables: dict[str, Ratios] = {}
    told: dict[str, Effect] = {}
    for turn in range(turns):
        waiting = {name: CHANGES[name] for name in asked if name not in told or not _is_over(told[name])}
        if not waiting:
            break
        everybody = EACH * len(learned.uncertain.members.rows)
        for name, (more, facts) in ratios(learned.with_({"changes": waiting}), everybody, 1 + turn).items():
            assert facts is not None
            order = np.lexsort(np.nan_to_num(facts).T)  # with another seed the members come in another order
            before = tables[name][0] if name in tables else more[:, :0]
            tables[name] = np.hstack([before, more[order]]), facts[order]
            found = effect(*tables[name])
            if found is not None:
                told[name] = found
    return told


def _is_over(believed: Effect) -> bool:
    """Whether more playing would tell nothing: members are told from luck, or nothing moves in nine of ten, luck included."""
    return believed.is_told or bool(np.ptp(np.quantile(believed.by_world, [0.05, 0.95])) <= STILL)


def told(truth_is: float, believed: Effect) -> Told:
    """What users are told of the members' effects, beside the truth: luck taken out, where worlds can be told from it at all."""
    calmed = np.exp(believed.calmed if believed.is_told else believed.by_world)
    ends = np.quantile(calmed, [0.1, 0.9, 0.05, 0.95], method="weibull")  # at k / (M + 1)
    low80, high80, low90, high90 = (float(end) for end in ends)
    rank = float((calmed < truth_is).mean())
    return Told(truth_is, float(np.median(calmed)), low80, high80, low90, high90, rank, believed.is_told)


def effects(learned: Learned, document: dict[str, Any], size: Size, asked: Collection[str] = CHANGES) -> dict[str, Told]:
    """By what-if that is asked for, what is told of it beside the truth."""
    run, changes = {"horizon": 320, "warmup": 60}, {name: CHANGES[name] for name in CHANGES if name in asked}
    if not changes:
        return {}
    in_truth = ratios(loads({**document, "changes": changes, "run": run}), size.runs)
    members = Members("members.parquet", learned.paths, learned.rows[: size.members])
    content = with_parts(learned.scenario.with_({"run.horizon": 320, "run.warmup": 60}), uncertain=Uncertain(members=members))
    believed = by_member(content, changes, size.turns)
    return {name: told(float(np.exp(in_truth[name][0].mean())), each) for name, each in believed.items()}


def learned_of(document: dict[str, Any], seed: int, size: Size) -> tuple[Learned | None, float]:
    """What is learned of a truth, None where its records are refused; and the processor time that it took."""
    with tempfile.TemporaryDirectory() as folder:
        file, remembered = exported(document, seed, Path(folder))
        began = time.process_time()
        try:
            learned = learn(read(file), answers_of(remembered), name="learned", seed=seed, jobs=1, effort=size.effort)
        except UsageError:
            return None, 0.0
        return learned, time.process_time() - began


def one_truth(seed: int, size: Size = Size(), asked: Collection[str] = CHANGES) -> Result:
    """One truth through the loop, with the what-ifs that are asked for."""
    document = truth(np.random.default_rng([seed, 8]), size.busy)
    learned, seconds = learned_of(document, seed, size)
    if learned is None:
        return Result(seed, "refused")
    middle = {each.figure.name: each.middle for each in learned.figures}
    true_mean = float(document["steps"]["develop"]["work"].partition("mean=")[2].partition(",")[0])
    hands_on = middle["hands-on work at develop"] / true_mean
    return Result(seed, learned.verdict, seconds, hands_on, effects(learned, document, size, asked))


@dataclass(frozen=True)
class Stranger:
    """A truth with a feature that the fit does not know, and what came of it."""

    verdict: str
    """on what was learned of it; refused: its records were"""
    effects: dict[str, Told]
    """by what-if; nothing where they are withheld"""

    @property
    def caught(self) -> bool:
        """Whether what-ifs are withheld."""
        return self.verdict in ("not", "refused")

    @property
    def harmless(self) -> list[bool]:
        """Of every what-if, whether it was withheld, or the effect lies inside of what is told."""
        if not self.effects:
            return [True] * len(CHANGES)
        return [self.caught or what_if.in90 for what_if in self.effects.values() if what_if.moves]


def stranger(feature: str, seed: int, size: Size) -> Stranger:
    """One truth with a feature that the fit does not know."""
    document = strange(truth(np.random.default_rng([seed, 8]), size.busy), feature)
    learned, _ = learned_of(document, seed, size)
    if learned is None or learned.verdict == "not":
        return Stranger("refused" if learned is None else "not", {})  # what-ifs are withheld
    return Stranger(learned.verdict, effects(learned, document, size))


def report(loop: Loop) -> None:
    """The figures of the loop."""
    print(f"{'what-if':26s} {'truths':>6s} {'within 0.10':>12s} {'mean error':>11s} {'ranges':>7s} {'in 80 %':>8s} {'in 90 %':>8s}")
    pooled: list[Told] = []
    for name, what_ifs in [*loop.effects.items(), ("all", pooled)]:
        moved = [what_if for what_if in what_ifs if what_if.moves]
        if name != "all":
            pooled += moved
        if not moved:
            print(f"{name:26s} nothing moves")
            continue
        errors = np.array([abs(what_if.median - what_if.truth) for what_if in moved])
        ranges = [what_if for what_if in moved if what_if.is_told]
        in80, in90 = (np.mean(held) if held else np.nan for held in ([r.in80 for r in ranges], [r.in90 for r in ranges]))
        near, error = np.mean(errors <= 0.10), errors.mean()
        print(f"{name:26s} {len(moved):6d} {near:12.0%} {error:11.3f} {len(ranges):7d} {in80:8.0%} {in90:8.0%}")
    if any(len(each) for each in loop.ranks):
        shown = " ".join(str(count) for count in ranks.counts(np.concatenate(loop.ranks)))
        print(f"ranks of the truth in ten bins: {shown}; even with p = {ranks.p_value(loop.ranks):.3f}")
    if loop.hands_on:
        error, ratio = np.median(np.abs(np.array(loop.hands_on) - 1)), np.median(loop.hands_on)
        print(
            f"hands-on work of development: median error {error:.0%}, learned over true {ratio:.2f} ({len(loop.hands_on)} truths)"
        )
    counts = {word: loop.verdicts.count(word) for word in ("reproduced", "roughly", "not")}
    print(f"verdicts: {counts}, refused by their records: {loop.refused}")
    if loop.seconds:
        print(f"a fit with its checks: {np.median(loop.seconds):.0f} s of one processor (median)")


def report_strangers(feature: str, strangers: list[Stranger]) -> None:
    """How many of them are caught, and how many of their what-ifs do no harm."""
    caught = sum(each_stranger.caught for each_stranger in strangers)
    inside = [told.in90 for each_stranger in strangers for told in each_stranger.effects.values() if told.moves]
    harmless = [each for each_stranger in strangers for each in each_stranger.harmless]
    verdicts = ", ".join(each_stranger.verdict for each_stranger in strangers)
    print(f"{feature}: {caught} of {len(strangers)} caught ({verdicts}); effects inside: {sum(inside)} of {len(inside)}; ", end="")
    print(f"caught or inside: {sum(harmless)} of {len(harmless)} ({np.mean(harmless) if harmless else 1:.0%})", flush=True)


def results(seeds: Iterable[int], size: Size, asked: Collection[str], file: Path | None) -> Iterator[Result]:
    """What came of each truth; from the file where it stands there, else played and added to it."""
    lines = file.read_text().splitlines() if file is not None and file.exists() else []
    kept = {result.seed: result for result in map(Result.of_line, lines)}
    for seed in seeds:
        result = kept.get(seed) or one_truth(seed, size, asked)
        if file is not None and seed not in kept:
            with file.open("a") as open_file:
                open_file.write(json.dumps(asdict(result)) + "\n")
        yield result


def main() -> None:
    """The loop as asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description="What is learned, beside the truth.")
    parser.add_argument("truths", type=int, nargs="?", default=100)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--strange", type=int, help="truths of each feature that the fit does not know; a tenth of the others")
    parser.add_argument("--quick", action="store_true", help="a third of the runs of each")
    parser.add_argument("--fit", action="store_true", help="the fit alone: neither checks nor structures")
    parser.add_argument("--busy", type=float, nargs=2, default=BUSY, metavar=("LOW", "HIGH"), help="share of people's time")
    parser.add_argument("--what-if", action="append", choices=[*CHANGES, "none"], help="this what-if only; none: no what-if")
    parser.add_argument("--results", type=Path, help="a file to which each truth is added, and whose truths are taken from it")
    parser.add_argument("--picture", type=Path, help="a PNG of the ranks of truths among the members")
    given = parser.parse_args()
    size, loop = FIT if given.fit else QUICK if given.quick else Size(), Loop()
    size = replace(size, busy=tuple(given.busy))
    os.environ["VSSIM_ANYWAY"] = "1"  # a truth of the fit's own kind is measured whatever the checks say of it
    for result in results(range(given.seed, given.seed + given.truths), size, given.what_if or CHANGES, given.results):
        loop.add(result)
        print(f"truth {result.seed}: {result.verdict}", flush=True)
    if given.truths:
        report(loop)
    if given.picture is not None:
        ranks.picture(loop.ranks, given.picture)
    count = max(1, given.truths // 10) if given.strange is None else given.strange
    everyone: list[Stranger] = []
    strangers: dict[str, list[Stranger]] = {feature: [] for feature in STRANGE}
    for number in range(count):
        for feature in STRANGE:
            strangers[feature].append(stranger(feature, given.seed + 1_000 + number, size))
            everyone.append(strangers[feature][-1])
            report_strangers(feature, strangers[feature])
    if everyone:
        report_strangers("all of them", everyone)


if __name__ == "__main__":
    main()
