#include "src/commands/calibration_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "overbuild/base/error.hpp"
#include "overbuild/base/version.hpp"
#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/posterior_file.hpp"
#include "src/commands/calibration_report.hpp"
#include "src/commands/progress.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {
namespace {

std::filesystem::path checkpoint_of(const CalibrationJob& job) {
  std::filesystem::path file = job.file;
  return file += ".checkpoint";
}

[[noreturn]] void fail(const CalibrationJob& job, const std::string& reason) {
  throw Error(ExitCode::file, fmt::format("cannot go on with {}: {}; --force without --resume "
                                          "starts anew",
                                          job.file.string(), reason));
}

/// Throws unless what was done earlier is of the same scenario, data and program.
void check_origin(const CalibrationJob& job, const std::filesystem::path& file,
                  const CalibrationCheckpoint& found_there, const Scenario& scenario,
                  const ObservedData& data) {
  const Provenance& origin = found_there.provenance;
  const std::string program = fmt::format("{} ({})", program_version(), git_revision());
  const std::string earlier = fmt::format("{} ({})", origin.program_version, origin.git_revision);
  if (program != earlier)
    fail(job, fmt::format("{} is of overbuild {}, this is {}; other versions may give other "
                          "numbers",
                          file.string(), earlier, program));
  if (const auto found = first_difference(parse_scenario(origin.config, file.string()), scenario))
    fail(job, fmt::format("{} is {} in {} and {} in {}", found->key, found->first, file.string(),
                          found->second, job.config_file));
  if (found_there.observations != data.observations)
    fail(job, fmt::format("the data in {} are others than those in {}", scenario.calibration->data,
                          file.string()));
}

/// A guess of how many likelihoods an island takes: the ratio of the last two temperatures is
/// taken to hold for the rest.
double guess_of_evaluations(const Island& island, std::uint64_t so_far) {
  const auto done = static_cast<double>(std::max<std::uint64_t>(so_far, 1));
  const auto steps = island.history.size();
  if (island.done()) return done;
  if (steps < 2) return done * 10;
  const double ratio = island.temperature() / island.history[steps - 2].temperature;
  const double left = std::log(1 / island.temperature()) / std::log(std::max(ratio, 1.2));
  return done * (1 + std::max(left, 1.0) / static_cast<double>(steps));
}

class CalibrationWork {
 public:
  CalibrationWork(const Scenario& scenario, const ObservedData& data, const CalibrationJob& job)
      : scenario_(scenario),
        data_(data),
        job_(job),
        settings_(*scenario.calibration),
        calibration_(scenario, data.observations) {
    checkpoint_.observations = data.observations;
    checkpoint_.provenance = provenance_at_start(scenario, job.config_file, job.command_line);
    checkpoint_.provenance.threads = calibration_.threads();
    controls_.stop = [this] { return signals_.stop().load(); };
    controls_.progress = [this](const CalibrationProgress& now) { show(now); };
  }

  int run() {
    take_up();
    const double started = seconds_now() - checkpoint_.provenance.wall_seconds;
    if (!job_.quiet) {
      const std::uint64_t before = evaluations();
      progress_.emplace(total(before), is_terminal(2), style_of(2), seconds_now, print_error,
                        before * static_cast<std::uint64_t>(settings_.paths));
    }
    signals_.listen("");
    while (!finished()) {
      if (!step()) return report_stop();
      checkpoint_.provenance.wall_seconds = seconds_now() - started;
      write_checkpoint(checkpoint_of(job_), checkpoint_);
    }
    const auto noise = calibration_.likelihood_noise(checkpoint_.islands, controls_);
    if (!noise) return report_stop();
    progress_.reset();
    finish(*noise, started);
    return static_cast<int>(ExitCode::success);
  }

 private:
  using Islands = std::vector<Island>;

  /// What an earlier run has done.
  void take_up() {
    const std::filesystem::path file = checkpoint_of(job_);
    if (!std::filesystem::exists(file)) return;
    CalibrationCheckpoint earlier = read_checkpoint(file);
    check_origin(job_, file, earlier, scenario_, data_);
    checkpoint_.islands = std::move(earlier.islands);
    checkpoint_.provenance.wall_seconds = earlier.provenance.wall_seconds;
    checkpoint_.provenance.started = earlier.provenance.started;
  }

  bool finished() const {
    return checkpoint_.islands.size() == static_cast<std::size_t>(settings_.islands) &&
           checkpoint_.islands.back().done();
  }

  /// A new island, or the next temperature of the last one. False when stopped.
  bool step() {
    Islands& islands = checkpoint_.islands;
    if (!islands.empty() && !islands.back().done())
      return calibration_.advance(islands.back(), controls_);
    auto next = calibration_.begin(static_cast<int>(islands.size()), controls_);
    if (!next) return false;
    islands.push_back(std::move(*next));
    return true;
  }

  std::uint64_t evaluations() const {
    std::uint64_t sum = 0;
    for (const Island& island : checkpoint_.islands) sum += island.evaluations;
    return sum;
  }

  /// A guess of the paths in all; `current`: likelihoods so far of the island that is going on.
  std::uint64_t total(std::uint64_t current) const {
    const Islands& islands = checkpoint_.islands;
    double finished = 0, sum = 0;
    for (const Island& island : islands)
      if (island.done()) {
        ++finished;
        sum += static_cast<double>(island.evaluations);
      }
    const double per_island = finished > 0      ? sum / finished
                              : islands.empty() ? 10.0 * settings_.particles
                                                : guess_of_evaluations(islands.back(), current);
    return static_cast<std::uint64_t>(per_island * settings_.islands * settings_.paths);
  }

  void show(const CalibrationProgress& now) {
    if (!progress_) return;
    std::uint64_t done = now.evaluations;
    for (const Island& island : checkpoint_.islands)
      if (island.number < now.island) done += island.evaluations;
    progress_->set_total(total(now.evaluations));
    progress_->update(done * static_cast<std::uint64_t>(settings_.paths),
                      fmt::format("island {} of {}, temperature {:.2g}", now.island + 1,
                                  settings_.islands, now.temperature));
  }

  void finish(double noise, double started) {
    CalibrationResult result =
        calibration_result(calibration_, std::move(checkpoint_.islands), noise);
    Provenance& provenance = checkpoint_.provenance;
    provenance.finished = utc_now();
    provenance.wall_seconds = seconds_now() - started;
    write_posterior(job_.file, job_.force, scenario_, data_, result, provenance);
    std::filesystem::remove(checkpoint_of(job_));
    if (job_.json)
      print(calibration_json(scenario_, data_, result));
    else if (!job_.quiet)
      print(fmt::format("{}posterior: {}\n",
                        calibration_text(scenario_, data_, result, style_of(1)),
                        job_.file.string()));
    if (job_.json || job_.quiet)
      for (const std::string& doubt : doubts(result))
        print_error(fmt::format("overbuild: warning: {}\n", doubt));
  }

  int report_stop() {
    progress_.reset();
    print_error(
        checkpoint_.islands.empty()
            ? std::string("overbuild: stopped before any temperature was done\n")
            : fmt::format("overbuild: stopped; {} holds what is done, `overbuild calibrate` "
                          "with --resume goes on\n",
                          checkpoint_of(job_).string()));
    return 128 + signals_.signal();
  }

  const Scenario& scenario_;
  const ObservedData& data_;
  const CalibrationJob& job_;
  const CalibrationSettings& settings_;
  StopSignals signals_;
  const Calibration calibration_;
  CalibrationControls controls_;
  CalibrationCheckpoint checkpoint_;
  std::optional<Progress> progress_;
};

/// Refuses, or removes, what an earlier calibration has left.
void start_anew(const CalibrationJob& job) {
  const std::filesystem::path file = checkpoint_of(job);
  if (!std::filesystem::exists(file)) return;
  if (!job.force)
    throw Error(ExitCode::file, fmt::format("{} holds what an earlier calibration has done; "
                                            "--resume goes on with it, --force starts anew",
                                            file.string()));
  std::filesystem::remove(file);
}

}  // namespace

int carry_out(const Scenario& scenario, const ObservedData& data, const CalibrationJob& job) {
  if (job.resume && std::filesystem::exists(job.file)) {
    check_origin(job, job.file, read_posterior_origin(job.file), scenario, data);
    if (!job.quiet) print(fmt::format("{} is finished already\n", job.file.string()));
    std::filesystem::remove(checkpoint_of(job));
    return static_cast<int>(ExitCode::success);
  }
  check_posterior_target(job.file, job.force);
  if (!job.resume) start_anew(job);
  return CalibrationWork(scenario, data, job).run();
}

}  // namespace overbuild
