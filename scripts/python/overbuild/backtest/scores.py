"""Scores of weighted samples: CRPS, probability integral transform, intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np

INTERVALS = (0.5, 0.9)


def crps(sample: np.ndarray, weight: np.ndarray, actual: float) -> float:
    """Continuous ranked probability score, mean|X - y| - mean|X - X'|/2, in the sample's unit.

    Pairs of a draw with itself are left out (the fair score: Ferro 2014, *Q. J. R. Meteorol. Soc.*
    140), so that the estimate has no bias however few draws there are; weights sum to one.
    """
    order = np.argsort(sample, kind="stable")
    x, w = sample[order], weight[order]
    far = float(np.sum(w * np.abs(x - actual)))
    # sum over pairs of w_i w_j |x_i - x_j| = 2 sum_i w_i x_i (weight below - weight above)
    below = np.cumsum(w) - w
    centred = x - float(np.sum(w * x))  # no cancellation of large values
    pairs = 2 * float(np.sum(w * centred * (2 * below + w - 1)))
    others = 1 - float(np.sum(w ** 2))
    return far - pairs / (2 * others) if others > 0 else far


def pit(sample: np.ndarray, weight: np.ndarray, actual: float) -> float:
    """Share of the forecast below what came, half of what is equal; 0.5 is the median."""
    return float(np.sum(weight[sample < actual]) + 0.5 * np.sum(weight[sample == actual]))


def quantiles(sample: np.ndarray, weight: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
    """Quantiles of a weighted sample: the smallest value with at least that weight up to it."""
    order = np.argsort(sample, kind="stable")
    cumulative = np.cumsum(weight[order])
    places = np.searchsorted(cumulative, np.asarray(levels) * cumulative[-1], side="left")
    return np.asarray(sample[order][np.minimum(places, len(sample) - 1)])


def inside(sample: np.ndarray, weight: np.ndarray, actual: float, share: float) -> bool:
    """Whether the central interval of that share holds what came."""
    low, high = quantiles(sample, weight, ((1 - share) / 2, (1 + share) / 2))
    return bool(low <= actual <= high)


@dataclass(frozen=True)
class Score:
    """How well a forecast met what came; errors are Monte Carlo standard errors."""

    crps: float
    crps_se: float
    pit: float
    pit_se: float
    median: float
    low: float  # of the 90% interval
    high: float
    covered: tuple[bool, ...]  # by INTERVALS


def jackknife(of: Callable[[np.ndarray, np.ndarray], float], sample: np.ndarray,
              weight: np.ndarray, group: np.ndarray) -> float:
    """Standard error of a statistic of a weighted sample, one group of independent draws left out
    at a time."""
    labels = np.unique(group)
    values = []
    for label in labels:
        kept = group != label
        total = weight[kept].sum()
        if total <= 0:
            return float("nan")
        values.append(of(sample[kept], weight[kept] / total))
    spread = np.asarray(values) - np.mean(values)
    return float(np.sqrt((len(labels) - 1) / len(labels) * np.sum(spread ** 2)))


def score(sample: np.ndarray, weight: np.ndarray, group: np.ndarray, actual: float) -> Score:
    """All scores of a forecast; groups are those of the jackknife."""
    used = weight > 0
    sample, weight, group = sample[used], weight[used], group[used]
    low, median, high = quantiles(sample, weight, (0.05, 0.5, 0.95))
    return Score(crps(sample, weight, actual),
                 jackknife(lambda x, w: crps(x, w, actual), sample, weight, group),
                 pit(sample, weight, actual),
                 jackknife(lambda x, w: pit(x, w, actual), sample, weight, group),
                 float(median), float(low), float(high),
                 tuple(inside(sample, weight, actual, share) for share in INTERVALS))
