"""Writing of files as the program does it: under a temporary name, synced, then renamed; and
`--force`, which replaces files of the kind that is written and no others."""

from __future__ import annotations

import json
import os
import pathlib
from dataclasses import dataclass
from typing import Callable

from overbuild.errors import ResultError

HEAD = 4096  # bytes of a file that tell its kind


def _is_scores(path: pathlib.Path) -> bool:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(read, dict) and {"config", "settings", "targets", "log_evidence"} <= set(read)


def _head(path: pathlib.Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(HEAD)


@dataclass(frozen=True)
class Kind:
    """A kind of file that a command writes: its name, and whether a file is one."""

    name: str
    matches: Callable[[pathlib.Path], bool]


def _begins(name: str, *starts: bytes, later: bytes = b"") -> Kind:
    return Kind(name, lambda path: _head(path).startswith(starts) and later in _head(path))


REPORT = _begins("report of Overbuild", b"<!doctype html>",
                 later=b'<meta name="generator" content="overbuild report">')
SCORES = Kind("file of --scores", _is_scores)
PNG = _begins("PNG picture", b"\x89PNG\r\n\x1a\n")
_JPEG, _TIFF = (_begins("JPEG picture", b"\xff\xd8\xff"),
                _begins("TIFF picture", b"II*\0", b"MM\0*"))
PICTURES = {"png": PNG, "jpg": _JPEG, "jpeg": _JPEG, "tif": _TIFF, "tiff": _TIFF,
            "pdf": _begins("PDF picture", b"%PDF-"), "ps": _begins("PostScript picture", b"%!PS"),
            "eps": _begins("EPS picture", b"%!PS", later=b"EPSF"),
            "svg": _begins("SVG picture", b"<?xml", b"<svg", later=b"<svg"),
            "svgz": _begins("SVGZ picture", b"\x1f\x8b"),
            "webp": _begins("WebP picture", b"RIFF", later=b"WEBP"),
            "pgf": _begins("PGF picture", b"%% Creator: Matplotlib")}


def picture(ending: str) -> Kind:
    """The kind of picture that a name's ending (without dot) asks for. Nothing tells a picture of
    raw numbers from other files, so that no file is one."""
    return PICTURES.get(ending, Kind(f"picture that ends with .{ending} and can be told from "
                                     "other files", lambda _: False))


def check_replaced(name: str | os.PathLike[str], kind: Kind, force: bool) -> None:
    """Refuses to replace a file: FileExistsError without `force`; ResultError if it is not of the
    kind that would take its place, since it is somebody's data, perhaps the input."""
    path = pathlib.Path(name)
    if path.is_dir():
        raise ResultError(f"{name}: is a folder; needed is the name of a file")
    if not path.exists():
        return
    if not path.is_file() or not kind.matches(path):
        raise ResultError(f"{name}: exists already and is no {kind.name}; --force replaces "
                          "nothing else, choose another name or remove the file")
    if not force:
        raise FileExistsError(os.fspath(name))


def write_whole(name: str | os.PathLike[str], content: bytes, kind: Kind,
                force: bool = False) -> None:
    """Writes a file so that it appears whole or not at all; `check_replaced` says what it does not
    replace."""
    check_replaced(name, kind, force)
    target = pathlib.Path(name)
    temporary = target.with_name(f"{target.name}.tmp-{os.getpid()}")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(temporary, target)
        else:
            os.link(temporary, target)  # unlike a rename, fails if the file is there
    except OSError as error:
        error.filename, error.filename2 = str(target), None  # the temporary name says nothing
        raise
    finally:
        temporary.unlink(missing_ok=True)
