"""How a run is stored: its figures as text that people can read, and beside it, in few bytes, what it takes to pool them.

The bytes beside it are deflated with that text as the dictionary, so that figures by type (the same names and, where there is one
type, the same digits) take next to nothing. The times of all clocks follow one another as whole ticks, each as its difference
from the one before, sorted by byte: all lowest bytes first. Nothing is rounded, so that a sweep's figures equal those of a
comparison wherever no more items were timed than are kept.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from vssim.clock import TICKS, Ints
from vssim.metrics.sample import Metrics, Sample, Times

_text = json.JSONEncoder(separators=(",", ":")).encode
_LENGTH = 4
"""Bytes that say how long the words before the ticks are."""


def kept(samples: Sequence[Sample]) -> tuple[str, bytes]:
    """The samples of every window as two parts: the figures over all types as JSON, and everything else as bytes."""
    split = [_by_type(sample.metrics) for sample in samples]
    text = _text([figures.get("", {}) for figures in split])
    words, ticks = [], []
    for sample, figures in zip(samples, split, strict=True):
        clocks, steps = _clocks(sample)
        words.append([_but_alike(figures), sample.weights, clocks, sample.counts])
        ticks += steps
    head = _text(words).encode()
    added = np.concatenate(ticks) if ticks else np.empty(0, np.int64)
    bits = added.astype("<i8").view(np.uint8).reshape(-1, 8).T.tobytes()
    deflating = zlib.compressobj(wbits=-zlib.MAX_WBITS, memLevel=9, zdict=text.encode())
    return text, deflating.compress(len(head).to_bytes(_LENGTH, "little") + head + bits) + deflating.flush()


def restored(text: str, beside: bytes) -> list[Sample]:
    """The samples that `kept` wrote. Raises ValueError, KeyError or zlib.error for anything else."""
    inflated = zlib.decompressobj(-zlib.MAX_WBITS, zdict=text.encode()).decompress(beside)
    first = _LENGTH + int.from_bytes(inflated[:_LENGTH], "little")
    bits = np.frombuffer(inflated, np.uint8, offset=first).reshape(8, -1)
    added = np.ascontiguousarray(bits.T).view("<i8").reshape(-1)
    samples = []
    for whole, (figures, weights, clocks, counts) in zip(json.loads(text), json.loads(inflated[_LENGTH:first]), strict=True):
        times: dict[str, Times] = {}
        for name, packed in clocks.items():
            if isinstance(packed, str):
                times[name] = times[packed]
            else:
                times[name], added = np.cumsum(added[:packed]) / TICKS, added[packed:]
        samples.append(Sample(_together(whole, figures), weights, times, counts))
    return samples


def restored_before(text: str) -> list[Sample]:
    """The samples of a run in a store of format 1: everything in one JSON text, the times of each clock in base85."""
    samples = []
    for figures in json.loads(text):
        beside = figures.pop("")
        times: dict[str, Times] = {}
        for name, packed in beside["times"].items():
            times[name] = times[packed[1:]] if packed.startswith("=") else _times_before(packed)
        samples.append(Sample(figures, beside["weights"], times, beside["counts"]))
    return samples


def _by_type(metrics: Metrics) -> dict[str, Metrics]:
    """Metrics by type, those over all types under ''."""
    by_type: dict[str, Metrics] = {}
    for name, value in metrics.items():
        stem, _, kind = name.partition("@")
        by_type.setdefault(kind, {})[stem] = value
    return by_type


def _but_alike(figures: Mapping[str, Metrics]) -> dict[str, Metrics | None]:
    """The metrics of each type; None where they are those over all types."""
    whole = figures.get("")
    return {kind: None if of_type == whole else of_type for kind, of_type in figures.items() if kind}


def _together(whole: Metrics, figures: Mapping[str, Metrics | None]) -> Metrics:
    """Metrics over all types and by type, each by its name."""
    by_type = ((kind, whole if of_type is None else of_type) for kind, of_type in figures.items())
    return whole | {f"{stem}@{kind}": value for kind, of_type in by_type for stem, value in of_type.items()}


def _clocks(sample: Sample) -> tuple[dict[str, int | str], list[Ints]]:
    """By clock how many times it has, or the name of the clock whose times it shares; and the differences of all ticks."""
    clocks: dict[str, int | str] = {}
    steps: list[Ints] = []
    first: dict[int, str] = {}
    for name, values in sample.times.items():
        other = first.setdefault(id(values), name)
        clocks[name] = len(values) if other == name else other
        if other == name:
            ticks: Ints = np.rint(np.asarray(values, np.float64) * TICKS).astype(np.int64)
            steps.append(np.diff(ticks, prepend=np.int64(0)))
    return clocks, steps


def _times_before(packed: str) -> Times:
    width, inflated = int(packed[0]), np.frombuffer(zlib.decompress(base64.b85decode(packed[1:])), np.uint8)
    steps = np.ascontiguousarray(inflated.reshape(width, -1).T).view(f"<u{width}").reshape(-1)
    return np.cumsum(steps.astype(np.int64)) / TICKS
