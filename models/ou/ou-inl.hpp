// Equations of the Ornstein-Uhlenbeck process.
#if defined(OVERBUILD_MODELS_OU_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_OU_INL
#undef OVERBUILD_MODELS_OU_INL
#else
#define OVERBUILD_MODELS_OU_INL
#endif

#include "models/ou/declaration.hpp"
#include "overbuild/model/tile_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::ou {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

struct Equations {
  static constexpr int given_draws = ou::given_draws;

  struct Path {
    Real initial, mean, persistence, deviation;
    Real value, sum, smallest;
  };

  // Exact at any step: x(t+dt) = m + (x - m) exp(-kappa dt) + s z with
  // s^2 = sigma^2 (1 - exp(-2 kappa dt)) / (2 kappa). Source: Gillespie (1996), Phys. Rev. E 54.
  static HWY_INLINE void start(Path& path, const ParameterReader& parameter, const RunContext& run,
                               const Recorder& recorder) {
    const Real reversion = parameter(Parameter::reversion);
    path.initial = path.value = path.smallest = parameter(Parameter::initial);
    path.mean = parameter(Parameter::longrun_mean);
    path.persistence = exp(reversion * -run.dt);
    path.deviation = parameter(Parameter::volatility) *
                     sqrt((Real(1.0) - square(path.persistence)) / (reversion * 2.0));
    path.sum = 0.0;
    record(path, recorder);
  }

  static HWY_INLINE void generate(const StepRandom& random, Real* draws) {
    const RandomBlock block = random.block(0);
    draws[int(Draw::diffusion)] = normal_pair(block.word[0], block.word[1]).first;
  }

  static HWY_INLINE void step(Path& path, const Real* draws, int, const RunContext&,
                              const Recorder& recorder) {
    const Real z = draws[int(Draw::diffusion)];
    path.value = path.mean + (path.value - path.mean) * path.persistence + path.deviation * z;
    path.sum += path.value;
    path.smallest = min(path.smallest, path.value);
    record(path, recorder);
  }

  static HWY_INLINE void outcomes(const Path& path, const OutcomeRecorder& outcome,
                                  const RunContext& run) {
    outcome(Outcome::average, path.sum / Real(double(run.steps)));
    outcome(Outcome::smallest_value, path.smallest);
    outcome(Outcome::final_value, path.value);
  }

 private:
  static HWY_INLINE void record(const Path& path, const Recorder& recorder) {
    recorder.series(Series::value, path.value);
    recorder.series(Series::change, path.value - path.initial);
    recorder.event(Event::above_mean, path.value > path.mean);
  }
};

inline ModelKernel make_kernel() { return TileKernel<Equations>::kernel(); }

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::ou
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
