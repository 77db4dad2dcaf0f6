"""`python3 -m overbuild analogy`."""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
from typing import Callable, Sequence

from overbuild.analogy.compare import Analogy, Options, compare
from overbuild.analogy.drivers import Change, Replacements, path_drivers
from overbuild.analogy.episodes import FOLDER, Episode, check_name, episode, episode_of
from overbuild.analogy.phases import (ALIGNMENTS, FEWEST_PATHS, VARIABLES, check_variable,
                                      phase_times, tracks)
from overbuild.analogy.standing import Level, Standing, levels, standing
from overbuild.analogy.text import drivers_text, standing_text, text
from overbuild.arguments import finite, positive, whole_number
from overbuild.errors import ResultError, UsageError
from overbuild.figure_file import check_target, figure_name, write_figure
from overbuild.result import Batch, Result


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's options."""
    own = commands.add_parser(
        "analogy", help="how alike two booms are: ensembles on phase time, and their distance",
        description="Aligns kept paths of two results by a phase, and prints the distance between "
                    "them with an interval and what it is made of; further results are for scale "
                    "(docs/analogy.md).")
    own.add_argument("files", nargs="+", metavar="FILE",
                     help="two results or more, with kept paths")
    own.add_argument("--align", choices=ALIGNMENTS, default="takeoff", metavar="EVENT",
                     help=f"where phase time is zero, of {','.join(ALIGNMENTS)}; takeoff unless "
                          "given")
    own.add_argument("--episodes", nargs="+", metavar="NAME",
                     help="the episode of each file (calendar, take-off, GDP); otherwise by the "
                          "scenario's name")
    own.add_argument("--window", nargs=2, type=finite, metavar=("LOW", "HIGH"),
                     help="phase times in years; otherwise those that all have")
    own.add_argument("--every", type=positive, default=0.5, metavar="YEARS",
                     help="between phase times; 0.5 unless given")
    own.add_argument("--variables", default=",".join(VARIABLES), metavar="LIST",
                     help=f"of {','.join(VARIABLES)}; all unless given")
    own.add_argument("--paths", type=whole_number(FEWEST_PATHS), default=2000, metavar="N",
                     help="kept paths to read of each file; 2000 unless given")
    own.add_argument("--draws", type=whole_number(2), default=400, metavar="N",
                     help="of the bootstrap; 400 unless given")
    own.add_argument("--seed", type=whole_number(0), default=1,
                     help="of the bootstrap; 1 unless given")
    own.add_argument("--standing", action="store_true",
                     help="also where the first stands in the years of the second")
    own.add_argument("--drivers", metavar="PROGRAM",
                     help="also which parameters make the distance; PROGRAM is overbuild, which "
                          "runs the first config with parameters of the second")
    own.add_argument("--drivers-paths", type=whole_number(2), default=1000, metavar="N",
                     help="paths of each of these runs; 1000 unless given")
    own.add_argument("--data", type=pathlib.Path, default=FOLDER, metavar="FOLDER",
                     help="the folder of facts; otherwise the repository's configs/data")
    own.add_argument("-o", "--output", type=figure_name, metavar="FIGURE",
                     help="also a picture; those of --standing and --drivers have "
                          "these words added to the name")
    own.add_argument("--json", action="store_true", help="print JSON in place of tables")
    own.add_argument("-f", "--force", action="store_true",
                     help="replace existing pictures; any other file is refused")
    own.set_defaults(check=check)


def check(options: argparse.Namespace) -> None:
    """UsageError for what is wrong whatever the files hold."""
    names = options.episodes
    if len(options.files) < 2:
        raise UsageError(f"{options.files[0]}: one result; an analogy needs two or more")
    if names is not None:
        if len(names) != len(options.files):
            raise UsageError(f"--episodes: {len(names)} names for {len(options.files)} files")
        for name in names:
            check_name(name)
    for name in options.variables.split(","):
        check_variable(name)
    if options.window:
        low, high = options.window
        phase_times((low, high), options.every)


def _pairs(options: argparse.Namespace, opened: Sequence[Result | Batch]
           ) -> list[tuple[Result, Episode]]:
    names = options.episodes
    found = []
    for place, result in enumerate(opened):
        if isinstance(result, Batch):
            raise ResultError(f"{result.file}: is a batch; allowed are results")
        found.append((result, episode_of(result, options.data) if names is None
                      else episode(names[place], options.data)))
    return found


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what[:78]}", end="", file=sys.stderr, flush=True)


def _stands(analogy: Analogy, times: Sequence[float]) -> tuple[Standing, list[Level]]:
    first, second = (each.tracks for each in analogy.ensembles[:2])
    few = [tracks(each.result, each.episode, min(1000, analogy.options.paths))
           for each in (first, second)]
    return standing(few[0], few[1]), [level for time in times
                                      for level in levels(first, second, time)]


def _drivers(analogy: Analogy, options: argparse.Namespace
             ) -> tuple[Replacements, list[Change], list[Change], float]:
    runs = Replacements(analogy, options.drivers, options.drivers_paths)
    single = runs.one_at_a_time(_progress)
    shapley, rest = runs.shapley(_progress)
    _progress("")
    return runs, single, shapley, rest


def _picture(options: argparse.Namespace, word: str, draw: Callable[[], object]) -> None:
    """Draws into FIGURE, with a word before the name's ending."""
    write_figure(draw(), _with(options.output, word), options.force)


def _with(name: str, word: str) -> str:
    path = pathlib.Path(name)
    return str(path.with_name(path.stem + word + path.suffix))


def run(options: argparse.Namespace, opened: Sequence[Result | Batch]) -> None:
    """Runs the command: prints, and draws where a picture is asked for."""
    if options.output:
        for word in ["", *(["-standing"] if options.standing else []),
                     *(["-drivers"] if options.drivers else [])]:
            check_target(_with(options.output, word), options.force)
    window = (options.window[0], options.window[1]) if options.window else None
    analogy = compare(_pairs(options, opened), Options(
        options.align, window, options.every,
        tuple(options.variables.split(",")), options.paths, options.draws, seed=options.seed))
    printed, found = [text(analogy)], analogy.json()
    pictures: list[tuple[str, Callable[[], object]]] = []
    if options.output:
        import matplotlib
        matplotlib.use("Agg")
        from overbuild.analogy import figures
        pictures.append(("", lambda: figures.tracks_and_distances(analogy)))
    first, second = analogy.names[:2]
    own = [each.tracks.episode for each in analogy.ensembles[:2]]
    if options.standing:
        stands, at = _stands(analogy, (0.0, 1.5))
        printed.append(standing_text(analogy, stands, at))
        found["standing"] = {"first_time": stands.first_time.tolist(),
                             "second_time": stands.second_time.tolist(),
                             "energy": stands.energy.tolist(), "best": stands.best.tolist(),
                             "levels": [vars(each) for each in at]}
        pictures.append(("-standing", lambda: figures.standing_map(
            stands, first, second, own[0].start, own[1].start)))
    if options.drivers:
        runs, single, shapley, rest = _drivers(analogy, options)
        per_path = path_drivers(analogy)
        printed.append(drivers_text(analogy, runs.base[0], runs.paths, single, shapley, rest,
                                    per_path))
        found["drivers"] = {"base": runs.base[0].value, "paths": runs.paths, "rest": rest,
                            "one_at_a_time": [vars(each) for each in single],
                            "shapley": [vars(each) for each in shapley],
                            "per_path": per_path.reset_index().to_dict("records")}
        pictures.append(("-drivers", lambda: figures.drivers(
            single, shapley, runs.base[0].value, first, second)))
    if options.output:
        for word, draw in pictures:
            _picture(options, word, draw)
    print(json.dumps(found, indent=1, allow_nan=False, default=float) if options.json
          else "\n\n".join(printed))
