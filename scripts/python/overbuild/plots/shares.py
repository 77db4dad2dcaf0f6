"""Which prior the variance of an outcome comes from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from overbuild.plots.style import BLUE, INK, SKY, figure, percent, styled
from overbuild.variance_shares import INDICES, Sensitivity

LABELS = {"total": "total", "first_order": "first-order", "shapley": "Shapley effect",
          "mu_star": "μ*, mean size of the effect", "sigma": "σ, its spread"}
TITLES = {"sobol": "Sobol indices", "shapley": "Shapley effects", "morris": "Elementary effects"}


@styled
def sensitivity(analysis: Sensitivity, quantity: str | None = None, most: int = 20) -> Figure:
    """Bars of the `most` important priors for a quantity (otherwise the first) with 95% bootstrap
    intervals: shares (%) of the variance of the mean given the priors, or elementary effects in
    the quantity's unit."""
    table = analysis.table(quantity).head(most)
    shown = [name for name in INDICES[analysis.method] if name in LABELS]
    note = (f"{analysis.attrs['rows']:,} rows of {analysis.attrs['points']} points, "
            f"{analysis.attrs['repeats']} paths each, seed {analysis.attrs['seed']}; lines: 95% "
            "bootstrap intervals.")
    note += "" if analysis.attrs["complete"] else " INCOMPLETE."
    if analysis.attrs["shards"] > 1:
        note += f" SHARD {analysis.attrs['shard']} of {analysis.attrs['shards']}."
    if analysis.method != "morris":
        noise = analysis.moments().loc[table.attrs["quantity"]]
        note += (f" Shares of what the priors explain; the noise of a path is "
                 f"{100 * noise['noise_share']:.1f}% of the variance.")
    fig, axes = figure(f"{TITLES[analysis.method]} of {table.attrs['quantity']} · {analysis.label}",
                       note, size=(7, 1.3 + 0.28 * len(table)))
    _bars(axes, table, shown)
    axes.axvline(0, color=INK, linewidth=0.8)
    if analysis.method == "morris":
        axes.set_xlabel("change of the quantity per 1 of the prior's quantile")
    else:
        percent(axes, "x")
        axes.set_xlabel("% of the variance of the mean given the priors")
    if len(shown) > 1:
        axes.legend(loc="lower right")
    return fig


def _bars(axes: Axes, table: pd.DataFrame, shown: list[str]) -> None:
    rows, height = np.arange(len(table)), 0.8 / len(shown)
    for number, (name, colour) in enumerate(zip(shown, (BLUE, SKY))):
        value = table[name].to_numpy()
        below = np.maximum(value - table[f"{name}_lower"].to_numpy(), 0)
        above = np.maximum(table[f"{name}_upper"].to_numpy() - value, 0)
        axes.barh(
            rows + (number - (len(shown) - 1) / 2) * height, value, height=height, color=colour,
            label=LABELS[name], xerr=np.nan_to_num([below, above]),
            error_kw={"elinewidth": 0.9, "ecolor": INK})
    axes.set_yticks(rows, table.index)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
