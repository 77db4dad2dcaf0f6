"""Analogy: distances against closed forms, alignment on hand-made paths, intervals, the command.

Stochastic checks have fixed seeds. Where a bound is z standard errors, z = 5.2 gives a false alarm
with probability 2e-7 if estimates are normal.
"""

import json
import math
import subprocess
import sys
import tomllib
from types import SimpleNamespace

import numpy as np
import pytest

import overbuild
from conftest import PROGRAM, SOURCE, run
from overbuild.analogy import Energy, Options, compare, episode, episode_of, text, wasserstein
from overbuild.analogy import drivers, phases
from overbuild.analogy.distance import generator, halves, wasserstein_estimate, within
from overbuild.analogy.episodes import GDP_GROWTH, Fact
from overbuild.analogy.standing import levels, standing
from overbuild.command import main

Z = 5.2
SERIES = 'outputs.series=["coverage", "capex", "price", "utilisation"]'


def normal_distance(shift: float, variance: float) -> float:
    """The mean of |N(shift, variance)|, a folded normal."""
    sd = math.sqrt(variance)
    below = 0.5 * math.erfc(shift / sd / math.sqrt(2))
    return (sd * math.sqrt(2 / math.pi) * math.exp(-shift ** 2 / (2 * variance))
            + shift * (1 - 2 * below))


# --- distances -----------------------------------------------------------------------------------

@pytest.mark.parametrize("shift, scale", [(0.5, 1.0), (2.0, 1.0), (0.0, 3.0)])
def test_energy_distance_of_two_normals_is_that_of_the_formula(shift, scale):
    rng = generator(7, 0)
    x, y = rng.normal(size=(2000, 1)), rng.normal(shift, scale, size=(1500, 1))
    energy = Energy(x, y)
    exact = (2 * normal_distance(shift, 1 + scale ** 2) - normal_distance(0, 2)
             - normal_distance(0, 2 * scale ** 2))
    assert abs(energy.value - exact) < Z * energy.se
    assert energy.se < 0.2 * exact  # the check has power
    assert energy.coefficient == pytest.approx(
        exact / (2 * normal_distance(shift, 1 + scale ** 2)), rel=0.1)


def test_energy_distance_does_not_grow_with_repeated_columns():
    rng = generator(7, 1)
    x, y = rng.normal(size=(300, 2)), rng.normal(1, 1, size=(200, 2))
    assert Energy(np.tile(x, 6), np.tile(y, 6)).value == pytest.approx(Energy(x, y).value)


def test_distances_of_points_are_root_mean_squares():
    x, y = np.array([[0.0, 0, 0, 0], [1, 1, 1, 1]]), np.array([[1.0, 1, 1, 1], [2, 0, 0, 0]])
    assert Energy(x, y).xy == pytest.approx(np.array([[1, 1], [0, 1]]), abs=1e-7)
    # 2 mean(1, 1, 0, 1) - |x1 - x2| - |y1 - y2|
    assert Energy(x, y).value == pytest.approx(2 * 0.75 - 1 - 1)


def test_wasserstein_of_two_normals_is_that_of_the_formula():
    rng = generator(7, 2)
    x = rng.normal(size=4000)
    assert wasserstein(x, x + 1.5) == pytest.approx(1.5)
    y = rng.normal(1.5, 1, size=3000)
    assert abs(wasserstein(x, y) - 1.5) < Z * math.sqrt(1 / 4000 + 1 / 3000)
    z = rng.normal(0, 3, size=4000)  # |3 - 1| E|Z|, as the coupling is z -> 3 z
    assert abs(wasserstein(x, z) - 2 * math.sqrt(2 / math.pi)) < Z * math.sqrt(10 / 4000)


def test_wasserstein_of_samples_of_different_size_by_hand():
    # F - G is 1/2 on [0, 1], and 1/2 - 1/3 on [1, 3], 1 - 2/3 on [4, 6]; G has its mass at 1, 3, 6.
    assert wasserstein(np.array([0.0, 4.0]), np.array([1.0, 3.0, 6.0])) == pytest.approx(
        1 / 2 + 2 * (1 / 6) + 1 * (1 / 6) + 2 * (1 / 3))


def test_the_bootstrap_is_centred_and_as_wide_as_the_influence_says():
    rng = generator(7, 3)
    energy = Energy(rng.normal(size=(400, 3)), rng.normal(0.8, 1.3, size=(300, 3)))
    draws = energy.bootstrap(2000, generator(7, 4))
    assert abs(draws.mean() - energy.value) < Z * draws.std() / math.sqrt(2000) + energy.se / 20
    assert draws.std() == pytest.approx(energy.se, rel=0.15)


def test_intervals_of_the_bootstrap_cover_as_often_as_they_say():
    # 80% intervals, 400 pairs of samples. With a true coverage of 76% to 84%, fewer than 262 or
    # more than 372 hits have a probability below 1e-6 (binomial).
    shift, hits, hits_w = 1.0, 0, 0
    exact = 2 * normal_distance(shift, 2) - 2 * normal_distance(0, 2)
    for pair in range(400):
        rng = generator(8, pair)
        x, y = rng.normal(size=(100, 1)), rng.normal(shift, 1, size=(100, 1))
        one = Energy(x, y).estimate(200, rng, 0.8)
        hits += one.low <= exact <= one.high
        one = wasserstein_estimate(x[:, 0], y[:, 0], 200, rng, 0.8)
        hits_w += one.low <= shift <= one.high
    assert 262 <= hits <= 372
    assert 262 <= hits_w <= 372


def test_halves_of_a_sample_are_about_zero():
    x = generator(7, 5).normal(size=(200, 2))
    found = halves(within(x), 300, generator(7, 6))
    # One split, against the estimate of its own halves.
    order = generator(7, 6).permuted(np.tile(np.arange(200), (300, 1)), axis=1)[0]
    assert found[0] == pytest.approx(Energy(x[order[:100]], x[order[100:]]).value)
    assert abs(found.mean()) < Z * found.std() / math.sqrt(300) + 0.01
    assert (found < 0).any() and (found > 0).any()


def test_random_numbers_depend_on_seed_and_stream_alone():
    assert generator(1, 0).normal() == generator(1, 0).normal()
    assert len({generator(seed, stream).normal() for seed in (1, 2) for stream in (0, 1)}) == 4


# --- episodes ------------------------------------------------------------------------------------

def test_dates_of_facts_are_the_middle_of_their_year_quarter_or_month():
    def time(date):
        return Fact(date, 1, 0.1, "reported").time
    assert time("2000") == 2000.5
    assert time("2023-06") == 2023.375  # the quarter from April to June
    assert time("2005-05") == pytest.approx(2005 + 4.5 / 12)
    assert time("2002-01-28") == pytest.approx(2002 + 27.5 / 365.25)


def test_episodes_have_gdp_and_take_off_from_the_facts():
    ai, fiber = episode("ai"), episode("fiber")
    assert (ai.takeoff, fiber.takeoff) == (2023.375, 1996.0)
    assert ai.rise == pytest.approx(math.sqrt(291 * 290.6) / 134.5)
    assert fiber.gdp(np.array([4.5]))[0] == pytest.approx(10251.0)  # 2000
    assert fiber.gdp(np.array([4.0]))[0] == pytest.approx(math.sqrt(9631.2 * 10251.0))
    last = ai.gdp(np.array([2026.375 - 2025]))[0]
    assert last == pytest.approx(32486.1)
    assert ai.gdp(np.array([2030.375 - 2025]))[0] == pytest.approx(last * math.exp(4 * GDP_GROWTH))
    with pytest.raises(overbuild.ResultError,
                       match="no episode 'rail' .is ai meant.*there are ai, fiber, aws"):
        episode("rail")


def test_a_missing_folder_of_facts_is_named(tmp_path):
    with pytest.raises(overbuild.ResultError, match="--data FOLDER"):
        episode("ai", tmp_path)


# --- alignment -----------------------------------------------------------------------------------

def hand_made(count=60):
    """Paths of capex 2^t up to a peak, then halved each year; coverage falls through one; the price
    halves each year, utilisation falls by a tenth. Path k peaks at 2 + k/count years, rounded."""
    time = np.arange(0, 8.01, 0.25)
    peaks = np.round((2 + np.arange(count) / count) * 4) / 4
    capex = 2.0 ** (peaks[:, None] - np.abs(time - peaks[:, None]))
    ones = np.ones((count, 1))
    series = {"capex": capex, "coverage": ones * np.exp(1 - time / 3), "price": ones * 0.5 ** time,
              "utilisation": ones * 0.8 * 0.9 ** time}
    own = SimpleNamespace(start=2000.0, takeoff=1999.0, rise=3.0,
                          gdp=lambda when: 100 * np.exp(0.05 * np.asarray(when)))
    result = SimpleNamespace(file="hand.h5", groups=())
    return phases.Tracks(result, own, time, np.arange(count), series, np.full(count, 1.5)), peaks


def test_events_of_hand_made_paths():
    own, peaks = hand_made()
    assert (phases.zero(own, "capex_peak") == peaks).all()
    assert (phases.zero(own, "coverage") == 3.25).all()  # it is one at 3 and below at the next step
    assert (phases.zero(own, "takeoff") == -1).all() and (phases.zero(own, "start") == 0).all()
    with pytest.raises(overbuild.ResultError, match="no alignment 'boom'; there are takeoff"):
        phases.zero(own, "boom")
    with pytest.raises(overbuild.ResultError, match="bust_time of the paths is not kept"):
        phases.zero(own, "bust")


def test_a_small_fall_is_no_peak():
    values = np.array([[1.0, 2, 1.6, 3, 2.5], [1, 4, 3, 4, 1], [1, 2, 3, 4, 5]])
    fall, place = phases.largest_fall(values)
    assert fall == pytest.approx([0.2, 0.75, 0])
    assert list(place[:2]) == [1, 3]


def test_values_of_hand_made_paths_on_phase_time():
    own, peaks = hand_made()
    times = np.array([-1.0, 0.0, 1.1])
    found = phases.phases(own, "capex_peak", times)
    assert found.aligned == found.complete == 1 and len(found.path) == 60

    def values(name):
        return found.values[:, found.columns(name)]
    assert values("capex") == pytest.approx(np.tile(np.log([0.5, 1, 2.0 ** -1.1]), (60, 1)))
    assert values("price") == pytest.approx(np.tile(-times * math.log(2), (60, 1)))
    when = peaks[:, None] + times
    assert values("coverage") == pytest.approx(1 - when / 3)
    share = np.log(2.0 ** (peaks[:, None] - np.abs(times)) / (100 * np.exp(0.05 * when)))
    assert values("capex_gdp") == pytest.approx(share)
    # Growth of capacity over demand: -d ln U - eta d ln P.
    assert values("excess") == pytest.approx(-math.log(0.9) + 1.5 * math.log(2))


def test_years_before_the_start_come_from_the_facts():
    own, _ = hand_made()
    found = phases.phases(own, "takeoff", np.array([1.0, 2.0]))
    capex = found.values[:, found.columns("capex")]
    assert capex == pytest.approx(np.tile(np.log([3, 6]), (60, 1)))  # the rise, then twice a year
    assert found.values[:, found.columns("price")] == pytest.approx(
        np.tile([0, -math.log(2)], (60, 1)))
    assert [when for name, when in found.cells if name == "excess"] == [2.0]  # a year after t = 0


def test_paths_without_the_years_are_left_out():
    own, peaks = hand_made(200)
    found = phases.phases(own, "capex_peak", np.array([0.0, 5.5]), ["capex"])
    assert list(found.path) == list(np.flatnonzero(peaks <= 2.5))
    assert found.complete == np.mean(peaks <= 2.5) and found.aligned == 1
    with pytest.raises(overbuild.ResultError, match="needed are 50"):
        phases.phases(own, "capex_peak", np.array([0.0, 6.5]), ["capex"])


# --- results -------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def pair(folder):
    files = [run(folder / f"analogy_{name}.h5", f"{name}.toml", "--paths", "400", "--set", SERIES,
                 "--set", "outputs.paths=400") for name in ("ai_base", "fiber_1996", "no_bubble")]
    return [overbuild.open(file) for file in files]


def options(**changed):
    return Options(**({"paths": 400, "draws": 50, "every": 1.0} | changed))


@pytest.fixture(scope="module")
def found(pair):
    return compare([(each, episode_of(each)) for each in pair], options())


def test_the_analogy_has_all_years_and_is_far_from_zero(found):
    assert found.window == (1.625, 10.0)
    assert found.whole[0].low > found.zero.high  # far outside of what two halves show
    assert found.whole[1].value > found.whole[0].value
    assert len(found.by_time) == 9 and set(found.by_variable) == set(phases.VARIABLES)
    assert all(0 <= each < 1 for each in (*found.coefficients, found.inside))


def test_a_result_compared_with_another_seed_of_it_is_about_zero(pair, folder):
    other = overbuild.open(run(folder / "analogy_seed.h5", "ai_base.toml", "--paths", "400",
                               "--seed", "3", "--set", SERIES, "--set", "outputs.paths=400"))
    same = compare([(each, episode("ai")) for each in (pair[0], other)], options())
    # The range is that of halves of 200 paths; 400 paths have half of it, and the tail of E under
    # equality is that of a weighted sum of squares: ten times its 97.5% quantile is beyond 1e-6.
    assert abs(same.whole[0].value) < 5 * same.zero.high
    assert same.inside > 0.8


def test_medians_are_those_of_the_file(pair, found):
    coverage = next(each for each in found.margins
                    if each.variable == "coverage" and each.time == 2.625)
    kept = np.asarray(pair[0].kept_paths.coverage)[:, 4].astype(float)
    assert coverage.medians[0] == pytest.approx(np.median(np.log(kept)))


def test_the_text_and_the_json_say_the_same(found):
    printed, whole = text(found), found.json()
    assert f"{whole['whole'][0]['value']:6.3f}" in printed
    assert json.loads(json.dumps(whole))["ensembles"][1]["scenario"] == "fiber_1996"


def test_bust_alignment_states_the_share_of_paths(pair):
    found = compare([(each, episode_of(each)) for each in pair[:2]],
                    options(alignment="bust", window=(-1.0, 1.0), variables=("capex", "coverage")))
    busts = np.isfinite(np.asarray(pair[0].path_outcomes.bust_time)[:400]).mean()
    assert found.ensembles[0].aligned == pytest.approx(busts)
    zero_cells = found.ensembles[0].columns("capex", 0.0)
    assert found.ensembles[0].values[:, zero_cells] == pytest.approx(0)


def test_standing_finds_the_own_date(pair):
    own = phases.tracks(pair[1], episode("fiber"), 200)
    where = standing(own, own, every=1.0)
    assert (where.best == where.first_time).all()
    late = levels(own, own, 7.0)
    assert {each.variable for each in late} >= {"coverage", "utilisation"}
    coverage = next(each for each in late if each.variable == "coverage")
    assert coverage.when == pytest.approx(7.0, abs=0.3)  # falls all the time
    ai = levels(phases.tracks(pair[0], episode("ai"), 200), own, 0.0)
    assert math.isnan(next(each for each in ai if each.variable == "coverage").when)


# --- drivers -------------------------------------------------------------------------------------

def test_configs_are_written_as_they_are_read(pair):
    config = tomllib.loads(pair[0].provenance["config"])
    assert tomllib.loads(drivers.toml_text(config)) == config


def test_replacing_keeps_the_prior_correlations_that_still_hold(pair):
    first, second = (tomllib.loads(each.provenance["config"]) for each in pair[:2])
    changed = drivers.with_parameters(first, second, ["shock_rate", "price_elasticity"])
    assert changed["parameters"]["shock_rate"] == 0.2
    assert [pair["between"] for pair in changed["prior_correlation"]] == [
        ["efficiency_drift", "hardware_drift"]]
    assert first["parameters"]["shock_rate"] != 0.2  # untouched
    every = drivers.with_parameters(first, second, drivers.differing(first, second))
    assert every["parameters"] == second["parameters"]


def test_groups_name_parameters_of_the_model_once(pair):
    config = tomllib.loads(pair[0].provenance["config"])
    members = [name for group in drivers.GROUPS.values() for name in group]
    assert len(members) == len(set(members))
    assert set(members) - {"tables"} == set(config["parameters"])


@pytest.fixture(scope="module")
def replacements(found):
    return drivers.Replacements(found, PROGRAM, 400)


def test_with_all_parameters_replaced_no_distance_remains(replacements):
    every = [name for group in replacements.groups.values() for name in group]
    energy, _ = replacements.energy(every, of_second=True)
    split = halves(replacements.inner, 200, generator(9, 0))
    assert abs(energy.value) < 5 * np.quantile(split, 0.975)
    assert replacements.base[0].value > 20 * np.quantile(split, 0.975)


def test_the_error_of_a_change_is_that_of_differences_path_by_path(replacements):
    none = replacements.change("nothing", [])
    assert none.change == 0 and none.se == 0
    small = replacements.change("recovery_capex_growth", ["recovery_capex_growth"])
    assert 0 < small.se < replacements.base[0].se / 5
    assert (small.first, small.second) == ("0.06", "0.05")


def test_shapley_values_add_up(replacements, monkeypatch):
    names = dict(list(replacements.groups.items())[:3])
    monkeypatch.setattr(replacements, "groups", names)
    found, rest = replacements.shapley()
    assert sum(each.change for each in found) == pytest.approx(rest - replacements.base[0].value)
    assert {each.name for each in found} == set(names) and all(each.se > 0 for each in found)


def test_path_drivers_find_what_moves_a_path(found):
    table = drivers.path_drivers(found)
    assert set(table.index) == set(map(str, found.ensembles[0].tracks.result.path_parameters))
    assert (table.correlation.abs() <= 1).all() and list(table.correlation.abs()) == sorted(
        table.correlation.abs(), reverse=True)


@pytest.fixture(scope="module")
def drawn(folder):
    """A run that draws from a posterior, its twin that draws from another, and the posteriors."""
    found = []
    for name, seed in (("one", "1"), ("two", "2")):
        particles = run(folder / f"analogy_{name}_posterior.h5", "fiber_calibration.toml", "--set",
                        "calibration.particles=32", "--set", "calibration.paths=16", "--seed",
                        seed, command="calibrate")
        found.append(overbuild.open(run(
            folder / f"analogy_{name}.h5", "fiber_calibration.toml", "--paths", "200", "--set",
            f'posterior.file="{particles}"', "--set", SERIES, "--set", "outputs.paths=200",
            "--set", "outputs.outcomes=200")))
    return found


def of_two(first, second):
    own = episode("fiber")
    return compare([(first, own), (second, own)], options(paths=200, every=4.0))


def test_drivers_of_a_run_that_draws_from_a_posterior(drawn, pair):
    runs = drivers.Replacements(of_two(drawn[0], pair[1]), PROGRAM, 200)
    assert "posterior" in runs.configs[0] and "efficiency_drift" in runs.names
    change = runs.change("efficiency_drift", ["efficiency_drift"])
    assert (change.first, change.second) == ("posterior", "0.33") and change.change != 0
    back = drivers.Replacements(of_two(pair[1], drawn[0]), PROGRAM, 200)
    change = back.change("efficiency_drift", ["efficiency_drift"])
    assert (change.first, change.second) == ("0.33", "posterior") and change.change != 0


def test_with_all_parameters_of_a_posterior_its_paths_are_met(drawn, pair):
    first, second = (tomllib.loads(each.provenance["config"]) for each in (pair[1], drawn[0]))
    every = drivers.with_parameters(first, second, drivers.differing(first, second))
    assert every["parameters"] == second["parameters"]
    assert every["posterior"] == second["posterior"] and "posterior" not in first


def test_the_command_runs_the_drivers_of_a_posterior(drawn, pair, capsys):
    assert main(["analogy", drawn[0].file, pair[1].file, "--episodes", "fiber", "fiber",
                 "--paths", "100", "--draws", "20", "--every", "4", "--variables", "capex",
                 "--drivers", PROGRAM, "--drivers-paths", "100"]) == 0
    assert "posterior -> 0.33" in capsys.readouterr().out


def test_two_posteriors_cannot_be_mixed(drawn):
    with pytest.raises(overbuild.ResultError, match="draw from two posteriors, .*need one at most"):
        drivers.Replacements(of_two(*drawn), PROGRAM, 200)


# --- the command ---------------------------------------------------------------------------------

def command(*arguments):
    return subprocess.run([sys.executable, "-m", "overbuild", "analogy", *map(str, arguments)],
                          capture_output=True, text=True)


def test_the_command_end_to_end(pair, tmp_path):
    files = [each.file for each in pair]
    picture = tmp_path / "a.png"
    short = ("--paths", 200, "--draws", 20, "--every", 2)
    first = command(*files, *short, "--standing", "-o", picture)
    assert first.returncode == 0, first.stderr
    assert "Energy distance of whole paths" in first.stdout and "Nearest date" in first.stdout
    for name in ("a.png", "a-standing.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    again = command(*files, *short, "-o", picture)
    assert again.returncode == 4 and "exists already" in again.stderr
    as_json = [command(*files[:2], *short, "--json").stdout for _ in range(2)]
    assert as_json[0] == as_json[1]  # a fixed seed
    assert json.loads(as_json[0])["whole"][0]["value"] > 0.5


def test_the_command_runs_the_drivers(pair, tmp_path):
    done = command(*[each.file for each in pair[:2]], "--paths", 100, "--draws", 20, "--every", 4,
                   "--drivers", PROGRAM, "--drivers-paths", 100, "-o", tmp_path / "a.png")
    assert done.returncode == 0, done.stderr
    assert "Shapley's values" in done.stdout and "price_elasticity" in done.stdout
    assert (tmp_path / "a-drivers.png").exists()


def test_paths_without_the_years_of_the_window_are_a_matter_of_the_result(pair):
    done = command(*[each.file for each in pair[:2]], "--window", "-3", "4", "--align", "start")
    assert done.returncode == 4 and "needed are 50" in done.stderr, done.stderr


@pytest.mark.parametrize("arguments, message", [
    (["a.h5"], "a.h5: one result; an analogy needs two or more"),
    (["a.h5", "b.h5", "--episodes", "ai"], "1 names for 2 files"),
    (["a.h5", "b.h5", "--episodes", "ai", "rail"], "no episode 'rail'"),
    (["a.h5", "b.h5", "--variables", "capex,debt"], "no phase variable 'debt'; there are capex"),
    (["a.h5", "b.h5", "--variables", "coverag"], "'coverag' (is coverage meant?)"),
    (["a.h5", "b.h5", "--window", "3", "-3"], "has no two times"),
    (["a.h5", "b.h5", "--window", "3", "3"], "has no two times")])
def test_wrong_command_lines_end_before_a_file_is_read(capsys, arguments, message):
    assert main(["analogy", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments, message", [
    (["--draws", "0"], "--draws: '0': allowed are whole numbers from 2"),
    (["--draws", "-1"], "--draws: '-1': allowed are whole numbers from 2"),
    (["--window", "nan", "3"], "'nan': allowed are finite numbers"),
    (["--every", "0"], "'0': allowed are finite numbers above 0"),
    (["--paths", "-5"], "'-5': allowed are whole numbers from 50"),
    (["--paths", "1"], "'1': allowed are whole numbers from 50"),
    (["--seed", "-1"], "'-1': allowed are whole numbers from 0"),
    (["-o", "a.xyz"], "a.xyz: no picture ends with .xyz")])
def test_wrong_numbers_of_the_command_line_are_named(capsys, arguments, message):
    with pytest.raises(SystemExit) as ended:
        main(["analogy", "a.h5", "b.h5", *arguments])
    assert ended.value.code == 2 and message in capsys.readouterr().err


def test_a_result_without_what_is_needed_says_what_to_run(bare, base):
    for result, message in ((bare, "has no kept paths; run it with --set outputs.paths="),
                            (base, "no kept series price, utilisation; run it with")):
        with pytest.raises(overbuild.ResultError, match=message):
            phases.tracks(result, episode("ai"))


def test_the_page_has_its_pictures():
    page = (SOURCE / "docs" / "analogy.md").read_text(encoding="utf-8")
    names = [part.split(")")[0] for part in page.split("](pictures/")[1:]]
    assert names and all((SOURCE / "docs" / "pictures" / name).exists() for name in names)
