"""The normal and the chi-squared law."""

from __future__ import annotations

import math

import numpy as np

_erfc = np.vectorize(math.erfc, otypes=[float])


def normal_below(z: np.ndarray) -> np.ndarray:
    """P(Z <= z) of a standard normal Z."""
    return np.asarray(0.5 * _erfc(-np.asarray(z) / math.sqrt(2)))


def chi_squared_above(x: np.ndarray, freedom: int) -> np.ndarray:
    """P(X >= x) of X with a whole number of degrees of freedom, as a finite sum (Abramowitz and
    Stegun 1964, 26.4.4 and 26.4.5)."""
    half = np.asarray(x, dtype=float) / 2
    total = np.zeros_like(half) if freedom % 2 == 0 else _erfc(np.sqrt(half))
    power = 0.0 if freedom % 2 == 0 else 0.5
    with np.errstate(divide="ignore"):
        log_half = np.log(half)
    while power < freedom / 2:
        term = power * log_half if power else np.zeros_like(half)
        total = total + np.exp(term - half - math.lgamma(power + 1))
        power += 1
    return np.asarray(total)
