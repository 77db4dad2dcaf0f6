"""Series over time: fans of quantiles, kept paths, and all kept paths at once."""

from __future__ import annotations

import textwrap

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from overbuild.errors import ResultError
from overbuild.kept import density as kept_density
from overbuild.plots.style import (BLUE, GREY, INK, INTERVAL, RED, figure, grouped, legend_above,
                                   origin, plain_log, shade, styled, unit_label, years)
from overbuild.result import Result
from overbuild.tables import level_index, quantile

BANDS = ((0.05, 0.95, 0.20), (0.25, 0.75, 0.45))


def draw_fan(axes: Axes, result: Result, series: str, colour: str = BLUE, label: str = "",
             start: float | None = None, bands: tuple[tuple[float, float, float], ...] = BANDS,
             line: str = "-") -> None:
    """A fan of quantiles with the median and its 95% Monte Carlo interval."""
    data, (time, _) = result.series, years(result, start)
    prefix = f"{label}, " if label else ""
    for low, high, alpha in bands:
        # Behind others a fan is opaque, so that the legend has its colours; before them it is not.
        paint = {"color": colour, "alpha": alpha} if len(bands) == 1 else {"color": shade(colour,
                                                                                          alpha)}
        axes.fill_between(time, quantile(data, series, low), quantile(data, series, high),
                          linewidth=0,
                          label=f"{prefix}{100 * low:.0f}-{100 * high:.0f}%", **paint)
    median = quantile(data, series, 0.5)
    error = median_error(result, series)
    axes.fill_between(time, median - error, median + error, color=colour, alpha=0.5, linewidth=0)
    axes.plot(time, median, color=colour, linewidth=1.6, linestyle=line, label=f"{prefix}median")


def median_error(result: Result, series: str) -> np.ndarray:
    """Half of the 95% Monte Carlo interval of the median by time, in the unit of the series."""
    data = result.series
    return INTERVAL * np.asarray(data[f"{series}_quantile_se"].isel(probability=level_index(data,
                                                                                            0.5)))


def note(result: Result, *series: str) -> str:
    """What the bands are, and how uncertain the medians."""
    positive = all(is_positive(result, name) for name in series)
    worst = 0.0
    for name in series:
        error = median_error(result, name)
        if positive:  # in percent; else the median may be zero, and it is in the unit
            error = 100 * error / quantile(result.series, name, 0.5)
        worst = max([worst, *error[np.isfinite(error)]])
    unit = "%" if positive else unit_label("", result.series[f"{series[0]}_mean"].attrs["units"])
    return ("Bands hold the middle 50% and 90% of the paths. Medians have a 95% Monte Carlo "
            f"interval of at most ±{float(f'{worst:.2g}'):,g}{unit.replace(',', '')} (shaded). ")


def value_label(result: Result, series: str, logarithmic: bool) -> str:
    """What a series is, with its unit, in lines that fit the height of a picture."""
    attrs = result.series[f"{series}_mean"].attrs
    text = unit_label(str(attrs.get("meaning", series)), attrs["units"])
    return textwrap.fill(text + (" (logarithmic)" if logarithmic else ""), 46)


def is_positive(result: Result, series: str, lowest: float = 0.05) -> bool:
    """Whether all that a picture shows of a series, from a quantile on, is positive, so that it may
    have a logarithmic axis."""
    return bool((quantile(result.series, series, lowest) > 0).all())


@styled
def revenue(result: Result, start: float | None = None) -> Figure:
    """Fan chart of revenue against the revenue that is required, both in bn/yr.

    `start` is the calendar year of t = 0, for dates on the axis.
    """
    result.require("series", "revenue", "required_revenue")
    fig, axes = figure(f"Revenue and what is required · {result.label}",
                       note(result, "revenue", "required_revenue") + origin(result))
    draw_fan(axes, result, "revenue", BLUE, "revenue", start)
    draw_fan(axes, result, "required_revenue", RED, "required", start, BANDS[1:], "--")
    plain_log(axes)
    axes.set_ylabel("bn USD a year (logarithmic)")
    axes.set_xlabel(years(result, start)[1])
    axes.margins(x=0.01)
    legend_above(axes)
    return fig


@styled
def coverage(result: Result, start: float | None = None) -> Figure:
    """Fan chart of coverage, revenue over required revenue (1); above one capital is recovered."""
    fig = fan(result, "coverage", start)
    axes = fig.axes[0]
    axes.axhline(1, color=INK, linewidth=0.9)
    # At the end where the median is farther away from it, and on the side where the median is not.
    log = np.log(np.maximum(quantile(result.series, "coverage", 0.5), 1e-300))
    width = max(1, round(0.35 * len(log)))
    right = np.abs(log[-width:]).min() > np.abs(log[:width]).min()
    below = (log[-1] if right else log[0]) > 0
    axes.annotate("revenue = required revenue", (1 if right else 0, 1),
                  xycoords=("axes fraction", "data"),
                  xytext=(-4 if right else 4, -3 if below else 3), textcoords="offset points",
                  ha="right" if right else "left", va="top" if below else "bottom", fontsize=8,
                  path_effects=[withStroke(linewidth=2.5, foreground="white", alpha=0.7)])
    return fig


@styled
def fan(result: Result, series: str, start: float | None = None) -> Figure:
    """Fan chart of any series, in its unit; the axis is logarithmic where the series is
    positive."""
    result.require("series", series)
    fig, axes = figure(f"{series.replace('_', ' ').capitalize()} · {result.label}",
                       note(result, series) + origin(result))
    draw_fan(axes, result, series, BLUE, "", start)
    logarithmic = is_positive(result, series)
    if logarithmic:
        plain_log(axes)
    else:
        grouped(axes)
        axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylabel(value_label(result, series, logarithmic))
    axes.set_xlabel(years(result, start)[1])
    axes.margins(x=0.01)
    legend_above(axes)
    return fig


@styled
def paths(result: Result, series: str = "coverage", count: int = 40,
          start: float | None = None) -> Figure:
    """The first `count` kept paths of a series before its 90% band; reads no others."""
    kept = result.kept_paths
    if series not in kept:
        raise ResultError(f"{result.file}: no kept series {series}; there are "
                          f"{', '.join(map(str, kept))}")
    values = kept[series].isel(path=slice(0, count)).values
    fig, axes = figure(f"{series.replace('_', ' ').capitalize()}: {len(values)} paths · "
                       f"{result.label}",
                       f"The first {len(values)} kept paths. " + origin(result))
    time, label = years(result, start)
    low, high = (quantile(result.series, series, level) for level in (0.05, 0.95))
    axes.fill_between(time, low, high, color=BLUE, alpha=0.15, linewidth=0,
                      label="5-95% of all paths")
    axes.plot(time, values.T, color=GREY, linewidth=0.6, alpha=0.7)
    axes.plot([], [], color=GREY, linewidth=0.8, label="single paths")
    axes.plot(time, quantile(result.series, series, 0.5), color=BLUE, linewidth=2,
              label="median of all")
    logarithmic = bool((values > 0).all()) and is_positive(result, series)
    if logarithmic:
        plain_log(axes)
    else:
        grouped(axes)
    axes.set_ylabel(value_label(result, series, logarithmic))
    axes.set_xlabel(label)
    axes.margins(x=0.01)
    legend_above(axes)
    return fig


@styled
def density(result: Result, series: str = "coverage", start: float | None = None) -> Figure:
    """Every kept path of a series at once: the share of paths by time and value.

    The file is read a block of paths at a time, so that memory does not grow with their number.
    """
    result.require("series", series)
    logarithmic = is_positive(result, series, 0.01)
    kept = result.kept_paths.sizes["path"]
    bins = int(np.clip(np.sqrt(kept), 20, 160))  # fewer where paths are few, to be no mere noise
    shares = kept_density(result, series, bins, logarithmic)
    fig, axes = figure(
        f"{series.replace('_', ' ').capitalize()}: all {shares.paths:,} kept paths · "
        f"{result.label}",
        f"Share of the paths in each of {bins} bins between the smallest 1% and the largest 99% "
        f"quantile; at "
        f"most {100 * shares.outside:.1f}% of the paths lie beyond. " + origin(result))
    time, label = years(result, start)
    half = np.diff(time, prepend=time[0] - (time[1] - time[0])) / 2
    columns = np.append(time - half, time[-1] + half[-1])
    mesh = axes.pcolormesh(columns, shares.edges, 100 * shares.share.T,
                           norm=mpl.colors.PowerNorm(0.5, vmin=0,
                                                     vmax=100 * np.quantile(shares.share, 0.995)),
                           cmap="Blues", rasterized=True)
    axes.plot(time, quantile(result.series, series, 0.5), color="white", linewidth=3)
    axes.plot(time, quantile(result.series, series, 0.5), color=RED, linewidth=1.5,
              label=f"median of {'all' if shares.paths == result.size else f'{result.size:,}'} "
                    "paths")
    if logarithmic:
        plain_log(axes)
    else:
        grouped(axes)
    axes.grid(False)
    fig.colorbar(mesh, ax=axes, label="share of paths in a bin, %", extend="max")
    axes.set_ylabel(value_label(result, series, logarithmic))
    axes.set_xlabel(label)
    legend_above(axes)
    return fig
