// A folder with small configs, and the program run in it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "overbuild/results/result_file.hpp"
#include "tests/commands/process.hpp"

namespace overbuild::testing_commands {

/// The most paths a config may ask for; the smallest model takes hours for them.
inline constexpr char most_paths[] = "1000000000000";

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() {
    write("gbm.toml",
          "model = \"gbm\"\ntitle = \"Small GBM\"\n"
          "[run]\npaths = 3000\nhorizon = 2\nstep = 0.25\nseed = 11\n"
          "[outputs]\npaths = 5\noutcomes = 3000\n");
    write("ou.toml", "model = \"ou\"\n[run]\npaths = 1000\nhorizon = 1\n");
    write("bubble.toml", "model = \"overbuild\"\n[run]\npaths = 2000\n");
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
  }

  Launch launch(std::vector<std::string> arguments) const {
    Launch launch;
    launch.arguments = std::move(arguments);
    launch.folder = folder / "";
    return launch;
  }

  Finished program(std::vector<std::string> arguments) const {
    return finish(launch(std::move(arguments)));
  }

  /// Result files and temporary files in the folder.
  std::vector<std::string> results() const {
    std::vector<std::string> found;
    for (const std::string& name : folder.names())
      if (name.find(".h5") != std::string::npos) found.push_back(name);
    return found;
  }

  example::TemporaryFolder folder;
};

/// All numbers of a summary in a fixed order, as bits, so that NaN equals NaN.
class SummaryBits {
 public:
  static std::vector<std::uint64_t> of(const RunSummary& summary) {
    SummaryBits bits;
    bits.list_ = {summary.paths};
    for (const double t : summary.time) bits.add(t);
    for (const auto& series : summary.series)
      for (const DistributionSummary& step : series) bits.add(step);
    for (const auto& event : summary.events)
      for (const Estimate& step : event) bits.add(step);
    for (const OutcomeSummary& outcome : summary.outcomes) bits.add(outcome);
    return bits.list_;
  }

 private:
  void add(double number) { list_.push_back(std::bit_cast<std::uint64_t>(number)); }
  void add(const Estimate& estimate) {
    add(estimate.value);
    add(estimate.standard_error);
  }
  void add(const DistributionSummary& distribution) {
    list_.push_back(distribution.count);
    for (const Estimate& e : {distribution.mean, distribution.sd, distribution.skew}) add(e);
    add(distribution.smallest);
    add(distribution.largest);
    for (const Estimate& quantile : distribution.quantiles) add(quantile);
  }
  void add(const OutcomeSummary& outcome) {
    add(outcome.defined);
    add(outcome.distribution);
    list_.push_back(outcome.exact_quantiles);
    for (const HistogramBin& bin : outcome.histogram) {
      add(bin.lower);
      list_.push_back(bin.count);
    }
  }

  std::vector<std::uint64_t> list_;
};

}  // namespace overbuild::testing_commands
