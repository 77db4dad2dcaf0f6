"""What required revenue is made of (docs/model.md, step 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from overbuild.errors import ResultError
from overbuild.replicates import standard_error

if TYPE_CHECKING:
    from overbuild.result import Result

APPLICATIONS = "share of applications and models"


def _value(result: Result, name: str, paths: int | None) -> np.ndarray:
    """A parameter: one number, or what each of the first `paths` kept paths (None: all) drew."""
    fixed = np.asarray(result.parameters[name])
    if np.isfinite(fixed):
        return fixed
    if "path_parameters" not in result.groups:
        raise ResultError(f"{result.file}: {name} is drawn, and what the paths drew was not kept; "
                          "set outputs.outcomes in the config")
    drawn = np.asarray(result.path_parameters[name])
    if paths is not None and len(drawn) < paths:
        raise ResultError(f"{result.file}: {name} is kept of {len(drawn)} paths, series of "
                          f"{paths}; "
                          "set outputs.outcomes to at least outputs.paths")
    return drawn if paths is None else drawn[:paths]


def _at_start(result: Result) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parts at t = 0, which follow from the parameters alone, and required revenue; bn/yr."""
    (it, shell, wacc, it_life, shell_life, chi, fixed, cost, floor, revenue, elasticity) = (
        _value(result, name, None) for name in (
            "it_capital_0", "shell_capital_0", "wacc", "it_life", "shell_life",
            "infrastructure_share", "fixed_opex", "marginal_cost_0", "price_floor_markup",
            "revenue_0", "price_elasticity"))
    quantity = revenue * np.maximum(1, (1 + floor) * cost) ** -elasticity
    parts = {"return on capital": wacc * (it + shell), "depreciation of IT": it / it_life,
             "depreciation of shell and power": shell / shell_life,
             "running cost": chi * cost * quantity, "fixed operating cost": fixed * (it + shell)}
    return parts, sum(parts.values(), np.zeros(())) / chi


def _later(result: Result, time: float) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Parts at a later time from kept series, path by path; bn/yr."""
    kept = result.kept_paths
    missing = [name for name in ("net_capital", "profit", "revenue", "required_revenue")
               if name not in kept]
    if missing:
        raise ResultError(f"{result.file}: parts of required revenue after the start need the kept "
                          f"series {', '.join(missing)} (outputs.series in the config)")
    now = kept.sel(time=time, method="nearest").load().astype(float)
    if abs(float(now.time) - time) > 1e-6:
        raise ResultError(f"{result.file}: {time:g} yr is no time of the result")
    size = now.sizes["path"]
    wacc, chi = _value(result, "wacc", size), _value(result, "infrastructure_share", size)
    total = np.asarray(now.required_revenue)
    capital = wacc * np.asarray(now.net_capital)
    cost = chi * np.asarray(now.revenue) - np.asarray(now.profit)
    return {"return on capital": capital, "depreciation": chi * total - capital - cost,
            "operating cost": cost}, total


def required_parts(result: Result, time: float = 0.0) -> pd.DataFrame:
    """Means over the paths of the parts of required revenue at a time, in bn/yr.

    Index `part`, columns `mean` and its standard error `se` (0 where nothing is drawn). The parts
    add up to the last row, `required revenue`; `attrs` hold `revenue`, `revenue_se`, `gap_se` and
    `paths`.

    At the start the parts follow from the parameters; drawn ones need kept outcomes. Later ones
    come from the kept paths and need the series net_capital, profit, revenue and required_revenue.

    With a sampler other than philox the errors are the spread over the run's replicates, NaN unless
    all paths are kept.
    """
    result.require("series", "required_revenue", "revenue")
    parts, total = _at_start(result) if time == 0 else _later(result, time)
    parts[APPLICATIONS] = total - sum(parts.values(), np.zeros(()))
    parts["required revenue"] = total
    rows = {name: (float(np.mean(v)), _error(result, v)) for name, v in parts.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "se"]).rename_axis("part")
    _check(result, time, rows["required revenue"][0], _independent_error(total))
    if time == 0:
        now = result.series.isel(time=0)
        revenue = float(now.revenue_mean), float(now.revenue_mean_se)
        # revenue at the start is the same on all paths
        gap_se = float(now.required_revenue_mean_se)
    else:  # of the same paths as the parts
        values = np.asarray(result.kept_paths.revenue.sel(time=time, method="nearest"), dtype=float)
        revenue, gap_se = (float(values.mean()), _error(result, values)), _error(result,
                                                                                 total - values)
    table.attrs = {"revenue": revenue[0], "revenue_se": revenue[1], "gap_se": gap_se,
                   "paths": int(max(np.size(v) for v in parts.values())), "time": time}
    return table


def _error(result: Result, values: np.ndarray) -> float:
    """Standard error of the mean of a value of each path; 0 of one number for all paths."""
    if np.size(values) < 2:
        return 0.0
    return float(standard_error(result, np.size(values), lambda part: np.mean(values[part]),
                                _independent_error(values)))


def _independent_error(values: np.ndarray) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(np.size(values))) if np.size(values) > 1 else 0.0


def _check(result: Result, time: float, mean: float, se: float) -> None:
    """The engine's own mean must agree: otherwise the formulas here are not those of the model.
    `se` is of independent paths, whatever the sampler: a tolerance where some paths are kept."""
    now = result.series.sel(time=time, method="nearest")
    engine = float(now.required_revenue_mean)
    if abs(mean - engine) > 1e-6 * abs(engine) + 6 * se:
        raise ResultError(f"{result.file}: the parts of required revenue add up to {mean:.6g} "
                          f"bn/yr, "
                          f"but the result has {engine:.6g}: it is of another version of the model")
