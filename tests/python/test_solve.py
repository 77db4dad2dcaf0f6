"""Files of `overbuild solve` and `overbuild attribute`, and their pictures."""

import json
import pathlib
import subprocess

import numpy as np
import pytest

import overbuild
from conftest import PROGRAM, SOURCE
from overbuild import plots
from overbuild.result import open_result
from test_plots import outside

CONFIGS = SOURCE / "configs"
TARGET = "P(bust within 5y) = 0.5"


def call(*words: str | pathlib.Path) -> None:
    subprocess.run([PROGRAM, *words], check=True)


def shown(file: pathlib.Path) -> dict:
    text = subprocess.run([PROGRAM, "show", "--json", file], check=True, capture_output=True).stdout
    return json.loads(text)


@pytest.fixture(scope="module")
def single(folder: pathlib.Path) -> overbuild.ReverseStress:
    file = folder / "root.h5"
    call("solve", CONFIGS / "ai_base.toml", "-q", "--paths", "2000", "--for", "bust_hazard", "-t",
         TARGET, "-o", file)
    return overbuild.ReverseStress(file)


@pytest.fixture(scope="module")
def frontier(folder: pathlib.Path) -> overbuild.ReverseStress:
    file = folder / "frontier.h5"
    call("solve", CONFIGS / "ai_base.toml", "-q", "--paths", "2000", "--for", "bust_hazard", "-t",
         TARGET, "--between", "0.01,0.08", "--grid", "9", "--against", "price_elasticity",
         "--values", "0.9:1.5:4", "-o", file)
    return overbuild.ReverseStress(file)


@pytest.fixture(scope="module")
def attribution(folder: pathlib.Path) -> overbuild.Attribution:
    file = folder / "attribution.h5"
    other = folder / "other.toml"
    other.write_text(f'extends = "{CONFIGS / "ai_base.toml"}"\ntitle = "Other"\n[parameters]\n'
                     "wacc = 0.12\nbust_hazard = 0.05\n")
    call("attribute", CONFIGS / "ai_base.toml", other, "-q", "--paths", "2000", "-o", file)
    return overbuild.Attribution(file)


def test_roots_are_those_of_the_program(single, frontier):
    [root] = shown(single.file)["searches"][0]["roots"]
    table = single.roots()
    assert table.loc[0, "x"] == root["x"] and table.loc[0, "upper"] == root["upper"]
    assert not table.loc[0, "lower_open"]
    assert table.loc[0, "prior_share"] == root["prior_share"]
    assert len(single.evaluations()) == len(shown(single.file)["searches"][0]["evaluations"])
    roots = frontier.roots()
    assert list(roots["against"]) == pytest.approx([0.9, 1.1, 1.3, 1.5])
    assert frontier.scan.statistic.shape == (4, 9)
    assert "bust_hazard" in repr(frontier)


def test_changes_are_those_of_the_program(attribution):
    program = {change["name"]: change for change in shown(attribution.file)["changes"]}
    table = attribution.changes()
    assert set(table.index) == set(program) == {"wacc", "bust_hazard"}
    for name, row in table.iterrows():
        assert row["effect"] == program[name]["effect"]["value"]
        assert row["last_se"] == program[name]["last"]["standard_error"]
    assert table["effect"].sum() == pytest.approx(attribution.total[0])
    assert attribution.second[0] - attribution.first[0] == pytest.approx(attribution.total[0])
    runs = attribution.coalitions()
    assert len(runs) == 4 and len(runs[["wacc", "bust_hazard"]].drop_duplicates()) == 4
    both = runs[runs["wacc"] & runs["bust_hazard"]]
    assert list(both["statistic"]) == [attribution.second[0]]


def test_pictures_show_the_numbers(single, frontier, attribution):
    figures = [plots.root(single), plots.frontier(frontier), plots.attribution(attribution)]
    for figure in figures:
        figure.canvas.draw()
        assert outside(figure) == []
        assert "seed" in figure._supxlabel.get_text()
    line = figures[1].axes[0].lines[0]
    assert np.allclose(line.get_ydata(), frontier.roots()["x"])
    bars = figures[2].axes[0].patches
    widths = [bar.get_width() for bar in bars[1:-1]]
    assert widths == pytest.approx(list(attribution.changes()["effect"]))


def test_the_wrong_picture_or_reader_is_told(single, frontier, base_file):
    with pytest.raises(overbuild.ResultError, match="holds one search"):
        plots.frontier(single)
    with pytest.raises(overbuild.ResultError, match="holds a frontier"):
        plots.root(frontier)
    with pytest.raises(overbuild.ResultError, match="overbuild.ReverseStress reads"):
        open_result(single.file)
    assert isinstance(overbuild.open(single.file), overbuild.ReverseStress)
    with pytest.raises(overbuild.ResultError, match="overbuild.open reads"):
        overbuild.Attribution(base_file)


def test_no_root_is_no_row(folder):
    file = folder / "none.h5"
    done = subprocess.run([PROGRAM, "solve", CONFIGS / "ai_base.toml", "-q", "--paths", "600",
                           "--for", "bust_hazard", "-t", TARGET, "--between", "0.5,1", "-o", file])
    assert done.returncode == 5
    stress = overbuild.ReverseStress(file)
    assert stress.roots().empty
    assert plots.root(stress).axes
