// Equations of Merton's jump diffusion.
#if defined(OVERBUILD_MODELS_MERTON_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_MERTON_INL
#undef OVERBUILD_MODELS_MERTON_INL
#else
#define OVERBUILD_MODELS_MERTON_INL
#endif

#include "models/merton/declaration.hpp"
#include "overbuild/model/tile_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::merton {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

struct Equations {
  static constexpr int given_draws = merton::given_draws;

  struct Path {
    Real drift, deviation, jump_mean, jump_deviation, jumps_per_step, no_jump;
    Real log_value, jumps;
  };

  // d ln S = (mu - sigma^2/2 - lambda k) dt + sigma dW + dJ with k = exp(m + s^2/2) - 1, so that
  // E S(t) = S0 exp(mu t). Source: Merton (1976), J. Financial Economics 3; the sum of N normal
  // jumps is normal with mean N m and variance N s^2.
  static HWY_INLINE void start(Path& path, const ParameterReader& parameter, const RunContext& run,
                               const Recorder& recorder) {
    const Real volatility = parameter(Parameter::volatility);
    const Real rate = parameter(Parameter::jump_rate);
    path.jump_mean = parameter(Parameter::jump_mean);
    path.jump_deviation = parameter(Parameter::jump_deviation);
    const Real mean_jump = exp(path.jump_mean + square(path.jump_deviation) * 0.5) - 1.0;
    path.drift =
        (parameter(Parameter::drift) - square(volatility) * 0.5 - rate * mean_jump) * run.dt;
    path.deviation = volatility * sqrt(Real(run.dt));
    path.jumps_per_step = rate * run.dt;
    path.no_jump = exp(-path.jumps_per_step);
    path.log_value = log(parameter(Parameter::initial));
    path.jumps = 0.0;
    record(path, recorder);
  }

  static HWY_INLINE void generate(const StepRandom& random, Real* draws) {
    const RandomBlock block = random.block(0);
    const RealPair pair = normal_pair(block.word[0], block.word[1]);
    draws[int(Draw::diffusion)] = pair.first;
    draws[int(Draw::jump_size)] = pair.second;
    draws[int(Draw::jump_count)] = uniform32(block.word[2]);
  }

  static HWY_INLINE void step(Path& path, const Real* draws, int, const RunContext& run,
                              const Recorder& recorder) {
    Real z[2] = {draws[int(Draw::diffusion)], draws[int(Draw::jump_size)]};
    correlate<2>(z, run);
    const Real count = poisson(draws[int(Draw::jump_count)], path.jumps_per_step, path.no_jump);
    path.jumps += count;
    path.log_value += path.drift + path.deviation * z[0] + count * path.jump_mean +
                      sqrt(count) * path.jump_deviation * z[1];
    record(path, recorder);
  }

  static HWY_INLINE void outcomes(const Path& path, const OutcomeRecorder& outcome,
                                  const RunContext&) {
    outcome(Outcome::total_jumps, path.jumps);
    outcome(Outcome::final_value, exp(path.log_value));
  }

 private:
  static HWY_INLINE void record(const Path& path, const Recorder& recorder) {
    recorder.series(Series::value, exp(path.log_value));
    recorder.series(Series::log_value, path.log_value);
    recorder.series(Series::jumps, path.jumps);
    recorder.event(Event::has_jumped, path.jumps > 0.0);
  }
};

inline ModelKernel make_kernel() { return TileKernel<Equations>::kernel(); }

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::merton
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
