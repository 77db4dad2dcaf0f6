// Moves the particles of an island at one temperature.
#pragma once

#include "overbuild/calibration/calibration.hpp"
#include "src/calibration/keyed_random.hpp"

namespace overbuild {

/// Moves go on until the particles' correlation with where they began has fallen to this.
inline constexpr double enough = 0.25;

/// Fills `normals` with the standard normals of a key.
void draw_normals(const KeyedRandom& random, const DrawKey& key, DrawUse use,
                  Eigen::Ref<Eigen::VectorXd> normals);

/// Metropolis-Hastings moves that leave  prior(z) L(z)^t  as it is, in turn of two kinds, both
/// shaped by the mean m and the covariance L L' that the particles have before the first move:
///   jump   z' = m + sqrt(1 - a^2) (z - m) + a L x, reversible with respect to N(m, L L');
///   walk   z' = z + s 2.38 / sqrt(d) L x (Roberts, Gelman, Gilks 1997, Ann. Appl. Probab. 7).
/// The jump crosses the whole posterior where that is nearly normal; the walk moves what the
/// normal approximation does not reach. a and s are adapted to the share of accepted moves. The
/// likelihood of a proposal is estimated with fresh noise; that of a particle is kept as it is.
class Mover {
 public:
  /// `island`, just resampled, is what is moved; the last entry of its history is under way.
  Mover(Island& island, int temperature_index, std::uint64_t seed);

  void propose();
  const Eigen::MatrixXd& proposals() const { return proposals_; }
  /// Accepts or refuses each proposal by its log-likelihood.
  void accept(const std::vector<double>& proposed);

  int move() const { return move_; }  ///< 1 for the first
  double acceptance() const { return accepted_ / move_; }
  /// The largest, over parameters, of the correlation between where particles are and began.
  double correlation() const;
  int distinct() const;

 private:
  bool jumps() const { return move_ % 2 == 1; }
  DrawKey key(Eigen::Index particle) const {
    return {island_.number, temperature_index_, move_, static_cast<std::uint32_t>(particle)};
  }
  double log_proposal_ratio(Eigen::Index particle) const;
  void adapt(double share);

  Island& island_;
  const int temperature_index_;
  const double temperature_;
  const KeyedRandom random_;
  Eigen::MatrixXd start_, proposals_;
  Eigen::VectorXd mean_;
  Eigen::MatrixXd factor_;  ///< lower, of the covariance
  int move_ = 0;
  double accepted_ = 0;
};

}  // namespace overbuild
