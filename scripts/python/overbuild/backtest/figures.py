"""Pictures of a backtest (matplotlib): fans against what came, and where it lay in them."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from overbuild.analogy.distance import generator
from overbuild.backtest import conditioning, naive
from overbuild.backtest.assess import NAIVE, Assessed, Backtest
from overbuild.backtest.conditioning import Observed
from overbuild.backtest.rows import Row
from overbuild.backtest.scores import Score, quantiles
from overbuild.backtest.text import MEANINGS
from overbuild.plots.style import (BLUE, GREEN, GREY, INK, ORANGE, PURPLE, RED, figure, plain_log,
                                   shade, styled)

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
COLOURS = {"model": BLUE, "walk": GREEN, "trend": ORANGE, "logistic": PURPLE, "hazard": RED}
MARKERS = {"model": "o", "walk": "s", "trend": "^", "logistic": "D", "hazard": "v"}
MOST_PATHS = 20000  # of those with weight, in the fans


def _draw_fan(axes: Axes, time: np.ndarray, logs: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Bands of 50 and 90% of logarithms (path, time), which set the axis; gives the medians."""
    bands = np.exp([quantiles(logs[:, i], weight, LEVELS) for i in range(logs.shape[1])])
    for low, high, strength in ((0, 4, 0.22), (1, 3, 0.42)):
        axes.fill_between(time, bands[:, low], bands[:, high], color=shade(BLUE, strength),
                          linewidth=0)
    axes.plot(time, bands[:, 2], color=BLUE, linewidth=1.8)
    axes.set_ylim(bands.min() / 1.2, bands.max() * 1.2)
    return np.asarray(bands[:, 2])


def _draw_rows(axes: Axes, rows: list[Row], start: float, times: list[float], colour: str,
               filled: bool, label: str) -> None:
    if not rows:
        return
    when, value = np.array(times) + start, np.array([row.value for row in rows])
    spread = np.exp(np.outer([-1, 1], [row.uncertainty for row in rows])) * value
    axes.vlines(when, *spread, color=colour, linewidth=0.9)
    axes.plot(when, value, "o", color=colour, markersize=4.5, markeredgecolor=colour,
              markerfacecolor=colour if filled else "white", markeredgewidth=1.1, label=label)


def _naive_lines(axes: Axes, done: Backtest, data: str, end: float) -> None:
    made = done.forecasts
    first = (made.options.end - made.config.start).days / 365.25
    rows = sorted((row for row in made.training.rows
                   if row.series == data and row.period.first >= made.config.start),
                  key=lambda row: row.period.first)
    seen = naive.points(rows, [row.period.years_since(made.config.start) for row in rows])
    times = np.linspace(first, end, 12)
    for place, (name, forecaster) in enumerate(naive.FORECASTERS.items()):
        try:
            drawn = forecaster(seen, times, 2000, generator(made.config.seed, 3000 + place))
        except naive.Unable:
            continue
        axes.plot(times + made.config.start.year, np.exp(np.median(drawn, axis=0)), "--",
                  color=COLOURS[name], linewidth=1.1, label=MEANINGS[name])


def _observed_panel(axes: Axes, done: Backtest, observed: Observed, some: np.ndarray) -> None:
    made = done.forecasts
    ensemble, config = made.ensemble, made.config
    values = conditioning.observed_values(ensemble.series, observed)[some]
    fit = ensemble.fits[observed.data]
    time = np.arange(values.shape[1]) * ensemble.step
    with np.errstate(divide="ignore"):
        logs = np.log(values) + fit.mean[some, None]
    _draw_fan(axes, time + config.start.year, logs, ensemble.weight[some])
    low, high = axes.get_ylim()
    _naive_lines(axes, done, observed.data, time[-1])
    rows = [row for row in done.data.of(observed.data) if row.period.first >= config.start
            and row.period.years_since(config.start) <= time[-1]]
    for before, colour, label in ((True, INK, "known"), (False, RED, "came")):
        own = [row for row in rows if (row.period.end <= made.options.end) == before]
        _draw_rows(axes, own, config.start.year,
                   [row.period.years_since(config.start) for row in own], colour, before, label)
    axes.set_title(observed.data.replace("_", " "), fontsize=9)
    axes.set_ylim(min([low, *(row.value / 1.2 for row in rows)]),
                  max([high, *(row.value * 1.2 for row in rows)]))
    plain_log(axes)
    axes.legend(fontsize=6.5)


def _series_panel(axes: Axes, done: Backtest, name: str, some: np.ndarray) -> None:
    """A series that only targets have: ratios start on the median, levels are points."""
    made = done.forecasts
    ensemble, start = made.ensemble, made.config.start
    own = [each for each in done.targets if each.target.series == name
           and each.target.kind in ("ratio", "level")]
    levels = all(each.target.kind == "level" for each in own)
    values = conditioning.observed_values(ensemble.series, Observed("", name, own[0].target.per))
    time = np.arange(values.shape[1]) * ensemble.step
    logs = np.log(values[some])
    after = (made.options.end - start).days / 365.25
    if not levels:
        logs = logs - conditioning.at_time(values[some], after, ensemble.step)[:, None]
    median = _draw_fan(axes, time + start.year, logs, ensemble.weight[some])
    for each in own:
        when = [one.years_since(start) for one in each.target.periods]
        from_log = float(np.interp(when[0], time, np.log(median))) if len(when) > 1 else 0.0
        ends = [from_log, from_log + each.actual.value] if len(when) > 1 else [each.actual.value]
        axes.plot(np.array(when) + start.year, np.exp(ends), "o-", color=RED, linewidth=1.2,
                  markersize=4.5, markerfacecolor="white", markeredgecolor=RED)
        axes.vlines(when[-1] + start.year, math.exp(ends[-1] - each.actual.sd),
                    math.exp(ends[-1] + each.actual.sd), color=RED, linewidth=0.9)
    unit = "" if levels else f" over that at the end of {made.options.until}"
    axes.set_title(name.replace("_", " ") + unit, fontsize=9)
    plain_log(axes)


def _date_panel(axes: Axes, done: Backtest, each: Assessed) -> None:
    made = done.forecasts
    own, start = made.by_target[each.target.name], made.config.start.year
    for name in ("model", "hazard"):
        forecast = own[name]
        order = np.argsort(forecast.sample)
        axes.plot(forecast.sample[order] + start, 100 * np.cumsum(forecast.weight[order]),
                  color=COLOURS[name], linestyle="-" if name == "model" else "--",
                  label=MEANINGS.get(name, name))
    low, high = (done.data.row(one).period.years_since(made.config.start)
                 for one in each.target.between)
    axes.axvspan(low + start, high + start, color=shade(RED, 0.5), linewidth=0, label="came")
    axes.set_ylim(0, 100)
    axes.set_title(f"{each.target.name}: probability by date, %", fontsize=9)
    axes.legend(fontsize=6.5, loc="upper left")


def _pit_panel(axes: Axes, done: Backtest) -> None:
    own = done.scored
    axes.axvspan(0.05, 0.95, color=shade(BLUE, 0.15), linewidth=0)
    axes.axvspan(0.25, 0.75, color=shade(BLUE, 0.35), linewidth=0)
    for place, each in enumerate(reversed(own)):
        assert each.model is not None
        axes.plot(each.model.pit, place, "o", color=BLUE, markeredgecolor=INK, markersize=5,
                  markerfacecolor="white" if each.actual.doubtful else BLUE)
    axes.set_yticks(range(len(own)), [each.target.name for each in reversed(own)], fontsize=7)
    axes.set_xlim(0, 1)
    axes.set_title("share of the forecast below what came", fontsize=9)


def _crps_panel(axes: Axes, done: Backtest) -> None:
    own = [each for each in done.scored
           if any(isinstance(each.scores[name], Score) for name in NAIVE)]
    for place, each in enumerate(reversed(own)):
        for name in ("model", *NAIVE):
            one = each.scores[name]
            if isinstance(one, Score):
                axes.plot(one.crps, place, MARKERS[name], color=COLOURS[name], markersize=5,
                          markeredgecolor=INK, markeredgewidth=0.5,
                          label=MEANINGS.get(name, name))
    handles, labels = axes.get_legend_handles_labels()
    once = dict(zip(labels, handles))
    axes.legend(once.values(), once.keys(), fontsize=6.5, loc="upper center", ncols=3,
                bbox_to_anchor=(0.5, -0.08))
    axes.set_yticks(range(len(own)), [each.target.name for each in reversed(own)], fontsize=7)
    plain_log(axes, "x")
    axes.set_title("CRPS, smaller is better", fontsize=9)


@styled
def fans_and_scores(done: Backtest) -> Figure:
    """Fans (50 and 90%) of the observed series and of those that targets have, by date, with the
    rows known and the rows that came; dates of events; places in the forecasts; scores."""
    made = done.forecasts
    series = list(dict.fromkeys(each.target.series for each in done.targets
                                if each.target.kind in ("ratio", "level")))
    observed = made.config.observed
    series = [name for name in series
              if all(name != each.series or each.per for each in observed)]
    dated = [each for each in done.targets if each.target.dated]
    count = len(observed) + len(series) + len(dated) + 2
    rows = -(-count // 3)
    fig, panels = figure(
        f"{made.targets.title}, by {made.config.file.stem}",
        f"Lines and bands: median, 50% and 90% of paths given the data to the end of "
        f"{made.options.until}, without errors of data. Black: rows that were known; red: what "
        "came, with one standard deviation; ratios begin on the median. In the last panels hollow "
        "points rest on rows that were not read in their source. "
        f"{made.options.paths:,} paths, {made.ensemble.effective:,.0f} effective, seed "
        f"{made.config.seed}.", rows, 3, (11, 2.7 * rows + 0.6))
    flat = list(np.asarray(panels).flat)
    some = np.flatnonzero(made.ensemble.weight > 0)[:MOST_PATHS]
    for axes, one in zip(flat, observed):
        _observed_panel(axes, done, one, some)
    for axes, name in zip(flat[len(observed):], series):
        _series_panel(axes, done, name, some)
    for axes, each in zip(flat[len(observed) + len(series):], dated):
        _date_panel(axes, done, each)
    for axes in flat[:len(observed) + len(series) + len(dated)]:
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    for axes in flat[:len(observed) + len(series)]:
        axes.axvline((made.options.end - made.config.start).days / 365.25 + made.config.start.year,
                     color=GREY, linewidth=0.9, linestyle=":")
    _pit_panel(flat[count - 2], done)
    _crps_panel(flat[count - 1], done)
    for axes in flat[count:]:
        axes.remove()
    return fig
