// Geometric Brownian motion with an upper barrier: closed forms for every statistic.
#pragma once

#include "overbuild/model/declare.hpp"

#define GBM_PARAMETERS(ROW)                                                                   \
  ROW(initial, "S0", "1", 1.0, positive(), "value at t = 0", "convention")                    \
  ROW(drift, "mu", "1/yr", 0.05, between(-10, 10), "growth rate of the expected value",       \
      "convention")                                                                           \
  ROW(volatility, "sigma", "1/sqrt(yr)", 0.20, between(0, 10), "volatility of the logarithm", \
      "convention")                                                                           \
  ROW(barrier, "B", "1", 1.5, positive(), "level whose first passage from below is recorded", \
      "convention")

#define GBM_DRAWS(ROW)                                                          \
  ROW(diffusion, "standard normal", "increment of the Brownian motion", normal) \
  ROW(bridge, "uniform", "decides whether the barrier was crossed between steps", uniform)

#define GBM_SHOCKS(ROW) ROW(diffusion)

#define GBM_SERIES(ROW)                   \
  ROW(value, "1", "value of the process") \
  ROW(log_value, "1", "natural logarithm of the value")

#define GBM_EVENTS(ROW)                                                                          \
  ROW(barrier_passed, "the barrier has been reached at or before this time, in continuous time", \
      {"passage_time"})

#define GBM_OUTCOMES(ROW)                                                                        \
  ROW(passage_time, "yr", "end of the step in which the barrier is first reached; NaN if never") \
  ROW(largest_value, "1", "largest value at the steps")                                          \
  ROW(final_value, "1", "value at the horizon")

#define GBM_TABLES(ROW)  // none

namespace overbuild::models::gbm {

OVERBUILD_ENUMERATIONS(GBM)

}  // namespace overbuild::models::gbm
