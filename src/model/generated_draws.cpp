#include "overbuild/model/generated_draws.hpp"

#include <tbb/cache_aligned_allocator.h>

#include <cstddef>
#include <vector>

namespace overbuild {
namespace {

class GeneratedTiles : public TileDraws {
 public:
  GeneratedTiles(const Model& model, int lanes, int segment_steps)
      : draw_(model.kernel().draw),
        lanes_(lanes),
        values_(static_cast<std::size_t>(model.schema.given_draws()) *
                static_cast<std::size_t>(segment_steps) * static_cast<std::size_t>(lanes)) {}

  void begin(std::uint64_t seed, std::uint64_t first_path) override {
    seed_ = seed;
    first_path_ = first_path;
  }

  const double* steps(int first_step, int end_step) override {
    draw_(seed_, first_path_, first_step, end_step, lanes_, values_.data());
    return values_.data();
  }

 private:
  decltype(ModelKernel::draw) draw_;
  int lanes_;
  std::uint64_t seed_ = 0, first_path_ = 0;
  std::vector<double, tbb::cache_aligned_allocator<double>> values_;
};

}  // namespace

std::unique_ptr<TileDraws> GeneratedDraws::tiles(int lanes, int segment_steps) const {
  return std::make_unique<GeneratedTiles>(model_, lanes, segment_steps);
}

}  // namespace overbuild
