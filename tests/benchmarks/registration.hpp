// How the benchmarks are named, repeated for each instruction set and reported.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "overbuild/sampling/instruction_set.hpp"

namespace overbuild::benchmarks {

/// Reports the time per `item`, of which an iteration makes `count`.
inline void report_time_per(benchmark::State& state, const std::string& item, double count) {
  using benchmark::Counter;
  state.counters["time_per_" + item] =
      Counter(count, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

/// Registers `function(state)` once as "name/<instruction set>" for each that this machine can run.
template <class Function>
void register_for_each_instruction_set(const std::string& name, Function function) {
  for (const std::string& set : available_instruction_sets()) {
    benchmark::RegisterBenchmark((name + "/" + set).c_str(),
                                 [set, function](benchmark::State& state) {
                                   use_instruction_set(set);
                                   function(state);
                                   use_instruction_set("auto");
                                 });
  }
}

void register_sampling_benchmarks();
void register_model_benchmarks();
void register_statistics_benchmarks();
void register_engine_benchmarks();

}  // namespace overbuild::benchmarks
