// The models' kernels alone: random numbers and equations of one tile of paths, without statistics.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "overbuild/config/load.hpp"
#include "overbuild/engine/run.hpp"
#include "registration.hpp"
#include "src/engine/worker.hpp"

namespace overbuild::benchmarks {
namespace {

constexpr int segment_steps = 8;  // the values of so many steps stay in the second-level cache

/// Memory that a kernel writes to.
struct KernelMemory {
  explicit KernelMemory(const PreparedRun& run)
      : parameters(run.schema().parameters.size() * tile_paths),
        workspace(run.kernel().workspace_bytes(tile_paths) / sizeof(double) + 1),
        series(run.schema().series.size() * segment_steps * tile_paths),
        events(run.schema().events.size() * segment_steps * tile_paths / 8) {}

  TileOutput output(int first_step) {
    std::fill(events.begin(), events.end(), std::uint8_t{0});
    return {series.data(), events.data(), first_step, segment_steps, tile_paths};
  }

  AlignedDoubles parameters, workspace, series;
  std::vector<std::uint8_t> events;
};

void simulate_tile(const PreparedRun& run, std::uint64_t first_path, KernelMemory& memory) {
  const ModelKernel& kernel = run.kernel();
  const RunContext& context = run.context();
  kernel.begin(context, first_path, memory.parameters.data(), memory.workspace.data(),
               memory.output(0));
  for (int step = 1; step <= context.steps; step += segment_steps) {
    const int end = std::min(step + segment_steps, context.steps + 1);
    kernel.advance(context, first_path, memory.workspace.data(), step, end, memory.output(step),
                   nullptr);
  }
}

void time_kernel(benchmark::State& state, const Scenario& scenario) {
  const PreparedRun run(scenario);
  KernelMemory memory(run);
  run.sampler().sample(1, 0, tile_paths, memory.parameters.data());
  std::uint64_t first_path = 0;
  for (auto _ : state) {
    simulate_tile(run, first_path += tile_paths, memory);
    benchmark::ClobberMemory();
  }
  report_time_per(state, "path_step", double{tile_paths} * run.context().steps);
}

void time_prior_draws(benchmark::State& state) {
  Scenario scenario = parse_scenario("model = \"overbuild\"", "default");
  constexpr int priors = 10;
  for (std::size_t i = 0; i < priors; ++i) {
    Distribution& prior = scenario.parameters[i].prior.emplace();
    prior.kind = Distribution::Kind::lognormal;
    prior.arguments = {scenario.parameters[i].value, 0.2};
  }
  const ParameterSampler sampler = parameter_sampler(scenario);
  AlignedDoubles parameters(scenario.parameters.size() * tile_paths);
  std::uint64_t first_path = 0;
  for (auto _ : state) {
    sampler.sample(1, first_path += tile_paths, tile_paths, parameters.data());
    benchmark::ClobberMemory();
  }
  report_time_per(state, "drawn_parameter", double{tile_paths} * priors);
}

}  // namespace

void register_model_benchmarks() {
  for (const Model* model : all_models()) {
    const std::string name(model->schema.name);
    register_for_each_instruction_set("kernel/" + name, [name](benchmark::State& state) {
      time_kernel(state, parse_scenario(fmt::format("model = \"{}\"", name), "default"));
    });
  }
  register_for_each_instruction_set("priors/lognormal", time_prior_draws);
}

}  // namespace overbuild::benchmarks
