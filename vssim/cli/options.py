"""The options that commands share: their names, types and help."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vssim.errors import UsageError

if TYPE_CHECKING:
    from vssim.play.experiment import Precision


def library_names() -> list[str]:
    """Names of the library's scenarios, for completion."""
    from vssim.scenario.library import all_names

    return all_names()


def lever_names() -> list[str]:
    """Names of the levers, for completion."""
    from vssim.model.levers import LEVERS

    return list(LEVERS)


def number(option: str) -> Callable[[Any], float]:
    """What reads the number that an option takes."""

    def read(given: Any) -> float:
        try:
            return float(given)
        except ValueError:
            raise UsageError(f"{option}: got {given!r}, expected a number") from None

    return read


def whole(option: str, least: int | None = None, most: int | None = None) -> Callable[[Any], int]:
    """What reads the whole number that an option takes, of at least `least` and at most `most` where these are given."""
    bounds = (("at least", least), ("at most", most))
    within = " and ".join(f"{word} {bound}" for word, bound in bounds if bound is not None)

    def read(given: Any) -> int:
        try:
            number = int(given)
        except ValueError:
            number = None
        if number is None or (least is not None and number < least) or (most is not None and number > most):
            raise UsageError(
                f"{option}: got {given if number is not None else repr(given)}, expected a whole number{within and f' of {within}'}"
            )
        return number

    return read


Source = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of one in the library.", autocompletion=library_names),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME", help="Compare with this change alone; repeat for several."),
]
ChangeName = Annotated[
    str | None, typer.Option("--change", metavar="NAME", help="Run with this change; without it, as the work is organised now.")
]
Replications = Annotated[
    int | None,
    typer.Option("--replications", metavar="N", parser=whole("--replications"), help="Independent runs of each variant."),
]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="N", parser=whole("--seed"), help="Which luck; the same seed gives the same answer.")
]
Horizon = Annotated[
    float | None,
    typer.Option("--horizon", metavar="T", parser=number("--horizon"), help="When a run ends, in the scenario's unit."),
]
Warmup = Annotated[str | None, typer.Option("--warmup", metavar="T|auto", help="From when on is measured; auto finds it.")]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine", metavar="NAME", help="Which engine plays the runs: auto, reference, compiled. The answer is the same."
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Put a value in the scenario, as in steps.test.wip_limit=3; repeat for several."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        parser=whole("--jobs"),
        help="How many share the work, where it is worth it; default one a core. 1: nobody.",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a .json, .csv or .parquet file too.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")]


def _hush(quiet: bool) -> bool:
    """Let the log be silent meanwhile too: it may say that the engine has to be compiled, for instance."""
    logging.getLogger("vssim").setLevel(logging.ERROR if quiet else logging.NOTSET)
    return quiet


Quiet = Annotated[bool, typer.Option("--quiet", callback=_hush, help="No progress, no warnings; only the result.")]
Item = Annotated[
    int | None,
    typer.Option(
        "--item", metavar="N", parser=whole("--item", 0), help="Tell one item's story instead: its way, and why it waits."
    ),
]
Explore = Annotated[
    int,
    typer.Option("--explore", metavar="N", parser=whole("--explore", 0, 3), help="Play N sliders beforehand (at most 3)."),
]
Language = Annotated[
    str,
    typer.Option("--language", metavar="CODE", help="The language of what is told: en, de. More by a file of vssim/languages."),
]
Figures = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        metavar="NAME=FILE",
        help="Draw a picture (.png .svg .pdf); repeatable. `list` names them, `all=FOLDER` draws all.",
    ),
]
PrecisionOption = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="SHARE",
        help="As many replications as it takes until each change's headline is known to ± this share, as in 5%.",
    ),
]
Headline = Annotated[
    str | None,
    typer.Option("--metric", metavar="NAME", help="The metric that the verdict is about."),
]
FamilyOption = Annotated[
    bool,
    typer.Option("--family", help="All changes together: which are not surely beaten, what choosing each costs."),
]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="PERIOD", help="Every metric by period too: a length, or week, month, quarter, year."),
]
Most = Annotated[
    int | None,
    typer.Option("--most", metavar="N", parser=whole("--most", 1), help="At most so many replications with --precision (200)."),
]


def settings(given: list[str] | None) -> list[tuple[str, Any]]:
    """The (path, value) pairs of --set; a value means what it would mean in the file."""
    pairs = []
    for pair in given or []:
        path, equals, value = pair.partition("=")
        if not equals or not path.strip():
            raise UsageError(f"--set: got {pair!r}, expected PATH=VALUE, as in steps.test.wip_limit=3")
        pairs.append((path.strip(), value.strip()))
    return pairs


def warmup(given: str | None) -> float | str | None:
    """A time, `auto`, or as it is; whether it makes sense is seen later."""
    try:
        return None if given is None else float(given)
    except ValueError:
        return given


def precise(given: str | None, most: int | None) -> Precision | None:
    """What --precision asks for, with at most so many replications."""
    if given is None:
        if most is not None:
            raise UsageError("--most: is for --precision; --replications says how many there are without it")
        return None
    from vssim.model.values import percent

    share = percent(given)
    try:
        share = float(given) if share is None else share
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise UsageError(f"--precision: got {given}, expected a share such as 5%, above 0 and below 100%")
    from vssim.play.experiment import Precision

    return Precision(share) if most is None else Precision(share, most)


def _taken_anyway(asked: bool) -> bool:
    if asked:
        os.environ["VSSIM_ANYWAY"] = "1"  # workers have the same environment
    return asked


Anyway = Annotated[
    bool,
    typer.Option(
        "--anyway",
        callback=_taken_anyway,
        help="Play it although it takes more than half of the free memory, or was learned and does not play its past.",
    ),
]
