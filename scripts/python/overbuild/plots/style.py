"""One style for all pictures: colours told apart by the colour-blind (Okabe and Ito 2008), left
titles, light grids, and a last line that says what the picture was made from."""

from __future__ import annotations

import functools
import pathlib
import textwrap
from typing import Any, Callable, Sequence, TypeVar

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from overbuild.plots.kinds import check_arguments
from overbuild.replicates import is_dependent
from overbuild.result import Batch, Result

BLUE, RED, GREEN, ORANGE, SKY, PURPLE = (
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7")
INK, GREY = "#222222", "#666666"
COLOURS = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)
LINES = ("-", "--", "-.", (0, (1, 1)), (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)))
INTERVAL = 1.96  # standard errors in half of a 95% interval

STYLE = {
    "font.size": 9, "axes.titlesize": 10, "axes.titlelocation": "left", "axes.titleweight": "bold",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6, "axes.axisbelow": True, "axes.edgecolor": "#888888",
    "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK,
    "legend.frameon": False, "legend.fontsize": 8, "figure.dpi": 110, "savefig.dpi": 150,
    "axes.prop_cycle": mpl.cycler(color=COLOURS), "figure.constrained_layout.use": True,
}

Plot = TypeVar("Plot", bound=Callable[..., Figure])


def styled(plot: Plot) -> Plot:
    """Draws in the package's style and leaves that of the caller alone. What the picture is not of
    is refused."""
    @functools.wraps(plot)
    def draw(*args: Any, **options: Any) -> Figure:
        check_arguments(plot, args, options)
        with mpl.rc_context(STYLE):
            return plot(*args, **options)
    return draw  # type: ignore[return-value]


def figure(title: str, note: str, rows: int = 1, columns: int = 1,
           size: tuple[float, float] = (7, 4),
           **options: Any) -> tuple[Figure, Any]:
    """A figure (inches) with its axes, a title, and a note in small print below."""
    fig, axes = plt.subplots(rows, columns, figsize=size, **options)
    describe(fig, title, note, size[0])
    return fig, axes


def describe(fig: Figure, title: str, note: str, width: float) -> None:
    """Title and note of a figure, wrapped to its width (inches)."""
    fig.suptitle(textwrap.fill(title, int(width * 11.5)), x=0.01, ha="left", fontsize=11,
                 fontweight="bold")
    fig.supxlabel(textwrap.fill(note, int(width * 19)), x=0.01, ha="left", fontsize=7, color=GREY)


def origin(*results: Result | Batch) -> str:
    """What a picture was made from: scenarios, paths, seed."""
    groups: dict[str, list[str]] = {}
    for result in results:
        shard, shards = (result.attrs.get(name, 1) for name in ("shard", "shards"))
        state = f" (SHARD {shard} of {shards})" if shards > 1 else ""
        state += "" if result.attrs.get("complete", 1) else " (INCOMPLETE)"
        batch = result.attrs.get("batch", result.name)
        name = result.name if batch == result.name else f"{batch}/{result.name}"
        run = f"{result.size:,} paths, seed {result.attrs['seed']}"
        groups.setdefault(run, []).append(name + state)
    return "; ".join(f"{', '.join(names)}: {run}" for run, names in groups.items()) + "."


def years(result: Result | Batch, start: float | None) -> tuple[np.ndarray, str]:
    """The times for the axis and its label: years from the start, or dates when `start` is a
    year."""
    time = np.asarray(result.series.time)
    return (time, "years from the start") if start is None else (time + start, "year")


def plain_log(axes: Axes, axis: str = "y") -> None:
    """A logarithmic axis with plain numbers, at 1, 2, 5, 10 or, over a wide span, at powers of
    ten."""
    which = axes.yaxis if axis == "y" else axes.xaxis
    (axes.set_yscale if axis == "y" else axes.set_xscale)("log")
    low, high = which.get_view_interval()
    decades = np.log10(high / low)
    subs: Sequence[float] = (1, 2, 5) if decades < 2.5 else (1, 3) if decades < 4 else (1,)
    which.set_major_locator(mpl.ticker.LogLocator(subs=subs))
    which.set_minor_locator(mpl.ticker.NullLocator())
    which.set_major_formatter(mpl.ticker.FuncFormatter(lambda x, _: f"{x:,.6g}"))


def percent(axes: Axes, axis: str = "y", bottom: bool = True) -> None:
    """An axis of probabilities in percent."""
    which = axes.yaxis if axis == "y" else axes.xaxis
    which.set_major_formatter(mpl.ticker.FuncFormatter(lambda x, _: f"{round(100 * x, 8):g}"))
    if bottom and axis == "y":
        axes.set_ylim(bottom=0)


def grouped(axes: Axes) -> None:
    """A linear axis with grouped digits: 25,000."""
    axes.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda y, _: f"{y:,.6g}"))


def shade(colour: str, strength: float) -> tuple[float, float, float]:
    """A colour mixed with white, opaque, so that a legend shows what the picture has."""
    red, green, blue = (1 - strength * (1 - part) for part in mpl.colors.to_rgb(colour))
    return red, green, blue


def estimate_text(value: float, error: float) -> str:
    """A value and half of its interval, both to the interval's first digit: 42.99 ± 0.02."""
    if not error > 1e-9 * abs(value):  # none, or what rounding leaves of none
        return f"{value:,.1f}" if abs(value) >= 1 or value == 0 else f"{value:.2g}"
    digits = max(0, -int(np.floor(np.log10(error))))
    return f"{value:,.{digits}f} ± {error:,.{digits}f}"


def darker(colour: str) -> tuple[float, float, float]:
    """A colour for small text on white: mixed with black, so that its contrast is above 4.5."""
    red, green, blue = (0.72 * part for part in mpl.colors.to_rgb(colour))
    return red, green, blue


def legend_above(axes: Axes, columns: int = 3) -> None:
    """The legend between title and picture, where it hides nothing."""
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.3)


def kept_text(result: Result, what: str, paths: int) -> str:
    """Of how many paths something is, where it is not of all."""
    return "" if paths >= result.size else f"{what}: the {paths:,} paths whose outcomes were kept. "


def no_interval_text(result: Result, what: str, errors: ArrayLike) -> str:
    """Why something has no interval, where the sampler's paths depend on one another and not all
    are kept."""
    if not is_dependent(result) or np.isfinite(np.asarray(errors, dtype=float)).any():
        return ""
    return (f"No interval of {what}: of paths of the sampler {result.attrs['sampler']} it needs "
            "all to be kept, in two replicates or more. ")


def labels_of(results: Sequence[Result]) -> list[str]:
    """Labels for a legend; those that are alike are told apart by the file, or by a number."""
    labels = [result.label for result in results]
    for tell in (lambda i: pathlib.Path(results[i].file).stem, lambda i: str(i + 1)):
        labels = [f"{label} ({tell(i)})" if labels.count(label) > 1 else label
                  for i, label in enumerate(labels)]
    return labels


def unit_label(meaning: str, unit: str) -> str:
    """A label for an axis: what it is and, unless it is a pure number, its unit."""
    return meaning if unit == "1" else f"{meaning}, {unit}"
