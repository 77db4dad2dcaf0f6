"""Backtest: scores against closed forms, naive forecasters, paths given data against the exact law,
strict parting of training and test data, the command.

Stochastic checks have fixed seeds. Where a bound is z standard errors, z = 5.2 gives a false alarm
with probability 2e-7 if estimates are normal.
"""

import contextlib
import io
import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

import overbuild
from conftest import PROGRAM, SOURCE
from overbuild import ResultError
from overbuild.analogy.distance import generator
from overbuild.backtest import Options, assess, conditioning, forecast, naive, runs, scores, text
from overbuild.backtest.conditioning import Datum, Observed
from overbuild.backtest.rows import period, read_table
from overbuild.backtest.targets import Target, Targets, actual, read_targets
from overbuild.backtest.text import beside, binomial_range
from overbuild.command import main
from overbuild.predictive.density import log_densities
from overbuild.predictive.posterior import Posterior

Z = 5.2
FIBER = SOURCE / "configs" / "fiber_1999.toml"
DATA = SOURCE / "configs" / "data" / "fiber.csv"
TARGETS = SOURCE / "configs" / "data" / "fiber_targets.toml"
SMALL = Options(until="1999", paths=2000, particles=32, islands=2, program=PROGRAM)


def equal(sample):
    return np.full(len(sample), 1 / len(sample))


# --- scores --------------------------------------------------------------------------------------

def test_crps_of_small_samples_by_hand():
    # mean|x - y| = (1 + 1 + 3)/3; pairs |1-3|, |1-5|, |3-5| have the mean 8/3
    assert scores.crps(np.array([5.0, 1, 3]), equal(range(3)), 2) == pytest.approx(5 / 3 - 4 / 3)
    # weights 1/2, 1/4, 1/4: mean|x - y| = 1/2 + 1/4 + 3/4; sum of w w |x - x'| over pairs is
    # 2 (2/8 + 4/8 + 2/16) = 7/4, over 1 - 3/8
    assert scores.crps(np.array([1.0, 3, 5]), np.array([0.5, 0.25, 0.25]), 2) == pytest.approx(
        1.5 - 0.5 * (7 / 4) / (5 / 8))
    assert scores.crps(np.array([4.0]), np.array([1.0]), 1) == 3


def normal_crps(mean, sd, y):
    """Gneiting and Raftery 2007."""
    z = (y - mean) / sd
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return sd * (z * math.erf(z / math.sqrt(2)) + 2 * density - 1 / math.sqrt(math.pi))


@pytest.mark.parametrize("y", [0.0, 1.0, 4.0])
def test_crps_of_a_normal_is_that_of_the_formula(y):
    sample = generator(3, 0).normal(1, 2, 20000)
    group = np.arange(20000) % 20
    found = scores.score(sample, equal(sample), group, y)
    assert abs(found.crps - normal_crps(1, 2, y)) < Z * found.crps_se
    assert 0 < found.crps_se < 0.05
    assert abs(found.pit - 0.5 * math.erfc((1 - y) / 2 / math.sqrt(2))) < Z * math.sqrt(0.25 / 2e4)


def test_crps_of_weighted_draws_is_that_of_the_weighted_law():
    # Draws of N(0, 2) with weights that make them N(1, 1).
    x = generator(3, 1).normal(0, 2, 40000)
    weight = np.exp(-(x - 1) ** 2 / 2 + x ** 2 / 8)
    found = scores.score(x, weight / weight.sum(), np.arange(40000) % 20, 0.3)
    assert abs(found.crps - normal_crps(1, 1, 0.3)) < Z * found.crps_se
    assert found.crps_se < 0.01


def test_crps_has_no_bias_with_few_draws():
    rng = generator(3, 2)
    own = [scores.crps(rng.normal(size=3), equal(range(3)), 0.5) for _ in range(20000)]
    assert abs(np.mean(own) - normal_crps(0, 1, 0.5)) < Z * np.std(own) / math.sqrt(20000)


def test_quantiles_and_pit_by_hand():
    x, weight = np.array([3.0, 1, 2]), np.array([0.2, 0.5, 0.3])
    assert list(scores.quantiles(x, weight, (0.5, 0.6, 0.9))) == [1, 2, 3]
    assert scores.pit(x, weight, 2) == pytest.approx(0.65)
    assert scores.inside(x, weight, 3, 0.9) and not scores.inside(x, weight, 3, 0.5)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    x = generator(3, 3).normal(size=50)
    found = scores.jackknife(lambda s, w: float(np.sum(s * w)), x, equal(x), np.arange(50))
    assert found == pytest.approx(x.std(ddof=1) / math.sqrt(50))


def test_the_range_of_a_binomial_by_hand():
    assert binomial_range(2, 0.5) == (0, 2)  # 1/4, 1/2, 1/4
    assert binomial_range(10, 0.5) == (2, 8)  # P(X <= 1) = 1.1%, P(X <= 2) = 5.5%
    assert binomial_range(10, 0.9) == (7, 10)  # P(X <= 6) = 1.3%, P(X <= 7) = 7.0%


# --- naive forecasters ---------------------------------------------------------------------------

ROWS = naive.Points(np.array([0.0, 1, 3]), np.array([1.0, 1.3, 1.1]), np.array([0.1, 0.1, 0.1]))
COUNT = 40000


def check_normal(drawn, mean, sd):
    assert abs(drawn.mean() - mean) < Z * sd / math.sqrt(COUNT)
    assert abs(drawn.std() - sd) < Z * sd / math.sqrt(2 * COUNT)


def test_the_random_walk_has_the_spread_of_the_differences():
    drawn = naive.random_walk(ROWS, np.array([4.0, 7.0]), COUNT, generator(4, 0))
    per_year = (0.3 ** 2 + 0.2 ** 2) / 3
    check_normal(drawn[:, 0], 1.1, math.sqrt(per_year))
    check_normal(drawn[:, 1] - drawn[:, 0], 0, math.sqrt(3 * per_year))


def test_the_trend_has_the_prediction_interval_of_the_textbook():
    drawn = naive.trend(ROWS, np.array([6.0]), COUNT, generator(4, 1))[:, 0]
    t, y = ROWS.time, ROWS.log
    slope = np.sum((t - t.mean()) * (y - y.mean())) / np.sum((t - t.mean()) ** 2)
    residual = y - y.mean() - slope * (t - t.mean())
    variance = max(0.1 ** 2, np.sum(residual ** 2) / 1)  # one degree of freedom
    assert variance > 0.1 ** 2
    inflation = 1 + 1 / 3 + (6 - t.mean()) ** 2 / np.sum((t - t.mean()) ** 2)
    check_normal(drawn, y.mean() + slope * (6 - t.mean()), math.sqrt(variance * inflation))


def test_the_trend_of_two_rows_rests_on_their_errors():
    rows = naive.Points(np.array([0.0, 1]), np.array([0.0, -0.4]), np.array([0.2, 0.2]))
    drawn = naive.trend(rows, np.array([2.0]), COUNT, generator(4, 2))[:, 0]
    check_normal(drawn, -0.8, 0.2 * math.sqrt(1 + 1 / 2 + 1.5 ** 2 / 0.5))


def test_the_logistic_finds_a_curve_that_it_is_shown():
    time = np.arange(12.0)
    level = np.log(50) - np.logaddexp(0, 3 - 0.8 * time)
    rows = naive.Points(time, level, np.full(12, 0.01))
    drawn = naive.logistic(rows, np.array([15.0]), 4000, generator(4, 3))[:, 0]
    assert abs(np.median(drawn) - np.log(50)) < 0.03
    assert drawn.std() < 0.05
    trend = naive.trend(rows, np.array([15.0]), 4000, generator(4, 3))[:, 0]
    assert np.median(trend) > np.log(50) + 0.5  # the check has power


@pytest.mark.parametrize("forecaster, have, message", [
    (naive.random_walk, 1, "1 of 2 training rows"), (naive.trend, 1, "1 of 2 training rows"),
    (naive.logistic, 3, "3 of 4 training rows")])
def test_forecasters_say_when_rows_are_too_few(forecaster, have, message):
    rows = naive.Points(ROWS.time[:have], ROWS.log[:have], ROWS.error[:have])
    with pytest.raises(naive.Unable, match=message):
        forecaster(rows, np.array([6.0]), 10, generator(4, 4))


def test_the_constant_hazard_is_that_of_the_formula():
    drawn = naive.hazard(4.0, COUNT, generator(4, 5))
    for t in (1.0, 12.0):
        share = math.sqrt(4 / (4 + t))
        assert abs((drawn > t).mean() - share) < Z * math.sqrt(share * (1 - share) / COUNT)


# --- data, dates, targets ------------------------------------------------------------------------

def test_dates_are_parted_by_the_end_of_their_period():
    table = read_table(DATA)
    training = table.until(period("1999").end)
    assert {row.date for row in training.of("toll_revenue")} == {"1996", "1998", "1999"}
    assert all(row.date < "2000" for row in training.rows)
    assert len(table.until(period("1999-12-30").end).of("nasdaq_composite")) == 6
    assert len(training.of("nasdaq_composite")) == 7
    # What is written is read again as it was.
    assert training.csv().splitlines()[1:] == [line.rstrip("\n") for line in training.text]


def test_what_came_is_computed_by_hand():
    table, start = read_table(DATA), period("1996").first
    targets = {each.name: each for each in read_targets(TARGETS).targets}
    toll = actual(targets["toll revenue 2001"], table, start)
    assert (toll.value, toll.sd, toll.doubtful) == (math.log(99), 0.02, False)
    fall = actual(targets["capex 2001 to 2002"], table, start)
    assert fall.value == pytest.approx(math.log(48.5 / 77))
    assert fall.sd == pytest.approx(math.hypot(0.05, 0.06))
    # 10 March 2000 is 1530 days from the start, the middle of March 2001 1901.5.
    bust = actual(targets["bust date"], table, start)
    assert bust.value == pytest.approx((1530 + 1901.5) / 2 / 365.25)
    assert bust.sd == pytest.approx((1901.5 - 1530) / 365.25 / math.sqrt(12))


@pytest.mark.parametrize("change, message", [
    (('kind = "row"', 'kind = "line"'), "kind is 'line'; allowed are row, ratio"),
    (('remark =', 'remarks ='), "unknown key remarks (is remark meant?)"),
    (('absent =', 'abscent ='), "unknown key abscent (is absent meant?)"),
    (('date = 2001', ''), "target toll revenue 2001: needs date"),
    (('date = 2001', 'date = "spring"'), "date is 'spring'; allowed are YYYY"),
    (('name = "traffic 2002"', 'name = "traffic 2000"'), "two targets are named traffic 2000"),
    (('from = 2001', 'from = 2004'), "is not before"),
    (('data = "toll_revenue"\ndate = 2001', 'data = "toll_revenue"\ndate = 1999'),
     "toll_revenue of 1999 is in the training data, which end with 1999"),
    (('data = "toll_revenue"\ndate = 2001', 'data = "toll_revenue"\ndate = 2004'),
     "toll_revenue has no date '2004'"),
    (('data = "toll_revenue"\ndate = 2001', 'data = "wireless_revenue"\ndate = 2004'),
     "does not observe wireless_revenue"),
])
def test_mistakes_in_targets_are_named(tmp_path, change, message):
    content = TARGETS.read_text(encoding="utf-8")
    assert change[0] in content
    (tmp_path / "t.toml").write_text(content.replace(*change, 1), encoding="utf-8")
    done = command(FIBER, "--until", 1999, "--targets", tmp_path / "t.toml", *QUICK)
    assert done.returncode == 4 and message in done.stderr, done.stderr


# --- paths given the data ------------------------------------------------------------------------

def test_the_density_of_rows_by_hand():
    series = {"x": np.array([[1.0, 2.0, 8.0], [1.0, 1.0, 1.0]]), "y": np.full((2, 3), 2.0)}
    data = [Datum(0.25, 3.0, 0.5), Datum(0.5, 3.0, 0.3), Datum(1.0, 5.0, 0.2)]
    # At 0.25 with steps of 0.5 the logarithm is half of the way from ln 1 to ln 2.
    found = conditioning.fit(series, Observed("d", "x", scale="level"), data, 0.5)
    normal = [(math.log(3) - math.log(2) / 2, 0.5), (math.log(3 / 2), 0.3), (math.log(5 / 8), 0.2)]
    assert found.log_density[0] == pytest.approx(sum(
        -0.5 * math.log(2 * math.pi * sd ** 2) - r ** 2 / 2 / sd ** 2 for r, sd in normal))
    per = conditioning.fit(series, Observed("d", "x", "y", "linear"), data[:1], 0.5)
    assert per.log_density[1] == pytest.approx(
        -0.5 * math.log(2 * math.pi * 0.25) - 2.5 ** 2 / 2 / 0.25)


def test_the_constant_of_relative_rows_is_integrated_out():
    series = {"x": np.exp([[0.0, 0.4, 1.0]])}
    data = [Datum(0.0, math.exp(2.0), 0.3), Datum(1.0, math.exp(2.5), 0.2),
            Datum(2.0, math.exp(2.8), 0.4)]
    found = conditioning.fit(series, Observed("d", "x", scale="relative"), data, 1.0)
    c = np.linspace(-3, 7, 200001)
    log_joint = sum(-0.5 * ((y - x - c) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi))
                    for y, x, sd in ((2.0, 0.0, 0.3), (2.5, 0.4, 0.2), (2.8, 1.0, 0.4)))
    joint = np.exp(log_joint) * (c[1] - c[0])
    assert found.log_density[0] == pytest.approx(math.log(joint.sum()))
    mean = np.sum(c * joint) / joint.sum()
    assert found.mean[0] == pytest.approx(mean)
    assert found.variance == pytest.approx(np.sum((c - mean) ** 2 * joint) / joint.sum())


def test_weights_leave_out_what_did_not_happen():
    weight = conditioning.weights(np.log([1.0, 2, 3, 4]), np.log([1.0, 1, 3, 1]),
                                  np.array([True, True, True, False]))
    assert weight == pytest.approx([0.25, 0.5, 0.25, 0])
    assert conditioning.effective(weight) == pytest.approx(1 / (1 / 16 + 1 / 4 + 1 / 16))
    assert not conditioning.weights(np.zeros(2), np.zeros(2), np.zeros(2, bool)).any()


OU = '''
model = "ou"
[run]
seed = 5
horizon = 4
step = 0.25
[parameters]
reversion = 1.0
volatility = 0.2
initial = {prior = "normal", mean = 1.0, sd = 0.5}
longrun_mean = {prior = "normal", mean = 0.0, sd = 1.0}
[calibration]
start = 2000-01-01
paths = 64
observe = [{data = "x", series = "value", scale = "linear"}]
'''
SEEN = [("2000-04-01", 1.3), ("2000-10-01", 0.4), ("2001-04-20", 1.0), ("2002-05-25", 1.4)]


def exact_ou(times, values, at):
    """Mean and variance of the value at a time given linear interpolations with an error of 0.2."""
    grid = np.arange(17) * 0.25
    fade = np.exp(-grid)
    mean = 1.0 * fade
    cov = (0.25 * np.outer(fade, fade) + 1.0 * np.outer(1 - fade, 1 - fade)
           + 0.02 * (np.exp(-np.abs(grid[:, None] - grid)) - np.outer(fade, fade)))
    look = np.zeros((len(times) + 1, 17))
    for row, time in zip(look, [*times, at]):
        low = int(time / 0.25)
        row[low] += 1 - (time / 0.25 - low)
        row[min(low + 1, 16)] += time / 0.25 - low
    m, c = look @ mean, look @ cov @ look.T
    seen = c[:-1, :-1] + 0.04 * np.eye(len(times))
    gain = np.linalg.solve(seen, c[:-1, -1])
    return m[-1] + gain @ (np.array(values) - m[:-1]), c[-1, -1] - gain @ c[:-1, -1]


def test_paths_given_the_data_have_the_exact_law(tmp_path):
    (tmp_path / "ou.toml").write_text(OU)
    (tmp_path / "x.csv").write_text("series,date,value,uncertainty\n" + "".join(
        f"x,{date},{value},0.2\n" for date, value in SEEN))
    options = Options(until="2002", paths=40000, particles=256, islands=16, program=PROGRAM)
    config = runs.config_of(PROGRAM, tmp_path / "ou.toml", ())
    table = read_table(tmp_path / "x.csv")
    posterior = runs.calibrate(PROGRAM, config, table, "2002", tmp_path, 256, 16)
    start = period("2000").first
    times = [row.period.years_since(start) for row in table.rows]
    assert times == pytest.approx(list(posterior.time), abs=1e-12)  # dates as calibrate has them
    targets = Targets("", period("2003").end, (), start, ())
    found = forecast._ensemble(config, targets, posterior, options, tmp_path)
    value = found.series["value"]
    # Without the particles' likelihoods the data would count twice; the check sees that.
    twice = conditioning.weights(found.fits["x"].log_density, np.zeros(40000), np.ones(40000, bool))
    far = 0.0
    for at in (0.0, 2.5, 4.0):
        sample = value[:, int(at / 0.25)]
        mean, variance = exact_ou(times, [value for _, value in SEEN], at)
        for of, exact in ((lambda s, w: float(np.sum(s * w)), mean),
                          (lambda s, w: float(np.sum((s - mean) ** 2 * w)), variance)):
            error = scores.jackknife(of, sample, found.weight, found.island)
            # t with 15 degrees of freedom: 8 errors have a probability below 1e-6.
            assert abs(of(sample, found.weight) - exact) < 8 * error
            assert error < 0.1 * math.sqrt(variance)
            far = max(far, abs(of(sample, twice) - exact) / error)
    assert far > 8, far


@pytest.fixture(scope="module")
def made():
    return assess.backtest(FIBER, TARGETS, SMALL)


def test_no_path_with_a_bust_in_the_training_years_has_weight(made):
    ensemble = made.forecasts.ensemble
    early = ensemble.outcomes["bust_time"] <= 4
    assert early.any() and not ensemble.weight[early].any()
    assert ensemble.weight.sum() == pytest.approx(1) and 0 < ensemble.excluded < 1
    dates = made.forecasts.by_target["bust date"]["model"].sample[~early]
    assert dates.min() > 4 and dates.max() == pytest.approx(9, abs=0.01)


def bits(done):
    own = done.forecasts
    parts = [own.ensemble.weight, own.ensemble.island]
    for each in own.by_target.values():
        for one in each.values():
            parts += [one.sample, one.weight]
    return [part.tobytes() for part in parts]


def changed_data(folder, later):
    """The data with all rows after 1999 (or those of it, otherwise) changed."""
    lines = DATA.read_text(encoding="utf-8").splitlines()
    table = read_table(DATA)
    for row in table.rows:
        fields = lines[row.line - 1].split(",")
        if (row.date >= "2000") == later and fields[0] in (
                "toll_revenue", "ip_transit_price", "internet_traffic_us", "oc3_price_new_york_los"
                "_angeles", "capex_us_telecom", "lit_capacity_used_share"):
            lines[row.line - 1] = ",".join([*fields[:2], str(3 * row.value), fields[3], "0.44",
                                            *fields[5:]])
    file = folder / f"changed_{later}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_no_later_datum_changes_a_bit_of_the_forecasts(made, tmp_path):
    changed = assess.backtest(FIBER, TARGETS, SMALL, changed_data(tmp_path, True))
    assert bits(changed) == bits(made)
    for mine, other in zip(made.targets, changed.targets):  # but what came is another
        if mine.target.kind in ("row", "level"):
            assert other.actual.value == pytest.approx(mine.actual.value + math.log(3))
            assert other.model.crps != mine.model.crps


def test_earlier_data_do_change_them(made, tmp_path):
    assert bits(assess.backtest(FIBER, TARGETS, SMALL, changed_data(tmp_path, False))) != bits(made)


def test_forecasts_refuse_later_rows():
    config = runs.config_of(PROGRAM, FIBER, ())
    with pytest.raises(ResultError, match="rows are later than 1999"):
        forecast.forecasts(config, read_targets(TARGETS), read_table(DATA), SMALL)


def test_densities_are_those_of_predictive_checks(tmp_path):
    # overbuild.predictive works them out by itself, from posterior and result.
    made = assess.backtest(FIBER, TARGETS, SMALL, folder=tmp_path)
    fits = made.forecasts.ensemble.fits.values()
    other = log_densities(overbuild.open(tmp_path / "predictive.h5"),
                          Posterior.open(tmp_path / "posterior.h5"), SMALL.paths)
    assert np.sum([fit.log_density for fit in fits], axis=0) == pytest.approx(other, rel=1e-10)
    assert np.ptp(other) > 10


def test_the_posterior_rests_on_training_rows_alone(tmp_path):
    config = runs.config_of(PROGRAM, FIBER, ())
    training = read_table(DATA).until(SMALL.end)
    posterior = runs.calibrate(PROGRAM, config, training, "1999", tmp_path, 16, 2)
    assert len(posterior.time) == 9 and posterior.time.max() < 4
    assert set(posterior.value) <= {row.value for row in training.rows}


# --- targets and summaries -----------------------------------------------------------------------

def target(**keys):
    usual = {"name": "t", "kind": "ratio", "data": "d", "periods": (), "series": "", "per": "",
             "outcome": "", "factor": 1.0, "between": (), "discrepancy": 0.0, "naive": "d",
             "remark": ""}
    return Target(**(usual | keys))


def test_a_crossing_is_the_first_step_after_the_training_data(made):
    config = made.forecasts.config
    profit = np.full((3, 40), 5.0)
    profit[0, :30] = 1  # below from before the end of 1999
    profit[1, 20:] = 1
    ensemble = forecast.Ensemble({"profit": profit, "debt": np.full((3, 40), 20.0)}, {}, {},
                                 np.full(3, 1 / 3), np.arange(3), 0.25, 0.0)
    own = target(kind="crossing", series="profit", per="debt", factor=0.1)
    found = forecast._date(made.forecasts.targets, own, ensemble, config, SMALL)
    assert list(found) == pytest.approx([4.25, 5.0, 9.0], abs=0.01)


def test_skill_is_one_less_the_ratio_of_scores(made):
    own = [(each.model.crps, each.scores["trend"].crps) for each in made.scored
           if not isinstance(each.scores["trend"], str)]
    value, _, count = made.skill("trend")
    assert count == len(own) == 7
    assert value == pytest.approx(1 - sum(a for a, _ in own) / sum(b for _, b in own))


def test_the_text_and_the_json_say_the_same(made):
    printed, found = text(made), assess.json_of(made)
    assert f"90% intervals: {found['coverage']['0.9']} of 13" in printed
    for each in found["targets"]:
        own = each["scores"]["model"]
        line = next(line for line in printed.splitlines() if line.startswith(f" {each['name']}"))
        assert f"{own['pit']:.3f} ± {own['pit_se']:.3f}" in line
    assert "effective paths" in printed  # 2,000 paths are too few, and it says so


def test_scores_beside_those_of_another(made):
    other = json.loads(json.dumps(assess.json_of(made), default=float))
    for each in other["targets"]:
        each["scores"]["model"]["crps"] *= 2
    lines = beside(made, other).splitlines()
    assert all(f"{0.5:10.2f} ±" in line for line in lines[3:16])
    assert lines[-2] == "better at 13 of 13 targets; geometric mean of the ratios 0.50"
    with pytest.raises(ResultError, match="no target in common"):
        beside(made, other | {"targets": []})


# --- the command ---------------------------------------------------------------------------------

QUICK = ("--program", PROGRAM, "--paths", 2000, "--particles", 32, "--islands", 2)


def command(*arguments):
    """The command in this process: a new one takes seconds to import what it needs."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["backtest", *map(str, arguments)])
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())


def assert_same(a, b):
    """The same values, apart from the last digits: how NumPy adds depends on where in memory an
    array begins."""
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        for key in a:
            assert_same(a[key], b[key])
    elif isinstance(a, list):
        assert len(a) == len(b)
        for one, other in zip(a, b):
            assert_same(one, other)
    elif isinstance(a, float):
        assert a == pytest.approx(b, rel=1e-9, nan_ok=True)
    else:
        assert a == b


def test_the_command_end_to_end(tmp_path):
    usual = (FIBER, "--until", 1999, "--targets", TARGETS, *QUICK)
    first = command(*usual, "-o", tmp_path / "b.png", "--scores", tmp_path / "s.json")
    assert first.returncode == 0, first.stderr
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")
    assert "Forecast and outcome" in first.stdout and "skill against trend" in first.stdout
    again = command(*usual, "-o", tmp_path / "b.png")
    assert again.returncode == 4 and "exists already" in again.stderr
    second = command(*usual, "--json", "--set", "parameters.price_discipline=0.5")
    version1 = command(*usual, "--json", "--beside", tmp_path / "s.json")
    found = json.loads(version1.stdout)
    assert_same(found, json.loads((tmp_path / "s.json").read_text()))  # a fixed seed
    assert "hold what came" in first.stdout and f" {found['coverage']['0.9']} of 13" in first.stdout
    own = [json.loads(each.stdout)["targets"][4]["scores"]["model"]["median"]
           for each in (second, version1)]
    assert own[0] > own[1]  # sellers who keep their mark-up: dearer transit in 2001


@pytest.mark.parametrize("arguments, message", [
    ((FIBER, "--until", "1999", "--targets", "none.toml"), "none.toml: No such file"),
    ((FIBER, "--until", "1999", "--targets", TARGETS, "--data", "none.csv"),
     "none.csv: No such file"),
    ((FIBER, "--until", "1999", "--targets", TARGETS, "--beside", TARGETS),
     "not a file of --scores"),
    ((FIBER, "--until", "1950", "--targets", TARGETS), "no rows end by 1950"),
    ((FIBER, "--until", "1999", "--targets", TARGETS, "-o", "none/a.png"),
     "none/a.png: there is no folder none"),
])
def test_mistakes_are_named(arguments, message):
    done = command(*QUICK, *arguments)
    assert done.returncode == 4 and message in done.stderr, done.stderr


@pytest.mark.parametrize("arguments, code, message", [
    ((FIBER, "--until", "soon"), 2, "until is 'soon'; allowed are YYYY"),
    ((FIBER, "--until", "1999", "--set", "nonsense"), 3, "expected key=value"),
    ((FIBER, "--until", "1999", "--set", "parameters.price_elastisity=1"), 3, "price_elastisity"),
    ((SOURCE / "configs" / "ai_base.toml", "--until", "1999"), 3, "has no [calibration]")])
def test_mistakes_have_the_exit_codes_of_the_program(arguments, code, message):
    done = command(*QUICK, *arguments, "--targets", TARGETS)
    assert done.returncode == code and message in done.stderr, done.stderr


@pytest.mark.parametrize("arguments, message", [
    (("--paths", "0"), "--paths: '0': allowed are whole numbers from 1"),
    (("-o", "a.xyz"), "a.xyz: no picture ends with .xyz; allowed are "),
    (("-o", ""), "'' is no name of a file"),
    (("--scores", ""), "'' is no name of a file")])
def test_a_wrong_command_line_ends_before_anything_is_run(capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        main(["backtest", str(FIBER), "--until", "1999", "--targets", str(TARGETS), *arguments])
    assert ended.value.code == 2 and message in capsys.readouterr().err


@pytest.mark.parametrize("content", ["[targets]", "5", "{}"])
def test_force_replaces_no_file_but_scores(tmp_path, content):
    other = tmp_path / "other.toml"
    other.write_text(content)
    done = command(*QUICK, FIBER, "--until", "1999", "--targets", TARGETS, "--scores", other,
                   "--force")
    assert done.returncode == 4, done.stderr
    assert "other.toml: exists already and is no file of --scores" in done.stderr
    assert other.read_text() == content


def test_scores_and_table_come_before_the_picture(made, tmp_path, monkeypatch, capsys):
    from overbuild.backtest import command as own, figures

    def fail(_):
        raise overbuild.errors.ResultError("no picture today")
    monkeypatch.setattr(own, "backtest", lambda *_: made)
    monkeypatch.setattr(figures, "fans_and_scores", fail)
    arguments = ["backtest", str(FIBER), "--until", "1999", "--targets", str(TARGETS), "--scores",
                 str(tmp_path / "s.json")]
    assert main([*arguments, "-o", str(tmp_path / "a.png")]) == 4
    seen = capsys.readouterr()
    assert "Forecast and outcome" in seen.out and "no picture today" in seen.err
    assert json.loads((tmp_path / "s.json").read_text())["targets"]
    assert main(arguments) == 4
    assert "s.json: exists already; --force replaces it" in capsys.readouterr().err
    assert main([*arguments, "--force"]) == 0  # scores may be replaced by scores


def test_the_page_has_its_pictures():
    page = (SOURCE / "docs" / "backtest.md").read_text(encoding="utf-8")
    names = [part.split(")")[0] for part in page.split("](pictures/")[1:]]
    assert names and all((SOURCE / "docs" / "pictures" / name).exists() for name in names)
