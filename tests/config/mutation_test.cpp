// Random edits of a config: it is either read or refused with findings, and never crashes.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "config_testing.hpp"
#include "overbuild/config/sweep.hpp"

namespace overbuild {
namespace {

constexpr const char* start = R"(model = "overbuild"
title = "A title"
[run]
seed = 1
paths = 1000
horizon = 10
step = 0.25
[outputs]
paths = "all"
series = ["revenue", "gap"]
precision = "float64"
[parameters]
capex_0 = 300
build_lag = 4
shock_rate = {prior = "lognormal", median = 0.35, sigma = 0.5, min = 0.1, max = 2}
wacc = {prior = "uniform", low = 0.05, high = 0.15}
debt_rate = {prior = "empirical", points = [0.05, 0.04, 0.07], weights = [1, 2, 1]}
shock_correlation = [[1,0,0,0,0],[0,1,0,0,0],[0,0,1,0.5,0],[0,0,0.5,1,0],[0,0,0,0,1]]
[[prior_correlation]]
between = ["shock_rate", "wacc"]
rank = 0.4
[tables]
announced_capex = {time = [0, 1, 2], value = [300, 420, 500]}
)";

/// Edits bytes, or whole words of values so that more of the result is TOML.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string edited(std::string text) {
    const bool words = below(2) == 0;
    for (std::size_t edits = below(2) + 1; edits > 0 && !text.empty(); --edits)
      words ? edit_word(text) : edit_bytes(text);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }

  const std::string& piece() {
    static const std::vector<std::string> pieces = {"nan",
                                                    "-1",
                                                    "1e400",
                                                    "1e308",
                                                    "5e-324",
                                                    "{}",
                                                    "[]",
                                                    "\"\"",
                                                    "true",
                                                    "0",
                                                    "inf",
                                                    "1",
                                                    "0.5",
                                                    "2",
                                                    "-0.0",
                                                    "1_0",
                                                    "0x1f",
                                                    "1979-05-27",
                                                    "[[1]]",
                                                    "\"all\"",
                                                    "\"wacc\"",
                                                    "wacc",
                                                    "max",
                                                    "high",
                                                    "value",
                                                    "9223372036854775807",
                                                    "100000000000",
                                                    "{prior = 1}",
                                                    "\"gamma\"",
                                                    "[",
                                                    "]",
                                                    "=",
                                                    "\n",
                                                    ".",
                                                    "\"",
                                                    "{",
                                                    "}",
                                                    "#",
                                                    "\xff",
                                                    "\\",
                                                    "\'\'\'",
                                                    "[[run]]\n"};
    return pieces[below(pieces.size())];
  }

  void edit_word(std::string& text) {
    constexpr const char* ends = " \n,=[]{}.";
    const std::size_t equals = text.find('=', below(text.size()));
    if (equals == std::string::npos) return;
    const std::size_t line_end = std::min(text.find('\n', equals), text.size());
    const std::size_t begin = text.find_first_not_of(ends, equals + below(line_end - equals));
    if (begin == std::string::npos) return;
    text.replace(begin, text.find_first_of(ends, begin) - begin, piece());
  }

  void edit_bytes(std::string& text) {
    const std::size_t at = below(text.size()), length = 1 + below(12);
    switch (below(5)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, piece());
        break;
      case 3:
        text.replace(at, length, piece());
        break;
      default:
        text.insert(below(text.size()), text.substr(at, length * 4));
        break;
    }
  }

  std::mt19937_64 random_;
};

constexpr const char* sweep_tables = R"([[sweep]]
method = "grid"
parameters.capex_0 = [250, 300.5]
parameters.shock_rate.median = {from = 0.2, to = 0.6, count = 3, scale = "log"}
[[sweep]]
method = "latin_hypercube"
points = 5
seed = 3
parameters.capex_vol = {from = 0.05, to = 0.2}
parameters.wacc = {prior = "uniform", low = 0.05, high = 0.15}
[[sweep]]
method = "list"
scenario = ["a", "b"]
parameters.build_lag = [2, 3]
)";

struct Counts {
  int read = 0, refused = 0;
};

/// Reads with `read` what every seed makes; anything but a scenario or a ConfigError is a failure.
template <class Read>
Counts count_outcomes(std::uint64_t seeds, const Read& read) {
  Counts counts;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    try {
      const Scenario scenario = read(Mutator(seed));
      static_cast<void>(parse_scenario(to_toml(scenario), "again.toml"));
      ++counts.read;
    } catch (const ConfigError& error) {
      EXPECT_FALSE(error.diagnostics().empty());
      ++counts.refused;
    } catch (const std::exception& error) {
      ADD_FAILURE() << "seed " << seed << ": " << error.what();
    }
  }
  return counts;
}

// The edits are the same in every run, and both outcomes are met often.

TEST(ConfigMutationTest, EditedConfigsAreReadOrRefused) {
  ASSERT_THAT(findings_in(start), testing::IsEmpty());
  const Counts counts = count_outcomes(
      10000, [](Mutator mutator) { return parse_scenario(mutator.edited(start), "a.toml"); });
  EXPECT_GT(counts.read, 300);
  EXPECT_GT(counts.refused, 1000);
}

TEST(ConfigMutationTest, EditedOverridesAreTakenOrRefused) {
  const ConfigFolder folder;
  const std::filesystem::path file = folder.write("a.toml", start);
  const Counts counts = count_outcomes(3000, [&](Mutator mutator) {
    const std::vector<std::string> overrides = {
        mutator.edited("parameters.shock_rate.sigma=0.7"),
        mutator.edited("parameters.debt_rate.weights=[4, 5, 6]"),
    };
    return load_scenario(file, overrides);
  });
  EXPECT_GT(counts.read, 30);
  EXPECT_GT(counts.refused, 1000);
}

TEST(ConfigMutationTest, EditedSweepsAreReadOrRefused) {
  Counts counts;
  for (std::uint64_t seed = 0; seed < 10000; ++seed) {
    try {
      const Sweep sweep = parse_sweep(start + Mutator(seed).edited(sweep_tables), "a.toml");
      const Sweep again = parse_sweep(to_toml(sweep), "again.toml");
      ASSERT_EQ(again.points().size(), sweep.points().size());
      for (std::size_t i = 0; i < std::min<std::size_t>(sweep.points().size(), 20); ++i)
        static_cast<void>(sweep.scenario(i));
      ++counts.read;
    } catch (const ConfigError& error) {
      EXPECT_FALSE(error.diagnostics().empty());
      ++counts.refused;
    } catch (const std::exception& error) {
      ADD_FAILURE() << "seed " << seed << ": " << error.what();
    }
  }
  EXPECT_GT(counts.read, 100);
  EXPECT_GT(counts.refused, 1000);
}

}  // namespace
}  // namespace overbuild
