# Paths of the samplers other than philox depend on one another (docs/sampling.md).

sobol <- function(name, ...) ob_open(result_file(
  "ai_base", "--paths", "4096", "--set", "run.sampler=sobol", "--set", "run.replicates=8", "--set",
  "run.horizon=2", ..., name = name))
all_kept <- function(seed = 1) sobol(
  paste0("sobol_", seed), "--set", "outputs.outcomes=\"all\"", "--set", paste0("run.seed=", seed),
  "--set", "outputs.paths=4096", "--set",
  "outputs.series=[\"revenue\", \"required_revenue\", \"net_capital\", \"profit\"]")
some_kept <- function() sobol("sobol_some", "--set", "outputs.outcomes=1000")

test_that("errors are those of the file where it has them", {
  x <- all_kept()
  hazard <- ob_hazard(x)
  events <- ob_events(x, "bust_begun")
  expect_identical(as.vector(hazard$in_step_se[1]), as.vector(events$se[2]))
  parts <- ob_required_parts(x)
  expect_equal(parts$se[nrow(parts)], read_array(x, "series", "required_revenue_mean_se")[1],
               tolerance = 1e-6)
  later <- ob_required_parts(x, 1)
  expect_equal(later$se[nrow(later)], read_array(x, "series", "required_revenue_mean_se")[5],
               tolerance = 1e-4)
  expect_values(parts$se[parts$part == "fixed operating cost"], 0)
  expect_equal(attr(ob_sensitivity(x), "base_se"),
               as.vector(ob_statistic(x, "outcomes/bust_time_defined")$se), tolerance = 1e-9)
  # The same from the definition: the spread of the replicates' own values.
  time <- ob_outcomes(x, "bust_time")$bust_time
  replicate <- rep(1:8, each = 512)
  spread <- function(of) sd(vapply(1:8, function(r) of(which(replicate == r)), 0)) / sqrt(8)
  in_step <- function(part) mean(!is.na(time[part]) & time[part] > 0.25 & time[part] <= 0.5)
  expect_equal(as.vector(hazard$in_step_se[2]), spread(in_step), tolerance = 1e-9)
  left <- function(part) mean(is.na(time[part]) | time[part] > 0.25)
  expect_equal(as.vector(hazard$hazard_se[2]),
               spread(function(part) -log1p(-in_step(part) / left(part)) / 0.25), tolerance = 1e-9)
  final <- ob_outcomes(x, "regime_final")$regime_final
  expect_equal(as.vector(ob_shares(x)$se[2]), spread(function(part) mean(final[part] == 1)),
               tolerance = 1e-9)
  deep <- depth_table(x, "capex_fall", 10)
  fall <- ob_outcomes(x, "capex_fall")$capex_fall
  expect_equal(deep$all_se[9], spread(function(part) mean(fall[part] >= 0.8 & fall[part] < 0.9)),
               tolerance = 1e-9)
  drawn <- ob_outcomes(x, "bust_time", parameters = TRUE)
  top <- function(part) {
    hazards <- drawn$bust_hazard[part]
    mean(!is.na(time[part][hazards >= quantile(hazards, 0.8)]))
  }
  table <- ob_sensitivity(x)
  expect_equal(as.vector(table$high_se[table$parameter == "bust_hazard"]), spread(top),
               tolerance = 1e-9)
})

test_that("errors are the spread over seeds", {
  found <- vapply(1:16, function(seed) {
    x <- all_kept(seed)
    parts <- ob_required_parts(x)
    hazard <- ob_hazard(x)
    on.exit(ob_close(x))
    c(parts$mean[nrow(parts)], parts$se[nrow(parts)], hazard$hazard[6], hazard$hazard_se[6])
  }, numeric(4))
  # F of 15 and 112 degrees of freedom is outside of 0.05 to 5.4 with a probability of 1e-7. The
  # formula for independent paths is 0.0005 for required revenue.
  for (row in c(1, 3)) {
    ratio <- var(found[row, ]) / mean(found[row + 1, ]^2)
    expect_gt(ratio, 0.05)
    expect_lt(ratio, 5.4)
  }
})

test_that("there is no error where not all paths are kept", {
  x <- some_kept()
  hazard <- ob_hazard(x)
  expect_identical(as.vector(hazard$in_step_se[1]), as.vector(ob_events(x, "bust_begun")$se[2]))
  expect_equal(as.vector(hazard$hazard_se[1]),
               as.vector(hazard$in_step_se[1] / (1 - hazard$in_step[1]) / 0.25))
  expect_true(all(is.na(hazard$in_step_se[-1])) && all(is.na(hazard$hazard_se[-1])))
  expect_false(anyNA(hazard$hazard) || anyNA(hazard$se))
  parts <- ob_required_parts(x)
  expect_true(is.na(parts$se[nrow(parts)]))
  expect_true(all(is.na(ob_shares(x)$se)))
  expect_true(all(is.na(depth_table(x, "capex_fall", 10)$all_se)))
  table <- ob_sensitivity(x)
  expect_true(all(is.na(c(table$low_se, table$high_se, attr(table, "base_se")))))
})

test_that("pictures without errors say why", {
  file <- file.path(folder, "no_errors.png")
  note <- function(plot) gsub("\n", " ", if (inherits(plot, "ob_panels")) plot$note
                                         else plot$labels$caption)
  for (draw in list(ob_plot_bust_by_date, ob_plot_bust_distribution, ob_plot_waterfall,
                    ob_plot_tornado)) {
    plot <- draw(some_kept())
    expect_match(note(plot), "of paths of the sampler sobol it needs all to be kept", fixed = TRUE)
    expect_no_warning(ggplot2::ggsave(file, plot, width = 7, height = 4, dpi = 50))
    expect_no_match(note(draw(all_kept())), "sampler")
  }
})
