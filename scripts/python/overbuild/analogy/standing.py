"""Where one boom stands in the years of another: states, without any alignment.

The state of a path at a time is free of what was before the start: logarithms of coverage and of
capital expenditure as a share of GDP, utilisation, growth of capital expenditure over the last
year, and that of capacity less demand (`excess` of phases).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from overbuild.analogy.distance import Energy, Estimate, within
from overbuild.analogy.phases import MEMORY, Tracks

STATES = {"coverage": "coverage", "utilisation": "utilisation",
          "capex_gdp": "capital expenditure / GDP",
          "capex_growth": "growth of capital expenditure, 1/yr",
          "excess": "growth of capacity less that of demand, 1/yr"}


@dataclass(frozen=True)
class Standing:
    """Energy distances between the states of two ensembles at all pairs of times."""

    first_time: np.ndarray  # (rows,), yr since the first one's start
    second_time: np.ndarray  # (columns,), yr since the second one's start
    energy: np.ndarray  # (rows, columns), in spreads
    best: np.ndarray  # (rows,), the second one's time at which it is nearest
    distance: tuple[Estimate, ...]  # (rows,), the energy distance there


@dataclass(frozen=True)
class Level:
    """One variable of the first ensemble at a time, and when the second one's median was there."""

    variable: str
    time: float  # yr since the first one's start
    median: float  # in the variable's own unit
    second_range: tuple[float, float]  # smallest and largest median of the second
    when: float  # yr since the second one's start, NaN where its median was never there


def states(own: Tracks) -> dict[str, np.ndarray]:
    """State variables (path, time) at the steps; growth in the first year is NaN."""
    back = round(MEMORY / (own.time[1] - own.time[0]))

    def growth(values: np.ndarray) -> np.ndarray:
        found = np.full_like(values, np.nan)
        found[:, back:] = (values[:, back:] - values[:, :-back]) / MEMORY
        return found

    series = own.series
    return {"coverage": np.log(series["coverage"]), "utilisation": series["utilisation"],
            "capex_gdp": np.log(series["capex"] / own.episode.gdp(own.time)),
            "capex_growth": growth(np.log(series["capex"])),
            "excess": growth(-np.log(series["utilisation"])
                             - own.elasticity[:, None] * np.log(series["price"]))}


def _clouds(first: Tracks, second: Tracks, every: float
            ) -> tuple[list[tuple[float, np.ndarray]], list[tuple[float, np.ndarray]]]:
    """The states (paths, 5) of both at times `every` years apart from the first year on, in
    spreads."""
    pair = [states(own) for own in (first, second)]
    step = round(every / (first.time[1] - first.time[0]))
    start = round(MEMORY / (first.time[1] - first.time[0]))
    scale = {}
    for name in STATES:
        own, other = (np.nan_to_num(each[name][:, start:]) for each in pair)
        middle = (own.mean() + other.mean()) / 2
        scale[name] = np.sqrt((((own - middle) ** 2).mean() + ((other - middle) ** 2).mean()) / 2)
    found = []
    for own_tracks, values in zip((first, second), pair):
        found.append([(float(own_tracks.time[at]),
                       np.stack([values[name][:, at] / scale[name] for name in STATES], axis=1))
                      for at in range(start, len(own_tracks.time), step)])
    return found[0], found[1]


def standing(first: Tracks, second: Tracks, every: float = 0.5, level: float = 0.95) -> Standing:
    """Energy distances of the states at all pairs of times, a year after the start and later."""
    rows, columns = _clouds(first, second, every)
    inner = [within(cloud) for _, cloud in columns]
    energy = np.empty((len(rows), len(columns)))
    nearest: list[Estimate] = []
    for row, (_, cloud) in enumerate(rows):
        own = within(cloud)
        of_row = [Energy(cloud, other, own, yy) for (_, other), yy in zip(columns, inner)]
        energy[row] = [each.value for each in of_row]
        nearest.append(of_row[int(energy[row].argmin())].normal_estimate(level))
    second_time = np.array([time for time, _ in columns])
    return Standing(np.array([time for time, _ in rows]), second_time, energy,
                    second_time[energy.argmin(axis=1)], tuple(nearest))


def levels(first: Tracks, second: Tracks, time: float) -> list[Level]:
    """The first one's medians at a time (yr), and when the second one's were there first."""
    at = int(np.abs(first.time - time).argmin())
    found = []
    for name, values in states(first).items():
        median = float(np.median(values[:, at]))
        if np.isnan(median):
            continue
        other = np.median(states(second)[name], axis=0)
        there = np.isfinite(other)
        when, curve = second.time[there], other[there] - median
        cross = np.flatnonzero(curve[:-1] * curve[1:] <= 0)
        year = np.nan
        if len(cross):
            a = cross[0]
            weight = 0.0 if curve[a] == curve[a + 1] else curve[a] / (curve[a] - curve[a + 1])
            year = float(when[a] + weight * (when[a + 1] - when[a]))
        found.append(Level(name, time, median,
                           (float(other[there].min()), float(other[there].max())), year))
    return found
