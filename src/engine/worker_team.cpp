#include "src/engine/worker_team.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>
#include <future>
#include <system_error>
#include <thread>
#include <vector>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

/// TBB ends the program when a limit on processes keeps it from starting a thread; so the threads
/// are tried out beforehand, all at once.
void try_to_start(int threads) {
  std::promise<void> all_started;
  const std::shared_future<void> gate = all_started.get_future().share();
  std::vector<std::thread> started;
  started.reserve(static_cast<std::size_t>(threads));
  std::string reason;
  try {
    for (int i = 1; i < threads; ++i) started.emplace_back([gate] { gate.wait(); });
  } catch (const std::exception& error) {  // no more threads, or no memory for them
    reason = error.what();
  }
  all_started.set_value();
  for (std::thread& thread : started) thread.join();
  if (!reason.empty())
    throw Error(ExitCode::usage, "cannot start " + std::to_string(threads) + " threads: " + reason +
                                     "; ask for fewer with --threads");
}

}  // namespace

int available_threads() { return tbb::info::default_concurrency(); }

void run_on_workers(int threads, void (*work)(void* shared), void* shared) {
  try_to_start(threads);
  const auto most = static_cast<std::size_t>(std::max(threads, available_threads()));
  const tbb::global_control allow(tbb::global_control::max_allowed_parallelism, most);
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_for(
        0, threads, [&](int) { work(shared); }, tbb::simple_partitioner());
  });
}

}  // namespace overbuild
