#include "overbuild/base/error.hpp"
#include "overbuild/model/model.hpp"
#include "src/commands/command.hpp"
#include "src/commands/terminal.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

int list_models(const Invocation&) {
  TextTable table({{"model"}, {"title"}, {"meaning"}});
  for (const Model* model : all_models()) {
    const ModelSchema& schema = model->schema;
    table.add_row(
        {std::string(schema.name), std::string(schema.title), std::string(schema.meaning)});
  }
  print(table.text(static_cast<std::size_t>(style_of(1).width)));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command models_command = {
    "models",   "", "List the models", "", [](boost::program_options::options_description&) {},
    list_models};

}  // namespace overbuild
