"""Which kind of file a picture is of: another one is refused in words."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Iterable, Mapping

from overbuild.allowed import is_number, whole_number
from overbuild.attribution import Attribution
from overbuild.errors import ResultError
from overbuild.measure import Measure
from overbuild.posterior import Posterior
from overbuild.rare_event import RareEvent
from overbuild.result import Batch, Result
from overbuild.reverse_stress import ReverseStress
from overbuild.variance_shares import Sensitivity

CLASSES: dict[str, type] = {kind.__name__: kind for kind in (
    Result, Batch, Posterior, RareEvent, ReverseStress, Attribution, Sensitivity)}
COMMANDS = {"Result": "run", "Batch": "batch", "Posterior": "calibrate", "RareEvent": "rare",
            "ReverseStress": "solve", "Attribution": "attribute", "Sensitivity": "sensitivity"}
PICTURES = {"Posterior": "it has no picture; .summary() is its table",
            "RareEvent": "it has no picture; .estimate() is its table",
            "ReverseStress": "plots.root or plots.frontier draws it",
            "Attribution": "plots.attribution draws it",
            "Sensitivity": "plots.sensitivity draws it",
            "Result": "plots.coverage and others draw it",
            "Batch": "plots.compare and plots.tornado draw it"}


def check_arguments(plot: Callable[..., Any], args: tuple[Any, ...],
                    options: Mapping[str, Any]) -> None:
    """ResultError where what is to be drawn is of another kind than the picture's, or where a
    number is none."""
    signature = inspect.signature(plot)
    for name, value in signature.bind(*args, **options).arguments.items():
        allowed = str(signature.parameters[name].annotation).split(" | ")
        if name == "start" and value is not None and not is_number(value):
            raise ResultError(f"start: found {value!r}; allowed is the calendar year of t = 0, "
                              "e.g. 2025, or None")
        if name == "count":
            whole_number("count", value, 0 if plot.__name__ == "phase" else 1)
        if name == "measure" and not isinstance(value, Measure):
            raise ResultError(f"measure: found {value!r}; allowed is a Measure of overbuild.measure"
                              ", e.g. Measure('events/bust_begun', time=5)")
        several = "Sequence[Result]" in allowed
        kinds = [kind for kind in CLASSES if kind in allowed or several and kind == "Result"]
        if several and isinstance(value, (list, tuple)):
            for each in value:
                _check_kind(plot.__name__, each, ["Result"])
        elif several and isinstance(value, Iterable) and not isinstance(value, str):
            continue  # e.g. a generator, which can be gone through once only
        elif kinds:
            _check_kind(plot.__name__, value, kinds)


def _check_kind(picture: str, value: object, kinds: list[str]) -> None:
    if isinstance(value, tuple(CLASSES[kind] for kind in kinds)):
        return
    wanted = " or ".join(f"{_a(kind)} (of `overbuild {COMMANDS[kind]}`)" for kind in kinds)
    if not isinstance(value, tuple(CLASSES.values())):
        found = repr(value) if isinstance(value, str) else f"an object of {type(value).__name__}"
        raise ResultError(f"plots.{picture}: found {found}; it draws {wanted}, which "
                          "overbuild.open gives")
    if isinstance(value, Batch) and "Result" in kinds:
        raise ResultError(f"{value.file}: is a batch; choose one of its scenarios, e.g. "
                          f"batch.scenario({value.names[0]!r})")
    kind = type(value).__name__
    raise ResultError(f"{getattr(value, 'file', '')}: is {_a(kind)} (of `overbuild "
                      f"{COMMANDS[kind]}`), but plots.{picture} draws {wanted}; "
                      f"{PICTURES[kind]}")


def _a(kind: str) -> str:
    return f"an {kind}" if kind.startswith("A") else f"a {kind}"
