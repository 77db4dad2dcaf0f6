#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/model/model.hpp"
#include "src/commands/command.hpp"
#include "src/commands/model_description.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  options.add_options()("json", "print JSON")(
      "reference", "print the config reference of all models in Markdown (docs/config.md)");
}

const ModelSchema& schema_of(const std::string& name) {
  if (const Model* model = find_model(name)) return model->schema;
  std::vector<std::string> names;
  for (const Model* model : all_models()) names.emplace_back(model->schema.name);
  const std::string nearest = nearest_name(name, names);
  throw Error(ExitCode::usage,
              fmt::format("unknown model \"{}\"{}; `overbuild models` lists the models", name,
                          suggestion_text(", ", nearest)));
}

int describe(const Invocation& invocation) {
  const bool reference = invocation.has("reference");
  if (reference && (invocation.has("json") || !invocation.argument.empty()))
    throw Error(ExitCode::usage, "describe: --reference stands alone");
  if (!reference && invocation.argument.empty())
    throw Error(ExitCode::usage,
                "describe: give a MODEL or --reference; `overbuild models` lists "
                "the models");
  if (reference)
    print(config_reference());
  else if (invocation.has("json"))
    print(describe_json(schema_of(invocation.argument)));
  else
    print(describe_text(schema_of(invocation.argument), style_of(1)));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command describe_command = {
    "describe", "[MODEL]",   "Describe a model: parameters, draws, tables and outputs",
    "",         add_options, describe};

}  // namespace overbuild
