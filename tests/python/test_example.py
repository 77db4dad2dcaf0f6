"""The examples, and the walk-through of docs/python.md with its printed figures."""

import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from conftest import PROGRAM, SOURCE


def test_the_example_runs(base, base_file, tmp_path):
    picture = tmp_path / "waiting.png"
    run = subprocess.run([sys.executable, SOURCE / "examples" / "python_analysis.py", base_file,
                          picture],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    shares = [float(each) for each in re.findall(r": ([\d.]+) \+-", run.stdout)]
    assert len(shares) == 2
    assert abs(sum(shares) - 100 * float(base.events.bust_begun[-1])) < 0.11  # each is rounded
    assert picture.read_bytes().startswith(b"\x89PNG")


def analysed(file, folder):
    """The table that the example for batches writes; it draws a picture, too."""
    run = subprocess.run([sys.executable, SOURCE / "examples" / "python_batch_analysis.py", file,
                          folder / "table.csv", folder / "picture.png"], capture_output=True,
                         text=True)
    assert run.returncode == 0, run.stderr
    assert (folder / "picture.png").read_bytes().startswith(b"\x89PNG")
    return pd.read_csv(folder / "table.csv", index_col="scenario", dtype={"scenario": str})


def test_the_example_of_a_batch_runs(batch, tmp_path):
    table = analysed(batch.file, tmp_path)
    assert list(table.index) == batch.names and table.loc["0003", "price_elasticity"] == 1.4
    for name in ("0001", "0005"):
        scenario = batch.scenario(name)
        assert table.loc[name, "bust"] == pytest.approx(float(scenario.events.bust_begun[-1]))
        assert table.loc[name, "median_coverage"] == pytest.approx(
            float(scenario.series.coverage_quantile.sel(probability=0.5)[-1]))
    first, other = (batch.scenario(name).outcomes().bust_time.notna() for name in ("0001", "0005"))
    assert table.loc["0005", "change"] == pytest.approx(other.mean() - first.mean())
    # Common draws: few paths change their mind, so that the error is below that of two samples.
    apart = np.sqrt((first.var() + other.var()) / len(first))
    assert 0 < table.loc["0005", "change_se"] < apart


def test_the_example_of_a_batch_compares_where_there_is_no_base_case(tmp_path):
    config = tmp_path / "grid.toml"
    config.write_text(f'''extends = "{SOURCE / "configs" / "ai_base.toml"}"
[outputs]
paths = 0
outcomes = 0
[[sweep]]
method = "grid"
parameters.price_elasticity = [0.6, 1.4]
parameters.shock_rate = [0.1, 1.25]
''')
    subprocess.run([PROGRAM, "batch", config, "--quiet", "--paths", "200", "-o",
                    tmp_path / "grid.h5"], check=True)
    table = analysed(tmp_path / "grid.h5", tmp_path)
    assert len(table) == 4 and "change" not in table  # no outcomes are kept


def test_the_walk_through_prints_what_the_page_says():
    run = subprocess.run([SOURCE / "scripts" / "update_python_page", "--check"],
                         capture_output=True, text=True,
                         env=os.environ)
    assert run.returncode == 0, run.stderr
