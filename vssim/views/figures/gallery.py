"""Every picture by name, what it shows, what it is drawn from; and how it gets into a file."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

from vssim.errors import UnknownName, UsageError
from vssim.views.figures import comparisons, flow, style, times, way

Source = Literal["runs", "comparison", "courses"]
"""What a picture is drawn from: single runs, a comparison over all replications, or courses of two variants."""

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
    "changes": Picture(comparisons.changes, "comparison"),
    "time_spent": Picture(comparisons.time_spent, "comparison"),
    "utilisation": Picture(comparisons.utilisation, "comparison"),
    "lead_times": Picture(times.lead_times, "runs"),
    "lead_time_distribution": Picture(times.lead_time_distribution, "runs"),
    "in_progress": Picture(flow.in_progress, "runs"),
    "cumulative_flow": Picture(flow.cumulative_flow, "runs"),
    "ageing": Picture(flow.ageing, "runs"),
    "run_chart": Picture(flow.run_chart, "runs"),
    "transition": Picture(way.transition, "courses"),
}
"""By name, in the order in which they are listed."""


def picture(name: str) -> Picture:
    """The picture of that name; an UnknownName with the nearest one for any other."""
    if name not in GALLERY:
        raise UnknownName("picture", name, GALLERY)
    return GALLERY[name]


def checked(file: Path) -> Path:
    """The same file, if a picture can be written there; asked before the work, not after it."""
    if file.suffix.lower() not in ENDINGS:
        raise UsageError(f"--figure {file}: expected a file ending in {', '.join(ENDINGS)}")
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"--figure {file}: {'is a folder' if file.is_dir() else f'there is no folder {file.parent}'}")
    return file


def save(drawn: Figure, file: Path) -> None:
    """Write a picture; the same picture gives the same file."""
    undated = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with warnings.catch_warnings(), rc_context(style.RC):
        warnings.filterwarnings("ignore", "Glyph .* missing")
        try:
            drawn.savefig(file, dpi=DPI, metadata=undated[file.suffix.lower()])
        except OSError as error:
            raise UsageError(f"--figure {file}: cannot be written ({error.strerror or error})") from None
