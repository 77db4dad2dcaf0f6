"""What data say of a run: predictive checks, and distributions given the data."""

from overbuild.predictive.check import Check, check
from overbuild.predictive.conditional import Estimate, Paths, of_result
from overbuild.predictive.posterior import Observed, Posterior

__all__ = ["Check", "Estimate", "Observed", "Paths", "Posterior", "check", "of_result"]
