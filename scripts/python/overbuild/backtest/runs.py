"""Runs of the program: the config as resolved, its calibration, and paths from the posterior."""

from __future__ import annotations

import datetime
import json
import pathlib
import subprocess
import tomllib
from dataclasses import dataclass
from typing import Any, Sequence

import h5py
import numpy as np

from overbuild.backtest.conditioning import Observed
from overbuild.backtest.rows import Table, period
from overbuild.errors import ConfigError, ResultError, UsageError
from overbuild.result import Result, open_result

Set = Sequence[str]  # KEY=VALUE, as --set has it


def program(name: str, *arguments: object) -> str:
    """Standard output of the program; ResultError with its message where it fails, of the
    kind that has its exit code."""
    try:
        done = subprocess.run([name, *map(str, arguments)], capture_output=True, text=True)
    except OSError as error:
        raise ResultError(f"{name}: {error.strerror}; --program names overbuild") from error
    if done.returncode != 0:
        text = done.stderr.strip().splitlines()
        kind = {2: UsageError, 3: ConfigError}.get(done.returncode, ResultError)
        raise kind(text[-1].removeprefix("overbuild: ") if text
                   else f"{name} {arguments[0]}: exit code {done.returncode}")
    return done.stdout


def overrides(settings: Set) -> list[str]:
    """Options of the program for KEY=VALUE."""
    return [part for each in settings for part in ("--set", each)]


@dataclass(frozen=True)
class Config:
    """What a backtest needs of a config."""

    file: pathlib.Path
    settings: tuple[str, ...]  # KEY=VALUE given beside it
    title: str
    start: datetime.date
    step: float  # yr
    seed: int
    data: str
    observed: tuple[Observed, ...]


def config_of(name: str, file: pathlib.Path, settings: Set) -> Config:
    """The config as the program resolves it."""
    table: dict[str, Any] = tomllib.loads(program(name, "check", file, *overrides(settings)))
    calibration = table.get("calibration")
    if not calibration:
        raise ConfigError(f"{file}: has no [calibration]; a backtest needs its start and observe")
    observed = tuple(Observed(**each) for each in calibration["observe"])
    start = period(str(calibration["start"])).first
    return Config(file, tuple(settings), str(table.get("title") or file.stem), start,
                  float(table["run"]["step"]), int(table["run"]["seed"]),
                  str(calibration.get("data", "")), observed)


@dataclass(frozen=True)
class Posterior:
    """A posterior file's particles, and the rows that it rests on."""

    file: pathlib.Path
    parameters: tuple[str, ...]
    values: np.ndarray  # (particle, parameter)
    log_likelihood: np.ndarray  # (particle,)
    island: np.ndarray  # (particle,)
    lines: tuple[int, ...]  # of the training file
    observed: np.ndarray  # (row,) place in Config.observed
    time: np.ndarray  # (row,) yr
    value: np.ndarray
    deviation: np.ndarray
    doubts: str
    log_evidence: float  # of the training rows, up to a constant where a series is relative
    log_evidence_se: float

    def particle_of(self, drawn: np.ndarray) -> np.ndarray:
        """The particle (path,) that each path (path, parameter) drew."""
        place = {row.tobytes(): i for i, row in enumerate(np.ascontiguousarray(self.values))}
        try:
            return np.array([place[row.tobytes()] for row in np.ascontiguousarray(drawn)])
        except KeyError:
            raise ResultError(f"{self.file}: a path has parameters that no particle has") from None


def calibrate(name: str, config: Config, training: Table, until: str, folder: pathlib.Path,
              particles: int, islands: int) -> Posterior:
    """Calibrates to the training rows, which are all that the program is given."""
    data = folder / "training.csv"
    data.write_text(training.csv(), encoding="utf-8")
    file = folder / "posterior.h5"
    program(name, "calibrate", config.file, *overrides(config.settings), "--data", data, "--until",
            until, "--set", f"calibration.particles={particles}", "--set",
            f"calibration.islands={islands}", "--quiet", "-o", file)
    return read_posterior(file)


def read_posterior(file: pathlib.Path) -> Posterior:
    """Reads a posterior file (docs/format.md)."""
    with h5py.File(file, "r") as opened:
        own, data, about = opened["particles"], opened["data"], opened["diagnostics"].attrs
        names = tuple(_text(own.attrs["parameters"]).split())
        return Posterior(
            file, names, np.stack([own[each][:] for each in names], axis=1),
            own["log_likelihood"][:], own["island"][:], tuple(int(i) for i in data["line"][:]),
            data["observed"][:].astype(int), data["time"][:], data["value"][:],
            data["deviation"][:], _text(about["doubts"]), float(about["log_evidence"]),
            float(about["log_evidence_error"]))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def run_posterior(name: str, config: Config, posterior: Posterior, horizon: float, paths: int,
                  series: Sequence[str], folder: pathlib.Path) -> Result:
    """Paths whose parameters are drawn from the posterior, all of them kept."""
    own = folder / "predictive.toml"
    own.write_text(
        f"extends = {json.dumps(str(config.file.resolve()))}\n"
        f"[run]\nhorizon = {horizon!r}\npaths = {paths}\n"
        f"[posterior]\nfile = {json.dumps(str(posterior.file.resolve()))}\n"
        f"[outputs]\npaths = \"all\"\noutcomes = \"all\"\nseries = {json.dumps(list(series))}\n"
        "precision = \"float64\"\ncompression = 0\n", encoding="utf-8")
    file = folder / "predictive.h5"
    # Among the values given beside the config the parameters with a prior are the posterior's now.
    kept = [each for each in config.settings
            if each.partition("=")[0].removeprefix("parameters.").strip()
            not in posterior.parameters]
    program(name, "run", own, *overrides(kept), "--quiet", "-o", file)
    result = open_result(file)
    assert isinstance(result, Result)
    return result
