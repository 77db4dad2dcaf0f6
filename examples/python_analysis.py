#!/usr/bin/python3
"""An analysis in Python: how much waiting costs.

    overbuild run configs/ai_base.toml
    python3 examples/python_analysis.py ai_base.h5 waiting.png

Splits the probability of a bust by whether coverage had reached one before it, and draws how both
change with the assumed price elasticity of demand. Needs kept outcomes (outputs.outcomes).
"""
import sys

import matplotlib

matplotlib.use("Agg")  # a file, no window
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import overbuild  # noqa: E402


def split(paths: pd.DataFrame) -> pd.DataFrame:
    """Share of the paths with a bust before and after coverage reached one, with standard
    errors."""
    bust = paths.bust_time.notna()
    # The series of the step of a bust are those before it. False where it never was: NaN compares
    # so.
    covered = paths.coverage_one_time <= paths.bust_time
    shares = pd.Series({"bust before coverage of one": (bust & ~covered).mean(),
                        "bust after it": (bust & covered).mean()})
    return pd.DataFrame({"share": shares, "se": np.sqrt(shares * (1 - shares) / len(paths))})


def by_elasticity(paths: pd.DataFrame, groups: int = 5) -> pd.DataFrame:
    """The same for groups of paths by the price elasticity that they drew."""
    parts = {interval.mid: split(part)["share"] for interval, part in
             paths.groupby(pd.qcut(paths.price_elasticity, groups))}
    return pd.DataFrame(parts).T


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with overbuild.open(sys.argv[1]) as result:
        paths = result.outcomes(parameters=True)
        print(f"{result.title}, {len(paths):,} paths")
    table = split(paths)
    for name, row in table.iterrows():
        print(f"{name}: {100 * row['share']:.1f} +- {100 * 1.96 * row['se']:.1f} %")
    figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
    (100 * by_elasticity(paths)).plot.area(ax=axes, color=["#D55E00", "#56B4E9"], linewidth=0)
    axes.set_xlabel("price elasticity of demand")
    axes.set_ylabel("% of paths")
    axes.set_ylim(bottom=0)
    axes.legend(loc="lower right")
    figure.savefig(sys.argv[2], dpi=120)


if __name__ == "__main__":
    main()
