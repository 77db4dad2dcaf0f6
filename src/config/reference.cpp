// The config reference in Markdown, made from the table of keys, the kinds of distributions and the
// models' declarations.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "keys.hpp"
#include "overbuild/config/load.hpp"
#include "sweep_methods.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

constexpr std::string_view introduction = R"(# Config reference

This file is generated: `overbuild describe --reference > docs/config.md`.

A scenario is a [TOML](https://toml.io) file. Only `model` is required; every other key has a
default.

```toml
extends = "base.toml"
model = "overbuild"
title = "Falling prices, slower demand"

[run]
seed = 7
paths = 200000

[outputs]
paths = 100
series = ["revenue", "coverage"]

[parameters]
price_elasticity = 0.9
shock_rate = {prior = "lognormal", median = 0.35, sigma = 0.5, min = 0.1, max = 2}
demand_growth_0 = {prior = "normal", mean = 0.8, sd = 0.2, min = 0, max = 2}

[[prior_correlation]]
between = ["shock_rate", "demand_growth_0"]
rank = 0.4

[tables]
announced_capex = {time = [0, 1, 2], value = [300, 420, 500]}
```

**Inheritance.** `extends` names a config whose values hold wherever this one gives none; the name
is relative to the folder of the file it stands in, and the named file may extend another one. The
sections `[run]`, `[outputs]`, `[parameters]`, `[calibration]`, `[posterior]` and `[tables]` merge
key by key. A parameter's
prior, a table's points, an array and the list of `[[prior_correlation]]` are replaced as a whole;
`prior_correlation = []` above the first section drops the inherited list, and an inherited
correlation ends where a later config or `--set` fixes one of its two parameters as a number. A
config's own `[[sweep]]` tables replace all inherited ones.

**Precision.** `[run.until]` lets a run add blocks of paths until one statistic is precise enough:

```toml
[run]
paths = 10_000_000                      # the most
[run.until]
statistic = "events/bust_begun"             # a variable of the result file (docs/format.md)
time = 5.0                              # years; for series and events
standard_error = 0.001                  # or half_width = 0.002, that of the 95% interval
```

`statistic` is `series/NAME_mean` (or `_sd`, `_skew`, `_quantile`), `events/NAME`,
`outcomes/NAME_mean` (or `_sd`, `_skew`, `_quantile`, `_defined`). A quantile needs `probability`,
e.g. `probability = 0.05`. The precision is checked after `block` paths (10,240 unless given) and
then whenever a quarter has been added, but at least `block` paths; the checks, and so the number of
paths, depend on the config alone. A standard error of zero or none, as of an event that has not
happened yet, is never precise enough.

**Sampler.** `run.sampler` says how the random numbers of the paths are chosen
([sampling.md](sampling.md)):

| sampler | paths |
| --- | --- |
| `philox` | independent of one another |
| `sobol` | scrambled Sobol points for priors, shocks and uniforms: smaller errors of most means and quantiles |
| `latin_hypercube` | Latin hypercubes for the priors, the steps as with `philox` |
| `antithetic` | pairs of paths whose priors and steps mirror each other |

All but `philox` part the paths into `run.replicates` independent replicates of equal size, which
standard errors come from. `run.paths` must be a multiple of 512 for each replicate; with `sobol` that
multiple is a power of two. With `[run.until]` only `philox` is allowed, and `sobol` needs at most 3667
dimensions: one for each prior and for each normal and uniform of a step.

**Overrides.** `--set key=value` on the command line comes last and may be given many times, e.g.
`--set run.paths=1000 --set parameters.shock_rate.sigma=0.7`. The value is TOML; a word that is no
TOML is taken as a string.

**Checks.** All mistakes are reported at once, each as `file:line: key: message`. Intervals are
written with `[` `]` for ends that belong to them and `(` `)` for ends that do not. A whole number
is accepted wherever a number is wanted. The entries of an array are counted from 1.
)";

/// Text for a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '|') escaped += '\\';
    escaped += character;
  }
  return escaped;
}

std::string code(std::string_view text) { return fmt::format("`{}`", cell(text)); }

/// A default is TOML, or words where there is none.
std::string default_cell(std::string_view text) {
  const bool words = text.front() >= 'a' && text.front() <= 'z';
  return words ? cell(text) : code(text);
}

std::string row(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string table_head(const std::vector<std::string>& titles) {
  return fmt::format("\n{}{}", row(titles), row(std::vector<std::string>(titles.size(), "---")));
}

std::string keys_text() {
  std::string text = "\n## Keys\n" + table_head({"key", "value", "default", "meaning"});
  for (const ConfigKey& key : config_keys())
    text += row({code(key.key), cell(key.type), default_cell(key.default_text), cell(key.meaning)});
  return text;
}

std::string priors_text() {
  std::string text = R"(
## Priors

A parameter is a number or a prior, `{prior = "kind", ...}`, from which every path draws its own
value. All arguments of the kind are needed; `min` and `max` truncate any kind and may be left out.
The prior must not reach outside of what the parameter allows. Draws of a parameter that takes whole
numbers are rounded to the nearest.
)";
  text += table_head({"kind", "argument", "meaning"});
  for (const DistributionKind& kind : distribution_kinds()) {
    for (const DistributionArgument& argument : kind.arguments)
      text += row({code(kind.name), code(argument.name), cell(argument.meaning)});
    if (kind.kind != Distribution::Kind::empirical) continue;
    text += row({code(kind.name), "`points`", "array of observed values"});
    text +=
        row({code(kind.name), "`weights`", "array of their positive weights; equal if left out"});
  }
  return text;
}

/// Calibration and posteriors.
constexpr std::string_view calibration_reference = R"(
## Calibration

`overbuild calibrate` updates the priors by data ([calibration.md](calibration.md)); the section
has no part in a run.

```toml
[calibration]
start = 1996-01-01
until = 1999
data = "data/fiber.csv"
leave_out = ["recalled"]
observe = [
  {data = "toll_revenue", series = "revenue", scale = "level"},
  {data = "ip_transit_price", series = "price", scale = "relative", discrepancy = 0.1},
]
```

| key of `observe` | value | default | meaning |
| --- | --- | --- | --- |
| `data` | name | required | series of the data file |
| `series` | name | required | the model's series that it observes |
| `per` | name | none | series that it is divided by: `series = "revenue", per =)"
    R"( "price"` is the quantity |
| `scale` | `level`, `relative` or `linear` | `level` | errors are of the logarithm, of)"
    R"( the logarithm up to an unknown constant, or of the value |
| `discrepancy` | number, >= 0 | `0` | standard deviation of the model's own error; it)"
    R"( is added, as squares are, to the uncertainty of the data |

## Posterior

```toml
[posterior]
file = "fiber_posterior.h5"     # relative to this file's folder
checksum = "crc32:0a1b2c3d"     # optional: refuse other draws; resolved configs have it
```

Its parameters are drawn together, a particle for each path. It replaces what the config inherits
for them; a value or a prior in the same file, in one that extends it or by `--set` replaces its
draws.
)";

std::string parameters_text(const ModelSchema& schema) {
  std::string text = fmt::format("\n### Parameters of `{}`\n", schema.name);
  text += table_head({"key", "symbol", "unit", "default", "allowed", "meaning", "source"});
  for (const ParameterSpec& spec : schema.parameters)
    text += row({code(spec.name), code(spec.symbol), cell(spec.unit),
                 fmt::format("{}", spec.default_value), cell(allowed_text(spec.bounds)),
                 cell(spec.meaning), cell(spec.source)});
  return text;
}

std::string draws_text(const ModelSchema& schema) {
  std::string text = fmt::format("\n### Random draws of a step of `{}`\n", schema.name);
  text += table_head({"draw", "distribution", "meaning"});
  for (const DrawSpec& spec : schema.draws)
    text += row({code(spec.name), cell(spec.distribution), cell(spec.meaning)});
  return text + fmt::format("\nOrder of the rows and columns of `shock_correlation`: {}.\n",
                            fmt::join(schema.shocks, ", "));
}

std::string tables_text(const ModelSchema& schema) {
  if (schema.tables.empty()) return "\nThe model takes no tables.\n";
  std::string text = fmt::format("\n### Tables of `{}`\n", schema.name);
  text += table_head({"key", "unit", "kind", "allowed", "meaning"});
  for (const TableSpec& spec : schema.tables) {
    const bool path = spec.kind == TableSpec::Kind::path;
    text += row({code(spec.name), cell(spec.unit),
                 path ? "path: at least two points, log-linear between them"
                      : "impulse: amounts at times after 0",
                 cell(allowed_text(spec.bounds)), cell(spec.meaning)});
  }
  return text + "\nTimes ascend and lie within the horizon.\n";
}

template <class Specs>
std::string quantities_text(std::string_view title, const ModelSchema& schema, const Specs& specs) {
  std::string text = fmt::format("\n### {} of `{}`\n", title, schema.name);
  text += table_head({"name", "unit", "meaning"});
  for (const auto& spec : specs)
    text += row({code(spec.name), cell(spec.unit), cell(spec.meaning)});
  return text;
}

std::string events_text(const ModelSchema& schema) {
  std::string text = fmt::format("\n### Events of `{}`\n", schema.name);
  text += table_head({"name", "meaning"});
  for (const EventSpec& spec : schema.events) text += row({code(spec.name), cell(spec.meaning)});
  return text;
}

std::string model_text(const ModelSchema& schema) {
  return fmt::format("\n## Model `{}`: {}\n\n{}\nSource: {}.\n", schema.name, schema.title,
                     schema.meaning, schema.source) +
         parameters_text(schema) + draws_text(schema) + tables_text(schema) +
         quantities_text("Series", schema, schema.series) + events_text(schema) +
         quantities_text("Outcomes", schema, schema.outcomes);
}

}  // namespace

std::string config_reference() {
  std::string text(introduction);
  text += keys_text() + priors_text();
  text += calibration_reference;
  text += sweep_reference();
  for (const Model* model : all_models()) text += model_text(model->schema);
  return text;
}

}  // namespace overbuild
