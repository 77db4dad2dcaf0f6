#include "overbuild/results/provenance.hpp"

#include <fmt/chrono.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <thread>

#include "overbuild/base/version.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/sampling/instruction_set.hpp"

namespace overbuild {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

Provenance provenance_at_start(const Scenario& scenario, const std::string& config_file,
                               const std::string& command) {
  Provenance provenance;
  provenance.config = to_toml(scenario);
  provenance.config_file = config_file;
  provenance.command = command;
  provenance.program_version = program_version();
  provenance.git_revision = git_revision();
  provenance.build_type = build_type();
  provenance.compiler = compiler();
  provenance.libraries = libraries();
  provenance.instruction_set = instruction_set_in_use();
  provenance.host = host_name();
  provenance.started = utc_now();
  provenance.host_threads = static_cast<int>(std::thread::hardware_concurrency());
  return provenance;
}

void provenance_at_end(Provenance& provenance, int threads, double wall_seconds) {
  provenance.finished = utc_now();
  provenance.threads = threads;
  provenance.wall_seconds = wall_seconds;
}

}  // namespace overbuild
