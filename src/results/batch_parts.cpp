#include "overbuild/results/batch_parts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "overbuild/base/error.hpp"
#include "overbuild/base/version.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/batch_file.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/output_file.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;

constexpr char mark_name[] = "batch.toml";
constexpr char index_name[] = "index.csv";

std::string reason(const std::error_code& error) { return error.message(); }

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_whole(const fs::path& file, const std::string& text) {
  OutputFile output(file, false);
  output.write_at(0, text.data(), text.size());
  output.publish();
}

std::string program_text(const std::string& version, const std::string& revision) {
  return fmt::format("overbuild {} ({})", version, revision);
}

/// Results of another version may have other numbers.
std::string mark_text(const Sweep& sweep) {
  return fmt::format("# {}\n{}", program_text(program_version(), git_revision()),
                     batch_config(sweep));
}

/// The first line in which two texts differ, as the end of a sentence.
std::string difference(const std::string& here, const std::string& there) {
  std::istringstream a(here), b(there);
  for (int line = 1; a || b; ++line) {
    std::string mine, other;
    std::getline(a, mine);
    std::getline(b, other);
    if (mine != other)
      return fmt::format("line {} is\n  {}\nthere and now\n  {}", line, other, mine);
  }
  return "";
}

std::string csv_number(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

std::string index_text(const Sweep& sweep) {
  std::string text = "scenario,file";
  for (const SweptKey& key : sweep.keys()) text.append(",").append(key.key);
  text += '\n';
  for (std::size_t i = 0; i < sweep.points().size(); ++i) {
    text += fmt::format("{0},{0}.h5", sweep.points()[i].name);
    for (std::size_t k = 0; k < sweep.keys().size(); ++k)
      text.append(",").append(csv_number(sweep.coordinate(i, k)));
    text += '\n';
  }
  return text;
}

/// Whether a folder holds what a batch writes and nothing else.
bool is_batch_folder(const fs::path& folder) {
  if (!fs::exists(folder / mark_name) || !fs::exists(folder / index_name)) return false;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const fs::path name = entry.path().filename();
    const bool known = name == mark_name || name == index_name || name.extension() == ".h5";
    if (!entry.is_regular_file() || !known) return false;
  }
  return true;
}

bool is_same_file(const fs::path& target, const Sweep& sweep) {
  if (!is_batch_file(target)) return false;
  const Provenance made = BatchReader(target).contents().provenance;
  return made.config == batch_config(sweep) &&
         program_text(made.program_version, made.git_revision) ==
             program_text(program_version(), git_revision());
}

}  // namespace

std::string batch_config(const Sweep& sweep) {
  Scenario base = sweep.base();
  base.run.threads = 0;
  base.run.chunk = 0;
  base.outputs.file.clear();
  for (ParameterSetting& setting : base.parameters) {
    setting.origin.clear();
    setting.comment.clear();
  }
  return to_toml(Sweep(std::move(base), {sweep.keys().begin(), sweep.keys().end()},
                       {sweep.points().begin(), sweep.points().end()}));
}

BatchParts::BatchParts(fs::path folder, const Sweep& sweep)
    : folder_(std::move(folder)), sweep_(sweep) {
  std::error_code error;
  fs::create_directory(folder_, error);
  if (!fs::is_directory(folder_))
    throw Error(ExitCode::file, fmt::format("cannot create the folder {} of finished scenarios: {}",
                                            folder_.string(),
                                            error ? reason(error) : "another file has this name"));
  const fs::path mark = folder_ / mark_name;
  if (!fs::exists(mark) && !fs::is_empty(folder_))
    throw Error(ExitCode::file,
                fmt::format("the folder {} is no batch's; finished scenarios would be kept there. "
                            "Remove it, or give another --output",
                            folder_.string()));
  lock();
  if (!fs::exists(mark)) write_whole(mark, mark_text(sweep_));
  check_mark();
  clean();
}

BatchParts::~BatchParts() {
  if (lock_ >= 0) close(lock_);
}

void BatchParts::lock() {
  lock_ = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // A file system without locks does without this safeguard.
  if (lock_ >= 0 && flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    throw Error(ExitCode::file,
                fmt::format("another process is at work on this batch, in {}", folder_.string()));
}

void BatchParts::check_mark() const {
  const std::string there = text_of(folder_ / mark_name), here = mark_text(sweep_);
  if (there == here) return;
  throw Error(
      ExitCode::file,
      fmt::format("{} holds finished scenarios of another batch: of {}, {}\nRemove the "
                  "folder, or give another --output",
                  folder_.string(), (folder_ / mark_name).string(), difference(here, there)));
}

void BatchParts::clean() const {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_))
    if (entry.path().filename().string().find(".tmp-") != std::string::npos)
      fs::remove(entry.path());
}

fs::path BatchParts::part(std::size_t scenario) const {
  return folder_ / (sweep_.points()[scenario].name + ".h5");
}

bool BatchParts::is_done(std::size_t scenario) const { return fs::exists(part(scenario)); }

void BatchParts::remove() const {
  for (std::size_t i = 0; i < sweep_.points().size(); ++i) fs::remove(part(i));
  fs::remove(folder_ / index_name);
  fs::remove(folder_ / mark_name);
  std::error_code kept;  // a file of somebody else's keeps the folder
  fs::remove(folder_, kept);
}

void BatchParts::remove_if_empty() const {
  for (std::size_t i = 0; i < sweep_.points().size(); ++i)
    if (is_done(i)) return;
  remove();
}

void BatchParts::publish(const fs::path& target) const {
  fs::remove(folder_ / index_name);  // of a process that was killed here
  write_whole(folder_ / index_name, index_text(sweep_));
  fs::path old = target;
  old += fmt::format(".tmp-{}", getpid());
  std::error_code error;
  const bool replaces = fs::exists(target);
  if (replaces) fs::rename(target, old, error);
  if (!error) fs::rename(folder_, target, error);
  if (error)
    throw Error(ExitCode::file,
                fmt::format("cannot write the folder {}: {}", target.string(), reason(error)));
  if (replaces) fs::remove_all(old);
}

BatchTarget batch_target(const fs::path& target, const Sweep& sweep, bool separate, bool force) {
  if (!fs::exists(fs::symlink_status(target))) return BatchTarget::free;
  const bool same = separate
                        ? is_batch_folder(target) && text_of(target / mark_name) == mark_text(sweep)
                        : is_same_file(target, sweep);
  if (same && !force) return BatchTarget::same;
  const char* kind = separate ? "folder" : "result";
  if (!force)
    throw Error(ExitCode::file,
                fmt::format("{} {} exists already; --force replaces it", kind, target.string()));
  if (!separate) {
    check_replaceable(target);
  } else if (!fs::is_directory(target) || !is_batch_folder(target)) {
    throw Error(ExitCode::file, fmt::format("cannot write the folder {}: --force replaces folders "
                                            "of batches only, and this is none",
                                            target.string()));
  }
  return BatchTarget::replace;
}

}  // namespace overbuild
