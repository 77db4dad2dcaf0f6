"""What each change between two configs adds to a statistic."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from overbuild.attribution import Attribution
from overbuild.plots.style import BLUE, INK, INTERVAL, RED, estimate_text, figure, styled, unit_label


@styled
def attribution(found: Attribution) -> Figure:
    """Bars from the first scenario's statistic to the second one's (its own unit): what each change
    adds, with its 95% interval, largest first; diamonds: the change alone, circles: as the last."""
    table = found.changes()
    attrs = found.attrs
    (first, _), (second, _) = found.first, found.second
    orders = (f" Means over {attrs['orders']} orders of the changes." if attrs["orders"] else "")
    fig, axes = figure(
        f"{attrs['statistic']}: {attrs['title']} to {attrs['second_title']}",
        "Whiskers: 95% intervals; diamonds: each change alone; circles: each change when all "
        f"others have been made.{orders} {attrs['scenario']} to {attrs['second_scenario']}: "
        f"{attrs['paths']:,} paths, seed {attrs['seed']}.",
        size=(7, 1.8 + 0.42 * (len(table) + 2)))
    start = first + np.concatenate([[0], np.cumsum(table["effect"])[:-1]])
    rows = np.arange(1, len(table) + 1)
    axes.barh(0, first, color=INK, alpha=0.35, height=0.6)
    axes.barh(rows, table["effect"], left=start, height=0.6,
              color=[RED if effect > 0 else BLUE for effect in table["effect"]])
    axes.errorbar(start + table["effect"], rows, xerr=INTERVAL * table["effect_se"], fmt="none",
                  ecolor=INK, capsize=3, linewidth=1)
    axes.plot(start + table["alone"], rows, "D", color="white", markeredgecolor=INK, markersize=4)
    axes.plot(start + table["last"], rows, "o", color="white", markeredgecolor=INK, markersize=4)
    axes.barh(len(table) + 1, second, color=INK, alpha=0.35, height=0.6)
    axes.set_yticks([0, *rows, len(table) + 1], [
        f"{attrs['scenario']}: {estimate_text(first, INTERVAL * found.first[1])}",
        *(f"{name}: {estimate_text(effect, INTERVAL * se)}"
          for name, effect, se in zip(table.index, table["effect"], table["effect_se"])),
        f"{attrs['second_scenario']}: {estimate_text(second, INTERVAL * found.second[1])}"])
    axes.invert_yaxis()
    ends = np.concatenate([[first, second], start, start + table["effect"],
                           start + table["alone"], start + table["last"]])
    margin = 0.15 * (ends.max() - ends.min())
    axes.set_xlim(ends.min() - margin, ends.max() + margin)
    axes.set_xlabel(unit_label(str(attrs["statistic"]), str(attrs["statistic_unit"])))
    axes.grid(axis="y", visible=False)
    return fig
