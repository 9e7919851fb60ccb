"""The finished waves of an interrupted fit, kept beside the file that it is for; only the same fit continues from them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vssim.files import write
from vssim.learning.baseline import Baseline
from vssim.learning.fit import Wave
from vssim.version import __version__

FIELDS = ("scores", "low", "high", "typical", "beyond", "told", "drawn", "played")
NUMBERS = ("typical", "beyond")
"""Those of them that are single numbers."""


def key_of(baseline: Baseline, seed: int, runs: int) -> str:
    """A hash of everything on which a fit depends."""
    flow = baseline.history.flow
    digest = hashlib.blake2b(digest_size=16)
    for array in (flow.item, flow.place, flow.entered, flow.left, flow.start, flow.done, baseline.history.remembered):
        digest.update(np.ascontiguousarray(array).tobytes())
    parts: list[Any] = [__version__, seed, runs, baseline.document(), baseline.figures, baseline.history.rule]
    digest.update(repr(parts).encode())
    return digest.hexdigest()


class Kept:
    """The finished waves, in a file."""

    def __init__(self, file: Path | None, key: str) -> None:
        self.file, self.key = file, key

    def waves(self) -> list[Wave]:
        """The kept waves of the same fit; empty where the file belongs to another one."""
        if self.file is None or not self.file.is_file():
            return []
        try:
            with np.load(self.file, allow_pickle=False) as held:
                if str(held["key"]) != self.key:
                    return []
                return [
                    Wave(*(float(held[f"{name}{number}"]) if name in NUMBERS else held[f"{name}{number}"] for name in FIELDS))  # type: ignore[arg-type]
                    for number in range(int(held["count"]))
                ]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return []

    def keep(self, waves: Sequence[Wave]) -> None:
        """Write the finished waves."""
        if self.file is None:
            return
        arrays: dict[str, Any] = {"key": np.array(self.key), "count": np.array(len(waves))}
        for number, wave in enumerate(waves):
            arrays |= {f"{name}{number}": np.asarray(getattr(wave, name)) for name in FIELDS}
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        write(self.file, stream.getvalue())

    def forget(self) -> None:
        """Remove the file, since the fit is finished."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)
