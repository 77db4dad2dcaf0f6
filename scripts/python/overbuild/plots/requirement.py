"""What required revenue is made of."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from overbuild.plots.style import (BLUE, GREY, INTERVAL, ORANGE, RED, estimate_text, figure,
                                   no_interval_text, origin, styled)
from overbuild.required import required_parts
from overbuild.result import Result


@styled
def waterfall(result: Result, time: float = 0.0) -> Figure:
    """Mean parts of required revenue (bn/yr) at a time (yr), and the revenue there is."""
    table = required_parts(result, time)
    parts = table.iloc[:-1]
    ends = np.cumsum(parts["mean"].to_numpy())
    starts = ends - parts["mean"].to_numpy()
    needed, revenue = float(table["mean"].iloc[-1]), table.attrs["revenue"]
    names = [*parts.index, "required revenue", "revenue",
             "missing" if revenue < needed else "surplus"]
    lefts = [*starts, 0.0, 0.0, min(revenue, needed)]
    widths = [*parts["mean"], needed, revenue, abs(needed - revenue)]
    errors = [*parts["se"], table["se"].iloc[-1], table.attrs["revenue_se"], table.attrs["gap_se"]]
    colours = [ORANGE] * (len(parts) - 1) + [GREY, RED, BLUE, "none"]
    fig, axes = figure(
        f"What required revenue is made of, year {time:g} · {result.label}",
        f"Means over {table.attrs['paths']:,} paths; ±: 95% Monte Carlo interval where something "
        f"is drawn. "
        + no_interval_text(result, "the parts", table["se"].iloc[-1]) + origin(result),
        size=(7.5, 4.4))
    rows = np.arange(len(names))
    axes.barh(rows, widths, left=lefts, color=colours, height=0.68,
              edgecolor=[*["none"] * (len(names) - 1), RED], linestyle="--")
    for row, (left, width, error) in enumerate(zip(lefts, widths, errors)):
        text = estimate_text(width, INTERVAL * error)
        axes.annotate(text, (left + width, row), xytext=(4, 0), textcoords="offset points",
                      va="center",
                      fontsize=8)
    for row, end in enumerate(ends):
        axes.plot([end, end], [row + 0.34, row + 0.66], color=GREY, linewidth=0.7)
    axes.set_yticks(rows, names)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlim(0, 1.2 * max(needed, revenue))
    axes.set_xlabel("bn USD a year")
    return fig
