"""What `overbuild calibrate` found: the posterior of a config's priors, as weighted particles."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import xarray as xr

from overbuild.result_file import ResultFile


class Posterior:
    """A file of `overbuild calibrate`."""

    def __init__(self, name: str | os.PathLike[str]) -> None:
        self._file = ResultFile(name, ("overbuild posterior",))
        self.file = self._file.path
        self.attrs = self._file.attrs

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters that have a prior."""
        return str(self._file.dataset("particles").attrs["parameters"]).split()

    @property
    def log_evidence(self) -> tuple[float, float]:
        """Logarithm of the data's density under config and priors, and its standard error."""
        attrs = self.diagnostics.attrs
        return float(attrs["log_evidence"]), float(attrs["log_evidence_error"])

    @property
    def doubts(self) -> list[str]:
        """Why the posterior is not to be trusted; empty when nothing speaks against it."""
        return str(self.diagnostics.attrs["doubts"]).splitlines()

    @property
    def diagnostics(self) -> xr.Dataset:
        """What happened at each temperature (`stage`) of each repetition (`island`)."""
        return self._file.dataset("diagnostics")

    def summary(self) -> pd.DataFrame:
        """One row per parameter, in its `unit`: 5%, 50% and 95% quantiles of the prior
        (`prior_low`, ...) and of the posterior (`low`, `median`, `high`), its `mean` with the
        Monte Carlo error `mean_error`, `sd`, `rhat`, `ess` and `shrinkage`."""
        data = self._file.dataset("summary")
        particles = self._file.dataset("particles")
        table = pd.DataFrame({str(name): np.asarray(data[name]) for name in data.data_vars})
        table = table.set_index("parameter")
        table.insert(0, "unit", [particles[name].attrs["units"] for name in table.index])
        return table

    def particles(self) -> pd.DataFrame:
        """One row per particle: the parameters, in the units of `summary`, and its `weight`; the
        weights sum to one."""
        data = self._file.dataset("particles")
        table = pd.DataFrame({name: np.asarray(data[name]) for name in self.parameters})
        weight = np.exp(np.asarray(data.log_weight))
        return table.assign(weight=weight / weight.sum())

    def observations(self) -> pd.DataFrame:
        """The rows of the data that were used: `time` (yr from the start), `value` in its `unit`,
        `deviation` (of the logarithm, unless the scale is linear), `date`, `status`, `source`."""
        data = self._file.dataset("data")
        return pd.DataFrame({str(name): np.asarray(data[name]) for name in data.data_vars})

    def close(self) -> None:
        """Closes the file; reading more of it opens it again."""
        self._file.close()

    def __repr__(self) -> str:
        return (f"<overbuild.Posterior {self.attrs['title'] or self.attrs['scenario']!r}: "
                f"{self._file.dataset('particles').sizes['particle']:,} particles of "
                f"{len(self.parameters)} parameters, {self.file}>")
