// The overbuild model in plain C++, single-threaded: an independent implementation for
// scripts/bench_peers, written the way a quantitative developer would. Every value is kept in
// memory and the statistics are formed at the end. It shares nothing with the engine but the config
// file with the parameters' values. Prints its statistics as JSON.
//
//   overbuild_scalar CONFIG [--paths N] [--seed N] [--values FILE]
//   --values also writes every value: float64 [step][series, then the regime][path]
#include <fmt/format.h>

#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <numeric>

#include "overbuild_scalar_model.hpp"

namespace peer {
namespace {

constexpr std::array<const char*, series_count> series_names = {
    "revenue", "required_revenue", "coverage", "coverage_sequoia", "gap",
    "capex",   "net_capital",      "price",    "utilisation",      "profit",
    "debt",    "valuation"};
constexpr std::array event_names = {"bust_begun", "in_bust", "recovered", "covered"};
constexpr std::array quantile_levels = {0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99};
constexpr std::size_t coverage_index = 2;

using Numbers = std::vector<double>;

std::string to_json(const Numbers& numbers) {
  std::string text;
  for (const double number : numbers)
    text += fmt::format("{}{}", text.empty() ? "[" : ", ", number);
  return text + "]";
}

double mean_of(const double* values, std::size_t count) {
  return std::accumulate(values, values + count, 0.0) / static_cast<double>(count);
}

double sd_of(const double* values, std::size_t count) {
  const double mean = mean_of(values, count);
  const auto add_square = [mean](double sum, double x) { return sum + (x - mean) * (x - mean); };
  const double squares = std::accumulate(values, values + count, 0.0, add_square);
  return std::sqrt(squares / static_cast<double>(count - 1));
}

/// Moves the order statistics of the ascending ranks [first, last) to their places, the middle one
/// first, so that the others are looked for in ever smaller parts of [begin, end).
void place(const std::size_t* first, const std::size_t* last, double* values, double* begin,
           double* end) {
  if (first == last) return;
  const std::size_t* const middle = first + (last - first) / 2;
  double* const rank = values + *middle;
  std::nth_element(begin, rank, end);
  place(first, middle, values, begin, rank);
  place(middle + 1, last, values, rank + 1, end);
}

/// Order statistics at ascending levels; reorders the values.
template <std::size_t levels>
Numbers quantiles_of(double* values, std::size_t count, const std::array<double, levels>& level) {
  std::array<std::size_t, levels> rank;
  for (std::size_t i = 0; i < levels; ++i)
    rank[i] = static_cast<std::size_t>(std::lround(level[i] * static_cast<double>(count - 1)));
  place(rank.data(), rank.data() + levels, values, values, values + count);
  Numbers result;
  for (const std::size_t r : rank) result.push_back(values[r]);
  return result;
}

/// Half the distance between the order statistics one binomial sd below and above the median.
/// Source: Woodruff (1952), Confidence intervals for medians, JASA 47.
double standard_error_of_median(double* values, std::size_t count) {
  const double half_width = 0.5 / std::sqrt(static_cast<double>(count));
  const auto bounds =
      quantiles_of(values, count, std::array<double, 2>{0.5 - half_width, 0.5 + half_width});
  return (bounds[1] - bounds[0]) / 2;
}

bool happened(std::size_t event, Regime regime, double coverage) {
  switch (event) {
    case 0:
      return regime != Regime::boom;
    case 1:
      return regime == Regime::bust;
    case 2:
      return regime == Regime::recovery;
    default:
      return coverage >= 1;
  }
}

double probability_of(std::size_t event, Values& values, int step) {
  std::size_t count = 0;
  for (std::size_t path = 0; path < values.paths(); ++path)
    count += happened(event, values.regime(step)[path], values.series(step, coverage_index)[path]);
  return static_cast<double>(count) / static_cast<double>(values.paths());
}

void print_event(std::size_t event, Values& values, int steps) {
  Numbers probabilities;
  for (int step = 0; step <= steps; ++step)
    probabilities.push_back(probability_of(event, values, step));
  fmt::print("\"{}\": {}", event_names[event], to_json(probabilities));
}

void print_series(std::size_t index, Values& values, int steps) {
  Numbers mean, sd;
  std::string quantiles;
  for (int step = 0; step <= steps; ++step) {
    double* const column = values.series(step, index);
    mean.push_back(mean_of(column, values.paths()));
    sd.push_back(sd_of(column, values.paths()));
    quantiles +=
        (step > 0 ? ", " : "") + to_json(quantiles_of(column, values.paths(), quantile_levels));
  }
  fmt::print("\"{}\": {{\"mean\": {}, \"sd\": {}, \"quantiles\": [{}]}}", series_names[index],
             to_json(mean), to_json(sd), quantiles);
}

void print_statistics(Values& values, int steps, double simulation_seconds) {
  fmt::print("{{\"paths\": {}, \"steps\": {}, \"simulation_seconds\": {}, \"events\": {{",
             values.paths(), steps, simulation_seconds);
  // Events come before quantiles, which reorder the values.
  for (std::size_t event = 0; event < event_names.size(); ++event) {
    if (event > 0) fmt::print(", ");
    print_event(event, values, steps);
  }
  fmt::print("}}, \"series\": {{");
  for (std::size_t index = 0; index < series_count; ++index) {
    if (index > 0) fmt::print(", ");
    print_series(index, values, steps);
  }
  Numbers errors;
  for (int step = 0; step <= steps; ++step)
    errors.push_back(standard_error_of_median(values.series(step, coverage_index), values.paths()));
  fmt::print("}}, \"coverage_median_standard_error\": {}}}\n", to_json(errors));
}

void write_values(Values& values, int steps, const std::string& name) {
  std::ofstream file(name, std::ios::binary);
  const auto write = [&](const double* column) {
    file.write(reinterpret_cast<const char*>(column),
               static_cast<std::streamsize>(values.paths() * sizeof(double)));
  };
  for (int step = 0; step <= steps; ++step) {
    for (std::size_t index = 0; index < series_count; ++index) write(values.series(step, index));
    Numbers regime(values.paths());
    std::transform(values.regime(step), values.regime(step) + values.paths(), regime.begin(),
                   [](Regime r) { return static_cast<double>(r); });
    write(regime.data());
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + name);
}

struct Arguments {
  std::string config, values;
  std::size_t paths = 100000;
  std::uint32_t seed = 1;
};

Arguments read_arguments(int count, char** texts) {
  const char* const usage = "usage: overbuild_scalar CONFIG [--paths N] [--seed N] [--values FILE]";
  if (count < 2 || count % 2 != 0) throw std::runtime_error(usage);
  Arguments arguments{texts[1], ""};
  for (int i = 2; i < count; i += 2) {
    const std::string option = texts[i];
    if (option == "--paths") {
      arguments.paths = std::stoul(texts[i + 1]);
    } else if (option == "--seed") {
      arguments.seed = static_cast<std::uint32_t>(std::stoul(texts[i + 1]));
    } else if (option == "--values") {
      arguments.values = texts[i + 1];
    } else {
      throw std::runtime_error(usage);
    }
  }
  return arguments;
}

void run(const Arguments& arguments) {
  const Config config = read_config(arguments.config);
  Simulator simulator(config, arguments.seed);
  const std::clock_t start = std::clock();
  Values values(config.steps, arguments.paths);
  for (std::size_t path = 0; path < arguments.paths; ++path) simulator.simulate(path, values);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  if (!arguments.values.empty()) write_values(values, config.steps, arguments.values);
  print_statistics(values, config.steps, seconds);
}

}  // namespace
}  // namespace peer

int main(int count, char** texts) {
  try {
    peer::run(peer::read_arguments(count, texts));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "overbuild_scalar: " << error.what() << '\n';
    return 1;
  }
}
