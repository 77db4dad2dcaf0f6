"""`python3 -m overbuild backtest`."""

from __future__ import annotations

import argparse
import json
import pathlib
from typing import Any

from overbuild.arguments import whole_number
from overbuild.backtest.assess import backtest, json_of
from overbuild.backtest.forecast import Options
from overbuild.backtest.text import beside, text
from overbuild.errors import ResultError
from overbuild.figure_file import check_folder, check_target, figure_name, write_figure
from overbuild.writing import SCORES, check_replaced, write_whole


def _named(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("'' is no name of a file")
    return text


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's options."""
    usual = Options()
    own = commands.add_parser(
        "backtest", help="calibrate to a date, predict what came after it, and score that",
        description="Calibrates a config to the data up to a date, predicts the targets from paths "
                    "given these data, and scores the forecasts beside those of naive forecasters "
                    "(docs/backtest.md).")
    own.add_argument("config", metavar="CONFIG", help="with a section [calibration]")
    own.add_argument("--until", required=True, metavar="DATE",
                     help="last date whose data are used: YYYY, YYYY-MM or YYYY-MM-DD")
    own.add_argument("--targets", required=True, metavar="FILE", help="what is predicted (TOML)")
    own.add_argument("--data", metavar="FILE",
                     help="observed values; otherwise the config's calibration.data")
    own.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings",
                     help="give a key of the config another value; may be repeated")
    own.add_argument("--paths", type=whole_number(1), default=usual.paths, metavar="N",
                     help=f"paths from the posterior; {usual.paths} unless given")
    own.add_argument("--particles", type=whole_number(1), default=usual.particles, metavar="N",
                     help=f"of each island; {usual.particles} unless given")
    own.add_argument("--islands", type=whole_number(1), default=usual.islands, metavar="N",
                     help=f"of the calibration; {usual.islands} unless given")
    own.add_argument("--program", default=usual.program, metavar="PROGRAM",
                     help="overbuild; otherwise the one on PATH")
    own.add_argument("-o", "--output", type=figure_name, metavar="FIGURE",
                     help="also a picture")
    own.add_argument("--scores", type=_named, metavar="FILE", help="also write all numbers as JSON")
    own.add_argument("--beside", metavar="FILE",
                     help="print the scores beside those of another backtest, a file of --scores")
    own.add_argument("--json", action="store_true", help="print JSON in place of tables")
    own.add_argument("-f", "--force", action="store_true",
                     help="replace existing pictures and files of --scores; any other file is "
                          "refused")
    own.set_defaults(check=check)


def check(options: argparse.Namespace) -> None:
    """UsageError for a date that is none."""
    _ = Options(options.until).end


def run(options: argparse.Namespace) -> None:
    """Runs the command: prints, and draws where a picture is asked for."""
    if options.output:
        check_target(options.output, options.force)
    if options.scores:
        check_folder(options.scores)
        check_replaced(options.scores, SCORES, options.force)
    other = _scores_of(options.beside) if options.beside else None
    done = backtest(options.config, options.targets,
                    Options(options.until, options.paths, options.particles, options.islands,
                            options.program), options.data, tuple(options.settings))
    printed = beside(done, other) if other else text(done)
    numbers = json.dumps(json_of(done), indent=1, allow_nan=False, default=float)
    if options.scores:
        write_whole(options.scores, f"{numbers}\n".encode(), SCORES, options.force)
    print(numbers if options.json else printed)
    if options.output:
        import matplotlib
        matplotlib.use("Agg")
        from overbuild.backtest import figures
        write_figure(figures.fans_and_scores(done), options.output, options.force)


def _scores_of(file: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultError(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise ResultError(f"{file}: not a file of --scores: {error}") from error
    if not isinstance(read, dict):
        raise ResultError(f"{file}: not a file of --scores: holds no table")
    missing = [key for key in ("config", "settings", "targets", "log_evidence") if key not in read]
    if missing:
        raise ResultError(f"{file}: not a file of --scores: lacks {', '.join(missing)}")
    return read
