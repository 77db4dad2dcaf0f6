"""When a bust comes, and how deep it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from overbuild.errors import ResultError
from overbuild.replicates import by_replicate, is_dependent, spread, standard_error

if TYPE_CHECKING:
    from overbuild.result import Result


def hazard(result: Result, event: str = "bust_begun") -> pd.DataFrame:
    """Probability that an event that lasts has come, and its hazard, by step.

    Index `time` (yr, end of the step). Columns: `probability` (1) that it has come by then and
    `se`; `in_step` (1), the probability that it comes in the step, and `in_step_se`; `hazard`
    (1/yr) in the step among the paths without it, -ln(1 - q)/dt with q the share of them on which
    it comes, and `hazard_se` by the delta method, sqrt(q/((1 - q) n))/dt with n such paths. The
    hazard is NaN in a step that no path enters without the event.

    With a sampler other than philox the errors of `in_step` and `hazard` are the spread over the
    run's replicates, and NaN where the outcomes of all paths are not kept; but in steps that all
    paths enter without the event, where the file has them.
    """
    result.require("events", event)
    data = result.events
    time, p, se = (np.asarray(data[name]) for name in ("time", event, f"{event}_se"))
    if (np.diff(p) < 0).any():
        raise ResultError(f"{result.file}: {event} is no event that lasts: its probability falls")
    in_step, rate = _steps(p, time)
    without, dt = 1 - p[:-1], np.diff(time)
    replicates: list[np.ndarray] = []
    if is_dependent(result):
        in_step_se, rate_se, replicates = _dependent_errors(result, time, p, se)
    else:
        in_step_se = np.sqrt(in_step * (1 - in_step) / result.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            q = in_step / without
            rate_se = np.sqrt(q / ((1 - q) * without * result.size)) / dt
    table = pd.DataFrame({
        "probability": p[1:], "se": se[1:], "in_step": in_step, "in_step_se": in_step_se,
        "hazard": rate, "hazard_se": np.where(np.isfinite(rate), rate_se, np.nan)},
        index=pd.Index(time[1:], name="time"))
    if replicates:  # lists, which pandas can compare
        table.attrs["replicate_hazards"] = [list(map(float, each)) for each in replicates]
    return table


def _steps(p: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share (1) of the paths on which the event comes in each step, and its hazard (1/yr)."""
    in_step, without = np.diff(p), 1 - p[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(without > 0, in_step / without, np.nan)
        rate = -np.log1p(-q) / np.diff(time)
    return in_step, np.where(np.isfinite(rate), rate, np.nan)


def _dependent_errors(result: Result, time: np.ndarray, p: np.ndarray, se: np.ndarray) \
        -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Errors of `in_step` and `hazard` of paths that depend on one another, and each replicate's
    hazards where all paths are kept."""
    begun = _begun(result, time, p)
    found = by_replicate(result, len(begun), lambda part: _steps(begun[part].mean(axis=0), time))
    in_step_se, rate_se = spread(found) if found else np.full((2, len(time) - 1), np.nan)
    first = p[:-1] == 0  # then in_step is the probability itself, of which the file has the error
    with np.errstate(divide="ignore", invalid="ignore"):
        stored = se[1:] / (1 - p[1:]) / np.diff(time)
    return (np.where(first, se[1:], in_step_se), np.where(first & ~np.isfinite(rate_se), stored,
                                                          rate_se), [each[1] for each in found])


def _begun(result: Result, time: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Whether the event has come, by path and time, where all paths keep the outcome that times it:
    that which gives the event's probability at every time. Of no path where none does."""
    if "path_outcomes" not in result.groups or result.path_outcomes.sizes["path"] != result.size:
        return np.empty((0, len(time)), dtype=bool)
    for variable in result.path_outcomes.data_vars.values():
        if variable.attrs.get("units") == "yr":
            begun = np.asarray(variable)[:, None] <= time + 1e-9
            if np.allclose(begun.mean(axis=0), p, rtol=0, atol=0.5 / result.size):
                return begun
    return np.empty((0, len(time)), dtype=bool)


def years_of(table: pd.DataFrame) -> pd.DataFrame:
    """The same by year: rows of `hazard` at whole years, `in_year` and `hazard` over the year.

    Where steps do not divide a year, a row is of the `years` since the last whole year that is a
    step; `whole_years` tells. The hazard of a year is the mean of those of its steps, which is
    -ln(1 - q)/1 of the year.
    """
    from overbuild.tables import at_multiples
    rows = at_multiples(np.asarray(table.index), 1.0)
    ends = table.iloc[rows]
    before = np.concatenate([[0.0], np.asarray(ends["probability"])[:-1]])
    length = np.diff(np.concatenate([[0.0], np.asarray(ends.index)]))
    starts = np.concatenate([[0], rows[:-1] + 1])
    pairs = list(zip(starts, rows))
    rate = [table["hazard"].iloc[a:b + 1].mean(skipna=False) for a, b in pairs]
    # Steps of one path are exclusive, so that hazards of different steps are uncorrelated.
    rate_se = [np.sqrt((table["hazard_se"].iloc[a:b + 1] ** 2).sum(skipna=False)) / (b + 1 - a)
               for a, b in pairs]
    if "replicate_hazards" in table.attrs:  # of paths that depend on one another they are not
        steps = np.asarray(table.attrs["replicate_hazards"])
        rate_se = [float(spread(steps[:, a:b + 1].mean(axis=1))) for a, b in pairs]
    return pd.DataFrame({"probability": ends["probability"], "se": ends["se"], "before": before,
                         "in_year": ends["probability"] - before, "years": length,
                         "hazard": rate, "hazard_se": rate_se}, index=ends.index)


def whole_years(table: pd.DataFrame) -> bool:
    """Whether the steps of `hazard` make up years, so that each row of `years_of` is of one."""
    lengths = np.asarray(years_of(table)["years"])
    return bool(len(lengths) and np.allclose(lengths, 1))


def depth(result: Result, outcome: str = "capex_fall", bins: int = 25) -> pd.DataFrame:
    """Distribution of an outcome that measures the depth of a bust, in equal bins.

    Columns: `lower`, `upper` (unit of the outcome), and shares of the paths (1) with standard
    errors: `all`, `all_se`; and, when the outcomes of paths are kept, `bust`, `bust_se`: those of
    the paths on which a bust comes. Shares of the kept paths if these are kept, otherwise from the
    histogram of all paths, whose fine bins are divided in proportion. With a sampler other than
    philox the errors are the spread over the run's replicates, NaN unless all paths are kept.
    """
    result.require("outcomes", outcome)
    values = {}
    if "path_outcomes" in result.groups:
        data = result.path_outcomes
        every = np.asarray(data[outcome])
        bust = np.isfinite(np.asarray(data["bust_time"]))
        edges = _edges(every[np.isfinite(every)], bins)
        values = {"all": every, "bust": np.where(bust, every, np.nan)}
        counts = {name: _count(own, edges) for name, own in values.items()}
        size = len(every)
    else:
        counts, edges, size = _from_histogram(result, outcome, bins)
    table = pd.DataFrame({"lower": edges[:-1], "upper": edges[1:]})
    for name, count in counts.items():
        share = count / size
        own = values.get(name, np.empty(0))  # empty: of the histogram alone
        table[name], table[f"{name}_se"] = share, standard_error(
            result, len(own), lambda part: _count(own[part], edges) / len(own[part]),
            np.sqrt(share * (1 - share) / size))
    table.attrs["size"] = size
    return table


def _count(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.histogram(values[np.isfinite(values)], edges)[0]


def _edges(values: np.ndarray, bins: int) -> np.ndarray:
    low, high = (0.0, 1.0) if values.size == 0 else (values.min(), values.max())
    if 0 <= low and high <= 1:  # a share
        low, high = 0.0, 1.0
    return np.linspace(low, high if high > low else low + 1, bins + 1)


def _from_histogram(result: Result, outcome: str, bins: int) -> tuple[dict[str, np.ndarray],
                                                                      np.ndarray, int]:
    data = result.histograms
    lower = np.asarray(data[f"{outcome}_bin_lower"])
    upper = np.asarray(data[f"{outcome}_bin_upper"])
    count = np.asarray(data[f"{outcome}_count"], dtype=float)
    lower, upper, count = lower[count > 0], upper[count > 0], count[count > 0]
    smallest = float(result.outcome_statistics[f"{outcome}_min"])
    largest = float(result.outcome_statistics[f"{outcome}_max"])
    edges = _edges(np.array([smallest, largest]), bins)
    lower, upper = np.clip(lower, edges[0], edges[-1]), np.clip(upper, edges[0], edges[-1])
    width = np.where(upper > lower, upper - lower, 1.0)
    inside = np.clip(np.minimum(upper, edges[1:, None]) - np.maximum(lower, edges[:-1, None]), 0,
                     None)
    shares = inside / width
    flat = upper <= lower  # the bin of zero has no width
    position = np.clip(np.searchsorted(edges, lower, side="right") - 1, 0, bins - 1)
    shares[:, flat] = (position[flat] == np.arange(bins)[:, None])
    return {"all": shares @ count}, edges, result.size
