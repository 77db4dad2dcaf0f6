// overbuild calibrate, and posteriors as priors.
#include <cmath>
#include <cstring>

#include "overbuild/results/posterior_file.hpp"
#include "program_fixture.hpp"
#include "same_result.hpp"
#include "src/hdf5/hdf5.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class CalibrateTest : public ProgramTest {
 protected:
  CalibrateTest() {
    write("data.csv",
          "series,date,value,unit,uncertainty,status,source,note\n"
          "x,2000-04-01,1.1,1,0.2,confirmed,a,\nx,2001-04-01,1.3,1,0.2,,,\n"
          "x,2001-10-01,1.0,1,0.2,,,\nx,2003,-3,1,0.2,,,\n");
    write("cal.toml",
          "model = \"ou\"\n[run]\nhorizon = 4\npaths = 2000\nseed = 5\n[outputs]\noutcomes = "
          "\"all\"\n"
          "[parameters]\n"
          "initial = {prior = \"normal\", mean = 1, sd = 0.5}\n"
          "longrun_mean = {prior = \"normal\", mean = 0, sd = 1}\n"
          "volatility = 0.5\n"
          "[[prior_correlation]]\nbetween = [\"initial\", \"longrun_mean\"]\nrank = 0.5\n"
          "[calibration]\nstart = 2000-01-01\nuntil = 2002\nparticles = 64\npaths = 32\n"
          "observe = [{data = \"x\", series = \"value\", scale = \"linear\"}]\n");
  }

  Finished calibrate(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"calibrate", "cal.toml", "--data", "data.csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return program(arguments);
  }

  std::vector<double> numbers(const std::string& file, const std::string& dataset) const {
    const hdf5::Session session;
    const hdf5::Id opened(H5Fopen((folder / file).c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose,
                          "open");
    return hdf5::read_doubles(opened, dataset);
  }

  /// Everything that must not depend on threads and interruptions.
  void expect_same_posterior(const std::string& a, const std::string& b) const {
    for (const char* dataset :
         {"/particles/initial", "/particles/longrun_mean", "/particles/log_weight",
          "/particles/log_likelihood", "/normals/initial", "/diagnostics/temperature",
          "/diagnostics/acceptance", "/summary/median", "/data/value"}) {
      const auto first = numbers(a, dataset), second = numbers(b, dataset);
      EXPECT_TRUE(first.size() == second.size() &&
                  std::memcmp(first.data(), second.data(), first.size() * sizeof(double)) == 0)
          << dataset;
    }
  }
};

TEST_F(CalibrateTest, WritesAPosteriorAndSaysWhatItFound) {
  const Finished done = calibrate();
  EXPECT_EQ(done.code, 0) << done.error;
  EXPECT_THAT(done.output, HasSubstr("3 observations of 1 series; left out: 1 after 2002"));
  EXPECT_THAT(done.output, HasSubstr("longrun_mean"));
  EXPECT_THAT(done.output, HasSubstr("log evidence"));
  EXPECT_THAT(done.output, HasSubstr("posterior: cal_posterior.h5"));
  EXPECT_EQ(results(), (std::vector<std::string>{"cal_posterior.h5"})) << "no checkpoint is left";
  const auto particles = numbers("cal_posterior.h5", "/particles/longrun_mean");
  EXPECT_EQ(particles.size(), 256u);

  EXPECT_EQ(calibrate().code, 4) << "an existing posterior stays";
  EXPECT_EQ(calibrate({"--force", "-q"}).output, "");
  const Finished json = calibrate({"-o", "b.h5", "--json", "--threads", "3"});
  EXPECT_THAT(json.output, HasSubstr("\"rhat\""));
  expect_same_posterior("cal_posterior.h5", "b.h5");
  EXPECT_EQ(program({"show", "cal_posterior.h5"}).output + "posterior: cal_posterior.h5\n",
            done.output);
  EXPECT_EQ(program({"show", "b.h5", "--json"}).output, json.output);
  EXPECT_EQ(calibrate({"-o", "b.h5", "--resume"}).output, "b.h5 is finished already\n");
}

TEST_F(CalibrateTest, MistakesAreFound) {
  EXPECT_EQ(program({"calibrate", "cal.toml"}).code, 3);
  EXPECT_THAT(program({"calibrate", "cal.toml"}).error, HasSubstr("calibration.data"));
  EXPECT_THAT(calibrate({"--until", "soon"}).error,
              HasSubstr("--set: calibration.until: found \"soon\""));
  EXPECT_THAT(calibrate({"--until", "2000-01"}).error, HasSubstr("\"x\" has 0 rows"));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(CalibrateTest, AKilledCalibrationGoesOnWithTheSameBits) {
  const std::vector<std::string> more = {"-q", "--set", "calibration.particles=4000", "--set",
                                         "calibration.islands=2"};
  std::vector<std::string> straight = more, killed = more;
  straight.insert(straight.end(), {"-o", "straight.h5", "--threads", "2"});
  killed.insert(killed.end(), {"-o", "killed.h5", "--threads", "1"});
  ASSERT_EQ(calibrate(straight).code, 0);

  std::vector<std::string> arguments = {"calibrate", "cal.toml", "--data", "data.csv"};
  arguments.insert(arguments.end(), killed.begin(), killed.end());
  Process process(launch(arguments));
  process.wait_while_running("a checkpoint is there", [&] {
    return std::filesystem::exists(folder / "killed.h5.checkpoint");
  });
  process.send(SIGKILL);
  ASSERT_EQ(process.wait(), -SIGKILL);
  const Finished refused = calibrate(killed);
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.error, HasSubstr("--resume goes on with it"));
  killed.push_back("--resume");
  std::vector<std::string> changed = killed;
  changed.insert(changed.end(), {"--seed", "6"});
  EXPECT_THAT(calibrate(changed).error, HasSubstr("run.seed is 5"));
  ASSERT_EQ(calibrate(killed).code, 0);
  expect_same_posterior("straight.h5", "killed.h5");
}

TEST_F(CalibrateTest, AStoppedCalibrationLeavesACheckpoint) {
  write("long.toml",
        "model = \"ou\"\n[run]\nhorizon = 4\n[parameters]\n"
        "initial = {prior = \"normal\", mean = 1, sd = 0.5}\n[calibration]\nstart = 2000\n"
        "particles = 20000\nislands = 2\npaths = 512\n"
        "observe = [{data = \"x\", series = \"value\", scale = \"linear\"}]\n");
  Process process(launch({"calibrate", "long.toml", "--data", "data.csv", "-o", "long.h5"}));
  process.wait_while_running("a checkpoint is there", [&] {
    return std::filesystem::exists(folder / "long.h5.checkpoint");
  });
  process.send(SIGTERM);
  EXPECT_EQ(process.wait(), 143);
  EXPECT_THAT(process.error(), HasSubstr("long.h5.checkpoint holds what is done"));
  const CalibrationCheckpoint checkpoint = read_checkpoint(folder / "long.h5.checkpoint");
  ASSERT_GE(checkpoint.islands.size(), 1u);
  EXPECT_EQ(checkpoint.islands[0].normals.cols(), 20000);
}

class PosteriorTest : public CalibrateTest {
 protected:
  PosteriorTest() {
    EXPECT_EQ(calibrate({"-o", "p.h5", "-q"}).code, 0);
    write("next.toml",
          "extends = \"cal.toml\"\n[run]\nhorizon = 6\n[posterior]\nfile = \"p.h5\"\n");
  }
};

TEST_F(PosteriorTest, ParametersAreDrawnFromItsParticles) {
  ASSERT_EQ(program({"run", "next.toml", "-q"}).code, 0);
  const auto mean = numbers("next.h5", "/path_parameters/longrun_mean");
  const auto initial = numbers("next.h5", "/path_parameters/initial");
  const auto particles = numbers("p.h5", "/particles/longrun_mean");
  const auto partners = numbers("p.h5", "/particles/initial");
  ASSERT_EQ(mean.size(), 2000u);
  for (std::size_t path = 0; path < mean.size(); ++path) {
    bool whole = false;
    for (std::size_t i = 0; i < particles.size(); ++i)
      whole |= particles[i] == mean[path] && partners[i] == initial[path];
    ASSERT_TRUE(whole) << "path " << path;
  }
  EXPECT_TRUE(std::isnan(numbers("next.h5", "/parameters/longrun_mean").at(0)));
  EXPECT_EQ(numbers("next.h5", "/parameters/volatility").at(0), 0.5) << "as the config gives it";
}

TEST_F(PosteriorTest, TheConfigHasTheLastWord) {
  const Finished checked = program({"check", "next.toml"});
  EXPECT_THAT(checked.output, HasSubstr("[posterior]\nfile = \"/"));
  EXPECT_THAT(checked.output, HasSubstr("# longrun_mean: from the posterior"));
  EXPECT_THAT(program({"check", "next.toml", "--set", "parameters.longrun_mean=0.25"}).output,
              HasSubstr("\nlongrun_mean = 0.25"));
  write("own.toml", "extends = \"next.toml\"\n[parameters]\ninitial = 2\n");
  const Finished own = program({"check", "own.toml"});
  EXPECT_THAT(own.output, HasSubstr("\ninitial = 2"));
  EXPECT_THAT(own.output, HasSubstr("# longrun_mean: from the posterior"));
  const Finished by_option = program({"check", "cal.toml", "--set", "posterior.file=p.h5"});
  EXPECT_THAT(by_option.output, HasSubstr("# initial: from the posterior"));
  EXPECT_THAT(program({"check", "next.toml", "--set",
                       "prior_correlation=[{between=['initial','longrun_mean'],rank=0.1}]"})
                  .error,
              HasSubstr("\"initial\" is drawn from the posterior"));
}

TEST_F(PosteriorTest, ShardsBatchesAndResumedRunsUseItToo) {
  ASSERT_EQ(program({"run", "next.toml", "-q", "-o", "whole.h5"}).code, 0);
  for (const char* shard : {"1", "2"})
    ASSERT_EQ(program({"run", "next.toml", "-q", "--shard", std::string(shard) + "/2", "-o",
                       std::string(shard) + ".h5"})
                  .code,
              0);
  ASSERT_EQ(program({"merge", "1.h5", "2.h5", "-q", "-o", "merged.h5"}).code, 0);
  EXPECT_EQ(SummaryBits::of(read_result(folder / "merged.h5").summary),
            SummaryBits::of(read_result(folder / "whole.h5").summary));
  write("sweep.toml",
        "extends = \"next.toml\"\n[outputs]\noutcomes = 0\n[[sweep]]\nmethod = "
        "\"grid\"\nparameters.longrun_mean = [0.0, 1.0]\n");
  EXPECT_EQ(program({"batch", "sweep.toml", "-q"}).code, 0);
}

TEST_F(PosteriorTest, AChangedOrMissingFileIsNoticed) {
  ASSERT_EQ(program({"run", "next.toml", "-q", "--shard", "1/2", "-o", "1.h5"}).code, 0);
  ASSERT_EQ(program({"run", "next.toml", "-q", "--shard", "2/2", "-o", "2.h5"}).code, 0);
  ASSERT_EQ(calibrate({"-o", "p.h5", "-q", "--force", "--seed", "9"}).code, 0);
  write("copy.toml", read_result(folder / "1.h5").provenance.config);
  const Finished changed = program({"check", "copy.toml"});
  EXPECT_EQ(changed.code, 3);
  EXPECT_THAT(changed.error, HasSubstr("posterior.checksum: the draws in "));
  std::filesystem::remove(folder / "p.h5");
  EXPECT_THAT(program({"check", "next.toml"}).error, HasSubstr("p.h5: does not exist"));
  write("p.h5", "text");
  EXPECT_THAT(program({"check", "next.toml"}).error, HasSubstr("p.h5: is not an HDF5 file"));
  write("other.toml", "model = \"gbm\"\n[posterior]\nfil = \"p.h5\"\n");
  EXPECT_THAT(program({"check", "other.toml"}).error, HasSubstr("did you mean \"file\""));
}

TEST_F(PosteriorTest, CannotBeUpdatedAgain) {
  const Finished refused =
      program({"calibrate", "next.toml", "--data", "data.csv", "-o", "again.h5"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.error, HasSubstr("cannot be updated again"));
}

}  // namespace
}  // namespace overbuild::testing_commands
