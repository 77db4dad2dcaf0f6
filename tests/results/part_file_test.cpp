// Parts of runs: what their files hold, and the folder they are kept in.
#include "overbuild/results/part_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/part_folder.hpp"
#include "src/hdf5/hdf5.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* config =
    "model = \"gbm\"\n[run]\npaths = 5000\nhorizon = 1\n[outputs]\npaths = 1500\noutcomes = 2500\n"
    "[parameters]\ndrift = {prior = \"normal\", mean = 0, sd = 0.1, min = -1, max = 1}\n";

class PartTest : public testing::Test {
 protected:
  /// Runs some paths and writes them as a part.
  Part write_part(const fs::path& file, PathRange range) const {
    ResultWriter writer(file, scenario, false, {range.begin, 1, 1});
    RunControls controls;
    controls.sink = &writer;
    RunPart part = simulation.run(range, controls);
    auto state = part.statistics.state();
    RunResult result = simulation.result(std::move(part), range.end == 5000);
    result.state = std::move(state);
    writer.finish(result, provenance_at_start(scenario, "a.toml", "test"));
    return read_part(file);
  }

  std::string reason(const fs::path& file) const {
    try {
      const Part part = read_part(file);
      read_parts(simulation, std::vector{part});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::file);
      return error.what();
    }
    return "";
  }

  template <class Change>
  void change(const fs::path& path, Change action) const {
    const hdf5::Session session;
    const hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    action(file);
  }

  const Scenario scenario = parse_scenario(config, "a.toml");
  const Simulation simulation{scenario, 2};
  const example::TemporaryFolder folder;
};

TEST_F(PartTest, SaysWhatItIs) {
  const Part part = write_part(folder / "p.h5", {1024, 2048});
  EXPECT_EQ(part.paths, (PathRange{1024, 2048}));
  EXPECT_EQ(part.paths_asked, 5000u);
  EXPECT_FALSE(part.complete);
  EXPECT_EQ(part.scenario, "a");
  EXPECT_EQ(part.provenance.config_file, "a.toml");
  EXPECT_TRUE(is_part(part.file));
  EXPECT_FALSE(is_part(folder / "none.h5"));
}

TEST_F(PartTest, KeepsTheOriginsOfParameters) {
  const Part part = write_part(folder / "p.h5", {0, 512});
  const Scenario read = scenario_of(part);
  for (std::size_t i = 0; i < read.parameters.size(); ++i)
    EXPECT_EQ(read.parameters[i].origin, scenario.parameters[i].origin);
  EXPECT_EQ(to_toml(read), to_toml(scenario));
  EXPECT_EQ(difference(part, scenario, "a.toml"), "");
}

TEST_F(PartTest, KeptPathsAreNumberedAsInTheRun) {
  write_part(folder / "p.h5", {1024, 2048});
  const hdf5::Session session;
  const hdf5::Id file(H5Fopen((folder / "p.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose,
                      "open");
  const auto paths = hdf5::read_integers(file, "/paths/path");
  ASSERT_EQ(paths.size(), 1500u - 1024u);
  EXPECT_EQ(paths.front(), 1024);
  EXPECT_EQ(hdf5::read_integers(file, "/path_outcomes/path").size(), 1024u);
}

TEST_F(PartTest, BrokenStatesAreNamed) {
  const auto broken = [&](const std::string& name, auto action) {
    write_part(folder / name, {0, 512});
    change(folder / name, action);
    const std::string found = reason(folder / name);
    EXPECT_THAT(found, HasSubstr(name));
    return found;
  };
  EXPECT_THAT(broken("version.h5",
                     [](hid_t file) {
                       const hdf5::Id group(H5Gopen2(file, "state", H5P_DEFAULT), H5Gclose, "open");
                       hdf5::check(H5Adelete(group, "state_version"), "delete");
                       hdf5::set_attribute(group, "state_version", std::int64_t{99});
                     }),
              HasSubstr("of version 99"));
  EXPECT_THAT(broken("missing.h5",
                     [](hid_t file) {
                       hdf5::check(H5Ldelete(file, "state/series_power", H5P_DEFAULT), "delete");
                     }),
              HasSubstr("series_power"));
  EXPECT_THAT(broken("short.h5",
                     [](hid_t file) {
                       hdf5::check(H5Ldelete(file, "state/series_count", H5P_DEFAULT), "delete");
                       const hdf5::Id group(H5Gopen2(file, "state", H5P_DEFAULT), H5Gclose, "open");
                       hdf5::write_dataset(group, "series_count", std::vector<std::int64_t>{1},
                                           {1});
                     }),
              HasSubstr("has 1 values instead of 10"));
  EXPECT_THAT(broken("kept.h5",
                     [](hid_t file) {
                       hdf5::check(H5Ldelete(file, "path_outcomes/final_value", H5P_DEFAULT), "x");
                     }),
              HasSubstr("path_outcomes/final_value"));
}

TEST_F(PartTest, AFolderGivesThePartsThatFollowOneAnother) {
  const PartFolder parts(folder / "r.h5");
  EXPECT_TRUE(parts.parts_from(0).empty());
  write_part(parts.new_part(0), {0, 1024});
  write_part(parts.new_part(1024), {1024, 1536});
  write_part(parts.new_part(3072), {3072, 5000});  // after a gap
  const auto ends = [](const std::vector<Part>& list) {
    std::vector<std::uint64_t> all;
    for (const Part& part : list) all.push_back(part.paths.end);
    return all;
  };
  EXPECT_THAT(ends(parts.parts_from(0)), ElementsAre(1024, 1536));
  EXPECT_THAT(ends(parts.parts_from(1024)), ElementsAre(1536));
  EXPECT_THAT(ends(parts.all_parts()), ElementsAre(1024, 1536, 5000));
  // An incomplete result that reaches further than the first part.
  write_part(folder / "r.h5", {0, 3072});
  EXPECT_THAT(ends(parts.parts_from(0)), ElementsAre(3072, 5000));
}

TEST_F(PartTest, AFolderTellsItsLastPart) {
  const PartFolder parts(folder / "r.h5");
  EXPECT_FALSE(parts.last_part());
  write_part(folder / "r.h5", {0, 3072});  // an incomplete result
  EXPECT_EQ(parts.last_part()->paths.end, 3072);
  write_part(parts.new_part(3072), {3072, 3584});
  write_part(parts.new_part(3584), {3584, 5000});
  std::ofstream(parts.new_part(5000).string() + ".tmp-123") << "half";
  EXPECT_EQ(parts.last_part()->paths.end, 5000);
}

TEST_F(PartTest, AFolderIsRemovedWithWhatKilledProcessesLeft) {
  const PartFolder parts(folder / "r.h5");
  write_part(parts.new_part(0), {0, 512});
  std::ofstream(parts.new_part(512).string() + ".tmp-123") << "half";
  parts.remove();
  EXPECT_FALSE(fs::exists(parts.folder()));
  parts.new_part(0);
  std::ofstream(parts.folder() / "notes.txt") << "mine";
  parts.remove();
  EXPECT_TRUE(fs::exists(parts.folder() / "notes.txt")) << "what is not ours stays";
}

TEST_F(PartTest, JoinedPartsNeedTheirKeptPaths) {
  const std::vector<Part> parts = {write_part(folder / "a.h5", {0, 2048}),
                                   write_part(folder / "b.h5", {2048, 5000})};
  change(parts[0].file,
         [](hid_t file) { hdf5::check(H5Ldelete(file, "paths/value", H5P_DEFAULT), "delete"); });
  ResultWriter writer(folder / "r.h5", scenario, false);
  try {
    join_parts(simulation, parts, false, "test", writer);
    ADD_FAILURE() << "a series is missing";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("a.h5"), HasSubstr("/paths/value")));
  }
}

}  // namespace
}  // namespace overbuild
