// Writes the example result with everything a result may hold, for the scripts that read it.
#include <cstdio>
#include <exception>

#include "overbuild/results/result_file.hpp"
#include "tests/results/example_result.hpp"

namespace {

using namespace overbuild;  // NOLINT: a program of one function

void write(const char* path) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  RunResult result = example::result(scenario);
  result.kept = example::kept_outcomes(scenario, scenario.run.paths);
  ResultWriter writer(path, scenario, false);
  for (std::uint64_t first = 0; first < scenario.run.paths; first += tile_paths)
    writer.accept(example::tile(scenario, first, scenario.run.paths));
  writer.finish(result, example::provenance());
}

}  // namespace

int main(int arguments, char** argument) {
  if (arguments != 2) {
    std::fprintf(stderr, "usage: overbuild_example_result FILE\n");
    return 2;
  }
  try {
    write(argument[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
