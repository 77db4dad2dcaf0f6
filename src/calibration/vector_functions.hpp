// Logarithm and exponential of arrays, with the same bits for every instruction set.
#pragma once

#include <cstddef>

namespace overbuild {

/// values[i] := ln values[i]; `size` is a multiple of 8 and `values` aligned to 64 bytes.
void take_logarithms(double* values, std::size_t size);

/// values[i] := exp(values[i] - shift), under the same conditions.
void take_exponentials(double* values, std::size_t size, double shift);

}  // namespace overbuild
