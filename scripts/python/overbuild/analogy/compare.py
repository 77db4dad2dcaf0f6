"""Two ensembles on phase time, and the distance between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np

from overbuild.analogy.distance import (Energy, Estimate, generator, halves, wasserstein_estimate,
                                        within)
from overbuild.analogy.episodes import Episode
from overbuild.analogy.phases import (VARIABLES, Phases, common_cells, common_window, phase_times,
                                      phases, tracks)
from overbuild.errors import ResultError, UsageError
from overbuild.replicates import is_dependent
from overbuild.result import Result

SPLITS = 400  # random halves of the first ensemble
STREAM_WHOLE, STREAM_HALVES, STREAM_MARGIN = 0, 100, 1000  # of random numbers


@dataclass(frozen=True)
class Options:
    """How ensembles are compared."""

    alignment: str = "takeoff"
    window: tuple[float, float] | None = None  # yr of phase time; the common years unless given
    every: float = 0.5  # yr between phase times
    variables: tuple[str, ...] = VARIABLES
    paths: int = 2000  # kept paths that are read of each result
    draws: int = 400  # of the bootstrap
    level: float = 0.95  # of the intervals
    seed: int = 1


@dataclass(frozen=True)
class Zero:
    """Distances between random halves of the first ensemble: what no difference looks like."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Margin:
    """One variable at one phase time."""

    variable: str
    time: float  # yr
    medians: tuple[float, ...]  # of each ensemble, in the variable's own unit
    wasserstein: Estimate  # in spreads of the variable


@dataclass(frozen=True)
class Analogy:
    """The first ensemble against the others; distances are pure numbers, in spreads.

    The spread of a variable is its standard deviation over the paths and phase times of the first
    two ensembles, either with half of the weight.
    """

    options: Options
    window: tuple[float, float]  # yr
    ensembles: tuple[Phases, ...]
    spreads: dict[str, float]  # in the variable's own unit
    whole: tuple[Estimate, ...]  # energy distance of the first to the second, third ...
    coefficients: tuple[float, ...]  # the same, of 1
    zero: Zero
    by_variable: dict[str, Estimate]  # energy distance of the whole track of one variable
    by_time: dict[float, tuple[Estimate, ...]]  # of all variables at one phase time
    margins: tuple[Margin, ...]
    inside: float  # share of the first ensemble's paths that lie in the second's cloud
    nearest: np.ndarray  # (paths,), distance of each of its paths to the nearest of the second

    @property
    def names(self) -> list[str]:
        """Names of the ensembles' scenarios."""
        return [each.tracks.result.name for each in self.ensembles]

    def json(self) -> dict[str, Any]:
        """Everything but single paths, for a file."""
        return {"alignment": self.options.alignment, "window": list(self.window),
                "every": self.options.every, "seed": self.options.seed,
                "level": self.options.level, "draws": self.options.draws,
                "ensembles": [{"scenario": each.tracks.result.name,
                               "episode": each.tracks.episode.name,
                               "seed": int(each.tracks.result.attrs["seed"]),
                               "paths": len(each.path), "aligned": each.aligned,
                               "complete": each.complete} for each in self.ensembles],
                "spreads": self.spreads,
                "whole": [vars(one) | {"coefficient": h}
                          for one, h in zip(self.whole, self.coefficients)],
                "zero": vars(self.zero), "inside": self.inside,
                "by_variable": {name: vars(one) for name, one in self.by_variable.items()},
                "by_time": [{"time": when, "energy": [vars(one) for one in row]}
                            for when, row in self.by_time.items()],
                "margins": [{"variable": each.variable, "time": each.time,
                             "medians": list(each.medians), "wasserstein": vars(each.wasserstein)}
                            for each in self.margins]}


def spreads(first: Phases, second: Phases) -> dict[str, float]:
    """The spread of each variable; ResultError where one does not vary at all."""
    found = {}
    for name in dict.fromkeys(variable for variable, _ in first.cells):
        own, other = (each.values[:, each.columns(name)] for each in (first, second))
        middle = (own.mean() + other.mean()) / 2
        found[name] = math.sqrt((((own - middle) ** 2).mean() + ((other - middle) ** 2).mean()) / 2)
        if not found[name] > 0:
            raise ResultError(f"{name} is the same on all paths; leave it out of --variables")
    return found


def standardised(each: Phases, scale: dict[str, float]) -> np.ndarray:
    """The values (paths, cells) in spreads of their variables."""
    return each.values / np.array([scale[name] for name, _ in each.cells])


def nearest(x: np.ndarray, y: np.ndarray, xy: np.ndarray, yy: np.ndarray,
            quantile: float = 0.95) -> tuple[np.ndarray, float]:
    """Distances of the points of x to the nearest of y, and the share of them that is no farther
    than 95% of the points of y are from the nearest other point of y."""
    own = xy.min(axis=1)
    alone = yy + np.diag(np.full(len(yy), np.inf))
    return own, float((own <= np.quantile(alone.min(axis=1), quantile)).mean())


def align(results: Sequence[tuple[Result, Episode]], options: Options
          ) -> tuple[tuple[float, float], list[Phases]]:
    """The window, and the ensembles with their common cells."""
    own = [tracks(result, episode, options.paths, options.variables) for result, episode in results]
    window = options.window or common_window(own, options.alignment)
    times = phase_times(window, options.every)
    return window, common_cells([phases(each, options.alignment, times, options.variables)
                                 for each in own])


def _margins(every: Sequence[Phases], scale: dict[str, float], options: Options) -> list[Margin]:
    found = []
    for column, (name, when) in enumerate(every[0].cells):
        rng = generator(options.seed, STREAM_MARGIN + column)
        pair = [each.values[:, column] / scale[name] for each in every[:2]]
        medians = tuple(float(np.median(each.values[:, column])) for each in every)
        found.append(Margin(name, when, medians, wasserstein_estimate(
            pair[0], pair[1], options.draws, rng, options.level)))
    return found


def _energies(clouds: Sequence[np.ndarray], columns: np.ndarray,
              level: float) -> tuple[Estimate, ...]:
    parts = [each[:, columns] for each in clouds]
    xx = within(parts[0])
    return tuple(Energy(parts[0], each, xx).normal_estimate(level) for each in parts[1:])


def compare(results: Sequence[tuple[Result, Episode]], options: Options = Options()) -> Analogy:
    """Compares the first result with the second; further ones are for scale.

    ResultError of a run whose paths depend on one another: the intervals are those of independent
    ones.
    """
    if len(results) < 2:
        raise UsageError("an analogy needs two results")
    for result, _ in results:
        if is_dependent(result):
            raise ResultError(f"{result.file}: its paths, of the sampler "
                              f"{result.attrs['sampler']}, depend on one another, and intervals of "
                              "an analogy are those of independent paths; run it with --set "
                              "run.sampler=philox")
    window, every = align(results, options)
    scale = spreads(every[0], every[1])
    clouds = [standardised(each, scale) for each in every]
    xx = within(clouds[0])
    energies = [Energy(clouds[0], each, xx) for each in clouds[1:]]
    splits = halves(xx, SPLITS, generator(options.seed, STREAM_HALVES))
    low, high = np.quantile(splits, [(1 - options.level) / 2, (1 + options.level) / 2])
    cells = every[0].cells
    by_variable = {name: _energies(clouds[:2], every[0].columns(name), options.level)[0]
                   for name in scale}
    by_time = {when: _energies(clouds, every[0].columns(time=when), options.level)
               for when in sorted({time for _, time in cells})}
    own, inside = nearest(clouds[0], clouds[1], energies[0].xy, energies[0].yy)
    return Analogy(
        options, window, tuple(every), scale,
        tuple(each.estimate(options.draws, generator(options.seed, STREAM_WHOLE + number),
                            options.level) for number, each in enumerate(energies)),
        tuple(each.coefficient for each in energies),
        Zero(float(splits.mean()), float(low), float(high)), by_variable, by_time,
        tuple(_margins(every, scale, options)), inside, own)
