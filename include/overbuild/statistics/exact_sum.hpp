// A sum of doubles without rounding error, so that the order of additions cannot change a bit.
#pragma once

#include <array>
#include <cstdint>

namespace overbuild {

/// Fixed-point number wide enough for every double: a "long accumulator".
/// Source: Kulisch (2013), Computer Arithmetic and Validity, chapter 8.
///
/// Limb i holds a multiple of 2^(32 i - 1074) and is only carried over when it must be, so that an
/// addition touches three neighbouring limbs.
class ExactSum {
 public:
  static constexpr int limbs = 68;  ///< 2098 bits of all doubles, and room for 2^64 additions
  using Limbs = std::array<std::int64_t, limbs>;

  ExactSum() = default;
  /// The sum with these carried_limbs().
  explicit ExactSum(const Limbs& carried) : limb_(carried), additions_(1) {}

  /// Infinities and NaN are kept apart: they make value() infinite or NaN for good.
  void add(double x);
  void merge(const ExactSum& other);

  /// The sum rounded to the nearest double (ties to even), subnormal results to within one unit.
  double value() const;

  /// All that a finite sum holds: equal sums have equal limbs. All but the highest are in [0,
  /// 2^32).
  Limbs carried_limbs() const;

 private:
  static void carry(Limbs& limb);

  Limbs limb_{};
  std::uint32_t additions_ = 0;  // since the last carry: each adds less than 2^32 to a limb
  double special_ = 0;           // sum of infinities and NaN
};

}  // namespace overbuild
