// Times the parts of the engine with each instruction set; docs/benchmarks.md explains the output.
#include "registration.hpp"

int main(int count, char** texts) {
  benchmark::Initialize(&count, texts);
  if (benchmark::ReportUnrecognizedArguments(count, texts)) return 2;
  overbuild::benchmarks::register_sampling_benchmarks();
  overbuild::benchmarks::register_model_benchmarks();
  overbuild::benchmarks::register_statistics_benchmarks();
  overbuild::benchmarks::register_engine_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
