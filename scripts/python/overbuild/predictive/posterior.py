"""A posterior file of `overbuild calibrate` (docs/format.md): particles, and the data it used."""

from __future__ import annotations

import csv
import datetime
import difflib
import math
import os
import pathlib
import tomllib
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np

from overbuild.errors import ResultError, UsageError

SCALES = ("level", "relative", "linear")
YEAR = datetime.timedelta(days=365.25)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@dataclass(frozen=True)
class Observed:
    """The rows of one series of the data, and the model's series that they observe.

    `y` are the values, logarithms unless the scale is linear; `deviation` their errors, one
    standard deviation, discrepancy included; `time` (yr) counts from the run's start. `used` is
    false where the posterior does not know these rows.
    """

    data: str
    series: str
    per: str  # the series that divides `series`; empty for none
    scale: str
    date: tuple[str, ...]
    time: np.ndarray
    y: np.ndarray
    deviation: np.ndarray
    used: bool = True

    @property
    def name(self) -> str:
        """What is observed by what."""
        return f"{self.data} of {self.series}" + (f" per {self.per}" if self.per else "")

    @property
    def logarithm(self) -> bool:
        """Whether y is a logarithm."""
        return self.scale != "linear"


def _start(config: dict[str, Any], file: pathlib.Path) -> datetime.datetime:
    text = str(config.get("calibration", {}).get("start", ""))
    try:
        return _middle(text)
    except ValueError:
        raise ResultError(f"{file}: calibration.start is {text!r}, no date") from None


def _middle(text: str) -> datetime.datetime:
    """The date that YYYY, YYYY-MM or YYYY-MM-DD stands for: its middle (docs/calibration.md).
    """
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return datetime.datetime(parts[0], parts[1], parts[2])
    first = datetime.datetime(parts[0], parts[1] if len(parts) == 2 else 1, 1)
    after = (datetime.datetime(parts[0] + 1, 1, 1) if len(parts) == 1 or parts[1] == 12
             else datetime.datetime(parts[0], parts[1] + 1, 1))
    return first + (after - first) / 2


def check_rows(data: str, scale: str, discrepancy: float) -> None:
    """UsageError for a scale or a discrepancy that rows cannot have."""
    if scale not in SCALES:
        raise UsageError(f"scale {scale!r} of {data}; allowed are {', '.join(SCALES)}")
    if not 0 <= discrepancy < math.inf:
        raise UsageError(f"discrepancy of {data} is {discrepancy:g}; allowed are finite numbers "
                         "from 0")


@dataclass(frozen=True)
class Posterior:
    """Particles of a calibration, and what they were made from."""

    file: pathlib.Path
    parameters: tuple[str, ...]
    values: np.ndarray  # (particle, parameter)
    island: np.ndarray  # (particle,)
    log_likelihood: np.ndarray  # (particle,), as estimated
    observed: tuple[Observed, ...]
    start: datetime.datetime  # of t = 0
    data_file: pathlib.Path
    step: float
    config: dict[str, Any]  # as resolved

    @staticmethod
    def open(name: str | os.PathLike[str]) -> Posterior:
        """Reads a posterior file; ResultError if it is none."""
        path = pathlib.Path(name)
        try:
            with h5py.File(path, "r") as file:
                if _text(file.attrs.get("format", "")) != "overbuild posterior":
                    raise ResultError(f"{path}: not a posterior of `overbuild calibrate` (attribute"
                                      f" format is {_text(file.attrs.get('format'))!r})")
                return _read(path, file)
        except FileNotFoundError:
            raise ResultError(f"{path}: no such file; `overbuild calibrate` makes it") from None
        except OSError as error:
            raise ResultError(f"{path}: not a whole HDF5 file ({error})") from None

    def particle_of(self, drawn: dict[str, np.ndarray]) -> np.ndarray:
        """The particle that each path drew, from what it drew (parameter: values by path)."""
        missing = [name for name in self.parameters if name not in drawn]
        if missing:
            raise ResultError(f"{self.file}: the result draws no {', '.join(missing)}; it is not of"
                              " this posterior")
        rows = {row.tobytes(): place for place, row in enumerate(self.values)}
        paths = np.stack([np.asarray(drawn[name], dtype=float) for name in self.parameters], axis=1)
        found = np.array([rows.get(row.tobytes(), -1) for row in paths])
        if (found < 0).any():
            raise ResultError(f"{self.file}: {int((found < 0).sum()):,} of {len(found):,} paths "
                              "have parameters of none of its particles: the result draws from "
                              "another posterior, or replaces parameters of this one")
        return found

    def also(self, data: str, series: str, scale: str, discrepancy: float,
             file: pathlib.Path | None = None) -> Observed:
        """Rows of a series that the calibration did not observe, by its start and the format of
        its data (uncertainty is that of the logarithm unless the scale is linear, and so is
        `discrepancy`, the standard deviation that is added to it: finite, from 0)."""
        check_rows(data, scale, discrepancy)
        source = file or self.data_file
        try:
            with open(source, newline="", encoding="utf-8") as text:
                rows = list(csv.DictReader(
                    line for line in text if line.strip() and not line.startswith("#")))
        except OSError as error:
            raise ResultError(f"{source}: {error.strerror}; --data names the data") from error
        own = [row for row in rows if row["series"] == data]
        if not own:
            near = difflib.get_close_matches(data, {row["series"] for row in rows}, 1)
            raise ResultError(f"{source}: no series {data}"
                              f"{'; nearest: ' + near[0] if near else ''}")
        time = np.array([(_middle(row["date"]) - self.start) / YEAR for row in own])
        late = time >= 0
        value = np.array([float(row["value"]) for row in own])
        return Observed(
            data, series, "", scale,
            tuple(row["date"] for row, one in zip(own, late) if one), time[late],
            (np.log(value) if scale != "linear" else value)[late],
            np.array([math.hypot(float(row["uncertainty"]), discrepancy) for row in own])[late],
            used=False)


def _read(path: pathlib.Path, file: h5py.File) -> Posterior:
    particles = file["particles"]
    names = tuple(_text(particles.attrs["parameters"]).split())
    config = tomllib.loads(_text(file["provenance/config"][()]))
    return Posterior(
        path, names, np.stack([particles[name][:] for name in names], axis=1),
        particles["island"][:], particles["log_likelihood"][:], _observed(config, file["data"]),
        _start(config, path), pathlib.Path(str(config["calibration"]["data"])),
        float(file.attrs["step"]), config)


def _observed(config: dict[str, Any], data: h5py.Group) -> tuple[Observed, ...]:
    place, value = data["observed"][:], data["value"][:]
    found = []
    for number, entry in enumerate(config["calibration"]["observe"]):
        own = np.flatnonzero(place == number)
        if not len(own):
            continue
        scale = str(entry["scale"])
        found.append(Observed(
            str(entry["data"]), str(entry["series"]), str(entry.get("per", "")), scale,
            tuple(_text(date) for date in data["date"][:][own]), data["time"][:][own],
            value[own] if scale == "linear" else np.log(value[own]), data["deviation"][:][own]))
    return tuple(found)
