#include "src/commands/run_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "overbuild/base/error.hpp"
#include "overbuild/results/part_folder.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/progress.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {
namespace {

/// The summary is made from the file, so that what is shown is what the file holds.
std::string report(const std::filesystem::path& file, const TextStyle& style) {
  const ResultContents contents = read_result(file);
  const std::vector<std::size_t> series = {headline_series(contents)};
  const Provenance& origin = contents.provenance;
  return fmt::format(
      "{}\n{} paths in {:.3g} s on {} {} ({})\nresult: {}\n", summary_text(contents, series, style),
      grouped(contents.summary.paths), origin.wall_seconds, origin.threads,
      origin.threads == 1 ? "thread" : "threads", origin.instruction_set, file.string());
}

/// A job while it is carried out.
class Work {
 public:
  Work(const Scenario& scenario, const RunJob& job, std::vector<Part> done)
      : scenario_(scenario),
        job_(job),
        range_(shard_paths(scenario.run, job.shard, job.shards)),
        folder_(job.file),
        done_(std::move(done)),
        next_(done_.empty() ? range_.begin : done_.back().paths.end),
        simulation_(scenario, job.threads) {
    if (!job.quiet)
      progress_.emplace(range_.size(), is_terminal(2), style_of(2), seconds_now, print_error,
                        next_ - range_.begin);
  }

  /// All paths into the result itself.
  int run_in_one_go() {
    const RunResult result = run_into(job_.file, Kind::result, unlimited);
    progress_.reset();
    if (result.summary.paths == 0) {
      print_error("overbuild: stopped before any path was done; no result was written\n");
      return stop_code();
    }
    report_result();
    if (result.summary.complete) {
      folder_.remove();  // an earlier program may have been killed before its first checkpoint
      return static_cast<int>(ExitCode::success);
    }
    print_error(
        fmt::format("overbuild: stopped after {} of {} paths; {} is marked incomplete, "
                    "`overbuild resume {}` goes on\n",
                    grouped(result.summary.paths), grouped(range_.size()), job_.file.string(),
                    job_.file.string()));
    return stop_code();
  }

  /// Part after part, then the result from all of them.
  int run_in_parts() {
    check_target();
    if (scenario_.run.until && !done_.empty()) before_ = read_parts(simulation_, done_).statistics;
    bool complete = !done_.empty() && done_.back().complete;
    while (!complete) {
      const std::filesystem::path file = folder_.new_part(next_);
      const RunResult result = run_part(file);
      complete = result.summary.complete;
      if (result.summary.paths > 0) done_.push_back(read_part(file));
      next_ += result.summary.paths;
      if (signals_.stop()) break;
    }
    progress_.reset();
    if (!complete) return report_stop();
    put_together();
    folder_.remove();
    report_result();
    return static_cast<int>(ExitCode::success);
  }

 private:
  RunResult run_part(const std::filesystem::path& file) try {
    return run_into(file, Kind::part, job_.checkpoint_seconds.value_or(unlimited));
  } catch (const Error&) {
    if (!std::filesystem::exists(file)) throw;
    throw Error(ExitCode::file, fmt::format("another process is at work on {}: it has written {}",
                                            job_.file.string(), file.string()));
  }

  enum class Kind { part, result };
  static constexpr double unlimited = std::numeric_limits<double>::infinity();

  bool replaces_a_part() const { return !done_.empty() && done_.front().file == job_.file; }

  ResultWriter result_writer() const {
    return {job_.file, scenario_, job_.force || replaces_a_part(),
            ResultScope{range_.begin, job_.shard, job_.shards}};
  }

  /// Fails now rather than after hours.
  void check_target() const { result_writer(); }

  /// Runs what is left of the range, for `seconds` at the most, and writes a file of it.
  RunResult run_into(const std::filesystem::path& file, Kind kind, double seconds) {
    const ResultScope scope{next_, job_.shard, job_.shards};
    ResultWriter writer(file, scenario_, kind == Kind::result && job_.force, scope);
    signals_.listen(writer.temporary_path());
    Provenance provenance = provenance_at_start(scenario_, job_.config_file, job_.command_line);
    const double started = seconds_now();

    RunControls controls;
    controls.sink = &writer;
    // A part has some paths, however short its time is.
    std::atomic<bool> got_on = false;
    controls.stop = [&]() -> bool { return signals_.stop(); };
    controls.pause = [&] { return got_on && seconds_now() - started >= seconds; };
    controls.progress = [&](std::uint64_t paths) {
      got_on = true;
      if (progress_) progress_->update(next_ - range_.begin + paths);
    };
    controls.checked = [&](std::uint64_t paths, const Estimate& found) { note(paths, found); };
    RunPart part = simulation_.nothing(next_);
    const bool complete =
        simulation_.advance(part, range_.end, controls, before_ ? &*before_ : nullptr);
    if (scenario_.run.until && kind == Kind::part) {
      if (!before_) before_ = simulation_.nothing(range_.begin).statistics;
      before_->merge(part.statistics);
    }
    std::optional<RunStatisticsState> state;
    if (kind == Kind::part || !complete || job_.shards > 1) state = part.statistics.state();
    RunResult result = simulation_.result(std::move(part), complete);
    result.state = std::move(state);
    if (result.summary.paths == 0) return result;
    provenance_at_end(provenance, simulation_.threads(), seconds_now() - started);
    writer.finish(result, provenance);
    return result;
  }

  /// Keeps the precision that was reached, and foretells the number of paths: standard errors fall
  /// with its square root.
  void note(std::uint64_t paths, const Estimate& found) {
    precision_ = found;
    if (!progress_ || !(found.standard_error > 0)) return;
    const double ratio = found.standard_error / scenario_.run.until->standard_error;
    const double needed = static_cast<double>(paths) * ratio * ratio;
    progress_->set_total(needed < static_cast<double>(range_.size())
                             ? static_cast<std::uint64_t>(needed)
                             : range_.size());
  }

  /// The result's summary, and how the precision target fared.
  void report_result() const {
    if (!job_.quiet) print(report(job_.file, style_of(1)));
    if (scenario_.run.until && !signals_.stop()) report_precision(*scenario_.run.until);
  }

  void report_precision(const PrecisionTarget& target) const {
    const std::string found =
        fmt::format("{} = {}", target.name, estimate_text(precision_, style_of(1).unicode));
    const std::string wanted = number_text(target.standard_error);
    const double error = precision_.standard_error;
    if (!(error > 0 && error <= target.standard_error))
      print_error(
          fmt::format("overbuild: the precision of [run.until] was not reached:\n"
                      "{}, wanted: a standard error of {}\n",
                      found, wanted));
    else if (!job_.quiet)
      print(fmt::format("precision: {}\nwanted: a standard error of {}, reached\n", found, wanted));
  }

  void put_together() {
    ResultWriter writer = result_writer();
    signals_.listen(writer.temporary_path());
    join_parts(simulation_, done_, job_.shards > 1, job_.command_line, writer);
  }

  int report_stop() const {
    if (next_ == range_.begin) {
      folder_.remove();
      print_error("overbuild: stopped before any path was done\n");
      return stop_code();
    }
    print_error(fmt::format(
        "overbuild: stopped after {} of {} paths, which are kept in {}; `overbuild resume {}` goes "
        "on\n",
        grouped(next_ - range_.begin), grouped(range_.size()), folder_.folder().string(),
        job_.file.string()));
    return stop_code();
  }

  int stop_code() const { return 128 + signals_.signal(); }

  const Scenario& scenario_;
  const RunJob& job_;
  const PathRange range_;
  const PartFolder folder_;
  std::vector<Part> done_;
  std::uint64_t next_;  ///< the first path that is not done
  StopSignals signals_;
  Simulation simulation_;
  std::optional<RunStatistics> before_;  ///< of the paths before next_, when they are asked about
  std::optional<Progress> progress_;
  Estimate precision_;  ///< that was reached, where there is a target
};

}  // namespace

int carry_out(const Scenario& scenario, const RunJob& job, std::vector<Part> done) {
  const bool in_parts = job.checkpoint_seconds || !done.empty();
  Work work(scenario, job, std::move(done));
  return in_parts ? work.run_in_parts() : work.run_in_one_go();
}

}  // namespace overbuild
