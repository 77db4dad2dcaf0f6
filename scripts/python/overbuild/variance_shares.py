"""Results of `overbuild sensitivity`: which prior how much of an outcome's variance comes from."""

from __future__ import annotations

import os
import pathlib
from typing import Any

import pandas as pd

from overbuild.errors import ResultError
from overbuild.result_file import ResultFile

INDICES = {"sobol": ("total", "first_order"), "shapley": ("shapley",),
           "morris": ("mu_star", "mu", "sigma", "noise")}
MOMENTS = ("mean", "variance", "input_variance", "noise_share", "first_order_sum")
PARTS = {"": "", "_se": "_error", "_lower": "_lower", "_upper": "_upper"}  # column: variable


class Sensitivity:
    """A file of `overbuild sensitivity`. Close it, or use it in a `with`.

    ResultError if the file is missing, damaged, of another kind or of a newer layout.
    """

    def __init__(self, name: str | os.PathLike[str]) -> None:
        self._file = ResultFile(name, ("overbuild sensitivity",))
        self._indices = self._file.dataset("indices")
        self.method: str = self._file.attrs["method"]  #: "sobol", "shapley" or "morris"
        self.quantities: tuple[str, ...] = self._texts("quantity")
        self.inputs: tuple[str, ...] = self._texts("input")  #: parameters that have priors

    def _texts(self, name: str) -> tuple[str, ...]:
        return tuple(text.decode() if isinstance(text, bytes) else str(text)
                     for text in self._indices[name].values)

    @property
    def attrs(self) -> dict[str, Any]:
        """Attributes of the file: seed, rows, repeats, points, ..."""
        return self._file.attrs

    @property
    def file(self) -> pathlib.Path:
        return self._file.path

    @property
    def label(self) -> str:
        """The scenario's title, or its name where it has none."""
        return str(self.attrs["title"] or self.attrs["scenario"])

    def _place(self, quantity: str | None) -> int:
        if quantity is None:
            return 0
        if quantity not in self.quantities:
            raise ResultError(f"{self.file}: has no quantity {quantity!r}; it has "
                              + ", ".join(repr(name) for name in self.quantities))
        return self.quantities.index(quantity)

    def table(self, quantity: str | None = None) -> pd.DataFrame:
        """The indices of each prior for a quantity (otherwise the first), the largest first.

        Columns: for each index of the method (`total` and `first_order`, `shapley`, or `mu_star`,
        `mu`, `sigma` and `noise`) its value, `_se` (standard error), `_lower` and `_upper` (95%
        interval). Indices are shares (1) of the variance of the mean given the priors; those of
        morris are in the quantity's unit.
        """
        place = self._place(quantity)
        columns = {name + column: self._indices[name + part].values[place]
                   for name in INDICES[self.method] for column, part in PARTS.items()}
        table = pd.DataFrame(columns, index=pd.Index(self.inputs, name="prior"))
        table = table.sort_values(INDICES[self.method][0], ascending=False, kind="stable")
        table.attrs = {"quantity": self.quantities[place], "method": self.method}
        return table

    def moments(self) -> pd.DataFrame:
        """By quantity: `mean`, `variance` of a path, `input_variance` (of the mean given the
        priors), `noise_share` and `first_order_sum`, each with `_se`, `_lower` and `_upper`; in
        powers of the quantity's unit, NaN where the method has none; and `doubts`."""
        columns: dict[str, Any] = {name + column: self._indices[name + part].values
                                   for name in MOMENTS for column, part in PARTS.items()}
        table = pd.DataFrame(columns, index=pd.Index(self.quantities, name="quantity"))
        table["doubts"] = self._texts("doubts")
        return table

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Sensitivity:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Sensitivity {self.file}: {self.method}, {', '.join(self.quantities)}>"
