"""How much an answer depends on each assumption."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from overbuild.allowed import is_number
from overbuild.errors import ResultError, UsageError
from overbuild.measure import Measure
from overbuild.replicates import standard_error
from overbuild.result import Batch, Result

COLUMNS = ["parameter", "unit", "low_value", "high_value", "low", "low_se", "high", "high_se"]


def tornado_table(result: Result | Batch, measure: Measure = Measure(),
                  share: float = 0.2) -> pd.DataFrame:
    """A statistic at a low and a high value of each assumption, sorted by the width of the swing.

    Of a **batch** that varies one key at a time: the scenarios with the smallest and the largest
    value of each key. Of a **run** with kept outcomes: the paths that drew the lowest and the
    highest `share` of each prior; what else these paths drew is as in the other paths, but for
    priors that are correlated.

    Columns: `parameter`, its `unit`; `low_value`, `high_value` (unit of the parameter; of a run the
    bounds of the shares); `low`, `low_se`, `high`, `high_se`, the statistic there with its standard
    error. `attrs` hold `base`, `base_se` and `kind`, "batch" or "draws", and of a run `paths`,
    of how many paths.

    Of a run with a sampler other than philox the errors are the spread over the run's replicates,
    NaN unless the outcomes of all paths are kept.
    """
    if not is_number(share) or not 0 < share <= 0.5:
        raise ResultError(f"share: found {share!r}; allowed are numbers above 0 up to 0.5")
    table = _of_batch(result, measure) if isinstance(result, Batch) else _of_draws(result, measure,
                                                                                   share)
    order = (table["high"] - table["low"]).abs().sort_values(ascending=False).index
    attrs = table.attrs
    table = table.loc[order].reset_index(drop=True)
    table.attrs = attrs
    return table


def base_scenario(batch: Batch) -> str:
    """Name of the scenario from which every other one differs in one swept key at most.

    ResultError where there is none, as in a grid over two keys.
    """
    values = batch.scenarios().to_numpy()
    for name, own in zip(batch.names, values):
        differs = ~((values == own) | (np.isnan(values) & np.isnan(own)))
        if (differs.sum(axis=1) <= 1).all():
            return name
    raise ResultError(f"{batch.file}: not a sweep that varies one key at a time: no scenario "
                      f"differs "
                      "from all others in one key only (method = \"one_at_a_time\")")


def main_result(opened: Result | Batch, scenario: str | None = None) -> Result:
    """A result itself; of a batch the scenario of that name, otherwise its base case, or else its
    first scenario. UsageError where there is no scenario of that name."""
    if isinstance(opened, Result):
        if scenario is not None:
            raise UsageError(f"{opened.file}: is no batch; --scenario is for batches")
        return opened
    if scenario is not None:
        if scenario not in opened.names:
            near = difflib.get_close_matches(scenario, opened.names, 1)
            raise UsageError(f"{opened.file}: no scenario {scenario!r}"
                             f"{f' (is {near[0]} meant?)' if near else ''}; there are "
                             f"{', '.join(opened.names)}")
        return opened.scenario(scenario)
    return opened.scenario(base_scenario(opened) if has_base(opened) else opened.names[0])


def has_base(batch: Batch) -> bool:
    """Whether a batch has a base case, from which every other scenario differs in one key."""
    try:
        return bool(base_scenario(batch))
    except ResultError:
        return False


def reported(batch: Batch, chosen: Result) -> str:
    """Which scenario of a batch is looked at, in words, and why where that is not its base."""
    words = f"scenario {chosen.name}, {chosen.label}"
    return words if has_base(batch) else f"{words} (the sweep has no base case)"


def _of_batch(batch: Batch, measure: Measure) -> pd.DataFrame:
    base = base_scenario(batch)
    values = batch.scenarios()
    numbers = {name: measure.of(batch.scenario(name)) for name in batch.names}
    rows = []
    for key in batch.swept:
        own = values.loc[base, key]
        differs = values[key].notna() & (values[key] != own)  # NaN differs from every number
        varied = values.index[differs | (values.index == base) & np.isfinite(own)]
        ordered = sorted(varied, key=lambda name: float(values.loc[name, key]))
        if len(ordered) > 1:
            low, high = ordered[0], ordered[-1]
            rows.append([key, batch.dataset("outcomes")[key].attrs.get("units", "1"),
                         values.loc[low, key], values.loc[high, key], *numbers[low],
                         *numbers[high]])
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.attrs = {"base": numbers[base][0], "base_se": numbers[base][1], "kind": "batch"}
    return table


def _of_draws(result: Result, measure: Measure, share: float) -> pd.DataFrame:
    result.require("outcomes", measure.name)
    outcome = np.asarray(result.path_outcomes[measure.name])
    if "path_parameters" not in result.groups:
        raise ResultError(f"{result.file}: no parameter has a prior, so that nothing is drawn; "
                          "sweep parameters with `overbuild batch`")
    rows = []
    for name, variable in result.path_parameters.data_vars.items():
        drawn = np.asarray(variable)
        (low, low_se), (high, high_se) = _ends(drawn, outcome, measure, share)
        errors = standard_error(
            result, len(outcome), lambda part: [value for value, _ in _ends(
                drawn[part], outcome[part], measure, share)], [low_se, high_se])
        rows.append([name, variable.attrs["units"], *np.quantile(drawn, [share, 1 - share]),
                     low, errors[0], high, errors[1]])
    table = pd.DataFrame(rows, columns=COLUMNS)
    base, base_se = measure.over(outcome)
    base_se = float(standard_error(result, len(outcome),
                                   lambda part: measure.over(outcome[part])[0], base_se))
    table.attrs = {"base": base, "base_se": base_se, "kind": "draws", "share": share,
                   "paths": len(outcome)}
    return table


def _ends(drawn: np.ndarray, outcome: np.ndarray, measure: Measure,
          share: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The statistic, with its error, over the paths that drew the lowest and the highest share."""
    low, high = np.quantile(drawn, [share, 1 - share])
    return measure.over(outcome[drawn <= low]), measure.over(outcome[drawn >= high])
