"""`python3 -m overbuild backtest`."""

from __future__ import annotations

import argparse
import io
import json
import pathlib
from typing import Any

from overbuild.backtest.assess import Backtest, backtest, json_of
from overbuild.backtest.forecast import Options
from overbuild.backtest.text import beside, text
from overbuild.errors import ResultError
from overbuild.writing import write_whole


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
    own.add_argument("--paths", type=int, default=usual.paths, metavar="N",
                     help=f"paths from the posterior; {usual.paths} unless given")
    own.add_argument("--particles", type=int, default=usual.particles, metavar="N",
                     help=f"of each island; {usual.particles} unless given")
    own.add_argument("--islands", type=int, default=usual.islands, metavar="N",
                     help=f"of the calibration; {usual.islands} unless given")
    own.add_argument("--program", default=usual.program, metavar="PROGRAM",
                     help="overbuild; otherwise the one on PATH")
    own.add_argument("-o", "--output", metavar="FIGURE", help="also a picture")
    own.add_argument("--scores", metavar="FILE", help="also write all numbers as JSON")
    own.add_argument("--beside", metavar="FILE",
                     help="print the scores beside those of another backtest, a file of --scores")
    own.add_argument("--json", action="store_true", help="print JSON in place of tables")
    own.add_argument("-f", "--force", action="store_true", help="replace existing files")


def run(options: argparse.Namespace) -> None:
    """Runs the command: prints, and draws where a picture is asked for."""
    for file in (options.output, options.scores):
        if file and pathlib.Path(file).exists() and not options.force:
            raise FileExistsError(file)
    other = _scores_of(options.beside) if options.beside else None
    done = backtest(options.config, options.targets,
                    Options(options.until, options.paths, options.particles, options.islands,
                            options.program), options.data, tuple(options.settings))
    printed = beside(done, other) if other else text(done)
    numbers = json.dumps(json_of(done), indent=1, allow_nan=False, default=float)
    if options.output:
        write_whole(options.output, _picture(done, options.output), options.force)
    if options.scores:
        write_whole(options.scores, f"{numbers}\n".encode(), options.force)
    print(numbers if options.json else printed)


def _picture(done: Backtest, file: str) -> bytes:
    import matplotlib
    matplotlib.use("Agg")
    from overbuild.backtest import figures
    content = io.BytesIO()
    figures.fans_and_scores(done).savefig(content, format=pathlib.Path(file).suffix[1:] or "png")
    return content.getvalue()


def _scores_of(file: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultError(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise ResultError(f"{file}: not a file of --scores: {error}") from error
    missing = [key for key in ("config", "settings", "targets", "log_evidence") if key not in read]
    if missing:
        raise ResultError(f"{file}: not a file of --scores: lacks {', '.join(missing)}")
    return read
