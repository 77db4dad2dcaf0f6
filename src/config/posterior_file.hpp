// The draws of a posterior file (docs/format.md), for configs that name one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace overbuild {

struct PosteriorDraws {
  std::string model;
  std::vector<std::string> parameters;
  std::vector<std::vector<double>> values;  ///< [parameter][particle]
  std::vector<double> log_weights;          ///< by particle

  /// Of parameters, values and weights; changes when any bit of them does.
  std::string checksum() const;
};

/// Throws hdf5::Failure, whose text is the rest of a sentence about the file.
PosteriorDraws read_posterior_draws(const std::filesystem::path& file);

}  // namespace overbuild
