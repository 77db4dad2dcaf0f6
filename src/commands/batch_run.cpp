#include "src/commands/batch_run.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <system_error>
#include <thread>

#include "overbuild/base/error.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/commands/batch_table.hpp"
#include "src/engine/first_failure.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {
namespace {

using Clock = std::chrono::steady_clock;

class ScenarioRuns {
 public:
  ScenarioRuns(const Sweep& sweep, const std::vector<std::size_t>& scenarios,
               const BatchParts& parts, const BatchControls& controls)
      : sweep_(sweep), scenarios_(scenarios), parts_(parts), controls_(controls) {
    threads_ = static_cast<std::size_t>(batch_threads(sweep));
  }

  void run() {
    const std::size_t side_by_side = threads_ > 1 ? scenarios_.size() / threads_ * threads_ : 0;
    run_side_by_side(side_by_side);
    next_ = side_by_side;
    work(scenarios_.size(), static_cast<int>(threads_));
    failure_.rethrow();
  }

 private:
  /// Each thread takes one scenario after the other, up to number `end`.
  void run_side_by_side(std::size_t end) {
    if (end == 0) return;
    std::vector<std::jthread> team;
    try {
      for (std::size_t i = 1; i < threads_; ++i) team.emplace_back([this, end] { work(end, 1); });
    } catch (const std::system_error& error) {
      halt_ = true;
      throw Error(ExitCode::usage, fmt::format("cannot start {} threads: {}; ask for fewer with "
                                               "--threads",
                                               threads_, error.what()));
    }
    work(end, 1);
  }

  /// What one thread does. An exception ends the batch; of several it is that of the first
  /// scenario.
  void work(std::size_t end, int threads) {
    while (!failure_.happened() && !stopped()) {
      const std::size_t next = next_.fetch_add(1);
      if (next >= end) return;
      try {
        run_one(next, threads);
      } catch (...) {
        failure_.note(next);
      }
    }
  }

  bool stopped() const { return halt_ || (controls_.stop && *controls_.stop); }

  void run_one(std::size_t place, int threads) {
    const std::size_t index = scenarios_[place];
    try {
      simulate(index, threads, [this, place] { return stopped() || failure_.is_before(place); });
    } catch (const Error& error) {
      throw Error(error.code(),
                  fmt::format("scenario {}: {}", sweep_.points()[index].name, error.what()));
    }
  }

  void simulate(std::size_t index, int threads, const std::function<bool()>& stop) {
    Scenario scenario = sweep_.scenario(index);
    scenario.title = scenario_title(scenario.title, scenario.name);
    ResultWriter writer(parts_.part(index), scenario, false);
    Provenance provenance = provenance_at_start(scenario, controls_.config_file, controls_.command);
    const Clock::time_point started = Clock::now();
    RunControls run_controls;
    run_controls.threads = threads;
    run_controls.stop = stop;
    run_controls.sink = &writer;
    run_controls.prior_maps = &prior_maps_;
    std::atomic<std::uint64_t> reported = 0;  // the engine's threads count up in any order
    run_controls.progress = [&](std::uint64_t paths) {
      std::uint64_t before = reported;
      while (before < paths && !reported.compare_exchange_weak(before, paths)) {
      }
      report(before < paths ? paths - before : 0, 0);
    };
    const RunResult result = overbuild::run(scenario, run_controls);
    if (!result.summary.complete) return;
    provenance_at_end(provenance, result.threads,
                      std::chrono::duration<double>(Clock::now() - started).count());
    writer.finish(result, provenance);
    report(0, 1);
  }

  void report(std::uint64_t paths, std::size_t scenarios) {
    const std::uint64_t paths_now = paths_done_.fetch_add(paths) + paths;
    const std::size_t scenarios_now = scenarios_done_.fetch_add(scenarios) + scenarios;
    if (controls_.progress) controls_.progress(paths_now, scenarios_now);
  }

  const Sweep& sweep_;
  const std::vector<std::size_t>& scenarios_;
  const BatchParts& parts_;
  const BatchControls& controls_;
  std::size_t threads_ = 1;
  std::atomic<std::size_t> next_ = 0, scenarios_done_ = 0;
  std::atomic<std::uint64_t> paths_done_ = 0;
  std::atomic<bool> halt_ = false;
  FirstFailure failure_;  // by places among the scenarios to run
  PriorMaps prior_maps_;
};

}  // namespace

int batch_threads(const Sweep& sweep) {
  const int asked = sweep.base().run.threads;
  return asked > 0 ? asked : available_threads();
}

void run_scenarios(const Sweep& sweep, const std::vector<std::size_t>& scenarios,
                   const BatchParts& parts, const BatchControls& controls) {
  ScenarioRuns(sweep, scenarios, parts, controls).run();
}

}  // namespace overbuild
