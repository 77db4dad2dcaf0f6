"""The parameters of a result or a scenario: what it really used, and where that comes from."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from overbuild.errors import ResultError

if TYPE_CHECKING:
    from overbuild.result import Result

POSTERIOR = "posterior"  # the prior of a parameter that is drawn from a calibration's particles
SWEPT = "sweep"  # the origin of what a sweep sets


def toml_text(value: Any) -> str:
    """A prior as TOML: {prior = "normal", mean = 0.8}."""
    return "{" + ", ".join(f'{key} = "{each}"' if isinstance(each, str) else f"{key} = {each!r}"
                           for key, each in value.items()) + "}"


def swept_in(config: str, scenario: str | None) -> dict[str, Any]:
    """What the sweep sets in a scenario: parameter to number, or to a table of its prior's
    members. The config of a batch file lists its scenarios so (docs/format.md). Of all scenarios
    together (None) the values are those of the last."""
    found: dict[str, Any] = {}
    for table in tomllib.loads(config).get("sweep", []):
        for place, name in enumerate(table["scenario"]):
            if scenario in (None, name):
                found |= {key: {member: numbers[place] for member, numbers in values.items()}
                          if isinstance(values, dict) else values[place]
                          for key, values in table.get("parameters", {}).items()}
    return found


def _row(name: str, variable: xr.Variable, own: dict[str, Any], shared: bool) -> dict[str, Any]:
    values, attrs = np.asarray(variable), variable.attrs
    same = values.ndim == 0 or (values == values.flat[0]).all()
    value = float(values.flat[0]) if same else np.nan
    prior, origin, comment = (str(attrs.get(key, "")) for key in ("prior", "origin", "comment"))
    if not shared:  # of a single scenario, or of a result
        if np.isfinite(value):
            prior = ""
        elif prior and isinstance(own.get(name), dict):
            prior = toml_text(tomllib.loads(f"prior = {prior}")["prior"] | own[name])
        if name in own:  # the base case's line and comment are of another number
            origin, comment = SWEPT, ""
    return {"parameter": name, "value": value, "unit": attrs["units"],
            "symbol": attrs.get("symbol", ""), "prior": prior,
            "meaning": attrs.get("long_name", ""), "source": attrs.get("source", ""),
            "origin": origin, "comment": comment}


def table(parameters: xr.Dataset, config: str, scenario: str | None) -> pd.DataFrame:
    """See Result.assumptions. Of a whole batch a swept parameter has the value NaN unless all
    scenarios share it, and the prior of the base case."""
    shared = "scenario" in parameters.dims
    own = {} if shared else swept_in(config, scenario)
    rows = []
    for name, variable in parameters.variables.items():
        if name == "scenario" or "key" in variable.attrs and "symbol" not in variable.attrs:
            continue  # a coordinate, or a member of a prior that is swept
        rows.append(_row(str(name), variable, own, shared))
    return pd.DataFrame(rows).set_index("parameter")


def posterior_of(result: Result) -> str:
    """The posterior file that the config draws from, with the checksum of its particles:
    `cal.h5 (crc32:0a1b2c3d)`. ResultError where it draws from none."""
    section = tomllib.loads(result.provenance["config"]).get("posterior")
    if not section:
        raise ResultError(f"{result.file}: draws from no posterior")
    checksum = section.get("checksum", "")
    return f"{section['file']} ({checksum})" if checksum else str(section["file"])
