#include "overbuild/cluster/job_scripts.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "overbuild/base/shell_line.hpp"
#include "overbuild/cluster/job_folder.hpp"

namespace overbuild {
namespace {

/// Seconds before the time limit at which a shard is told of it. Slurm looks every half minute and
/// may come a minute early; the shard needs a second or two.
constexpr int warning_seconds = 60;

constexpr auto shard_body = R"sh(
parts() { find "$result.parts" -name 'part-*.h5' 2>/dev/null | wc -l; }
say() { echo "== shard $shard/$shards: $*"; }
say "job $SLURM_JOB_ID on $(hostname), start $((${SLURM_RESTART_COUNT:-0} + 1)), $(date -u +%FT%TZ)"

signalled=no at_limit=no parts_before=$(parts)
trap 'signalled=yes' TERM
trap 'signalled=yes at_limit=yes; kill -TERM "$run"' USR1

# What is done goes into $result.parts every so often; --resume goes on from there.
"$overbuild" run "$config" --shard "$shard/$shards" --output "$result" --resume \
  --checkpoint-every "$checkpoint_every" --threads "${SLURM_CPUS_PER_TASK:-1}" >/dev/null &
run=$!
# Slurm sends SIGTERM to every process of a job that it preempts or cancels, so to the program, too;
# near the time limit it sends SIGUSR1 to this shell alone. Either ends `wait` early.
code=
until [ -n "$code" ] && [ "$signalled" = no ]; do
  signalled=no
  wait "$run" 2>/dev/null
  code=$?
done

# 143: the program has kept what it has done and can go on from there.
if [ "$at_limit" = yes ] && [ "$code" -eq 143 ]; then
  if [ "$(parts)" -gt "$parts_before" ]; then
    say "stopped before the time limit; is requeued and goes on"
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$shard" && exit "$code"
  fi
  say "stopped before the time limit; is not requeued, because nothing was done or Slurm refuses"
fi
say "exit code $code"
exit "$code"
)sh";

constexpr auto merge_body = R"sh(
# Starts when all shards have ended, well or not; `overbuild merge` says which are missing.
echo "== merge: job $SLURM_JOB_ID on $(hostname), $(date -u +%FT%TZ)"
shards=(shards/shard-*.h5)
if [ -e "${shards[0]}" ]; then
  "$overbuild" merge "${shards[@]}" --output "$result"
  code=$?
else
  echo "no shard is finished" >&2
  code=4
fi
echo "== merge: exit code $code"
exit "$code"
)sh";

std::string site_options(const JobSettings& settings) {
  std::string lines;
  for (const std::string& option : settings.options) lines += sbatch_line(option);
  return lines;
}

std::string assignment(const std::string& name, const std::string& value) {
  return fmt::format("{}={}\n", name, shell_word(value));
}

}  // namespace

std::string sbatch_line(const std::string& option) {
  if (option.find_first_of("\r\n") != std::string::npos)
    throw Error(ExitCode::usage,
                fmt::format("an option of sbatch cannot hold a line break: \"{}\"", option));
  std::string quoted;
  for (const char character : option) {
    if (character == '"' || character == '\\') quoted += '\\';
    quoted += character;
  }
  const bool plain = shell_word(option) == option;
  return fmt::format("#SBATCH {}\n", plain ? option : '"' + quoted + '"');
}

std::string shard_script(const JobSettings& settings) {
  std::string text = "#!/bin/bash\n";
  text += sbatch_line("--job-name=" + settings.name);
  text += sbatch_line(fmt::format("--array=1-{}", settings.shards));
  text += sbatch_line("--nodes=1") + sbatch_line("--ntasks=1");
  text += sbatch_line(fmt::format("--cpus-per-task={}", settings.cpus));
  text += sbatch_line(fmt::format("--output={}/shard-%a.log", JobFolder::logs));
  text += sbatch_line("--open-mode=append");
  text += sbatch_line("--requeue");
  text += sbatch_line(fmt::format("--signal=B:USR1@{}", warning_seconds));
  text += site_options(settings);
  text +=
      "# One shard of the run, written by `overbuild submit`. `overbuild resubmit` uses this file "
      "as\n"
      "# it is, so that it may be edited, e.g. to load modules.\n\n";
  text += assignment("overbuild", settings.program.string());
  text += assignment("config", settings.config);
  text += fmt::format("shard=$SLURM_ARRAY_TASK_ID shards={}\n", settings.shards);
  text += fmt::format("result={}/shard-$shard.h5\n", JobFolder::shards);
  text += assignment("checkpoint_every", settings.checkpoint_every);
  return text + shard_body;
}

std::string merge_script(const JobSettings& settings) {
  std::string text = "#!/bin/bash\n";
  text += sbatch_line(fmt::format("--job-name={}-merge", settings.name));
  text += sbatch_line("--nodes=1") + sbatch_line("--ntasks=1");
  text += sbatch_line(fmt::format("--output={}/merge.log", JobFolder::logs));
  text += sbatch_line("--open-mode=append");
  text += sbatch_line("--requeue");
  text += site_options(settings);
  text +=
      "# Puts the shards of the run together, written by `overbuild submit`; may be edited.\n\n";
  text += assignment("overbuild", settings.program.string());
  text += assignment("result", settings.result.string());
  return text + merge_body;
}

}  // namespace overbuild
