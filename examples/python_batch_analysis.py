#!/usr/bin/python3
"""An analysis of a batch in Python: which assumption moves the probability of a bust.

    overbuild batch sweep.toml -o sweep.h5
    python3 examples/python_batch_analysis.py sweep.h5 table.csv picture.png

Writes one row for each scenario: its swept values, the probability of a bust within the horizon,
its difference from the first scenario, and the median coverage at the end, with Monte Carlo
standard errors. Draws a tornado where one key varies at a time; otherwise the first scenarios
beside each other. Differences are path by path where outcomes are kept (outputs.outcomes): path p
has the same draws in every scenario, so that their errors are far smaller.
"""
import sys

import matplotlib

matplotlib.use("Agg")  # a file, no window
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import overbuild  # noqa: E402
from overbuild.measure import Measure  # noqa: E402

COMPARED = 5  # scenarios in one picture


def statistics(batch: overbuild.Batch) -> pd.DataFrame:
    """Swept values, probability of a bust and median coverage at the end, by scenario."""
    table = batch.scenarios()
    end = float(batch.attrs["horizon"])
    for name, quantity in (("bust", "events/bust_begun"),
                           ("median_coverage", "series/coverage_quantile")):
        measure = Measure(quantity, time=end)
        values = [measure.of(batch.scenario(scenario)) for scenario in batch.names]
        table[name], table[f"{name}_se"] = zip(*values)
    return table


def differences(batch: overbuild.Batch) -> pd.DataFrame:
    """Difference of the probability of a bust from the first scenario, path by path."""
    bust = batch.outcomes().bust_time.notna().astype(float).unstack("scenario")
    change = bust.sub(bust[batch.names[0]], axis=0)
    return pd.DataFrame({"change": change.mean(),
                         "change_se": change.std(ddof=1) / np.sqrt(len(change))})


def picture(batch: overbuild.Batch) -> matplotlib.figure.Figure:
    """A tornado, or the first scenarios beside each other where the sweep has no base case."""
    try:
        return overbuild.plots.tornado(batch, Measure("events/bust_begun"))
    except overbuild.ResultError:
        return overbuild.plots.compare([batch.scenario(name) for name in batch.names[:COMPARED]])


def main() -> None:
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with overbuild.open(sys.argv[1]) as batch:
        if not isinstance(batch, overbuild.Batch):
            sys.exit(f"{sys.argv[1]}: is no batch; `overbuild batch` makes one")
        table = statistics(batch)
        if "path_outcomes" in batch.groups:
            table = table.join(differences(batch))
        table.to_csv(sys.argv[2])
        print(f"{batch.title}, {len(table)} scenarios of {batch.size:,} paths")
        print(table.to_string(float_format=lambda value: f"{value:.4g}", na_rep="prior"))
        picture(batch).savefig(sys.argv[3], dpi=120)


if __name__ == "__main__":
    main()
