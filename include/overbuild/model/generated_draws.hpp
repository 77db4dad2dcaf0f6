// The given draws as the step loop's generator makes them, for sources that change them.
#pragma once

#include "overbuild/model/model.hpp"
#include "overbuild/sampling/draw_source.hpp"

namespace overbuild {

/// Gives a model the very draws that it would make by itself: a run has the same bits with it.
class GeneratedDraws : public DrawSource {
 public:
  explicit GeneratedDraws(const Model& model) : model_(model) {}

  std::unique_ptr<TileDraws> tiles(int lanes, int segment_steps) const override;

 private:
  const Model& model_;
};

}  // namespace overbuild
