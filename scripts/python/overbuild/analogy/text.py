"""The analogy as text."""

from __future__ import annotations

import math
from typing import Sequence

import pandas as pd

from overbuild.analogy.compare import Analogy
from overbuild.analogy.distance import Energy, Estimate
from overbuild.analogy.drivers import Change
from overbuild.analogy.phases import LOGARITHMIC, MEANINGS
from overbuild.analogy.standing import STATES, Level, Standing

ALIGNED = {"takeoff": "take-off of capital expenditure", "start": "start of the scenario",
           "coverage": "crossing of one by coverage", "bust": "bust",
           "capex_peak": "peak of capital expenditure"}


def _estimate(one: Estimate) -> str:
    return f"{one.value:6.3f}   [{one.low:.3f}, {one.high:.3f}]"


def shown(variable: str, value: float) -> str:
    """A median in the unit of MEANINGS: logarithms turned back."""
    if variable in LOGARITHMIC:
        value = math.exp(value)
    return f"{100 * value:.2f}%" if variable == "capex_gdp" else f"{value:.3g}"


def _head(analogy: Analogy) -> list[str]:
    low, high = analogy.window
    lines = [f"Analogy of {analogy.names[0]} and {analogy.names[1]}",
             f"aligned at the {ALIGNED[analogy.options.alignment]}, phase times {low:g} to "
             f"{high:g} years, every {analogy.options.every:g}", "",
             f"{'ensemble':<20} {'episode':<8} {'seed':>10} {'paths':>6} {'have the event':>15} "
             f"{'have the years':>15}"]
    for each in analogy.ensembles:
        own = each.tracks
        seed = own.result.attrs["seed"]
        lines.append(f"{own.result.name:<20} {own.episode.name:<8} {seed:>10} {len(each.path):>6} "
                     f"{100 * each.aligned:>14.1f}% {100 * each.complete:>14.1f}%")
    return lines


def _distances(analogy: Analogy) -> list[str]:
    level = f"{100 * analogy.options.level:g}% interval"
    width = max(len(f"{analogy.names[0]} - {name}") for name in analogy.names[1:])
    width = max(width, len("two halves of " + analogy.names[0]))
    lines = ["", "Energy distance of whole paths, in spreads",
             f"{'':<{width}} {'E':>6}   {level:<18} {'of 1':>6}"]
    for name, one, share in zip(analogy.names[1:], analogy.whole, analogy.coefficients):
        pair = f"{analogy.names[0]} - {name}"
        lines.append(f"{pair:<{width}} {_estimate(one):<27} {share:6.3f}")
    zero = analogy.zero
    lines += [f"{'two halves of ' + analogy.names[0]:<{width}} {zero.mean:6.3f}   "
              f"[{zero.low:.3f}, {zero.high:.3f}]", "",
              f"{100 * analogy.inside:.1f}% of the paths of {analogy.names[0]} lie in the cloud of "
              f"{analogy.names[1]}: no farther",
              "from its nearest path than 95% of its own paths are from theirs.", "",
              f"By variable, its whole track: {analogy.names[0]} - {analogy.names[1]}",
              f"{'variable':<12} {'E':>6}   {level:<18} {'spread':>7}"]
    for name, one in sorted(analogy.by_variable.items(), key=lambda pair: -pair[1].value):
        lines.append(f"{name:<12} {_estimate(one):<27} {analogy.spreads[name]:7.3f}")
    return lines


def _by_time(analogy: Analogy) -> list[str]:
    level = f"{100 * analogy.options.level:g}% interval"
    lines = ["", "By phase time, all variables: " + f"{analogy.names[0]} - {analogy.names[1]}",
             f"{'year':>6} {'E':>6}   {level:<18}  largest Wasserstein-1, in spreads"]
    for when, row in analogy.by_time.items():
        of_time = [each for each in analogy.margins if each.time == when]
        worst = max(of_time, key=lambda each: each.wasserstein.value)
        medians = " and ".join(shown(worst.variable, value) for value in worst.medians[:2])
        lines.append(f"{when:6.2f} {_estimate(row[0]):<27}  {worst.wasserstein.value:.2f} "
                     f"{worst.variable} (medians {medians})")
    return lines


def text(analogy: Analogy) -> str:
    """Tables of the distances and what they are made of."""
    lines = _head(analogy) + _distances(analogy) + _by_time(analogy)
    logs = ", ".join(name for name in MEANINGS if name in LOGARITHMIC)
    lines += ["",
              "Spread: standard deviation over paths and phase times of the first two ensembles.",
              f"Logarithms of {logs}. Halves: mean and range over random splits."]
    return "\n".join(lines)


def _state(variable: str, value: float) -> str:
    return shown(variable if variable in LOGARITHMIC else "", value)


def standing_text(analogy: Analogy, stands: Standing, at: Sequence[Level]) -> str:
    """Where the first stands in the years of the second, as tables."""
    first, second = analogy.names[:2]
    starts = [each.tracks.episode.start for each in analogy.ensembles[:2]]
    lines = [f"Where {first} stands in the years of {second}: its median, and when the median of "
             f"{second}\nwas there first",
             f"{'date':>8} {'variable':<13} {'median':>8}   {'medians of ' + second:<24} there in"]
    for each in at:
        low, high = (_state(each.variable, value) for value in each.second_range)
        when = "never" if math.isnan(each.when) else f"{each.when + starts[1]:.1f}"
        lines.append(f"{each.time + starts[0]:8.2f} {each.variable:<13} "
                     f"{_state(each.variable, each.median):>8}   {low + ' to ' + high:<24} {when}")
    lines += ["", f"Nearest date of {second} by the state of all paths ({', '.join(STATES)})",
              f"{'date':>8} {'nearest':>8} {'E':>6}   {100 * analogy.options.level:g}% interval"]
    for time, best, one in zip(stands.first_time, stands.best, stands.distance):
        lines.append(f"{time + starts[0]:8.2f} {best + starts[1]:8.2f} {_estimate(one)}")
    return "\n".join(lines)


def drivers_text(analogy: Analogy, base: Energy, paths: int, single: Sequence[Change],
                 shapley: Sequence[Change], rest: float, per_path: pd.DataFrame) -> str:
    """What makes the distance, as tables."""
    first, second = analogy.names[:2]
    lines = [f"What makes the distance: {first} with parameters of {second}, {paths:,} paths",
             f"distance without any: {base.value:.3f} ± {base.se:.3f}; with all: {rest:.3f}", "",
             "One at a time", f"{'parameter':<30} {'change ± se':>16}   {first} -> {second}"]
    for each in single:
        change = f"{each.first} -> {each.second}" if each.first else ""
        lines.append(f"{each.name:<30} {each.change:+8.4f} ± {each.se:.4f}   {change}".rstrip())
    lines += ["", "Shapley's values of groups, which add up to the change by all",
              f"{'group':<30} {'change ± se':>16} {'alone':>9} {'as last':>9}"]
    for each in shapley:
        lines.append(f"{each.name:<30} {each.change:+8.4f} ± {each.se:.4f} {each.alone:+9.4f} "
                     f"{each.last:+9.4f}")
    lines += ["", f"Rank correlation of a path's distance to the nearest path of {second} with "
                  f"what it drew (± {per_path.se.iloc[0]:.3f})"]
    for name, row in per_path.iterrows():
        lines.append(f"{name:<30} {row.correlation:+8.3f}")
    return "\n".join(lines)
