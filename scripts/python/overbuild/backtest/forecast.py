"""Forecasts of targets, from the training rows and nothing else."""

from __future__ import annotations

import datetime
import math
import pathlib
import tempfile
from dataclasses import dataclass, field

import numpy as np

from overbuild.analogy.distance import generator
from overbuild.backtest import conditioning, naive, runs
from overbuild.backtest.conditioning import Datum, Fit, Observed
from overbuild.backtest.rows import Table, period
from overbuild.backtest.targets import Target, Targets
from overbuild.errors import ResultError, UsageError

NAIVE_DRAWS = 10000


@dataclass(frozen=True)
class Options:
    """How much is computed."""

    until: str = "1999"
    paths: int = 100000
    particles: int = 512
    islands: int = 8
    program: str = "overbuild"

    @property
    def end(self) -> datetime.date:
        """The day after the training data."""
        try:
            return period(self.until).end
        except ValueError:
            raise UsageError(f"until is {self.until!r}; allowed are YYYY, YYYY-MM and YYYY-MM-DD"
                             ) from None


@dataclass(frozen=True)
class Ensemble:
    """Paths of the model with their weights given the training data."""

    series: dict[str, np.ndarray]  # (path, time)
    outcomes: dict[str, np.ndarray]  # (path,)
    fits: dict[str, Fit]  # by series of the data
    weight: np.ndarray  # (path,), sums to one
    island: np.ndarray  # (path,), groups of independent draws
    step: float  # yr
    excluded: float  # share of the weight that an event before the end of the training data took

    @property
    def effective(self) -> float:
        """Effective number of paths."""
        return conditioning.effective(self.weight)


@dataclass(frozen=True)
class Forecast:
    """A weighted sample of logarithms, or of years since the start; or why there is none."""

    sample: np.ndarray = field(default_factory=lambda: np.empty(0))
    weight: np.ndarray = field(default_factory=lambda: np.empty(0))
    group: np.ndarray = field(default_factory=lambda: np.empty(0))
    unable: str = ""


@dataclass(frozen=True)
class Forecasts:
    """All that is said before what came is looked at."""

    config: runs.Config
    options: Options
    targets: Targets
    training: Table
    ensemble: Ensemble
    by_target: dict[str, dict[str, Forecast]]  # target, forecaster
    log_evidence: tuple[float, float]  # of the training rows, and its standard error
    doubts: tuple[str, ...]


def forecasts(config: runs.Config, targets: Targets, training: Table, options: Options,
              folder: pathlib.Path | None = None) -> Forecasts:
    """Forecasts of all targets by the model and by the naive forecasters.

    `training` has to end before `options.end`; nothing later is read. `folder` keeps the files of
    the runs.
    """
    late = [row.date for row in training.rows if row.period.end > options.end]
    if late:
        raise ResultError(f"{training.name}: {len(late)} training rows are later than "
                          f"{options.until}, the first of {late[0]}")
    with tempfile.TemporaryDirectory() as temporary:
        where = folder or pathlib.Path(temporary)
        posterior = runs.calibrate(options.program, config, training, options.until, where,
                                   options.particles, options.islands)
        ensemble = _ensemble(config, targets, posterior, options, where)
    own = {}
    for place, target in enumerate(targets.targets):
        rng = generator(config.seed, 1000 + place)
        own[target.name] = {"model": _model(config, targets, target, ensemble, options, rng)}
        own[target.name] |= _naive(config, targets, target, training, options, rng)
    return Forecasts(config, options, targets, training, ensemble, own,
                     (posterior.log_evidence, posterior.log_evidence_se),
                     _doubts(posterior, ensemble))


def _needed(config: runs.Config, targets: Targets) -> list[str]:
    names = [name for each in config.observed for name in each.needed]
    for target in targets.targets:
        names += [name for name in (target.series, target.per) if name]
    return sorted(set(names))


def _ensemble(config: runs.Config, targets: Targets, posterior: runs.Posterior, options: Options,
              folder: pathlib.Path) -> Ensemble:
    years = (targets.end - config.start).days / 365.25
    horizon = math.ceil(years / config.step - 1e-9) * config.step
    names = _needed(config, targets)
    result = runs.run_posterior(options.program, config, posterior, horizon, options.paths, names,
                                folder)
    series = {name: result.kept_paths[name].values for name in names}
    outcome_names = {each.outcome for each in targets.targets if each.outcome} | set(targets.absent)
    result.require("outcomes", *outcome_names)
    outcomes = {name: result.path_outcomes[name].values for name in outcome_names}
    drawn = np.stack([result.path_parameters[name].values for name in posterior.parameters], axis=1)
    particle = posterior.particle_of(drawn)
    result.close()
    fits = {each.data: conditioning.fit(series, each, _data(posterior, place), config.step)
            for place, each in enumerate(config.observed)}
    density = np.sum([fit.log_density for fit in fits.values()], axis=0)
    likelihood = posterior.log_likelihood[particle]
    after = _since(config, options.end)
    allowed = np.ones(len(density), dtype=bool)
    for name in targets.absent:
        allowed &= ~(outcomes[name] <= after + 1e-9)
    everywhere = conditioning.weights(density, likelihood, np.ones_like(allowed))
    weight = conditioning.weights(density, likelihood, allowed)
    if not weight.any():
        raise ResultError(f"{config.file}: no path meets the training data and the absence of "
                          f"{', '.join(targets.absent)}; more --paths, or other priors")
    return Ensemble(series, outcomes, fits, weight, posterior.island[particle], config.step,
                    float(everywhere[~allowed].sum()))


def _since(config: runs.Config, day: datetime.date) -> float:
    """Years from the start to the beginning of a day."""
    return (day - config.start).days / 365.25


def _data(posterior: runs.Posterior, place: int) -> list[Datum]:
    own = posterior.observed == place
    return [Datum(float(t), float(v), float(d)) for t, v, d in
            zip(posterior.time[own], posterior.value[own], posterior.deviation[own])]


def observed_of(config: runs.Config, target: Target) -> Observed:
    """The entry of calibration.observe that a target of the kind `row` is of."""
    for each in config.observed:
        if each.data == target.data:
            if each.scale == "linear":
                raise ResultError(f"{config.file}: target {target.name}: {target.data} is observed "
                                  "on the scale linear; scores are of logarithms")
            return each
    raise ResultError(f"{config.file}: target {target.name}: the config does not observe "
                      f"{target.data}; it observes "
                      f"{', '.join(each.data for each in config.observed)}")


def _model(config: runs.Config, targets: Targets, target: Target, ensemble: Ensemble,
           options: Options, rng: np.random.Generator) -> Forecast:
    if target.kind == "none":
        return Forecast(unable="not in the model")
    noise = rng.standard_normal(len(ensemble.weight))
    step, times = ensemble.step, [each.years_since(config.start) for each in target.periods]
    if target.kind == "row":
        observed = observed_of(config, target)
        fit = ensemble.fits[target.data]
        values = conditioning.observed_values(ensemble.series, observed)
        sample = (conditioning.at_time(values, times[0], step) + fit.mean
                  + noise * math.sqrt(fit.variance + observed.discrepancy ** 2))
    elif target.kind in ("level", "ratio"):
        values = conditioning.observed_values(
            ensemble.series, Observed(target.data, target.series, target.per))
        sample = conditioning.at_time(values, times[-1], step) + noise * target.discrepancy
        if target.kind == "ratio":
            sample = sample - conditioning.at_time(values, times[0], step)
    else:
        sample = _date(targets, target, ensemble, config, options)
    return Forecast(sample, ensemble.weight, ensemble.island)


def _date(targets: Targets, target: Target, ensemble: Ensemble, config: runs.Config,
          options: Options) -> np.ndarray:
    """Years since the start, cut off at the end of the targets."""
    end = _since(config, targets.end)
    if target.kind == "event":
        return np.fmin(ensemble.outcomes[target.outcome], end)
    own, other = ensemble.series[target.series], ensemble.series[target.per]
    time = np.arange(own.shape[1]) * ensemble.step
    below = (own < target.factor * other) & (time > _since(config, options.end) + 1e-9)
    return np.where(below.any(axis=1), np.minimum(time[below.argmax(axis=1)], end), end)


def _naive(config: runs.Config, targets: Targets, target: Target, training: Table,
           options: Options, rng: np.random.Generator) -> dict[str, Forecast]:
    names = [*naive.FORECASTERS, "hazard"]
    equal = np.full(NAIVE_DRAWS, 1 / NAIVE_DRAWS)
    group = np.arange(NAIVE_DRAWS) % 20
    if target.dated:
        after, end = _since(config, options.end), _since(config, targets.end)
        boom = (options.end - targets.boom).days / 365.25
        drawn = after + naive.hazard(boom, NAIVE_DRAWS, rng)
        return {name: Forecast(unable="no event in the training rows") for name in names[:-1]} | {
            "hazard": Forecast(np.minimum(drawn, end), equal, group)}
    found = {"hazard": Forecast(unable="for dates of events alone")}
    rows = [row for row in training.rows  # as the calibration, which begins with the start
            if row.series == target.naive and row.period.first >= config.start]
    rows.sort(key=lambda row: row.period.first)
    seen = naive.points(rows, [row.period.years_since(config.start) for row in rows])
    times = np.array([each.years_since(config.start) for each in target.periods])
    for name, forecaster in naive.FORECASTERS.items():
        try:
            drawn = forecaster(seen, times, NAIVE_DRAWS, rng)
        except naive.Unable as reason:
            found[name] = Forecast(unable=str(reason))
            continue
        found[name] = Forecast(drawn[:, -1] - (drawn[:, 0] if len(times) > 1 else 0), equal, group)
    return found


def _doubts(posterior: runs.Posterior, ensemble: Ensemble) -> tuple[str, ...]:
    found = [f"calibration: {line}" for line in posterior.doubts.splitlines() if line]
    if ensemble.effective < 1000:
        found.append(f"only {ensemble.effective:,.0f} effective paths; give more --paths, or "
                     "calibration.paths")
    by_island = [float(ensemble.weight[ensemble.island == each].sum())
                 for each in np.unique(ensemble.island)]
    if max(by_island) > 2 / len(by_island):
        found.append(f"one island has {100 * max(by_island):.0f}% of the weight; give more "
                     "--particles")
    return tuple(found)

