// A checked and complete config: everything the numbers of a run depend on.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "overbuild/model/model.hpp"
#include "overbuild/sampling/distribution.hpp"
#include "overbuild/sampling/joint_sample.hpp"
#include "overbuild/sampling/sampler.hpp"

namespace overbuild {

/// A parameter's value: a number, or a distribution drawn once per path.
struct ParameterSetting {
  double value = 0;  ///< used when there is no prior
  std::optional<Distribution> prior;
  std::string origin;        ///< "default", or "file:line" or "--set" where the value was given
  std::string comment = {};  ///< what the config file says beside the value, e.g. its source
  /// Drawn together with others from the scenario's posterior; there is no prior then.
  std::optional<std::size_t> posterior_row = {};

  bool drawn() const { return prior || posterior_row; }
};

/// A file whose joint draws some parameters take their values from.
struct PosteriorSetting {
  std::string file;      ///< absolute
  std::string checksum;  ///< of its draws
  std::shared_ptr<const JointSample> draws;
};

/// A series of a data file and the model's series that it observes.
struct ObservedSeries {
  enum class Scale {
    level,     ///< ln data = ln model + error
    relative,  ///< the same up to a constant, of which nothing is known: only ratios count
    linear     ///< data = model + error
  };
  std::string data;
  std::size_t series = 0;               ///< index in the model's series
  std::optional<std::size_t> per = {};  ///< series that it is divided by, e.g. revenue per price
  Scale scale = Scale::level;
  double discrepancy = 0;  ///< sd of the model's own error, on the scale of the data's
};

/// How the priors are to be updated by data.
struct CalibrationSettings {
  std::string start;  ///< date of t = 0: YYYY, YYYY-MM or YYYY-MM-DD
  std::string until;  ///< last date whose data are used; "" for all
  std::string data;   ///< file, absolute; "" for none yet
  std::vector<ObservedSeries> observe;
  std::vector<std::string> leave_out;  ///< rows of this status
  int particles = 1024;                ///< of each island
  int islands = 4;                     ///< independent repetitions
  int paths = 256;                     ///< with which a likelihood is estimated; a multiple of 8
  double ess = 0.5;                    ///< share of effective particles that a temperature leaves
  int most_moves = 40;                 ///< of the particles at a temperature
};

/// Spearman rank correlation between the priors of two parameters.
struct PriorCorrelation {
  std::size_t first = 0, second = 0;  ///< parameter indices
  double rank_correlation = 0;
};

/// Points of a table the model takes; times in years, ascending.
struct TableSetting {
  std::vector<double> time;
  std::vector<double> value;
};

/// The precision at which a run has enough paths: the standard error of one statistic.
struct PrecisionTarget {
  enum class Group { series, events, outcomes };
  enum class Statistic { mean, sd, skew, quantile, probability };

  std::string name;  ///< as in a result file, e.g. "series/coverage_quantile"
  Group group = Group::series;
  std::size_t quantity = 0;  ///< index in the model's series, events or outcomes
  Statistic statistic = Statistic::mean;
  double time = 0;              ///< years, a multiple of the step; for series and events
  double probability = 0;       ///< of a quantile
  double standard_error = 0;    ///< the largest that is precise enough
  std::uint64_t block = 10240;  ///< paths before the first check, and at least between two checks
};

struct RunSettings {
  std::uint64_t seed = 1;
  std::uint64_t paths = 100000;  ///< at most, where there is a precision target
  double horizon = 10;           ///< years
  double step = 0.25;            ///< years
  int threads = 0;               ///< 0: as many as the machine has. Never changes a result
  std::uint64_t chunk = 0;  ///< paths a worker takes at a time; 0: chosen. Never changes a result

  std::optional<PrecisionTarget> until = {};

  Sampler sampler = Sampler::philox;
  std::uint64_t replicates = 32;  ///< that the paths are parted into, where the sampler needs them

  int steps() const;  ///< T = horizon / step, a whole number
  bool has_replicates() const { return sampler != Sampler::philox; }
  std::uint64_t replicate_paths() const { return paths / replicates; }
};

/// "all", as a number of paths.
inline constexpr std::uint64_t all_paths = ~std::uint64_t{0};

struct OutputSettings {
  std::string file;                 ///< "": the config's name with .h5, in the working folder
  std::uint64_t paths = 0;          ///< series kept of the first N paths, or all_paths
  std::uint64_t outcomes = 0;       ///< outcomes and drawn parameters kept of the first N paths
  std::vector<std::size_t> series;  ///< series of the kept paths; never empty, ascending
  bool single_precision = true;     ///< kept series as float32 (else float64)
  int compression = 4;              ///< deflate level 0-9 of kept series
};

struct Scenario {
  const Model* model = nullptr;
  std::string name;  ///< of the config file, without folder and ending
  std::string title;
  std::string description;
  RunSettings run;
  OutputSettings outputs;
  std::vector<ParameterSetting> parameters;  ///< one per schema parameter
  Eigen::MatrixXd shock_correlation;         ///< shocks x shocks; the identity unless given
  std::vector<PriorCorrelation> prior_correlations;
  std::vector<std::optional<TableSetting>> tables;  ///< one per schema table
  std::optional<PosteriorSetting> posterior = {};
  std::optional<CalibrationSettings> calibration = {};
};

}  // namespace overbuild
