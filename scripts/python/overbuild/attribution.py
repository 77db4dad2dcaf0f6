"""What `overbuild attribute` found: how much of a difference each change between two configs
makes."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from overbuild.result_file import ResultFile

CHANGE_COLUMNS = ["effect", "effect_se", "path_error", "order_error", "alone", "alone_se", "last",
                  "last_se"]


class Attribution:
    """A file of `overbuild attribute`. Numbers are in `attrs["statistic_unit"]`."""

    def __init__(self, name: str | os.PathLike[str]) -> None:
        self._file = ResultFile(name, ("overbuild attribution",))
        self.file = self._file.path
        self.attrs = self._file.attrs

    @property
    def first(self) -> tuple[float, float]:
        """The statistic of the first scenario, and its standard error."""
        return float(self.attrs["first"]), float(self.attrs["first_se"])

    @property
    def second(self) -> tuple[float, float]:
        """The statistic of the second scenario, and its standard error."""
        return float(self.attrs["second"]), float(self.attrs["second_se"])

    @property
    def total(self) -> tuple[float, float]:
        """Their difference, and its standard error with common random numbers."""
        return float(self.attrs["total"]), float(self.attrs["total_se"])

    def changes(self) -> pd.DataFrame:
        """A row for each change, indexed by its `name`, largest `effect` first: the effect and its
        standard error (from `path_error` and `order_error`), and the differences that the change
        makes `alone` and `last`."""
        data = self._file.dataset("changes")
        table = pd.DataFrame({name: np.asarray(data[name]) for name in CHANGE_COLUMNS},
                             index=pd.Index([str(name) for name in data["name"].values],
                                            name="name"))
        return table.loc[table["effect"].abs().sort_values(ascending=False, kind="stable").index]

    def coalitions(self) -> pd.DataFrame:
        """A row for each scenario that was run: a column for each change, True where it has been
        made, and the `statistic` with its `standard_error`."""
        data = self._file.dataset("coalitions")
        names = [str(name) for name in self._file.dataset("changes")["name"].values]
        table = pd.DataFrame(np.asarray(data["member"], dtype=bool), columns=names)
        table["statistic"] = np.asarray(data["statistic"])
        table["standard_error"] = np.asarray(data["standard_error"])
        return table

    def close(self) -> None:
        """Closes the file; reading more of it opens it again."""
        self._file.close()

    def __repr__(self) -> str:
        return (f"<overbuild.Attribution of {self.attrs['statistic']}: {self.attrs['scenario']} to "
                f"{self.attrs['second_scenario']}, {self.file}>")
