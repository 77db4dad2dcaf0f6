#include "overbuild/model/model.hpp"

namespace overbuild {

const Model* find_model(std::string_view name) {
  for (const Model* model : all_models())
    if (model->schema.name == name) return model;
  return nullptr;
}

}  // namespace overbuild
