// The threads of a run, from oneTBB.
#pragma once

namespace overbuild {

/// As many threads as the machine, the affinity mask and the container allow.
int available_threads();

/// Calls work(shared) `threads` times, in as many threads where there are as many; returns when all
/// calls have. The first exception reaches the caller and keeps calls that have not begun from
/// beginning. More threads than the machine has cores are allowed; Error(usage) when a limit of the
/// system keeps that many from starting.
///
/// Plain pointers, because ThreadSanitizer does not see how Debian's TBB orders what threads do:
/// worker_team.cpp is compiled without it, and `work` finds `shared` in a register.
void run_on_workers(int threads, void (*work)(void* shared), void* shared);

}  // namespace overbuild
