"""The package's command: `python3 -m overbuild`."""

from __future__ import annotations

import argparse
import os
import pathlib
import sys
from typing import Sequence

from overbuild.analogy import command as analogy_command
from overbuild.arguments import finite
from overbuild.backtest import command as backtest_command
from overbuild.errors import ResultError
from overbuild.predictive import command as predictive_command
from overbuild.result import Batch, Result, open_result

EXIT_RESULT = 4  # as the program: a result cannot be read or written, or exists already
SCENARIO = ("of a batch: the scenario that is reported; otherwise the base case, or the first "
            "scenario where a sweep has none")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m overbuild", description="Reports, pictures and tables of results of "
                                                 "Overbuild.",
        epilog="Exit codes: 0 success, 2 the command line is wrong, 3 the config is wrong, 4 a "
               "file cannot be read or written, exists, or lacks what was asked of it.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    report = commands.add_parser("report", help="write one page of HTML with the answer, charts "
                                                "and assumptions",
                                 description="Writes a page of HTML that needs no network. The "
                                             "first file is reported "
                                 "on, the others are compared with it; a batch file compares its "
                                 "scenarios.")
    report.add_argument("files", nargs="+", metavar="FILE", help="result or batch file")
    report.add_argument("-o", "--output", required=True, metavar="FILE",
                        help="the page, e.g. report.html")
    report.add_argument("--start", type=finite, metavar="YEAR",
                        help="calendar year of t = 0, for dates on the axes")
    report.add_argument("--scenario", metavar="NAME", help=SCENARIO)
    report.add_argument("--chart-js", type=pathlib.Path, metavar="FILE",
                        help="Chart.js 3; otherwise that of Debian's libjs-chart.js")
    report.add_argument("-f", "--force", action="store_true",
                        help="replace an existing report; any other file is refused")
    plot = commands.add_parser("plot", help="draw all pictures of a result as PNG files")
    plot.add_argument("files", nargs="+", metavar="FILE",
                      help="result; further ones are compared with the first")
    plot.add_argument("-o", "--output", required=True, metavar="FOLDER",
                      help="folder for the pictures")
    plot.add_argument("--start", type=finite, metavar="YEAR",
                      help="calendar year of t = 0, for dates on the axes")
    plot.add_argument("--scenario", metavar="NAME", help=SCENARIO)
    plot.add_argument("-f", "--force", action="store_true",
                      help="replace existing pictures; any other file is refused")
    for each in (report, plot):
        each.set_defaults(check=lambda _: None)
    analogy_command.add_parser(commands)
    predictive_command.add_parsers(commands)
    backtest_command.add_parser(commands)
    return parser


def _report(options: argparse.Namespace, opened: Sequence[Result | Batch]) -> None:
    from overbuild.report import write_report
    write_report(opened, options.output, options.start, options.chart_js, options.force,
                 options.scenario)


def _plot(options: argparse.Namespace, opened: Sequence[Result | Batch]) -> None:
    import matplotlib
    matplotlib.use("Agg")
    from overbuild.plots.gallery import write_all
    for name in write_all(opened, options.output, options.start, options.force,
                          options.scenario):
        print(name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.check(options)  # of the command line alone, before a file is read
        if options.command == "backtest":
            backtest_command.run(options)
        else:
            opened = [open_result(name) for name in options.files]
            {"report": _report, "plot": _plot,
             "analogy": analogy_command.run,
             "predictive-check": predictive_command.predictive_check,
             "given-data": predictive_command.given_data}[options.command](options, opened)
        sys.stdout.flush()  # here, where a broken pipe is told
    except FileExistsError as error:
        file = error.args[0] if len(error.args) == 1 else error.filename or options.output
        print(f"overbuild: {file}: exists already; --force replaces it", file=sys.stderr)
        return EXIT_RESULT
    except ResultError as error:
        print(f"overbuild: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError as error:  # of `overbuild ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing is left to fail when Python ends
        print(f"overbuild: standard output: {error.strerror}", file=sys.stderr)
        return EXIT_RESULT
    except OSError as error:
        print(f"overbuild: {error.filename or 'standard output'}: {error.strerror or error}",
              file=sys.stderr)
        return EXIT_RESULT
    return 0
