test_that("a scenario has the numbers of a run with its values", {
  b <- ob_open(batch_file())
  expect_s3_class(b, "ob_batch")
  expect_output(print(b), "price_elasticity, bust_hazard", fixed = TRUE)
  scenarios <- ob_scenarios(b)
  expect_identical(names(scenarios), c("scenario", "price_elasticity", "bust_hazard"))
  chosen <- scenarios$scenario[which(scenarios$price_elasticity == 1.4)]
  one <- ob_scenario(b, chosen)
  run <- ob_open(result_file("ai_base", "--paths", "600", "--set", "outputs.paths=0", "--set",
                             "outputs.outcomes=600",
                             "--set", "parameters.price_elasticity=1.4", name = "one_scenario"))
  expect_identical(ob_series(one), ob_series(run))
  expect_identical(ob_events(one), ob_events(run))
  expect_identical(ob_outcomes(one), ob_outcomes(run))
  expect_identical(ob_outcome_statistics(one), ob_outcome_statistics(run))
  expect_identical(ob_parameters(one)$value, ob_parameters(run)$value)
  used <- function(h) as.vector(h$count[h$count > 0])
  expect_identical(used(ob_histogram(one, "capex_fall")), used(ob_histogram(run, "capex_fall")))
})

test_that("tables of a batch have the rows of all scenarios", {
  b <- ob_open(batch_file())
  events <- ob_events(b, "bust_begun")
  expect_identical(nrow(events), 5L * 41L)
  for (name in ob_scenarios(b)$scenario)
    expect_values(events$probability[events$scenario == name],
                     ob_events(ob_scenario(b, name), "bust_begun")$probability)
  expect_identical(names(dimnames(ob_array(b, "series/coverage_quantile"))),
                   c("scenario", "time", "probability"))
  statistic <- ob_statistic(b, "events/bust_begun", time = 10)
  expect_values(statistic$value, events$probability[events$time == 10])
  p <- ob_parameters(b)
  expect_identical(p$value[p$parameter == "price_elasticity"], NA_real_)
})

test_that("the tornado of a batch compares the ends of each key", {
  b <- ob_open(batch_file())
  table <- ob_sensitivity(b, "events/bust_begun", time = 5)
  expect_setequal(table$parameter, c("price_elasticity", "bust_hazard"))
  hazard <- table[table$parameter == "bust_hazard", ]
  expect_identical(c(hazard$low_value, hazard$high_value), c(0.01, 0.06))
  scenarios <- ob_scenarios(b)
  at <- function(value) {
    name <- scenarios$scenario[which(scenarios$bust_hazard == value)]
    as.vector(ob_statistic(ob_scenario(b, name), "events/bust_begun", time = 5)$value)
  }
  expect_identical(c(hazard$low, hazard$high), c(at(0.01), at(0.06)))
  expect_gt(hazard$high, hazard$low)
})

test_that("errors of batches say what to do", {
  b <- ob_open(batch_file())
  expect_match(error_text(ob_paths(b)), "--separate")
  expect_match(error_text(ob_scenario(b, "no")), "no scenario no; there are 0001")
  expect_match(error_text(ob_plot_revenue(b)), "choose one of its scenarios with ob_scenario")
})

test_that("the example analysis of a batch runs", {
  script <- system.file("examples", "batch_analysis.R", package = "overbuild")
  output <- system2(file.path(R.home("bin"), "Rscript"), shQuote(c(script, batch_file(), folder)),
                    stdout = TRUE,
                    env = paste0("R_LIBS=", paste(.libPaths(), collapse = ":")))
  expect_null(attr(output, "status"))
  expect_true(any(grepl("probability of a bust within 10 years", output)))
  expect_true(any(grepl("^ *0002 .*-?[0-9.]+", output)))
  expect_gt(file.size(file.path(folder, "batch_tornado.png")), 10000)
  expect_gt(file.size(file.path(folder, "batch_compared.png")), 10000)
})
