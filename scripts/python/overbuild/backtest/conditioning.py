"""Paths given the data: how likely each path makes the training rows, and its weight.

A posterior is one of parameters; its paths start anew. A path that drew particle k gets the weight
p(y | path) / L_k, where L_k is the likelihood that the calibration estimated for the particle: its
draw from the posterior already counts the data once. Because L_k is unbiased the weighted paths
have exactly the law of paths given the data (Vihola, Helske and Franks 2020, *Scand. J. Stat.* 47).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Sequence

import numpy as np

LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True)
class Observed:
    """An entry of calibration.observe."""

    data: str
    series: str
    per: str = ""
    scale: str = "level"
    discrepancy: float = 0.0

    @property
    def needed(self) -> tuple[str, ...]:
        """The model's series."""
        return (self.series, self.per) if self.per else (self.series,)


@dataclass(frozen=True)
class Datum:
    """A training row as it is observed."""

    time: float  # yr since the start
    value: float
    deviation: float  # standard deviation of its error, discrepancy included


@dataclass(frozen=True)
class Fit:
    """What the rows of one observed series say of each path."""

    log_density: np.ndarray  # (path,)
    mean: np.ndarray  # (path,) of the unknown constant of a relative series, 0 otherwise
    variance: float  # of that constant; infinite without rows


def at_time(values: np.ndarray, time: float, step: float, logarithm: bool = True) -> np.ndarray:
    """Values (path,) at a time (yr) of a series (path, time), as calibrate interpolates them; their
    logarithms where `logarithm`."""
    place = time / step
    low = int(np.floor(place + 1e-9))
    share = max(0.0, place - low)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [np.log(values[:, i]) if logarithm else values[:, i]
                for i in (low, min(low + 1, values.shape[1] - 1))]
    return ends[0] if share < 1e-9 else (1 - share) * ends[0] + share * ends[1]


def observed_values(series: dict[str, np.ndarray], observed: Observed) -> np.ndarray:
    """The model's series (path, time) that an entry observes."""
    values = series[observed.series]
    return values / series[observed.per] if observed.per else values


def fit(series: dict[str, np.ndarray], observed: Observed, data: Sequence[Datum],
        step: float) -> Fit:
    """The log density of the rows (in the order of their times) given each path, the constant of a
    relative series integrated out, as calibrate has it."""
    values = observed_values(series, observed)
    logarithm = observed.scale != "linear"
    density, mean = np.zeros(len(values)), np.zeros(len(values))
    precision = 0.0
    for datum in data:
        own = datum.deviation ** 2
        target = np.log(datum.value) if logarithm else datum.value
        residual = target - at_time(values, datum.time, step, logarithm)
        if observed.scale == "relative":
            surprise = residual - mean
            if precision > 0:
                density += _normal(surprise, own + 1 / precision)
            mean = mean + surprise / own / (precision + 1 / own)
            precision += 1 / own
        else:
            density += _normal(residual, own)
    density[~np.isfinite(density)] = -np.inf
    relative = observed.scale == "relative"
    return Fit(density, mean if relative else np.zeros(len(values)),
               (1 / precision if precision > 0 else np.inf) if relative else 0.0)


def _normal(residual: np.ndarray, variance: float) -> np.ndarray:
    return np.asarray(-0.5 * (LOG_2PI + np.log(variance) + residual ** 2 / variance))


def weights(log_density: np.ndarray, log_likelihood: np.ndarray,
            allowed: np.ndarray) -> np.ndarray:
    """Weights (path,) that sum to one; zero where a path is not allowed."""
    with np.errstate(invalid="ignore"):
        log_weight = np.where(allowed, log_density - log_likelihood, -np.inf)
    largest = log_weight.max(initial=-np.inf)
    if not np.isfinite(largest):
        return np.zeros(len(log_weight))
    weight = np.exp(log_weight - largest)
    return np.asarray(weight / math.fsum(weight))  # NumPy's sum depends on the array's place


def effective(weight: np.ndarray) -> float:
    """Number of equally weighted paths that say as much (Kish 1965)."""
    total = math.fsum(weight ** 2)
    return math.fsum(weight) ** 2 / total if total > 0 else 0.0
