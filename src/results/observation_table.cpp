#include "src/results/observation_table.hpp"

#include <numeric>

namespace overbuild {
namespace {

constexpr char group_name[] = "data";

struct TextColumn {
  const char* name;
  const char* meaning;
  std::string Observation::*member;
};
constexpr TextColumn text_columns[] = {
    {"date", "date of the observation", &Observation::date},
    {"unit", "unit of the value", &Observation::unit},
    {"status", "what the data file says of the value's standing", &Observation::status},
    {"source", "where the value is from", &Observation::source}};

struct NumberColumn {
  const char* name;
  const char* unit;
  const char* meaning;
  double Observation::*member;
};
constexpr NumberColumn number_columns[] = {
    {"time", "yr", "time from the start of the scenario", &Observation::time},
    {"value", "1", "observed value, in its own unit", &Observation::value},
    {"deviation", "1", "standard deviation of its error, of the logarithm unless linear",
     &Observation::deviation}};

std::string path_of(const char* name) { return fmt::format("/{}/{}", group_name, name); }

}  // namespace

void write_observations(hid_t file, const std::vector<Observation>& observations) {
  const hdf5::Id group = hdf5::create_group(file, group_name);
  std::vector<std::int64_t> number(observations.size());
  std::iota(number.begin(), number.end(), 0);
  const Dimension axis =
      write_dimension(group, {"observation", "1", "number of the observation"}, number);
  const auto integers = [&](const char* name, const char* meaning, const auto& of) {
    std::vector<std::int64_t> values;
    for (const Observation& observation : observations)
      values.push_back(static_cast<std::int64_t>(of(observation)));
    write_variable(group, {name, "1", meaning}, values, {&axis});
  };
  integers("observed", "place of its series in calibration.observe, from 0",
           [](const Observation& o) { return o.observed; });
  integers("line", "line of the data file", [](const Observation& o) { return o.line; });
  for (const NumberColumn& column : number_columns) {
    std::vector<double> values;
    for (const Observation& observation : observations)
      values.push_back(observation.*column.member);
    write_variable(group, {column.name, column.unit, column.meaning}, values, {&axis});
  }
  for (const TextColumn& column : text_columns) {
    std::vector<std::string> texts;
    for (const Observation& observation : observations) texts.push_back(observation.*column.member);
    const hdf5::Id dataset = hdf5::write_texts(group, column.name, texts);
    hdf5::set_attribute(dataset, "long_name", std::string(column.meaning));
    attach(dataset, {&axis});
  }
}

std::vector<Observation> read_observations(hid_t file) {
  const auto observed = hdf5::read_integers(file, path_of("observed"));
  const auto line = hdf5::read_integers(file, path_of("line"));
  std::vector<Observation> observations(observed.size());
  for (std::size_t i = 0; i < observations.size(); ++i) {
    observations[i].observed = static_cast<std::size_t>(observed[i]);
    observations[i].line = static_cast<int>(line.at(i));
  }
  for (const NumberColumn& column : number_columns) {
    const auto values = hdf5::expect_count(hdf5::read_doubles(file, path_of(column.name)),
                                           observations.size(), path_of(column.name));
    for (std::size_t i = 0; i < values.size(); ++i) observations[i].*column.member = values[i];
  }
  for (const TextColumn& column : text_columns) {
    const auto texts = hdf5::read_texts(file, path_of(column.name));
    for (std::size_t i = 0; i < observations.size(); ++i)
      observations[i].*column.member = texts.at(i);
  }
  return observations;
}

}  // namespace overbuild
