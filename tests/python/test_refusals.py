"""What the package refuses, and in which words."""

import re
import subprocess

import numpy as np
import pytest

import overbuild
from conftest import PROGRAM, SOURCE
from overbuild import plots


@pytest.fixture(scope="module")
def rare(folder):
    file = folder / "rare_refused.h5"
    subprocess.run([PROGRAM, "rare", SOURCE / "configs" / "ai_base.toml", "--event",
                    "coverage < 0.1 by 3y", "--paths", "2048", "-o", file, "--quiet"], check=True)
    return overbuild.open(file)


def refused(message, make, *args, **options):
    with pytest.raises(overbuild.ResultError, match=re.escape(message)):
        make(*args, **options)


@pytest.mark.parametrize("picture, kind", [
    ("sensitivity", "a Sensitivity (of `overbuild sensitivity`)"),
    ("root", "a ReverseStress (of `overbuild solve`)"),
    ("frontier", "a ReverseStress (of `overbuild solve`)"),
    ("attribution", "an Attribution (of `overbuild attribute`)")])
def test_a_picture_of_another_kind(base, batch, picture, kind):
    draw = getattr(plots, picture)
    refused(f"base.h5: is a Result (of `overbuild run`), but plots.{picture} draws {kind}; "
            "plots.coverage and others draw it", draw, base)
    refused(f"sweep.h5: is a Batch (of `overbuild batch`), but plots.{picture} draws {kind}; "
            "plots.compare and plots.tornado draw it", draw, batch)


def test_a_result_is_wanted(base, batch, rare):
    refused("rare_refused.h5: is a RareEvent (of `overbuild rare`), but plots.coverage draws a "
            "Result (of `overbuild run`); it has no picture; .estimate() is its table",
            plots.coverage, rare)
    refused("sweep.h5: is a batch; choose one of its scenarios, e.g. batch.scenario('0001')",
            plots.compare, [base, batch])
    refused("is a RareEvent", plots.compare, [base, rare])
    refused("is a RareEvent", plots.phase, base, other=rare)
    refused("plots.coverage: found 'ai_base.h5'; it draws a Result", plots.coverage, "ai_base.h5")
    refused("plots.compare: found an object of int; it draws a Result", plots.compare, 3)
    assert plots.compare((base, base)) and plots.tornado(batch)


def test_arguments_of_pictures(base):
    refused("measure: found 'nix'; allowed is a Measure", plots.tornado, base, "nix")
    for wrong in ("abc", float("nan"), np.inf):
        refused(f"start: found {wrong!r}; allowed is the calendar year", plots.coverage, base,
                start=wrong)
    assert plots.coverage(base, start=np.int64(2025)) and plots.coverage(base, start=2025.5)
    for wrong in (-1, 0, 2.5, "3"):
        refused(f"count: found {wrong!r}; allowed are whole numbers from 1", plots.paths, base,
                count=wrong)
    refused("count: found -2; allowed are whole numbers from 1", plots.tornado, base, count=-2)
    refused("count: found -2; allowed are whole numbers from 0", plots.phase, base, base, -2)
    assert plots.phase(base, base, 0)
    for wrong in (0, 0.6, -0.1, float("nan")):
        refused(f"share: found {wrong!r}; allowed are numbers above 0", plots.tornado, base,
                share=wrong)


def test_arguments_of_tables(base, batch):
    for wrong in (0, -1, float("nan"), "1"):
        refused(f"every: found {wrong!r}; allowed are finite numbers above 0", base.summary, wrong)
    refused("start: found -3; allowed are whole numbers from 0", base.paths, start=-3)
    refused("count: found 0; allowed are whole numbers from 1", base.paths, count=0)
    refused("count: found -1; allowed are whole numbers from 1", base.paths, count=-1)
    assert len(base.paths("revenue", start=3999, count=5)) == len(base.series.time)
    refused("sweep.h5: is a batch, of which each scenario has paths: "
            "batch.scenario('0001').paths(...)", batch.paths, "coverage")
    refused("each scenario has shares: batch.scenario('0001').shares(...)", batch.shares)


def test_a_folder_names_its_files(tmp_path):
    refused(f"{tmp_path}: is a folder, and has no result files (NAME.h5)", overbuild.open, tmp_path)
    names = [tmp_path / f"000{number}.h5" for number in range(1, 6)]
    for name in names[:2]:
        name.touch()
    with pytest.raises(overbuild.ResultError) as error:
        overbuild.open(tmp_path)
    assert str(error.value) == (f"{tmp_path}: is a folder; open one of its files: {names[0]}, "
                                f"{names[1]}")
    for name in names:
        name.touch()
    with pytest.raises(overbuild.ResultError) as error:
        overbuild.Sensitivity(tmp_path)
    assert str(error.value).endswith(f"{names[0]}, {names[1]}, {names[2]} and 2 more")
