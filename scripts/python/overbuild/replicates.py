"""Standard errors of what is estimated from kept paths, whatever `run.sampler` was.

Paths of the samplers other than philox depend on one another, so that no formula for independent
paths holds. The run parts them into replicates that are independent of each other
(docs/sampling.md): the estimate is formed in each of them, and its error is their spread.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from overbuild.result import Result


def is_dependent(result: Result) -> bool:
    """Whether the run's sampler makes its paths depend on one another."""
    return str(result.attrs.get("sampler", "philox")) != "philox"


def places(result: Result, kept: int) -> list[slice]:
    """Places of each replicate's paths among `kept` ones; none unless all of the run are kept."""
    count = int(result.attrs.get("replicates", 0))
    if count < 1 or kept != result.size or kept % count:
        return []
    each = kept // count
    return [slice(first, first + each) for first in range(0, kept, each)]


def spread(values: Sequence[ArrayLike]) -> np.ndarray:
    """Standard error of an estimate from its values in the replicates; NaN from one alone, or where
    one of them has no value."""
    table = np.asarray(values, dtype=float)
    if len(table) < 2:
        return np.full(table.shape[1:], np.nan)
    return np.asarray(np.std(table, axis=0, ddof=1) / np.sqrt(len(table)))


def by_replicate(result: Result, kept: int,
                 estimate: Callable[[slice], ArrayLike]) -> list[np.ndarray]:
    """An estimate in each replicate, from the places of its paths."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a replicate without values gives NaN
        return [np.asarray(estimate(part), dtype=float) for part in places(result, kept)]


def standard_error(result: Result, kept: int, estimate: Callable[[slice], ArrayLike],
                   independent: ArrayLike) -> np.ndarray:
    """Standard error of an estimate from the first `kept` paths: `independent`, what the formula
    for independent paths says, if they are; else the spread of `estimate` over the replicates, NaN
    where not all paths are kept."""
    formula = np.asarray(independent, dtype=float)
    if not is_dependent(result):
        return formula
    values = by_replicate(result, kept, estimate)
    return spread(values) if values else np.full(formula.shape, np.nan)
