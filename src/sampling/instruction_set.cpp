#include "overbuild/sampling/instruction_set.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>

#include "hwy/highway.h"
#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

/// Name of one of Highway's targets: on x86-64 that of the psABI's microarchitecture level.
std::string target_name(std::int64_t target) {
#if HWY_ARCH_X86_64
  switch (target) {
    case HWY_SSE4:
      return "x86-64-v2";
    case HWY_AVX2:
      return "x86-64-v3";
    case HWY_AVX3:
      return "x86-64-v4";
  }
#endif
  return hwy::TargetName(target);
}

/// Targets compiled into this program that the machine supports, best first.
const std::vector<std::int64_t>& targets() {
  // Asked once and before any choice, since a choice narrows what Highway reports.
  static const std::vector<std::int64_t> list = hwy::SupportedAndGeneratedTargets();
  return list;
}

void use(std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

std::vector<std::string> available_instruction_sets() {
  std::vector<std::string> names;
  for (std::int64_t target : targets()) names.push_back(target_name(target));
  std::reverse(names.begin(), names.end());
  return names;
}

std::string instruction_set_in_use() {
  targets();
  // Lower bits are better targets; the best of those not disabled is dispatched to.
  const std::int64_t supported = hwy::SupportedTargets() & HWY_TARGETS;
  return target_name(supported & -supported);
}

void use_instruction_set(std::string_view name) {
  for (std::int64_t target : targets())
    if (name == "auto" || name == target_name(target)) return use(target);
  throw Error(ExitCode::usage,
              fmt::format("instruction set {} is not known or this machine lacks it; allowed: "
                          "auto, {}",
                          name, fmt::join(available_instruction_sets(), ", ")));
}

}  // namespace overbuild
