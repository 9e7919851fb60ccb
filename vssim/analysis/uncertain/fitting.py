"""Effects as functions of one fact, fitted by Legendre polynomials of its ranks for many resamples of worlds at once.

The fit is by shifted Legendre polynomials of the ranks, of the degree that predicts left-out worlds best (leave-one-out residuals
by leverage). The polynomials are made orthonormal over the worlds at hand: the fit of a lower degree is then a part of that of a
higher one, and a single decomposition gives all degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vssim.clock import Ints, Reals

DEGREES = 6
"""The highest degree of a fit."""


@dataclass(frozen=True, eq=False)
class Fit:
    """The fitted effect, as a function of one fact's ranks."""

    basis: Reals
    """(worlds, degree + 1), orthonormal"""
    values: Reals
    """(worlds,) fitted effects"""
    rest: float
    """residual variance per degree of freedom"""

    @property
    def errors(self) -> Reals:
        """The standard error of each fitted value; (worlds,)."""
        errors: Reals = np.sqrt(self.rest * (self.basis**2).sum(axis=1))
        return errors


@dataclass(frozen=True, eq=False)
class Fits:
    """Fits to several resamples of the worlds."""

    values: Reals
    """(resamples, worlds) fitted effects"""
    rest: Reals
    """(resamples,) residual variance per degree of freedom"""
    degree: Ints
    """(resamples,) the degree that was chosen"""
    basis: Reals
    """(resamples, worlds, highest degree + 1), orthonormal"""


def fit(values: Reals, effects: Reals) -> Fit:
    """The fit of the effects to the ranks of a fact's values, both (worlds,)."""
    basis = polynomials(values)[None]
    curve = _fitted(basis, effects[None], np.array([basis.shape[2] - 1]))
    degree = int(curve.degree[0])
    return Fit(curve.basis[0, :, : degree + 1], curve.values[0], float(curve.rest[0]))


def fits(values: Reals, effects: Reals, again: Ints) -> Fits:
    """The same for resamples of the worlds: `again` (resamples, worlds) holds the numbers of their worlds."""
    count = again.shape[1]
    uniform, different = _ranks_again(values, again)
    highest = np.minimum(_highest(count), different - 1)
    basis, _ = np.linalg.qr(np.polynomial.legendre.legvander(2 * uniform - 1, int(highest.max(initial=0))))
    return _fitted(basis, effects[again], highest)


def _fitted(basis: Reals, seen: Reals, highest: Ints) -> Fits:
    """Fits of the effects `seen` (resamples, worlds) by polynomials of at most the `highest` degree (resamples,)."""
    loads = np.einsum("rwd,rw->rd", basis, seen)
    fitted, leverage = np.cumsum(basis * loads[:, None, :], axis=2), np.cumsum(basis**2, axis=2)
    missed = (((seen[..., None] - fitted) / (1 - np.minimum(leverage, 1 - 1e-9))) ** 2).mean(axis=1)
    degree = least(np.where(np.arange(missed.shape[1]) <= highest[:, None], missed, np.inf))
    chosen = np.take_along_axis(fitted, degree[:, None, None], axis=2)[..., 0]
    rest = ((seen - chosen) ** 2).sum(axis=1) / np.maximum(seen.shape[1] - degree - 1, 1)
    return Fits(chosen, rest, degree, basis)


def additive(table: Reals, effects: Reals) -> tuple[Reals, float]:
    """Effects fitted by a sum of functions of one fact each, (worlds,), and the residual variance per degree of freedom.

    `table`: (worlds, facts), the values of the facts, NaN columns for what is no number.
    """
    columns = [fit(column, effects).basis[:, 1:] for column in table.T if varies(column)]
    basis = np.hstack([np.ones((len(effects), 1)), *columns])
    fitted: Reals = basis @ np.linalg.lstsq(basis, effects, rcond=None)[0]
    return fitted, float(((effects - fitted) ** 2).sum()) / max(len(effects) - basis.shape[1], 1)


def polynomials(values: Reals) -> Reals:
    """Polynomials of the ranks of a fact's values, orthonormal over the worlds; (worlds, degree + 1).

    They are cached, since every metric of every change needs those of the same facts.
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
    """Whether a fact is a number in every world, and differs between worlds."""
    return not np.isnan(column).any() and len(np.unique(column)) > 1


def least(missed: Reals) -> Ints:
    """(resamples,) the lowest degree whose error no higher degree improves by more than rounding."""
    best, least = np.zeros(len(missed), np.int64), missed[:, 0].copy()
    for degree in range(1, missed.shape[1]):
        better = missed[:, degree] < least * (1 - 1e-9)
        best[better], least[better] = degree, missed[better, degree]
    return best


def _ranks_again(values: Reals, again: Ints) -> tuple[Reals, Ints]:
    """The `ranks` of each resample (resamples, worlds), and the number of its different values (resamples,)."""
    known, code = np.unique(values, return_inverse=True)
    codes = code.reshape(-1)[again]
    rows = np.arange(len(again))[:, None] * len(known)
    counts = np.bincount((codes + rows).ravel(), minlength=len(again) * len(known)).reshape(len(again), len(known))
    last = np.cumsum(counts, axis=1)
    place = (2 * last - counts) / 2 / again.shape[1]
    return np.take_along_axis(place, codes, axis=1), np.count_nonzero(counts, axis=1)


def ranks(values: Reals) -> Reals:
    """The rank of each value as (rank − ½) / n; equal values share the mean of their ranks. Same shape."""
    places: Reals = _ranks_again(values, np.arange(len(values))[None])[0][0]
    return places
