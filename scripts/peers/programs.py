"""Runs overbuild and its peers on the same problem, base.toml, and reads their results."""

import json
import pathlib
import resource
import subprocess
import sys
import time

import h5py
import numpy as np

from overbuild_numpy import EVENTS, QUANTILES, SERIES

FOLDER = pathlib.Path(__file__).resolve().parent
BASE = FOLDER / "base.toml"


def processor_seconds_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Run:
    """A finished run: seconds from start to exit by the clock and of processor time (all threads),
    and what it printed."""

    def __init__(self, command):
        processor_before = processor_seconds_of_children()
        start = time.perf_counter()
        try:
            finished = subprocess.run([str(word) for word in command], text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            sys.exit(f"cannot run {command[0]}: {error.strerror}")
        self.seconds = time.perf_counter() - start
        self.processor_seconds = processor_seconds_of_children() - processor_before
        if finished.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\nended with exit code {finished.returncode}:\n"
                     f"{finished.stderr}")
        self.output = finished.stdout


class Overbuild:
    """`overbuild run`; the result stays in `file` until the next run."""

    def __init__(self, program, threads, file):
        self.name, self.program, self.threads, self.file = "overbuild", program, threads, file

    def run(self, paths, seed, options=()):
        return Run([self.program, "run", BASE, "--output", self.file, "--force", "--quiet",
                    "--paths", paths, "--seed", seed, "--threads", self.threads, *options])

    def statistics(self, _):
        """Median coverage and probability of the bust, each (value, standard error) by step."""
        median = QUANTILES.index(0.50)
        with h5py.File(self.file) as file:
            series, events = file["series"], file["events"]
            return {"coverage": (series["coverage_quantile"][:, median],
                                 series["coverage_quantile_se"][:, median]),
                    "bust": (events["bust_begun"][:], events["bust_begun_se"][:])}

    def values(self, paths, seed):
        """All values as [step][series][path] and the share of paths with each event by step."""
        self.run(paths, seed, ["--set", 'outputs.paths="all"', "--set", "outputs.compression=0"])
        with h5py.File(self.file) as file:
            series = np.stack([file["paths"][name][:].T for name in SERIES], axis=1)
            return series, {name: file["events"][name][:] for name in EVENTS}


class Peer:
    """One of the two other implementations; both have the same command line and output."""

    threads = 1

    def __init__(self, name, program, file):
        self.name, self.program, self.file = name, program, file

    def run(self, paths, seed, options=()):
        return Run([self.program, BASE, "--paths", paths, "--seed", seed, *options])

    def statistics(self, run):
        results = json.loads(run.output)
        probability = np.array(results["events"]["bust_begun"])
        return {"coverage": (np.array(results["series"]["coverage"]["quantiles"])
                             [:, QUANTILES.index(0.50)],
                             np.array(results["coverage_median_standard_error"])),
                "bust": (probability, np.sqrt(probability * (1 - probability) / results["paths"]))}

    def values(self, paths, seed):
        results = json.loads(self.run(paths, seed, ["--values", self.file]).output)
        values = np.fromfile(self.file).reshape(results["steps"] + 1, len(SERIES) + 1, paths)
        return values[:, :-1], {name: np.array(results["events"][name]) for name in EVENTS}


def numpy_peer(folder):
    return Peer("NumPy", FOLDER / "overbuild_numpy.py", pathlib.Path(folder) / "numpy.values")


def scalar_peer(folder, program):
    return Peer("C++, scalar", program, pathlib.Path(folder) / "scalar.values")
