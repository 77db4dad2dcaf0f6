"""All kept paths, a block at a time: memory does not grow with their number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterator

import numpy as np

from overbuild.errors import ResultError
from overbuild.tables import quantile

if TYPE_CHECKING:
    from overbuild.result import Result

BLOCK = 32 * 512  # paths; a multiple of the 512 that a chunk of the file holds


@dataclass(frozen=True)
class Density:
    """How the values of a kept series are spread: `share` (time, bin) of the paths in each bin."""

    time: np.ndarray  # (T,), yr
    edges: np.ndarray  # (bins + 1,), unit of the series
    share: np.ndarray  # (T, bins), 1
    paths: int
    outside: float  # largest share of the paths beyond the edges at any time


def blocks(result: Result, series: str, size: int = BLOCK) -> Iterator[np.ndarray]:
    """The values (path, time) of a kept series, at most `size` paths at a time."""
    kept = result.kept_paths
    if series not in kept:
        raise ResultError(f"{result.file}: no kept series {series}; there are "
                          f"{', '.join(map(str, kept))}")
    variable = kept[series]
    for start in range(0, variable.sizes["path"], size):
        yield variable.isel(path=slice(start, start + size)).values


def density(result: Result, series: str, bins: int = 160, logarithmic: bool = True,
            block: int = BLOCK) -> Density:
    """Shares of the kept paths by time and value, between the 1% and 99% quantiles of all times."""
    data = result.series
    low, high = np.nanmin(quantile(data, series, 0.01)), np.nanmax(quantile(data, series, 0.99))
    if logarithmic and low <= 0:
        raise ResultError(f"{result.file}: {series} is not always positive; no logarithmic axis")
    edges = np.geomspace(low, high, bins + 1) if logarithmic else np.linspace(low, high, bins + 1)
    counts = np.zeros((len(data.time), bins))
    paths = 0
    for values in blocks(result, series, block):
        paths += len(values)
        for step in range(values.shape[1]):
            counts[step] += np.histogram(values[:, step], edges)[0]
    share = counts / paths
    return Density(np.asarray(data.time), edges, share, paths, float(1 - share.sum(axis=1).min()))
