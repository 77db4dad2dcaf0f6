"""Pictures of results (matplotlib). Each function returns a Figure; save it with `savefig`."""

from overbuild.plots.attribution import attribution
from overbuild.plots.busts import bust_by_date, bust_distribution
from overbuild.plots.fans import coverage, density, fan, paths, revenue
from overbuild.plots.frontier import frontier, root
from overbuild.plots.phase import phase
from overbuild.plots.requirement import waterfall
from overbuild.plots.scenarios import compare, tornado
from overbuild.plots.shares import sensitivity

__all__ = ["attribution", "bust_by_date", "bust_distribution", "compare", "coverage", "density",
           "fan", "frontier", "paths", "phase", "revenue", "root", "sensitivity", "tornado",
           "waterfall"]
