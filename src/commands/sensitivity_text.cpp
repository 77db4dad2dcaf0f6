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
  const std::string number = percent_text({share.value, share.standard_error}, style.unicode);
  return std::isnan(share.value) ? number : number + "%";
}

std::string interval_text(const IntervalEstimate& estimate) {
  if (std::isnan(estimate.lower)) return "-";
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

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    longest = std::max(longest, display_width(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

/// The priors, the most important first, with bars where there is room for them.
class IndexTable {
 public:
  IndexTable(const SensitivityContents& contents, const SensitivityEstimates& estimates,
             const TextStyle& style)
      : contents_(contents), estimates_(estimates), style_(style) {}

  std::string text() const {
    const auto room = static_cast<std::size_t>(std::max(style_.width, 0));
    std::string plain = table(true, 0);
    const bool with_interval = longest_line(plain) <= room;
    if (!with_interval) plain = table(false, 0);
    const std::size_t width = longest_line(plain);
    if (room < width + 2 + shortest_bar) return plain;
    return table(with_interval, std::min(room - width - 2, longest_bar));
  }

 private:
  std::string table(bool with_interval, std::size_t bar_cells) const {
    std::vector<TextTable::Column> columns = {{"prior"}};
    for (const SensitivityIndex& index : estimates_.indices) {
      columns.push_back({column_title(index.name), Align::right});
      if (with_interval && columns.size() == 2) columns.push_back({"95% interval", Align::right});
    }
    columns.push_back({""});
    TextTable made(columns);
    const auto& main = estimates_.main().by_input;
    const std::vector<std::size_t> order = by_size(main);
    // Shares are of 1; the sizes of effects, of the largest.
    const double largest = main[order.front()].value;
    const double whole =
        contents_.settings.method == SensitivityMethod::morris ? largest : std::max(1.0, largest);
    for (const std::size_t i : order) {
      std::vector<std::string> cells = {contents_.inputs[i]};
      for (const SensitivityIndex& index : estimates_.indices) {
        cells.push_back(cell(index, i));
        if (with_interval && cells.size() == 2) cells.push_back(interval_text(main[i]));
      }
      cells.push_back(bar(main[i].value / whole, bar_cells, style_.unicode));
      made.add_row(std::move(cells));
    }
    return made.text();
  }

  std::string cell(const SensitivityIndex& index, std::size_t input) const {
    const bool is_spread = index.name == "sigma" || index.name == "noise";  // for want of room
    return is_spread ? number_text(index.by_input[input].value)
                     : estimate_text(index.by_input[input], style_);
  }

  const SensitivityContents& contents_;
  const SensitivityEstimates& estimates_;
  const TextStyle& style_;
};

std::string moments_text(const SensitivityEstimates& e, const TextStyle& style) {
  TextTable table({{"mean"}, {estimate_text(e.mean, style)}});
  table.add_row(
      {"variance", fmt::format("{}, of which {} is the noise of a path",
                               estimate_text(e.variance, style), percent(e.noise_share, style))});
  table.add_row({"rest", fmt::format("{}, the variance of the mean given the priors; its shares:",
                                     estimate_text(e.input_variance, style))});
  return table.text(static_cast<std::size_t>(style.width));
}

std::string_view explanation(const SensitivityContents& contents) {
  if (contents.settings.method == SensitivityMethod::morris)
    return "Effects of moving a prior's quantile by 1/2 while all others stay, per 1 of the "
           "quantile. noise: the part of an effect's spread that is the noise of its paths; mu* "
           "counts it in, mu and sigma do not.";
  if (contents.settings.method == SensitivityMethod::shapley)
    return "The shares add up to 1; what correlated priors or interactions bring is divided "
           "evenly.";
  if (!contents.correlated) return "";
  return "The priors are correlated, so that these are no parts of a whole: first-order counts "
         "what comes with a prior by its correlations, total only what is left of it when all "
         "others are known. `--method shapley` divides the variance among the priors.";
}

std::string quantity_text(const SensitivityContents& contents, std::size_t quantity,
                          const TextStyle& style) {
  const SensitivityEstimates& e = contents.estimates[quantity];
  const bool is_share = contents.settings.method != SensitivityMethod::morris;
  const std::string& unit = contents.units[quantity];
  std::string text = fmt::format("\n{}{}\n", contents.quantities[quantity],
                                 unit == "1" ? "" : fmt::format(" ({})", unit));
  if (is_share) text += moments_text(e, style) + "\n";
  text += IndexTable(contents, e, style).text();
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
  if (explanation(contents).empty()) return text;
  const auto width = static_cast<std::size_t>(std::max(style.width, 40));
  for (const std::string& line : wrap(explanation(contents), width))
    text += fmt::format("\n{}", line);
  return text + "\n";
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
