"""scripts/plot_coverage.py answers a wrong file with one line.

    check_plot_script.py PLOT_SCRIPT PROGRAM CONFIG EXAMPLE_PROGRAM
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT, PROGRAM, CONFIG, EXAMPLE = sys.argv[1:]


class PlotScript(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def plot(self, result, picture="picture.png"):
        return subprocess.run([sys.executable, SCRIPT, self.folder / result, self.folder / picture],
                              capture_output=True, text=True, check=False)

    def expect_line(self, run, words):
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        self.assertIn(words, run.stderr)

    def test_draws_a_result(self):
        subprocess.run([PROGRAM, "run", CONFIG, "--paths", "500", "--quiet", "-o",
                        self.folder / "base.h5"], check=True)
        self.assertEqual(self.plot("base.h5").returncode, 0)
        self.assertGreater((self.folder / "picture.png").stat().st_size, 1000)
        self.expect_line(self.plot("base.h5", "no/folder.png"), "No such file or directory")
        self.expect_line(self.plot("base.h5", "picture.xyz"), "xyz")

    def test_a_missing_file(self):
        self.expect_line(self.plot("missing.h5"), "missing.h5: No such file or directory")

    def test_no_result(self):
        (self.folder / "text.h5").write_text("text")
        self.expect_line(self.plot("text.h5"), "not a whole HDF5 file")

    def test_a_result_without_coverage(self):
        subprocess.run([EXAMPLE, self.folder / "other.h5"], check=True)
        self.expect_line(self.plot("other.h5"), "has no series/coverage_quantile")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
