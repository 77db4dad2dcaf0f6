"""The density of data given each kept path, as the particle filter of `overbuild calibrate` has it."""

from __future__ import annotations

import numpy as np

from overbuild.errors import ResultError
from overbuild.predictive.posterior import Observed, Posterior
from overbuild.result import Result

BLOCK = 1 << 16  # paths


def values(result: Result, observed: Observed, step: float, paths: int) -> np.ndarray:
    """(path, row): what the model has at the dates of the rows, logarithms as `observed.y`;
    between steps interpolated, log-linearly where it is a logarithm."""
    kept = result.kept_paths
    for name in filter(None, (observed.series, observed.per)):
        if name not in kept:
            raise ResultError(f"{result.file}: no kept series {name}, which {observed.data} "
                              f"observes; there are {', '.join(map(str, kept))} (set "
                              "outputs.series in the config)")
    last = kept.sizes["time"] - 1
    place = observed.time / step
    place = np.where(np.abs(place - np.rint(place)) < 1e-9, np.rint(place), place)
    if place.max(initial=0) > last:
        raise ResultError(f"{result.file}: ends at {last * step:g} yr, {observed.data} at "
                          f"{observed.time.max():.2f}")
    below = np.minimum(place.astype(int), last - 1)
    share = place - below
    columns = np.unique(np.concatenate([below, below + 1]))
    at = {int(column): i for i, column in enumerate(columns)}
    low, high = ([at[int(column)] for column in each] for each in (below, below + 1))

    def read(name: str) -> np.ndarray:
        part = kept[name].isel(path=slice(0, paths), time=columns).values.astype(float)
        if observed.logarithm:
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.log(part)
        return part

    series = read(observed.series)
    if observed.per:
        series = series - read(observed.per) if observed.logarithm else series / read(observed.per)
    # A step's value is exact; 0 times an infinite neighbour would not be.
    return np.where(share == 0, series[:, low],
                    np.where(share == 1, series[:, high],
                             (1 - share) * series[:, low] + share * series[:, high]))


def residuals(observed: Observed, model: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(path, row) y less the model's value, and the variance of each; of `relative` rows less the
    mean of the rows, weighted by precision, whose variance the estimated mean takes away."""
    residual = observed.y - model
    variance = observed.deviation ** 2
    if observed.scale != "relative":
        return residual, variance
    precision = 1 / variance
    total = precision.sum()
    return residual - (residual @ precision / total)[:, None], variance - 1 / total


def log_density(observed: Observed, model: np.ndarray) -> np.ndarray:
    """(path,) log density of the rows; of `relative` ones with the unknown constant integrated out
    over a flat prior: prod N(r; 0, s^2) at the best constant, over N(0; 0, 1/W)."""
    residual, _ = residuals(observed, model)
    precision = 1 / observed.deviation ** 2
    density = 0.5 * (np.log(precision / (2 * np.pi)) - precision * residual ** 2).sum(axis=1)
    if observed.scale == "relative":
        density -= 0.5 * np.log(precision.sum() / (2 * np.pi))
    return np.where(np.isnan(density), -np.inf, density)


def log_densities(result: Result, posterior: Posterior, paths: int) -> np.ndarray:
    """(path,) log density of all data that the posterior used, given each kept path."""
    total = np.zeros(paths)
    for observed in posterior.observed:
        total += log_density(observed, values(result, observed, posterior.step, paths))
    return total
