"""What `overbuild rare` found: the probability of a rare event."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from overbuild.result_file import ResultFile


class RareEvent:
    """A file of `overbuild rare`."""

    def __init__(self, name: str | os.PathLike[str]) -> None:
        self._file = ResultFile(name, ("overbuild rare",))
        self.file = self._file.path
        self.attrs = self._file.attrs

    @property
    def event(self) -> str:
        """The event, as it was given to the command."""
        return str(self.attrs["event"])

    @property
    def probability(self) -> tuple[float, float]:
        """The estimate and its standard error."""
        estimate = self.estimate()
        return float(estimate["probability"]), float(estimate["standard_error"])

    @property
    def doubts(self) -> list[str]:
        """Why the error is not to be trusted; empty when nothing speaks against it."""
        return str(self._file.dataset("estimate").attrs["doubts"]).splitlines()

    def estimate(self) -> pd.Series:
        """The estimate with its error, its 95% interval `lower` to `upper`, the gain over plain
        sampling and what the weights say (docs/rare_events.md)."""
        data = self._file.dataset("estimate")
        return pd.Series({str(name): float(data[name]) for name in data.data_vars})

    def pilot(self) -> pd.DataFrame:
        """One row per round of the pilot: `paths`, `hits`, `level` (NaN where the event itself was
        the level), `probability`, `effective_elite`, `effective_hits`."""
        data = self._file.dataset("pilot")
        return pd.DataFrame({str(name): np.asarray(data[name]) for name in data.data_vars})

    def close(self) -> None:
        """Closes the file; reading more of it opens it again."""
        self._file.close()

    def __repr__(self) -> str:
        value, error = self.probability
        return f"<overbuild.RareEvent {self.event}: {value:.4g} ± {error:.2g}, {self.file}>"
