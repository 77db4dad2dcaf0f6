#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "src/commands/number_text.hpp"
#include "src/commands/sensitivity_report.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using Align = TextTable::Align;

constexpr std::size_t longest_bar = 24, shortest_bar = 8;

std::string estimate_text(const IntervalEstimate& estimate, const TextStyle& style) {
  return estimate_text(Estimate{estimate.value, estimate.standard_error}, style.unicode);
}

std::string percent(const IntervalEstimate& share, const TextStyle& style) {
  return percent_text({share.value, share.standard_error}, style.unicode) + "%";
}

std::string interval_text(const IntervalEstimate& estimate) {
  return fmt::format("{} to {}", number_text(estimate.lower), number_text(estimate.upper));
}

const char* method_text(SensitivityMethod method) {
  switch (method) {
    case SensitivityMethod::sobol:
      return "Sobol indices by pick and freeze";
    case SensitivityMethod::shapley:
      return "Shapley effects";
    default:
      return "Morris's elementary effects";
  }
}

std::string header(const SensitivityContents& contents) {
  const std::uint64_t rows = contents.rows.size();
  std::string which = grouped(rows) + " rows";
  if (contents.shards > 1)
    which = fmt::format("shard {} of {}: rows {} to {} of {},", contents.shard, contents.shards,
                        grouped(contents.rows.begin), grouped(contents.rows.end - 1),
                        grouped(contents.rows_asked));
  if (!contents.complete) which = "INCOMPLETE: " + which;
  const std::uint64_t repeats = contents.settings.repeats;
  return fmt::format("{}\nmodel {}, seed {}, {}{}\n{} of {} points{}: {} paths\n", contents.title,
                     contents.model, contents.seed, method_text(contents.settings.method),
                     contents.settings.orders == InputOrders::all ? " over all orders" : "", which,
                     grouped(contents.points),
                     repeats == 1 ? "" : fmt::format(", {} times each", repeats),
                     grouped(rows * contents.points * repeats));
}

std::vector<std::size_t> by_size(const std::vector<IntervalEstimate>& index) {
  std::vector<std::size_t> order(index.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) {
    return std::isnan(index[i].value) ? -1 : index[i].value;
  });
  return order;
}

std::string bar(double share, std::size_t longest, bool unicode) {
  if (!(share > 0)) return "";
  const auto cells =
      static_cast<std::size_t>(std::lround(std::min(share, 1.0) * static_cast<double>(longest)));
  std::string text;
  for (std::size_t i = 0; i < cells; ++i) text += unicode ? "█" : "#";
  return text;
}

const char* column_title(std::string_view name) {
  if (name == "first_order") return "first-order";
  if (name == "mu_star") return "mu*";
  return name.data();  // a literal
}

/// The priors, the most important first.
std::string index_table(const SensitivityContents& contents, const SensitivityEstimates& estimates,
                        const TextStyle& style) {
  const auto& main = estimates.main().by_input;
  std::vector<TextTable::Column> columns = {{"prior"}};
  for (const SensitivityIndex& index : estimates.indices) {
    columns.push_back({column_title(index.name), Align::right});
    if (columns.size() == 2) columns.push_back({"95% interval", Align::right});
  }
  const auto row = [&](std::size_t i) {
    std::vector<std::string> cells = {contents.inputs[i]};
    for (const SensitivityIndex& index : estimates.indices) {
      const bool is_spread = index.name == "sigma" || index.name == "noise";  // for want of room
      cells.push_back(is_spread ? number_text(index.by_input[i].value)
                                : estimate_text(index.by_input[i], style));
      if (cells.size() == 2) cells.push_back(interval_text(main[i]));
    }
    return cells;
  };
  const std::vector<std::size_t> order = by_size(main);
  TextTable without_bars(columns);
  for (const std::size_t i : order) without_bars.add_row(row(i));
  const std::string plain = without_bars.text();
  std::size_t width = 0;
  for (std::size_t begin = 0; begin < plain.size();) {
    const std::size_t end = std::min(plain.find('\n', begin), plain.size());
    width = std::max(width, display_width(std::string_view(plain).substr(begin, end - begin)));
    begin = end + 1;
  }
  const auto room = static_cast<std::size_t>(std::max(style.width, 0));
  if (room < width + 2 + shortest_bar) return plain;
  const std::size_t longest = std::min(room - width - 2, longest_bar);
  // Shares are of 1; the sizes of effects, of the largest.
  const double whole = contents.settings.method == SensitivityMethod::morris
                           ? main[order.front()].value
                           : std::max(1.0, main[order.front()].value);
  columns.push_back({""});
  TextTable table(columns);
  for (const std::size_t i : order) {
    auto cells = row(i);
    cells.push_back(bar(main[i].value / whole, longest, style.unicode));
    table.add_row(std::move(cells));
  }
  return table.text();
}

std::string moments_text(const SensitivityEstimates& e, const TextStyle& style) {
  TextTable table({{"mean"}, {estimate_text(e.mean, style)}});
  table.add_row(
      {"variance", fmt::format("{}, of which {} is the noise of a path",
                               estimate_text(e.variance, style), percent(e.noise_share, style))});
  table.add_row({"rest", fmt::format("{}, the variance of the mean given the priors; its shares:",
                                     estimate_text(e.input_variance, style))});
  return table.text();
}

std::string explanation(const SensitivityContents& contents) {
  if (contents.settings.method == SensitivityMethod::morris)
    return "Effects of moving a prior's quantile by 1/2 while all others stay, per 1 of the "
           "quantile.\nnoise: the part of an effect's spread that is the noise of its paths; mu* "
           "counts it in, mu and\nsigma do not.\n";
  if (contents.settings.method == SensitivityMethod::shapley)
    return "The shares add up to 1; what correlated priors or interactions bring is divided "
           "evenly.\n";
  if (!contents.correlated) return "";
  return "The priors are correlated, so that these are no parts of a whole: first-order counts "
         "what "
         "comes\nwith a prior by its correlations, total only what is left of it when all others "
         "are known.\n`--method shapley` divides the variance among the priors.\n";
}

std::string quantity_text(const SensitivityContents& contents, std::size_t quantity,
                          const TextStyle& style) {
  const SensitivityEstimates& e = contents.estimates[quantity];
  const bool is_share = contents.settings.method != SensitivityMethod::morris;
  const std::string& unit = contents.units[quantity];
  std::string text = fmt::format("\n{}{}\n", contents.quantities[quantity],
                                 unit == "1" ? "" : fmt::format(" ({})", unit));
  if (is_share) text += moments_text(e, style) + "\n";
  text += index_table(contents, e, style);
  if (contents.settings.method == SensitivityMethod::sobol && !contents.correlated)
    text += fmt::format("sum of first-order: {}; interactions of priors make the rest\n",
                        estimate_text(e.first_order_sum, style));
  for (const std::string& doubt : doubts(e)) text += fmt::format("NOT TO BE TRUSTED: {}\n", doubt);
  return text;
}

}  // namespace

std::string sensitivity_text(const SensitivityContents& contents, const TextStyle& style) {
  std::string text = header(contents);
  for (std::size_t q = 0; q < contents.quantities.size(); ++q)
    text += quantity_text(contents, q, style);
  const std::string more = explanation(contents);
  return more.empty() ? text : text + "\n" + more;
}

std::string sensitivity_line(const SensitivityContents& contents, const TextStyle& style) {
  const SensitivityEstimates& e = contents.estimates.front();
  std::vector<std::string> largest;
  for (const std::size_t i : by_size(e.main().by_input)) {
    if (largest.size() == 3) break;
    largest.push_back(
        fmt::format("{} {}", contents.inputs[i], estimate_text(e.main().by_input[i], style)));
  }
  return fmt::format("{}: {}: {}{}", contents.scenario, contents.quantities.front(),
                     fmt::join(largest, ", "), doubts(e).empty() ? "" : ", NOT TO BE TRUSTED");
}

}  // namespace overbuild
