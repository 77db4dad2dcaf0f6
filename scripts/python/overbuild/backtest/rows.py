"""Rows of observed data, with dates as `overbuild calibrate` reads them, parted by a date."""

from __future__ import annotations

import csv
import datetime
import io
import os
import pathlib
from dataclasses import dataclass
from typing import Sequence

from overbuild.errors import ResultError

NEEDED = ("series", "date", "value", "uncertainty")


@dataclass(frozen=True)
class Period:
    """What a date stands for: a year, a month or a day; from `first` up to `end`, without it."""

    text: str
    first: datetime.date
    end: datetime.date

    def years_since(self, start: datetime.date) -> float:
        """Years (365.25 days) from `start` to the middle of a year or month, or to the day."""
        days = (self.first - start).days
        length = (self.end - self.first).days
        return (days + (0 if length == 1 else length / 2)) / 365.25


def period(text: str) -> Period:
    """YYYY, YYYY-MM or YYYY-MM-DD; ValueError for another text."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) > 3:
        raise ValueError(text)
    first = datetime.date(*(parts + [1, 1])[:3])
    if len(parts) == 1:
        return Period(text, first, datetime.date(first.year + 1, 1, 1))
    if len(parts) == 2:
        beyond = first.month == 12
        return Period(text, first, datetime.date(first.year + beyond, first.month % 12 + 1, 1))
    return Period(text, first, first + datetime.timedelta(days=1))


@dataclass(frozen=True)
class Row:
    """One observed value (docs/data.md)."""

    series: str
    period: Period
    value: float  # unit of the series, above 0
    uncertainty: float  # standard deviation of the logarithm's error
    status: str  # confirmed, reported or recalled
    line: int

    @property
    def date(self) -> str:
        """The date as the file has it."""
        return self.period.text


def _row(name: str, line: int, fields: dict[str, str]) -> Row:
    try:
        row = Row(fields["series"], period(fields["date"]), float(fields["value"]),
                  float(fields["uncertainty"]), fields.get("status") or "", line)
    except (ValueError, TypeError) as error:
        raise ResultError(f"{name}, line {line}: {error}; a row needs {', '.join(NEEDED)}"
                          ) from error
    if not row.value > 0:
        raise ResultError(f"{name}, line {line}: value is {row.value:g}; allowed are numbers above "
                          "0, since scores are of logarithms")
    return row


@dataclass(frozen=True)
class Table:
    """A file of rows, with the text of each, so that a part of it can be written as it was."""

    name: str
    header: str
    rows: tuple[Row, ...]
    text: tuple[str, ...]  # of each row

    def until(self, end: datetime.date) -> Table:
        """The rows whose period is over by `end`, a day that is not part of it."""
        return self._part([row.period.end <= end for row in self.rows])

    def _part(self, kept: Sequence[bool]) -> Table:
        return Table(self.name, self.header,
                     tuple(row for row, keep in zip(self.rows, kept) if keep),
                     tuple(text for text, keep in zip(self.text, kept) if keep))

    def csv(self) -> str:
        """The table as a file."""
        return "".join([self.header, *self.text])

    def of(self, series: str) -> list[Row]:
        """The rows of a series, by date; ResultError where there is none."""
        found = sorted((row for row in self.rows if row.series == series),
                       key=lambda row: row.period.first)
        if not found:
            raise ResultError(f"{self.name}: no rows of the series {series}")
        return found

    def row(self, reference: str) -> Row:
        """The row SERIES@DATE."""
        series, _, date = reference.partition("@")
        for row in self.of(series):
            if row.date == date:
                return row
        raise ResultError(f"{self.name}: {series} has no date {date!r}; it has "
                          f"{', '.join(row.date for row in self.of(series))}")


def read_table(path: str | os.PathLike[str]) -> Table:
    """Reads a file of observed values; lines that are empty or begin with # are left out."""
    name = str(path)
    try:
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines(keepends=True)
    except OSError as error:
        raise ResultError(f"{name}: {error.strerror}") from error
    used = [(number, line) for number, line in enumerate(lines, 1)
            if line.strip() and not line.startswith("#")]
    if not used:
        raise ResultError(f"{name}: has no header")
    header = next(csv.reader([used[0][1]]))
    missing = [column for column in NEEDED if column not in header]
    if missing:
        raise ResultError(f"{name}: the header lacks {', '.join(missing)}")
    rows = [_row(name, number, dict(zip(header, next(csv.reader(io.StringIO(line))))))
            for number, line in used[1:]]
    return Table(name, used[0][1], tuple(rows), tuple(line for _, line in used[1:]))
