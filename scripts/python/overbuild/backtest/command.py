"""`python3 -m overbuild backtest`."""

from __future__ import annotations

import argparse
import io
import json
import pathlib

from overbuild.backtest.assess import backtest, json_of
from overbuild.backtest.forecast import Options
from overbuild.backtest.text import text
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
    own.add_argument("--json", action="store_true", help="print JSON in place of tables")
    own.add_argument("-f", "--force", action="store_true", help="replace an existing picture")


def run(options: argparse.Namespace) -> None:
    """Runs the command: prints, and draws where a picture is asked for."""
    picture = pathlib.Path(options.output) if options.output else None
    if picture and picture.exists() and not options.force:
        raise FileExistsError(str(picture))
    done = backtest(options.config, options.targets,
                    Options(options.until, options.paths, options.particles, options.islands,
                            options.program), options.data, tuple(options.settings))
    if picture:
        import matplotlib
        matplotlib.use("Agg")
        from overbuild.backtest import figures
        content = io.BytesIO()
        figures.fans_and_scores(done).savefig(content, format=picture.suffix[1:] or "png")
        write_whole(picture, content.getvalue(), options.force)
    print(json.dumps(json_of(done), indent=1, allow_nan=False, default=float) if options.json
          else text(done))
