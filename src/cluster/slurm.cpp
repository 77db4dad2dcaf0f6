#include "overbuild/cluster/slurm.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <system_error>

#include "overbuild/base/error.hpp"
#include "overbuild/cluster/process.hpp"

namespace overbuild {
namespace {

[[noreturn]] void fail(const std::string& message) { throw Error(ExitCode::queue, message); }

std::string trimmed(const std::string& text) {
  constexpr auto blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

ProcessOutcome run_slurm(const std::vector<std::string>& words,
                         const std::filesystem::path& folder) try {
  // SQUEUE_PARTITION and the like would hide jobs from squeue.
  return run_process(words, folder, "SQUEUE_");
} catch (const std::system_error& error) {
  const bool missing = error.code() == std::errc::no_such_file_or_directory;
  fail(fmt::format("cannot run Slurm's {}: {}", words[0],
                   missing ? "it is not in PATH" : error.code().message()));
}

/// What a program of Slurm says of its failure.
std::string complaint(const ProcessOutcome& outcome) {
  const std::string text = trimmed(outcome.error);
  return text.empty() ? fmt::format("exit code {}", outcome.code) : text;
}

/// Columns of squeue's answer: their names and widths, in characters.
struct Column {
  const char* name;
  std::size_t width;
};
constexpr std::array columns = {Column{"ArrayJobID", 24}, Column{"ArrayTaskID", 24},
                                Column{"State", 24},      Column{"RestartCnt", 12},
                                Column{"exit_code", 12},  Column{"NodeList", 64},
                                Column{"Reason", 128}};

std::string format_option() {
  std::string option = "--Format=";
  for (const Column& column : columns) {
    if (option.back() != '=') option += ',';
    option += fmt::format("{}:{}", column.name, column.width);
  }
  return option;
}

std::optional<int> whole_number(const std::string& text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The exit code in a status as wait(2) gives it.
int code_of(int status) { return (status & 0x7f) != 0 ? 128 + (status & 0x7f) : status >> 8; }

QueuedJob read_queue_line(const std::string& line) {
  std::array<std::string, columns.size()> cells;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (begin < line.size()) cells[i] = trimmed(line.substr(begin, columns[i].width));
    begin += columns[i].width;
  }
  const auto& [job, task, state, restarts, status, nodes, reason] = cells;
  const bool is_job = whole_number(job) && !state.empty() && std::ranges::all_of(state, [](char c) {
                        return c == '_' || std::isupper(c);
                      });
  if (!is_job) fail(fmt::format("cannot understand what squeue prints: \"{}\"", line));
  return {job,
          whole_number(task),
          state,
          reason == "None" ? "" : reason,
          nodes,
          whole_number(restarts).value_or(0),
          code_of(whole_number(status).value_or(0))};
}

}  // namespace

std::vector<std::string> sbatch_words(const JobRequest& request) {
  std::vector<std::string> words = {"sbatch", "--parsable"};
  words.insert(words.end(), request.options.begin(), request.options.end());
  words.push_back(request.script);
  return words;
}

std::string submit_job(const JobRequest& request, const std::filesystem::path& folder) {
  const ProcessOutcome outcome = run_slurm(sbatch_words(request), folder);
  if (outcome.code != 0)
    fail(fmt::format("sbatch refuses {}: {}", (folder / request.script).string(),
                     complaint(outcome)));
  // "ID", or "ID;CLUSTER" where there are several clusters.
  const std::string answer = trimmed(outcome.output);
  const std::string id = answer.substr(0, answer.find(';'));
  if (!whole_number(id))
    fail(fmt::format("sbatch took {} but gave no job id; it printed \"{}\"",
                     (folder / request.script).string(), answer));
  return id;
}

std::string array_text(std::span<const int> tasks) {
  std::string text;
  for (std::size_t i = 0; i < tasks.size();) {
    std::size_t last = i;
    while (last + 1 < tasks.size() && tasks[last + 1] == tasks[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", tasks[i]);
    if (last > i) text += fmt::format("-{}", tasks[last]);
    i = last + 1;
  }
  return text;
}

bool is_in_queue(const QueuedJob& job) {
  constexpr std::array over = {"BOOT_FAIL", "CANCELLED",     "COMPLETED",     "DEADLINE",
                               "FAILED",    "NODE_FAIL",     "LAUNCH_FAILED", "OUT_OF_MEMORY",
                               "PREEMPTED", "RECONFIG_FAIL", "REVOKED",       "TIMEOUT"};
  return std::ranges::find(over, job.state) == over.end();
}

std::vector<QueuedJob> queued_jobs(std::span<const std::string> jobs) {
  if (jobs.empty()) return {};
  const ProcessOutcome outcome =
      run_slurm({"squeue", "--noheader", "--states=all", "--array", format_option(),
                 fmt::format("--jobs={}", fmt::join(jobs, ","))},
                ".");
  // Asked for a single job that it has forgotten, squeue fails; of several it lists those it knows.
  if (outcome.code != 0 && outcome.error.find("Invalid job id") != std::string::npos) return {};
  if (outcome.code != 0) fail(fmt::format("squeue fails: {}", complaint(outcome)));
  return read_queue(outcome.output);
}

std::vector<QueuedJob> read_queue(const std::string& text) {
  std::vector<QueuedJob> jobs;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (!trimmed(line).empty()) jobs.push_back(read_queue_line(line));
  return jobs;
}

void cancel_job(const std::string& job) {
  const ProcessOutcome outcome = run_slurm({"scancel", job}, ".");
  if (outcome.code != 0) fail(fmt::format("scancel {} fails: {}", job, complaint(outcome)));
}

}  // namespace overbuild
