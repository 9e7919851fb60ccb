"""All pictures by name, with what they show and are drawn from, and how they are written to files."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

from vssim import files
from vssim.errors import UnknownName
from vssim.views.figures import comparisons, cumulative, flow, forest, letters, money, style, times, unknowns, way

Source = Literal["runs", "comparison"]
"""What a picture is drawn from: single runs, or a comparison over all replications."""

ENDINGS = (".png", ".svg", ".pdf")
DPI = 160


@dataclass(frozen=True)
class Picture:
    """One picture of the gallery."""

    draw: Callable[..., Figure]
    source: Source

    @property
    def shows(self) -> str:
        """What it shows, in one sentence."""
        return (self.draw.__doc__ or "").splitlines()[0]


GALLERY: dict[str, Picture] = {
    "changes": Picture(forest.changes, "comparison"),
    "time_spent": Picture(comparisons.time_spent, "comparison"),
    "utilisation": Picture(comparisons.utilisation, "comparison"),
    "lead_times": Picture(times.lead_times, "runs"),
    "lead_time_distribution": Picture(times.lead_time_distribution, "runs"),
    "in_progress": Picture(flow.in_progress, "runs"),
    "cumulative_flow": Picture(cumulative.cumulative_flow, "runs"),
    "ageing": Picture(flow.ageing, "runs"),
    "run_chart": Picture(flow.run_chart, "runs"),
    "transition": Picture(way.transition, "comparison"),
    "cash": Picture(money.cash, "comparison"),
    "tornado": Picture(unknowns.tornado, "comparison"),
    "threshold": Picture(unknowns.threshold, "comparison"),
}
"""The pictures by name, in the order of the list."""


def picture(name: str) -> Picture:
    """The picture of this name; raises UnknownName, with the nearest name, for any other."""
    if name not in GALLERY:
        raise UnknownName("picture", name, GALLERY)
    return GALLERY[name]


def checked(file: Path) -> Path:
    """The file, if a picture can be written to it; checked before the work rather than after it."""
    return files.checked(file, ENDINGS, "--figure")


def save(drawn: Figure, file: Path) -> str:
    """Write a picture; equal pictures give equal files. Returns the letters that no font has, which are drawn as boxes."""
    undated = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with warnings.catch_warnings(), rc_context(style.RC):
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the caller warns about missing letters itself
        lacking = letters.provide(drawn)
        ending = file.suffix.lower()
        stream = io.BytesIO()
        drawn.savefig(stream, format=ending[1:], dpi=DPI, metadata=undated[ending])
    files.write(file, stream.getvalue(), "--figure")
    return lacking
