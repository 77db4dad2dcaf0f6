// Every model's declaration is complete and consistent; that of the overbuild model has the
// parameters and defaults of its specification.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>

#include "overbuild/model/model.hpp"

namespace overbuild {
namespace {

class Declaration : public testing::TestWithParam<const Model*> {
 protected:
  const ModelSchema& schema = GetParam()->schema;
};

bool is_identifier(std::string_view name) {
  if (name.empty() || !std::islower(static_cast<unsigned char>(name[0]))) return false;
  for (const char c : name)
    if (!std::islower(static_cast<unsigned char>(c)) &&
        !std::isdigit(static_cast<unsigned char>(c)) && c != '_')
      return false;
  return true;
}

TEST_P(Declaration, NamesAreIdentifiersAndUnique) {
  std::set<std::string_view> names, draws;
  const auto add = [&](const auto& specs) {
    for (const auto& spec : specs) {
      EXPECT_TRUE(is_identifier(spec.name)) << spec.name;
      EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    }
  };
  add(schema.parameters);
  add(schema.series);
  add(schema.events);
  add(schema.outcomes);
  add(schema.tables);
  for (const DrawSpec& draw : schema.draws) EXPECT_TRUE(draws.insert(draw.name).second);
}

TEST_P(Declaration, DefaultsAreWithinTheirBounds) {
  for (const ParameterSpec& spec : schema.parameters)
    EXPECT_TRUE(spec.bounds.contain(spec.default_value)) << spec.name;
}

TEST_P(Declaration, EventsAreTimedByOutcomesInYears) {
  for (const EventSpec& event : schema.events)
    for (const OutcomeSum& sum : {event.since, event.until})
      for (const std::string_view name : sum) {
        if (name.empty()) continue;
        const auto outcome = std::ranges::find(schema.outcomes, name, &OutcomeSpec::name);
        ASSERT_NE(outcome, schema.outcomes.end()) << name;
        EXPECT_EQ(outcome->unit, "yr") << name;
      }
}

TEST_P(Declaration, EverythingIsExplained) {
  EXPECT_FALSE(schema.title.empty());
  EXPECT_FALSE(schema.meaning.empty());
  EXPECT_FALSE(schema.source.empty());
  const auto explained = [](const auto& specs) {
    for (const auto& spec : specs) EXPECT_GT(spec.meaning.size(), 4u) << spec.name;
  };
  const auto measured = [](const auto& specs) {
    for (const auto& spec : specs) EXPECT_FALSE(spec.unit.empty()) << spec.name;
  };
  explained(schema.parameters);
  explained(schema.draws);
  explained(schema.series);
  explained(schema.events);
  explained(schema.outcomes);
  explained(schema.tables);
  measured(schema.parameters);
  measured(schema.series);
  measured(schema.outcomes);
  measured(schema.tables);
  for (const ParameterSpec& spec : schema.parameters) {
    EXPECT_FALSE(spec.symbol.empty()) << spec.name;
    EXPECT_FALSE(spec.source.empty()) << spec.name;
  }
  for (const DrawSpec& draw : schema.draws) EXPECT_FALSE(draw.distribution.empty()) << draw.name;
}

TEST_P(Declaration, ShocksAreTheNormalDraws) {
  std::vector<std::string_view> normals;
  for (const DrawSpec& draw : schema.draws)
    if (draw.distribution == "standard normal") normals.push_back(draw.name);
  EXPECT_THAT(schema.shocks, testing::ElementsAreArray(normals));
}

TEST_P(Declaration, GivenDrawsComeFirstAndTheirInputSuitsThem) {
  int given = 0;
  for (const DrawSpec& draw : schema.draws) given += draw.given();
  EXPECT_EQ(schema.given_draws(), given);
  for (std::size_t i = 0; i < schema.draws.size(); ++i) {
    const DrawSpec& draw = schema.draws[i];
    EXPECT_EQ(draw.given(), i < std::size_t(given)) << draw.name;
    EXPECT_EQ(draw.input == DrawSpec::Input::normal, draw.distribution == "standard normal")
        << draw.name;
  }
}

TEST_P(Declaration, IsFoundByItsName) {
  EXPECT_EQ(find_model(schema.name), GetParam());
  EXPECT_TRUE(is_identifier(schema.name));
  for (std::size_t p = 0; p < schema.parameters.size(); ++p)
    EXPECT_EQ(schema.parameter_index(schema.parameters[p].name), p);
  EXPECT_EQ(schema.parameter_index("no_such_parameter"), std::nullopt);
}

std::vector<const Model*> models() { return {all_models().begin(), all_models().end()}; }

INSTANTIATE_TEST_SUITE_P(Models, Declaration, testing::ValuesIn(models()),
                         [](const auto& of) { return std::string(of.param->schema.name); });

TEST(Models, AreTheFourByName) {
  std::vector<std::string_view> names;
  for (const Model* model : all_models()) names.push_back(model->schema.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("gbm", "merton", "ou", "overbuild"));
  EXPECT_EQ(find_model("no_such_model"), nullptr);
}

struct Specified {
  std::string_view symbol, name;
  double value;
};

// The parameters of the overbuild model's specification, version 1, with the AI base values.
constexpr Specified specification[] = {
    {"R0", "revenue_0", 60},
    {"I0", "capex_0", 300},
    {"K1_0", "it_capital_0", 260},
    {"K2_0", "shell_capital_0", 170},
    {"u0", "normal_utilisation", 0.80},
    {"mu_e", "efficiency_drift", 0.70},
    {"s_e", "efficiency_vol", 0.15},
    {"lam", "shock_rate", 0.35},
    {"j", "shock_mean", 0.80},
    {"mu_h", "hardware_drift", 0.28},
    {"s_h", "hardware_vol", 0.10},
    {"g0", "demand_growth_0", 0.80},
    {"g_inf", "demand_growth_longrun", 0.05},
    {"k_g", "demand_growth_reversion", 0.25},
    {"s_g", "demand_growth_vol", 0.12},
    {"sat", "demand_saturation", 60},
    {"s_a", "demand_vol", 0.10},
    {"eta", "price_elasticity", 1.15},
    {"k_p", "price_adjustment", 6},
    {"mc0", "marginal_cost_0", 0.25},
    {"theta", "marginal_cost_hardware_share", 0.7},
    {"floor", "price_floor_markup", 0.10},
    {"lag", "build_lag", 4},
    {"sh1", "it_share", 0.6},
    {"L1", "it_life", 5},
    {"L2", "shell_life", 20},
    {"gI0", "capex_growth_0", 0.30},
    {"gI_inf", "capex_growth_longrun", 0.04},
    {"tau", "capex_growth_decay", 1.5},
    {"gam", "capex_feedback", 0.25},
    {"s_I", "capex_vol", 0.10},
    {"dI", "bust_capex_decline", 0.60},
    {"gI_rec", "recovery_capex_growth", 0.06},
    {"I_floor", "capex_floor", 0.15},
    {"w", "wacc", 0.10},
    {"chi", "infrastructure_share", 0.5},
    {"fo", "fixed_opex", 0.04},
    {"h0", "bust_hazard", 0.03},
    {"b_s", "bust_hazard_shortfall", 2.0},
    {"b_j", "bust_hazard_shock", 0.8},
    {"b_f", "bust_hazard_funding", 0.5},
    {"circ", "circular_demand", 0.10},
    {"g_bust", "bust_demand_growth", -0.05},
    {"u_rec", "recovery_utilisation", 0.55},
    {"h_rec", "recovery_hazard", 0.6},
    {"n_min", "min_bust_steps", 4},
    {"F0", "internal_cash_0", 420},
    {"gF", "internal_cash_growth", 0.08},
    {"pay", "reinvestment_share", 0.45},
    {"i", "debt_rate", 0.065},
    {"k_b", "belief_speed", 1.0},
    {"H", "belief_horizon", 4},
    {"m_V", "valuation_margin", 0.4},
};

TEST(OverbuildDeclaration, HasTheSpecifiedParametersAndDefaults) {
  const ModelSchema& schema = find_model("overbuild")->schema;
  for (const Specified& specified : specification) {
    const auto index = schema.parameter_index(specified.name);
    ASSERT_TRUE(index.has_value()) << specified.name;
    EXPECT_EQ(schema.parameters[*index].symbol, specified.symbol) << specified.name;
    EXPECT_EQ(schema.parameters[*index].default_value, specified.value) << specified.name;
  }
  // The additions are corrections and version 2; by default the equations are those of version 1.
  constexpr std::string_view additions[] = {"pipeline_holds_start", "saturation_damps_growth_only",
                                            "price_discipline"};
  EXPECT_EQ(schema.parameters.size(), std::size(specification) + std::size(additions));
  for (const std::string_view addition : additions) {
    const auto index = schema.parameter_index(addition);
    ASSERT_TRUE(index.has_value()) << addition;
    EXPECT_EQ(schema.parameters[*index].default_value, 0) << addition;
  }
}

TEST(OverbuildDeclaration, ReadsTheShockCorrelationInTheSpecifiedOrder) {
  EXPECT_THAT(find_model("overbuild")->schema.shocks,
              testing::ElementsAre("efficiency", "hardware", "demand_growth", "demand", "capex"));
}

}  // namespace
}  // namespace overbuild
