// Merton's jump diffusion: a lognormal process with compound Poisson jumps of its logarithm.
#pragma once

#include "overbuild/model/declare.hpp"

#define MERTON_PARAMETERS(ROW)                                                                 \
  ROW(initial, "S0", "1", 1.0, positive(), "value at t = 0", "convention")                     \
  ROW(drift, "mu", "1/yr", 0.05, between(-10, 10), "growth rate of the expected value",        \
      "convention")                                                                            \
  ROW(volatility, "sigma", "1/sqrt(yr)", 0.20, between(0, 10), "volatility without the jumps", \
      "convention")                                                                            \
  ROW(jump_rate, "lambda", "1/yr", 0.5, between(0, 20), "mean number of jumps per year",       \
      "convention")                                                                            \
  ROW(jump_mean, "m", "1", -0.2, between(-5, 5), "mean log-size of a jump", "convention")      \
  ROW(jump_deviation, "s", "1", 0.3, between(0, 2), "standard deviation of a jump's log-size", \
      "convention")

#define MERTON_DRAWS(ROW)                                                            \
  ROW(diffusion, "standard normal", "increment of the Brownian motion", normal)      \
  ROW(jump_size, "standard normal", "sum of the step's jumps, standardised", normal) \
  ROW(jump_count, "Poisson", "number of jumps in the step, by inversion of a uniform", uniform)

#define MERTON_SHOCKS(ROW) ROW(diffusion) ROW(jump_size)

#define MERTON_SERIES(ROW)                              \
  ROW(value, "1", "value of the process")               \
  ROW(log_value, "1", "natural logarithm of the value") \
  ROW(jumps, "1", "number of jumps so far")

#define MERTON_EVENTS(ROW) ROW(has_jumped, "at least one jump has happened")

#define MERTON_OUTCOMES(ROW)                              \
  ROW(total_jumps, "1", "number of jumps by the horizon") \
  ROW(final_value, "1", "value at the horizon")

#define MERTON_TABLES(ROW)  // none

namespace overbuild::models::merton {

OVERBUILD_ENUMERATIONS(MERTON)

}  // namespace overbuild::models::merton
