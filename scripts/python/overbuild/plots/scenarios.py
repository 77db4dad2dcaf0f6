"""Several scenarios beside each other, and one answer against each assumption."""

from __future__ import annotations

from typing import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from overbuild.errors import ResultError
from overbuild.measure import Measure
from overbuild.plots.style import (COLOURS, INK, INTERVAL, LINES, ORANGE, SKY, describe, figure,
                                   kept_text, labels_of, no_interval_text, origin, percent,
                                   plain_log, styled, unit_label)
from overbuild.result import Batch, Result
from overbuild.sensitivity import tornado_table
from overbuild.tables import quantile


def scenarios_of(results: Batch | Sequence[Result]) -> list[Result]:
    """The results of a batch, or the results as they are."""
    if isinstance(results, Batch):
        return [results.scenario(name) for name in results.names]
    return list(results)


@styled
def compare(results: Batch | Sequence[Result]) -> Figure:
    """Up to six scenarios: median coverage (1), probability of a bust and of coverage above one
    (%).

    Time is in years from the start of each, since scenarios may start at different dates.
    """
    chosen = scenarios_of(results)
    if not 1 <= len(chosen) <= len(COLOURS):
        raise ResultError(f"{len(chosen)} scenarios do not fit one picture; choose up to "
                          f"{len(COLOURS)}")
    fig, (top, panels) = _panels(chosen)
    for result, label, colour, line in zip(chosen, labels_of(chosen), COLOURS, LINES):
        result.require("series", "coverage")
        time = np.asarray(result.series.time)
        low, median, high = (quantile(result.series, "coverage", p) for p in (0.25, 0.5, 0.75))
        panels[0].fill_between(time, low, high, color=colour, alpha=0.12, linewidth=0)
        panels[0].plot(time, median, color=colour, linestyle=line, linewidth=1.8,
                       label=label)
        for axes, event in zip(panels[1:], ("bust_begun", "covered")):
            p = np.asarray(result.events[event])
            error = INTERVAL * np.asarray(result.events[f"{event}_se"])
            axes.fill_between(time, p - error, p + error, color=colour, alpha=0.3, linewidth=0)
            axes.plot(time, p, color=colour, linestyle=line, linewidth=1.8)
    panels[0].axhline(1, color=INK, linewidth=0.8)
    plain_log(panels[0])
    titles = ("coverage, median (logarithmic)", "bust has begun, % of paths",
              "coverage is above one, % of paths")
    for axes, title in zip(panels, titles):
        axes.set_title(title, fontweight="normal", fontsize=9)
        axes.set_xlabel("years from the start")
        axes.margins(x=0.01)
    for axes in panels[1:]:
        percent(axes)
    top.legend(*panels[0].get_legend_handles_labels(), loc="center left", ncols=min(3, len(chosen)),
               handlelength=3)
    return fig


def _panels(chosen: list[Result]) -> tuple[Figure, tuple[Axes, list[Axes]]]:
    """Three panels below a strip for the legend."""
    fig = plt.figure(figsize=(10, 4.4))
    lines = -(-len(chosen) // 3)
    axes = fig.subplot_mosaic([["top"] * 3, ["a", "b", "c"]], height_ratios=[0.22 * lines, 3.4])
    describe(fig, "Scenarios compared", "Shaded: middle half of the paths (coverage), 95% Monte "
                                        "Carlo intervals "
             "(probabilities). " + origin(*chosen), 10)
    axes["top"].axis("off")
    return fig, (axes["top"], [axes[name] for name in "abc"])


def _value_text(value: float) -> str:
    return f"{value:.3g}"


@styled
def tornado(result: Result | Batch, measure: Measure = Measure(), share: float = 0.2,
            count: int = 12) -> Figure:
    """A statistic at a low and a high value of each of the `count` assumptions that move it most.

    Of a batch with one key varied at a time, or of a run with kept outcomes (see `tornado_table`).
    """
    table = tornado_table(result, measure, share)
    shown = table.head(count)
    first = result.scenario(result.names[0]) if isinstance(result, Batch) else result
    scale = 100 if measure.is_share else 1
    how = ("Each assumption alone at its low and its high value, with common random numbers."
           if isinstance(result, Batch) else f"Paths that drew the lowest and the highest "
                                             f"{share:.0%} of each "
           "prior; correlated priors move together."
           + (kept_text(result, " Paths", table.attrs["paths"]).rstrip() + " "
              + no_interval_text(result, "the statistic", table["low_se"])).rstrip())
    if len(shown) < len(table):
        how = f"The {len(shown)} strongest of {len(table)} assumptions. {how}"
    if shown[["low_se", "high_se"]].notna().to_numpy().any():
        how = f"{how} Whiskers: 95% Monte Carlo intervals."
    fig, axes = figure(f"What moves the answer · {result.title}",
                       f"{how} {origin(result)}",
                       size=(7.5, 1.6 + 0.34 * len(shown)))
    _draw_bars(axes, shown, table.attrs["base"], scale)
    axes.set_xlabel(measure.label(first))
    return fig


def _draw_bars(axes: Axes, table: pd.DataFrame, base: float, scale: float) -> None:
    rows = np.arange(len(table))
    widest = np.maximum((table[["low", "high"]] - base).abs().max(axis=1), 1e-300) * scale
    for side, colour in (("low", SKY), ("high", ORANGE)):
        value = scale * table[side].to_numpy()
        error = scale * INTERVAL * table[f"{side}_se"].to_numpy()
        bars = axes.barh(rows, value - scale * base, left=scale * base, color=colour, height=0.7,
                         label=f"{side} value of the assumption")
        for row, bar in enumerate(bars):  # of two on one side the shorter is in front
            bar.set_zorder(1.2 - 0.1 * (abs(bar.get_width()) / widest[row]))
        known = np.isfinite(error)
        axes.errorbar(value[known], rows[known], xerr=error[known], fmt="none", ecolor=INK,
                      elinewidth=0.8, capsize=2)
        error = np.nan_to_num(error)  # without whiskers the numbers stand at the bars
        other = scale * table["high" if side == "low" else "low"].to_numpy()
        for row, (end, wide, number) in enumerate(zip(value, error, table[f"{side}_value"])):
            # The two stand on different sides even where both ends lie on one side of the base.
            left = end < other[row] or (end == other[row] and side == "low")
            outside = min(end - wide, scale * base) if left else max(end + wide, scale * base)
            axes.annotate(_value_text(number), (outside, row),
                          xytext=(-3 if left else 3, 0), textcoords="offset points", va="center",
                          ha="right" if left else "left", fontsize=7)
    axes.axvline(scale * base, color=INK, linewidth=0.9)
    axes.annotate(f"base {scale * base:.3g}", (scale * base, 0), xycoords=("data", "axes fraction"),
                  xytext=(3, 3), textcoords="offset points", fontsize=8)
    axes.set_ylim(-0.6, len(table) + 0.1)  # a free strip for the base
    axes.set_yticks(rows, [unit_label(name, unit) for name,
                           unit in zip(table["parameter"], table["unit"])])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.12)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0.3)
