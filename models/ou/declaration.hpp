// Ornstein-Uhlenbeck process: closed forms for mean, variance and autocorrelation.
#pragma once

#include "overbuild/model/declare.hpp"

#define OU_PARAMETERS(ROW)                                                                     \
  ROW(initial, "x0", "1", 1.0, any_number(), "value at t = 0", "convention")                   \
  ROW(longrun_mean, "m", "1", 0.0, any_number(), "level the process reverts to", "convention") \
  ROW(reversion, "kappa", "1/yr", 1.0, between(1e-6, 1e3), "speed of reversion", "convention") \
  ROW(volatility, "sigma", "1/sqrt(yr)", 0.5, between(0, 1e6), "volatility", "convention")

#define OU_DRAWS(ROW) ROW(diffusion, "standard normal", "increment of the Brownian motion", normal)

#define OU_SHOCKS(ROW) ROW(diffusion)

#define OU_SERIES(ROW)                    \
  ROW(value, "1", "value of the process") \
  ROW(change, "1", "change of the value since the start")

#define OU_EVENTS(ROW) ROW(above_mean, "the value lies above the long-run mean")

#define OU_OUTCOMES(ROW)                                  \
  ROW(average, "1", "mean of the values at steps 1 to T") \
  ROW(smallest_value, "1", "smallest value at the steps") \
  ROW(final_value, "1", "value at the horizon")

#define OU_TABLES(ROW)  // none

namespace overbuild::models::ou {

OVERBUILD_ENUMERATIONS(OU)

}  // namespace overbuild::models::ou
