test_that("the mean, its error and quantiles agree with the kept outcomes of all paths", {
  x <- base_result()
  values <- ob_outcomes(x)$capex_fall
  row <- ob_outcome_statistics(x, "capex_fall")
  expect_equal(row$mean, mean(values), tolerance = 1e-12)
  expect_equal(row$se, sd(values) / sqrt(length(values)), tolerance = 1e-12)
  expect_equal(row$q50, sort(values)[1000], tolerance = 0.01)
  expect_true(row$exact_quantiles)
  expect_equal(ob_outcome_statistics(x, "bust_time")$defined,
               mean(!is.na(ob_outcomes(x)$bust_time)))
  expect_equal(sum(ob_histogram(x, "capex_fall")$count), 2000)
})

test_that("events agree with the times of the paths' busts", {
  x <- base_result()
  events <- ob_events(x, "bust_begun")
  busts <- ob_outcomes(x)$bust_time
  by_date <- vapply(events$time, function(t) mean(!is.na(busts) & busts <= t), 0)
  expect_equal(events$probability, by_date, tolerance = 1e-12, ignore_attr = TRUE)
  expect_equal(events$se, sqrt(by_date * (1 - by_date) / 2000), tolerance = 1e-9,
               ignore_attr = TRUE)
})

test_that("the hazard adds up to the probability", {
  hazard <- ob_hazard(base_result())
  expect_equal(1 - exp(-cumsum(hazard$hazard * 0.25)), hazard$probability, tolerance = 1e-12,
               ignore_attr = TRUE)
  expect_equal(cumsum(hazard$in_step), hazard$probability, tolerance = 1e-12, ignore_attr = TRUE)
  q <- hazard$in_step[1]
  expect_equal(hazard$hazard_se[1], sqrt(q / ((1 - q) * 2000)) / 0.25, tolerance = 1e-12)
  expect_match(error_text(ob_hazard(base_result(), "in_bust")), "no event that lasts")
})

test_that("tables have units", {
  x <- base_result()
  expect_s3_class(ob_series(x), "tbl_df")
  series <- ob_series(x, c("capex", "coverage"))
  expect_identical(unique(series$unit), c("bn/yr", "1"))
  expect_identical(ob_units(series), c(time = "yr"))
  outcomes <- ob_outcomes(x, c("bust_time", "debt_peak"), parameters = TRUE)
  expect_identical(ob_units(outcomes)[c("bust_time", "debt_peak", "bust_hazard")],
                   c(bust_time = "yr", debt_peak = "bn", bust_hazard = "1/yr"))
  expect_identical(ob_units(ob_hazard(x))[["hazard"]], "1/yr")
})

test_that("the summary has a row for each series, event and year, and for each outcome", {
  x <- base_result()
  s <- ob_summary(x)
  expect_identical(as.vector(table(s$kind)[c("series", "events", "outcomes")]),
                   c(12L * 11L, 4L * 11L, 13L + 3L))
  row <- s[s$kind == "series" & s$name == "coverage" & s$time == 5, ]
  expect_identical(row$mean, ob_array(x, "series/coverage_mean")[["5"]])
  expect_identical(row$q95, ob_array(x, "series/coverage_quantile")[["5", "0.95"]])
  expect_identical(nrow(summary(x, every = 5)), 12L * 3L + 4L * 3L + 13L + 3L)
})

test_that("codes are shares of the paths", {
  x <- base_result()
  shares <- ob_shares(x, "regime_final")
  final <- ob_outcomes(x, "regime_final")$regime_final
  expect_identical(shares$code, c("boom", "bust", "recovery"))
  expect_equal(as.vector(shares$share), vapply(0:2, function(code) mean(final == code), 0))
  expect_equal(as.vector(shares$se), sqrt(shares$share * (1 - shares$share) / 2000),
               ignore_attr = TRUE)
  s <- ob_summary(x)
  expect_values(s$mean[s$name == "regime_final = bust"], shares$share[2])
  expect_false("regime_final" %in% s$name)
  expect_match(error_text(ob_shares(x, "capex_fall")), "is no code")
})

test_that("a statistic is the number of the table", {
  x <- base_result()
  expect_identical(as.vector(ob_statistic(x)$value), ob_outcome_statistics(x, "bust_time")$defined)
  events <- ob_events(x, "covered")
  expect_identical(as.vector(ob_statistic(x, "events/covered", time = 5)$se),
                   events$se[events$time == 5])
  expect_identical(as.vector(ob_statistic(x, "series/coverage_quantile", probability = 0.9)$value),
                   ob_array(x, "series/coverage_quantile")[["10", "0.9"]])
})

test_that("assumptions name prior, source and origin, and the config repeats the run", {
  x <- base_result()
  p <- ob_parameters(x)
  expect_identical(p$value[p$parameter == "capex_0"], 300)
  expect_match(p$origin[p$parameter == "capex_0"], "ai_base.toml:[0-9]+$")
  expect_match(p$comment[p$parameter == "capex_0"], "^Half of Sequoia's 600 bn")
  expect_identical(p$comment[p$parameter == "capex_floor"], "")
  expect_true(p$drawn[p$parameter == "bust_hazard"])
  expect_match(p$prior[p$parameter == "bust_hazard"], "lognormal")
  provenance <- ob_provenance(x)
  again <- file.path(folder, "again.toml")
  writeLines(provenance$config, again)
  run_program("run", again, "--quiet", "-o", file.path(folder, "again.h5"))
  expect_identical(ob_series(ob_open(file.path(folder, "again.h5"))), ob_series(x))
})

test_that("parts of required revenue add up to that of the engine", {
  x <- base_result()
  parts <- ob_required_parts(x)
  engine <- ob_array(x, "series/required_revenue_mean")[["0"]]
  expect_equal(parts$mean[nrow(parts)], engine, tolerance = 1e-9)
  expect_equal(sum(parts$mean[-nrow(parts)]), engine, tolerance = 1e-9)
  expect_match(error_text(ob_required_parts(x, 5)), "need the kept series net_capital, profit")
  expect_match(error_text(ob_required_parts(no_kept_result())),
               "is drawn, and what the paths drew was not kept")
  series <- "outputs.series=[\"net_capital\",\"profit\",\"revenue\",\"required_revenue\"]"
  later <- ob_open(result_file("ai_base", "--paths", "600", "--set", "outputs.paths=600", "--set",
                               series,
                               name = "later"))
  parts <- ob_required_parts(later, 5)      # kept series are of single precision
  expect_equal(parts$mean[nrow(parts)], ob_array(later, "series/required_revenue_mean")[["5"]],
               tolerance = 1e-6)
  expect_true(all(parts$mean > 0))
})

test_that("sensitivities of a run split the paths by what they drew", {
  x <- base_result()
  table <- ob_sensitivity(x)
  expect_identical(table$parameter[1], "bust_hazard")
  paths <- ob_outcomes(x, parameters = TRUE)
  low <- paths$bust_hazard <= quantile(paths$bust_hazard, 0.2)
  expect_equal(table$low[1], mean(!is.na(paths$bust_time[low])))
  expect_false(is.unsorted(rev(abs(table$high - table$low))))
  expect_equal(attr(table, "base"), as.vector(ob_statistic(x)$value))
  expect_match(error_text(ob_sensitivity(x, "series/coverage_mean")), "overbuild batch")
})
