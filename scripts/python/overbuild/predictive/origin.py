"""Whether results are of the boom whose data a posterior holds."""

from __future__ import annotations

import tomllib
from typing import Any

from overbuild.analogy.drivers import GROUPS, START
from overbuild.errors import ResultError
from overbuild.predictive.posterior import Posterior
from overbuild.result import Result


def _number(config: dict[str, Any], name: str) -> float | None:
    """A parameter of a config that is a number, not drawn."""
    value = config["parameters"].get(name)
    return float(value) if isinstance(value, (int, float)) else None


def differing_start(result: Result, posterior: Posterior) -> list[str]:
    """The sizes at t = 0 that a result and the posterior's config fix at different numbers, as
    `capex_0 300, not 20`. ResultError where they are of different models.

    Other parameters may differ between scenarios of one boom, whose data hold for all of them; its
    start is what they share.
    """
    own, other = tomllib.loads(result.provenance["config"]), posterior.config
    if own["model"] != other["model"]:
        raise ResultError(f"{result.file}: is of the model {own['model']}, and {posterior.file} of "
                          f"{other['model']}")
    pairs = [(name, _number(own, name), _number(other, name)) for name in GROUPS[START]]
    return [f"{name} {a:g}, not {b:g}" for name, a, b in pairs
            if a is not None and b is not None and a != b]


def doubt(result: Result, posterior: Posterior) -> str:
    """A line for a result that begins elsewhere than the posterior's config; empty otherwise."""
    differs = differing_start(result, posterior)
    if not differs:
        return ""
    return (f"DOUBT: {result.file} begins elsewhere than the config of {posterior.file} "
            f"({'; '.join(differs)}): the data may be of another boom")
