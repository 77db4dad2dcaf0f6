#include "src/commands/isa_option.hpp"

#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <string>

#include "overbuild/sampling/instruction_set.hpp"

namespace overbuild {

void add_isa_option(boost::program_options::options_description& options) {
  options.add_options()(
      "isa", boost::program_options::value<std::string>()->value_name("NAME"),
      "instruction set: auto, x86-64-v2, x86-64-v3 or x86-64-v4 (v2, v3 and v4 for short); never "
      "changes a result");
}

void choose_instruction_set(const Invocation& invocation) {
  if (!invocation.has("isa")) return;
  const std::string name = invocation.text("isa");
  use_instruction_set(name.starts_with('v') ? fmt::format("x86-64-{}", name) : name);
}

}  // namespace overbuild
