// Runs split into shards and merged again.
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class ShardTest : public ProgramTest {
 protected:
  ShardTest() {
    write("rich.toml",
          "model = \"overbuild\"\ntitle = \"Rich\"\n[run]\npaths = 7000\nhorizon = 4\n"
          "[outputs]\npaths = 3000\noutcomes = \"all\"\n"
          "[parameters]\nprice_elasticity = {prior = \"normal\", mean = 1, sd = 0.1, min = 0.5, "
          "max = 1.5}\n");
  }

  /// Runs the shards 1 .. n of a config into 1.h5 .. n.h5, each with another number of threads.
  std::vector<std::string> run_shards(const std::string& config, int n) const {
    std::vector<std::string> files;
    for (int i = 1; i <= n; ++i) {
      files.push_back(std::to_string(i) + ".h5");
      const Finished run =
          program({"run", config, "--quiet", "--shard", std::to_string(i) + "/" + std::to_string(n),
                   "-o", files.back(), "--threads", std::to_string(i % 3 + 1)});
      EXPECT_EQ(run.code, 0) << run.error;
    }
    return files;
  }

  Finished merge(std::vector<std::string> files, const std::string& output) const {
    files.insert(files.begin(), {"merge", "-o", output});
    return program(files);
  }
};

TEST_F(ShardTest, MergedAreTheSameBitsAsTheRunInOnePiece) {
  ASSERT_EQ(program({"run", "rich.toml", "--quiet", "-o", "whole.h5"}).code, 0);
  for (const int shards : {2, 5, 14}) {
    const std::vector<std::string> files = run_shards("rich.toml", shards);
    const Finished merged = merge({files.rbegin(), files.rend()}, "merged.h5");
    ASSERT_EQ(merged.code, 0) << merged.error;
    EXPECT_THAT(merged.output, AllOf(HasSubstr("Rich"), HasSubstr("7,000 paths from")));
    expect_same_result(folder / "whole.h5", folder / "merged.h5");
    for (const std::string& file : files) std::filesystem::remove(folder / file);
    std::filesystem::remove(folder / "merged.h5");
  }
}

TEST_F(ShardTest, OneOfOneIsTheWholeRun) {
  ASSERT_EQ(program({"run", "rich.toml", "--quiet", "-o", "whole.h5"}).code, 0);
  run_shards("rich.toml", 1);
  expect_same_result(folder / "whole.h5", folder / "1.h5");
}

TEST_F(ShardTest, AShardIsAResultOfItsOwnPaths) {
  ASSERT_EQ(program({"run", "rich.toml", "--quiet", "--shard", "2/3"}).code, 0);
  const ResultContents shard = read_result(folder / "rich.shard-2-of-3.h5");
  EXPECT_TRUE(shard.summary.complete);
  EXPECT_EQ(shard.paths_asked, 7000u);
  EXPECT_EQ(shard.scope.first_path, 2560u);  // 14 tiles: 5, 5, 4
  EXPECT_EQ(shard.summary.paths, 2560u);
  EXPECT_THAT(program({"show", "rich.shard-2-of-3.h5"}).output, HasSubstr("shard 2 of 3"));
}

TEST_F(ShardTest, MissingAndDoubledShardsAreNamed) {
  run_shards("ou.toml", 2);
  const Finished merged = merge({"1.h5", "1.h5"}, "merged.h5");
  EXPECT_EQ(merged.code, 4);
  EXPECT_THAT(merged.error, AllOf(HasSubstr("shard 1/2 is given 2 times: 1.h5, 1.h5"),
                                  HasSubstr("missing of 2 shards: 2")));
  EXPECT_FALSE(std::filesystem::exists(folder / "merged.h5"));
}

TEST_F(ShardTest, OtherConfigsSeedsAndNumbersOfShardsAreNamed) {
  run_shards("ou.toml", 2);
  const auto second = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"run", "ou.toml", "-q", "-f", "--shard", "2/2", "-o", "other.h5"});
    EXPECT_EQ(program(more).code, 0);
    const Finished merged = merge({"1.h5", "other.h5"}, "merged.h5");
    EXPECT_EQ(merged.code, 4);
    return merged.error;
  };
  EXPECT_THAT(second({"--seed", "9"}), HasSubstr("run.seed is 1 in 1.h5 and 9 in other.h5"));
  EXPECT_THAT(second({"--paths", "2000"}), HasSubstr("run.paths is 1000 in 1.h5 and 2000 in"));
  EXPECT_THAT(second({"--set", "parameters.reversion=3"}), HasSubstr("parameters.reversion is "));
  EXPECT_THAT(second({"--set", "outputs.outcomes=3"}), HasSubstr("outputs.outcomes is 0 in 1.h5"));
  write("three.toml", "extends = \"ou.toml\"\n[run]\npaths = 2000\n");
  EXPECT_EQ(program({"run", "three.toml", "-q", "--shard", "3/3", "-o", "other.h5", "-f"}).code, 0);
  EXPECT_THAT(merge({"1.h5", "other.h5"}, "merged.h5").error, HasSubstr("is one of 3 shards"));
  EXPECT_THAT(results(), testing::Not(testing::Contains("merged.h5")));
}

TEST_F(ShardTest, OtherVersionsAreNamed) {
  run_shards("ou.toml", 2);
  {
    const hdf5::Session session;
    const hdf5::Id file(H5Fopen((folder / "2.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose,
                        "open");
    const hdf5::Id group(H5Gopen2(file, "provenance", H5P_DEFAULT), H5Gclose, "open");
    hdf5::check(H5Adelete(group, "program_version"), "remove");
    hdf5::set_attribute(group, "program_version", std::string("9.9"));
  }
  const Finished merged = merge({"1.h5", "2.h5"}, "merged.h5");
  EXPECT_EQ(merged.code, 4);
  EXPECT_THAT(merged.error, AllOf(HasSubstr("2.h5 of overbuild 9.9"), HasSubstr("other versions")));
}

TEST_F(ShardTest, FinishedResultsAndOtherFilesAreRefused) {
  ASSERT_EQ(program({"run", "ou.toml", "-q", "-o", "whole.h5"}).code, 0);
  EXPECT_THAT(merge({"whole.h5"}, "merged.h5").error, HasSubstr("it is a finished result"));
  EXPECT_THAT(merge({"ou.toml"}, "merged.h5").error, HasSubstr("not an HDF5 file"));
  EXPECT_THAT(merge({"none.h5"}, "merged.h5").error, HasSubstr("No such file"));
  EXPECT_EQ(program({"merge"}).code, 2);
}

TEST_F(ShardTest, MergeReplacesAResultOnlyByForce) {
  run_shards("ou.toml", 2);
  ASSERT_EQ(merge({"1.h5", "2.h5"}, "merged.h5").code, 0);
  const Finished again = merge({"1.h5", "2.h5"}, "merged.h5");
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.error, HasSubstr("merged.h5"));
  EXPECT_EQ(program({"merge", "1.h5", "2.h5", "-o", "merged.h5", "--force", "-q"}).code, 0);
}

TEST_F(ShardTest, AShardIsNoOutputOfItsMerge) {
  run_shards("ou.toml", 2);
  const Finished merged = program({"merge", "1.h5", "2.h5", "-o", "./2.h5", "--force"});
  EXPECT_EQ(merged.code, 4);
  EXPECT_THAT(merged.error, HasSubstr("it is one of the shards"));
  EXPECT_EQ(merge({"1.h5", "2.h5"}, "merged.h5").code, 0) << "both are as they were";
}

TEST_F(ShardTest, WrongShardsAreAMistakeOfTheCommandLine) {
  for (const char* shard : {"", "3", "0/3", "4/3", "1/3x", "a/b", "-1/2", "1/"}) {
    const Finished run = program({"run", "ou.toml", std::string("--shard=") + shard});
    EXPECT_EQ(run.code, 2) << shard;
    EXPECT_THAT(run.error, HasSubstr("--shard")) << shard;
  }
  const Finished run = program({"run", "ou.toml", "--shard", "1/3"});  // 1000 paths: 2 tiles
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.error, HasSubstr("at most 2 shards"));
  EXPECT_THAT(results(), IsEmpty());
}

}  // namespace
}  // namespace overbuild::testing_commands
