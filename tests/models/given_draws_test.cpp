// Draws that a source gives replace those of the generator, and nothing else.
#include "overbuild/model/generated_draws.hpp"

#include <bit>
#include <cmath>

#include "models/gbm/declaration.hpp"
#include "tests/models/kernel_paths.hpp"
#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

class GivenDraws : public testing::TestWithParam<const Model*> {
 protected:
  const Model& model = *GetParam();
};

/// All that the paths hold, as bits.
std::vector<std::uint64_t> bits_of(const Model& model, const KernelPaths& run) {
  std::vector<std::uint64_t> bits;
  for (int path = 0; path < run.paths(); ++path) {
    for (int t = 0; t < run.times(); ++t) {
      for (std::size_t s = 0; s < model.schema.series.size(); ++s)
        bits.push_back(std::bit_cast<std::uint64_t>(run.series(s, t, path)));
      for (std::size_t e = 0; e < model.schema.events.size(); ++e)
        bits.push_back(run.event(e, t, path));
    }
    for (std::size_t o = 0; o < model.schema.outcomes.size(); ++o)
      bits.push_back(std::bit_cast<std::uint64_t>(run.outcome(o, path)));
  }
  return bits;
}

TEST_P(GivenDraws, OfTheGeneratorGiveTheSameBits) {
  PathParameters parameters(model.schema, 528);  // an odd number of vectors in the last tile
  for (const std::string_view name : {"shock_rate", "jump_rate"})
    if (model.schema.parameter_index(name)) parameters.set(name, 5);
  const GeneratedDraws generated(model);
  const std::size_t shocks = model.schema.shocks.size();
  std::vector<double> factor(shocks * shocks);  // z_i := 0.6 z_0 + 0.8 z_i
  for (std::size_t i = 0; i < shocks; ++i) {
    factor[i * shocks] = i > 0 ? 0.6 : 1;
    if (i > 0) factor[i * shocks + i] = 0.8;
  }
  for (const std::vector<double>& shock_factor : {std::vector<double>(), factor}) {
    KernelSettings settings{.first_path = (std::uint64_t{1} << 32) - 256,
                            .shock_factor = shock_factor};
    const auto wanted = bits_of(model, KernelPaths(model, settings, parameters, {.lanes = 528}));
    settings.draws = &generated;
    on_every_instruction_set([&] {
      for (const Cut cut : {Cut{528, 40}, {528, 7}, {48, 13}})
        EXPECT_EQ(bits_of(model, KernelPaths(model, settings, parameters, cut)), wanted)
            << cut.lanes << ' ' << cut.segment;
    });
  }
}

// Mean and mean square of 40 x 4096 draws; at 6 standard errors a false alarm has a probability
// below 4e-9 for each of the two.
TEST_P(GivenDraws, OfTheGeneratorHaveTheirDeclaredInput) {
  constexpr int lanes = 4096, steps = 40;
  const auto tiles = GeneratedDraws(model).tiles(lanes, steps);
  tiles->begin(5, 0);
  const double* values = tiles->steps(1, steps + 1);
  const int draws = model.schema.given_draws();
  for (int d = 0; d < draws; ++d) {
    const DrawSpec& spec = model.schema.draws[std::size_t(d)];
    SCOPED_TRACE(spec.name);
    double sum = 0, squares = 0, smallest = 1e9, largest = -1e9;
    for (int step = 0; step < steps; ++step) {
      for (int lane = 0; lane < lanes; ++lane) {
        const double x = values[std::size_t(step * draws + d) * lanes + std::size_t(lane)];
        sum += x;
        squares += x * x;
        smallest = std::min(smallest, x);
        largest = std::max(largest, x);
      }
    }
    constexpr double n = double(lanes) * steps;
    if (spec.input == DrawSpec::Input::normal) {
      EXPECT_NEAR(sum / n, 0, 6 / std::sqrt(n));
      EXPECT_NEAR(squares / n, 1, 6 * std::sqrt(2 / n));
    } else {
      EXPECT_NEAR(sum / n, 0.5, 6 * std::sqrt(1 / (12 * n)));
      EXPECT_NEAR(squares / n, 1.0 / 3, 6 * std::sqrt(4 / (45 * n)));
      EXPECT_GT(smallest, 0);
      EXPECT_LT(largest, 1);
    }
  }
}

std::vector<const Model*> models() { return {all_models().begin(), all_models().end()}; }

INSTANTIATE_TEST_SUITE_P(Models, GivenDraws, testing::ValuesIn(models()),
                         [](const auto& of) { return std::string(of.param->schema.name); });

/// A normal of one tenth of the step and a uniform of one half.
class KnownDraws : public DrawSource {
 public:
  std::unique_ptr<TileDraws> tiles(int lanes, int) const override {
    return std::make_unique<Tiles>(lanes);
  }

 private:
  class Tiles : public TileDraws {
   public:
    explicit Tiles(int lanes) : lanes_(lanes) {}
    void begin(std::uint64_t, std::uint64_t) override {}
    const double* steps(int first_step, int end_step) override {
      values_.clear();
      for (int step = first_step; step < end_step; ++step)
        for (const double x : {0.1 * step, 0.5})
          values_.insert(values_.end(), std::size_t(lanes_), x);
      return values_.data();
    }

   private:
    int lanes_;
    std::vector<double, tbb::cache_aligned_allocator<double>> values_;
  };
};

TEST(KnownDraws, AreThoseOfTheirSteps) {
  using models::gbm::Series;
  const Model& model = model_called("gbm");
  const KnownDraws known;
  const KernelPaths run(model, {.steps = 10, .draws = &known}, PathParameters(model.schema, 16),
                        {.lanes = 8, .segment = 3});
  // drift (0.05 - 0.2^2/2) dt and deviation 0.2 sqrt(dt), dt = 0.25
  for (int step = 0; step <= 10; ++step)
    EXPECT_NEAR(run.series(Series::log_value, step, 9),
                0.0075 * step + 0.1 * 0.1 * step * (step + 1) / 2, 1e-12);
}

}  // namespace
}  // namespace overbuild
