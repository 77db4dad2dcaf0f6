"""Distances between two clouds of points: energy distance and Wasserstein-1, with intervals.

Points are rows; an unweighted sample of independent paths is assumed. Distances between points are
Euclidean over the square root of the number of columns: the root mean square difference of a
column, so that they do not grow with the number of columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

BOOTSTRAP_KEY = 0x616E616C6F6779  # "analogy": keeps these draws apart from others of the same seed


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error and the interval of a bootstrap over paths."""

    value: float
    se: float
    low: float
    high: float


def generator(seed: int, stream: int) -> np.random.Generator:
    """Random numbers (Philox) that depend on the seed and the number of the stream alone."""
    mask = (1 << 64) - 1
    return np.random.Generator(np.random.Philox(
        key=np.array([seed & mask, (BOOTSTRAP_KEY + stream) & mask], dtype=np.uint64)))


def pairwise(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distances (n, m) between the rows of two samples (n, d) and (m, d)."""
    if x.shape[1] == 1:
        return np.asarray(np.abs(x - y.T))
    middle = (x.mean(axis=0) + y.mean(axis=0)) / 2  # less cancellation
    x, y = x - middle, y - middle
    squares = (x * x).sum(axis=1)[:, None] + (y * y).sum(axis=1) - 2 * (x @ y.T)
    return np.asarray(np.sqrt(np.maximum(squares, 0) / x.shape[1]))


def within(x: np.ndarray) -> np.ndarray:
    """Distances between the rows of a sample, exactly zero on the diagonal."""
    found = pairwise(x, x)
    np.fill_diagonal(found, 0)
    return found


class Energy:
    """The energy distance of two samples (Szekely and Rizzo 2013, J. Stat. Plan. Inference 143),

        E = 2 mean|X - Y| - mean|X - X'| - mean|Y - Y'|,

    estimated without bias by means over pairs of different points. It is zero if and only if the
    distributions are equal, and has the unit of the points; estimates of zero may be negative.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, xx: np.ndarray | None = None,
                 yy: np.ndarray | None = None) -> None:
        """`xx` and `yy` are `within` of the samples where they are known already."""
        if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1] or min(len(x), len(y)) < 2:
            raise ValueError(f"samples of shapes {x.shape} and {y.shape}; allowed are two or more "
                             "rows each and as many columns in one as in the other")
        self.xy = pairwise(x, y)
        self.xx = within(x) if xx is None else xx
        self.yy = within(y) if yy is None else yy

    @cached_property
    def value(self) -> float:
        """The energy distance."""
        n, m = self.xy.shape
        return float(2 * self.xy.mean() - self.xx.sum() / (n * (n - 1))
                     - self.yy.sum() / (m * (m - 1)))

    @cached_property
    def coefficient(self) -> float:
        """E / (2 mean|X - Y|): from 0, equal, to 1, two different constants."""
        return self.value / (2 * float(self.xy.mean()))

    @cached_property
    def influence(self) -> tuple[np.ndarray, np.ndarray]:
        """What each point of either sample adds to the estimate, about zero (the Hajek projection
        of the U-statistic): the error of E is the sum of their means."""
        n, m = self.xy.shape
        of_x = 2 * self.xy.mean(axis=1) - 2 * self.xx.sum(axis=1) / (n - 1)
        of_y = 2 * self.xy.mean(axis=0) - 2 * self.yy.sum(axis=1) / (m - 1)
        return of_x - of_x.mean(), of_y - of_y.mean()

    @cached_property
    def se(self) -> float:
        """Standard error from the influence of each point; near zero distance too small."""
        return float(np.sqrt(sum(np.var(each, ddof=1) / len(each) for each in self.influence)))

    def bootstrap(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Energy distances of `draws` resamples of both samples, with replacement.

        A point drawn twice has the distance zero to itself; the means over pairs are those of
        draws of different points, so that they are centred on the estimate.
        """
        n, m = self.xy.shape
        x = rng.multinomial(n, np.full(n, 1 / n), draws).astype(float)
        y = rng.multinomial(m, np.full(m, 1 / m), draws).astype(float)
        return np.asarray(2 * ((x @ self.xy) * y).sum(axis=1) / (n * m)
                          - ((x @ self.xx) * x).sum(axis=1) / (n - 1) ** 2
                          - ((y @ self.yy) * y).sum(axis=1) / (m - 1) ** 2)

    def estimate(self, draws: int, rng: np.random.Generator, level: float = 0.95) -> Estimate:
        """The distance with the interval between quantiles of its bootstrap."""
        return _interval(self.value, self.bootstrap(draws, rng), level)

    def normal_estimate(self, level: float = 0.95) -> Estimate:
        """The distance with a normal interval from `se`: no draws, for distances far from zero."""
        half = NormalDist().inv_cdf((1 + level) / 2) * self.se
        return Estimate(self.value, self.se, self.value - half, self.value + half)


def _interval(value: float, draws: np.ndarray, level: float) -> Estimate:
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, float(np.std(draws, ddof=1)), float(low), float(high))


def halves(xx: np.ndarray, splits: int, rng: np.random.Generator) -> np.ndarray:
    """Energy distances between the two halves of a sample, for random splits: what zero looks
    like. `xx` is `within` of the sample."""
    size = len(xx) // 2
    order = rng.permuted(np.tile(np.arange(len(xx)), (splits, 1)), axis=1)
    sides = []
    for columns in (order[:, :size], order[:, size:2 * size]):
        side = np.zeros((splits, len(xx)))
        np.put_along_axis(side, columns, 1.0, axis=1)
        sides.append(side)
    x, y = sides
    of_x = x @ xx
    pairs = size * (size - 1)
    return np.asarray(2 * (of_x * y).sum(axis=1) / size ** 2 - (of_x * x).sum(axis=1) / pairs
                      - ((y @ xx) * y).sum(axis=1) / pairs)


def wasserstein(x: np.ndarray, y: np.ndarray) -> float:
    """Wasserstein-1 of two samples of numbers: the integral of |F - G|, the mean way by which the
    mass of one has to be moved to make the other. In the unit of the numbers."""
    return float(_transport(x, y, np.ones((1, len(x))), np.ones((1, len(y))))[0])


def _transport(x: np.ndarray, y: np.ndarray, of_x: np.ndarray, of_y: np.ndarray) -> np.ndarray:
    """Wasserstein-1 for each row of weights (draws, n) and (draws, m)."""
    both = np.concatenate([x, y])
    order = np.argsort(both, kind="stable")
    mass = np.concatenate([of_x / len(x), -of_y / len(y)], axis=1)[:, order]
    return np.asarray(np.abs(np.cumsum(mass, axis=1)[:, :-1]) @ np.diff(both[order]))


def wasserstein_estimate(x: np.ndarray, y: np.ndarray, draws: int, rng: np.random.Generator,
                         level: float = 0.95) -> Estimate:
    """Wasserstein-1 with the interval of a bootstrap; near zero it is biased upwards, by about
    the spread over the square root of the number of points."""
    n, m = len(x), len(y)
    of_x = rng.multinomial(n, np.full(n, 1 / n), draws).astype(float)
    of_y = rng.multinomial(m, np.full(m, 1 / m), draws).astype(float)
    return _interval(wasserstein(x, y), _transport(x, y, of_x, of_y), level)
