"""Calendar, take-off, GDP and facts of an episode: AI, fiber, Amazon's cloud."""

from __future__ import annotations

import csv
import difflib
import functools
import math
import pathlib
import tomllib
from dataclasses import dataclass
from typing import Any

import numpy as np

from overbuild.errors import ResultError, UsageError
from overbuild.result import Result

FOLDER = pathlib.Path(__file__).resolve().parents[4] / "configs" / "data"
GDP_GROWTH = 0.04  # 1/yr, log growth of nominal GDP beyond its facts; judgement, as in the configs


@dataclass(frozen=True)
class Fact:
    """One row of a file of facts (docs/data.md)."""

    date: str
    value: float  # unit of the series
    uncertainty: float  # of the logarithm, one standard deviation
    status: str  # confirmed, reported or recalled

    @property
    def time(self) -> float:
        """Calendar time (yr) of the middle of the year, quarter or month that the fact is of.

        A month that ends a quarter stands for the quarter, as the files have it.
        """
        year, month, day = (int(part) for part in (self.date + "-0-0").split("-")[:3])
        if month == 0:
            return year + 0.5
        if day > 0:
            return year + (month - 1) / 12 + (day - 0.5) / 365.25
        return year + (month / 12 - 1 / 8 if month % 3 == 0 else (month - 0.5) / 12)


@dataclass(frozen=True)
class Points:
    """Facts beside a variable of the phase: calendar times (yr), values, errors of logarithms."""

    variable: str
    label: str
    time: np.ndarray
    value: np.ndarray  # unit of the variable, or free of it where `anchor` is set
    uncertainty: np.ndarray
    recalled: np.ndarray  # bool
    anchor: bool


@functools.lru_cache(maxsize=None)
def facts(folder: pathlib.Path, name: str) -> dict[str, list[Fact]]:
    """The series of the file NAME.csv; ResultError where it cannot be read."""
    path = folder / f"{name}.csv"
    series: dict[str, list[Fact]] = {}
    try:
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                series.setdefault(row["series"], []).append(
                    Fact(row["date"], float(row["value"]), float(row["uncertainty"]),
                         row["status"]))
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}; --data FOLDER names the folder of the "
                          "repository's configs/data") from error
    return series


def _series(folder: pathlib.Path, name: str) -> list[Fact]:
    file, _, series = name.partition("/")
    known = facts(folder, file)
    if series not in known:
        close = difflib.get_close_matches(series, known, n=1)
        raise ResultError(f"{folder / file}.csv: no series {series}"
                          f"{'; nearest: ' + close[0] if close else ''}")
    return known[series]


def _fact(folder: pathlib.Path, reference: str) -> Fact:
    """The fact SERIES@DATE."""
    name, _, date = reference.partition("@")
    for fact in _series(folder, name):
        if fact.date == date:
            return fact
    raise ResultError(f"{folder}: {name} has no date {date}")


def _product(folder: pathlib.Path, table: dict[str, Any]) -> float:
    """The facts of `times` over those of `divide`, multiplied up; 1 where there are none."""
    times = math.prod(_fact(folder, each).value for each in table.get("times", []))
    return times / math.prod(_fact(folder, each).value for each in table.get("divide", []))


@dataclass(frozen=True)
class Episode:
    """What a result is about.

    `start` is the calendar time (yr) of t = 0, `takeoff` that of the take-off of capital
    expenditure, `rise` capital expenditure at the start over that at take-off (1).
    """

    name: str
    start: float
    takeoff: float
    rise: float
    gdp_facts: tuple[tuple[float, float], ...]  # calendar time (yr), bn/yr, ascending
    points: tuple[Points, ...]

    def gdp(self, time: np.ndarray) -> np.ndarray:
        """Nominal GDP (bn/yr) at times (yr) since t = 0: logarithms of the facts joined by straight
        lines, beyond them GDP_GROWTH."""
        when, value = (np.array(each) for each in zip(*self.gdp_facts))
        calendar = np.asarray(time, dtype=float) + self.start
        inside = np.interp(calendar, when, np.log(value))
        outside = np.minimum(calendar - when[0], 0) + np.maximum(calendar - when[-1], 0)
        return np.asarray(np.exp(inside + GDP_GROWTH * outside))


def _points(folder: pathlib.Path, table: dict[str, Any]) -> Points:
    rows = _series(folder, table["series"])
    factor = _product(folder, table)
    return Points(table["variable"], table["label"], np.array([row.time for row in rows]),
                  np.array([row.value * factor for row in rows]),
                  np.array([row.uncertainty for row in rows]),
                  np.array([row.status == "recalled" for row in rows]), table.get("anchor", False))


def _table() -> dict[str, Any]:
    return tomllib.loads((pathlib.Path(__file__).parent / "episodes.toml").read_text("utf-8"))


def names() -> list[str]:
    """The episodes there are."""
    return list(_table())


def check_name(name: str) -> None:
    """UsageError for a name that no episode has."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        raise UsageError(f"no episode {name!r}{f' (is {near[0]} meant?)' if near else ''}; there "
                         f"are {', '.join(names())}")


def episode(name: str, folder: pathlib.Path = FOLDER) -> Episode:
    """An episode by its name; UsageError for an unknown one."""
    check_name(name)
    own = _table()[name]
    start, takeoff, rise = float(own["start"]), own["takeoff"], 1.0
    if isinstance(takeoff, str):
        first = _fact(folder, takeoff)
        takeoff = first.time
        around = [_fact(folder, each).value for each in own["rise"]]
        rise = math.prod(around) ** (1 / len(around)) / first.value  # geometric mean
    gdp = tuple((row.time, row.value) for row in _series(folder, own["gdp"]))
    points = tuple(_points(folder, each) for each in own.get("points", []))
    return Episode(name, start, float(takeoff), rise, gdp, points)


def episode_of(result: Result, folder: pathlib.Path = FOLDER) -> Episode:
    """The episode of a result, by the name of its scenario; ResultError where none claims it."""
    for name, own in _table().items():
        if result.name in own["scenarios"]:
            return episode(name, folder)
    raise ResultError(f"{result.file}: the scenario {result.name} belongs to no episode; "
                      f"--episodes names one for each file: {', '.join(names())}")
