// What `overbuild run` and `overbuild show` print of a result.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "overbuild/results/result_file.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// Indices of the steps shown: those at multiples of a round number of years, at most 12 of them,
/// or up to ten at equal distances where that gives next to none; and the last step.
std::vector<std::size_t> shown_steps(std::span<const double> time);

/// The series shown unless others are asked for: the first pure ratio (unit "1"), such as the
/// overbuild model's coverage, else the first.
std::size_t headline_series(const std::vector<Quantity>& series);
inline std::size_t headline_series(const ResultContents& contents) {
  return headline_series(contents.series);
}

/// The header, each series given with its fan chart, the probabilities of the events by year, and
/// the outcomes. `series` are indices into contents.series.
std::string summary_text(const ResultContents& contents, std::span<const std::size_t> series,
                         const TextStyle& style);

/// All statistics of the result as a JSON object; what is undefined is null.
nlohmann::ordered_json summary_object(const ResultContents& contents);
std::string summary_json(const ResultContents& contents);

/// The text of a JSON value, as the commands print it.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace overbuild
