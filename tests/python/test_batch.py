"""Batch files: the scenarios of a sweep."""

import numpy as np
import pytest

import overbuild
from overbuild.measure import Measure
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


def test_report_of_a_sweep(batch):
    from overbuild.report.build import build_report
    page = build_report([batch])
    assert "price_elasticity = 1.4" in page and 'id="tornado"' in page
