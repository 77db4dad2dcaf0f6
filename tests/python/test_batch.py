"""Batch files: the scenarios of a sweep."""

import html
import re
import subprocess
import tomllib

import numpy as np
import pytest

import overbuild
from conftest import PROGRAM, SOURCE
from overbuild.command import main
from overbuild.measure import Measure
from overbuild.report.build import build_report
from overbuild.sensitivity import base_scenario, tornado_table


def test_scenarios_and_labels(batch):
    assert isinstance(batch, overbuild.Batch)
    table = batch.scenarios()
    assert list(table.columns) == ["price_elasticity", "bust_hazard", "wacc"]
    assert len(table) == 7 and table.iloc[0].isna().all()
    assert batch.scenario("0001").label == "base case"
    assert batch.scenario("0003").label == "price_elasticity = 1.4"
    with pytest.raises(KeyError, match="no scenario 0009; there are 0001"):
        batch.scenario("0009")


def test_a_scenario_is_a_result(batch):
    scenario = batch.scenario("0002")
    assert scenario.series.coverage_mean.dims == ("time",)
    np.testing.assert_array_equal(scenario.series.coverage_mean, batch.series.coverage_mean[1])
    table = scenario.summary()
    assert set(table.kind) == {"series", "events", "outcomes"}
    assert len(scenario.outcomes()) == 300
    assert len(batch.outcomes()) == 7 * 300
    assert set(batch.summary().scenario) == set(batch.names)


def test_tornado_of_a_sweep(batch):
    assert base_scenario(batch) == "0001"
    measure = Measure("events/bust_begun")
    table = tornado_table(batch, measure).set_index("parameter")
    assert table.attrs["kind"] == "batch"
    # by value, not by place
    assert tuple(table.loc["wacc"][["low_value", "high_value"]]) == (0.08, 0.12)
    assert table.loc["bust_hazard", "high"] == measure.of(batch.scenario("0005"))[0]
    assert table.loc["bust_hazard", "low"] == measure.of(batch.scenario("0004"))[0]
    assert table.index[0] == "bust_hazard"


def test_plots_of_a_sweep(batch):
    overbuild.plots.tornado(batch)
    overbuild.plots.coverage(batch.scenario("0003"))
    overbuild.plots.bust_distribution(batch.scenario("0003"))
    with pytest.raises(overbuild.ResultError, match="7 scenarios do not fit"):
        overbuild.plots.compare(batch)
    overbuild.plots.compare([batch.scenario(name) for name in batch.names[:3]])
    with pytest.raises(overbuild.ResultError, match=r"is a batch; .*batch.scenario\('0001'\)"):
        overbuild.plots.revenue(batch)
    with pytest.raises(overbuild.ResultError, match="batch files have none; `overbuild batch"):
        overbuild.plots.density(batch.scenario("0002"))


def swept(folder, name, sweep):
    """A batch of 200 paths of the AI base case."""
    config = folder / f"{name}.toml"
    config.write_text(f'''extends = "{SOURCE / "configs" / "ai_base.toml"}"
[outputs]
paths = 0
outcomes = 0
[[sweep]]
{sweep}
''')
    subprocess.run([PROGRAM, "batch", config, "--quiet", "--paths", "200", "-o",
                    folder / f"{name}.h5"], check=True)
    return overbuild.open(folder / f"{name}.h5")


@pytest.fixture(scope="module")
def grid(folder):
    """Two assumptions that have priors in the base case, as numbers; there is no base case."""
    return swept(folder, "grid", 'method = "grid"\nparameters.price_elasticity = [0.6, 1.4]\n'
                 "parameters.shock_rate = [0.1, 1.25]")


@pytest.fixture(scope="module")
def medians(folder):
    """A member of a prior, one at a time: the base case's, 0.2 and 0.5."""
    return swept(folder, "medians", 'method = "one_at_a_time"\n'
                 "parameters.shock_rate.median = [0.2, 0.5]")


def parts(page):
    """The rows of the report's tables of assumptions, cells by parameter, by caption."""
    found = {}
    section = page[page.index('<section id="assumptions">'):page.index('<section id="provenance">')]
    for part in section.split("<caption>")[1:]:
        rows = re.findall(r"<code>(\w+)</code>.*?</tr>", part)
        texts = re.findall(r"<code>\w+</code>(.*?)</tr>", part)
        found[part.split("</caption>")[0]] = dict(zip(rows, (
            re.sub(r"<[^>]+>", "|", text) for text in texts)))
    return found


def test_a_scenario_has_the_numbers_that_the_sweep_gave_it(grid, medians):
    row = grid.scenario("0004").assumptions().loc["price_elasticity"]
    assert (row["value"], row["prior"], row["origin"], row["comment"]) == (1.4, "", "sweep", "")
    untouched = grid.scenario("0004").assumptions().loc["it_life"]
    assert np.isnan(untouched["value"]) and 'prior = "triangular"' in untouched["prior"]
    found = [medians.scenario(name).assumptions().loc["shock_rate"] for name in medians.names]
    assert [tomllib.loads(f"p = {row['prior']}")["p"]["median"] for row in found] == [
        0.35, 0.2, 0.5]
    assert [row["origin"] == "sweep" for row in found] == [False, True, True]
    assert 'median = 0.35' in medians.assumptions().loc["shock_rate", "prior"]


def test_the_report_of_a_grid_shows_what_its_scenario_used(grid):
    page = build_report([grid])
    tables = parts(page)
    uncertain, = (rows for caption, rows in tables.items() if "uncertain" in caption)
    fixed, = (rows for caption, rows in tables.items() if "set by the config" in caption)
    assert {"price_elasticity", "shock_rate"} <= set(fixed) and "it_life" in uncertain
    assert not {"price_elasticity", "shock_rate"} & set(uncertain)
    assert "|0.6|" in fixed["price_elasticity"] and "sweep" in fixed["price_elasticity"]
    assert ("reported: scenario 0001, price_elasticity = 0.6, shock_rate = 0.1 (the sweep has no "
            "base case)") in page
    other = build_report([grid], scenario="0004")
    assert "reported: scenario 0004, price_elasticity = 1.4, shock_rate = 1.25" in other
    fixed, = (rows for caption, rows in parts(other).items() if "set by the config" in caption)
    assert "|1.4|" in fixed["price_elasticity"]


def test_the_report_of_a_prior_that_is_swept_shows_the_prior_of_its_scenario(medians):
    assert "median 0.35" in html.unescape(build_report([medians]))
    page = html.unescape(build_report([medians], scenario="0003"))
    assert "median 0.5," in page and "median 0.35" not in page


def test_differences_of_files_are_those_of_the_scenario_that_is_reported(grid, base):
    page = build_report([grid, base], scenario="0004")
    part = page[page.index("<caption>Assumptions in which the files differ"):]
    row = re.search(r"<code>price_elasticity</code>.*?</tr>", part)[0]
    assert ">1.4<" in row and "normal: mean 1.15" in row
    assert "<code>it_life</code>" not in part[:part.index("</table>")]


def test_the_command_names_and_takes_a_scenario(grid, tmp_path, capsys):
    assert main(["plot", grid.file, "-o", str(tmp_path / "pictures"), "--scenario", "0002"]) == 0
    assert capsys.readouterr().out.startswith(
        "pictures of scenario 0002, price_elasticity = 0.6, shock_rate = 1.25 (the sweep has no "
        "base case)\n")
    assert main(["report", grid.file, "-o", str(tmp_path / "a.html"), "--scenario", "004"]) == 2
    assert "no scenario '004' (is 0004 meant?); there are 0001" in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()


def test_report_of_a_sweep(batch):
    page = build_report([batch])
    assert "price_elasticity = 1.4" in page and 'id="tornado"' in page
    assert "reported: scenario 0001, base case<" in page
