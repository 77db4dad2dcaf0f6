#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iterator>

#include "config_testing.hpp"

namespace overbuild {
namespace {

TEST(ConfigReferenceTest, TheWrittenReferenceIsCurrent) {
  std::ifstream file(OVERBUILD_SOURCE_DIR "/docs/config.md", std::ios::binary);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(written == config_reference())
      << "docs/config.md is out of date; run: overbuild describe --reference > docs/config.md";
}

TEST(ConfigReferenceTest, NamesEverythingAModelDeclares) {
  const std::string text = config_reference();
  const auto expect_named = [&](const auto& specs) {
    for (const auto& spec : specs)
      EXPECT_NE(text.find(fmt::format("| `{}` |", spec.name)), std::string::npos) << spec.name;
  };
  for (const Model* model : all_models()) {
    expect_named(model->schema.parameters);
    expect_named(model->schema.draws);
    expect_named(model->schema.tables);
    expect_named(model->schema.series);
    expect_named(model->schema.events);
    expect_named(model->schema.outcomes);
  }
  expect_named(distribution_kinds());
}

/// The example at the top of the reference, without its `extends`.
TEST(ConfigReferenceTest, TheExampleIsACorrectConfig) {
  const std::string text = config_reference();
  const std::string opening = "```toml\nextends = \"base.toml\"\n";
  const std::size_t begin = text.find(opening);
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = text.find("```", begin + opening.size());
  const std::string example = text.substr(begin + opening.size(), end - begin - opening.size());
  EXPECT_THAT(findings_in(example), testing::IsEmpty());
}

}  // namespace
}  // namespace overbuild
