// Random numbers and elementary functions: ours in lanes, beside Boost's and the standard library's
// one at a time. Every benchmark fills the same array of a tile's size.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/benchmarks/sampling_benchmark.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "overbuild/sampling/step_random-inl.hpp"

#ifndef OVERBUILD_TESTS_BENCHMARKS_SAMPLING
#define OVERBUILD_TESTS_BENCHMARKS_SAMPLING
namespace overbuild::benchmarks {

inline constexpr int values_per_fill = 512;

/// Each fills values[0..511] for the paths from `first_path` on or from x[0..511].
struct SamplingFunctions {
  void (*philox)(std::uint64_t first_path, double* values);  // 1 block: 2 values' bits
  void (*uniforms)(std::uint64_t first_path, double* values);
  void (*normals)(std::uint64_t first_path, double* values);
  void (*shocks)(std::uint64_t first_path, double* values);  // Poisson sums of exponentials
  void (*exponentials)(const double* x, double* values);
  void (*logarithms)(const double* x, double* values);
  void (*powers)(const double* x, double* values);
};

}  // namespace overbuild::benchmarks
#endif

HWY_BEFORE_NAMESPACE();
namespace overbuild::benchmarks {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

/// Calls store(lane, block) with one block for every vector of `paths` paths.
template <int paths, class Store>
HWY_INLINE void for_each_block(std::uint64_t first_path, const Store& store) {
  for (int lane = 0; lane < paths; lane += lanes_per_vector) {
    const WordVector path = hn::Iota(WordTag(), first_path + static_cast<unsigned>(lane));
    const StepRandom random(1, path, 1);
    store(lane, random.block(0));
  }
}

void philox(std::uint64_t first_path, double* values) {
  for_each_block<values_per_fill / 2>(first_path, [&](int lane, const RandomBlock& block) {
    const auto store = [&](WordVector word, int place) {
      hn::Store(hn::BitCast(RealTag(), word), RealTag(), values + 2 * lane + place);
    };
    store(join(block.word[0], block.word[1]), 0);
    store(join(block.word[2], block.word[3]), lanes_per_vector);
  });
}

void uniforms(std::uint64_t first_path, double* values) {
  for_each_block<values_per_fill / 2>(first_path, [&](int lane, const RandomBlock& block) {
    uniform52(block.word[0], block.word[1]).store(values + 2 * lane);
    uniform52(block.word[2], block.word[3]).store(values + 2 * lane + lanes_per_vector);
  });
}

void normals(std::uint64_t first_path, double* values) {
  for_each_block<values_per_fill / 4>(first_path, [&](int lane, const RandomBlock& block) {
    const RealPair a = normal_pair(block.word[0], block.word[1]);
    const RealPair b = normal_pair(block.word[2], block.word[3]);
    double* place = values + 4 * lane;
    for (const Real z : {a.first, a.second, b.first, b.second}) {
      z.store(place);
      place += lanes_per_vector;
    }
  });
}

/// With the rate of the overbuild model's quarterly steps.
void shocks(std::uint64_t first_path, double* values) {
  const Real mean = 0.35 * 0.25, none = exp(-mean);
  for (int lane = 0; lane < values_per_fill; lane += lanes_per_vector) {
    const WordVector path = hn::Iota(WordTag(), first_path + static_cast<unsigned>(lane));
    const StepRandom random(1, path, 1);
    const Real count = poisson(uniform32(random.block(1).word[3]), mean, none);
    exponential_sum(random, 2, count).store(values + lane);
  }
}

void exponentials(const double* x, double* values) {
  for (int i = 0; i < values_per_fill; i += lanes_per_vector)
    exp(Real::load(x + i)).store(values + i);
}

void logarithms(const double* x, double* values) {
  for (int i = 0; i < values_per_fill; i += lanes_per_vector)
    log(Real::load(x + i)).store(values + i);
}

void powers(const double* x, double* values) {
  for (int i = 0; i < values_per_fill; i += lanes_per_vector)
    pow(Real::load(x + i), -1.15).store(values + i);
}

SamplingFunctions functions() {
  return {&philox, &uniforms, &normals, &shocks, &exponentials, &logarithms, &powers};
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::benchmarks
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <bit>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <random>

#include "registration.hpp"

namespace overbuild::benchmarks {
namespace {

HWY_EXPORT(functions);

struct alignas(64) Values {
  double value[values_per_fill];
};

/// Numbers spread over [1/8, 8).
Values arguments() {
  Values x;
  for (int i = 0; i < values_per_fill; ++i) x.value[i] = std::exp2(6.0 * i / values_per_fill - 3);
  return x;
}

/// Times fill(values), which fills all of them.
template <class Fill>
void time_fill(benchmark::State& state, const char* item, const Fill& fill) {
  Values values;
  for (auto _ : state) {
    fill(values.value);
    benchmark::DoNotOptimize(values);
  }
  report_time_per(state, item, values_per_fill);
}

void register_generator(const char* name, const char* item,
                        void (*SamplingFunctions::*member)(std::uint64_t, double*)) {
  register_for_each_instruction_set(name, [=](benchmark::State& state) {
    const auto function = HWY_DYNAMIC_DISPATCH(functions)().*member;
    std::uint64_t first_path = 0;
    time_fill(state, item,
              [&](double* values) { function(first_path += values_per_fill, values); });
  });
}

void register_function(const char* name,
                       void (*SamplingFunctions::*member)(const double*, double*)) {
  register_for_each_instruction_set(name, [=](benchmark::State& state) {
    const auto function = HWY_DYNAMIC_DISPATCH(functions)().*member;
    const Values x = arguments();
    time_fill(state, "value", [&](double* values) { function(x.value, values); });
  });
}

/// A generator's own 64 bits.
struct Bits {
  template <class Generator>
  double operator()(Generator& generator) const {
    return std::bit_cast<double>(std::uint64_t{generator()});
  }
};

/// Another library's distribution with its generator, one value at a time.
template <class Generator, class Distribution>
void register_distribution(const char* name, const char* item) {
  benchmark::RegisterBenchmark(name, [item](benchmark::State& state) {
    Generator generator(1);
    Distribution distribution;
    time_fill(state, item, [&](double* values) {
      for (int i = 0; i < values_per_fill; ++i) values[i] = distribution(generator);
    });
  });
}

template <class Function>
void register_standard_function(const char* name, Function function) {
  benchmark::RegisterBenchmark(name, [function](benchmark::State& state) {
    const Values x = arguments();
    time_fill(state, "value", [&](double* values) {
      for (int i = 0; i < values_per_fill; ++i) values[i] = function(x.value[i]);
    });
  });
}

}  // namespace

void register_sampling_benchmarks() {
  register_generator("bits/philox4x32", "64_bits", &SamplingFunctions::philox);
  register_distribution<std::mt19937_64, Bits>("bits/std_mt19937_64", "64_bits");
  register_generator("uniform/overbuild", "uniform", &SamplingFunctions::uniforms);
  register_distribution<boost::random::mt19937_64, boost::random::uniform_01<>>(
      "uniform/boost_mt19937_64", "uniform");
  register_generator("normal/overbuild_box_muller", "normal", &SamplingFunctions::normals);
  register_distribution<boost::random::mt19937, boost::random::normal_distribution<>>(
      "normal/boost_mt19937_ziggurat", "normal");
  register_distribution<std::mt19937, std::normal_distribution<>>("normal/std_mt19937_polar",
                                                                  "normal");
  register_generator("poisson_sum_of_exponentials/overbuild", "value", &SamplingFunctions::shocks);
  register_function("exp/overbuild", &SamplingFunctions::exponentials);
  register_standard_function("exp/std", [](double x) { return std::exp(x); });
  register_function("log/overbuild", &SamplingFunctions::logarithms);
  register_standard_function("log/std", [](double x) { return std::log(x); });
  register_function("pow/overbuild", &SamplingFunctions::powers);
  register_standard_function("pow/std", [](double x) { return std::pow(x, -1.15); });
}

}  // namespace overbuild::benchmarks
#endif  // HWY_ONCE
