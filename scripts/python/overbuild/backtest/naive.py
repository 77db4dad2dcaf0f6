"""Naive forecasters: what the training rows alone say, without a model.

Each draws logarithms at given times; `Unable` says why one cannot. With so few rows no standard
deviation is known well, so the rows' own errors are a lower bound of the residuals' (the Birge
ratio, Birge 1932, *Phys. Rev.* 40, never below one).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from overbuild.backtest.rows import Row

LARGEST_CEILING = 1000.0  # of the logistic, over the last row; higher ones are a plain exponential


class Unable(ValueError):
    """A forecaster cannot be fitted; the message says why."""


@dataclass(frozen=True)
class Points:
    """Training rows of a series."""

    time: np.ndarray  # yr since the start, ascending
    log: np.ndarray  # of the values
    error: np.ndarray  # standard deviation of the logarithms


Forecaster = Callable[[Points, np.ndarray, int, np.random.Generator], np.ndarray]


def points(rows: Sequence[Row], time: Sequence[float]) -> Points:
    """The rows as the forecasters see them."""
    return Points(np.array(time, dtype=float), np.log([row.value for row in rows]),
                  np.array([row.uncertainty for row in rows]))


def _need(have: int, needed: int, what: str = "training rows") -> None:
    if have < needed:
        raise Unable(f"{have} of {needed} {what}")


def random_walk(rows: Points, times: np.ndarray, count: int,
                rng: np.random.Generator) -> np.ndarray:
    """No drift; increments with the mean square of the training rows' differences over the years
    between them. Draws (count, time)."""
    _need(len(rows.time), 2)
    between = np.diff(rows.time)
    per_year = float(np.sum(np.diff(rows.log) ** 2) / np.sum(between))
    steps = np.diff(np.concatenate([[rows.time[-1]], times]))
    noise = rng.standard_normal((count, len(times))) * np.sqrt(per_year * steps)
    return np.asarray(rows.log[-1] + np.cumsum(noise, axis=1))


def _linear(design: np.ndarray, rows: Points) -> tuple[np.ndarray, np.ndarray, float]:
    """Weighted least squares: coefficients, their covariance, and the Birge ratio squared."""
    precision = 1 / rows.error ** 2
    covariance = np.linalg.inv(design.T @ (precision[:, None] * design))
    best = covariance @ design.T @ (precision * rows.log)
    free = len(rows.log) - design.shape[1]
    chi2 = float(np.sum(precision * (rows.log - design @ best) ** 2))
    birge = max(1.0, chi2 / free) if free > 0 else 1.0
    return best, covariance * birge, birge


def _residual(rows: Points, birge: float) -> float:
    return float(np.sqrt(birge * np.mean(rows.error ** 2)))


def trend(rows: Points, times: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """A straight line through the logarithms, with its prediction interval. Draws (count, time)."""
    _need(len(rows.time), 2)
    centre = rows.time.mean()
    best, covariance, birge = _linear(np.stack([np.ones_like(rows.time), rows.time - centre], 1),
                                      rows)
    drawn = rng.multivariate_normal(best, covariance, count)
    line = drawn @ np.stack([np.ones_like(times), times - centre])
    return np.asarray(line + _residual(rows, birge) * rng.standard_normal(line.shape))


def _curve(parameters: np.ndarray, time: np.ndarray) -> np.ndarray:
    """ln of K/(1 + exp(-(a + b t))), parameters ln K, a, b along the last axis."""
    ceiling, place, speed = (parameters[..., i, None] for i in range(3))
    return np.asarray(ceiling - np.logaddexp(0, -(place + speed * time)))


def logistic(rows: Points, times: np.ndarray, count: int,
             rng: np.random.Generator) -> np.ndarray:
    """A logistic curve through the logarithms: the ceiling by its profile on a grid, at most
    LARGEST_CEILING times the last row; place and speed by weighted least squares given it. Draws
    (count, time), ceilings by their likelihood, the others given them."""
    _need(len(rows.time), 4)
    centre = rows.time.mean()
    grid = rows.log.max() + np.log(np.geomspace(1.02, LARGEST_CEILING, 60))
    fits = [_given_ceiling(rows, ceiling, rows.time - centre) for ceiling in grid]
    chi2 = np.array([fit[2] for fit in fits])
    birge = max(1.0, float(chi2.min()) / (len(rows.time) - 3))
    likelihood = np.exp(-0.5 * (chi2 - chi2.min()) / birge)
    which = rng.choice(len(grid), size=count, p=likelihood / likelihood.sum())
    parameters = np.empty((count, 3))
    parameters[:, 0] = grid[which]
    for place in np.unique(which):
        own = which == place
        parameters[own, 1:] = rng.multivariate_normal(fits[place][0], fits[place][1] * birge,
                                                      int(own.sum()))
    line = _curve(parameters, times - centre)
    return np.asarray(line + _residual(rows, birge) * rng.standard_normal(line.shape))


def _given_ceiling(rows: Points, ceiling: float,
                   time: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Place and speed (Gauss and Newton from the straight line through the logits), their
    covariance, and chi squared."""
    share = np.exp(rows.log - ceiling)
    line = np.polyfit(time, np.log(share / (1 - share)), 1)
    best = np.array([line[1], line[0]])
    precision = 1 / rows.error ** 2
    for _ in range(50):
        level = _curve(np.array([ceiling, *best]), time)
        slope = 1 - np.exp(level - ceiling)  # derivative by a + b t
        jacobian = np.stack([slope, slope * time], 1)
        normal = jacobian.T @ (precision[:, None] * jacobian)
        move = np.linalg.solve(normal, jacobian.T @ (precision * (rows.log - level)))
        best = best + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-10:
            break
    residual = rows.log - _curve(np.array([ceiling, *best]), time)
    return best, np.linalg.inv(normal), float(np.sum(precision * residual ** 2))


FORECASTERS: dict[str, Forecaster] = {"walk": random_walk, "trend": trend, "logistic": logistic}


def hazard(years: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Years to an event that has not happened in `years` years: a constant hazard with Jeffreys'
    prior, Gamma(1/2), given no event. Draws (count,); P(T > t) = (years/(years + t))^(1/2)."""
    return np.asarray(years * (rng.random(count) ** -2.0 - 1))
