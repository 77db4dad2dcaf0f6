"""What the charts of a report show, as data: the page's script draws it with Chart.js.

A chart is a dict. `kind` says how it is drawn:

- `lines`: `x`, `bands` (low, high, label, colour, strength), `lines` (y, label, colour, dash, step)
- `bars`: `x`, `width`, `bars` (y, error, label, colour), stacked
- `ranges`: horizontal bars, one for each of `rows` (name, from, to, error, colour, text, left);
  `left` says on which side of the bar the text stands; `outline` leaves the bar empty; `base` is
  where bars begin
- `phase`: `lines` of points (x, y, name) with labels

Colours are numbers of the page's palette; `percent` axes hold shares of 1. Every chart has `id`,
`title`, `text` (what it shows, in words), `xLabel`, `yLabel`, and a `table` (head, rows) with its
figures.
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from overbuild import bust
from overbuild.measure import Measure
from overbuild.plots.style import INTERVAL, kept_text, labels_of
from overbuild.report.answer import percent, years as years_text
from overbuild.required import required_parts
from overbuild.result import Batch, Result
from overbuild.sensitivity import tornado_table
from overbuild.tables import at_multiples, quantile

BLUE, RED, GREEN, PURPLE, ORANGE, SKY, GREY = range(7)
Chart = dict[str, Any]


def number(value: float) -> str:
    """A number for a table: three significant digits, grouped."""
    if not np.isfinite(value):
        return "none"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _axis(start: float | None) -> str:
    return "years from the start" if start is None else "year"


def _time(result: Result, start: float | None) -> list[float]:
    return [float(t) + (start or 0) for t in np.asarray(result.series.time)]


def _band(result: Result, series: str, low: float, high: float, colour: int, strength: float,
          label: str, over: float | None = None) -> Chart:
    """`over` is the strength that the legend shows: that of the band with what lies below it."""
    return {"low": quantile(result.series, series, low),
            "high": quantile(result.series, series, high),
            "colour": colour, "strength": strength, "over": over or strength, "label": label}


def _rows_by_year(result: Result, start: float | None, *columns: tuple[str, np.ndarray]) -> Chart:
    time = np.asarray(result.series.time)
    return {"head": ["year", *(name for name, _ in columns)],
            "rows": [[f"{time[row] + (start or 0):g}", *(number(float(v[row])) for _, v in columns)]
                     for row in at_multiples(time, 1.0)]}


def revenue(result: Result, start: float | None) -> Chart:
    """Revenue against required revenue."""
    levels = [(f"{series}, {text}", quantile(result.series, name, p))
              for series, name in (("revenue", "revenue"), ("required", "required_revenue"))
              for text, p in (("5%", .05), ("median", .5), ("95%", .95))]
    own, required = levels[1][1], levels[4][1]
    return {
        "id": "revenue", "kind": "lines", "title": "Revenue and what is required",
        "text": f"Median revenue goes from {number(own[0])} to {number(own[-1])} bn USD a year, "
                f"required revenue "
                f"from {number(required[0])} to {number(required[-1])}. Bands hold the middle 50% "
                f"and 90% of paths.",
        "xLabel": _axis(start), "yLabel": "bn USD a year (log.)", "log": True,
        "x": _time(result, start),
        "bands": [_band(result, "revenue", .05, .95, BLUE, .22, "revenue, middle 90%"),
                  _band(result, "revenue", .25, .75, BLUE, .30, "revenue, middle 50%", .45),
                  _band(result, "required_revenue", .25, .75, RED, .40, "required, middle 50%")],
        "lines": [{"y": own, "label": "revenue, median", "colour": BLUE},
                  {"y": required, "label": "required, median", "colour": RED, "dash": [6, 4]}],
        "table": _rows_by_year(result, start, *levels)}


def coverage(result: Result, start: float | None) -> Chart:
    """Coverage, revenue over required revenue."""
    levels = [(text, quantile(result.series, "coverage", p)) for text, p in
              (("5%", .05), ("25%", .25), ("median", .5), ("75%", .75), ("95%", .95))]
    position = int(np.flatnonzero(np.isclose(result.series.probability, 0.5))[0])
    error = INTERVAL * np.asarray(result.series.coverage_quantile_se.isel(probability=position))
    median = levels[2][1]
    return {
        "id": "coverage", "kind": "lines", "title": "Coverage: revenue over required revenue",
        "text": f"Above one, capital is recovered. The median goes from {number(median[0])} to "
                f"{number(median[-1])} "
                f"(±{100 * error[-1] / median[-1]:.2g}% at the end, 95% Monte Carlo interval).",
        "xLabel": _axis(start), "yLabel": "coverage (log.)", "log": True,
        "x": _time(result, start), "mark": 1,
        "bands": [_band(result, "coverage", .05, .95, BLUE, .22, "middle 90% of paths"),
                  _band(result, "coverage", .25, .75, BLUE, .30, "middle 50% of paths", .45)],
        "lines": [{"y": median, "label": "median", "colour": BLUE}],
        "table": _rows_by_year(result, start, *levels, ("± of the median", error))}


def bust_by_date(result: Result, start: float | None) -> Chart:
    """Probability that a bust has begun by each date."""
    p, error = (np.asarray(result.events[name]) for name in ("bust_begun", "bust_begun_se"))
    error = INTERVAL * error
    return {
        "id": "bust", "kind": "lines", "title": "Probability that a bust has begun, by date",
        "text": f"{percent(p[-1], error[-1] / INTERVAL)} of the paths by year "
                f"{_time(result, start)[-1]:g}.",
        "xLabel": _axis(start), "yLabel": "% of paths", "percent": True, "zero": True,
        "x": _time(result, start),
        "bands": [{"low": p - error, "high": p + error, "colour": RED, "strength": .35,
                   "label": "95% Monte Carlo interval"}],
        "lines": [{"y": p, "label": "bust has begun", "colour": RED}],
        "table": _rows_by_year(result, start, ("bust has begun, %", 100 * p), ("±", 100 * error))}


def _steps_or_years(whole: bool, what: str) -> list[str]:
    """The head of a table by year or, where steps do not make up years, by step."""
    return (["year", what.format("year")] if whole
            else ["end of the step", what.format("step")])


def bust_hazard(result: Result, start: float | None) -> Chart:
    """Hazard of a bust by step."""
    table = bust.hazard(result)
    def first(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values[:1], values])  # a step is drawn from its begin

    rate, error = table["hazard"].to_numpy(), INTERVAL * table["hazard_se"].to_numpy()
    whole = bust.whole_years(table)
    rows = bust.years_of(table) if whole else table
    top = table["hazard"].idxmax()
    return {
        "id": "hazard", "kind": "lines", "title": "Hazard of a bust",
        "text": "The rate at which a bust comes on paths that have had none: highest in the step "
                "that ends in "
                f"year {top + (start or 0):g}, at {number(table['hazard'][top])} a year.",
        "xLabel": _axis(start), "yLabel": "hazard, 1/yr", "zero": True, "x": _time(result, start),
        "bands": [{"low": first(rate - error), "high": first(rate + error), "colour": PURPLE,
                   "strength": .35,
                   "label": "95% Monte Carlo interval", "step": True}],
        "lines": [{"y": first(rate), "label": "hazard in the step", "colour": PURPLE,
                   "step": True}],
        "table": {"head": [*_steps_or_years(whole, "hazard over the {}, 1/yr"), "±"],
                  "rows": [[f"{year + (start or 0):g}", number(row["hazard"]),
                            number(INTERVAL * row["hazard_se"])]
                           for year, row in rows.iterrows()]}}


def bust_time(result: Result, start: float | None) -> Chart:
    """Distribution of the bust time."""
    table = bust.hazard(result)
    step, whole = float(result.attrs["step"]), bust.whole_years(table)
    rows = bust.years_of(table)["in_year"] if whole else table["in_step"]
    none = 1 - float(table["probability"].iloc[-1])
    return {
        "id": "bust-time", "kind": "bars", "title": "When busts come",
        "text": f"Share of all paths on which the bust comes in each step of {years_text(step)}; "
                f"on {percent(none)} "
                f"none comes within {years_text(float(result.attrs['horizon']))}.",
        "xLabel": _axis(start), "yLabel": "% of paths", "percent": True, "width": step,
        "x": [float(t) - step / 2 + (start or 0) for t in table.index],
        "bars": [{"y": table["in_step"], "error": INTERVAL * table["in_step_se"],
                  "label": "bust in the step",
                  "colour": RED}],
        "table": {"head": _steps_or_years(whole, "bust in the {}, % of paths"),
                  "rows": [[f"{year + (start or 0):g}", number(100 * share)]
                           for year, share in rows.items()]}}


def bust_depth(result: Result) -> Chart:
    """Distribution of the fall of capital expenditure."""
    table = bust.depth(result)
    bars = [{"y": table["all"], "label": "all paths", "colour": GREY,
             "error": INTERVAL * table["all_se"]}]
    if "bust" in table:
        bars = [{"y": table["bust"], "label": "paths with a bust", "colour": RED,
                 "error": INTERVAL * table["bust_se"]},
                {"y": table["all"] - table["bust"], "label": "paths without a bust", "colour": SKY}]
    columns = [name for name in ("all", "bust") if name in table]
    return {
        "id": "bust-depth", "kind": "bars",
        "title": "How far capital expenditure falls from its peak",
        "text": f"Largest fall on each path, median "
                f"{percent(float(quantile(result.outcome_statistics, 'capex_fall', .5)))}. "
                + kept_text(result, "Bars", table.attrs["size"]),
        "xLabel": "largest fall, %", "xPercent": True, "yLabel": "% of paths", "percent": True,
        "width": float(table["upper"][0] - table["lower"][0]),
        "x": (table["lower"] + table["upper"]) / 2,
        "bars": bars,
        "table": {"head": ["fall, %", *(f"{name} paths, %".replace("bust paths", "with a bust")
                                        for name in columns)],
                  "rows": [[f"{100 * row['lower']:.0f}-{100 * row['upper']:.0f}",
                            *(f"{100 * row[name]:.2f}" for name in columns)] for _,
                           row in table.iterrows()]}}


def waterfall(result: Result, time: float = 0.0) -> Chart:
    """Parts of required revenue."""
    table = required_parts(result, time)
    revenue_now, needed = table.attrs["revenue"], float(table["mean"].iloc[-1])
    rows, below = [], 0.0
    for name, part in table.iloc[:-1].iterrows():
        rows.append({"name": name, "from": below, "to": below + part["mean"],
                     "error": INTERVAL * part["se"],
                     "colour": ORANGE, "text": f"{part['mean']:,.1f}"})
        below += part["mean"]
    rows[-1]["colour"] = GREY
    rows += [{"name": "required revenue", "from": 0, "to": needed,
              "error": INTERVAL * table["se"].iloc[-1],
              "colour": RED, "text": f"{needed:,.1f}"},
             {"name": "revenue", "from": 0, "to": revenue_now,
              "error": INTERVAL * table.attrs["revenue_se"],
              "colour": BLUE, "text": f"{revenue_now:,.1f}"},
             {"name": "missing" if revenue_now < needed else "surplus",
              "from": min(revenue_now, needed), "to": max(revenue_now, needed),
              "error": INTERVAL * table.attrs["gap_se"], "colour": RED, "outline": True,
              "text": f"{abs(needed - revenue_now):,.1f}"}]
    return {
        "id": "waterfall", "kind": "ranges", "title": f"What required revenue is made of, year "
                                                      f"{time:g}",
        "text": f"{needed:,.0f} bn USD a year are required and {revenue_now:,.0f} are there; "
                f"means over {table.attrs['paths']:,} paths.",
        "xLabel": "bn USD a year", "yLabel": "", "rows": rows,
        "table": {"head": ["part", "bn USD a year", "±"],
                  "rows": [[r["name"], r["text"], number(r["error"])] for r in rows]}}


def tornado(result: Result | Batch, count: int = 12) -> Chart:
    """The probability of a bust at a low and a high value of each assumption."""
    table = tornado_table(result, Measure())
    base, rows = table.attrs["base"], []
    for _, row in table.head(count).iterrows():
        # Of two bars on one side the longer begins where the shorter ends.
        low, high = row["low"] - base, row["high"] - base
        near = base + min(low, high, key=abs) if low * high > 0 else base
        begin = {side: near if row[side] != near else base for side in ("low", "high")}
        unit = "" if row["unit"] == "1" else f", {row['unit']}"
        for side, colour in (("low", SKY), ("high", ORANGE)):
            rows.append({"name": row["parameter"] + unit, "from": begin[side],
                         "to": row[side],
                         "colour": colour,
                         "error": INTERVAL * row[f"{side}_se"],
                         "text": number(row[f"{side}_value"]), "side": side,
                         "left": bool(row[side] == min(row["low"], row["high"])
                                      and (side == "low" or row["low"] != row["high"]))})
    how = ("each assumption alone at its low and its high value" if isinstance(result, Batch) else
           "the fifths of the paths that drew the lowest and the highest values of each prior")
    return {
        "id": "tornado", "kind": "ranges", "title": "What moves the probability of a bust",
        "text": f"{how[0].upper()}{how[1:]}, against {percent(base, table.attrs['base_se'])} over "
                f"all. "
                f"{table['parameter'].iloc[0]} moves it most. "
                + ("" if isinstance(result, Batch)
                   else kept_text(result, "Paths", table.attrs["paths"])),
        "xLabel": "probability of a bust within the horizon, %", "yLabel": "", "percent": True,
        "base": base,
        "rows": rows, "sides": ["low value", "high value"],
        "table": {"head": ["assumption", "low value", "bust, %", "±", "high value", "bust, %", "±"],
                  "rows": [[r["parameter"], number(r["low_value"]), f"{100 * r['low']:.1f}",
                            f"{100 * INTERVAL * r['low_se']:.1f}", number(r["high_value"]),
                            f"{100 * r['high']:.1f}",
                            f"{100 * INTERVAL * r['high_se']:.1f}"] for _, r in table.iterrows()]}}


def phase(results: Sequence[Result]) -> Chart:
    """Median coverage against median capital expenditure of each run."""
    lines, rows, labels = [], [], labels_of(results)
    for colour, (result, label) in enumerate(zip(results, labels)):
        time = np.asarray(result.series.time)
        capex, ratio = (quantile(result.series, name, 0.5) for name in ("capex", "coverage"))
        marks = set(at_multiples(time, 1.0))
        lines.append({"label": label, "colour": colour, "points": [
            {"x": x, "y": y, "name": f"year {t:g}", "mark": row in marks}
            for row, (t, x, y) in enumerate(zip(time, capex / capex[0], ratio))]})
        rows += [[label, f"{time[row]:g}", number(capex[row] / capex[0]), number(ratio[row])]
                 for row in sorted(marks)]
    return {
        "id": "phase", "kind": "phase", "title": "The way through the boom",
        "text": "Coverage against capital expenditure, medians of both at the same time; dots "
                "mark whole years. A "
                "median is no path.",
        "xLabel": "capital expenditure, its start = 1 (log.)", "yLabel": "coverage (log.)",
        "lines": lines, "table": {"head": ["run", "year", "capital expenditure", "coverage"],
                                  "rows": rows}}


def compare(results: Sequence[Result]) -> list[Chart]:
    """Median coverage and the probability of a bust of each scenario.

    Horizons may differ, and so may the dates of the starts: time is always in years from the start.
    """
    time = sorted({float(t) for result in results for t in np.asarray(result.series.time)})
    labels = labels_of(results)
    dashes: list[list[int]] = [[], [6, 4], [2, 3], [10, 3, 2, 3], [1, 2], [12, 5]]

    def on(result: Result, values: np.ndarray) -> list[float]:
        own = dict(zip((float(t) for t in np.asarray(result.series.time)), values))
        return [float(own.get(t, np.nan)) for t in time]

    def chart(name: str, title: str, text: str, label: str, values: list[np.ndarray],
              **more: Any) -> Chart:
        scale = 100 if more.get("percent") else 1
        columns = [on(result, v) for result, v in zip(results, values)]
        rows = at_multiples(np.asarray(time), 1.0)
        return {"id": name, "kind": "lines", "title": title, "text": text, "xLabel": _axis(None),
                "yLabel": label,
                "x": time, "bands": [],
                "lines": [{"y": y, "label": label, "colour": i, "dash": dashes[i]}
                          for i, (label, y) in enumerate(zip(labels, columns))],
                "table": {"head": ["year", *labels],
                          "rows": [[f"{time[row]:g}", *(number(scale * c[row]) for c in columns)]
                                   for row in rows]}, **more}

    worst = max(float(np.asarray(r.events.bust_begun_se).max()) for r in results)
    return [
        chart("compare-coverage", "Median coverage of each scenario",
              "Above one, capital is recovered.",
              "coverage (log.)",
              [quantile(r.series, "coverage", 0.5) for r in results], log=True, mark=1),
        chart("compare-bust", "Probability of a bust in each scenario",
              f"Monte Carlo intervals of 95% are at most ±{100 * INTERVAL * worst:.2g} percentage "
              f"points.",
              "% of paths", [np.asarray(r.events.bust_begun) for r in results], percent=True,
              zero=True)]
