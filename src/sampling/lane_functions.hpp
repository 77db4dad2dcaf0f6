// Functions of rows of lanes, with the same bits on every instruction set.
#pragma once

#include <span>

namespace overbuild {

/// ordinary[i] := ln((1 - share) exp(ordinary[i]) + share exp(burst[i])), with 0 < share < 1. The
/// rows are aligned to 64 bytes and have room for a multiple of 8 values.
void log_of_mixture(double share, std::span<const double> burst, std::span<double> ordinary);

}  // namespace overbuild
