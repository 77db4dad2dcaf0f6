// One pass over the values of a tile: power sums, extremes and histogram bins.
#pragma once

#include <cstdint>

namespace overbuild {

inline constexpr int powers = 6;  ///< the sixth is needed for the standard error of the skew

struct TileSums {
  double power[powers];  ///< sums of (x - pivot)^1 .. ^6
  double smallest, largest;
  double largest_negative, smallest_positive;  ///< normal numbers nearest to zero, 0 without any
};

/// Sums values[0..count-1], count >= 1, and writes their bins. `values` is aligned to 64 bytes and
/// readable up to the next multiple of 8; `bins` has room for as many.
///
/// Element i goes into partial sum i mod 8 whatever the instruction set, so that the bits agree.
TileSums sum_tile(const double* values, int count, double pivot, std::int64_t* bins);

}  // namespace overbuild
