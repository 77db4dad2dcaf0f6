#include "src/statistics/tile_sums.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/statistics/tile_sums.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set
#include "overbuild/sampling/elementary-inl.hpp"
#include "overbuild/statistics/histogram.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

constexpr int partials = 8;
constexpr int vectors = partials / lanes_per_vector;

using BinTag = hn::RebindToSigned<RealTag>;

/// The same as bin_of() for each lane of values that are not negative; negative ones give bin 0.
HWY_INLINE auto bins_of_positive(Real x) {
  const BinTag d;
  const auto magnitude = hn::ShiftRight<mantissa_bits_dropped>(hn::BitCast(d, x.v));
  return hn::Max(hn::Sub(magnitude, hn::Set(d, bins_before_normal)), hn::Zero(d));
}

struct Partial {
  Real power[powers];
  Real smallest, largest;

  HWY_INLINE void add(Real x, Real deviation) {
    const Real d2 = deviation * deviation;
    const Real d3 = d2 * deviation;
    power[0] += deviation;
    power[1] += d2;
    power[2] += d3;
    power[3] += d2 * d2;
    power[4] += d2 * d3;
    power[5] += d3 * d3;
    smallest = hn::Min(x.v, smallest.v);
    largest = hn::Max(x.v, largest.v);
  }
};

/// Eight partial values to one, in an order that does not depend on the vectors' width.
template <class Combine>
HWY_INLINE double combine(const Partial (&partial)[vectors], Real Partial::*member, Combine f) {
  HWY_ALIGN double x[partials];
  for (int v = 0; v < vectors; ++v) (partial[v].*member).store(x + v * lanes_per_vector);
  return f(f(f(x[0], x[4]), f(x[2], x[6])), f(f(x[1], x[5]), f(x[3], x[7])));
}

HWY_INLINE double combine_power(const Partial (&partial)[vectors], int k) {
  HWY_ALIGN double x[partials];
  for (int v = 0; v < vectors; ++v) partial[v].power[k].store(x + v * lanes_per_vector);
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/// Values that are not all positive: the negative ones' bins mirror those of the positive ones.
/// Most quantities are positive, so that a second pass over the few that are not costs less than
/// the sign in the first.
HWY_INLINE void add_signs(const double* HWY_RESTRICT values, int count,
                          std::int64_t* HWY_RESTRICT bins, TileSums& sums) {
  const BinTag d;
  const double normal = std::numeric_limits<double>::min();
  Real positive = infinity, negative = -infinity;  // nearest to zero
  for (int i = 0; i < count; i += lanes_per_vector) {
    const Real x = Real::load(values + i);
    const auto mirrored = hn::Neg(bins_of_positive(-x));
    hn::StoreU(hn::Or(hn::LoadU(d, bins + i), mirrored), d, bins + i);
    positive = hn::Min(select(x >= normal, x, infinity).v, positive.v);
    negative = hn::Max(select(x <= -normal, x, -infinity).v, negative.v);
  }
  const double smallest = hn::GetLane(hn::MinOfLanes(RealTag(), positive.v));
  const double largest = hn::GetLane(hn::MaxOfLanes(RealTag(), negative.v));
  sums.smallest_positive = smallest < infinity ? smallest : 0;
  sums.largest_negative = largest > -infinity ? largest : 0;
}

TileSums sum_tile_in_lanes(const double* HWY_RESTRICT values, int count, double pivot,
                           std::int64_t* HWY_RESTRICT bins) {
  Partial partial[vectors];
  for (Partial& p : partial) {
    for (Real& power : p.power) power = 0.0;
    p.smallest = p.largest = values[0];
  }
  const int whole = count / partials * partials;
  for (int i = 0; i < whole; i += partials) {
    for (int v = 0; v < vectors; ++v) {
      const int at = i + v * lanes_per_vector;
      const Real x = Real::load(values + at);
      hn::StoreU(bins_of_positive(x), BinTag(), bins + at);
      partial[v].add(x, x - pivot);
    }
  }
  if (whole < count) {  // lanes beyond `count` count as a deviation of zero
    for (int v = 0; v < vectors; ++v) {
      const int at = whole + v * lanes_per_vector;
      const int left = count - at > 0 ? count - at : 0;
      const Mask valid = {hn::FirstN(RealTag(), static_cast<std::size_t>(left))};
      const Real x = select(valid, Real::load(values + at), values[0]);
      hn::StoreU(bins_of_positive(x), BinTag(), bins + at);
      partial[v].add(x, where(valid, x - pivot));
    }
  }
  TileSums sums;
  for (int k = 0; k < powers; ++k) sums.power[k] = combine_power(partial, k);
  sums.smallest =
      combine(partial, &Partial::smallest, [](double a, double b) { return b < a ? b : a; });
  sums.largest =
      combine(partial, &Partial::largest, [](double a, double b) { return b > a ? b : a; });
  sums.largest_negative = 0;
  sums.smallest_positive = sums.smallest;
  if (!(sums.smallest > 0)) add_signs(values, count, bins, sums);
  return sums;
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace overbuild {
namespace {
HWY_EXPORT(sum_tile_in_lanes);
}  // namespace

TileSums sum_tile(const double* values, int count, double pivot, std::int64_t* bins) {
  return HWY_DYNAMIC_DISPATCH(sum_tile_in_lanes)(values, count, pivot, bins);
}

}  // namespace overbuild
#endif  // HWY_ONCE
