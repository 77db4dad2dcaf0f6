"""Weights, checks and distributions given data, against closed forms.

The Ornstein-Uhlenbeck example of docs/calibration.md is linear and Gaussian: parameters, path and
data are jointly normal. Tolerances are TOLERANCE standard errors; with the jackknife's 19 or 15
degrees of freedom a false alarm has a probability below 1e-6 for each comparison.
"""

import json
import os
import pathlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from conftest import PROGRAM, SOURCE
from scipy import integrate, stats

import overbuild
from overbuild.command import main
from overbuild.errors import ResultError
from overbuild.predictive import Estimate, Observed, Posterior, check, of_result
from overbuild.predictive.density import log_density, residuals
from overbuild.predictive.laws import chi_squared_above, normal_below
from overbuild.predictive.text import check_text, distributions, estimate_text, verdict
from overbuild.writing import PNG, write_whole

TOLERANCE = 8.5  # t with 15 degrees of freedom: two-sided 4e-7
REVERSION, VOLATILITY, STEP = 1.0, 0.5, 0.25
CONFIG = """
model = "ou"
title = "Example"
[run]
horizon = 4
step = 0.25
paths = 40000
[outputs]
paths = 40000
outcomes = 40000
[parameters]
reversion = 1.0
volatility = 0.5
initial = {prior = "normal", mean = 1.0, sd = 0.5}
longrun_mean = {prior = "normal", mean = 0.0, sd = 1.0}
[calibration]
start = 2000-01-01
data = "data.csv"
particles = 256
islands = 16
observe = [{data = "x", series = "value", scale = "linear"}]
"""
DATA = """series,date,value,unit,uncertainty,status,source,note
x,2000-04-01,1.3,1,0.5,,simulated,
x,2000-10-01,0.4,1,0.5,,simulated,
x,2001-04-20,1.0,1,0.5,,simulated,
x,2002-05-25,1.4,1,0.5,,simulated,
x,2003-04-01,1.1,1,0.5,,simulated,
x,2003-12-20,1.7,1,0.5,,simulated,
other,1999-12,1,1,0.5,,simulated,
other,2001-02,0.5,1,0.5,,simulated,
other,2001-04-20,9,1,0.5,,simulated,
other,2002,0.7,1,0.5,,simulated,
"""


def overbuild_run(*arguments: object) -> None:
    subprocess.run([PROGRAM, *map(str, arguments), "--quiet"], check=True)


@pytest.fixture(scope="module")
def example(folder: pathlib.Path) -> pathlib.Path:
    """A folder with the config, its data, the posterior, and runs of the prior and of the
    posterior."""
    own = folder / "predictive"
    own.mkdir()
    (own / "ou.toml").write_text(CONFIG)
    (own / "data.csv").write_text(DATA)
    overbuild_run("calibrate", own / "ou.toml", "-o", own / "posterior.h5")
    overbuild_run("run", own / "ou.toml", "-o", own / "prior.h5")
    overbuild_run("run", own / "ou.toml", "-o", own / "drawn.h5", "--set",
                  f'posterior.file="{own / "posterior.h5"}"', "--seed", "7")
    return own


@pytest.fixture(scope="module")
def posterior(example: pathlib.Path) -> Posterior:
    return Posterior.open(example / "posterior.h5")


def opened(example: pathlib.Path, name: str) -> overbuild.Result:
    result = overbuild.open(example / name)
    assert isinstance(result, overbuild.Result)
    return result


class Plain(Observed):
    """Relative rows of a series that may be negative, which takes the place of a logarithm."""

    logarithm = False


class Exact:
    """Moments of (initial, long-run mean, x(0), x(dt), ...) before and after the data."""

    def __init__(self, observed: Observed) -> None:
        steps = 16
        decay = np.exp(-REVERSION * STEP)
        noise = VOLATILITY ** 2 * (1 - decay ** 2) / (2 * REVERSION)
        # x(t) as a linear map of initial, mean and the steps' normals.
        path = np.zeros((steps + 1, 2 + steps))
        path[0, 0] = 1
        for t in range(1, steps + 1):
            path[t] = decay * path[t - 1]
            path[t, 1] += 1 - decay
            path[t, 1 + t] += np.sqrt(noise)
        self.path = path
        self.mean = np.zeros(2 + steps)
        self.mean[0] = 1.0
        self.covariance = np.diag([0.25, 1.0, *np.ones(steps)])
        place = observed.time / STEP
        below = place.astype(int)
        share = (place - below)[:, None]
        self.rows = (1 - share) * path[below] + share * path[np.minimum(below + 1, steps)]
        self.innovation = (self.rows @ self.covariance @ self.rows.T
                           + np.diag(observed.deviation ** 2))
        gain = self.covariance @ self.rows.T @ np.linalg.inv(self.innovation)
        self.given_mean = self.mean + gain @ (observed.y - self.rows @ self.mean)
        self.given_covariance = self.covariance - gain @ self.rows @ self.covariance
        self.log_evidence = stats.multivariate_normal(self.rows @ self.mean,
                                                      self.innovation).logpdf(observed.y)


@pytest.mark.parametrize("name", ["prior.h5", "drawn.h5"])
def test_weighted_paths_have_the_exact_joint_posterior(example, posterior, name):
    exact = Exact(posterior.observed[0])
    paths = of_result(opened(example, name), posterior, condition=True)
    assert paths.effective > 200
    value = paths.result.kept_paths["value"].values.astype(float)
    for step in (0, 5, 16):
        mean = float(exact.path[step] @ exact.given_mean)
        sd = float(np.sqrt(exact.path[step] @ exact.given_covariance @ exact.path[step]))
        found = paths.estimate(lambda w, v=value[:, step]: float(w @ v / w.sum()))
        assert abs(found.value - mean) < TOLERANCE * found.se < sd
        below = paths.share(value[:, step] < mean + 0.5 * sd)
        assert abs(below.value - stats.norm.cdf(0.5)) < TOLERANCE * below.se < 0.3
        high = paths.quantile(value[:, step], 0.8)
        assert abs(high.value - stats.norm(mean, sd).ppf(0.8)) < TOLERANCE * high.se < sd


def test_mean_weight_is_the_evidence_and_one(example, posterior):
    exact = Exact(posterior.observed[0])
    prior = of_result(opened(example, "prior.h5"), posterior, condition=True).log_mean_weight
    assert abs(prior.value - exact.log_evidence) < TOLERANCE * prior.se < 0.6
    drawn = of_result(opened(example, "drawn.h5"), posterior, condition=True).log_mean_weight
    assert abs(drawn.value) < TOLERANCE * drawn.se < 0.6


def test_fresh_paths_predict_each_datum_as_they_should(example, posterior):
    observed = posterior.observed[0]
    exact = Exact(observed)
    found = check(of_result(opened(example, "prior.h5")), observed, posterior.step)
    for place, row in enumerate(found.rows):
        law = stats.norm(exact.rows[place] @ exact.mean, np.sqrt(exact.innovation[place, place]))
        assert abs(row.pit.value - law.cdf(observed.y[place])) < TOLERANCE * row.pit.se < 0.05
        # 40,000 values: the sample quantile's error is that of the share below it.
        share = law.cdf(row.bands)
        error = np.sqrt(share * (1 - share) / 40000)
        assert (np.abs(share - [0.05, 0.25, 0.5, 0.75, 0.95]) < 5.5 * error).all()
        assert row.low == pytest.approx(observed.y[place] - 0.5)
    growth = found.statistics[0]
    difference = exact.rows[-1] - exact.rows[0]
    span = observed.time[-1] - observed.time[0]
    law = stats.norm(difference @ exact.mean / span,
                     np.sqrt(difference @ exact.covariance @ difference + 2 * 0.25) / span)
    assert growth.observed == pytest.approx((1.7 - 1.3) / span)
    assert abs(growth.p.value - law.sf(growth.observed)) < TOLERANCE * growth.p.se < 0.05
    assert found.fit is None


def test_bands_and_statistics_of_relative_rows_are_those_of_their_law(example, posterior):
    observed = Plain(**{**vars(posterior.observed[0]), "scale": "relative",
                        "deviation": np.array([0.5, 1.5, 0.7, 2.0, 1.0, 0.6])})
    exact = Exact(observed)
    share = observed.deviation ** -2 / (observed.deviation ** -2).sum()
    centred = np.eye(6) - np.tile(share, (6, 1))
    mean = centred @ exact.rows @ exact.mean
    covariance = centred @ exact.innovation @ centred.T
    found = check(of_result(opened(example, "prior.h5")), observed, posterior.step)
    for place, row in enumerate(found.rows):
        law = stats.norm(mean[place] + share @ observed.y, np.sqrt(covariance[place, place]))
        below = law.cdf(row.bands)
        assert (np.abs(below - [0.05, 0.25, 0.5, 0.75, 0.95])
                < 5.5 * np.sqrt(below * (1 - below) / 40000)).all()
        assert abs(row.pit.value - law.cdf(observed.y[place])) < TOLERANCE * row.pit.se < 0.05


def test_weighted_paths_fit_the_data_and_shifted_data_are_found(example, posterior):
    observed = posterior.observed[0]
    drawn = opened(example, "drawn.h5")
    given = check(of_result(drawn, posterior, condition=True), observed, posterior.step)
    exact = Exact(observed)
    points = np.random.default_rng(3).multivariate_normal(exact.given_mean, exact.given_covariance,
                                                          100000, method="eigh")
    chi_squared = (((observed.y - points @ exact.rows.T) / observed.deviation) ** 2).sum(axis=1)
    expected = stats.chi2(6).sf(chi_squared).mean()
    assert given.fit is not None
    assert abs(given.fit.value - expected) < TOLERANCE * given.fit.se < 0.2
    far = replace(observed, y=observed.y + np.array([0, 0, 4, 0, 0, 0]))
    fresh = [check(of_result(drawn, posterior), one, posterior.step) for one in (observed, far)]
    assert [row.tail < 0.05 for row in fresh[1].rows] == [i == 2 for i in range(6)]
    assert "1 of 6 rows" in verdict(fresh[1:]) and "0 of 6 rows" in verdict(fresh[:1])
    line = [each for each in check_text(fresh[1:], []).splitlines() if each.startswith("2001-04")]
    assert line[0].endswith("*")


def test_density_of_a_relative_series_integrates_its_constant_out():
    y, deviation = np.array([0.1, 0.7, 0.4]), np.array([0.2, 0.1, 0.3])
    observed = Observed("d", "s", "", "relative", ("a", "b", "c"), np.array([0.0, 1, 2]), y,
                        deviation)
    model = np.array([[0.0, 0.3, 0.5], [1.0, 1.4, 1.2]])
    for path in range(2):
        whole = integrate.quad(lambda c, p=path: float(np.prod(
            stats.norm(c + model[p], deviation).pdf(y))), -5, 5, points=[0, -1], epsabs=1e-13)[0]
        assert log_density(observed, model)[path] == pytest.approx(np.log(whole), abs=1e-6)
    level = Observed("d", "s", "", "level", ("a", "b", "c"), np.array([0.0, 1, 2]), y, deviation)
    assert log_density(level, model) == pytest.approx(
        stats.norm(model, deviation).logpdf(y).sum(axis=1))


def test_relative_rows_lose_their_mean_and_the_variance_it_takes():
    deviation = np.array([0.2, 0.1, 0.3])
    y, model = np.array([0.1, 0.7, 0.4]), np.array([[0.0, 0.3, 0.5], [1.0, 1.4, 1.2]])
    observed = Observed("d", "s", "", "relative", ("a", "b", "c"), np.array([0.0, 1, 2]), y,
                        deviation)
    residual, variance = residuals(observed, model)
    share = deviation ** -2 / (deviation ** -2).sum()
    centred = np.eye(3) - np.tile(share, (3, 1))
    assert residual == pytest.approx((y - model) @ centred.T)
    assert variance == pytest.approx(np.diag(centred @ np.diag(deviation ** 2) @ centred.T))


@pytest.mark.parametrize("freedom", [1, 2, 3, 6, 19])
def test_laws(freedom):
    x = np.array([0.0, 0.3, 4.0, 40.0])
    assert chi_squared_above(x, freedom) == pytest.approx(stats.chi2(freedom).sf(x), rel=1e-10)
    assert normal_below(x - 2) == pytest.approx(stats.norm.cdf(x - 2), rel=1e-12)


def test_relative_rows_are_uniform_under_their_own_law(example, posterior):
    """Data made by the model: the transform of a row is uniform over data sets."""
    result = opened(example, "prior.h5")
    few = 400
    model = result.kept_paths["value"].isel(path=slice(0, few), time=[2, 8, 12]).values.astype(float)
    generator = np.random.default_rng(5)
    deviation = np.array([0.3, 0.5, 0.4])
    data = model + deviation * generator.standard_normal(model.shape) + 3.0
    paths = of_result(result)
    pits = []
    for one in data[:100]:
        observed = Plain("d", "value", "", "relative", ("a", "b", "c"), np.array([0.5, 2, 3]),
                         one, deviation, used=False)
        pits.append([row.pit.value for row in check(paths, observed, posterior.step).rows])
    for column in np.array(pits).T:
        assert stats.kstest(column, "uniform").pvalue > 3e-7


def test_jackknife_of_independent_paths_is_the_binomial_error(example):
    paths = of_result(opened(example, "prior.h5"))
    value = paths.result.kept_paths["value"].isel(time=16).values
    found = paths.share(value > 0)
    binomial = np.sqrt(found.value * (1 - found.value) / 40000)
    # The ratio is the root of chi-squared over 19: 0.39 to 1.75 with probability 1 - 1e-6.
    assert 0.35 < found.se / binomial < 1.85


def test_rows_that_were_not_used_have_the_dates_of_the_calibration(posterior):
    other = posterior.also("other", "value", "linear", 0.3)
    assert other.date == ("2001-02", "2001-04-20", "2002")
    used = dict(zip(posterior.observed[0].date, posterior.observed[0].time))
    assert other.time[1] == pytest.approx(used["2001-04-20"], abs=1e-12)
    assert other.time[2] == pytest.approx((731 + 182.5) / 365.25)  # middle of 2002
    assert other.deviation == pytest.approx(np.hypot(0.5, 0.3))
    assert not other.used


def test_mistakes_are_named(example, posterior, base):
    with pytest.raises(ResultError, match="no kept series value.*there are revenue"):
        of_result(base, posterior, condition=True)
    with pytest.raises(ResultError, match="--posterior FILE is needed: the result draws from one"):
        of_result(opened(example, "drawn.h5"))
    with pytest.raises(ResultError, match="no series othr; nearest: other"):
        posterior.also("othr", "value", "linear", 0)
    with pytest.raises(ResultError, match="allowed are level, relative, linear"):
        posterior.also("other", "value", "log", 0)
    with pytest.raises(ResultError, match="not a posterior of `overbuild calibrate`"):
        Posterior.open(example / "prior.h5")
    with pytest.raises(ResultError, match="no such file; `overbuild calibrate` makes it"):
        Posterior.open(example / "none.h5")
    overbuild_run("run", example / "ou.toml", "-o", example / "part.h5", "--paths", "100", "--set",
                  f'posterior.file="{example / "posterior.h5"}"', "--set",
                  "parameters.initial=1.0", "--force")
    with pytest.raises(ResultError, match="the result draws no initial"):
        of_result(opened(example, "part.h5"), posterior)
    overbuild_run("calibrate", example / "ou.toml", "-o", example / "else.h5", "--seed", "3",
                  "--set", "calibration.particles=32", "--set", "calibration.islands=2", "--force")
    with pytest.raises(ResultError, match="40,000 of 40,000 paths have parameters of none"):
        of_result(opened(example, "drawn.h5"), Posterior.open(example / "else.h5"))


def test_commands(example, capsys):
    file, drawn = str(example / "posterior.h5"), str(example / "drawn.h5")
    picture = example / "check.png"
    assert main(["predictive-check", drawn, "--posterior", file, "--also",
                 "other=value:linear:0.1", "-o", str(picture)]) == 0
    printed = capsys.readouterr().out
    assert "x of value (linear)" in printed and "not used by the calibration" in printed
    assert "2001-04-20" in printed and picture.stat().st_size > 10000
    assert main(["predictive-check", drawn, "--posterior", file, "-o", str(picture)]) == 4
    assert "exists already" in capsys.readouterr().err
    assert main(["predictive-check", drawn, "--posterior", file, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [each["paths"] for each in rows] == ["equal weights", "weighted by the data"]
    assert main(["predictive-check", drawn, "--posterior", file, "--also", "other=value:linear:x"]
                ) == 2
    assert "expected DATA=SERIES:SCALE:DISCREPANCY" in capsys.readouterr().err


def test_distributions_of_the_ai_base_case(base_file, base, example, capsys):
    """Of equally weighted paths they are those of the result."""
    found = {(section, label): estimates[0] for section, label, _, estimates in
             distributions([of_result(base)], [1, 5], 1.0)}
    assert found["bust by, %", "year 5"].value == pytest.approx(
        float(base.events.bust_begun.sel(time=5)))
    assert found["covered in, %", "year 5"].value == pytest.approx(
        float(base.events.covered.sel(time=5)))
    late = found["bust by, % of paths without one by year 1.00", "year 5"]
    p1, p5 = (float(base.events.bust_begun.sel(time=year)) for year in (1, 5))
    assert late.value == pytest.approx((p5 - p1) / (1 - p1))
    paths = base.outcomes()
    bust = paths[paths.bust_time.notna()]
    assert found["fall of capex on paths with a bust", "50%"].value == pytest.approx(
        bust.capex_fall.median(), rel=2e-3)
    assert found["after a bust, %", "recovered within the horizon"].value == pytest.approx(
        bust.recovery_time.notna().mean())
    assert found["after a bust, %", "covered before it"].value == pytest.approx(
        (bust.coverage_one_time <= bust.bust_time).mean())


def test_numbers_end_with_their_errors_second_digit():
    assert estimate_text(Estimate(0.15454, 0.00112), 100) == "15.45 ± 0.11"
    assert estimate_text(Estimate(5990.4, 33.0)) == "5990 ± 33"
    assert estimate_text(Estimate(float("nan"), 1.0)) == "-"


@pytest.mark.parametrize("year, message", [
    ("nan", "year nan is outside of the run; allowed are 0 to "),
    ("-1", "year -1 is outside of the run"), ("1000", "year 1000 is outside of the run"),
    ("1.01", "year 1.01 is no step of the run; nearest: 1")])
def test_years_are_steps_of_the_run(base, year, message):
    with pytest.raises(ResultError, match=message):
        distributions([of_result(base)], [1, float(year)])


@pytest.mark.parametrize("also, message", [
    ("other=value:linear:-0.1", "discrepancy of other is -0.1; allowed are finite numbers from 0"),
    ("other=value:linear:nan", "discrepancy of other is nan"),
    ("other=value:linear:inf", "discrepancy of other is inf"),
    ("other=value:log:0.1", "scale 'log' of other; allowed are level, relative, linear"),
    ("other=value", "expected DATA=SERIES:SCALE:DISCREPANCY"),
    ("other=value:linear", "expected DATA=SERIES:SCALE:DISCREPANCY"),
    ("other=value:linear:0.1:2", "expected DATA=SERIES:SCALE:DISCREPANCY")])
def test_mistakes_in_further_rows_are_named(example, capsys, also, message):
    assert main(["predictive-check", str(example / "drawn.h5"), "--posterior",
                 str(example / "posterior.h5"), "--also", also]) == 2
    assert message in capsys.readouterr().err


def test_a_check_refuses_a_run_that_draws_from_no_posterior(example, capsys):
    assert main(["predictive-check", str(example / "prior.h5"), "--posterior",
                 str(example / "posterior.h5")]) == 4
    assert "prior.h5: draws from no posterior; needed is a run with" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["predictive-check", "given-data", "analogy", "backtest"])
def test_help_fits_a_terminal(capsys, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize("arguments, message", [
    (["--seed", "-1"], "--seed: '-1': allowed are whole numbers from 0"),
    (["-o", "a.xyz"], "a.xyz: no picture ends with .xyz; allowed are "),
    (["-o", ""], "'' is no name of a file")])
def test_wrong_command_lines_are_named(capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        main(["predictive-check", "a.h5", "--posterior", "p.h5", *arguments])
    assert ended.value.code == 2 and message in capsys.readouterr().err


@pytest.mark.parametrize("arguments, message", [
    (["a.h5", "--posterior", "p.h5", "q.h5"], "--posterior: 2 files for 1 results"),
    (["a.h5", "--posterior", "p.h5", "--labels", "a"], "--labels: 1 labels for 2 columns")])
def test_wrong_columns_end_before_a_file_is_read(capsys, arguments, message):
    assert main(["given-data", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_year_beyond_the_run_is_a_mistake_of_the_command_line(fibers, capsys):
    assert main(["given-data", str(fibers / "fiber.h5"), "--posterior",
                 str(fibers / "posterior.h5"), "--years", "99"]) == 2
    assert "year 99 is outside of the run; allowed are 0 to 10" in capsys.readouterr().err


@pytest.fixture(scope="module")
def fibers(folder: pathlib.Path) -> pathlib.Path:
    """A folder with a posterior of fiber's data, and kept paths of fiber and of AI."""
    own = folder / "fibers"
    own.mkdir()
    overbuild_run("calibrate", SOURCE / "configs" / "fiber_calibration.toml", "-o",
                  own / "posterior.h5", "--set", "calibration.particles=32", "--set",
                  "calibration.paths=16")
    keep = ["--paths", 300, "--set", 'outputs.series=["coverage", "capex", "price", "revenue"]',
            "--set", "outputs.paths=300", "--set", "outputs.outcomes=300"]
    overbuild_run("run", SOURCE / "configs" / "fiber_calibration.toml", "-o", own / "fiber.h5",
                  "--set", f'posterior.file="{own / "posterior.h5"}"', *keep)
    overbuild_run("run", SOURCE / "configs" / "ai_base.toml", "-o", own / "ai.h5", *keep)
    return own


def test_a_result_of_another_boom_is_doubted(fibers, capsys):
    usual = [str(fibers / "fiber.h5"), "--posterior", str(fibers / "posterior.h5"), "--years", "5"]
    assert main(["given-data", *usual]) == 0
    assert "begins elsewhere" not in capsys.readouterr().err
    assert main(["given-data", str(fibers / "ai.h5"), *usual]) == 0
    seen = capsys.readouterr()
    assert "begins elsewhere" not in seen.out  # the table stays a table
    assert "ai.h5 begins elsewhere than the config of" in seen.err
    assert "capex_0 300, not 20" in seen.err


def test_a_result_of_another_model_is_refused(fibers, example, capsys):
    assert main(["given-data", str(example / "drawn.h5"), "--posterior",
                 str(fibers / "posterior.h5")]) == 4
    assert "drawn.h5: is of the model ou, and" in capsys.readouterr().err


def test_a_picture_without_its_folder_is_refused_by_its_own_name(example, capsys):
    name = str(example / "none" / "a.png")
    for command in ("predictive-check", "given-data"):
        assert main([command, str(example / "drawn.h5"), "--posterior", "none.h5", "-o", name]) == 4
        assert capsys.readouterr().err.startswith(f"overbuild: {name}: there is no folder")
    with pytest.raises(OSError) as found:
        write_whole(name, b"", PNG)
    assert found.value.filename == name


def test_a_reader_that_leaves_is_told_in_one_line(example):
    with subprocess.Popen(
            [sys.executable, "-m", "overbuild", "predictive-check", example / "drawn.h5",
             "--posterior", example / "posterior.h5"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": ""}) as process:  # printed in one go, at the end
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == "overbuild: standard output: Broken pipe\n"
        assert process.wait() == 4
