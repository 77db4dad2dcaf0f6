"""Types for argparse: numbers of the command line, with what is allowed in the message."""

from __future__ import annotations

import argparse
import math
from typing import Callable


def whole_number(least: int) -> Callable[[str], int]:
    """A type for whole numbers from `least`."""
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(
                f"{text!r}: allowed are whole numbers from {least}")
        return value
    return read


def finite(text: str) -> float:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are finite numbers")
    return value


def positive(text: str) -> float:
    """A finite number above 0."""
    value = finite(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text!r}: allowed are finite numbers above 0")
    return value
