"""Paths with weights, and what is estimated from them with its Monte Carlo error."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Callable

import numpy as np

from overbuild.errors import ResultError
from overbuild.predictive.density import log_densities
from overbuild.predictive.posterior import Posterior
from overbuild.replicates import is_dependent, places
from overbuild.result import Result

BLOCKS = 20  # groups of paths that are independent of each other

Statistic = Callable[[np.ndarray], float]  # of the weights


@dataclass(frozen=True)
class Estimate:
    """A value and its standard error, both in the unit of the statistic."""

    value: float
    se: float


@dataclass(frozen=True)
class Paths:
    """The kept paths of a result, with weights; `group` numbers groups that are independent of
    each other: the calibration's islands, or blocks of paths where no posterior is drawn from."""

    result: Result
    label: str
    weight: np.ndarray  # (path,), mean one
    group: np.ndarray  # (path,), 0, 1, ...
    conditional: bool  # whether the weights are those of data
    log_mean_weight: Estimate  # ln of the mean density: ln p(data), or of 1 for a posterior's paths

    @property
    def effective(self) -> float:
        """Number of equally weighted paths that would be as good, as far as weights go."""
        return float(self.weight.sum() ** 2 / (self.weight ** 2).sum())

    def estimate(self, statistic: Statistic) -> Estimate:
        """A statistic and its standard error by the jackknife over groups, which are left out one
        by one (Efron and Stein 1981, Ann. Statist. 9); NaN where there is one group alone."""
        groups = int(self.group.max()) + 1
        if groups < 2:
            return Estimate(float(statistic(self.weight)), float("nan"))
        without = np.array([statistic(np.where(self.group == one, 0.0, self.weight))
                            for one in range(groups)])
        spread = (groups - 1) / groups * ((without - without.mean()) ** 2).sum()
        return Estimate(float(statistic(self.weight)), float(np.sqrt(spread)))

    def mean(self, values: np.ndarray) -> Estimate:
        """Mean of a value of each path."""
        return self.estimate(lambda w: _ratio(w @ values, w.sum()))

    def share(self, holds: np.ndarray, among: np.ndarray | None = None) -> Estimate:
        """Probability (1) that a condition holds, among the paths on which another does."""
        some = np.ones(len(self.weight)) if among is None else among.astype(float)
        both = some * holds
        return self.estimate(lambda w: _ratio(w @ both, w @ some))

    def quantile(self, values: np.ndarray, level: float,
                 among: np.ndarray | None = None) -> Estimate:
        """The smallest value that paths of at least the share `level` do not exceed."""
        some = np.isfinite(values) if among is None else among & np.isfinite(values)
        order = np.flatnonzero(some)[np.argsort(values[some], kind="stable")]
        ordered = values[order]

        def of(weight: np.ndarray) -> float:
            total = np.cumsum(weight[order])
            if not len(total) or not total[-1] > 0:
                return float("nan")
            place = int(np.searchsorted(total, level * total[-1]))
            return float(ordered[min(place, len(ordered) - 1)])
        return self.estimate(of)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def draws_from_posterior(result: Result) -> bool:
    """Whether the result's config draws parameters from a posterior file."""
    return "posterior" in tomllib.loads(result.provenance["config"])


def _paths(result: Result) -> int:
    """Number of kept paths whose outcomes are kept, too."""
    kept, outcomes = result.kept_paths.sizes["path"], result.path_outcomes.sizes["path"]
    return int(min(kept, outcomes))


def of_result(result: Result, posterior: Posterior | None = None, condition: bool = False,
              label: str | None = None) -> Paths:
    """The kept paths of a result, equally weighted, or by the data (`condition`).

    The paths of a run with fixed numbers or priors have the weight p(data | path). Those of a run
    that draws from the posterior have p(data | path) / L(particle), where L is the likelihood that
    the calibration estimated for the particle: the particles have the density prior(z) p(u) L(z, u)
    with u the filter's noise (Andrieu and Roberts 2009), so that this weight leaves prior times
    p(path | parameters) p(data | path), the joint posterior of parameters and path; its mean is
    one.

    With a sampler other than philox standard errors come from the run's replicates; they are NaN
    where not all paths are kept, or where the paths draw from the posterior.
    """
    count = _paths(result)
    drawn = draws_from_posterior(result)
    if (condition or drawn) and posterior is None:
        raise ResultError(f"{result.file}: --posterior FILE is needed: "
                          + ("the result draws from one" if drawn else "it holds the data"))
    group = _independent_groups(result, count)
    log_weight = np.zeros(count)
    if posterior is not None and drawn:
        parameters = result.path_parameters.isel(path=slice(0, count))
        particle = posterior.particle_of({str(name): np.asarray(values)
                                          for name, values in parameters.data_vars.items()})
        group = np.unique(posterior.island[particle], return_inverse=True)[1]
        if is_dependent(result):  # then the paths of different islands are not independent
            group = np.zeros(count, dtype=int)
        log_weight = -posterior.log_likelihood[particle]
    if condition:
        assert posterior is not None
        log_weight = log_weight + log_densities(result, posterior, count)
    else:
        log_weight = np.zeros(count)
    best = log_weight.max()
    if not np.isfinite(best):
        raise ResultError(f"{result.file}: no path comes near the data")
    weight = np.exp(log_weight - best)
    mean = float(weight.mean())
    return Paths(result, label or result.label, weight / mean, group, condition,
                 Estimate(float(np.log(mean) + best), _error_of_mean(weight / mean, group)))


def _independent_groups(result: Result, count: int) -> np.ndarray:
    """Groups of paths that are independent of each other: blocks of any size, or, of a sampler
    whose paths depend on one another, its replicates; one group where not all paths are kept."""
    if not is_dependent(result):
        return np.arange(count) * BLOCKS // count
    group = np.zeros(count, dtype=int)
    for number, part in enumerate(places(result, count)):
        group[part] = number
    return group


def _error_of_mean(weight: np.ndarray, group: np.ndarray) -> float:
    """Jackknife over groups of the mean of weights whose mean is one; NaN of one group."""
    if group.max() == 0:
        return float("nan")
    total, size = np.bincount(group, weight), np.bincount(group)
    without = (total.sum() - total) / (size.sum() - size)
    return float(np.sqrt((len(size) - 1) / len(size) * ((without - without.mean()) ** 2).sum()))
