// A path's bits depend on neither the instruction set nor on how paths and steps are cut into tiles
// and segments.
#include <bit>

#include "tests/models/kernel_paths.hpp"
#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

constexpr int paths = 1024;

/// Parameters that differ between paths where that makes a difference to the code that runs.
PathParameters varied(const Model& model) {
  PathParameters parameters(model.schema, paths);
  for (std::size_t p = 0; p < model.schema.parameters.size(); ++p) {
    const ParameterSpec& spec = model.schema.parameters[p];
    for (int path = 0; path < paths; ++path) {
      double& value = parameters.row(p)[std::size_t(path)];
      if (!spec.bounds.integer)
        value *= 0.8 + 0.05 * (path * 5 % 9);
      else if (spec.bounds.upper <= 24)
        value = spec.bounds.lower + path * 7 % int(spec.bounds.upper - spec.bounds.lower + 1);
    }
  }
  return parameters;
}

/// Many jumps, so that the paths of a vector need unlike numbers of draws.
PathParameters with_many_jumps(const Model& model) {
  PathParameters parameters = varied(model);
  for (const std::string_view name : {"shock_rate", "jump_rate"})
    if (model.schema.parameter_index(name)) parameters.set(name, 10);
  return parameters;
}

class SameBits : public testing::TestWithParam<const Model*> {
 protected:
  const Model& model = *GetParam();

  /// All values of some of the paths, as one list.
  std::vector<double> listed(const KernelPaths& run, int first, int count) const {
    std::vector<double> list;
    for (int path = first; path < first + count; ++path) {
      for (int t = 0; t < run.times(); ++t) {
        for (std::size_t s = 0; s < model.schema.series.size(); ++s)
          list.push_back(run.series(s, t, path));
        for (std::size_t e = 0; e < model.schema.events.size(); ++e)
          list.push_back(run.event(e, t, path));
      }
      for (std::size_t o = 0; o < model.schema.outcomes.size(); ++o)
        list.push_back(run.outcome(o, path));
    }
    return list;
  }

  void expect_same(const std::vector<double>& found, const std::vector<double>& wanted) const {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(found[i]), std::bit_cast<std::uint64_t>(wanted[i]))
          << "value " << i << ": " << found[i] << " and " << wanted[i];
  }
};

TEST_P(SameBits, OnEveryInstructionSet) {
  for (const PathParameters& parameters : {varied(model), with_many_jumps(model)}) {
    const auto wanted = listed(KernelPaths(model, {}, parameters), 0, paths);  // by the best one
    on_every_instruction_set(
        [&] { expect_same(listed(KernelPaths(model, {}, parameters), 0, paths), wanted); });
  }
}

TEST_P(SameBits, ForAnyWidthOfTiles) {
  const PathParameters parameters = with_many_jumps(model);
  const auto wanted = listed(KernelPaths(model, {}, parameters, {.lanes = 512}), 0, paths);
  for (const int lanes : {8, 64, 128, 1024}) {
    SCOPED_TRACE(lanes);
    expect_same(listed(KernelPaths(model, {}, parameters, {.lanes = lanes}), 0, paths), wanted);
  }
}

TEST_P(SameBits, ForAnyLengthOfSegments) {
  const PathParameters parameters = varied(model);
  const auto wanted = listed(KernelPaths(model, {}, parameters, {.segment = 40}), 0, paths);
  for (const int segment : {1, 3, 8, 64}) {
    SCOPED_TRACE(segment);
    expect_same(listed(KernelPaths(model, {}, parameters, {.segment = segment}), 0, paths), wanted);
  }
}

TEST_P(SameBits, ForAnyFirstPath) {
  PathParameters parameters(model.schema, paths);
  // The whole run crosses the border between the path number's low and high words.
  const std::uint64_t first = (std::uint64_t{1} << 32) - 512;
  const KernelPaths whole(model, {.first_path = first}, parameters);
  const PathParameters few(model.schema, 64);
  for (const int offset : {8, 24, 448, 480, 512, 960}) {
    SCOPED_TRACE(offset);
    const KernelPaths part(model, {.first_path = first + std::uint64_t(offset)}, few);
    expect_same(listed(part, 0, 64), listed(whole, offset, 64));
  }
}

TEST_P(SameBits, OnlyForTheSamePathAndSeed) {
  const PathParameters parameters(model.schema, 8);
  const auto wanted = listed(KernelPaths(model, {}, parameters), 0, 8);
  const std::uint64_t high_word = std::uint64_t{1} << 32;
  for (const KernelSettings& settings : {KernelSettings{.seed = 2},
                                         {.seed = 1 + high_word},
                                         {.first_path = 8},
                                         {.first_path = high_word}})
    EXPECT_NE(listed(KernelPaths(model, settings, parameters), 0, 8), wanted);
}

std::vector<const Model*> models() { return {all_models().begin(), all_models().end()}; }

INSTANTIATE_TEST_SUITE_P(Models, SameBits, testing::ValuesIn(models()),
                         [](const auto& of) { return std::string(of.param->schema.name); });

}  // namespace
}  // namespace overbuild
