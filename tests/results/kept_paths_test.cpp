// Kept paths and outcomes: many threads hand tiles over, in any order, and the file holds them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "overbuild/base/error.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/hdf5/hdf5.hpp"
#include "tests/results/example_result.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

using testing::HasSubstr;

std::vector<std::uint64_t> first_paths(std::uint64_t paths) {
  std::vector<std::uint64_t> first;
  for (std::uint64_t path = 0; path < paths; path += tile_paths) first.push_back(path);
  return first;
}

/// Four threads take the tiles of the paths 0 .. paths - 1 from the last to the first.
void hand_over(ResultWriter& writer, const Scenario& scenario, std::uint64_t paths) {
  const std::vector<std::uint64_t> first = first_paths(paths);
  std::atomic<std::size_t> taken = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (std::size_t tile = taken++; tile < first.size(); tile = taken++)
        writer.accept(example::tile(scenario, first[first.size() - 1 - tile], paths));
    });
}

void write(const std::filesystem::path& path, const Scenario& scenario, std::uint64_t paths) {
  ResultWriter writer(path, scenario, false);
  RunResult result = example::result(scenario);
  result.summary.paths = paths;
  result.summary.complete = paths == scenario.run.paths;
  hand_over(writer, scenario, std::min(paths, scenario.outputs.paths));
  writer.finish(result, example::provenance());
}

hdf5::Id open(const std::filesystem::path& path) {
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open the result"};
}

void expect_series(const std::filesystem::path& path, const Scenario& scenario,
                   std::uint64_t paths) {
  const hdf5::Session session;
  const hdf5::Id file = open(path);
  const auto steps = static_cast<std::size_t>(scenario.run.steps()) + 1;
  EXPECT_EQ(hdf5::read_integers(file, "/paths/path").size(), paths);
  EXPECT_EQ(hdf5::read_doubles(file, "/paths/time").size(), steps);
  for (const std::size_t series : scenario.outputs.series) {
    const std::string name(scenario.model->schema.series[series].name);
    const std::vector<double> values = hdf5::read_doubles(file, "/paths/" + name);
    ASSERT_EQ(values.size(), paths * steps);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      wrong += values[i] != example::series_value(series, i / steps, i % steps);
    EXPECT_EQ(wrong, 0u) << name;
  }
}

struct Storage {
  bool single_precision;
  int compression;
};
class KeptSeries : public testing::TestWithParam<Storage> {};

TEST_P(KeptSeries, AreStoredWhateverTheOrder) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  scenario.outputs.single_precision = GetParam().single_precision;
  scenario.outputs.compression = GetParam().compression;
  // 801 steps: more than a chunk of 1 MiB holds, and no multiple of it.
  for (const double horizon : {2.0, 200.0}) {
    scenario.run.horizon = horizon;
    const example::TemporaryFolder folder;
    write(folder / "result.h5", scenario, 1300);
    expect_series(folder / "result.h5", scenario, 1300);
  }
}

INSTANTIATE_TEST_SUITE_P(Storage, KeptSeries,
                         testing::Values(Storage{true, 4}, Storage{true, 0}, Storage{false, 9},
                                         Storage{false, 0}));

TEST(KeptPaths, FewerPathsThanATile) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = 100;
  const example::TemporaryFolder folder;
  write(folder / "result.h5", scenario, 1300);
  expect_series(folder / "result.h5", scenario, 100);
}

TEST(KeptPaths, OnlyTheSeriesAskedFor) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  scenario.outputs.series = {1};
  const example::TemporaryFolder folder;
  write(folder / "result.h5", scenario, 1300);
  expect_series(folder / "result.h5", scenario, 1300);
  const hdf5::Session session;
  EXPECT_THROW(hdf5::read_doubles(open(folder / "result.h5"), "/paths/value"), hdf5::Failure);
}

TEST(KeptPaths, AreShortenedWhenTheRunStoppedEarly) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  for (const std::uint64_t done : {700u, 512u, 10u}) {
    const example::TemporaryFolder folder;
    write(folder / "result.h5", scenario, done);
    expect_series(folder / "result.h5", scenario, done);
    EXPECT_FALSE(read_result(folder / "result.h5").summary.complete);
  }
}

TEST(KeptPaths, AMissingTileIsAnError) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  const example::TemporaryFolder folder;
  {
    ResultWriter writer(folder / "result.h5", scenario, false);
    hand_over(writer, scenario, 1024);
    try {
      writer.finish(example::result(scenario), example::provenance());
      ADD_FAILURE() << "276 paths are missing";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::internal);
      EXPECT_THAT(error.what(), HasSubstr("1300 paths were to be kept, but 1024 arrived"));
    }
  }
  EXPECT_THAT(folder.names(), testing::IsEmpty());
}

TEST(KeptPaths, ATileOfAnotherShapeIsAnError) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  const example::TemporaryFolder folder;
  ResultWriter writer(folder / "result.h5", scenario, false);
  auto tile = example::tile(scenario, 0, 1300);
  tile->values.pop_back();
  EXPECT_THROW(writer.accept(std::move(tile)), Error);
}

TEST(KeptPaths, OutcomesAndDrawnParameters) {
  const Scenario scenario = example::scenario();
  RunResult result = example::result(scenario);
  result.kept = example::kept_outcomes(scenario, 900);
  const example::TemporaryFolder folder;
  ResultWriter(folder / "result.h5", scenario, false).finish(result, example::provenance());
  const hdf5::Session session;
  const hdf5::Id file = open(folder / "result.h5");
  const auto passage = hdf5::read_doubles(file, "/path_outcomes/passage_time");
  EXPECT_TRUE(passage.at(0) != passage.at(0));
  EXPECT_EQ(passage.at(1), example::kept_value(0, 1));
  EXPECT_THAT(hdf5::read_doubles(file, "/path_outcomes/final_value"),
              testing::ElementsAreArray(result.kept.outcomes[2]));
  EXPECT_THAT(hdf5::read_doubles(file, "/path_parameters/drift"),
              testing::ElementsAreArray(result.kept.parameters[0]));
  EXPECT_EQ(hdf5::read_integers(file, "/path_outcomes/path").at(899), 899);
  EXPECT_EQ(hdf5::text_attribute(file, "/path_parameters/drift", "units"), "1/yr");
}

}  // namespace
}  // namespace overbuild
