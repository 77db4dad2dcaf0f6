#include "overbuild/statistics/exact_sum.hpp"

#include <bit>
#include <cmath>

namespace overbuild {
namespace {

constexpr std::uint64_t low_half = 0xFFFFFFFFu;
constexpr std::uint32_t additions_before_carry = 1u << 30;

}  // namespace

void ExactSum::add(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = static_cast<unsigned>(bits >> 52) & 0x7FFu;
  if (exponent == 0x7FF) {
    special_ += x;
    return;
  }
  if (++additions_ == additions_before_carry) {
    carry(limb_);
    additions_ = 1;
  }
  // |x| = mantissa 2^(position - 1074)
  std::uint64_t mantissa = bits & 0xFFFFFFFFFFFFFu;
  unsigned position = 0;
  if (exponent > 0) {
    mantissa |= std::uint64_t{1} << 52;
    position = exponent - 1;
  }
  const unsigned first = position / 32, shift = position % 32;
  const std::uint64_t low = (mantissa & low_half) << shift;
  const std::uint64_t high = (low >> 32) + ((mantissa >> 32) << shift);
  const std::int64_t sign = bits >> 63 ? -1 : 1;
  limb_[first] += sign * static_cast<std::int64_t>(low & low_half);
  limb_[first + 1] += sign * static_cast<std::int64_t>(high & low_half);
  limb_[first + 2] += sign * static_cast<std::int64_t>(high >> 32);
}

void ExactSum::merge(const ExactSum& other) {
  Limbs addend = other.limb_;
  carry(addend);
  carry(limb_);
  for (int i = 0; i < limbs; ++i) limb_[i] += addend[i];
  additions_ = 1;
  special_ += other.special_;
}

/// Brings all limbs but the highest into [0, 2^32); the highest carries the sign.
void ExactSum::carry(Limbs& limb) {
  for (int i = 0; i + 1 < limbs; ++i) {
    const std::int64_t carried = limb[i] >> 32;  // rounds down
    limb[i] &= static_cast<std::int64_t>(low_half);
    limb[i + 1] += carried;
  }
}

ExactSum::Limbs ExactSum::carried_limbs() const {
  Limbs limb = limb_;
  carry(limb);
  return limb;
}

double ExactSum::value() const {
  if (special_ != 0) return special_;
  Limbs limb = carried_limbs();
  const bool negative = limb[limbs - 1] < 0;
  if (negative) {
    for (std::int64_t& x : limb) x = -x;
    carry(limb);
  }
  int top = limbs - 1;
  while (top > 0 && limb[top] == 0) --top;
  // The highest 64 bits, everything below gathered in the lowest of them ("round to odd"), so that
  // the conversion to double rounds once.
  const auto at = [&](int i) { return i < 0 ? 0u : static_cast<std::uint64_t>(limb[i]); };
  std::uint64_t head = at(top) << 32 | at(top - 1);
  if (head == 0) return 0;
  const int shift = std::countl_zero(head);
  std::uint64_t rest = at(top - 2);
  if (shift > 0) head = head << shift | rest >> (32 - shift);
  rest = shift > 0 ? rest << shift & low_half : rest;
  for (int i = top - 3; i >= 0; --i) rest |= at(i);
  if (rest != 0) head |= 1;
  const double magnitude = std::ldexp(static_cast<double>(head), 32 * (top - 1) - shift - 1074);
  return negative ? -magnitude : magnitude;
}

}  // namespace overbuild
