// Draws the parameters of paths from their priors.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "overbuild/sampling/distribution.hpp"
#include "overbuild/sampling/prior_map.hpp"

namespace overbuild {

/// A parameter that is drawn once per path.
struct Prior {
  std::size_t parameter = 0;  ///< declaration index; also the number of its draw
  Distribution distribution;
  /// Draws are rounded to the nearest whole number within the truncation.
  bool whole_number = false;
};

/// Where the parameters of paths come from.
class ParameterSource {
 public:
  virtual ~ParameterSource() = default;

  /// Writes parameters[parameter][lane] for the paths first_path + lane; `lanes` is a multiple
  /// of 8. Called once per tile of paths, by many threads at once.
  virtual void sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
                      double* parameters) const = 0;
};

/// Samples all parameters of a tile. A drawn parameter's standard normal comes from the Philox
/// block keyed (seed, path, step 0, parameter / 4), so that a path's draw of one parameter does not
/// depend on which others are drawn (a correlated one depends on those it is correlated with). The
/// Gaussian copula then correlates the normals and each is mapped to its prior, x = F^-1(Phi(z)).
class ParameterSampler : public ParameterSource {
 public:
  /// `fixed`: values of all parameters, used where there is no prior. `factor`: lower Cholesky
  /// factor of the priors' normal correlation, priors x priors. `maps`: where maps are taken from
  /// and left, or none. Throws Error(config) when a whole-number prior's truncation holds no whole
  /// number.
  ParameterSampler(std::vector<double> fixed, std::vector<Prior> priors,
                   const Eigen::MatrixXd& factor, PriorMaps* maps = nullptr);

  void sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
              double* parameters) const override;

  /// The first half of sample(): the independent standard normals of the parameters with a prior,
  /// in their rows.
  void draw(std::uint64_t seed, std::uint64_t first_path, int lanes, double* parameters) const;

  /// The second half of sample(), for designs that choose the normals themselves: fills in the
  /// parameters without a prior, and turns the independent standard normals in the rows of the
  /// others (parameters[parameter][lane]) into correlated draws from their priors.
  void transform(int lanes, double* parameters) const;

  std::span<const Prior> priors() const { return priors_; }

 private:
  double* row(std::size_t prior, int lanes, double* parameters) const;
  void correlate(int lanes, double* parameters) const;
  void map(std::size_t prior, int lanes, double* values) const;

  std::vector<double> fixed_;
  std::vector<Prior> priors_;
  std::vector<bool> drawn_;  ///< by parameter: has a prior
  std::vector<std::shared_ptr<const PriorMap>> maps_;
  std::vector<double> factor_;  ///< row-major
  bool independent_ = true;
};

}  // namespace overbuild
