"""Opening of any file that the program writes."""

from __future__ import annotations

import os
from typing import Callable, Union

from overbuild.attribution import Attribution
from overbuild.posterior import Posterior
from overbuild.rare_event import RareEvent
from overbuild.result import Batch, Result, open_result
from overbuild.result_file import KINDS, READERS, ResultFile
from overbuild.reverse_stress import ReverseStress
from overbuild.variance_shares import Sensitivity

Opened = Union[Result, Batch, Posterior, RareEvent, ReverseStress, Attribution, Sensitivity]

_CLASSES: dict[str, Callable[[str | os.PathLike[str]], Opened]] = {
    **{kind: open_result for kind in KINDS},
    "overbuild posterior": Posterior,
    "overbuild rare": RareEvent,
    "overbuild solve": ReverseStress,
    "overbuild attribution": Attribution,
    "overbuild sensitivity": Sensitivity,
}


def open_file(name: str | os.PathLike[str]) -> Opened:
    """Opens a file of any command: a Result of `run`, a Batch of `batch`, a Posterior of
    `calibrate`, a RareEvent of `rare`, a ReverseStress of `solve`, an Attribution of `attribute`, a
    Sensitivity of `sensitivity`. Nothing but the attributes is read before it is used.

    ResultError if the file is missing, damaged, none of these or of a newer layout.
    """
    return _CLASSES[str(ResultFile(name, tuple(READERS)).attrs["format"])](name)
