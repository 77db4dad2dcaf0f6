"""What is predicted: a file of targets (docs/backtest.md)."""

from __future__ import annotations

import datetime
import difflib
import math
import pathlib
import tomllib
from dataclasses import dataclass
from typing import Any

from overbuild.backtest.rows import Period, Table, period
from overbuild.errors import ResultError

KINDS: dict[str, tuple[set[str], set[str]]] = {  # kind: keys that it needs, keys that it may have
    "row": ({"data", "date"}, set()),
    "ratio": ({"data", "from", "to", "series"}, {"per", "discrepancy", "naive"}),
    "level": ({"data", "date", "series"}, {"discrepancy"}),
    "event": ({"outcome", "between"}, set()),
    "crossing": ({"series", "per", "factor", "between"}, set()),
    "none": ({"data", "date"}, set()),
}
COMMON = {"name", "kind", "remark"}


@dataclass(frozen=True)
class Target:
    """One quantity to predict.

    `row`: the value of a row of a series that the config observes, by its error model. `ratio`: a
    series at one date over that at another. `level`: a series at a date. `event`: the date of an
    outcome. `crossing`: the first date after the training data at which a series falls below
    `factor` times another. `none`: what came, of which the model says nothing.
    """

    name: str
    kind: str
    data: str  # series of the rows, empty for dates of events
    periods: tuple[Period, ...]  # of the rows: one, or those of `from` and `to`
    series: str  # the model's
    per: str
    outcome: str
    factor: float
    between: tuple[str, ...]  # SERIES@DATE, whose dates bound that of the event
    discrepancy: float  # of the logarithm, beside the rows' uncertainty
    naive: str  # series whose training rows naive forecasters use
    remark: str

    @property
    def dated(self) -> bool:
        """Whether a date is predicted, in years; otherwise the logarithm of a positive number."""
        return self.kind in ("event", "crossing")


@dataclass(frozen=True)
class Targets:
    """A file of targets."""

    title: str
    end: datetime.date  # dates of events are cut off here; a day that is not predicted any more
    absent: tuple[str, ...]  # outcomes that had not happened at the end of the training data
    boom: datetime.date  # since when there was no bust; for the naive hazard
    targets: tuple[Target, ...]


def _known(where: str, key: str, allowed: set[str]) -> ResultError:
    near = difflib.get_close_matches(key, allowed, 1)
    return ResultError(f"{where}: unknown key {key}{f' (is {near[0]} meant?)' if near else ''}; "
                       f"allowed are {', '.join(sorted(allowed))}")


def _period(where: str, key: str, value: Any) -> Period:
    try:
        return period(str(value))
    except ValueError:
        raise ResultError(f"{where}: {key} is {value!r}; allowed are YYYY, YYYY-MM and "
                          "YYYY-MM-DD") from None


def _target(where: str, table: dict[str, Any]) -> Target:
    where = f"{where}, target {table.get('name', '?')}"
    kind = table.get("kind")
    if kind not in KINDS:
        raise ResultError(f"{where}: kind is {kind!r}; allowed are {', '.join(KINDS)}")
    needed, optional = KINDS[kind]
    for key in table:
        if key not in needed | optional | COMMON:
            raise _known(where, key, needed | optional | COMMON)
    missing = sorted((needed | {"name"}) - set(table))
    if missing:
        raise ResultError(f"{where}: needs {', '.join(missing)}")
    dates = [table[key] for key in ("from", "to", "date") if key in table]
    periods = tuple(_period(where, "date", date) for date in dates)
    if kind == "ratio" and not periods[0].first < periods[1].first:
        raise ResultError(f"{where}: from {dates[0]} is not before to {dates[1]}")
    return Target(table["name"], kind, table.get("data", ""), periods, table.get("series", ""),
                  table.get("per", ""), table.get("outcome", ""), float(table.get("factor", 1)),
                  tuple(table.get("between", ())), float(table.get("discrepancy", 0)),
                  table.get("naive", table.get("data", "")), table.get("remark", ""))


def read_targets(path: str | pathlib.Path) -> Targets:
    """Reads a file of targets; ResultError names what is wrong with it."""
    name = str(path)
    try:
        table = tomllib.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultError(f"{name}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise ResultError(f"{name}: {error}") from error
    allowed = {"title", "end", "absent", "boom", "target"}
    for key in table:
        if key not in allowed:
            raise _known(name, key, allowed)
    missing = sorted({"end", "boom", "target"} - set(table))
    if missing:
        raise ResultError(f"{name}: needs {', '.join(missing)}")
    targets = tuple(_target(name, each) for each in table["target"])
    names = [each.name for each in targets]
    for twice in {each for each in names if names.count(each) > 1}:
        raise ResultError(f"{name}: two targets are named {twice}")
    return Targets(table.get("title", pathlib.Path(path).stem),
                   _period(name, "end", table["end"]).end, tuple(table.get("absent", ())),
                   _period(name, "boom", table["boom"]).first, targets)


@dataclass(frozen=True)
class Actual:
    """What came: the logarithm of a number, or years since the scenario's start."""

    value: float
    sd: float  # of the data's error: the rows' uncertainty, or a uniform between two dates
    statuses: tuple[str, ...]  # of the rows that it rests on

    @property
    def doubtful(self) -> bool:
        """Whether a row was not read in its source."""
        return any(status != "confirmed" for status in self.statuses)


def actual(target: Target, data: Table, start: datetime.date) -> Actual:
    """What came, from the rows after the training data."""
    if target.dated:
        rows = [data.row(each) for each in target.between]
        first, last = (row.period.years_since(start) for row in rows)
        return Actual((first + last) / 2, (last - first) / math.sqrt(12),
                      tuple(row.status for row in rows))
    rows = [data.row(f"{target.data}@{each.text}") for each in target.periods]
    value = math.log(rows[-1].value) - (math.log(rows[0].value) if len(rows) > 1 else 0)
    return Actual(value, math.hypot(*(row.uncertainty for row in rows)),
                  tuple(row.status for row in rows))
