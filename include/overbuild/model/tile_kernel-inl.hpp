// The loops over lanes and steps that turn a model's equations into a ModelKernel.
//
// Included once per instruction set (Highway's foreach_target) by each model's .cpp file.
#if defined(OVERBUILD_MODEL_TILE_KERNEL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODEL_TILE_KERNEL_INL
#undef OVERBUILD_MODEL_TILE_KERNEL_INL
#else
#define OVERBUILD_MODEL_TILE_KERNEL_INL
#endif

#include <algorithm>
#include <array>
#include <concepts>
#include <new>
#include <utility>

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

/// The given draws of one vector of paths at steps from `first_step` on, as a source made them;
/// none where the model makes them by itself.
class GivenDraws {
 public:
  HWY_INLINE GivenDraws(const double* draws, int draws_per_step, int first_step, int lanes,
                        int lane)
      : draws_(draws ? draws + lane : nullptr),
        draws_per_step_(draws_per_step),
        first_step_(first_step),
        lanes_(lanes) {}

  HWY_INLINE explicit operator bool() const { return draws_ != nullptr; }
  HWY_INLINE Real operator()(int step, int draw) const {
    return Real::load(draws_ + std::size_t((step - first_step_) * draws_per_step_ + draw) * lanes_);
  }

 private:
  const double* draws_;
  int draws_per_step_, first_step_, lanes_;
};

/// What a model provides to be run. `Path` holds the state and the per-path constants of one
/// vector of paths; all functions are inlined into the loops below.
template <class M>
concept PathModel = std::is_trivially_copyable_v<typename M::Path> &&
    requires(typename M::Path& path, const typename M::Path& done, const RunContext& run,
             const ParameterReader& parameters, const Recorder& recorder,
             const OutcomeRecorder& outcome, const StepRandom& random, Real* draws) {
  { M::start(path, parameters, run, recorder) } -> std::same_as<void>;  // writes step 0
  { M::outcomes(done, outcome, run) } -> std::same_as<void>;            // after the last step
  { M::given_draws } -> std::convertible_to<int>;
  { M::generate(random, draws) } -> std::same_as<void>;  // a step's given draws
};

/// A model whose steps are taken one vector of paths at a time.
template <class M>
concept StepsAlone = requires(typename M::Path& path, const Real* draws, int step,
                              const RunContext& run, const Recorder& recorder) {
  { M::step(path, draws, step, run, recorder) } -> std::same_as<void>;  // from t - 1 to t
};

/// A model with long chains of dependent operations: it makes the random numbers of up to
/// `steps_ahead` steps at once and advances two vectors of paths abreast, so that the processor can
/// work at one chain while another one waits.
template <class M>
concept StepsAbreast = requires(typename M::Path& path, const typename M::Draws& drawn,
                                std::array<typename M::Step, 2>& vectors, WordVector path_number,
                                int step, const RunContext& run, const GivenDraws& given,
                                typename M::Draws* draws, const Recorder& recorder) {
  { M::draw(path, path_number, step, step, run, given, draws) } -> std::same_as<void>;  // [a, b)
  {typename M::Step(path, run, step, drawn)};
  { M::advance(vectors) } -> std::same_as<void>;  // from t - 1 to t
  { M::record(vectors[0], recorder) } -> std::same_as<void>;
  { M::steps_ahead } -> std::convertible_to<int>;
};

template <PathModel M>
requires StepsAlone<M> || StepsAbreast<M>
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
                      int first_step, int end_step, const TileOutput& output, const double* given) {
    Path* paths = static_cast<Path*>(workspace);
    // A copy, which no store to the output can change: the loops keep it in registers.
    const Segment segment{run, first_path, first_step, end_step, output, given};
    constexpr int abreast = StepsAbreast<M> ? 2 : 1;
    int lane = 0;
    for (; lane + abreast * lanes_per_vector <= output.lanes; lane += abreast * lanes_per_vector)
      advance_vectors<abreast>(segment, paths + lane / lanes_per_vector, lane);
    for (; lane < output.lanes; lane += lanes_per_vector)
      advance_vectors<1>(segment, paths + lane / lanes_per_vector, lane);
  }

  static void draw(std::uint64_t seed, std::uint64_t first_path, int first_step, int end_step,
                   int lanes, double* draws) {
    for (int step = first_step; step < end_step; ++step) {
      for (int lane = 0; lane < lanes; lane += lanes_per_vector) {
        Real values[M::given_draws];
        M::generate(StepRandom(seed, path_number(first_path, lane), step), values);
        for (int i = 0; i < M::given_draws; ++i) values[i].store(draws + i * lanes + lane);
      }
      draws += M::given_draws * lanes;
    }
  }

  static void finish(const RunContext& run, const void* workspace, int lanes, double* outcomes) {
    const Path* paths = static_cast<const Path*>(workspace);
    for (int lane = 0; lane < lanes; lane += lanes_per_vector)
      M::outcomes(paths[lane / lanes_per_vector], OutcomeRecorder(outcomes, lanes, lane), run);
  }

  static ModelKernel kernel() { return {&workspace_bytes, &begin, &advance, &draw, &finish}; }

 private:
  static HWY_INLINE WordVector path_number(std::uint64_t first_path, int lane) {
    const WordTag d;
    return hn::Add(hn::Set(d, first_path + static_cast<unsigned>(lane)), hn::Iota(d, 0));
  }

  struct Segment {
    RunContext run;
    std::uint64_t first_path;
    int first_step, end_step;
    TileOutput output;
    const double* given;

    HWY_INLINE WordVector path_number(int lane) const {
      return TileKernel::path_number(first_path, lane);
    }
    HWY_INLINE GivenDraws given_draws(int lane) const {
      return {given, M::given_draws, first_step, output.lanes, lane};
    }
  };

  template <int n>
  static HWY_INLINE void advance_vectors(const Segment& segment, Path* path,
                                         int lane) requires StepsAlone<M> {
    const WordVector number = segment.path_number(lane);
    const GivenDraws given = segment.given_draws(lane);
    for (int step = segment.first_step; step < segment.end_step; ++step) {
      Real draws[M::given_draws];
      if (given)
        for (int i = 0; i < M::given_draws; ++i) draws[i] = given(step, i);
      else
        M::generate(StepRandom(segment.run.seed, number, step), draws);
      M::step(*path, draws, step, segment.run, Recorder(segment.output, step, lane));
    }
  }

  template <int n>
  static HWY_INLINE void advance_vectors(const Segment& segment, Path* paths,
                                         int lane) requires StepsAbreast<M> {
    typename M::Draws draws[n][M::steps_ahead];
    for (int from = segment.first_step; from < segment.end_step; from += M::steps_ahead) {
      const int to = std::min(from + M::steps_ahead, segment.end_step);
      for (int i = 0; i < n; ++i)
        M::draw(paths[i], segment.path_number(lane + i * lanes_per_vector), from, to, segment.run,
                segment.given_draws(lane + i * lanes_per_vector), draws[i]);
      for (int step = from; step < to; ++step)
        step_abreast(segment, paths, lane, step, draws, step - from,
                     std::make_integer_sequence<int, n>());
    }
  }

  template <class Draws, int... i>
  static HWY_INLINE void step_abreast(const Segment& segment, Path* paths, int lane, int step,
                                      const Draws& draws, int ahead,
                                      std::integer_sequence<int, i...>) {
    std::array vectors{typename M::Step(paths[i], segment.run, step, draws[i][ahead])...};
    M::advance(vectors);
    (M::record(vectors[i], Recorder(segment.output, step, lane + i * lanes_per_vector)), ...);
  }
};

/// z := L z with the run's lower Cholesky factor, so that the normals get the shocks' correlation.
template <int n>
HWY_INLINE void correlate(Real* z, const RunContext& run) {
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
