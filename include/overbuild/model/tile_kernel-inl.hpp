// The loops over lanes and steps that turn a model's equations into a ModelKernel.
//
// Included once per instruction set (Highway's foreach_target) by each model's .cpp file.
#if defined(OVERBUILD_MODEL_TILE_KERNEL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODEL_TILE_KERNEL_INL
#undef OVERBUILD_MODEL_TILE_KERNEL_INL
#else
#define OVERBUILD_MODEL_TILE_KERNEL_INL
#endif

#include <concepts>
#include <new>

#include "overbuild/model/model.hpp"
#include "overbuild/sampling/step_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

/// Where a model's record() puts the values of one step of one vector of paths.
class Recorder {
 public:
  HWY_INLINE Recorder(const TileOutput& output, int step, int lane)
      : series_(output.series + std::size_t(step - output.first_step) * output.lanes + lane),
        events_(output.events + (std::size_t(step - output.first_step) * output.lanes + lane) / 8),
        stride_(std::size_t(output.steps) * output.lanes),
        shift_(lane % 8) {}

  /// `series` is the model's enumerator, i.e. the index of its declaration.
  template <class Series>
  HWY_INLINE void series(Series series, Real value) const {
    value.store(series_ + static_cast<std::size_t>(series) * stride_);
  }
  template <class Event>
  HWY_INLINE void event(Event event, Mask happened) const {
    std::uint8_t& byte = events_[static_cast<std::size_t>(event) * stride_ / 8];
    byte = static_cast<std::uint8_t>(byte | (bits(happened) << shift_));
  }

 private:
  double* series_;
  std::uint8_t* events_;
  std::size_t stride_;
  int shift_;
};

/// Where a model's outcomes() puts its values.
class OutcomeRecorder {
 public:
  HWY_INLINE OutcomeRecorder(double* outcomes, int lanes, int lane)
      : outcomes_(outcomes + lane), lanes_(lanes) {}
  template <class Outcome>
  HWY_INLINE void operator()(Outcome outcome, Real value) const {
    value.store(outcomes_ + static_cast<std::size_t>(outcome) * lanes_);
  }

 private:
  double* outcomes_;
  int lanes_;
};

/// The parameters of one vector of paths, read by declaration index.
class ParameterReader {
 public:
  HWY_INLINE ParameterReader(const double* parameters, int lanes, int lane)
      : parameters_(parameters + lane), lanes_(lanes) {}
  template <class Index>
  HWY_INLINE Real operator()(Index index) const {
    return Real::load(parameters_ + static_cast<std::size_t>(index) * lanes_);
  }

 private:
  const double* parameters_;
  int lanes_;
};

/// What a model provides to be run. `Path` holds the state and the per-path constants of one
/// vector of paths; all functions are inlined into the loops below.
template <class M>
concept PathModel = std::is_trivially_copyable_v<typename M::Path> &&
    requires(typename M::Path& path, const typename M::Path& done, const RunContext& run,
             const ParameterReader& parameters, const Recorder& recorder,
             const OutcomeRecorder& outcome) {
  { M::start(path, parameters, run, recorder) } -> std::same_as<void>;  // writes step 0
  { M::outcomes(done, outcome, run) } -> std::same_as<void>;            // after the last step
};

/// A model that makes the random numbers of a step in the step.
template <class M>
concept DrawsInStep = requires(typename M::Path& path, const StepRandom& random, int step,
                               const RunContext& run, const Recorder& recorder) {
  { M::step(path, random, step, run, recorder) } -> std::same_as<void>;  // from t - 1 to t
};

/// A model that makes the random numbers of up to `steps_ahead` steps at once.
template <class M>
concept DrawsAhead = requires(typename M::Path& path, WordVector path_number, int step,
                              const RunContext& run, typename M::Draws* draws,
                              const Recorder& recorder) {
  { M::draw(path, path_number, step, step, run, draws) } -> std::same_as<void>;  // steps [a, b)
  { M::step(path, *draws, step, run, recorder) } -> std::same_as<void>;
  { M::steps_ahead } -> std::convertible_to<int>;
};

template <PathModel M>
requires DrawsInStep<M> || DrawsAhead<M>
struct TileKernel {
  using Path = typename M::Path;

  static std::size_t workspace_bytes(int lanes) {
    return sizeof(Path) * static_cast<std::size_t>(lanes / lanes_per_vector);
  }

  static void begin(const RunContext& run, std::uint64_t, const double* parameters, void* workspace,
                    const TileOutput& output) {
    Path* paths = static_cast<Path*>(workspace);
    for (int lane = 0; lane < output.lanes; lane += lanes_per_vector) {
      Path& path = *new (paths + lane / lanes_per_vector) Path;
      M::start(path, ParameterReader(parameters, output.lanes, lane), run,
               Recorder(output, 0, lane));
    }
  }

  static void advance(const RunContext& run, std::uint64_t first_path, void* workspace,
                      int first_step, int end_step, const TileOutput& output) {
    Path* paths = static_cast<Path*>(workspace);
    // Copies, which no store to the output can change: the loops keep them in registers.
    const RunContext run_copy = run;
    const TileOutput output_copy = output;
    for (int lane = 0; lane < output.lanes; lane += lanes_per_vector) {
      const WordTag d;
      const WordVector path_number =
          hn::Add(hn::Set(d, first_path + static_cast<unsigned>(lane)), hn::Iota(d, 0));
      advance_vector(run_copy, path_number, paths[lane / lanes_per_vector], first_step, end_step,
                     output_copy, lane);
    }
  }

  static void finish(const RunContext& run, const void* workspace, int lanes, double* outcomes) {
    const Path* paths = static_cast<const Path*>(workspace);
    for (int lane = 0; lane < lanes; lane += lanes_per_vector)
      M::outcomes(paths[lane / lanes_per_vector], OutcomeRecorder(outcomes, lanes, lane), run);
  }

  static ModelKernel kernel() { return {&workspace_bytes, &begin, &advance, &finish}; }

 private:
  static HWY_INLINE void advance_vector(const RunContext& run, WordVector path_number, Path& path,
                                        int first_step, int end_step, const TileOutput& output,
                                        int lane) requires DrawsInStep<M> {
    for (int step = first_step; step < end_step; ++step)
      M::step(path, StepRandom(run.seed, path_number, step), step, run,
              Recorder(output, step, lane));
  }

  static HWY_INLINE void advance_vector(const RunContext& run, WordVector path_number, Path& path,
                                        int first_step, int end_step, const TileOutput& output,
                                        int lane) requires DrawsAhead<M> {
    typename M::Draws draws[M::steps_ahead];
    for (int from = first_step; from < end_step; from += M::steps_ahead) {
      const int to = from + M::steps_ahead < end_step ? from + M::steps_ahead : end_step;
      M::draw(path, path_number, from, to, run, draws);
      for (int step = from; step < to; ++step)
        M::step(path, draws[step - from], step, run, Recorder(output, step, lane));
    }
  }
};

/// z := L z with the run's lower Cholesky factor, so that the normals get the shocks' correlation.
template <int n>
HWY_INLINE void correlate(Real (&z)[n], const RunContext& run) {
  if (run.shocks_independent) return;
  for (int row = n - 1; row >= 0; --row) {
    Real sum = z[0] * run.shock_factor[row * n];
    for (int column = 1; column <= row; ++column)
      sum += z[column] * run.shock_factor[row * n + column];
    z[row] = sum;
  }
}

/// A table's value at a step, or `absent` where the config gives none.
HWY_INLINE double table_value(const RunContext& run, int table, int step, double absent) {
  return run.tables[table].empty() ? absent : run.tables[table][step];
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
