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
})

test_that("parameters of a batch are those that each scenario used", {
  b <- ob_open(batch_file())
  scenarios <- ob_scenarios(b)
  p <- ob_parameters(b)
  own <- p[p$parameter == "price_elasticity", ]
  expect_identical(own$scenario, scenarios$scenario)
  expect_values(own$value, as.vector(scenarios$price_elasticity))
  expect_identical(own$drawn, is.na(as.vector(scenarios$price_elasticity)))
  expect_identical(nzchar(own$prior), own$drawn)
  expect_match(own$prior[1], "prior = ", fixed = TRUE)
})

test_that("parameters that a grid gives numbers are not drawn", {
  file <- file.path(folder, "grid.h5")
  run_program("batch", config("elasticity_sweep"), "-o", file, "--quiet", "--paths", "64", "--set",
              "run.horizon=1")
  b <- ob_open(file)
  p <- ob_parameters(b)
  own <- p[p$parameter == "price_elasticity", ]
  expect_values(own$value, as.vector(ob_scenarios(b)$price_elasticity))
  expect_setequal(own$value, c(0.6, 0.8, 1, 1.2, 1.4))
  expect_false(any(own$drawn) || any(nzchar(own$prior)))
  expect_true(all(p$drawn[p$parameter == "bust_hazard"]))
  ob_close(b)
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

run_example <- function(...) {
  script <- system.file("examples", "batch_analysis.R", package = "overbuild")
  suppressWarnings(system2(file.path(R.home("bin"), "Rscript"), shQuote(c(script, ...)),
                           stdout = TRUE, stderr = TRUE,
                           env = paste0("R_LIBS=", paste(.libPaths(), collapse = ":"))))
}

test_that("the example analysis of a batch runs", {
  made <- file.path(folder, "pictures", "of_batch")     # it makes the folder
  output <- run_example(batch_file(), made)
  expect_null(attr(output, "status"))
  expect_true(any(grepl("probability of a bust within 10 years", output)))
  expect_true(any(grepl("^ *0002 .*-?[0-9.]+", output)))
  expect_gt(file.size(file.path(made, "batch_tornado.png")), 10000)
  expect_gt(file.size(file.path(made, "batch_compared.png")), 10000)
  output <- run_example(batch_file(), batch_file())
  expect_identical(attr(output, "status"), 1L)
  expect_true(any(grepl("is no folder, and cannot be made one", output, fixed = TRUE)))
})

test_that("errors of the example analysis come from replicates where paths are dependent", {
  sweep <- file.path(folder, "sobol_batch.toml")
  writeLines(c(sprintf("extends = \"%s\"", config("ai_base")), "[run]", "paths = 4096",
               "horizon = 2", "sampler = \"sobol\"", "replicates = 8", "[outputs]", "paths = 0",
               "outcomes = 4096", "[[sweep]]", "method = \"one_at_a_time\"",
               "parameters.price_elasticity = [0.9, 1.4]"), sweep)
  file <- file.path(folder, "sobol_batch.h5")
  run_program("batch", sweep, "-o", file, "--quiet")
  output <- run_example(file, folder)
  b <- ob_open(file)
  fall <- function(name) ob_outcomes(ob_scenario(b, name), "capex_fall")$capex_fall
  difference <- fall("0002") - fall("0001")
  expected <- sd(tapply(difference, rep(1:8, each = 512), mean)) / sqrt(8)
  row <- strsplit(trimws(tail(grep("^ *0002 ", output, value = TRUE), 1)), " +")[[1]]
  expect_equal(as.numeric(row[3]), expected, tolerance = 0.005)
  expect_gt(abs(expected / (sd(difference) / 64) - 1), 0.05)     # which the other formula is not
  ob_close(b)
})
