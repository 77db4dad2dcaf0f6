"""Files of `overbuild sensitivity` as tables and pictures."""

import json
import pathlib
import subprocess

import numpy as np
import pytest

import overbuild
from conftest import PROGRAM, run
from overbuild.result import open_result

OF = ("--of", "coverage at 2y < 1", "--of", "bust within 2y")


@pytest.fixture(scope="module", params=["sobol", "shapley", "morris"])
def file(request, folder) -> pathlib.Path:
    return run(folder / f"{request.param}.h5", "ai_base.toml", "--rows", "64", "--repeats", "4",
               "-m", request.param, "--resamples", "100", *OF, command="sensitivity")


def test_tables_have_the_numbers_of_the_program(file):
    text = subprocess.run([PROGRAM, "show", "--json", file], check=True, capture_output=True).stdout
    found = json.loads(text)
    with overbuild.Sensitivity(file) as analysis:
        assert analysis.method == found["method"]
        assert analysis.quantities == ("coverage at 2y < 1", "bust within 2y")
        for quantity in found["quantities"]:
            table = analysis.table(quantity["quantity"])
            assert set(table.index) == set(quantity["priors"]) == set(analysis.inputs)
            main = table.columns[0]
            assert (np.diff(table[main]) <= 0).all()
            for prior, indices in quantity["priors"].items():
                for name, estimate in indices.items():
                    for column, part in (("", "value"), ("_se", "standard_error"),
                                         ("_lower", "lower"), ("_upper", "upper")):
                        assert table.loc[prior, name + column] == pytest.approx(
                            estimate[part], rel=1e-12, abs=1e-15)
            moments = analysis.moments().loc[quantity["quantity"]]
            expected = quantity["noise_share"]["value"]
            assert moments["noise_share"] == pytest.approx(
                np.nan if expected is None else expected, nan_ok=True)


def test_shapley_effects_add_up_to_one(file):
    analysis = overbuild.Sensitivity(file)
    if analysis.method == "shapley":
        assert analysis.table()["shapley"].sum() == pytest.approx(1)


def test_the_picture_has_a_bar_for_each_prior_and_index(file):
    analysis = overbuild.Sensitivity(file)
    figure = overbuild.plots.sensitivity(analysis, "bust within 2y", most=10)
    axes = figure.axes[0]
    table = analysis.table("bust within 2y").head(10)
    assert [label.get_text() for label in axes.get_yticklabels()] == list(table.index)
    shown = 1 if analysis.method == "shapley" else 2
    assert len(axes.patches) == 10 * shown
    assert [bar.get_width() for bar in axes.patches[:10]] == pytest.approx(
        list(table[table.columns[0]]))
    figure.canvas.draw()


def test_other_files_and_quantities_are_refused(file, base_file):
    with pytest.raises(overbuild.ResultError, match="has no quantity 'bust'; it has 'coverage at"):
        overbuild.Sensitivity(file).table("bust")
    with pytest.raises(overbuild.ResultError, match="overbuild.Sensitivity reads"):
        open_result(file)
    assert isinstance(overbuild.open(file), overbuild.Sensitivity)
    with pytest.raises(overbuild.ResultError, match="overbuild.open reads"):
        overbuild.Sensitivity(base_file)
