#include "overbuild/engine/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/config/prior_correlation.hpp"
#include "overbuild/engine/path_values.hpp"
#include "src/engine/chunks.hpp"

namespace overbuild {
namespace {

/// Parameters of one point of each row; path p is of the row p / repeats.
class PointOfRows : public ParameterSource {
 public:
  /// `sampler`: without correlation.
  PointOfRows(std::shared_ptr<const SensitivityDesign> design, ParameterSampler sampler,
              std::uint64_t repeats, std::size_t point)
      : design_(std::move(design)),
        sampler_(std::move(sampler)),
        repeats_(repeats),
        point_(point) {}

  void sample(std::uint64_t, std::uint64_t first_path, int lanes,
              double* parameters) const override {
    const auto count = static_cast<std::uint64_t>(lanes);
    const std::uint64_t first = first_path / repeats_;
    const std::uint64_t last = (first_path + count - 1) / repeats_;
    const std::vector<double> normals = design_->normals(first, last - first + 1);
    const auto priors = sampler_.priors();
    for (std::uint64_t lane = 0; lane < count; ++lane) {
      const std::uint64_t row = (first_path + lane) / repeats_ - first;
      const double* z = normals.data() + (row * design_->points() + point_) * priors.size();
      for (std::size_t i = 0; i < priors.size(); ++i)
        parameters[priors[i].parameter * count + lane] = z[i];
    }
    sampler_.transform(lanes, parameters);
  }

 private:
  std::shared_ptr<const SensitivityDesign> design_;
  ParameterSampler sampler_;
  std::uint64_t repeats_;
  std::size_t point_;
};

Scenario without_correlations(Scenario scenario) {
  scenario.prior_correlations.clear();
  return scenario;
}

void check_defined(const PathQuantity& quantity, std::span<const double> values) {
  const auto undefined = std::ranges::count_if(values, [](double x) { return std::isnan(x); });
  if (undefined == 0) return;
  throw Error(
      ExitCode::usage,
      fmt::format(
          "sensitivity: \"{}\" is undefined on {} of {} paths, so that it has no variance over "
          "all of them; ask for a condition, such as \"{} < 5\", which is 1 or 0 "
          "on each path",
          quantity.text, undefined, values.size(), quantity.text));
}

}  // namespace

std::vector<std::size_t> sensitivity_inputs(const Scenario& scenario) {
  if (scenario.posterior)
    throw Error(ExitCode::config,
                "posterior: its parameters are drawn together as whole particles, so that none can "
                "be changed while the others stay; leave [posterior] out and give the parameters "
                "priors, with [[prior_correlation]] where they belong together");
  std::vector<std::size_t> inputs;
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i)
    if (scenario.parameters[i].prior) inputs.push_back(i);
  if (inputs.empty())
    throw Error(ExitCode::config,
                fmt::format("parameters: none has a prior, so that no variance comes from any; "
                            "found numbers only in \"{}\", expected for instance NAME = {{prior = "
                            "\"normal\", mean = 1, sd = 0.1}}",
                            scenario.name));
  return inputs;
}

SensitivityDesign sensitivity_design(const Scenario& scenario,
                                     const SensitivitySettings& settings) {
  const std::vector<std::size_t> inputs = sensitivity_inputs(scenario);
  if (settings.orders == InputOrders::all && inputs.size() > most_inputs_of_all_orders)
    throw Error(
        ExitCode::usage,
        fmt::format(
            "sensitivity: all orders of {} priors are {} sets of them in each row; allowed are "
            "{} priors at most, random orders have no such limit",
            inputs.size(), std::exp2(inputs.size()), most_inputs_of_all_orders));
  return {settings.method, normal_correlation(scenario)(inputs, inputs), scenario.run.seed,
          settings.orders};
}

SensitivityExperiment::SensitivityExperiment(const Scenario& scenario,
                                             std::vector<PathQuantity> quantities,
                                             const SensitivitySettings& settings, int threads)
    : scenario_(without_correlations(scenario)),
      quantities_(std::move(quantities)),
      settings_(settings),
      design_(std::make_shared<const SensitivityDesign>(sensitivity_design(scenario, settings))),
      threads_(threads_to_use(scenario.run, threads)) {
  if (scenario.run.has_replicates())
    throw Error(ExitCode::config,
                fmt::format("run.sampler: found \"{}\"; a sensitivity design chooses the priors' "
                            "numbers by itself and takes \"philox\" only",
                            name_of(scenario.run.sampler)));
}

std::vector<SensitivityValues> SensitivityExperiment::run(PathRange rows,
                                                          const RunControls& controls) const {
  // Enough tiles at a time for many threads, few enough to stop soon.
  const std::uint64_t block_rows = std::max<std::uint64_t>(32 / settings_.repeats, 1) * tile_paths;
  std::vector<SensitivityValues> values(quantities_.size(), {rows.begin, settings_.repeats, {}});
  for (std::uint64_t begin = rows.begin; begin < rows.end; begin += block_rows) {
    const std::uint64_t before = (begin - rows.begin) * paths_per_row();
    RunControls block = controls;
    block.threads = threads_;
    if (controls.progress)
      block.progress = [&](std::uint64_t paths) { controls.progress(before + paths); };
    if (!run_block({begin, std::min(begin + block_rows, rows.end)}, block, values)) break;
  }
  for (std::size_t q = 0; q < quantities_.size(); ++q)
    check_defined(quantities_[q], values[q].values);
  return values;
}

/// Puts the block's values behind the others, unless it was stopped: then false.
bool SensitivityExperiment::run_block(PathRange rows, const RunControls& controls,
                                      std::vector<SensitivityValues>& values) const {
  const std::uint64_t repeats = settings_.repeats, points = design_->points();
  const PathRange paths{rows.begin * repeats, rows.end * repeats};
  std::vector<std::vector<double>> found(quantities_.size(),
                                         std::vector<double>(paths.size() * points));
  for (std::uint64_t point = 0; point < points; ++point) {
    const PreparedRun prepared(scenario_, &maps_,
                               std::make_shared<PointOfRows>(
                                   design_, parameter_sampler(scenario_, &maps_), repeats, point));
    RunControls of_point = controls;
    if (controls.progress)
      of_point.progress = [&](std::uint64_t done) {
        controls.progress(point * paths.size() + done);
      };
    const PathValues part = path_values(prepared, quantities_, paths, of_point);
    if (part.paths.size() < paths.size()) return false;
    for (std::size_t q = 0; q < quantities_.size(); ++q)
      for (std::size_t path = 0; path < paths.size(); ++path)
        found[q][path * points + point] = part.of(q)[path];
  }
  for (std::size_t q = 0; q < quantities_.size(); ++q)
    values[q].values.insert(values[q].values.end(), found[q].begin(), found[q].end());
  return true;
}

}  // namespace overbuild
