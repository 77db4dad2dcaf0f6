#include "overbuild/sampling/antithetic.hpp"

#include <tbb/cache_aligned_allocator.h>

namespace overbuild {

void AntitheticParameters::sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
                                  double* parameters) const {
  sampler_.draw(seed, first_path, lanes, parameters);
  for (const Prior& prior : sampler_.priors()) {
    double* row = parameters + prior.parameter * static_cast<std::size_t>(lanes);
    for (int lane = 0; lane < lanes; lane += 2) row[lane + 1] = -row[lane];
  }
  sampler_.transform(lanes, parameters);
}

class AntitheticDraws::Tiles : public TileDraws {
 public:
  Tiles(const AntitheticDraws& source, int lanes, int segment_steps)
      : source_(source),
        tiles_(source.source_->tiles(lanes, segment_steps)),
        lanes_(static_cast<std::size_t>(lanes)),
        values_(source.is_normal_.size() * static_cast<std::size_t>(segment_steps) * lanes_) {}

  void begin(std::uint64_t seed, std::uint64_t first_path) override {
    tiles_->begin(seed, first_path);
  }

  const double* steps(int first_step, int end_step) override {
    const double* from = tiles_->steps(first_step, end_step);
    double* to = values_.data();
    for (int step = first_step; step < end_step; ++step) {
      for (const bool is_normal : source_.is_normal_) {
        const double mirror = is_normal ? 0.0 : 1.0;
        for (std::size_t lane = 0; lane < lanes_; lane += 2) {
          to[lane] = from[lane];
          to[lane + 1] = mirror - from[lane];
        }
        from += lanes_;
        to += lanes_;
      }
    }
    return values_.data();
  }

 private:
  const AntitheticDraws& source_;
  std::unique_ptr<TileDraws> tiles_;
  std::size_t lanes_;
  std::vector<double, tbb::cache_aligned_allocator<double>> values_;
};

std::unique_ptr<TileDraws> AntitheticDraws::tiles(int lanes, int segment_steps) const {
  return std::make_unique<Tiles>(*this, lanes, segment_steps);
}

}  // namespace overbuild
