"""Tables (pandas) of what a result holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from overbuild.allowed import positive, whole_number
from overbuild.errors import ResultError
from overbuild.replicates import standard_error

if TYPE_CHECKING:
    from overbuild.result import Result
    from overbuild.result_file import ResultFile

LEVELS = {"5%": 0.05, "25%": 0.25, "50%": 0.50, "75%": 0.75, "95%": 0.95}


def at_multiples(time: np.ndarray, every: float) -> np.ndarray:
    """Indices of the times (yr) that are multiples of `every` years, to rounding."""
    multiple = np.asarray(time) / every
    return np.flatnonzero(np.abs(multiple - np.rint(multiple)) < 1e-6)


def level_index(data: xr.Dataset, level: float) -> int:
    """Position of a quantile's level among the levels of the file; ResultError if it has none."""
    levels = np.asarray(data.probability)
    found = np.flatnonzero(np.isclose(levels, level))
    if len(found) != 1:
        raise ResultError(f"no quantile at {level}; there are "
                          f"{', '.join(f'{p:g}' for p in levels)}")
    return int(found[0])


def quantile(data: xr.Dataset, name: str, level: float) -> np.ndarray:
    """Quantiles of a series by time, or the quantile of an outcome, in its unit."""
    return np.asarray(data[f"{name}_quantile"].isel(probability=level_index(data, level)))


def _quantiles(data: xr.Dataset, name: str) -> dict[str, np.ndarray]:
    values = np.asarray(data[f"{name}_quantile"])
    return {text: values[..., level_index(data, level)] for text, level in LEVELS.items()}


def _series(result: Result, every: float) -> list[pd.DataFrame]:
    data = result.series
    data = data.isel(time=at_multiples(np.asarray(data.time), every))
    return [pd.DataFrame({
        "kind": "series", "name": name, "time": np.asarray(data.time),
        "unit": data[f"{name}_mean"].attrs["units"],
        "defined": np.asarray(data[f"{name}_count"]) / result.size,
        "mean": np.asarray(data[f"{name}_mean"]), "se": np.asarray(data[f"{name}_mean_se"]),
        **_quantiles(data, name)}) for name in result.quantities("series")]


def _events(result: Result, every: float) -> list[pd.DataFrame]:
    data = result.events
    data = data.isel(time=at_multiples(np.asarray(data.time), every))
    return [pd.DataFrame({
        "kind": "events", "name": name, "time": np.asarray(data.time), "unit": "1", "defined": 1.0,
        "mean": np.asarray(data[name]), "se": np.asarray(data[f"{name}_se"])})
        for name in result.quantities("events")]


def codes(result: Result, outcome: str) -> list[str]:
    """Names of the values 0, 1, ... of an outcome that is a code; none where it is no code."""
    smallest = result.outcome_statistics[f"{outcome}_min"]
    return str(smallest.attrs.get("flag_meanings", "")).split()


def shares(result: Result, outcome: str) -> pd.DataFrame:
    """See Result.shares."""
    result.require("outcomes", outcome)
    names, data = codes(result, outcome), result.histograms
    if not names:
        raise ResultError(f"{result.file}: {outcome} is no code; histograms has its distribution")
    lower, upper, count = (np.asarray(data[f"{outcome}_{part}"])
                           for part in ("bin_lower", "bin_upper", "count"))
    paths = int(result.outcome_statistics[f"{outcome}_count"])
    # A bin begins at each code and ends before the next.
    share = np.array([count[(lower == code) | (lower < code) & (code < upper)].sum() / paths
                      for code in range(len(names))])
    kept = np.empty(0)
    if "path_outcomes" in result.groups:
        kept = np.asarray(result.path_outcomes[outcome])

    def of_some(part: slice) -> np.ndarray:
        defined = np.isfinite(kept[part]).sum()
        return np.array([(kept[part] == code).sum() / defined for code in range(len(names))])
    se = standard_error(result, len(kept), of_some, np.sqrt(share * (1 - share) / paths))
    return pd.DataFrame({"share": share, "se": se}, index=pd.Index(names, name="code"))


def _code_rows(result: Result, name: str) -> pd.DataFrame:
    table = shares(result, name)
    return pd.DataFrame({
        "kind": "outcomes", "name": [f"{name} = {code}" for code in table.index], "time": np.nan,
        "unit": "1", "defined": float(result.outcome_statistics[f"{name}_defined"]),
        "mean": table["share"].to_numpy(), "se": table["se"].to_numpy(),
        **{text: np.nan for text in LEVELS}})


def _outcomes(result: Result) -> list[pd.DataFrame]:
    data = result.outcome_statistics
    return [_code_rows(result, name) if codes(result, name) else pd.DataFrame({
        "kind": "outcomes", "name": name, "time": np.nan,
        "unit": data[f"{name}_mean"].attrs["units"], "defined": float(data[f"{name}_defined"]),
        "mean": float(data[f"{name}_mean"]), "se": float(data[f"{name}_mean_se"]),
        **{text: float(value) for text, value in _quantiles(data, name).items()}}, index=[0])
        for name in result.quantities("outcomes")]


def summary(result: Result, every: float) -> pd.DataFrame:
    """See Result.summary."""
    positive("every", every)
    parts = _series(result, every) + _events(result, every) + _outcomes(result)
    columns = ["kind", "name", "time", "unit", "defined", "mean", "se", *LEVELS]
    return pd.concat(parts, ignore_index=True)[columns]


def paths(result: Result, series: Sequence[str] | str | None, start: int,
          count: int | None) -> pd.DataFrame:
    """See Result.paths."""
    whole_number("start", start, 0)
    if count is not None:
        whole_number("count", count, 1)
    data = result.kept_paths
    names = [str(name) for name in data.data_vars]
    chosen = names if series is None else [series] if isinstance(series, str) else list(series)
    for name in chosen:
        if name not in names:
            raise ResultError(f"{result.file}: no kept series {name}; there are {', '.join(names)} "
                              "(set outputs.series in the config)")
    end = None if count is None else start + count
    part = data[chosen].isel(path=slice(start, end))
    table = part.to_dataframe(dim_order=["path", "time"])[chosen]
    table.attrs["units"] = {name: data[name].attrs["units"] for name in chosen}
    return table


def outcomes(result: Result, parameters: bool) -> pd.DataFrame:
    """See Result.outcomes."""
    drawn = parameters and ("path_outcomes" not in result.groups
                            or "path_parameters" in result.groups)  # left out if nothing is drawn
    groups = ["path_outcomes", "path_parameters"] if drawn else ["path_outcomes"]
    columns: dict[str, Any] = {}
    units: dict[str, str] = {}
    index = np.asarray(result.path_outcomes.path)
    for group in groups:
        for name, variable in result.dataset(group).data_vars.items():
            columns[str(name)] = np.asarray(variable)
            units[str(name)] = str(variable.attrs.get("units", "1"))
    table = pd.DataFrame(columns, index=pd.Index(index, name="path"))
    table.attrs["units"] = units
    return table


def scenario_label(file: ResultFile, name: str) -> str:
    """What distinguishes a scenario: its swept values, but those that all scenarios share."""
    data = file.dataset("outcomes")
    position = int(np.flatnonzero(data.scenario.values == name)[0])
    parts = []
    for key in str(file.attrs["swept"]).split():
        values = np.asarray(data[key])
        if np.isfinite(values[position]) and len(np.unique(values)) > 1:
            parts.append(f"{key} = {values[position]:.4g}")
    return ", ".join(parts) if parts else "base case"
