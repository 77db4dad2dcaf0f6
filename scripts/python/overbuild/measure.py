"""A statistic of a result, named as in `[run.until]` of a config: `events/bust_begun`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from overbuild.errors import ResultError
from overbuild.tables import level_index

if TYPE_CHECKING:
    from overbuild.result import Result

SUFFIXES = ("mean", "sd", "skew", "quantile", "defined")


@dataclass(frozen=True)
class Measure:
    """One number of a result.

    `statistic` is `series/NAME_mean` (or `_sd`, `_skew`, `_quantile`), `events/NAME`, or
    `outcomes/NAME_mean` (or `_sd`, `_skew`, `_quantile`, `_defined`). `time` (yr) is for series and
    events, the end unless given; `probability` (1) is for quantiles, the median unless given.
    """

    statistic: str = "outcomes/bust_time_defined"
    time: float | None = None
    probability: float = 0.5

    @property
    def group(self) -> str:
        """The group of the file: series, events or outcomes."""
        return self.statistic.partition("/")[0]

    @property
    def variable(self) -> str:
        """The variable in that group."""
        return self.statistic.partition("/")[2]

    @property
    def name(self) -> str:
        """The series, event or outcome."""
        stem, _, suffix = self.variable.rpartition("_")
        return self.variable if self.group == "events" or suffix not in SUFFIXES else stem

    def of(self, result: Result) -> tuple[float, float]:
        """Value and standard error in a result."""
        if self.group not in ("series", "events", "outcomes"):
            raise ResultError(f"{self.statistic}: must begin with series/, events/ or outcomes/")
        data = result.dataset(self.group)
        if self.variable not in data or f"{self.variable}_se" not in data:
            raise ResultError(f"{result.file}: {self.group} has no statistic {self.variable}; it "
                              f"is of "
                              f"{', '.join(result.quantities(self.group))}")
        pair = []
        for name in (self.variable, f"{self.variable}_se"):
            value = data[name]
            if "time" in value.dims:
                end = float(value.time[-1])
                value = value.sel(time=end if self.time is None else self.time, method="nearest")
            if "probability" in value.dims:
                value = value.isel(probability=level_index(data, self.probability))
            pair.append(float(value))
        return pair[0], pair[1]

    def label(self, result: Result) -> str:
        """What the number is, with its unit, for the axis of a chart."""
        horizon = float(result.attrs["horizon"])
        if self.statistic == "outcomes/bust_time_defined":
            return f"probability of a bust within {horizon:g} years, %"
        variable = result.dataset(self.group)[self.variable]
        unit = {"1": ""}.get(variable.attrs["units"], ", " + variable.attrs["units"])
        when = "" if self.group == "outcomes" else f" at year {self.time or horizon:g}"
        which = {0.5: "median of "}.get(self.probability,
                                        f"{100 * self.probability:g}% quantile of ")
        if self.is_share:
            share = "share of paths with " if self.group == "outcomes" else "probability of "
            return f"{share}{self.name}{when}, %"
        suffix = self.variable.rsplit("_")[-1]
        kind = which if suffix == "quantile" else f"{suffix} of "
        return f"{kind}{self.name}{when}{unit}"

    @property
    def is_share(self) -> bool:
        """Whether the number is a probability, shown in percent."""
        return self.group == "events" or self.variable.endswith("_defined")

    def over(self, values: np.ndarray) -> tuple[float, float]:
        """Value and standard error over some paths, from the outcome's value on each. The error is
        that of independent paths, which those of run.sampler = "philox" alone are."""
        defined = np.isfinite(values)
        if self.group != "outcomes" or not self.variable.endswith(("_defined", "_mean")):
            raise ResultError(f"{self.statistic}: only outcomes/NAME_mean and "
                              f"outcomes/NAME_defined can "
                              "be taken over some of the paths")
        if self.variable.endswith("_defined"):
            p = float(np.mean(defined))
            return p, float(np.sqrt(p * (1 - p) / len(values)))
        kept = values[defined]
        return float(np.mean(kept)), float(np.std(kept, ddof=1) / np.sqrt(len(kept)))
