// The random numbers of the overbuild model, made for several steps at once.
#if defined(OVERBUILD_MODELS_OVERBUILD_DRAWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_OVERBUILD_DRAWS_INL
#undef OVERBUILD_MODELS_OVERBUILD_DRAWS_INL
#else
#define OVERBUILD_MODELS_OVERBUILD_DRAWS_INL
#endif

#include <bit>
#include <cstdint>

#include "models/overbuild/path-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::overbuild {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

inline constexpr int steps_ahead = 8;
static_assert(steps_ahead * lanes_per_vector <= 64);  // one bit of a word for each

/// The random numbers of one step of a vector of paths.
struct Draws {
  Real z[5];                                 // z1..z5, correlated
  Real waiting;                              // -ln(1 - u): u < 1 - exp(-x) when waiting < x
  HWY_ALIGN double shock[lanes_per_vector];  // J with the scheduled shocks
};

/// Makes the draws of the steps [first_step, end_step) of a vector of paths.
class DrawSteps {
 public:
  HWY_INLINE DrawSteps(const RunContext& run, WordVector path, const Constants& constants,
                       int first_step, Draws* draws)
      : run_(run), path_(path), constants_(constants), first_step_(first_step), draws_(draws) {}

  // z ~ N(0, corr), u ~ U(0, 1), J = sum of N exponential(j), N ~ Poisson(lam dt).
  HWY_INLINE void draw(int end_step) {
    std::uint64_t hit = 0;  // bit (step - first_step) * lanes + lane: N > 0
    for (int step = first_step_; step < end_step; ++step) {
      const int ahead = step - first_step_;
      hit |= std::uint64_t{draw_step(step, draws_[ahead])} << (ahead * lanes_per_vector);
    }
    add_shocks(hit);
  }

 private:
  /// Returns a bit for each lane that has a shock; its size is added later.
  HWY_INLINE unsigned draw_step(int step, Draws& draws) {
    const StepRandom random(run_.seed, path_, step);
    const RandomBlock first = random.block(0), second = random.block(1);
    const RealPair z12 = normal_pair(first.word[0], first.word[1]);
    const RealPair z34 = normal_pair(first.word[2], first.word[3]);
    Real z[5] = {z12.first, z12.second, z34.first, z34.second,
                 normal_pair(second.word[0], second.word[1]).first};
    correlate(z, run_);
    for (int i = 0; i < 5; ++i) draws.z[i] = z[i];
    draws.waiting = -log_of_normal(Real(1.0) - uniform32(second.word[2]));
    Real(table_value(run_, int(Table::scheduled_shocks), step, 0.0)).store(draws.shock);
    const Real count_uniform = uniform32(second.word[3]);
    count_uniform.store(count_uniform_[step - first_step_]);
    return bits(count_uniform > Real::load(constants_.no_shock));
  }

  // Few lanes have a shock in a step, so those of all steps are gathered into full vectors.
  HWY_INLINE void add_shocks(std::uint64_t hit) {
    while (hit != 0) {
      int places[lanes_per_vector], used = 0;
      Gathered lanes{};  // unused lanes: a uniform of 0 gives no shock
      for (; used < lanes_per_vector && hit != 0; hit &= hit - 1)
        gather(places[used] = std::countr_zero(hit), lanes, used), ++used;
      const StepRandom random(run_.seed, hn::Load(WordTag(), lanes.path),
                              hn::Load(WordTag(), lanes.step));
      const Real count = poisson(Real::load(lanes.uniform), Real::load(lanes.mean_count),
                                 Real::load(lanes.no_shock));
      HWY_ALIGN double size[lanes_per_vector];
      (exponential_sum(random, 2, count) * Real::load(lanes.mean_size)).store(size);
      for (int i = 0; i < used; ++i)
        draws_[places[i] / lanes_per_vector].shock[places[i] % lanes_per_vector] += size[i];
    }
  }

  struct Gathered {
    HWY_ALIGN std::uint64_t path[lanes_per_vector], step[lanes_per_vector];
    HWY_ALIGN double uniform[lanes_per_vector], mean_count[lanes_per_vector];
    HWY_ALIGN double no_shock[lanes_per_vector], mean_size[lanes_per_vector];
  };

  HWY_INLINE void gather(int place, Gathered& to, int slot) {
    const int lane = place % lanes_per_vector, ahead = place / lanes_per_vector;
    to.path[slot] = hn::GetLane(path_) + static_cast<unsigned>(lane);
    to.step[slot] = static_cast<std::uint64_t>(first_step_ + ahead);
    to.uniform[slot] = count_uniform_[ahead][lane];
    to.mean_count[slot] = constants_.shocks_per_step[lane];
    to.no_shock[slot] = constants_.no_shock[lane];
    to.mean_size[slot] = constants_.shock_mean[lane];
  }

  const RunContext& run_;
  WordVector path_;
  const Constants& constants_;
  int first_step_;
  Draws* draws_;
  HWY_ALIGN double count_uniform_[steps_ahead][lanes_per_vector];
};

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
