"""The answer of a report in three sentences, every number drawn from the result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from overbuild.bust import hazard, whole_years, years_of
from overbuild.plots.style import INTERVAL
from overbuild.replicates import standard_error
from overbuild.result import Result
from overbuild.tables import quantile

FEW = 30  # paths, below which no bust among them says nothing of use


def percent(share: float, error: float | None = None) -> str:
    """A share in percent with half of its 95% interval: 53.6% (±0.3)."""
    if error is None or not error > 0:
        return f"{100 * share:.3g}%"
    half = 100 * INTERVAL * error
    digits = max(0, -int(np.floor(np.log10(half))))
    return f"{100 * share:.{digits}f}% (±{half:.{digits}f})"


def years(time: float) -> str:
    """A time in words: 5.25 years."""
    return "1 year" if time == 1 else f"{time:.4g} years"


def _coverage(result: Result) -> str:
    time, median = np.asarray(result.series.time), quantile(result.series, "coverage", 0.5)
    above = median >= 1
    changes = np.flatnonzero(above != above[0])
    start = (f"Revenue starts at {percent(float(median[0]))} of what is required to recover "
             "capital and its costs")
    if changes.size == 0:
        side = "above" if above[0] else "below"
        middle = f"stays {side} that for all {years(time[-1])} in the median"
    else:
        verb = "falls below" if above[0] else "reaches"
        middle = f"{verb} it after {years(float(time[changes[0]]))} in the median"
    end = result.events.isel(time=-1)
    return (f"{start}, {middle}, and covers it on "
            f"{percent(float(end.covered), float(end.covered_se))} of the "
            f"paths at the end of year {time[-1]:g}.")


def _bust(result: Result) -> str:
    table = hazard(result)
    last = table.iloc[-1]
    text = (f"A bust begins within {years(float(table.index[-1]))} on "
            f"{percent(last['probability'], last['se'])} of the paths")
    if last["probability"] == 0 and result.size < FEW:
        return (f"{text}; {result.size} {'path is' if result.size == 1 else 'paths are'} too few "
                "to say more about its probability.")
    if last["probability"] == 0:  # Clopper and Pearson; 3/n for many paths
        return (f"{text}, so that its probability is below "
                f"{percent(1 - 0.05 ** (1 / result.size))} with 95% confidence.")
    half = float(table.index[int(np.argmax(table["probability"] >= last["probability"] / 2))])
    return f"{text}; half of these busts come within {years(half)}{_highest_hazard(table)}."


def _highest_hazard(table: pd.DataFrame) -> str:
    """When the hazard is highest: in which year or, where steps do not make up years, in which
    step."""
    whole = whole_years(table)
    rates = years_of(table) if whole else table
    if not rates["hazard"].notna().any():
        return ""
    top = rates["hazard"].idxmax()
    rate = percent(rates["hazard"][top], rates["hazard_se"][top])
    when = (f"in year {top:g}" if whole else
            f"in the step that ends after {years(float(top))}")
    return f", and the hazard is highest {when}, at {rate} a year"


def _median(values: np.ndarray) -> tuple[float, float]:
    """Median and its standard error (Woodruff's, docs/statistics.md)."""
    spread = 0.5 / np.sqrt(len(values))
    low, middle, high = np.quantile(values, [max(0.0, 0.5 - spread), 0.5, min(1.0, 0.5 + spread)])
    return float(middle), float(high - low) / 2


def _depth(result: Result) -> str:
    statistics = result.outcome_statistics
    gap = float(quantile(statistics, "gap_max", 0.5))
    worst = (f"the largest gap between required revenue and revenue is {gap:,.0f} bn USD a year "
             f"in the median of "
             "all paths" if gap > 0 else "on the median of all paths revenue is never short of "
                                         "what is required")
    if "path_outcomes" in result.groups:
        kept = result.path_outcomes
        bust = np.isfinite(np.asarray(kept.bust_time))
        if bust.sum() > 100:
            fell = np.asarray(kept.capex_fall)
            fall, formula = _median(fell[bust])
            fall_se = float(standard_error(
                result, len(fell), lambda part: np.median(fell[part][bust[part]]), formula))
            return (f"Where a bust comes, capital expenditure falls by {percent(fall, fall_se)} "
                    f"from its peak in "
                    f"the median, against "
                    f"{percent(float(np.median(np.asarray(kept.capex_fall)[~bust])))} "
                    f"elsewhere; {worst}." if (~bust).any() else
                    f"Capital expenditure falls by {percent(fall, fall_se)} from its peak in the "
                    f"median; {worst}.")
    fall = float(quantile(statistics, "capex_fall", 0.5))
    position = int(np.flatnonzero(np.isclose(statistics.probability, 0.5))[0])
    fall_se = float(statistics.capex_fall_quantile_se.isel(probability=position))
    return (f"Over all paths, with and without a bust, capital expenditure falls by "
            f"{percent(fall, fall_se)} from "
            f"its peak in the median; {worst}.")


def answer(result: Result) -> list[str]:
    """Three sentences: whether and when revenue suffices, how likely a bust is, and how deep."""
    return [_coverage(result), _bust(result), _depth(result)]
