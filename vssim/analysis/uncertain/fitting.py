"""Effects as functions of one fact: fitted by Legendre polynomials of its ranks, many resamples of worlds at once.

An effect is fitted on a fact alone by shifted Legendre polynomials of the ranks, of the degree that predicts left-out worlds best
(leave-one-out residuals by leverage). The polynomials are made orthonormal over the worlds that there are, so that the fit of a
lower degree is a part of the higher one's, and every degree is had from one decomposition.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vssim.clock import Ints, Reals

DEGREES = 6
"""Highest degree of a fit."""


@dataclass(frozen=True, eq=False)
class Fit:
    """An effect as a function of one fact's ranks."""

    basis: Reals
    """(worlds, degree + 1), orthonormal"""
    values: Reals
    """(worlds,) fitted"""
    rest: float
    """variance that is left, per degree of freedom"""

    @property
    def errors(self) -> Reals:
        """Standard error of each fitted value; (worlds,)."""
        errors: Reals = np.sqrt(self.rest * (self.basis**2).sum(axis=1))
        return errors


@dataclass(frozen=True, eq=False)
class Fits:
    """Fits of several resamples of worlds."""

    values: Reals
    """(resamples, worlds) fitted"""
    rest: Reals
    """(resamples,) variance that is left, per degree of freedom"""
    degree: Ints
    """(resamples,)"""
    basis: Reals
    """(resamples, worlds, highest degree + 1), orthonormal"""


def fit(values: Reals, effects: Reals) -> Fit:
    """The effect on the ranks of a fact's values, both (worlds,)."""
    basis = polynomials(values)[None]
    curve = _fitted(basis, effects[None], np.array([basis.shape[2] - 1]))
    degree = int(curve.degree[0])
    return Fit(curve.basis[0, :, : degree + 1], curve.values[0], float(curve.rest[0]))


def fits(values: Reals, effects: Reals, again: Ints) -> Fits:
    """The same for resamples of the worlds: `again` (resamples, worlds) holds which worlds each has."""
    count = again.shape[1]
    uniform, different = _ranks_again(values, again)
    highest = np.minimum(_highest(count), different - 1)
    basis, _ = np.linalg.qr(np.polynomial.legendre.legvander(2 * uniform - 1, int(highest.max(initial=0))))
    return _fitted(basis, effects[again], highest)


def _fitted(basis: Reals, seen: Reals, highest: Ints) -> Fits:
    """Fits of the effects `seen` (resamples, worlds) by polynomials up to the `highest` degree of each resample."""
    loads = np.einsum("rwd,rw->rd", basis, seen)
    fitted, leverage = np.cumsum(basis * loads[:, None, :], axis=2), np.cumsum(basis**2, axis=2)
    missed = (((seen[..., None] - fitted) / (1 - np.minimum(leverage, 1 - 1e-9))) ** 2).mean(axis=1)
    degree = least(np.where(np.arange(missed.shape[1]) <= highest[:, None], missed, np.inf))
    chosen = np.take_along_axis(fitted, degree[:, None, None], axis=2)[..., 0]
    rest = ((seen - chosen) ** 2).sum(axis=1) / np.maximum(seen.shape[1] - degree - 1, 1)
    return Fits(chosen, rest, degree, basis)


def additive(table: Reals, effects: Reals) -> tuple[Reals, float]:
    """The effects as a sum of functions of one fact each: (worlds,) fitted, and the variance that is left, per degree of freedom.

    `table`: (worlds, facts), each fact's value, NaN columns for what is no number.
    """
    columns = [fit(column, effects).basis[:, 1:] for column in table.T if varies(column)]
    basis = np.hstack([np.ones((len(effects), 1)), *columns])
    fitted: Reals = basis @ np.linalg.lstsq(basis, effects, rcond=None)[0]
    return fitted, float(((effects - fitted) ** 2).sum()) / max(len(effects) - basis.shape[1], 1)


def polynomials(values: Reals) -> Reals:
    """(worlds, degree + 1) Polynomials of the ranks of a fact's values, orthonormal, up to the highest degree of a fit.

    Every metric of every change asks for those of the same facts.
    """
    return _polynomials(np.ascontiguousarray(values, np.float64).tobytes())


@lru_cache(maxsize=512)
def _polynomials(written: bytes) -> Reals:
    values = np.frombuffer(written, np.float64)
    count = len(values)
    uniform, different = _ranks_again(values, np.arange(count)[None])
    highest = min(_highest(count), int(different[0]) - 1)
    basis: Reals = np.linalg.qr(np.polynomial.legendre.legvander(2 * uniform[0] - 1, highest))[0]
    return basis


def _highest(worlds: int) -> int:
    return min(DEGREES, max(1, worlds // 8))


def varies(column: Reals) -> bool:
    """Whether a fact is a number in every world, and not the same in all."""
    return not np.isnan(column).any() and len(np.unique(column)) > 1


def least(missed: Reals) -> Ints:
    """(resamples,) The lowest degree beside which no higher one is better by more than rounding."""
    best, least = np.zeros(len(missed), np.int64), missed[:, 0].copy()
    for degree in range(1, missed.shape[1]):
        better = missed[:, degree] < least * (1 - 1e-9)
        best[better], least[better] = degree, missed[better, degree]
    return best


def _ranks_again(values: Reals, again: Ints) -> tuple[Reals, Ints]:
    """(resamples, worlds) `ranks` in each resample; and how many different values each has (resamples,)."""
    known, code = np.unique(values, return_inverse=True)
    codes = code.reshape(-1)[again]
    rows = np.arange(len(again))[:, None] * len(known)
    counts = np.bincount((codes + rows).ravel(), minlength=len(again) * len(known)).reshape(len(again), len(known))
    last = np.cumsum(counts, axis=1)
    place = (2 * last - counts) / 2 / again.shape[1]
    return np.take_along_axis(place, codes, axis=1), np.count_nonzero(counts, axis=1)


def ranks(values: Reals) -> Reals:
    """(rank − ½) / n of each value; equal ones share the mean of theirs."""
    places: Reals = _ranks_again(values, np.arange(len(values))[None])[0][0]
    return places
