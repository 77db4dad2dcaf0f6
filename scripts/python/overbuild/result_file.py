"""Opening of result files: which kind a file is, and its groups as lazy Datasets."""

from __future__ import annotations

import os
import pathlib
from typing import Any, Sequence

import h5py
import xarray as xr

from overbuild.errors import ResultError

LAYOUT_VERSION = 1
KINDS = ("overbuild", "overbuild batch")
READERS = {"overbuild": "overbuild.open", "overbuild batch": "overbuild.open",
           "overbuild posterior": "overbuild.Posterior", "overbuild rare": "overbuild.RareEvent",
           "overbuild solve": "overbuild.ReverseStress",
           "overbuild attribution": "overbuild.Attribution",
           "overbuild sensitivity": "overbuild.Sensitivity"}


def _plain(value: Any) -> Any:
    """An attribute as a Python value: text, int or float."""
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if hasattr(value, "item") and getattr(value, "size", 0) == 1 else value


def _files_in(folder: pathlib.Path) -> str:
    """What to open of a folder, as a sweep's; the end of a message."""
    files = sorted(folder.glob("*.h5"))
    if not files:
        return ", and has no result files (NAME.h5)"
    shown = ", ".join(str(file) for file in files[:3])
    more = f" and {len(files) - 3:,} more" if len(files) > 3 else ""
    return f"; open one of its files: {shown}{more}"


class ResultFile:
    """A result or batch file, or one of other `kinds`. Groups are opened when they are asked for,
    values when they are used."""

    def __init__(self, name: str | os.PathLike[str], kinds: Sequence[str] = KINDS) -> None:
        self.path = pathlib.Path(name)
        if self.path.is_dir():
            raise ResultError(f"{self.path}: is a folder{_files_in(self.path)}")
        try:
            with h5py.File(self.path, "r") as file:
                self.attrs: dict[str, Any] = {key: _plain(v) for key, v in file.attrs.items()}
                self.groups: tuple[str, ...] = tuple(file)
        except FileNotFoundError:
            raise ResultError(f"{self.path}: no such file") from None
        except OSError as error:  # h5py's own text names calls of the library
            reason = os.strerror(error.errno) if error.errno else "not a whole HDF5 file"
            raise ResultError(f"{self.path}: {reason}") from None
        self._check_layout(kinds)
        self._open: dict[str, xr.Dataset] = {}

    def _check_layout(self, kinds: Sequence[str]) -> None:
        kind = self.attrs.get("format")
        if kind not in kinds:
            if kind in READERS:
                raise ResultError(f"{self.path}: is a file of the kind {kind!r}, which "
                                  f"{READERS[kind]} reads")
            raise ResultError(f"{self.path}: not a result of overbuild (attribute format is "
                              f"{kind!r})")
        version = int(self.attrs.get("format_version", 0))
        if not 1 <= version <= LAYOUT_VERSION:
            raise ResultError(f"{self.path}: has layout version {version}; this package reads "
                              f"version {LAYOUT_VERSION}")

    @property
    def is_batch(self) -> bool:
        """Whether the file holds the scenarios of a sweep."""
        return bool(self.attrs["format"] == "overbuild batch")

    def dataset(self, group: str) -> xr.Dataset:
        """A group as a lazy Dataset; ResultError if the file does not have it."""
        if group not in self.groups:
            hint = " (set outputs.paths in the config)" if group == "paths" else ""
            if group == "paths" and self.is_batch:
                hint = (" (batch files have none; `overbuild batch --separate` keeps them in a "
                        "result for each scenario)")
            hint = " (set outputs.outcomes in the config)" if group.startswith("path_") else hint
            raise ResultError(f"{self.path}: has no group {group}{hint}; it has "
                              f"{', '.join(self.groups)}")
        if group not in self._open:
            # Kept paths may be larger than memory: what was read of them is not kept.
            self._open[group] = xr.open_dataset(
                self.path, group=group, engine="h5netcdf", cache=group != "paths")
        return self._open[group]

    def close(self) -> None:
        """Closes the file; reading more of it opens it again."""
        for dataset in self._open.values():
            dataset.close()
        self._open.clear()
