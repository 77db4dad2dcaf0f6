"""Forecasts against what came."""

from __future__ import annotations

import math
import pathlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from overbuild.analogy.distance import generator
from overbuild.backtest.forecast import (Forecast, Forecasts, Options, forecasts,
                                         observed_of)
from overbuild.backtest.rows import Table, read_table
from overbuild.backtest.runs import Config, config_of
from overbuild.backtest.scores import INTERVALS, Score, score
from overbuild.backtest.targets import Actual, Target, actual, read_targets
from overbuild.errors import ResultError

NAIVE = ("walk", "trend", "logistic", "hazard")


@dataclass(frozen=True)
class Assessed:
    """A target, what came, and the score of each forecaster, or why it has none."""

    target: Target
    actual: Actual
    scores: dict[str, Score | str]
    late: float  # share of a date's forecast at or after the end of the targets; 0 for numbers

    @property
    def model(self) -> Score | None:
        """The model's score."""
        own = self.scores["model"]
        return own if isinstance(own, Score) else None


@dataclass(frozen=True)
class Backtest:
    """All targets assessed."""

    forecasts: Forecasts
    data: Table
    targets: tuple[Assessed, ...]

    @property
    def scored(self) -> list[Assessed]:
        """The targets of which the model says something."""
        return [each for each in self.targets if each.model is not None]

    def coverage(self, place: int) -> int:
        """How many intervals (of INTERVALS) of the model hold what came."""
        return sum(each.model.covered[place] for each in self.scored if each.model)

    def skill(self, name: str) -> tuple[float, float, int] | None:
        """1 - the model's CRPS over a naive forecaster's, both summed over the targets that both
        predict in the same unit; its Monte Carlo standard error; their number. None without any."""
        pairs = [(each.model, each.scores[name]) for each in self.scored
                 if isinstance(each.scores.get(name), Score)]
        if not pairs:
            return None
        own = sum(model.crps for model, _ in pairs if model)
        other = sum(each.crps for _, each in pairs if isinstance(each, Score))
        errors = [model.crps_se / own for model, _ in pairs if model]
        errors += [each.crps_se / other for _, each in pairs if isinstance(each, Score)]
        return 1 - own / other, own / other * math.hypot(*errors), len(pairs)


def backtest(config_file: str | pathlib.Path, targets_file: str | pathlib.Path,
             options: Options = Options(), data_file: str | pathlib.Path | None = None,
             settings: tuple[str, ...] = (), folder: pathlib.Path | None = None) -> Backtest:
    """Calibrates to the data up to `options.until`, predicts the targets and scores them.

    ResultError names what is wrong. The forecasts are made from a table without the later rows.
    """
    config = config_of(options.program, pathlib.Path(config_file), settings)
    targets = read_targets(targets_file)
    if not (data_file or config.data):
        raise ResultError(f"{config.file}: names no data; --data names a file")
    data = read_table(data_file or config.data)
    training = data.until(options.end)
    if not training.rows:
        first = [row.date for row in sorted(data.rows, key=lambda row: row.period.end)][:1]
        raise ResultError(f"{data.name}: no rows end by {options.until}, the end of the training "
                          f"data; the first is of {first[0] if first else 'no date'}")
    _check(config, targets.targets, data, options)
    made = forecasts(config, targets, training, options, folder)
    return assess(made, data)


def _check(config: Config, targets: tuple[Target, ...], data: Table, options: Options) -> None:
    """The rows of all targets are there, and none is in the training data."""
    for target in targets:
        if target.kind == "row":
            observed_of(config, target)
        references = target.between or [f"{target.data}@{one.text}" for one in target.periods]
        for row in (data.row(each) for each in references):
            if row.period.end <= options.end:
                raise ResultError(f"target {target.name}: {row.series} of {row.date} is in the "
                                  f"training data, which end with {options.until}")


def assess(made: Forecasts, data: Table) -> Backtest:
    """Scores forecasts by the rows of `data`."""
    found = []
    for place, target in enumerate(made.targets.targets):
        came = actual(target, data, made.config.start)
        rng = generator(made.config.seed, 2000 + place)
        own = made.by_target[target.name]
        scores: dict[str, Score | str] = {}
        for name, forecast in own.items():
            scores[name] = forecast.unable or score(_seen(forecast, name, came, rng),
                                                    forecast.weight, forecast.group, came.value)
        late = 0.0
        if target.dated:
            sample = own["model"].sample
            late = float(own["model"].weight[sample >= sample.max()].sum())
        found.append(Assessed(target, came, scores, late))
    return Backtest(made, data, tuple(found))


def _seen(forecast: Forecast, name: str, came: Actual, rng: np.random.Generator) -> np.ndarray:
    """The forecast of the value with the error of its data. The naive forecasters' residuals have
    errors of data in them already."""
    if name in ("walk", "trend", "logistic"):
        return forecast.sample
    return np.asarray(forecast.sample + came.sd * rng.standard_normal(len(forecast.sample)))


def shown(each: Assessed, value: float, start: float) -> float:
    """A forecast as it is printed: a number, or a calendar date."""
    return start + value if each.target.dated else math.exp(value)


def json_of(done: Backtest) -> dict[str, Any]:
    """All numbers."""
    made = done.forecasts
    return {
        "config": made.config.file.stem, "settings": list(made.config.settings),
        "until": made.options.until, "log_evidence": made.log_evidence[0],
        "paths": made.options.paths, "effective_paths": made.ensemble.effective,
        "weight_of_absent_events": made.ensemble.excluded, "doubts": list(made.doubts),
        "targets": [{
            "name": each.target.name, "kind": each.target.kind, "remark": each.target.remark,
            "actual": each.actual.value, "actual_sd": each.actual.sd,
            "statuses": list(each.actual.statuses), "late": each.late,
            "scores": {name: (one if isinstance(one, str) else vars(one))
                       for name, one in each.scores.items()}} for each in done.targets],
        "coverage": {f"{share:g}": done.coverage(place) for place, share in enumerate(INTERVALS)},
        "scored": len(done.scored), "skill": {name: done.skill(name) for name in NAIVE}}
