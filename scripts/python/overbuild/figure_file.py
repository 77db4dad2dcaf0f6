"""The picture that `-o FIGURE` names: its name is checked before anything is computed."""

from __future__ import annotations

import argparse
import io
import pathlib
from typing import Any

from overbuild.errors import ResultError
from overbuild.writing import check_replaced, picture, write_whole


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
    """Refuses a picture that could not be written: FileExistsError if it exists and not `force`;
    ResultError if what exists is no picture of its kind, or if its folder does not exist."""
    path = pathlib.Path(name)
    check_folder(name)
    check_replaced(path, picture(_format(path)), force)


def check_folder(name: str) -> None:
    """ResultError if the folder of a file does not exist."""
    parent = pathlib.Path(name).parent
    if not parent.is_dir():
        raise ResultError(f"{name}: there is no folder {parent}")


def write_figure(figure: Any, name: str, force: bool) -> None:
    """Writes a figure of Matplotlib in the format that its name ends with; PNG without ending."""
    content, path = io.BytesIO(), pathlib.Path(name)
    figure.savefig(content, format=_format(path))
    write_whole(path, content.getvalue(), picture(_format(path)), force)
