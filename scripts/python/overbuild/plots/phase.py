"""Capital expenditure against coverage: the way through the boom, beside another run."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from overbuild.errors import ResultError
from overbuild.plots.style import (COLOURS, GREY, INK, darker, figure, labels_of, origin,
                                   plain_log, styled)
from overbuild.result import Result
from overbuild.tables import at_multiples, quantile


def _draw(axes: Axes, result: Result, label: str, colour: str, count: int) -> None:
    data = result.series
    capex, coverage = (quantile(data, name, 0.5) for name in ("capex", "coverage"))
    start = capex[0]
    if "paths" in result.groups and {"capex", "coverage"} <= set(result.kept_paths):
        kept = result.kept_paths[["capex", "coverage"]].isel(path=slice(0, count))
        axes.plot(kept.capex.values.T / start, kept.coverage.values.T, color=GREY, linewidth=0.5,
                  alpha=0.35)
    axes.plot(capex / start, coverage, color="white", linewidth=4)
    axes.plot(capex / start, coverage, color=colour, linewidth=2)
    rows = at_multiples(np.asarray(data.time), 1.0)
    axes.plot(capex[rows] / start, coverage[rows], "o", color=colour, markersize=4,
              markeredgecolor="white")
    shown = rows[[0, *range(2, len(rows) - 1, 2), len(rows) - 1]] if len(rows) > 3 else rows
    along = np.gradient(np.log([capex, coverage]), axis=1)
    for row in dict.fromkeys(shown):
        # Beside the line, at a right angle to it.
        offset = 10 * np.array([along[1, row], -along[0, row]]) / max(np.hypot(*along[:, row]),
                                                                      1e-12)
        axes.annotate(f"{float(data.time[row]):g}", (capex[row] / start, coverage[row]),
                      xytext=offset,
                      textcoords="offset points", ha="center", va="center", fontsize=8,
                      color=darker(colour),
                      fontweight="bold",
                      path_effects=[withStroke(linewidth=2.5, foreground="white")])
    axes.axhline(1, color=INK, linewidth=0.8)
    axes.axvline(1, color=INK, linewidth=0.8, linestyle=":")
    axes.set_title(label, fontsize=9)
    axes.set_xlabel("capital expenditure, its start = 1 (logarithmic)")


@styled
def phase(result: Result, other: Result, count: int = 25) -> Figure:
    """Coverage (1) against capital expenditure (its start = 1) of a run beside another, e.g. fiber
    in 1996. The line joins medians at the same time, with the years beside it; thin lines are kept
    paths.
    """
    for each in (result, other):
        each.require("series", "capex", "coverage")
    if result.attrs["model"] != other.attrs["model"]:
        raise ResultError(f"{other.file}: is of the model {other.attrs['model']}, not "
                          f"{result.attrs['model']}")
    fig, panels = figure(
        "The way through the boom",
        "Bold: medians of both at the same time, years beside them; a median is no path. Thin: "
        "single kept "
        "paths. " + origin(result, other), 1, 2, (9, 4.4), sharex=True, sharey=True)
    for axes, each, label, colour in zip(panels, (result, other), labels_of((result, other)),
                                         COLOURS):
        _draw(axes, each, label, colour, count)
    plain_log(panels[0], "x")
    plain_log(panels[0])
    panels[0].set_ylabel("revenue over required revenue (logarithmic)")
    return fig
