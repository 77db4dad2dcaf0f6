"""Pictures of predictive checks and of distributions given data (matplotlib)."""

from __future__ import annotations

from typing import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from overbuild.plots.style import (BLUE, COLOURS, INK, INTERVAL, LINES, ORANGE, figure, origin,
                                   percent, plain_log, shade, styled)
from overbuild.predictive.check import Check
from overbuild.predictive.conditional import Paths


def _check_panel(axes: Axes, fresh: Check, given: Check | None, start: float) -> None:
    rows = sorted(fresh.rows, key=lambda row: row.time)
    time = np.array([row.time for row in rows]) + start
    bands = np.array([row.bands for row in rows])
    for low, high, strength, label in ((0, 4, 0.2, "fresh noise, 90%"), (1, 3, 0.45, "50%")):
        axes.fill_between(time, bands[:, low], bands[:, high], color=shade(BLUE, strength),
                          linewidth=0, label=label)
    axes.plot(time, bands[:, 2], color=BLUE, linewidth=1.4, label="median")
    if given:
        own = np.array([row.bands for row in sorted(given.rows, key=lambda row: row.time)])
        axes.plot(time, own[:, 2], color=ORANGE, linewidth=1.4, label="given the data, median")
        axes.plot(time, own[:, [0, 4]], color=ORANGE, linewidth=1, linestyle="--")
        axes.plot([], [], color=ORANGE, linewidth=1, linestyle="--", label="90%")
    value = np.array([row.value for row in rows])
    axes.vlines(time, [row.low for row in rows], [row.high for row in rows], color=INK,
                linewidth=0.9)
    axes.plot(time, value, "o", color=INK, markersize=3.5, linestyle="none",
              label="data ± their error")
    if fresh.observed.logarithm:
        plain_log(axes)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter("{x:.6g}")
    unused = "" if fresh.observed.used else ", not used"
    axes.set_title(f"{fresh.observed.data}\n({fresh.observed.scale} to {fresh.observed.series}"
                   f"{unused})", fontsize=8)


@styled
def checks(fresh: Sequence[Check], given: Sequence[Check], paths: Paths, start: float) -> Figure:
    """Each series of data before its predictive distribution; `start` is the calendar time (yr)
    of t = 0."""
    columns = min(2, len(fresh))
    rows = -(-len(fresh) // columns)
    fig, panels = figure(
        f"Data and what the model predicts of them · {paths.result.title}",
        "Bands: predictive distribution of each datum, its error included. Relative series are set "
        "to the data's mean of logarithms. " + origin(paths.result), rows, columns,
        (4.4 * columns, 2.5 * rows + 0.9), squeeze=False)
    flat = list(panels.flat)
    for axes in flat[len(fresh):]:
        axes.set_visible(False)
    for place, one in enumerate(fresh):
        _check_panel(flat[place], one, given[place] if given else None, start)
    flat[0].legend(fontsize=6)
    return fig


def _weighted_bands(one: Paths, values: np.ndarray) -> np.ndarray:
    """(level, time) quantiles 5, 50, 95% of (path, time)."""
    found = np.empty((3, values.shape[1]))
    for column in range(values.shape[1]):
        order = np.argsort(values[:, column], kind="stable")
        total = np.cumsum(one.weight[order])
        place = np.searchsorted(total, np.array([0.05, 0.5, 0.95]) * total[-1])
        found[:, column] = values[order, column][np.minimum(place, len(order) - 1)]
    return found


def _bust_curve(axes: Axes, one: Paths, time: np.ndarray, start: float, colour: str,
                line: object) -> None:
    bust = np.asarray(one.result.path_outcomes["bust_time"][:len(one.weight)], dtype=float)
    estimates = [one.share(bust <= t) for t in time]
    value = np.array([each.value for each in estimates])
    error = INTERVAL * np.array([each.se for each in estimates])
    axes.fill_between(time + start, value - error, value + error, color=colour, alpha=0.25,
                      linewidth=0)
    axes.plot(time + start, value, color=colour, linestyle=line, label=one.label)


def _cumulative(axes: Axes, one: Paths, name: str, colour: str, line: object) -> None:
    """The share of the paths with a bust whose outcome is at most a value."""
    outcomes = one.result.path_outcomes
    count = len(one.weight)
    bust = np.isfinite(np.asarray(outcomes["bust_time"][:count], dtype=float))
    value = np.asarray(outcomes[name][:count], dtype=float)
    some = bust & np.isfinite(value)
    order = np.argsort(value[some], kind="stable")
    total = np.cumsum(one.weight[some][order]) / one.weight[bust].sum()
    axes.plot(value[some][order], total, color=colour, linestyle=line, label=one.label)


@styled
def distributions(ensembles: Sequence[Paths], start: float) -> Figure:
    """Coverage by date, probability of a bust by date, its depth, and the time to recovery."""
    fig, ((coverage, bust), (depth, recovery)) = figure(
        "Coverage, date and depth of the bust, recovery",
        "Coverage: medians and 5-95%. Shaded on the right: 95% Monte Carlo intervals. Depth and "
        "recovery: shares of the paths with a bust within the horizon; some have not recovered by "
        "then. " + origin(*{one.result.file: one.result for one in ensembles}.values()), 2, 2, (8.8, 6.2))
    for one, colour, line in zip(ensembles, COLOURS, LINES):
        kept = one.result.kept_paths
        time = np.asarray(kept.time)
        bands = _weighted_bands(one, kept.coverage.isel(path=slice(0, len(one.weight))).values)
        coverage.plot(time + start, bands[1], color=colour, linestyle=line, linewidth=1.8,
                      label=one.label)
        coverage.plot(time + start, bands[[0, 2]].T, color=colour, linestyle=line, linewidth=0.8)
        _bust_curve(bust, one, time, start, colour, line)
        _cumulative(depth, one, "capex_fall", colour, line)
        _cumulative(recovery, one, "recovery_time", colour, line)
    coverage.axhline(1, color=INK, linewidth=0.8)
    plain_log(coverage)
    coverage.set_title("coverage, 1 (logarithmic)", fontsize=8.5)
    bust.set_title("a bust has begun, % of paths", fontsize=8.5)
    depth.set_title("fall of capex at most, % of paths with a bust", fontsize=8.5)
    depth.set_xlabel("largest fall of capex from its peak, %")
    recovery.set_title("recovered, % of paths with a bust", fontsize=8.5)
    recovery.set_xlabel("years from the bust")
    for axes in (bust, depth, recovery):
        percent(axes)
    percent(depth, "x")
    coverage.legend(fontsize=7)
    return fig
