// Equations of geometric Brownian motion with an upper barrier.
#if defined(OVERBUILD_MODELS_GBM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_GBM_INL
#undef OVERBUILD_MODELS_GBM_INL
#else
#define OVERBUILD_MODELS_GBM_INL
#endif

#include "models/gbm/declaration.hpp"
#include "overbuild/model/tile_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::gbm {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

struct Equations {
  static constexpr int given_draws = gbm::given_draws;

  struct Path {
    Real drift, deviation, variance, log_barrier;  // of the logarithm, per step
    Real log_value, passage_time, largest;
  };

  static HWY_INLINE void start(Path& path, const ParameterReader& parameter, const RunContext& run,
                               const Recorder& recorder) {
    const Real volatility = parameter(Parameter::volatility);
    path.drift = (parameter(Parameter::drift) - square(volatility) * 0.5) * run.dt;
    path.variance = square(volatility) * run.dt;
    path.deviation = sqrt(path.variance);
    path.log_barrier = log(parameter(Parameter::barrier));
    path.log_value = log(parameter(Parameter::initial));
    path.largest = parameter(Parameter::initial);
    path.passage_time = select(path.log_value >= path.log_barrier, 0.0, not_a_number());
    record(path, recorder);
  }

  static HWY_INLINE void generate(const StepRandom& random, Real* draws) {
    const RandomBlock block = random.block(0);
    draws[int(Draw::diffusion)] = normal_pair(block.word[0], block.word[1]).first;
    draws[int(Draw::bridge)] = uniform32(block.word[2]);
  }

  // Exact at any step: ln S is a Brownian motion with drift mu - sigma^2/2. Given both ends of a
  // step below the barrier, the bridge between them reaches it with probability
  // exp(-2 (b - x0)(b - x1) / (sigma^2 dt)). Source: Glasserman (2003), section 6.4.
  static HWY_INLINE void step(Path& path, const Real* draws, int step, const RunContext& run,
                              const Recorder& recorder) {
    const Real below_before = path.log_barrier - path.log_value;
    path.log_value += path.drift + path.deviation * draws[int(Draw::diffusion)];
    const Real below_after = path.log_barrier - path.log_value;
    const Real reach = exp(below_before * below_after * -2.0 / path.variance);
    const Mask reached = (below_after <= 0.0) | (draws[int(Draw::bridge)] < reach);
    const Mask not_yet = and_not(path.passage_time == path.passage_time, reached);
    path.passage_time = select(not_yet, step * run.dt, path.passage_time);
    path.largest = max(path.largest, exp(path.log_value));
    record(path, recorder);
  }

  static HWY_INLINE void outcomes(const Path& path, const OutcomeRecorder& outcome,
                                  const RunContext&) {
    outcome(Outcome::passage_time, path.passage_time);
    outcome(Outcome::largest_value, path.largest);
    outcome(Outcome::final_value, exp(path.log_value));
  }

 private:
  static HWY_INLINE void record(const Path& path, const Recorder& recorder) {
    recorder.series(Series::value, exp(path.log_value));
    recorder.series(Series::log_value, path.log_value);
    recorder.event(Event::barrier_passed, path.passage_time == path.passage_time);
  }
};

inline ModelKernel make_kernel() { return TileKernel<Equations>::kernel(); }

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::gbm
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
