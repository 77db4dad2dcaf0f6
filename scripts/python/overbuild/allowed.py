"""What arguments may be; a ResultError says what was found and what is allowed."""

from __future__ import annotations

import math
import numbers

from overbuild.errors import ResultError


def whole_number(name: str, value: object, least: int) -> None:
    """ResultError unless the argument `name` is a whole number from `least`."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < least:
        raise ResultError(f"{name}: found {value!r}; allowed are whole numbers from {least}")


def positive(name: str, value: object) -> None:
    """ResultError unless the argument `name` is a finite number above 0."""
    if not is_number(value) or not float(value) > 0:  # type: ignore[arg-type]
        raise ResultError(f"{name}: found {value!r}; allowed are finite numbers above 0")


def is_number(value: object) -> bool:
    """Whether something is a finite number."""
    return isinstance(value, numbers.Real) and math.isfinite(value)
