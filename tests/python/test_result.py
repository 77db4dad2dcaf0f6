"""Opening of results, lazy Datasets and tables."""

import os
import subprocess

import h5py
import numpy as np
import pytest

import overbuild
from conftest import PROGRAM


def in_memory(variable) -> bool:
    return variable.variable._in_memory


def test_datasets_are_lazy_and_carry_units_and_coordinates(base_file):
    result = overbuild.open(base_file)
    assert not in_memory(result.series.coverage_mean)
    assert not in_memory(result.kept_paths.coverage)
    assert set(result.series.coords) == {"time", "probability"}
    assert result.series.time.attrs["units"] == "yr"
    assert result.series.revenue_mean.attrs["units"] == "bn/yr"
    assert result.kept_paths.coverage.dims == ("path", "time")
    assert result.path_parameters.wacc.attrs["units"] == "1/yr"


def test_reading_of_kept_paths_keeps_nothing_in_memory(base_file):
    result = overbuild.open(base_file)
    result.kept_paths.coverage.isel(path=slice(0, 5)).values
    result.kept_paths.coverage.values
    assert not in_memory(result.kept_paths.coverage)


def test_values_are_those_of_the_file(base, base_file):
    with h5py.File(base_file) as file:
        np.testing.assert_array_equal(base.series.coverage_quantile,
                                      file["series/coverage_quantile"])
        np.testing.assert_array_equal(base.kept_paths.capex[7:9], file["paths/capex"][7:9])
        assert base.attrs["seed"] == file.attrs["seed"] == 20250120


def test_summary_has_series_events_and_outcomes(base, base_file):
    table = base.summary(every=2.5)
    coverage = table[(table.kind == "series") & (table.name == "coverage")]
    assert list(coverage.time) == [0, 2.5, 5, 7.5, 10]
    with h5py.File(base_file) as file:
        np.testing.assert_array_equal(coverage["mean"], file["series/coverage_mean"][::10])
        np.testing.assert_array_equal(coverage["95%"], file["series/coverage_quantile"][::10, 7])
        bust = table[table.name == "bust_begun"]
        np.testing.assert_array_equal(bust["se"], file["events/bust_begun_se"][::10])
        time = table[table.name == "bust_time"].iloc[0]
        assert time["defined"] == file["outcomes/bust_time_defined"][()]
        assert (time["kind"], time["unit"], np.isnan(time["time"])) == ("outcomes", "yr", True)
    kinds = table.groupby("kind").name.nunique()
    assert dict(kinds) == {"series": 12, "events": 4, "outcomes": 13 + 3}


def test_codes_are_shares_of_paths(base):
    final = base.outcomes()["regime_final"]
    table = base.shares("regime_final")
    assert list(table.index) == ["boom", "bust", "recovery"]
    np.testing.assert_allclose(table["share"], [(final == code).mean() for code in range(3)])
    np.testing.assert_allclose(table["se"], np.sqrt(table["share"] * (1 - table["share"]) / 4000))
    rows = base.summary()
    row = rows[rows.name == "regime_final = bust"].iloc[0]
    assert (row["mean"], row["se"]) == tuple(table.loc["bust"])
    assert "regime_final" not in set(rows.name)
    with pytest.raises(overbuild.ResultError, match="capex_fall is no code"):
        base.shares("capex_fall")


def test_paths_reads_a_part(base, base_file):
    table = base.paths(["coverage", "capex"], start=10, count=3)
    assert table.shape == (3 * 41, 2)
    assert list(table.index.get_level_values("path").unique()) == [10, 11, 12]
    assert table.attrs["units"] == {"coverage": "1", "capex": "bn/yr"}
    with h5py.File(base_file) as file:
        np.testing.assert_array_equal(table.loc[11, "capex"], file["paths/capex"][11])
    assert len(base.paths("coverage")) == 1000 * 41
    assert len(base.paths("coverage", count=None)) == 4000 * 41
    with pytest.raises(overbuild.ResultError, match="no kept series price; there are revenue"):
        base.paths("price")


def test_outcomes_are_one_row_a_path(base, base_file):
    table = base.outcomes(parameters=True)
    assert len(table) == 4000 and table.index.name == "path"
    assert table.attrs["units"]["capex_peak"] == "bn/yr" and table.attrs["units"]["it_life"] == "yr"
    with h5py.File(base_file) as file:
        np.testing.assert_array_equal(table["bust_time"], file["path_outcomes/bust_time"])
        np.testing.assert_array_equal(table["wacc"], file["path_parameters/wacc"])
        assert table["bust_time"].notna().mean() == file["outcomes/bust_time_defined"][()]
    assert "wacc" not in base.outcomes()


def test_assumptions_tell_drawn_from_fixed(base):
    table = base.assumptions()
    assert table.loc["revenue_0", "value"] == 60
    assert table.loc["wacc", "prior"].startswith('{prior = "triangular"')
    assert np.isnan(table.loc["wacc", "value"])
    assert table.loc["build_lag", "origin"].startswith("configs/ai_base.toml:") or \
        "ai_base.toml:" in table.loc["build_lag", "origin"]
    assert (table["source"] != "").all()
    assert table.loc["build_lag", "comment"].startswith("steps: about a year from order to service")
    assert table.loc["capex_floor", ["origin", "comment"]].tolist() == ["default", ""]


def test_names_and_sizes(base):
    assert (base.title, base.label, base.name, base.size) == ("AI base case", "AI base case",
                                                              "ai_base", 4000)
    assert base.provenance["config"].startswith("model = ") and "git_revision" in base.provenance
    assert "4,000 paths" in repr(base)


def test_context_manager_closes(base_file, folder):
    own = folder / "own.h5"
    own.write_bytes(base_file.read_bytes())

    def handles() -> int:
        links = (os.path.realpath(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd"))
        return sum(link == os.path.realpath(own) for link in links)

    with overbuild.open(own) as result:
        result.series.coverage_mean.values
        assert handles() == 1
    assert handles() == 0


def test_what_is_no_result_is_refused_by_name(folder, base_file):
    with pytest.raises(overbuild.ResultError, match="absent.h5: no such file"):
        overbuild.open(folder / "absent.h5")
    text = folder / "text.h5"
    text.write_text("no HDF5")
    with pytest.raises(overbuild.ResultError, match="text.h5: not a whole HDF5 file"):
        overbuild.open(text)
    other = folder / "other.h5"
    with h5py.File(other, "w") as file:
        file.attrs["format"] = "another"
    with pytest.raises(overbuild.ResultError, match="not a result of overbuild .*'another'"):
        overbuild.open(other)
    newer = folder / "newer.h5"
    newer.write_bytes(base_file.read_bytes())
    with h5py.File(newer, "a") as file:
        file.attrs["format_version"] = 2
    with pytest.raises(overbuild.ResultError,
                       match="layout version 2; this package reads version 1"):
        overbuild.open(newer)


def test_groups_that_were_not_kept_are_named(bare):
    with pytest.raises(overbuild.ResultError, match=r"no group paths \(set outputs.paths"):
        bare.paths()
    with pytest.raises(overbuild.ResultError,
                       match=r"no group path_outcomes \(set outputs.outcomes"):
        bare.outcomes()


def test_other_models_open(folder):
    config = folder / "gbm.toml"
    config.write_text('model = "gbm"\n[run]\npaths = 100\nhorizon = 1\nstep = 0.25\nseed = 1\n')
    subprocess.run([PROGRAM, "run", config, "--quiet", "-o", folder / "gbm.h5"], check=True)
    result = overbuild.open(folder / "gbm.h5")
    assert set(result.summary().kind) >= {"series", "outcomes"}
    for draw in (overbuild.plots.coverage, overbuild.plots.density):
        with pytest.raises(overbuild.ResultError, match="series has no coverage; it has"):
            draw(result)


def test_nothing_drawn_is_no_error(folder):
    """The group path_parameters is left out where no parameter has a prior."""
    config = folder / "fixed.toml"
    config.write_text('model = "gbm"\n[run]\npaths = 100\nhorizon = 1\nstep = 0.25\n'
                      '[outputs]\noutcomes = 100\npaths = 100\n')
    subprocess.run([PROGRAM, "run", config, "--quiet", "-o", folder / "fixed.h5"], check=True)
    result = overbuild.open(folder / "fixed.h5")
    assert list(result.outcomes(parameters=True)) == list(result.outcomes())
    from overbuild.measure import Measure
    with pytest.raises(overbuild.ResultError, match="nothing is drawn"):
        overbuild.plots.tornado(result, Measure("outcomes/final_value_mean"))


def test_misspelt_names_are_answered_with_the_nearest(base):
    with pytest.raises(overbuild.ResultError, match=r"no coverge \(is coverage meant\?\)"):
        overbuild.plots.fan(base, "coverge")
