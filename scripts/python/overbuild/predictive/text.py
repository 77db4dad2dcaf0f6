"""Checks and distributions as text."""

from __future__ import annotations

import math
from typing import Any, Sequence

import numpy as np

from overbuild.errors import ResultError, UsageError
from overbuild.predictive.check import Check
from overbuild.predictive.conditional import Estimate, Paths

FEW = 200  # effective paths below which weighted estimates are to be doubted
OUT = 0.05  # two-sided p-value that is marked


def estimate_text(one: Estimate, factor: float = 1) -> str:
    """A value and its standard error, to the error's second digit: 15.45 ± 0.11."""
    value, se = factor * one.value, factor * one.se
    if not math.isfinite(value):
        return "-"
    if not se > 0 or not math.isfinite(se):
        return f"{value:.3g}"
    digits = max(0, 1 - math.floor(math.log10(se)))
    if digits > 6:
        return f"{value:.6g}"
    return f"{value:.{digits}f} ± {se:.{digits}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    return ["  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                      for i, (cell, w) in enumerate(zip(row, widths))).rstrip()
            for row in (head, *rows)]


def kind(paths: Paths) -> str:
    """What the paths are."""
    return "weighted by the data" if paths.conditional else "equal weights"


def weights_text(paths: Paths) -> str:
    """What is to be known of the weights."""
    share = float(paths.weight.max() / paths.weight.sum())
    line = (f"{paths.label}, {kind(paths)}: {len(paths.weight):,} paths, {paths.effective:,.0f} "
            "effective")
    if paths.conditional:
        line += (f", the heaviest {100 * share:.1f}%; ln of the mean weight "
                 f"{estimate_text(paths.log_mean_weight)}")
    if paths.effective < FEW:
        line += f"\n  DOUBT: fewer than {FEW} effective paths; keep more (outputs.paths)"
    return line


def check_text(fresh: Sequence[Check], given: Sequence[Check]) -> str:
    """The predictive check, series by series. `given` may be empty."""
    lines: list[str] = []
    for place, one in enumerate(fresh):
        other = given[place] if given else None
        observed = one.observed
        lines += ["", f"{observed.name} ({observed.scale}"
                  f"{'' if observed.used else ', not used by the calibration'})"]
        rows = []
        for i, row in enumerate(one.rows):
            cells = [row.date, f"{row.value:.4g}", f"{row.bands[0]:.4g}", f"{row.bands[2]:.4g}",
                     f"{row.bands[4]:.4g}", estimate_text(row.pit)]
            if other:
                cells += [f"{other.rows[i].bands[2]:.4g}", estimate_text(other.rows[i].pit)]
            rows.append([*cells, _mark(row.tail)])
        extra = ["given data 50%", "PIT"] if other else []
        lines += table(["date", "value", "5%", "50%", "95%", "PIT", *extra, ""], rows)
        rows = []
        for i, each in enumerate(one.statistics):
            cells = [each.name, f"{each.observed:.3g}", f"{each.low:.3g}", f"{each.median:.3g}",
                     f"{each.high:.3g}", estimate_text(each.p)]
            if other:
                cells += [f"{other.statistics[i].median:.3g}",
                          estimate_text(other.statistics[i].p)]
            rows.append([*cells, _mark(each.tail)])
        if rows:
            lines += table(["statistic", "value", "5%", "50%", "95%", "p", *(
                ["given data 50%", "p"] if other else []), ""], rows)
        if other and other.fit:
            lines.append(f"chi-squared of replicated data above that of the data: "
                         f"{estimate_text(other.fit)}")
    return "\n".join(lines[1:])


def _mark(tail: float) -> str:
    return "*" if tail < OUT else ""


def verdict(fresh: Sequence[Check]) -> str:
    """How many numbers lie outside, and which series."""
    rows = [row for one in fresh for row in one.rows]
    statistics = [each for one in fresh for each in one.statistics]
    out = sum(row.tail < OUT for row in rows), sum(each.tail < OUT for each in statistics)
    named = [one.observed.name for one in fresh if any(row.tail < OUT for row in one.rows)
             or any(each.tail < OUT for each in one.statistics)]
    text = (f"* marks a two-sided p-value below {OUT:g} with fresh noise: {out[0]} of {len(rows)} "
            f"rows, {out[1]} of {len(statistics)} statistics")
    return text + (f" ({'; '.join(named)})" if named else "")


Row = tuple[str, str, float, list[Estimate]]


def distributions(ensembles: Sequence[Paths], years: Sequence[float], now: float = 0.0
                  ) -> list[Row]:
    """Rows (section, label, factor for the unit, an estimate for each ensemble). `now` (yr) is the
    time of the last datum: busts are also counted among the paths that had none by then."""
    rows: list[Row] = []
    columns = [_values(one, years) for one in ensembles]

    def add(section: str, label: str, factor: float, of: Any) -> None:
        rows.append((section, label, factor,
                     [of(one, column) for one, column in zip(ensembles, columns)]))

    for i, year in enumerate(years):
        for level in (0.05, 0.5, 0.95):
            add("coverage", f"year {year:g}, {100 * level:g}%", 1,
                lambda one, c, i=i, level=level: one.quantile(c["coverage"][:, i], level))
    for year in years:
        add("bust by, %", f"year {year:g}", 100,
            lambda one, c, year=year: one.share(c["bust_time"] <= year))
    for year in years:
        if 0 < now < year:
            add(f"bust by, % of paths without one by year {now:.2f}", f"year {year:g}", 100,
                lambda one, c, year=year: one.share(c["bust_time"] <= year,
                                                    ~(c["bust_time"] <= now)))
    for i, year in enumerate(years):
        add("covered in, %", f"year {year:g}", 100,
            lambda one, c, i=i: one.share(c["coverage"][:, i] >= 1))
    for name, label in (("bust_time", "date of the bust, years from the start"),
                        ("capex_fall", "fall of capex on paths with a bust"),
                        ("recovery_time", "years from bust to recovery")):
        for level in (0.05, 0.5, 0.95):
            add(label, f"{100 * level:g}%", 1, lambda one, c, name=name, level=level: one.quantile(
                c[name], level, np.isfinite(c["bust_time"])))
    add("after a bust, %", "recovered within the horizon", 100, lambda one, c: one.share(
        np.isfinite(c["recovery_time"]), np.isfinite(c["bust_time"])))
    add("after a bust, %", "covered before it", 100, lambda one, c: one.share(
        c["coverage_one_time"] <= c["bust_time"], np.isfinite(c["bust_time"])))
    return rows


def _values(paths: Paths, years: Sequence[float]) -> dict[str, np.ndarray]:
    count = len(paths.weight)
    names = ("bust_time", "capex_fall", "recovery_time", "coverage_one_time")
    paths.result.require("outcomes", *names)
    outcomes = paths.result.path_outcomes
    found = {name: np.asarray(outcomes[name][:count], dtype=float) for name in names}
    kept = paths.result.kept_paths
    if "coverage" not in kept:
        raise ResultError(f"{paths.result.file}: no kept series coverage; there are "
                          f"{', '.join(map(str, kept))} (set outputs.series in the config)")
    found["coverage"] = kept.coverage.isel(
        path=slice(0, count), time=_steps(paths, years)).values.astype(float)
    return found


def _steps(paths: Paths, years: Sequence[float]) -> list[int]:
    """Places of years among the times of the kept paths; UsageError for one that is none."""
    file, time = paths.result.file, np.asarray(paths.result.kept_paths.time, dtype=float)
    found = []
    for year in years:
        if not 0 <= year <= time[-1] * (1 + 1e-9):
            raise UsageError(f"{file}: year {year:g} is outside of the run; allowed are 0 to "
                             f"{time[-1]:g}")
        place = int(np.abs(time - year).argmin())
        if abs(time[place] - year) > 1e-6:
            raise UsageError(f"{file}: year {year:g} is no step of the run; nearest: "
                             f"{time[place]:g}")
        found.append(place)
    return found


def distributions_text(ensembles: Sequence[Paths], rows: Sequence[Row]) -> str:
    """The distributions as a table, a column for each ensemble."""
    cells: list[list[str]] = []
    section = ""
    for name, label, factor, estimates in rows:
        if name != section:
            cells.append([name, *("" for _ in estimates)])
            section = name
        cells.append([f"  {label}", *(estimate_text(one, factor) for one in estimates)])
    lines = table(["", *(one.label for one in ensembles)], cells)
    return "\n".join([*lines, "", *(weights_text(one) for one in ensembles)])
