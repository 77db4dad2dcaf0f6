"""The picture that `-o FIGURE` names: its name is checked before anything is computed."""

from __future__ import annotations

import argparse
import io
import pathlib
from typing import Any

from overbuild.errors import ResultError
from overbuild.writing import write_whole


def _format(path: pathlib.Path) -> str:
    return path.suffix[1:].lower() or "png"


def figure_name(text: str) -> str:
    """A type for argparse: a name whose ending is a format that Matplotlib writes."""
    from matplotlib.backend_bases import FigureCanvasBase
    path, known = pathlib.Path(text), FigureCanvasBase.get_supported_filetypes()
    if not path.name:
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a file")
    if _format(path) not in known:
        raise argparse.ArgumentTypeError(
            f"{text}: no picture ends with {path.suffix}; allowed are {', '.join(sorted(known))}")
    return text


def check_target(name: str, force: bool) -> None:
    """Refuses a file that could not be written: FileExistsError if it exists and not `force`;
    ResultError if it is a folder or its folder does not exist."""
    path = pathlib.Path(name)
    if not path.parent.is_dir():
        raise ResultError(f"{name}: there is no folder {path.parent}")
    if path.is_dir():
        raise ResultError(f"{name}: is a folder; needed is the name of a file")
    if path.exists() and not force:
        raise FileExistsError(name)


def write_figure(figure: Any, name: str, force: bool) -> None:
    """Writes a figure of Matplotlib in the format that its name ends with; PNG without ending."""
    content, path = io.BytesIO(), pathlib.Path(name)
    figure.savefig(content, format=_format(path))
    write_whole(path, content.getvalue(), force)
