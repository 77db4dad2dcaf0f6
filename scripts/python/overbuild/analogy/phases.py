"""Paths on phase time: where each path stands so many years after (or before) an event of its own.

The variables are free of scale, so that industries of different size and decades can be compared:

| variable | value |
| --- | --- |
| `capex` | logarithm of capital expenditure relative to its value at alignment |
| `coverage` | logarithm of coverage |
| `utilisation` | share of capacity sold |
| `price` | logarithm of the price relative to its value at alignment |
| `capex_gdp` | logarithm of capital expenditure as a share of GDP |
| `excess` | log growth of capacity less that of demand over the year before, 1/yr |

Demand is what would be bought at an unchanged price, A = Q P^eta in the model's symbols
(docs/model.md); with capacity S = Q/U the difference of growth rates is that of -ln U - eta ln P.
Where capacity is sold out (U = 1) demand is larger than what is sold.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from overbuild.analogy.episodes import Episode
from overbuild.errors import ResultError, UsageError
from overbuild.result import Result

ALIGNMENTS = ("takeoff", "start", "coverage", "bust", "capex_peak")
SMALLEST_FALL = 0.25  # of the peak; a smaller fall of capex is no peak to align at
MEMORY = 1.0  # yr over which growth rates are taken
FEWEST_PATHS = 50
WINDOW_AROUND = (-1.0, 3.0)  # yr about an event that each path has at its own time

MEANINGS = {"capex": "capital expenditure, at alignment = 1",
            "coverage": "coverage",
            "utilisation": "utilisation",
            "price": "price, at alignment (or the first time shown) = 1",
            "capex_gdp": "capital expenditure / GDP",
            "excess": "growth of capacity less that of demand, 1/yr"}
VARIABLES = tuple(MEANINGS)
LOGARITHMIC = ("capex", "coverage", "price", "capex_gdp")  # held as logarithms
SERIES = {"capex": ("capex",), "coverage": ("coverage",), "utilisation": ("utilisation",),
          "price": ("price",), "capex_gdp": ("capex",), "excess": ("price", "utilisation")}


@dataclass(frozen=True)
class Tracks:
    """Kept paths of a result on model time."""

    result: Result
    episode: Episode
    time: np.ndarray  # (T,), yr since the start, evenly spaced
    path: np.ndarray  # (paths,), numbers of the paths
    series: dict[str, np.ndarray]  # (paths, T), unit of the series
    elasticity: np.ndarray  # (paths,), 1

    @property
    def horizon(self) -> float:
        """Length of the paths (yr)."""
        return float(self.time[-1])


@dataclass(frozen=True)
class Phases:
    """Paths on phase time. `values` has one column for each cell, a variable at a phase time."""

    tracks: Tracks
    path: np.ndarray  # (paths,), numbers of the paths that have the whole window
    values: np.ndarray  # (paths, cells), 1
    cells: tuple[tuple[str, float], ...]  # variable and phase time (yr)
    aligned: float  # share of the kept paths that have the event of the alignment
    complete: float  # share of them that are in `path`: the window lies within their years

    def columns(self, variable: str | None = None, time: float | None = None) -> np.ndarray:
        """Positions of the cells of a variable, of a phase time, or of both."""
        return np.array([number for number, (name, when) in enumerate(self.cells)
                         if variable in (None, name)
                         and (time is None or abs(when - time) < 1e-9)], dtype=int)


def _kept(result: Result, names: set[str], count: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    listed = ", ".join(f'"{name}"' for name in sorted(names))
    what = f"run it with --set outputs.paths={count} --set 'outputs.series=[{listed}]'"
    if "paths" not in result.groups:
        raise ResultError(f"{result.file}: has no kept paths; {what}")
    kept = result.kept_paths
    missing = sorted(names - set(map(str, kept.data_vars)))
    if missing:
        raise ResultError(f"{result.file}: no kept series {', '.join(missing)}; {what}")
    part = kept[sorted(names)].isel(path=slice(0, count))
    if part.sizes["path"] < FEWEST_PATHS:
        raise ResultError(f"{result.file}: {part.sizes['path']} kept paths, needed are "
                          f"{FEWEST_PATHS}; {what}")
    return (np.asarray(part.path),
            {name: np.asarray(part[name], dtype=float) for name in sorted(names)})


def _per_path(result: Result, group: str, name: str, path: np.ndarray) -> np.ndarray:
    """An outcome or a drawn parameter of some paths; ResultError where it is not kept."""
    if group not in result.groups or name not in result.dataset(group):
        raise ResultError(f"{result.file}: {name} of the paths is not kept; run it with --set "
                          f"outputs.outcomes={int(path[-1]) + 1}")
    data = result.dataset(group)[name]
    numbers = np.asarray(data.path)
    place = np.searchsorted(numbers, path)
    if place[-1] >= len(numbers) or not (numbers[place] == path).all():
        raise ResultError(f"{result.file}: {name} is not kept of all paths whose series are; run "
                          f"it with --set outputs.outcomes={int(path[-1]) + 1}")
    return np.asarray(data, dtype=float)[place]


def check_variable(name: str) -> None:
    """UsageError for a name that no phase variable has."""
    if name not in VARIABLES:
        near = difflib.get_close_matches(name, VARIABLES, 1)
        raise UsageError(f"no phase variable {name!r}{f' (is {near[0]} meant?)' if near else ''}; "
                         f"there are {', '.join(VARIABLES)}")


def tracks(result: Result, episode: Episode, count: int = 2000,
           variables: Sequence[str] = VARIABLES) -> Tracks:
    """The first `count` kept paths of a result with what the variables need.

    ResultError, with what to run, where the result does not hold it.
    """
    for name in variables:
        check_variable(name)
    names = {series for name in variables for series in SERIES[name]} | {"capex", "coverage"}
    path, series = _kept(result, names, count)
    elasticity = np.full(len(path), np.nan)
    if "excess" in variables:
        if "price_elasticity" not in result.parameters:
            raise ResultError(f"{result.file}: the model {result.attrs['model']} has no parameter "
                              "price_elasticity, which `excess` needs")
        elasticity[:] = float(result.parameters.price_elasticity)
        if np.isnan(elasticity[0]):
            elasticity = _per_path(result, "path_parameters", "price_elasticity", path)
    return Tracks(result, episode, np.asarray(result.kept_paths.time), path, series, elasticity)


def first(condition: np.ndarray, time: np.ndarray) -> np.ndarray:
    """The first time at which a condition (path, time) holds, NaN where it never does."""
    return np.where(condition.any(axis=1), time[condition.argmax(axis=1)], np.nan)


def largest_fall(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row the largest fall as a share of the highest value before it, and the position of
    that value, the last one where it is reached twice."""
    peak = np.maximum.accumulate(values, axis=1)
    fall = 1 - values / peak
    trough = fall.argmax(axis=1)
    before = np.arange(values.shape[1]) <= trough[:, None]
    reached = (values == np.take_along_axis(peak, trough[:, None], axis=1)) & before
    last = values.shape[1] - 1 - reached[:, ::-1].argmax(axis=1)
    return np.take_along_axis(fall, trough[:, None], axis=1)[:, 0], last


def _crossing(own: Tracks) -> np.ndarray:
    above = own.series["coverage"] >= 1
    return first(above != above[:, :1], own.time)


def _peak(own: Tracks) -> np.ndarray:
    fall, place = largest_fall(own.series["capex"])
    return np.where(fall >= SMALLEST_FALL, own.time[place], np.nan)


def _bust(own: Tracks) -> np.ndarray:
    return _per_path(own.result, "path_outcomes", "bust_time", own.path)


def zero(own: Tracks, alignment: str) -> np.ndarray:
    """The time (yr since the start) at which phase time is zero on each path; NaN where never.

    `takeoff`: the take-off of capital expenditure of the episode, before the start where it is
    negative. `start`: t = 0. `coverage`: the first step at which coverage is on the other side of
    one than at the start. `bust`: the outcome bust_time. `capex_peak`: the peak before the largest
    fall of capital expenditure, on paths on which it falls by a quarter at least.
    """
    same = {"takeoff": own.episode.takeoff - own.episode.start, "start": 0.0}
    if alignment in same:
        return np.full(len(own.path), same[alignment])
    of_path: dict[str, Callable[[Tracks], np.ndarray]] = {
        "coverage": _crossing, "bust": _bust, "capex_peak": _peak}
    if alignment not in of_path:
        raise ResultError(f"no alignment {alignment!r}; there are {', '.join(ALIGNMENTS)}")
    return of_path[alignment](own)


def common_window(every: Sequence[Tracks], alignment: str) -> tuple[float, float]:
    """The phase times (yr) that all have: of events with one time for all paths their common years,
    of others a year before to three years after."""
    if alignment not in ("takeoff", "start"):
        return WINDOW_AROUND
    starts = [zero(own, alignment)[0] for own in every]
    return (max(0.0 - start for start in starts),
            min(own.horizon - start for own, start in zip(every, starts)))


def phase_times(window: tuple[float, float], every: float) -> np.ndarray:
    """Phase times (yr) from one end of the window to the other."""
    low, high = window
    if not every > 0 or high - low < every:
        raise UsageError(f"the window from {low:g} to {high:g} years has no two times {every:g} "
                         "years apart")
    return np.asarray(low + every * np.arange(int((high - low) / every + 1e-9) + 1))


def _at(values: np.ndarray, time: np.ndarray, when: np.ndarray) -> np.ndarray:
    """Values (path, time) at times of each path, by straight lines; NaN outside of the years."""
    step = time[1] - time[0]
    place = np.round((when - time[0]) / step, 9)
    inside = (place >= 0) & (place <= len(time) - 1)
    left = np.clip(np.nan_to_num(np.floor(place)), 0, len(time) - 2).astype(int)
    weight = place - left
    rows = np.arange(len(values))[:, None]
    found = (1 - weight) * values[rows, left] + weight * values[rows, left + 1]
    return np.where(inside, found, np.nan)


def _variable(own: Tracks, name: str, when: np.ndarray, reference: np.ndarray,
              rise: float) -> np.ndarray:
    """A variable at times (path, phase time) in years since the start."""
    series = own.series
    if name in ("capex", "price"):
        values = np.log(series[name])
        at_zero = _at(values, own.time, reference[:, None])
        return _at(values, own.time, when) - at_zero + (np.log(rise) if name == "capex" else 0)
    if name == "coverage":
        return _at(np.log(series["coverage"]), own.time, when)
    if name == "utilisation":
        return _at(series["utilisation"], own.time, when)
    if name == "capex_gdp":
        return _at(np.log(series["capex"] / own.episode.gdp(own.time)), own.time, when)
    pressure = -np.log(series["utilisation"]) - own.elasticity[:, None] * np.log(series["price"])
    return (_at(pressure, own.time, when) - _at(pressure, own.time, when - MEMORY)) / MEMORY


def phases(own: Tracks, alignment: str, times: np.ndarray,
           variables: Sequence[str] = VARIABLES) -> Phases:
    """The paths on phase time (yr), as far as they have the event and all of the times.

    The price is relative to that at the later of alignment and the window's first time. Where phase
    time is zero before the start, capital expenditure is relative to its value there by what the
    facts say of the rise up to the start. Cells of `excess` that no path has, those of the first
    year after the start, are left out; paths that lack any other cell are left out whole.
    ResultError when fewer than 50 paths remain.
    """
    event = zero(own, alignment)
    has = np.isfinite(event)
    when = event[:, None] + times
    # An event before the start: relative to the start's value, and facts tell the rise until then.
    before = bool(has.any()) and bool((event[has] < 0).all())
    reference = np.zeros(len(event)) if before else event
    late = event + max(times[0], 0.0)
    rise = own.episode.rise if before else 1.0
    columns, cells = [], []
    for name in variables:
        values = _variable(own, name, when, late if name == "price" else reference, rise)
        exists = np.isfinite(values).any(axis=0) | (name != "excess")
        columns.append(values[:, exists])
        cells += [(name, float(time)) for time in times[exists]]
    joined = np.concatenate(columns, axis=1)
    complete = np.isfinite(joined).all(axis=1)
    if complete.sum() < FEWEST_PATHS:
        raise ResultError(
            f"{own.result.file}: {has.sum()} of {len(has)} paths have the alignment "
            f"{alignment}, and {complete.sum()} of them all years from {times[0]:g} to "
            f"{times[-1]:g}; needed are {FEWEST_PATHS}: keep more paths or choose another --window")
    return Phases(own, own.path[complete], joined[complete], tuple(cells), float(has.mean()),
                  float(complete.sum() / has.sum()))


def common_cells(every: Sequence[Phases]) -> list[Phases]:
    """The same with the cells that all of them have."""
    shared = [cell for cell in every[0].cells
              if all(cell in each.cells for each in every[1:])]
    found = []
    for each in every:
        place = [each.cells.index(cell) for cell in shared]
        found.append(Phases(each.tracks, each.path, each.values[:, place], tuple(shared),
                            each.aligned, each.complete))
    return found
