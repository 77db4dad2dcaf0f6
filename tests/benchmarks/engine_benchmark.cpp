// Whole runs without a result file: sampling, equations, statistics, and the work shared by
// threads.
#include <fmt/format.h>

#include "overbuild/config/load.hpp"
#include "overbuild/engine/run.hpp"
#include "registration.hpp"

namespace overbuild::benchmarks {
namespace {

constexpr std::uint64_t paths = 100000;

void time_run(benchmark::State& state, int threads) {
  Scenario scenario = load_scenario(OVERBUILD_BASE_CONFIG);
  scenario.run.paths = paths;
  scenario.run.threads = threads;
  for (auto _ : state) benchmark::DoNotOptimize(run(scenario));
  report_time_per(state, "path_step", static_cast<double>(paths) * scenario.run.steps());
}

}  // namespace

void register_engine_benchmarks() {
  for (const std::string& set : available_instruction_sets()) {
    for (const int threads : {1, 2}) {
      const std::string name = fmt::format("run/overbuild/{}/threads:{}", set, threads);
      benchmark::RegisterBenchmark(name.c_str(),
                                   [=](benchmark::State& state) {
                                     use_instruction_set(set);
                                     time_run(state, threads);
                                     use_instruction_set("auto");
                                   })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace overbuild::benchmarks
