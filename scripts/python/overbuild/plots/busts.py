"""When a bust comes, and how deep it is."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from overbuild import bust
from overbuild.plots.style import (BLUE, GREY, INTERVAL, RED, SKY, darker, estimate_text, figure,
                                   kept_text, legend_above, no_interval_text, origin, percent,
                                   styled, unit_label, years)
from overbuild.result import Result


@styled
def bust_by_date(result: Result, start: float | None = None) -> Figure:
    """Probability that a bust has begun by each date (1), and its hazard among what is left
    (1/yr)."""
    table = bust.hazard(result)
    fig, (above, below) = figure(
        f"Probability of a bust by date and its hazard · {result.label}",
        "Shaded: 95% Monte Carlo intervals. Hazard: rate at which a bust comes on paths that have "
        "had none. " + no_interval_text(result, "the hazard", table["hazard_se"].iloc[1:])
        + origin(result), 2, 1, (7, 5), sharex=True, height_ratios=[3, 2])
    time, label = years(result, start)
    p = np.concatenate([[0.0], table["probability"]])
    error = INTERVAL * np.concatenate([[0.0], table["se"]])
    above.fill_between(time, p - error, p + error, color=RED, alpha=0.3, linewidth=0)
    above.plot(time, p, color=RED, linewidth=1.8)
    above.annotate(f"{estimate_text(100 * p[-1], 100 * error[-1])}%", (time[-1], p[-1]),
                   xytext=(0, 6), textcoords="offset points", ha="right", fontsize=9,
                   color=darker(RED))
    percent(above)
    above.set_ylim(0, 1.15 * max(float(p.max()), 1e-9))
    above.set_ylabel("bust has begun,\n% of paths")
    rate, rate_error = table["hazard"].to_numpy(), INTERVAL * table["hazard_se"].to_numpy()
    # A hazard holds over its step, from the date before to the date.
    below.stairs(rate, time, color=BLUE, linewidth=1.6, baseline=None)
    below.fill_between(time, _to_end(rate - rate_error), _to_end(rate + rate_error),
                       step="post", color=BLUE, alpha=0.25, linewidth=0)
    highest = np.nan_to_num(rate + np.nan_to_num(rate_error)).max()
    below.set_ylim(0, 1.1 * max(float(highest), 1e-9))
    below.set_ylabel("hazard of a bust,\n1/yr")
    below.set_xlabel(label)
    for axes in (above, below):
        axes.margins(x=0.01)
    return fig


def _to_end(values: np.ndarray) -> np.ndarray:
    """The last step's value again at its end, as steps are drawn."""
    return np.append(values, values[-1])


@styled
def bust_distribution(result: Result, depth: str = "capex_fall",
                      start: float | None = None) -> Figure:
    """When busts come, by step (share of all paths, 1), and how deep they are: an outcome's
    distribution.

    With kept outcomes the depth is split into paths with and without a bust.
    """
    table = bust.hazard(result)
    deep = bust.depth(result, depth)
    none = 1 - float(table["probability"].iloc[-1])
    fig, (left, right) = figure(
        f"When busts come and how deep they are · {result.label}",
        f"Whiskers: 95% Monte Carlo intervals. Shares of all paths; {100 * none:.1f}% have no "
        f"bust within "
        f"{float(result.attrs['horizon']):g} years. "
        + kept_text(result, "Depth", deep.attrs["size"])
        + no_interval_text(result, "times", table["in_step_se"].iloc[1:])
        + no_interval_text(result, "depths", deep["all_se"]) + origin(result), 1, 2, (9, 3.8))
    time, label = years(result, start)
    step = float(result.attrs["step"])
    left.bar(time[1:] - step / 2, table["in_step"], width=0.86 * step, color=RED, alpha=0.85,
             yerr=INTERVAL * table["in_step_se"], error_kw={"elinewidth": 0.7, "ecolor": "#333333"})
    percent(left)
    left.margins(x=0.01)
    left.set_ylabel(f"bust in a step of {step:g} yr, % of paths")
    left.set_xlabel(f"bust time, {label}")
    middle, width = (deep["lower"] + deep["upper"]) / 2, deep["upper"] - deep["lower"]
    whiskers = {} if deep["all_se"].isna().all() else {
        "yerr": INTERVAL * deep["all_se"],
        "error_kw": {"elinewidth": 0.7, "ecolor": "#333333"}}
    if "bust" in deep:
        right.bar(middle, deep["bust"], width=0.92 * width, color=RED, alpha=0.85,
                  label="paths with a bust")
        right.bar(middle, deep["all"] - deep["bust"], bottom=deep["bust"], width=0.92 * width,
                  color=SKY,
                  label="paths without a bust", **whiskers)
        legend_above(right, 2)
    else:
        right.bar(middle, deep["all"], width=0.92 * width, color=GREY, **whiskers)
    share = bool(deep["lower"].iloc[0] == 0 and deep["upper"].iloc[-1] == 1)
    if share:
        percent(right, "x")
    percent(right)
    right.set_ylabel("share of paths in a bin, %")
    attrs = result.outcome_statistics[f"{depth}_mean"].attrs
    meaning = {"capex_fall": "largest fall of capex from its peak"}.get(
        depth, str(attrs.get("meaning", depth)))
    right.set_xlabel(f"{meaning}, %" if share else unit_label(meaning, attrs["units"]))
    return fig
