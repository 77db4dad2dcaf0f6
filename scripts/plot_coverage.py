#!/usr/bin/python3
"""Draws coverage as a fan chart and the probability of a bust by year from a result file.

    scripts/plot_coverage.py ai_base.h5 docs/pictures/coverage.png

Needs Debian's python3-h5py and python3-matplotlib.
"""
import os
import sys

import h5py
import matplotlib
import numpy as np

matplotlib.use("Agg")  # a file, no window
import matplotlib.pyplot as plt  # noqa: E402

FAN = [(0.05, 0.95, "5-95%", "#cfe0f1"), (0.25, 0.75, "25-75%", "#8fb8de")]
LINE = "#1f4e79"
BUST = "#b3452c"


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def fail(name, reason):
    sys.exit(f"plot_coverage.py: {name}: {reason}")


def variable(result, name):
    if name not in result:
        fail(result.filename, f"the result has no {name}; it must be one of the model overbuild")
    return result[name][:]


def read(name):
    try:
        result = h5py.File(name, "r")
    except OSError as error:  # h5py's own text names the library's calls
        fail(name, os.strerror(error.errno) if error.errno else "not a whole HDF5 file")
    with result:
        if text(result.attrs.get("format", "")) != "overbuild":
            fail(name, "not a result of overbuild")
        return {
            "title": text(result.attrs["title"]),
            "year": variable(result, "series/time"),
            "level": variable(result, "series/probability"),
            "coverage": variable(result, "series/coverage_quantile"),  # (time, probability)
            "bust": variable(result, "events/bust_begun"),             # by `year`, cumulated
        }


def quantile(result, level):
    column = np.flatnonzero(np.isclose(result["level"], level))
    if len(column) != 1:
        sys.exit(f"the result has no quantile at {level}; it has {result['level']}")
    return result["coverage"][:, column[0]]


def draw_coverage(axes, result):
    for low, high, label, colour in FAN:
        axes.fill_between(result["year"], quantile(result, low), quantile(result, high),
                          color=colour, linewidth=0, label=label)
    axes.plot(result["year"], quantile(result, 0.5), color=LINE, linewidth=2, label="median")
    axes.axhline(1, color="#444444", linewidth=0.8, linestyle="--")
    axes.annotate("revenue covers what is required", (result["year"][-1], 1), xytext=(0, 4),
                  textcoords="offset points", ha="right", fontsize=8, color="#444444")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(matplotlib.ticker.FormatStrFormatter("%g"))
    axes.set_ylabel("coverage\n(revenue / required revenue)")
    axes.legend(frameon=False, loc="upper left", fontsize=8)


def draw_bust(axes, result):
    whole = np.flatnonzero(np.isclose(result["year"] % 1, 0) & (result["year"] > 0))
    years, reached = result["year"][whole], 100 * result["bust"][whole]
    before = np.concatenate([[0], reached[:-1]])
    axes.bar(years, before, width=0.7, color="#e3b8ab", label="in an earlier year")
    axes.bar(years, reached - before, width=0.7, bottom=before, color=BUST, label="in this year")
    axes.set_ylabel("probability of a bust\nby the end of the year, %")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("years from the start")
    axes.legend(frameon=False, loc="upper left", fontsize=8)


def draw(result, name):
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, figsize=(7, 5.6), height_ratios=[3, 2], layout="constrained")
    figure.suptitle(result["title"], x=0.01, ha="left", fontsize=11, fontweight="bold")
    draw_coverage(above, result)
    draw_bust(below, result)
    try:
        figure.savefig(name, dpi=160)
    except (OSError, ValueError) as error:  # ValueError: a format that matplotlib does not write
        fail(name, error.strerror if isinstance(error, OSError) else error)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    draw(read(sys.argv[1]), sys.argv[2])


if __name__ == "__main__":
    main()
