"""Results and batches: lazy Datasets by group, and pandas tables of them."""

from __future__ import annotations

import difflib
import os
from types import TracebackType
from typing import Any, NoReturn, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from overbuild import assumptions, tables
from overbuild.errors import ResultError
from overbuild.result_file import ResultFile


class _Groups:
    """What results and batches have in common: the groups of the file and its attributes."""

    def __init__(self, file: ResultFile, scenario: str | None = None) -> None:
        self._file = file
        self._scenario = scenario

    @property
    def file(self) -> str:
        """Name of the file."""
        return str(self._file.path)

    @property
    def attrs(self) -> dict[str, Any]:
        """Root attributes of the file: `title`, `seed`, `paths`, `horizon` and so on."""
        return self._file.attrs

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups that the file has, for `dataset`."""
        return self._file.groups

    def dataset(self, group: str) -> xr.Dataset:
        """A group of the file (docs/format.md) as a Dataset whose values are read when used."""
        dataset = self._file.dataset(group)
        if self._scenario is None or "scenario" not in dataset.dims:
            return dataset
        return dataset.sel(scenario=self._scenario)

    def quantities(self, group: str) -> list[str]:
        """Names of the series, events or outcomes of the group `series`, `events` or `outcomes`."""
        return str(self._file.dataset(group).attrs.get("quantities", "")).split()

    def require(self, group: str, *names: str) -> None:
        """Raises ResultError unless the group has all of the quantities."""
        there = self.quantities(group)
        for name in names:
            if name not in there:
                near = difflib.get_close_matches(name, there, 1)
                meant = f" (is {near[0]} meant?)" if near else ""
                raise ResultError(f"{self.file}: {group} has no {name}{meant}; it has "
                                  f"{', '.join(there)}")

    @property
    def series(self) -> xr.Dataset:
        """Statistics of the series by `time` (yr): `NAME_mean`, `_sd`, `_quantile` and their
        `_se`."""
        return self.dataset("series")

    @property
    def events(self) -> xr.Dataset:
        """Probability (1) of each event by `time` (yr), and its standard error `NAME_se`."""
        return self.dataset("events")

    @property
    def outcome_statistics(self) -> xr.Dataset:
        """Statistics of the outcomes; `NAME_defined` is the share of paths that have one."""
        return self.dataset("outcomes")

    @property
    def histograms(self) -> xr.Dataset:
        """Number of paths by bin of each outcome, over all paths."""
        return self.dataset("outcome_histograms")

    @property
    def parameters(self) -> xr.Dataset:
        """One value for each parameter, NaN where it is drawn; `attrs` hold prior and source."""
        return self.dataset("parameters")

    @property
    def path_outcomes(self) -> xr.Dataset:
        """Outcomes by `path`, when the config keeps them."""
        return self.dataset("path_outcomes")

    @property
    def path_parameters(self) -> xr.Dataset:
        """Drawn parameters by `path`, when the config keeps outcomes and draws parameters."""
        return self.dataset("path_parameters")

    @property
    def provenance(self) -> dict[str, Any]:
        """How the file was made; `config` is the whole config as TOML."""
        group = self._file.dataset("provenance")
        return dict(group.attrs) | {"config": str(group.config.item())}

    @property
    def title(self) -> str:
        """Title of the config, or its name where it has none."""
        return str(self.attrs.get("title") or self.name)

    @property
    def name(self) -> str:
        """Name of the scenario or batch."""
        return str(self._scenario or self.attrs.get("scenario") or self.attrs.get("batch"))

    @property
    def size(self) -> int:
        """Number of paths in the statistics."""
        return int(self.attrs["paths"])

    def assumptions(self) -> pd.DataFrame:
        """One row per parameter: `value` (NaN if drawn), `unit`, `symbol`, `prior`, `meaning`,
        `source` of the model's default, `origin` of the value (`default`, file and line, `--set`,
        or `sweep`), and the config's `comment` on it.

        `prior` is empty where the value is a number, `posterior` where the parameter is drawn from
        a calibration's particles. Of a whole batch a swept parameter has the value NaN unless all
        scenarios share it, and the base case's prior; those of its scenarios have their own.
        """
        return assumptions.table(self.parameters, self.provenance["config"], self._scenario)

    def close(self) -> None:
        """Closes the file; reading more of it opens it again."""
        self._file.close()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()


class Result(_Groups):
    """One run, or one scenario of a batch."""

    def __enter__(self) -> Result:
        return self

    @property
    def kept_paths(self) -> xr.Dataset:
        """Kept series (`path`, `time`), when the config keeps paths. Read a part at a time:
        `result.kept_paths.coverage.isel(path=slice(0, 100))`."""
        return self.dataset("paths")

    @property
    def label(self) -> str:
        """A short text for legends: the title, or what distinguishes a scenario from its base
        case."""
        return tables.scenario_label(self._file, self._scenario) if self._scenario else self.title

    def summary(self, every: float = 1.0) -> pd.DataFrame:
        """Statistics as `overbuild show` prints them.

        Columns: `kind` (series, events or outcomes), `name`, `time` (yr, at multiples of `every`;
        NaN for outcomes), `unit`, `defined` (share of paths), `mean`, its standard error `se`, and
        the quantiles `5%`, `25%`, `50%`, `75%`, `95%`. The mean of an event is its probability. An
        outcome that is a code has a row for each, `regime_final = bust`, whose mean is its share.
        """
        return tables.summary(self, every)

    def paths(self, series: Sequence[str] | str | None = None, start: int = 0,
              count: int | None = 1000) -> pd.DataFrame:
        """Kept paths, one row for each path and time (yr), one column for each series.

        Reads `count` paths from the `start`-th kept one on; `count=None` reads all of them into
        memory.
        """
        return tables.paths(self, series, start, count)

    def outcomes(self, parameters: bool = False) -> pd.DataFrame:
        """Kept outcomes, one row for each path; with `parameters` also what the path drew.

        NaN marks an outcome that the path does not have (the bust time of a path without a bust).
        `attrs["units"]` of the table holds the unit of each column.
        """
        return tables.outcomes(self, parameters)

    def shares(self, outcome: str = "regime_final") -> pd.DataFrame:
        """Shares of the paths (1), with standard errors, on which an outcome that is a code has
        each value: one row for each name of a code, columns `share` and `se`. With a sampler other
        than philox `se` is the spread over the run's replicates, NaN unless the outcomes of all
        paths are kept."""
        return tables.shares(self, outcome)

    def __repr__(self) -> str:
        return f"<overbuild.Result {self.label!r}: {self.size:,} paths, {self.file}>"


class Batch(_Groups):
    """The scenarios of a sweep. Datasets have a first dimension `scenario`; the draws are common,
    so that differences between scenarios path by path are differences of the swept values."""

    def __enter__(self) -> Batch:
        return self

    def scenarios(self) -> pd.DataFrame:
        """One row per scenario: its swept values, NaN where the parameter is left to its prior."""
        data = self.dataset("outcomes")
        return pd.DataFrame({key: np.asarray(data[key]) for key in self.swept},
                            index=pd.Index(np.asarray(data.scenario), name="scenario"))

    @property
    def swept(self) -> list[str]:
        """Names of the swept keys."""
        return str(self.attrs["swept"]).split()

    @property
    def names(self) -> list[str]:
        """Names of the scenarios."""
        return [str(name) for name in self.dataset("outcomes").scenario.values]

    def scenario(self, name: str) -> Result:
        """One scenario, as a Result. KeyError if there is none of that name."""
        if name not in self.names:
            raise KeyError(f"{self.file}: no scenario {name}; there are {', '.join(self.names)}")
        return Result(self._file, name)

    def summary(self, every: float = 1.0) -> pd.DataFrame:
        """Result.summary() of every scenario, with the scenario's name in the column `scenario`."""
        parts = {name: self.scenario(name).summary(every) for name in self.names}
        return pd.concat(parts, names=["scenario"]).reset_index("scenario").reset_index(drop=True)

    def outcomes(self, parameters: bool = False) -> pd.DataFrame:
        """Result.outcomes() of every scenario; the index is (`scenario`, `path`)."""
        return pd.concat({name: self.scenario(name).outcomes(parameters) for name in self.names},
                         names=["scenario"])

    def paths(self, *_: object, **__: object) -> NoReturn:
        """Raises ResultError: a scenario has paths, not the batch."""
        self._of_a_scenario("paths")

    def shares(self, *_: object, **__: object) -> NoReturn:
        """Raises ResultError: a scenario has shares, not the batch."""
        self._of_a_scenario("shares")

    def _of_a_scenario(self, name: str) -> NoReturn:
        raise ResultError(f"{self.file}: is a batch, of which each scenario has {name}: "
                          f"batch.scenario({self.names[0]!r}).{name}(...)")

    def __repr__(self) -> str:
        return (f"<overbuild.Batch {self.title!r}: {len(self.names)} scenarios of {self.size:,} "
                f"paths, "
                f"{self.file}>")


def open_result(name: str | os.PathLike[str]) -> Result | Batch:
    """Opens a result or a batch file. Nothing but the attributes is read before it is used.

    ResultError if the file is missing, damaged, no result of overbuild or of a newer layout.
    """
    file = ResultFile(name)
    return Batch(file) if file.is_batch else Result(file)
