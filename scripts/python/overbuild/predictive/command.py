"""`python3 -m overbuild predictive-check` and `given-data`."""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import sys
from typing import Any, Callable, Sequence

from overbuild.arguments import finite, whole_number
from overbuild.errors import ResultError, UsageError
from overbuild.figure_file import check_target, figure_name, write_figure
from overbuild.predictive import text
from overbuild.predictive.check import check
from overbuild.predictive.conditional import Paths, draws_from_posterior, of_result
from overbuild.predictive.origin import doubt
from overbuild.predictive.posterior import Posterior, check_rows
from overbuild.result import Batch, Result


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The options of both commands."""
    own = commands.add_parser(
        "predictive-check", help="is the data of a calibration like what its posterior predicts?",
        description="Sets the data of a posterior against kept paths of a run that draws from it: "
                    "the predictive distribution of each datum, its probability integral "
                    "transform, and statistics of whole series, with fresh noise and with the "
                    "paths weighted by the data (docs/ai_now.md).")
    own.add_argument("files", nargs=1, metavar="RESULT",
                     help="a run with kept paths and outcomes that draws from the posterior")
    own.add_argument("--also", nargs="+", default=[], metavar="ROWS",
                     help="series of the data that were not used, each as "
                          "DATA=SERIES:SCALE:DISCREPANCY, e.g. "
                          "price_openai_flagship_output=price:relative:0.5")
    own.add_argument("--data", type=pathlib.Path, metavar="FILE",
                     help="the data of --also; otherwise the calibration's")
    own.add_argument("--seed", type=whole_number(0), default=1,
                     help="of the errors of replicated data; 1 unless given")
    given = commands.add_parser(
        "given-data", help="coverage, bust and recovery before and after data",
        description="Distributions of coverage, date and depth of the bust, and recovery: of each "
                    "result as it is, and of the last one's paths weighted by the data of a "
                    "posterior. With as many posteriors as results each result is weighted by its "
                    "own, and no other column shown. Standard errors are by the jackknife over "
                    "the calibration's islands, or over 20 blocks of paths.")
    given.add_argument("files", nargs="+", metavar="RESULT", help="runs with kept paths and "
                       "outcomes; the last one is weighted, too")
    given.add_argument("--labels", nargs="+", metavar="TEXT", help="of each result and, last, of "
                       "the weighted paths")
    given.add_argument("--years", nargs="+", type=finite, default=[1, 2, 3, 5, 7, 10],
                       metavar="YEAR", help="times of the table, each a step of all runs; 1 2 3 5 "
                       "7 10 unless given")
    own.add_argument("--posterior", required=True, metavar="FILE",
                     help="posterior of `overbuild calibrate`")
    given.add_argument("--posterior", required=True, nargs="+", metavar="FILE",
                       help="posterior of `overbuild calibrate`, or one for each result")
    for each in (own, given):
        each.add_argument("-o", "--output", type=figure_name, metavar="FIGURE",
                          help="also a picture")
        each.add_argument("--json", action="store_true", help="print JSON in place of tables")
        each.add_argument("-f", "--force", action="store_true",
                          help="replace an existing picture; any other file is refused")
    own.set_defaults(check=_check_rows)
    given.set_defaults(check=_check_columns)


def _check_rows(options: argparse.Namespace) -> None:
    """UsageError for a mistake in `--also`."""
    for each in options.also:
        data, _, scale, discrepancy = _rows(each)
        check_rows(data, scale, discrepancy)


def _check_columns(options: argparse.Namespace) -> None:
    """UsageError where posteriors or labels are not as many as the columns."""
    files, posteriors, labels = options.files, options.posterior, options.labels
    own = len(posteriors) > 1  # each result is weighted by its own
    if own and len(posteriors) != len(files):
        raise UsageError(f"--posterior: {len(posteriors)} files for {len(files)} results; allowed "
                         "are one, or one for each")
    columns = len(files) + (not own)
    if labels is not None and len(labels) != columns:
        raise UsageError(f"--labels: {len(labels)} labels for {columns} columns")


def _rows(text_: str) -> tuple[str, str, str, float]:
    """Data, series, scale and discrepancy of an argument of `--also`."""
    name, _, rest = text_.partition("=")
    parts = rest.split(":")
    try:
        discrepancy = float(parts[2]) if name and all(parts) and len(parts) == 3 else None
    except ValueError:
        discrepancy = None
    if discrepancy is None:
        raise UsageError(f"--also {text_}: expected DATA=SERIES:SCALE:DISCREPANCY, e.g. "
                         "price_openai_flagship_output=price:relative:0.5")
    return name, parts[0], parts[1], discrepancy


def _picture(options: argparse.Namespace, draw: Callable[[], Any]) -> None:
    if options.output:
        import matplotlib
        matplotlib.use("Agg")
        write_figure(draw(), options.output, options.force)


def _results(options: argparse.Namespace, opened: Sequence[Result | Batch]) -> list[Result]:
    if options.output:
        check_target(options.output, options.force)
    for each in opened:
        if isinstance(each, Batch):
            raise ResultError(f"{each.file}: is a batch; allowed are results")
    return [each for each in opened if isinstance(each, Result)]


def predictive_check(options: argparse.Namespace, opened: Sequence[Result | Batch]) -> None:
    """Runs `predictive-check`."""
    result = _results(options, opened)[0]
    if not draws_from_posterior(result):
        raise ResultError(f"{result.file}: draws from no posterior; needed is a run with --set "
                          f"'posterior.file=\"{options.posterior}\"'")
    posterior = Posterior.open(options.posterior)
    observed = [*posterior.observed,
                *(posterior.also(*_rows(each), options.data) for each in options.also)]
    fresh, given = (of_result(result, posterior, condition) for condition in (False, True))
    checks, weighted = ([check(paths, one, posterior.step, options.seed) for one in observed]
                        for paths in (fresh, given))
    _picture(options, lambda: _figures().checks(checks, weighted, fresh, _start(posterior)))
    if options.json:
        print(json.dumps([{"data": one.observed.data, "series": one.observed.series,
                           "paths": text.kind(paths), "fit": one.fit and vars(one.fit),
                           "rows": [dataclasses.asdict(row) for row in one.rows],
                           "statistics": [dataclasses.asdict(each) for each in one.statistics]}
                          for paths, found in ((fresh, checks), (given, weighted))
                          for one in found], indent=1))
        return
    print(text.check_text(checks, weighted))
    print("\n" + text.verdict(checks))
    print(text.weights_text(fresh) + "\n" + text.weights_text(given))


def given_data(options: argparse.Namespace, opened: Sequence[Result | Batch]) -> None:
    """Runs `given-data`."""
    results = _results(options, opened)
    posteriors = [Posterior.open(name) for name in options.posterior]
    doubts = [line for place, each in enumerate(results)
              if (line := doubt(each, posteriors[place if len(posteriors) > 1 else 0]))]
    ensembles = _ensembles(results, posteriors, options.labels)
    now = max(float(one.time.max()) for one in posteriors[-1].observed)
    rows = text.distributions(ensembles, options.years, now)
    _picture(options, lambda: _figures().distributions(ensembles, _start(posteriors[-1])))
    for line in doubts:
        print(line, file=sys.stderr)
    if options.json:
        print(json.dumps([{"section": section, "row": label, **{
            one.label: {"value": factor * each.value, "se": factor * each.se}
            for one, each in zip(ensembles, estimates)}}
            for section, label, factor, estimates in rows], indent=1))
        return
    print(text.distributions_text(ensembles, rows))


def _ensembles(results: Sequence[Result], posteriors: Sequence[Posterior],
               labels: Sequence[str] | None) -> list[Paths]:
    """The columns: each result as it is and the last one weighted, or each weighted by its own
    posterior."""
    each = len(posteriors) > 1
    names = [pathlib.Path(one.file).stem for one in results] + ([] if each else ["given the data"])
    names = list(labels or names)
    if each:
        return [of_result(result, posterior, True, name)
                for result, posterior, name in zip(results, posteriors, names)]
    return [*(of_result(result, posteriors[0], False, name)
              for result, name in zip(results, names)),
            of_result(results[-1], posteriors[0], True, names[-1])]


def _start(posterior: Posterior) -> float:
    """Calendar time (yr) of t = 0."""
    first = posterior.start.replace(month=1, day=1)
    return posterior.start.year + (posterior.start - first).days / 365.25


def _figures() -> Any:
    from overbuild.predictive import figures
    return figures
