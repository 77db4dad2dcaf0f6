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
  Real z[6];                                 // z1..z5, correlated
  Real uniform;                              // u, decides on the regime
  HWY_ALIGN double shock[lanes_per_vector];  // J with the scheduled shocks
};

/// The random words of one step.
class StepWords {
 public:
  StepWords() = default;
  HWY_INLINE explicit StepWords(const StepRandom& random) {
    const RandomBlock first = random.block(0), second = random.block(1);
    for (int i = 0; i < 4; ++i) {
      words_[i] = first.word[i];
      words_[4 + i] = second.word[i];
    }
  }

  /// z1..z5, not correlated yet, and a sixth that nothing uses.
  HWY_INLINE void normals(Real* z) const {
    for (int i = 0; i < 6; i += 2) {
      const RealPair pair = normal_pair(words_[i], words_[i + 1]);
      z[i] = pair.first;
      z[i + 1] = pair.second;
    }
  }
  HWY_INLINE Real regime_uniform() const { return uniform32(words_[6]); }
  HWY_INLINE Real count_uniform() const { return uniform32(words_[7]); }

 private:
  WordVector words_[8];
};

/// Makes the draws of the steps [first_step, end_step) of a vector of paths.
class DrawSteps {
 public:
  HWY_INLINE DrawSteps(const RunContext& run, WordVector path, const Constants& constants,
                       int first_step, const GivenDraws& given, Draws* draws)
      : run_(run),
        path_(path),
        constants_(constants),
        first_step_(first_step),
        given_(given),
        draws_(draws) {}

  // z ~ N(0, corr), u ~ U(0, 1), J = sum of N exponential(j), N ~ Poisson(lam dt).
  //
  // One short loop over the steps for each kind of draw: the processor overlaps their iterations,
  // and the shocks' long chain of operations with the normals.
  HWY_INLINE void draw(int end_step) {
    const int steps = end_step - first_step_;
    std::uint64_t hit = 0;  // bit ahead * lanes + lane: N > 0
    const auto set_hit = [&](int ahead, unsigned lanes) {
      hit |= std::uint64_t{lanes} << (ahead * lanes_per_vector);
    };
    if (given_) {
      for (int ahead = 0; ahead < steps; ++ahead) set_hit(ahead, take_given(ahead));
      add_shocks(hit);
    } else {
      for (int ahead = 0; ahead < steps; ++ahead) draw_words(ahead);
      for (int ahead = 0; ahead < steps; ++ahead) set_hit(ahead, draw_uniforms(ahead));
      add_shocks(hit);
      for (int ahead = 0; ahead < steps; ++ahead) words_[ahead].normals(draws_[ahead].z);
    }
    if (run_.shocks_independent) return;
    for (int ahead = 0; ahead < steps; ++ahead) correlate<5>(draws_[ahead].z, run_);
  }

 private:
  HWY_INLINE void draw_words(int ahead) {
    words_[ahead] = StepWords(StepRandom(run_.seed, path_, first_step_ + ahead));
  }

  /// Returns a bit for each lane that has a shock; its size is added later.
  HWY_INLINE unsigned draw_uniforms(int ahead) {
    return set_uniforms(ahead, words_[ahead].regime_uniform(), words_[ahead].count_uniform());
  }

  /// The same for the draws of a source.
  HWY_INLINE unsigned take_given(int ahead) {
    const int step = first_step_ + ahead;
    for (int i = 0; i < 5; ++i) draws_[ahead].z[i] = given_(step, i);
    return set_uniforms(ahead, given_(step, int(Draw::regime)),
                        given_(step, int(Draw::shock_count)));
  }

  HWY_INLINE unsigned set_uniforms(int ahead, Real regime_uniform, Real count_uniform) {
    Draws& draws = draws_[ahead];
    draws.uniform = regime_uniform;
    Real(table_value(run_, int(Table::scheduled_shocks), first_step_ + ahead, 0.0))
        .store(draws.shock);
    count_uniform.store(count_uniform_[ahead]);
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
  GivenDraws given_;
  Draws* draws_;
  StepWords words_[steps_ahead];
  HWY_ALIGN double count_uniform_[steps_ahead][lanes_per_vector];
};

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
