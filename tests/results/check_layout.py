"""Checks that a result opens as it is in h5py and in xarray with both of its HDF5 engines.

usage: check_layout.py PROGRAM, where PROGRAM FILE writes the example of example_result.hpp.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np
import xarray as xr

PATHS = 1300
TIME = np.arange(9) * 0.25
LEVELS = [0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99]
# The example counts 0.5, 1.5, ... through its fields: 26 per series, 2 per event, by step.
STEP = 54 * np.arange(9)


class Layout(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.file = pathlib.Path(cls.folder.name) / "example.h5"
        subprocess.run([PROGRAM, cls.file], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def datasets(self, group):
        """The group as each engine of xarray opens it, with no options."""
        for engine in ("h5netcdf", "netcdf4"):
            with xr.open_dataset(self.file, group=group, engine=engine) as dataset:
                yield dataset

    def test_series(self):
        for data in self.datasets("series"):
            self.assertEqual(set(data.coords), {"time", "probability"})
            np.testing.assert_array_equal(data.time, TIME)  # numbers, not dates
            np.testing.assert_array_equal(data.probability, LEVELS)
            self.assertEqual(data.time.attrs["units"], "yr")
            self.assertEqual(data.value_mean.dims, ("time",))
            self.assertEqual(data.value_quantile.dims, ("time", "probability"))
            np.testing.assert_array_equal(data.value_mean, STEP + 1.5)
            np.testing.assert_array_equal(data.value_mean_se, STEP + 2.5)
            np.testing.assert_array_equal(data.log_value_mean, STEP + 27.5)
            self.assertTrue(np.isnan(data.value_skew_se).all())
            expected = STEP[:, None] + 8.5 + 2 * np.arange(9)
            np.testing.assert_array_equal(data.value_quantile, expected)
            np.testing.assert_array_equal(data.value_quantile_se, expected + 1)
            median = data.value_quantile.sel(probability=0.5, time=2.0)
            self.assertEqual(float(median), 54 * 8 + 8.5 + 8)

    def test_descriptions(self):
        for data in self.datasets("series"):
            attributes = data.value_mean.attrs
            self.assertEqual(attributes["units"], "1")
            self.assertEqual(attributes["long_name"], "mean: value of the process")
            self.assertEqual(attributes["meaning"], "value of the process")
            self.assertEqual(attributes["ancillary_variables"], "value_mean_se")
            for name, variable in data.variables.items():
                self.assertTrue(variable.attrs["units"], name)
                self.assertTrue(variable.attrs["long_name"], name)

    def test_events(self):
        for data in self.datasets("events"):
            np.testing.assert_array_equal(data.barrier_passed, STEP + 52.5)
            np.testing.assert_array_equal(data.barrier_passed_se, STEP + 53.5)
            np.testing.assert_array_equal(data.barrier_passed.time, TIME)

    def test_outcomes(self):
        first = 54 * 9
        for data in self.datasets("outcomes"):
            self.assertEqual(float(data.passage_time_defined), first + 0.5)
            self.assertEqual(int(data.passage_time_count), first + 2)
            self.assertEqual(float(data.passage_time_mean), first + 3.5)
            self.assertEqual(data.passage_time_quantile.dims, ("probability",))
            self.assertEqual(data.passage_time_quantile.attrs["exact_quantiles"], 1)
            self.assertEqual(data.largest_value_quantile.attrs["exact_quantiles"], 0)
            self.assertEqual(data.passage_time_mean.attrs["units"], "yr")
            self.assertTrue(np.isnan(data.final_value_mean))

    def test_histograms(self):
        for data in self.datasets("outcome_histograms"):
            np.testing.assert_array_equal(data.passage_time_bin, [1.5, 2.5, 3.5])
            np.testing.assert_array_equal(data.passage_time_bin_lower, [1, 2, 3])
            np.testing.assert_array_equal(data.passage_time_bin_upper, [2, 3, 4])
            self.assertEqual(data.passage_time_count.dims, ("passage_time_bin",))
            self.assertEqual(data.final_value_count.size, 0)

    def test_kept_paths(self):
        expected = np.arange(PATHS)[:, None] + np.arange(9) / 1024
        for data in self.datasets("paths"):
            self.assertEqual(data.value.dims, ("path", "time"))
            self.assertEqual(data.value.dtype, np.float32)
            np.testing.assert_array_equal(data.value, expected)
            np.testing.assert_array_equal(data.log_value, expected + 0.5)
            self.assertEqual(float(data.value.sel(path=700, time=0.5)), 700 + 2 / 1024)

    def test_kept_outcomes_and_parameters(self):
        for data in self.datasets("path_outcomes"):
            np.testing.assert_array_equal(data.final_value, 20000.25 + np.arange(PATHS))
            self.assertTrue(np.isnan(data.passage_time[0]))
        for data in self.datasets("path_parameters"):
            np.testing.assert_array_equal(data.drift, 90000.25 + np.arange(PATHS))
            self.assertEqual(data.drift.attrs["units"], "1/yr")

    def test_parameters(self):
        for data in self.datasets("parameters"):
            self.assertEqual(float(data.barrier), 1.5)
            self.assertTrue(np.isnan(data.drift))
            self.assertEqual(data.drift.attrs["prior"],
                             '{prior = "normal", mean = 0.05, sd = 0.01, min = 0.0}')
            self.assertEqual(data.drift.attrs["symbol"], "mu")
            self.assertEqual(data.drift.attrs["origin"], "example.toml:7")
            self.assertNotIn("prior", data.barrier.attrs)

    def test_root(self):
        for data in self.datasets("/"):
            self.assertEqual(data.attrs["Conventions"], "CF-1.10")
            self.assertEqual(data.attrs["format"], "overbuild")
            self.assertEqual(int(data.attrs["format_version"]), 1)
            self.assertEqual(data.attrs["title"], "Überbau, an example")
            self.assertEqual(int(data.attrs["seed"]), 2**64 - 1)
            self.assertEqual(int(data.attrs["paths"]), PATHS)
            self.assertEqual(int(data.attrs["complete"]), 1)

    def test_provenance(self):
        for data in self.datasets("provenance"):
            self.assertEqual(data.attrs["command"], "overbuild run configs/example.toml")
            self.assertEqual(int(data.attrs["threads"]), 3)
            config = data.config.item()
            self.assertTrue(config.startswith("[run]\nseed = 1\n"))
            self.assertGreater(len(config), 200000)

    def test_h5py(self):
        with h5py.File(self.file) as file:
            value = file["series/value_quantile"]
            self.assertEqual([d[0].name for d in value.dims],
                             ["/series/time", "/series/probability"])
            self.assertEqual(value.attrs["units"], "1")
            self.assertEqual(file["series"].attrs["quantities"], "value log_value")
            self.assertTrue(file["provenance/config"].asstr()[()].startswith("[run]"))
            kept = file["paths/value"]
            self.assertEqual((kept.chunks, kept.compression, kept.shuffle),
                             ((512, 9), "gzip", True))

    def test_every_array_has_coordinates_in_its_group(self):
        def check(name, item):
            if isinstance(item, h5py.Dataset):
                if not h5py.h5ds.is_scale(item.id):
                    for dimension in item.dims:
                        self.assertEqual(dimension[0].parent, item.parent, name)
        with h5py.File(self.file) as file:
            file.visititems(check)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
