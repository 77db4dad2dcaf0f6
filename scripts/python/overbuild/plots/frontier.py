"""Reverse stress tests: a statistic over a parameter, and the line on which it is the target."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from overbuild.errors import ResultError
from overbuild.plots.style import (BLUE, INK, INTERVAL, RED, figure, plain_log, shade, styled,
                                   unit_label)
from overbuild.reverse_stress import ReverseStress

MARGIN = 3  # values of the scan shown beyond the roots


def _question(stress: ReverseStress) -> str:
    return f"{stress.attrs['statistic']} = {stress.target:g}"


def _note(stress: ReverseStress) -> str:
    shard, shards = stress.attrs["shard"], stress.attrs["shards"]
    part = f" (SHARD {shard} of {shards})" if shards > 1 else ""
    return (f"{stress.attrs['scenario']}{part}: {stress.attrs['paths']:,} paths for each value, "
            f"the same for all, seed {stress.attrs['seed']}.")


def _shown(stress: ReverseStress, roots: pd.DataFrame) -> tuple[float, float]:
    """The part of the scan that is around the roots; all of it where there are none."""
    grid = np.asarray(stress.scan.x)
    if roots.empty:
        return grid[0], grid[-1]
    first = np.searchsorted(grid, roots["lower"].min(), side="right") - MARGIN
    last = np.searchsorted(grid, roots["upper"].max()) + MARGIN - 1
    return grid[max(first, 0)], grid[min(last, len(grid) - 1)]


def _is_wide(low: float, high: float) -> bool:
    return low > 0 and high / low > 20


@styled
def root(stress: ReverseStress) -> Figure:
    """A search: the statistic (its own unit) over the parameter, with its 95% band, the target and
    the roots with their 95% intervals."""
    if stress.against:
        raise ResultError(f"{stress.file}: holds a frontier, which plots.frontier shows")
    roots = stress.roots()
    low, high = _shown(stress, roots)
    tried = stress.evaluations()
    tried = tried[(tried.x >= low) & (tried.x <= high)]
    fig, axes = figure(f"{_question(stress)}: by {stress.parameter}",
                       "Band: 95% interval of the statistic; dashed: the target; dotted and "
                       f"shaded: root and its 95% interval. {_note(stress)}")
    error = INTERVAL * tried.standard_error
    axes.fill_between(tried.x, tried.statistic - error, tried.statistic + error,
                      color=shade(BLUE, 0.3), linewidth=0)
    axes.plot(tried.x, tried.statistic, color=BLUE, linewidth=1.6)
    axes.axhline(stress.target, color=INK, linewidth=0.9, linestyle="--")
    for each in roots.itertuples():
        axes.axvspan(each.lower, each.upper, color=RED, alpha=0.25, linewidth=0)
        axes.axvline(each.x, color=RED, linewidth=1.2, linestyle=":")
    _label(axes, stress, x=(low, high))
    axes.set_ylabel(unit_label(str(stress.attrs["statistic"]), str(stress.attrs["statistic_unit"])))
    return fig


def _label(axes: Axes, stress: ReverseStress, x: tuple[float, float]) -> None:
    axes.set_xlim(*x)
    if _is_wide(*x):
        plain_log(axes, "x")
    axes.set_xlabel(unit_label(stress.parameter, str(stress.attrs["parameter_unit"])))


@styled
def frontier(stress: ReverseStress) -> Figure:
    """A frontier: contours of the statistic over the two parameters, and the line of the roots with
    its 95% band. Values with none or several roots are shown as points."""
    if not stress.against:
        raise ResultError(f"{stress.file}: holds one search; a frontier needs `overbuild solve "
                          "--against`, and plots.root shows what is here")
    roots = stress.roots()
    low, high = _shown(stress, roots)
    scan = stress.scan.sel(x=slice(low, high))
    fig, axes = figure(f"{_question(stress)}: {stress.parameter} for each {stress.against}",
                       f"Contours: {stress.attrs['statistic']} at the values of the scan; line: "
                       f"root; band: its 95% interval. {_note(stress)}")
    statistic = np.asarray(scan.statistic).T
    if min(statistic.shape) > 1 and np.isfinite(statistic).any():
        drawn = axes.contourf(scan.against, scan.x, statistic, levels=12, cmap="cividis",
                              alpha=0.85)
        lines = axes.contour(scan.against, scan.x, statistic, levels=drawn.levels, colors="white",
                             linewidths=0.5)
        axes.clabel(lines, fontsize=7)
    _draw_roots(axes, roots)
    axes.set_ylim(low, high)
    if _is_wide(low, high):
        plain_log(axes)
    axes.set_xlabel(unit_label(stress.against, str(stress.attrs["against_unit"])))
    axes.set_ylabel(unit_label(stress.parameter, str(stress.attrs["parameter_unit"])))
    axes.grid(visible=False)
    return fig


def _draw_roots(axes: Axes, roots: pd.DataFrame) -> None:
    if roots["against"].is_unique:
        axes.fill_between(roots.against, roots.lower, roots.upper, color=RED, alpha=0.45,
                          linewidth=0)
        axes.plot(roots.against, roots.x, color=RED, linewidth=2, marker="o", markersize=3)
    else:
        axes.errorbar(roots.against, roots.x, yerr=[roots.x - roots.lower, roots.upper - roots.x],
                      fmt="o", color=RED, markersize=3, capsize=2)
