"""Results of Overbuild in Python.

    import overbuild
    result = overbuild.open("ai_base.h5")
    result.summary()                    # pandas: statistics by year with standard errors
    result.series.coverage_mean         # xarray, read when it is used
    overbuild.plots.coverage(result)    # matplotlib

Money is in nominal bn USD (10^9 dollars), flows are yearly rates (bn/yr), time is in years from the
start of the scenario. Every DataArray has its unit in `attrs["units"]`.
"""

from overbuild import plots
from overbuild.attribution import Attribution
from overbuild.errors import ResultError
from overbuild.opening import open_file as open
from overbuild.posterior import Posterior
from overbuild.rare_event import RareEvent
from overbuild.result import Batch, Result
from overbuild.reverse_stress import ReverseStress
from overbuild.variance_shares import Sensitivity

__version__ = "0.1.0"

__all__ = ["Attribution", "Batch", "Posterior", "RareEvent", "Result", "ResultError",
           "ReverseStress", "Sensitivity", "open", "plots"]
