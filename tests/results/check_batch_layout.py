"""Checks that a batch file opens in h5py and in xarray with both of its HDF5 engines, and that each
scenario holds the numbers of a run with its values.

usage: check_batch_layout.py OVERBUILD
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np
import xarray as xr

CONFIG = """
model = "gbm"
title = "Überbau in two dimensions"
[run]
paths = 1500
horizon = 2
step = 0.25
seed = 11
[outputs]
outcomes = 700
[parameters]
drift = {prior = "normal", mean = 0.05, sd = 0.02, min = -1, max = 1}
volatility = {prior = "uniform", low = 0.1, high = 0.3}
[[sweep]]
method = "grid"
parameters.drift = [-0.3, 0.3]
parameters.volatility.low = [0.15, 0.2]
[[sweep]]
method = "list"
scenario = ["base"]
"""
DRIFT = [-0.3, -0.3, 0.3, 0.3, np.nan]
LOW = [0.15, 0.2, 0.15, 0.2, 0.1]
NAMES = ["0001", "0002", "0003", "0004", "base"]
GROUPS = ["series", "events", "outcomes", "outcome_histograms", "path_outcomes", "path_parameters"]


class BatchLayout(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        (cls.folder / "grid.toml").write_text(CONFIG)
        cls.run_program("batch", "grid.toml", "-q")
        for name, drift, low in zip(NAMES, DRIFT, LOW):
            values = ["--set", f"parameters.volatility.low={low}"]
            if not np.isnan(drift):
                values += ["--set", f"parameters.drift={drift}"]
            cls.run_program("run", "grid.toml", "-q", "-o", f"{name}.h5", "--set", "sweep=[]",
                            *values)

    @classmethod
    def run_program(cls, *arguments):
        subprocess.run([PROGRAM, *arguments], check=True, cwd=cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def batches(self, group):
        """The group as each engine of xarray opens it, with no options."""
        for engine in ("h5netcdf", "netcdf4"):
            with xr.open_dataset(self.folder / "grid.h5", group=group, engine=engine) as dataset:
                yield dataset

    def single(self, name, group):
        return xr.open_dataset(self.folder / f"{name}.h5", group=group, engine="h5netcdf")

    def test_coordinates(self):
        for group in GROUPS[:5]:
            for data in self.batches(group):
                self.assertEqual(list(data.scenario.values), NAMES)
                self.assertTrue({"scenario", "drift", "volatility_low"} <= set(data.coords), group)
                np.testing.assert_array_equal(data.drift, DRIFT)
                np.testing.assert_array_equal(data.volatility_low, LOW)
                self.assertEqual(data.drift.attrs["key"], "parameters.drift")
                self.assertEqual(data.drift.attrs["units"], "1/yr")
                self.assertEqual(data.volatility_low.attrs["key"], "parameters.volatility.low")

    def test_every_number_is_that_of_a_run(self):
        compared = 0
        for group in ("series", "events", "outcomes", "path_outcomes"):
            for data in self.batches(group):
                for name in NAMES:
                    with self.single(name, group) as run:
                        self.assertEqual(set(data.data_vars), set(run.data_vars))
                        for variable in run.data_vars:
                            row = data[variable].sel(scenario=name)
                            self.assertEqual(row.dims, run[variable].dims)
                            np.testing.assert_array_equal(row, run[variable], variable)
                            self.assertEqual(row.attrs, run[variable].attrs)
                            compared += row.size
        self.assertGreater(compared, 10000)

    def test_dimensions(self):
        for data in self.batches("series"):
            self.assertEqual(data.value_mean.dims, ("scenario", "time"))
            self.assertEqual(data.value_quantile.dims, ("scenario", "time", "probability"))
        for data in self.batches("path_outcomes"):
            self.assertEqual(data.final_value.dims, ("scenario", "path"))
            self.assertEqual(data.final_value.shape, (5, 700))

    def test_histograms(self):
        for data in self.batches("outcome_histograms"):
            for outcome in ("final_value", "passage_time"):
                self.assertEqual(data[f"{outcome}_count"].dims, ("scenario", f"{outcome}_bin"))
                lower, upper = data[f"{outcome}_bin_lower"], data[f"{outcome}_bin_upper"]
                np.testing.assert_array_equal(lower[1:], upper[:-1])
                for name in NAMES:
                    row = data[f"{outcome}_count"].sel(scenario=name).values
                    with self.single(name, "outcome_histograms") as run:
                        count = run[f"{outcome}_count"].values
                        np.testing.assert_array_equal(row[row > 0], count[count > 0])
                        np.testing.assert_array_equal(
                            lower.values[row > 0], run[f"{outcome}_bin_lower"].values[count > 0])
                        np.testing.assert_array_equal(
                            upper.values[row > 0], run[f"{outcome}_bin_upper"].values[count > 0])

    def test_drawn_parameters(self):
        for data in self.batches("path_parameters"):
            self.assertEqual(set(data.coords), {"scenario", "path"})
            np.testing.assert_array_equal(data.drift.sel(scenario="0001"), -0.3)
            for name in NAMES:
                with self.single(name, "path_parameters") as run:
                    np.testing.assert_array_equal(data.volatility.sel(scenario=name),
                                                  run.volatility)
            with self.single("base", "path_parameters") as run:
                np.testing.assert_array_equal(data.drift.sel(scenario="base"), run.drift)

    def test_parameters(self):
        for data in self.batches("parameters"):
            np.testing.assert_array_equal(data.drift, DRIFT)
            self.assertEqual(data.drift.attrs["symbol"], "mu")
            self.assertEqual(data.drift.attrs["prior"], '{prior = "normal", mean = 0.05, sd = 0.02, min = -1.0, '
                             'max = 1.0}')
            self.assertEqual(data.barrier.dims, ())
            self.assertTrue(np.isnan(data.volatility))

    def test_root_and_provenance(self):
        for data in self.batches("/"):
            self.assertEqual(data.attrs["format"], "overbuild batch")
            self.assertEqual(int(data.attrs["format_version"]), 1)
            self.assertEqual(data.attrs["batch"], "grid")
            self.assertEqual(data.attrs["title"], "Überbau in two dimensions")
            self.assertEqual(int(data.attrs["scenarios"]), 5)
            self.assertEqual(int(data.attrs["paths"]), 1500)
            self.assertEqual(data.attrs["swept"], "drift volatility_low")
        for data in self.batches("provenance"):
            self.assertIn('method = "list"', data.config.item())
            self.assertIn("overbuild batch grid.toml", data.attrs["command"])

    def test_a_grid_unstacks(self):
        for data in self.batches("series"):
            grid = (data.value_mean.isel(time=-1, scenario=slice(4))
                    .set_index(scenario=["drift", "volatility_low"]).unstack("scenario"))
            self.assertEqual(grid.shape, (2, 2))
            self.assertLess(float(grid.sel(drift=-0.3, volatility_low=0.2)),
                            float(grid.sel(drift=0.3, volatility_low=0.2)))

    def test_h5py(self):
        with h5py.File(self.folder / "grid.h5") as file:
            value = file["series/value_quantile"]
            self.assertEqual([d[0].name for d in value.dims],
                             ["/series/scenario", "/series/time", "/series/probability"])
            self.assertEqual(value.attrs["coordinates"], "drift volatility_low")
            self.assertEqual(list(file["series/scenario"].asstr()), NAMES)

    def test_every_array_has_coordinates_in_its_group(self):
        def check(name, item):
            if isinstance(item, h5py.Dataset):
                if not h5py.h5ds.is_scale(item.id):
                    for dimension in item.dims:
                        self.assertEqual(dimension[0].parent, item.parent, name)
                self.assertTrue(item.attrs.get("units", "1"), name)
        with h5py.File(self.folder / "grid.h5") as file:
            file.visititems(check)


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
