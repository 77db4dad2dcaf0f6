#include "overbuild/base/error.hpp"
#include "src/commands/command.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/series_choice.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

void add_options(boost::program_options::options_description& options) {
  add_series_option(options);
  options.add_options()("json", "print all statistics as JSON");
}

int show(const Invocation& invocation) {
  const ResultContents contents = read_result(invocation.argument);
  if (invocation.has("json"))
    print(summary_json(contents));
  else
    print(summary_text(contents, chosen_series("show", invocation, contents), style_of(1)));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command show_command = {
    "show",
    "FILE",
    "Summarise a result file",
    "Shows the run, the model's first ratio by year with a fan chart (light: 5% to\n"
    "95%, dark: 25% to 75%, solid: median, line: 1), the probability of each event by\n"
    "year and the outcomes of the paths. Set NO_UNICODE=1 where a terminal cannot\n"
    "show the chart's characters.\n\n",
    add_options,
    show};

}  // namespace overbuild
