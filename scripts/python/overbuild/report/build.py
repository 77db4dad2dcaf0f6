"""Putting a report together."""

from __future__ import annotations

import os
import pathlib
from typing import Callable, Sequence

from overbuild.errors import ResultError
from overbuild.report import charts, page
from overbuild.report.answer import answer
from overbuild.result import Batch, Result
from overbuild.sensitivity import main_result
from overbuild.writing import REPORT, check_replaced, write_whole

CHART_JS = pathlib.Path("/usr/share/javascript/chart.js/chart.min.js")  # Debian's libjs-chart.js
MOST_COMPARED = 6


def chart_library(path: pathlib.Path | None = None) -> str:
    """The text of Chart.js 3, which goes into the page. ResultError if it is missing."""
    file = path or CHART_JS
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ResultError(f"{file}: {error.strerror}; reports need Chart.js 3, Debian's "
                          f"libjs-chart.js") from None
    if "Chart.js v3." not in text[:200]:
        raise ResultError(f"{file}: is not Chart.js 3")
    return text


def _attempt(draw: Callable[[], charts.Chart], missing: list[str],
             title: str) -> list[charts.Chart]:
    """A chart, or a line that says why the result does not allow it."""
    try:
        return [draw()]
    except ResultError as error:
        missing.append(f"{title}: {error}")
        return []


def _compared(opened: Sequence[Result | Batch]) -> list[Result]:
    """All scenarios of all files."""
    scenarios: list[Result] = []
    for each in opened:
        scenarios += [each] if isinstance(each,
                                          Result) else [each.scenario(name) for name in each.names]
    return scenarios


def build_report(opened: Sequence[Result | Batch], start: float | None = None,
                 library: pathlib.Path | None = None, scenario: str | None = None) -> str:
    """The page as text. The first result is reported, the others are compared with it. Of a batch
    the scenario of that name is reported, otherwise its base case, or else its first scenario."""
    for each in opened:
        if each.attrs["model"] != "overbuild":
            raise ResultError(f"{each.file}: is of the model {each.attrs['model']}; reports are "
                              f"of overbuild")
    main, scenarios = main_result(opened[0], scenario), _compared(opened)
    missing: list[str] = []
    drawn = [charts.revenue(main, start), charts.coverage(main, start),
             charts.bust_by_date(main, start),
             charts.bust_hazard(main, start), charts.bust_time(main, start),
             charts.bust_depth(main)]
    drawn += _attempt(lambda: charts.waterfall(main), missing, "What required revenue is made of")
    drawn += _attempt(lambda: charts.tornado(opened[0]), missing,
                      "What moves the probability of a bust")
    shown = scenarios if len(scenarios) <= MOST_COMPARED else [main]
    drawn.append(charts.phase(shown))
    if len(shown) > 1:
        drawn += charts.compare(shown)
    return page.document(main, opened, scenarios, answer(main), drawn, missing,
                         chart_library(library))


def write_report(opened: Sequence[Result | Batch], name: str | os.PathLike[str],
                 start: float | None = None,
                 library: pathlib.Path | None = None, force: bool = False,
                 scenario: str | None = None) -> None:
    """Writes a report of results as one page of HTML.

    `start` is the calendar year of t = 0, for dates on the axes; `library` another file of Chart.js
    3; `scenario` the one of a batch that is reported. FileExistsError if the file exists and not
    `force`; ResultError if it is no report, which `force` does not replace, either.
    """
    check_replaced(name, REPORT, force)
    write_whole(name, build_report(opened, start, library, scenario).encode(), REPORT, force)
