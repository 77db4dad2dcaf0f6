#include "src/engine/worker_team.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>

namespace overbuild {

int available_threads() { return tbb::info::default_concurrency(); }

void run_on_workers(int threads, void (*work)(void* shared), void* shared) {
  const auto most = static_cast<std::size_t>(std::max(threads, available_threads()));
  const tbb::global_control allow(tbb::global_control::max_allowed_parallelism, most);
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_for(
        0, threads, [&](int) { work(shared); }, tbb::simple_partitioner());
  });
}

}  // namespace overbuild
