"""Hazard, depth, parts of required revenue, sensitivity, and sums over kept paths."""

import numpy as np
import pytest

import overbuild
from overbuild import bust
from overbuild.kept import blocks, density
from overbuild.measure import Measure
from overbuild.required import required_parts
from overbuild.sensitivity import tornado_table


def test_hazard_counts_the_busts_of_the_paths(base):
    table = bust.hazard(base)
    times = base.outcomes()["bust_time"]
    count = np.array([(times == t).sum() for t in table.index])
    np.testing.assert_allclose(table["in_step"] * 4000, count, atol=1e-6)
    without = np.array([(~(times < t)).sum() for t in table.index])
    q = count / without
    np.testing.assert_allclose(table["hazard"], -np.log(1 - q) / 0.25)
    np.testing.assert_allclose(table["hazard_se"], np.sqrt(q * (1 - q) / without) / (1 - q) / 0.25)
    np.testing.assert_allclose(table["probability"].iloc[-1], times.notna().mean())


def test_hazard_by_year_is_that_of_the_year(base):
    steps = bust.hazard(base)
    years = bust.years_of(steps)
    assert list(years.index) == list(range(1, 11))
    p = np.concatenate([[0], steps["probability"].loc[np.arange(1.0, 11.0)]])
    np.testing.assert_allclose(years["hazard"], -np.log((1 - p[1:]) / (1 - p[:-1])))
    np.testing.assert_allclose(years["in_year"], np.diff(p))


def test_hazard_refuses_events_that_do_not_last(base):
    with pytest.raises(overbuild.ResultError, match="in_bust is no event that lasts"):
        bust.hazard(base, "in_bust")


def test_depth_counts_paths(base):
    table = bust.depth(base, bins=20)
    outcomes = base.outcomes()
    np.testing.assert_allclose(table["all"] * 4000,
                               np.histogram(outcomes.capex_fall, 20, (0, 1))[0])
    np.testing.assert_allclose(table["bust"].sum(), outcomes.bust_time.notna().mean())
    np.testing.assert_allclose(table["all_se"], np.sqrt(table["all"] * (1 - table["all"]) / 4000))


def test_depth_from_the_histogram_agrees_with_the_paths(base, bare):
    # the same config and seed: the same paths
    for outcome in ("capex_fall", "gap_max", "gap_cumulative"):
        exact, binned = bust.depth(base, outcome), bust.depth(bare, outcome)
        np.testing.assert_allclose(binned[["lower", "upper"]], exact[["lower", "upper"]])
        assert binned["all"].sum() == pytest.approx(1)
        # Cumulated shares differ by what one bin of the histogram (below 0.8% wide) can hold.
        np.testing.assert_allclose(binned["all"].cumsum(), exact["all"].cumsum(), atol=0.02)


def test_required_revenue_is_the_sum_of_its_parts(base):
    for time in (0.0, 5.0):
        table = required_parts(base, time)
        assert table["mean"].iloc[:-1].sum() == pytest.approx(table["mean"].iloc[-1])
        engine = float(base.series.required_revenue_mean.sel(time=time))
        assert table["mean"].iloc[-1] == pytest.approx(engine, rel=1e-6)
        assert (table["mean"] > 0).all()
    start = required_parts(base)
    drawn = base.outcomes(parameters=True)
    assert start.loc["return on capital", "mean"] == pytest.approx((drawn.wacc * 430).mean())
    assert start.loc["depreciation of IT", "mean"] == pytest.approx((260 / drawn.it_life).mean())
    assert start.loc["depreciation of shell and power"].tolist() == pytest.approx([170 / 20, 0])


def test_parts_of_depreciation_agree_at_the_start(base):
    """What the start's formula calls depreciation is what is left over in the kept paths."""
    from overbuild.required import _later
    parts, total = _later(base, 0.0)
    start = required_parts(base)
    depreciation = start["mean"][["depreciation of IT", "depreciation of shell and power"]].sum()
    assert parts["depreciation"].mean() == pytest.approx(depreciation, rel=1e-5)
    assert parts["operating cost"].mean() == pytest.approx(
        start["mean"][["running cost", "fixed operating cost"]].sum(), rel=1e-5)


def test_parts_say_what_is_missing(bare, fiber, base):
    with pytest.raises(overbuild.ResultError, match="it_life is drawn|wacc is drawn"):
        required_parts(bare)
    with pytest.raises(overbuild.ResultError, match="net_capital"):
        required_parts(fiber, 5.0)
    with pytest.raises(overbuild.ResultError, match="5.1 yr is no time"):
        required_parts(base, 5.1)


def test_tornado_of_a_run_splits_its_paths(base):
    table = tornado_table(base, share=0.25)
    assert table.attrs["kind"] == "draws" and len(table) == 14
    drawn = base.outcomes(parameters=True)
    row = table.set_index("parameter").loc["bust_hazard"]
    low = drawn.bust_time[drawn.bust_hazard <= drawn.bust_hazard.quantile(0.25)].notna()
    assert row["low"] == pytest.approx(low.mean())
    assert row["low_se"] == pytest.approx(np.sqrt(low.mean() * (1 - low.mean()) / len(low)))
    swing = (table["high"] - table["low"]).abs()
    assert (swing.diff().dropna() <= 0).all()
    assert table.attrs["base"] == pytest.approx(drawn.bust_time.notna().mean())
    mean = tornado_table(base, Measure("outcomes/capex_fall_mean"))
    assert mean.attrs["base"] == pytest.approx(drawn.capex_fall.mean())


def test_measures_read_the_file(base):
    value, error = Measure("events/bust_begun", time=5).of(base)
    assert (value, error) == (float(base.events.bust_begun.sel(time=5)),
                              float(base.events.bust_begun_se.sel(time=5)))
    value, _ = Measure("series/coverage_quantile", probability=0.05).of(base)
    assert value == float(base.series.coverage_quantile[-1, 1])
    assert Measure().label(base) == "probability of a bust within 10 years, %"
    with pytest.raises(overbuild.ResultError, match="outcomes has no statistic nothing_mean"):
        Measure("outcomes/nothing_mean").of(base)
    with pytest.raises(overbuild.ResultError, match="must begin with"):
        Measure("coverage_mean").of(base)
    with pytest.raises(overbuild.ResultError, match="no quantile at 0.3"):
        Measure("series/coverage_quantile", probability=0.3).of(base)


def test_density_counts_every_path_whatever_the_block(base):
    whole = density(base, "coverage", bins=30)
    parts = density(base, "coverage", bins=30, block=512)
    np.testing.assert_array_equal(whole.share, parts.share)
    values = base.kept_paths.coverage.values
    expected = np.histogram(values[:, 20], whole.edges)[0] / 4000
    np.testing.assert_allclose(whole.share[20], expected)
    assert 0 <= whole.outside <= 0.021  # at most 1% beyond either end, and ties
    with pytest.raises(overbuild.ResultError, match="profit is not always positive|no logarithmic"):
        density(base, "profit")


def test_blocks_hold_all_paths_once(base):
    found = list(blocks(base, "capex", 512))
    assert [len(each) for each in found] == [512] * 7 + [416]
    np.testing.assert_array_equal(np.concatenate(found), base.kept_paths.capex.values)
