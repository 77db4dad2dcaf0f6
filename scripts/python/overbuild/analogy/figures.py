"""Pictures of an analogy (matplotlib). Each function returns a Figure."""

from __future__ import annotations

from typing import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from overbuild.analogy.compare import Analogy
from overbuild.analogy.drivers import START, Change
from overbuild.analogy.phases import LOGARITHMIC, MEANINGS, VARIABLES, Phases
from overbuild.analogy.standing import Standing
from overbuild.analogy.text import ALIGNED
from overbuild.plots.style import (BLUE, COLOURS, GREEN, GREY, INK, INTERVAL, LINES, ORANGE, RED,
                                   figure, origin, plain_log, shade, styled)

PAIR = (BLUE, RED)
MARKERS = ("o", "s", "^", "D", "v")
BANDS = ((0.05, 0.95, 0.22), (0.25, 0.75, 0.42))  # quantiles, strength of the colour


def _shown(variable: str, values: np.ndarray) -> np.ndarray:
    values = np.exp(values) if variable in LOGARITHMIC else values
    return 100 * values if variable == "capex_gdp" else values


def _fan(axes: Axes, each: Phases, variable: str, colour: str, line: object) -> None:
    columns = each.columns(variable)
    time = [each.cells[column][1] for column in columns]
    values = each.values[:, columns]
    for low, high, strength in BANDS:
        bounds = _shown(variable, np.quantile(values, [low, high], axis=0))
        axes.fill_between(time, *bounds, color=colour, alpha=strength, linewidth=0)
    axes.plot(time, _shown(variable, np.median(values, axis=0)), color="white", linewidth=3.4)
    axes.plot(time, _shown(variable, np.median(values, axis=0)), color=colour, linestyle=line,
              linewidth=1.8)


def _facts(axes: Axes, each: Phases, variable: str, colour: str, low: float, high: float) -> None:
    """The episode's facts, on phase time from the take-off."""
    episode = each.tracks.episode
    columns = each.columns(variable)
    time = [each.cells[column][1] for column in columns]
    median = _shown(variable, np.median(each.values[:, columns], axis=0))
    for points, marker in zip([one for one in episode.points if one.variable == variable], MARKERS):
        value = points.value
        if variable == "capex_gdp":
            value = 100 * value / episode.gdp(points.time - episode.start)
        when = points.time - episode.takeoff
        if points.anchor:
            value = value * np.exp(np.interp(when[0], time, np.log(median)))
        shown = (when >= low) & (when <= high)
        spread = value * np.exp(np.outer([-1, 1], points.uncertainty))
        axes.vlines(when[shown], *spread[:, shown], color=colour, linewidth=0.8)
        for hollow in (False, True):
            some = shown & (points.recalled == hollow)
            axes.plot(when[some], value[some], marker, color=colour, markersize=4, linestyle="none",
                      markerfacecolor="white" if hollow else colour,
                      markeredgecolor=colour if hollow else INK, markeredgewidth=0.6,
                      label=None if hollow else points.label)


def _variable_panel(axes: Axes, analogy: Analogy, variable: str) -> None:
    for each, colour, line in zip(analogy.ensembles[:2], PAIR, LINES):
        _fan(axes, each, variable, colour, line)
    low, high = axes.get_xlim()
    if analogy.options.alignment == "takeoff":
        low = min(-0.6, low)  # facts of the year before
        for each, colour in zip(analogy.ensembles[:2], PAIR):
            _facts(axes, each, variable, colour, low, high)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=6.5, loc="best", handletextpad=0.2)
    if variable in LOGARITHMIC:
        plain_log(axes)
    if variable in ("coverage", "capex", "price"):
        axes.axhline(1, color=INK, linewidth=0.8)
    if variable == "excess":
        axes.axhline(0, color=INK, linewidth=0.8)
    if analogy.options.alignment not in ("takeoff", "start"):
        axes.axvline(0, color=INK, linewidth=0.8, linestyle=":")
    axes.set_title(MEANINGS[variable] + (", %" if variable == "capex_gdp" else ""), fontsize=8.5)


def _distance_panel(axes: Axes, analogy: Analogy) -> None:
    time = np.array(list(analogy.by_time))
    colours = (RED, GREEN, ORANGE)
    for place, (name, colour, line) in enumerate(zip(analogy.names[1:], colours, LINES)):
        row = [each[place] for each in analogy.by_time.values()]
        axes.fill_between(time, [one.low for one in row], [one.high for one in row], color=colour,
                          alpha=0.3, linewidth=0)
        axes.plot(time, [one.value for one in row], color=colour, linestyle=line,
                  label=f"{analogy.names[0]} - {name}")
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title("energy distance of all variables, spreads", fontsize=8.5)
    axes.legend(fontsize=7)


def _margin_panel(axes: Axes, analogy: Analogy) -> None:
    for variable, colour, line in zip(VARIABLES, COLOURS, LINES):
        own = [each for each in analogy.margins if each.variable == variable]
        if not own:
            continue
        time = [each.time for each in own]
        axes.fill_between(time, [each.wasserstein.low for each in own],
                          [each.wasserstein.high for each in own], color=colour, alpha=0.25,
                          linewidth=0)
        axes.plot(time, [each.wasserstein.value for each in own], color=colour, linestyle=line,
                  label=variable)
    axes.set_ylim(bottom=0)
    axes.set_title("Wasserstein-1 of each variable, spreads", fontsize=8.5)
    axes.legend(fontsize=7, ncol=2)


@styled
def tracks_and_distances(analogy: Analogy) -> Figure:
    """Medians and 50/90% bands of the first two ensembles on phase time (yr), with the facts of
    their episodes where phase time counts from the take-off, and the distances by phase time."""
    variables = [name for name in MEANINGS if len(analogy.ensembles[0].columns(name))]
    rows = -(-(len(variables) + 2) // 2)
    first, second = analogy.names[:2]
    fig, panels = figure(
        f"{first} and {second}, years from the {ALIGNED[analogy.options.alignment]}",
        f"Blue, solid: {first}. Red, dashed: {second}. Lines are medians, bands 50% and 90% of the "
        "paths that have all of the years. Points: facts of docs/data.md with one standard "
        "deviation, hollow where recalled. "
        f"Bands of distances: {100 * analogy.options.level:g}% intervals. "
        + origin(*(each.tracks.result for each in analogy.ensembles)), rows, 2,
        (9, 2.35 * rows + 0.6))
    flat = list(panels.flat)
    for axes, variable in zip(flat, variables):
        _variable_panel(axes, analogy, variable)
    _distance_panel(flat[len(variables)], analogy)
    _margin_panel(flat[len(variables) + 1], analogy)
    for axes in flat[len(variables) + 2:]:
        axes.remove()
    for axes in panels[-1]:
        axes.set_xlabel(f"years from the {ALIGNED[analogy.options.alignment]}")
    return fig


@styled
def standing_map(found: Standing, first: str, second: str, first_start: float,
                 second_start: float) -> Figure:
    """Energy distance (spreads) between the states of two ensembles at all pairs of times, with the
    nearest of the second's times for each of the first's; dates are calendar years."""
    fig, axes = figure(
        f"Where {first} stands in the years of {second}",
        "Colour: energy distance between the states of all paths at the two dates, in spreads. "
        f"Circles: the date of {second} that is nearest to each of {first}'s; the number is the "
        "distance there.",
        1, 1, (7.5, 5))
    rows, columns = found.first_time + first_start, found.second_time + second_start
    mesh = axes.pcolormesh(columns, rows, found.energy, cmap="cividis_r", shading="nearest")
    axes.plot(found.best + second_start, rows, "o", color="white", markeredgecolor=INK,
              markersize=6)
    for place in range(0, len(rows), 2):
        axes.annotate(f"{found.distance[place].value:.2f}",
                      (found.best[place] + second_start, rows[place]),
                      xytext=(9, 0), textcoords="offset points", va="center", fontsize=8, color=INK,
                      path_effects=[withStroke(linewidth=2.5, foreground="white")])
    axes.set_xlabel(f"date of {second}")
    axes.set_ylabel(f"date of {first}")
    axes.grid(False)
    fig.colorbar(mesh, ax=axes, label="energy distance, spreads")
    return fig


def _bars(axes: Axes, changes: Sequence[Change]) -> None:
    place = np.arange(len(changes))[::-1]
    colours = [shade(BLUE, 0.9) if each.change < 0 else shade(RED, 0.9) for each in changes]
    axes.barh(place, [each.change for each in changes], color=colours, height=0.65,
              xerr=[INTERVAL * each.se for each in changes], ecolor=GREY, error_kw={"linewidth": 1})
    axes.set_yticks(place, [each.name for each in changes])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(axis="y", visible=False)


@styled
def drivers(single: Sequence[Change], shapley: Sequence[Change], base: float, first: str,
            second: str, most: int = 12) -> Figure:
    """Changes of the energy distance (spreads) when parameters of the second scenario replace the
    first's: the `most` largest one at a time, and Shapley's values of groups."""
    start = sum(each.change for each in single if each.name == START)
    fig, (left, right) = figure(
        f"What makes the distance of {first} and {second}",
        f"Change of the energy distance of whole paths, {base:.3f} spreads, when {second}'s value "
        f"or prior replaces {first}'s; blue brings them together. Lines: 95% intervals from "
        f"differences path by "
        f"path. Left without the group \"{START}\", which alone changes it by {start:+.2f}.",
        1, 2, (9.5, 4.6))
    _bars(left, [each for each in single if each.name != START][:most])
    left.set_title("one at a time", fontsize=9)
    _bars(right, shapley)
    right.set_title("groups, Shapley's values", fontsize=9)
    for axes in (left, right):
        axes.set_xlabel("change of the distance, spreads")
    return fig
