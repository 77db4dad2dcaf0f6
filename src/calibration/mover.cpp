#include "src/calibration/mover.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace overbuild {
namespace {

Eigen::MatrixXd centred(const Eigen::MatrixXd& particles) {
  return particles.colwise() - particles.rowwise().mean();
}

/// Lower factor of the particles' covariance. A ridge keeps it positive definite where all
/// particles of a parameter are the same.
Eigen::MatrixXd covariance_factor(const Eigen::MatrixXd& particles) {
  constexpr double ridge = 1e-8;
  const Eigen::MatrixXd deviations = centred(particles);
  Eigen::MatrixXd covariance =
      deviations * deviations.transpose() / static_cast<double>(particles.cols() - 1);
  covariance.diagonal().array() += ridge;
  return covariance.llt().matrixL();
}

}  // namespace

void draw_normals(const KeyedRandom& random, const DrawKey& key, DrawUse use,
                  Eigen::Ref<Eigen::VectorXd> normals) {
  for (Eigen::Index i = 0; i < normals.size(); i += 2) {
    const auto pair = random.normals(key, use, static_cast<int>(i / 2));
    normals[i] = pair[0];
    if (i + 1 < normals.size()) normals[i + 1] = pair[1];
  }
}

Mover::Mover(Island& island, int temperature_index, std::uint64_t seed)
    : island_(island),
      temperature_index_(temperature_index),
      temperature_(island.history.back().temperature),
      random_(seed),
      start_(island.normals),
      proposals_(island.normals),
      mean_(island.normals.rowwise().mean()),
      factor_(covariance_factor(island.normals)) {}

void Mover::propose() {
  ++move_;
  const double a = island_.jump_scale;
  const double s = island_.walk_scale * 2.38 / std::sqrt(static_cast<double>(mean_.size()));
  Eigen::VectorXd x(mean_.size());
  for (Eigen::Index i = 0; i < proposals_.cols(); ++i) {
    draw_normals(random_, key(i), DrawUse::proposal, x);
    const Eigen::VectorXd z = island_.normals.col(i);
    const Eigen::VectorXd shaped = factor_.triangularView<Eigen::Lower>() * x;
    if (jumps())
      proposals_.col(i) = mean_ + std::sqrt(1 - a * a) * (z - mean_) + a * shaped;
    else
      proposals_.col(i) = z + s * shaped;
  }
}

/// ln of the density of proposing the way back over that of proposing the way there.
double Mover::log_proposal_ratio(Eigen::Index particle) const {
  if (!jumps()) return 0;
  const auto half_square = [&](const Eigen::VectorXd& z) {
    return factor_.triangularView<Eigen::Lower>().solve(z - mean_).squaredNorm() / 2;
  };
  return half_square(proposals_.col(particle)) - half_square(island_.normals.col(particle));
}

void Mover::accept(const std::vector<double>& proposed) {
  double accepted = 0;
  for (Eigen::Index i = 0; i < proposals_.cols(); ++i) {
    double& own = island_.log_likelihood[static_cast<std::size_t>(i)];
    const double other = proposed[static_cast<std::size_t>(i)];
    const double prior =
        (island_.normals.col(i).squaredNorm() - proposals_.col(i).squaredNorm()) / 2;
    const double log_ratio = prior + temperature_ * (other - own) + log_proposal_ratio(i);
    const long double uniform = random_.uniform(key(i), DrawUse::acceptance);
    if (!(std::log(uniform) < log_ratio)) continue;
    island_.normals.col(i) = proposals_.col(i);
    own = other;
    ++accepted;
  }
  const double share = accepted / static_cast<double>(proposals_.cols());
  accepted_ += share;
  adapt(share);
}

/// Larger steps where many are accepted, smaller ones where few are.
void Mover::adapt(double share) {
  constexpr double low = 0.15, high = 0.35, smaller = 0.7, larger = 1.3;
  double& scale = jumps() ? island_.jump_scale : island_.walk_scale;
  if (share < low) scale *= smaller;
  if (share > high) scale *= larger;
  scale = std::clamp(scale, 0.02, jumps() ? 1.0 : 2.0);
}

double Mover::correlation() const {
  const Eigen::MatrixXd before = centred(start_), now = centred(island_.normals);
  double largest = 0;
  for (Eigen::Index p = 0; p < before.rows(); ++p) {
    const double norms = before.row(p).norm() * now.row(p).norm();
    const double correlation = norms > 0 ? before.row(p).dot(now.row(p)) / norms : 1;
    largest = std::max(largest, correlation);
  }
  return largest;
}

int Mover::distinct() const {
  std::vector<double> first(island_.normals.row(0).begin(), island_.normals.row(0).end());
  std::ranges::sort(first);
  return static_cast<int>(std::unique(first.begin(), first.end()) - first.begin());
}

}  // namespace overbuild
