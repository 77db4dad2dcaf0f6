"""Standard errors of paths that depend on one another (run.sampler)."""

import re

import numpy as np
import pytest

import overbuild
from conftest import run
from overbuild import bust
from overbuild.analogy.compare import compare
from overbuild.analogy.episodes import episode
from overbuild.errors import ResultError
from overbuild.measure import Measure
from overbuild.predictive import of_result
from overbuild.replicates import places, spread
from overbuild.report.answer import answer, percent
from overbuild.report.build import build_report
from overbuild.required import required_parts
from overbuild.sensitivity import tornado_table

PATHS, REPLICATES, SEEDS = 4096, 8, 16
ALL = 'outputs.outcomes="all"'


def sobol(file, *settings, paths=PATHS, replicates=REPLICATES):
    changed = ["run.sampler=sobol", f"run.replicates={replicates}", "run.horizon=2", *settings]
    return overbuild.open(run(file, "ai_base.toml", "--paths", str(paths), *(
        part for each in changed for part in ("--set", each))))


@pytest.fixture(scope="module")
def seeds(folder):
    return [sobol(folder / f"sobol_{seed}.h5", ALL, "outputs.paths=0", f"run.seed={seed}")
            for seed in range(SEEDS)]


@pytest.fixture(scope="module")
def kept(folder):
    """All outcomes and the series of required revenue of all paths."""
    return sobol(folder / "sobol_kept.h5", ALL, f"outputs.paths={PATHS}", 'outputs.series=["revenue", '
                 '"required_revenue", "coverage", "net_capital", "profit"]')


@pytest.fixture(scope="module")
def some(folder):
    """The outcomes of some paths."""
    return sobol(folder / "sobol_some.h5", "outputs.outcomes=1000")


@pytest.fixture(scope="module")
def none(folder):
    return sobol(folder / "sobol_none.h5", "outputs.outcomes=0")


def numbers(result):
    """Estimates that the package makes itself, each with its standard error."""
    parts, table = required_parts(result), bust.hazard(result)
    year, deep = bust.years_of(table), bust.depth(result, bins=10)
    draws = tornado_table(result).set_index("parameter").loc["bust_hazard"]
    return {
        "required revenue": parts.loc["required revenue"],
        "depreciation": parts.loc["depreciation of IT"],
        "first step": table[["in_step", "in_step_se"]].iloc[0],
        "hazard of a step": table[["hazard", "hazard_se"]].iloc[5],
        "hazard of a year": year[["hazard", "hazard_se"]].iloc[1],
        "depth": deep[["all", "all_se"]].iloc[8],
        "share": result.shares().loc["bust"],
        "draws": draws[["high", "high_se"]]}


def test_errors_are_the_spread_over_seeds(seeds):
    found = [numbers(result) for result in seeds]
    for name in found[0]:
        value, error = np.array([np.asarray(each[name], dtype=float) for each in found]).T
        # F of 15 and 112 degrees of freedom is outside of 0.05 to 5.4 with a probability of 1e-7,
        # so that one of eight numbers is with less than 1e-6. The formula for independent paths is
        # 0.0005 for required revenue.
        assert 0.05 < np.var(value, ddof=1) / np.mean(error ** 2) < 5.4, name


def test_errors_are_those_of_the_file_where_it_has_them(seeds, kept):
    result = seeds[0]
    table, parts = bust.hazard(result), required_parts(result)
    first = float(result.events.bust_begun_se[1])
    assert table.in_step_se.iloc[0] == first
    begun = np.asarray(result.path_outcomes.bust_time)[:, None] <= np.asarray(result.events.time)
    replicates = [begun[part].mean(axis=0) for part in places(result, PATHS)]
    np.testing.assert_allclose(spread(replicates), result.events.bust_begun_se, rtol=1e-9)
    assert parts.loc["required revenue", "se"] == pytest.approx(
        float(result.series.required_revenue_mean_se[0]), rel=1e-6)
    assert parts.loc["fixed operating cost", "se"] == 0  # the same number on all paths
    later = required_parts(kept, 1.0).loc["required revenue", "se"]
    assert later == pytest.approx(float(kept.series.required_revenue_mean_se.sel(time=1)), rel=1e-4)
    table = tornado_table(result)
    assert table.attrs["base_se"] == pytest.approx(
        float(result.outcome_statistics.bust_time_defined_se), rel=1e-9)
    mean = tornado_table(result, Measure("outcomes/capex_fall_mean"))
    assert mean.attrs["base_se"] == pytest.approx(
        float(result.outcome_statistics.capex_fall_mean_se), rel=1e-9)


def test_errors_of_weighted_paths_come_from_replicates(kept):
    values = np.asarray(kept.path_outcomes.capex_fall)
    found = of_result(kept).mean(values)
    # The jackknife of a mean of groups of one size is their spread.
    assert found.se == pytest.approx(float(kept.outcome_statistics.capex_fall_mean_se), rel=1e-9)


@pytest.mark.parametrize("which", ["some", "none"])
def test_no_error_where_not_all_paths_are_kept(which, request):
    result = request.getfixturevalue(which)
    table = bust.hazard(result)
    dt = 0.25
    assert table.in_step_se.iloc[0] == float(result.events.bust_begun_se[1])
    assert table.hazard_se.iloc[0] == pytest.approx(
        table.in_step_se.iloc[0] / (1 - table.in_step.iloc[0]) / dt)
    assert table[["in_step_se", "hazard_se"]].iloc[1:].isna().all(axis=None)
    assert bust.years_of(table).hazard_se.isna().all()
    assert table.se.notna().all() and table.hazard.notna().all()
    assert bust.depth(result).all_se.isna().all()
    assert result.shares().se.isna().all()


def test_parts_and_draws_of_some_paths_have_no_error(some):
    parts, draws = required_parts(some), tornado_table(some)
    assert np.isnan(parts.loc["required revenue", "se"])
    assert parts.loc["fixed operating cost", "se"] == 0
    assert draws[["low_se", "high_se"]].isna().all(axis=None) and np.isnan(draws.attrs["base_se"])
    assert np.isnan(of_result(some).mean(np.asarray(some.path_outcomes.capex_fall)[:200]).se)


def test_pictures_without_errors_say_why(some, kept):
    for draw in (overbuild.plots.bust_by_date, overbuild.plots.bust_distribution,
                 overbuild.plots.waterfall, overbuild.plots.tornado):
        drawn = draw(some)
        drawn.canvas.draw()
        why = "of paths of the sampler sobol it needs all to be kept"
        assert why in " ".join(drawn._supxlabel.get_text().split()), draw
        assert why not in " ".join(draw(kept)._supxlabel.get_text().split()), draw
    for result, named in ((some, False), (kept, True)):
        caption = overbuild.plots.tornado(result)._supxlabel.get_text().split()
        assert ("Whiskers:" in caption) == named


def test_independent_paths_have_the_formulas_of_before(base):
    table = bust.hazard(base)
    p = table.in_step
    np.testing.assert_allclose(table.in_step_se, np.sqrt(p * (1 - p) / base.size), rtol=1e-12)
    assert "sampler" not in base.attrs or base.attrs["sampler"] == "philox"
    assert base.shares().se.iloc[0] == pytest.approx(
        np.sqrt(base.shares().share.iloc[0] * (1 - base.shares().share.iloc[0]) / base.size))


def test_reports_say_no_number_where_an_error_is_not_known(some):
    page = build_report([some])
    assert re.search(r"<td>–</td>", page)
    assert not re.search(r">[^<]*\bnan\b[^<]*</td>", page)


def test_the_answer_has_the_error_of_the_replicates(kept):
    own = np.asarray(kept.path_outcomes.capex_fall)
    bust = np.isfinite(np.asarray(kept.path_outcomes.bust_time))
    medians = [np.median(own[part][bust[part]]) for part in places(kept, len(own))]
    error = np.std(medians, ddof=1) / np.sqrt(len(medians))
    assert f"falls by {percent(float(np.median(own[bust])), float(error))}" in answer(kept)[2]


def test_analogies_refuse_paths_that_depend_on_one_another(kept, base):
    with pytest.raises(ResultError, match="of the sampler sobol, depend on one another"):
        compare([(each, episode("ai")) for each in (base, kept)])
