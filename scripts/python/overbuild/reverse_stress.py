"""What `overbuild solve` found: values of a parameter at which a statistic is what was asked."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import xarray as xr

from overbuild.result_file import ResultFile

ROOT_COLUMNS = ["x", "lower", "upper", "lower_open", "upper_open", "statistic", "standard_error",
                "prior_share"]


class ReverseStress:
    """A file of `overbuild solve`: one search, or one for each value of a frontier."""

    def __init__(self, name: str | os.PathLike[str]) -> None:
        self._file = ResultFile(name, ("overbuild solve",))
        self.file = self._file.path
        self.attrs = self._file.attrs

    @property
    def parameter(self) -> str:
        """The parameter whose value was looked for; `attrs["parameter_unit"]` is its unit."""
        return str(self.attrs["parameter"])

    @property
    def against(self) -> str:
        """The parameter that a frontier gives values; "" for one search."""
        return str(self.attrs["against"])

    @property
    def target(self) -> float:
        """What the statistic was to be, in `attrs["statistic_unit"]`."""
        return float(self.attrs["target"])

    @property
    def scan(self) -> xr.Dataset:
        """Statistic and standard error over `x`, the parameter, and in a frontier `against`."""
        return self._file.dataset("scan")

    def evaluations(self) -> pd.DataFrame:
        """Every value that was tried: `x`, `statistic`, `standard_error` and the number of the
        `search`, by search and x."""
        data = self._file.dataset("evaluations")
        return pd.DataFrame({name: np.asarray(data[name])
                             for name in ("search", "x", "statistic", "standard_error")})

    def roots(self) -> pd.DataFrame:
        """The roots: `x` with the ends `lower` and `upper` of its 95% interval (unit of the
        parameter; `lower_open`, `upper_open` where it may reach further), the statistic there with
        its standard error, `prior_share`, the share of the parameter's prior below (NaN without
        one), and of a frontier the value `against`."""
        data = self._file.dataset("roots")
        columns = (["against"] if self.against else []) + ROOT_COLUMNS
        table = pd.DataFrame({name: np.asarray(data[name]) for name in columns})
        return table.astype({"lower_open": bool, "upper_open": bool})

    def close(self) -> None:
        """Closes the file; reading more of it opens it again."""
        self._file.close()

    def __repr__(self) -> str:
        return (f"<overbuild.ReverseStress {self.attrs['statistic']} = {self.target:g} by "
                f"{self.parameter}: {len(self.roots())} roots, {self.file}>")
