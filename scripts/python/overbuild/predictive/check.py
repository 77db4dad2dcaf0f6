"""Posterior predictive check: are data like what the model would have produced?

Rubin 1984 (Ann. Statist. 12); Gelman, Meng, Stern 1996 (Statistica Sinica 6); the probability
integral transform: Dawid 1984 (J. R. Statist. Soc. A 147).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from overbuild.errors import ResultError
from overbuild.predictive.conditional import Estimate, Paths
from overbuild.predictive.density import residuals, values
from overbuild.predictive.laws import chi_squared_above, normal_below
from overbuild.predictive.posterior import Observed

BANDS = (0.05, 0.25, 0.50, 0.75, 0.95)
CHUNK = 1 << 16  # paths whose errors share a key


@dataclass(frozen=True)
class RowCheck:
    """One datum against its predictive distribution. Numbers are in the unit of the data; those of
    relative rows have the data's mean of logarithms, weighted by precision."""

    date: str
    time: float  # yr
    value: float
    low: float  # of the datum, one standard deviation of its error below and above
    high: float
    bands: tuple[float, ...]  # predictive quantiles at BANDS, the error of data included
    pit: Estimate  # probability of a datum that is no larger

    @property
    def tail(self) -> float:
        """Two-sided predictive p-value: probability of a datum at least as far out."""
        return min(1.0, 2 * min(self.pit.value, 1 - self.pit.value))


@dataclass(frozen=True)
class StatisticCheck:
    """A statistic of a whole series: of the data, and the probability that the model has more."""

    name: str
    observed: float
    low: float  # predictive 5%, 50%, 95%
    median: float
    high: float
    p: Estimate  # P(replicated >= observed)

    @property
    def tail(self) -> float:
        """Two-sided p-value."""
        return min(1.0, 2 * min(self.p.value, 1 - self.p.value))


@dataclass(frozen=True)
class Check:
    """A series of data against some paths. `fit` is P(chi-squared of replicated data >= that of the
    data), both given the same path, averaged over the paths: only for paths given the data."""

    observed: Observed
    rows: tuple[RowCheck, ...]
    statistics: tuple[StatisticCheck, ...]
    fit: Estimate | None


def _errors(observed: Observed, paths: int, seed: int) -> np.ndarray:
    """(path, row) errors of replicated data, the same for any number of paths; of relative rows
    less their mean."""
    parts = []
    for chunk in range(0, paths, CHUNK):
        generator = np.random.Generator(np.random.Philox(
            np.random.SeedSequence([seed, chunk, hash_of(observed.name)])))
        parts.append(generator.standard_normal((CHUNK, len(observed.y))))
    errors = np.concatenate(parts)[:paths] * observed.deviation
    if observed.scale == "relative":
        precision = 1 / observed.deviation ** 2
        errors -= (errors @ precision / precision.sum())[:, None]
    return errors


def hash_of(name: str) -> int:
    """FNV-1a of a name, 64 bits: the same on every machine, unlike Python's hash."""
    value = 0xcbf29ce484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001b3 % (1 << 64)
    return value


def _statistics(observed: Observed, y: np.ndarray) -> dict[str, np.ndarray]:
    """Statistics by path (or of the one row of data) of values (path, row)."""
    found: dict[str, np.ndarray] = {}
    order = np.argsort(observed.time, kind="stable")
    time, y = observed.time[order], y[:, order]
    if len(time) >= 2 and time[-1] > time[0]:
        found["growth, first to last, 1/yr"] = (y[:, -1] - y[:, 0]) / (time[-1] - time[0])
    if len(time) >= 3:
        change = np.diff(y, axis=1)
        found["largest change of neighbours"] = change.max(axis=1)
        found["smallest change of neighbours"] = change.min(axis=1)
        found["spread of changes"] = change.std(axis=1, ddof=1)
    return found


def check(paths: Paths, observed: Observed, step: float, seed: int = 1) -> Check:
    """Sets a series of data against its predictive distribution over weighted paths."""
    if observed.scale == "relative" and len(observed.y) < 2:
        raise ResultError(f"{observed.data}: one row, of which a relative scale makes no ratio")
    count = len(paths.weight)
    model = values(paths.result, observed, step, count)
    residual, variance = residuals(observed, model)
    precision = 1 / observed.deviation ** 2
    centre = (observed.y @ precision / precision.sum() if observed.scale == "relative" else 0.0)
    if observed.scale == "relative":
        model = model - (model @ precision / precision.sum())[:, None]
    replicated = model + _errors(observed, count, seed)

    def back(y: float) -> float:
        return float(np.exp(y)) if observed.logarithm else float(y)

    rows = []
    for place in range(len(observed.y)):
        below = normal_below(residual[:, place] / np.sqrt(variance[place]))
        y, error = observed.y[place], observed.deviation[place]
        bands = tuple(back(centre + quantile(replicated[:, place], paths.weight, level))
                      for level in BANDS)
        rows.append(RowCheck(
            observed.date[place], float(observed.time[place]), back(y), back(y - error),
            back(y + error), bands, paths.mean(below)))
    return Check(observed, tuple(rows), tuple(_compared(paths, observed, replicated)),
                 _fit(paths, observed, residual) if paths.conditional and observed.used else None)


def quantile(value: np.ndarray, weight: np.ndarray, level: float) -> float:
    """Weighted quantile."""
    order = np.argsort(value, kind="stable")
    total = np.cumsum(weight[order])
    return float(value[order][min(int(np.searchsorted(total, level * total[-1])),
                                  len(order) - 1)])


def _compared(paths: Paths, observed: Observed, replicated: np.ndarray) -> list[StatisticCheck]:
    data = _statistics(observed, observed.y[None, :])
    found = []
    for name, of_paths in _statistics(observed, replicated).items():
        value = float(data[name][0])
        more = of_paths >= value
        low, median, high = (quantile(of_paths, paths.weight, level) for level in (0.05, 0.5, 0.95))
        found.append(StatisticCheck(name, value, low, median, high, paths.share(more)))
    return found


def _fit(paths: Paths, observed: Observed, residual: np.ndarray) -> Estimate:
    freedom = len(observed.y) - (observed.scale == "relative")
    chi_squared = (residual ** 2 / observed.deviation ** 2).sum(axis=1)
    return paths.mean(chi_squared_above(chi_squared, freedom))
