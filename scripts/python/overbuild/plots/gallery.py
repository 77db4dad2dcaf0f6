"""All pictures of a result, as files."""

from __future__ import annotations

import functools
import io
import os
import pathlib
from typing import Callable, Iterator, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from overbuild.errors import ResultError
from overbuild.plots.busts import bust_by_date, bust_distribution
from overbuild.plots.fans import coverage, density, fan, paths, revenue
from overbuild.plots.phase import phase
from overbuild.plots.requirement import waterfall
from overbuild.plots.scenarios import compare, scenarios_of, tornado
from overbuild.plots.style import COLOURS
from overbuild.result import Batch, Result
from overbuild.sensitivity import main_result, reported
from overbuild.writing import PNG, check_replaced, write_whole

Draw = Callable[[], Figure]


def _pictures(opened: Sequence[Result | Batch], start: float | None,
              scenario: str | None) -> dict[str, Draw]:
    first, main = opened[0], main_result(opened[0], scenario)
    if "coverage" not in main.quantities("series"):  # another model: its series alone
        return _pictures_of_series(main, start)
    scenarios = [result for each in opened for result in
                 (scenarios_of(each) if isinstance(each, Batch) else [each])]
    pictures: dict[str, Draw] = {
        "revenue": lambda: revenue(main, start), "coverage": lambda: coverage(main, start),
        "bust_by_date": lambda: bust_by_date(main, start),
        "bust_distribution": lambda: bust_distribution(main, start=start),
        "waterfall": lambda: waterfall(main),
        "tornado": lambda: tornado(first), "paths": lambda: paths(main, start=start),
        "density": lambda: density(main, start=start)}
    if 1 < len(scenarios) <= len(COLOURS):
        pictures["compare"] = lambda: compare(scenarios)
        pictures["phase"] = lambda: phase(scenarios[0], scenarios[-1])
    return pictures


def _pictures_of_series(result: Result, start: float | None) -> dict[str, Draw]:
    pictures: dict[str, Draw] = {}
    kinds: dict[str, Callable[..., Figure]] = {"fan": fan, "paths": paths, "density": density}
    for series in result.quantities("series"):
        for name, draw in kinds.items():
            pictures[f"{series}_{name}"] = functools.partial(draw, result, series, start=start)
    return pictures


def write_all(opened: Sequence[Result | Batch], folder: str | os.PathLike[str],
              start: float | None = None,
              force: bool = False, scenario: str | None = None) -> Iterator[str]:
    """Writes each picture that the results allow, and yields its file's name or why there is
    none. Of a batch first: which scenario the pictures of a single one are of."""
    pictures = _pictures(opened, start, scenario)
    if pathlib.Path(folder).exists() and not pathlib.Path(folder).is_dir():
        raise ResultError(f"{folder}: is no folder, and needed is one for the pictures")
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    if isinstance(opened[0], Batch):
        yield f"pictures of {reported(opened[0], main_result(opened[0], scenario))}"
    for name, draw in pictures.items():
        target = pathlib.Path(folder) / f"{name}.png"
        check_replaced(target, PNG, force)
        try:
            figure = draw()
        except ResultError as error:
            yield f"no {target.name}: {error}"
            continue
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=150)
        plt.close(figure)
        write_whole(target, buffer.getvalue(), PNG, force)
        yield str(target)
