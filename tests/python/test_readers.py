"""Results, batches, shards and parts in readers that are not ours: each opens every group with no
option and no warning, and sees the same numbers."""

import pathlib
import shutil
import signal
import subprocess
import time
import warnings

import h5py
import numpy as np
import pytest
import xarray as xr

from conftest import PROGRAM, SOURCE, run

KINDS = ("result", "batch", "shard", "part")
# Dimensions without values of their own, which hold no description.
BARE = b"This is a netCDF dimension but not a netCDF variable"


def killed_part(folder: pathlib.Path) -> pathlib.Path:
    """The first checkpoint of a run that is killed then."""
    file = folder / "killed.h5"
    with subprocess.Popen([PROGRAM, "run", SOURCE / "configs" / "ai_base.toml", "--quiet", "-o",
                           file, "--paths", "1000000000", "--set", "outputs.outcomes=1000",
                           "--set", "outputs.paths=20", "--checkpoint-every", "1s"]) as program:
        parts = folder / "killed.h5.parts"
        while not list(parts.glob("part-*.h5")) and program.poll() is None:
            time.sleep(0.1)
        program.send_signal(signal.SIGKILL)
    return sorted(parts.glob("part-*.h5"))[0]


@pytest.fixture(scope="module")
def files(folder, base_file, batch):
    shard = run(folder / "shard.h5", "ai_base.toml", "--paths", "2048", "--shard", "2/2", "--set",
                "outputs.paths=2048")
    return {"result": base_file, "batch": pathlib.Path(batch.file), "shard": shard,
            "part": killed_part(folder)}


@pytest.fixture(scope="module")
def analyses(folder):
    """A file of each command that does not write results of runs."""
    base = SOURCE / "configs" / "ai_base.toml"
    commands = {
        "posterior": ["calibrate", SOURCE / "configs" / "fiber_calibration.toml", "--set",
                      "calibration.particles=32", "--set", "calibration.paths=16"],
        "rare": ["rare", base, "--event", "coverage < 0.1 by 3y", "--paths", "2048"],
        "solve": ["solve", base, "--for", "bust_hazard", "-t", "P(bust within 5y) = 0.5",
                  "--paths", "2048", "--grid", "5"],
        "frontier": ["solve", base, "--for", "bust_hazard", "-t", "P(bust within 5y) = 0.5",
                     "--against", "price_elasticity", "--values", "0.9:1.3:3", "--paths", "2048",
                     "--grid", "5"],
        "attribution": ["attribute", SOURCE / "configs" / "deepseek_shock_twin.toml",
                        SOURCE / "configs" / "deepseek_shock.toml", "--paths", "2048"],
        "sensitivity": ["sensitivity", base, "--paths", "4096"]}
    for name, command in commands.items():
        subprocess.run([PROGRAM, *command, "--quiet", "-o", folder / f"reader_{name}.h5"],
                       check=True)
    return {name: folder / f"reader_{name}.h5" for name in commands}


ANALYSES = ("posterior", "rare", "solve", "frontier", "attribution", "sensitivity")


def groups_of(file):
    with h5py.File(file) as opened:
        return [None, *opened]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_xarray_opens_every_group(files, kind, engine):
    import netCDF4  # noqa: F401  # its import warns of numpy's version
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for group in groups_of(files[kind]):
            with xr.open_dataset(files[kind], group=group, engine=engine) as data:
                data.load()
                assert not [each for each in data.dims if str(each).startswith("phony")], group
    with xr.open_dataset(files[kind], group="series", engine=engine) as data, \
            h5py.File(files[kind]) as file:
        np.testing.assert_array_equal(data.coverage_quantile, file["series/coverage_quantile"])


@pytest.mark.parametrize("kind", ANALYSES)
def test_analyses_open_in_all_readers(analyses, kind, folder):
    import netCDF4  # noqa: F401
    file, copy = analyses[kind], folder / f"reader_{kind}.nc"
    for command in (["ncdump", "-h", file], ["h5dump", "-H", file], ["nccopy", file, copy]):
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), command
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for group in groups_of(file):
            with xr.open_dataset(file, group=group, engine="h5netcdf") as a, \
                    xr.open_dataset(file, group=group, engine="netcdf4") as b, \
                    xr.open_dataset(copy, group=group) as c:
                assert not [each for each in a.dims if str(each).startswith("phony")], group
                assert set(a.load().variables) == set(b.load().variables) == set(c.variables)
                for name, variable in a.data_vars.items():
                    assert group in ("sums", "provenance") or variable.attrs["long_name"], name


ALL_IN_R = r"""
file <- commandArgs(TRUE)[1]
all <- subset(rhdf5::h5ls(file), otype == "H5I_DATASET")
for (i in seq_len(nrow(all)))
  invisible(rhdf5::h5read(file, paste0(all$group[i], "/", all$name[i]), bit64conversion = "double"))
h <- hdf5r::H5File$new(file, "r")
for (each in hdf5r::list.datasets(h)) invisible(h[[each]]$read())
h$close_all()
n <- ncdf4::nc_open(file)
stopifnot(length(n$var) > 5)
ncdf4::nc_close(n)
cat(nrow(all), "\n")
"""


@pytest.mark.parametrize("kind", ANALYSES)
def test_packages_of_r_read_all_of_an_analysis(analyses, kind):
    if not shutil.which("Rscript"):
        pytest.skip("R is missing")
    done = subprocess.run(["Rscript", "-e", ALL_IN_R, analyses[kind]], capture_output=True,
                          text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 50  # most of them parameters


@pytest.mark.parametrize("kind", KINDS)
def test_every_variable_says_what_it_is(files, kind):
    found = []

    def look(name, each):
        bare = bytes(each.attrs.get("NAME", b"")).startswith(BARE)
        if isinstance(each, h5py.Dataset) and not name.startswith(("state/", "provenance/")):
            found.append(name)
            assert not bare and each.attrs["units"] and each.attrs["long_name"], name
            assert "NaN" not in each.attrs["long_name"] or name.startswith("path_outcomes/"), name
    with h5py.File(files[kind]) as file:
        file.visititems(look)
    assert len(found) > 300


@pytest.mark.parametrize("kind", KINDS)
def test_netcdf_and_hdf5_tools_read_it(files, kind, folder):
    def output(*command):
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), command
        return done.stdout
    head = output("ncdump", "-h", files[kind])
    assert "group: series {" in head and "phony" not in head
    assert 'coverage_mean:long_name = "mean: revenue over required revenue"' in head
    values = output("ncdump", "-v", "/series/time", files[kind])
    assert "time = 0, 0.25, 0.5, 0.75, 1" in values
    assert "coverage_mean" in output("h5dump", "-H", files[kind])
    copy = folder / f"{kind}.copy.nc"
    output("nccopy", files[kind], copy)
    with xr.open_dataset(copy, group="series") as a, xr.open_dataset(files[kind],
                                                                      group="series") as b:
        xr.testing.assert_identical(a.load(), b.load())


R_CODE = r"""
file <- commandArgs(TRUE)[1]
say <- function(x) cat(dim(x), format(x[length(x)], digits = 17), "\n")
say(rhdf5::h5read(file, "series/coverage_quantile"))
h <- hdf5r::H5File$new(file, "r"); say(h[["series/coverage_quantile"]]$read()); h$close_all()
n <- ncdf4::nc_open(file); say(ncdf4::ncvar_get(n, "series/coverage_quantile"))
stopifnot(ncdf4::ncatt_get(n, "series/coverage_mean", "units")$value == "1"); ncdf4::nc_close(n)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_packages_of_r_read_it(files, kind):
    if not shutil.which("Rscript"):
        pytest.skip("R is missing")
    done = subprocess.run(["Rscript", "-e", R_CODE, files[kind]], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with h5py.File(files[kind]) as file:
        array = file["series/coverage_quantile"][()]
    for line in done.stdout.strip().splitlines():
        *dims, last = line.split()
        assert tuple(map(int, reversed(dims))) == array.shape  # R lists them the other way round
        assert float(last) == array.flat[-1]
    assert len(done.stdout.strip().splitlines()) == 3


def test_codes_are_named_as_cf_has_it(files):
    for kind in KINDS:
        with h5py.File(files[kind]) as file:
            for name in ("path_outcomes/regime_final", "outcomes/regime_final_max"):
                attrs = file[name].attrs
                assert attrs["flag_meanings"] == "boom bust recovery", (kind, name)
                np.testing.assert_array_equal(attrs["flag_values"], [0, 1, 2])
            assert "flag_values" not in file["path_outcomes/capex_fall"].attrs


def test_comments_of_the_config_come_with_the_parameters(files, folder):
    with h5py.File(files["result"]) as file:
        parameters = file["parameters"]
        assert parameters["capex_0"].attrs["comment"].startswith("Half of Sequoia's 600 bn. Amazon")
        assert parameters["shell_life"].attrs["comment"] == "judgement"
        assert "comment" not in parameters["capex_floor"].attrs  # a default
        expected = {name: each.attrs.get("comment") for name, each in parameters.items()}
    parts = [run(folder / f"part{i}.h5", "ai_base.toml", "--paths", "2048", "--shard", f"{i}/2")
             for i in (1, 2)]
    subprocess.run([PROGRAM, "merge", *parts, "--quiet", "-o", folder / "whole.h5"], check=True)
    with h5py.File(folder / "whole.h5") as file:  # a merge reads no config
        assert {name: each.attrs.get("comment")
                for name, each in file["parameters"].items()} == expected
    with h5py.File(run(folder / "set.h5", "ai_base.toml", "--paths", "512", "--set",
                       "parameters.capex_0=200")) as file:
        assert "comment" not in file["parameters/capex_0"].attrs
