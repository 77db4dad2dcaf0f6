# Draws a picture to a file, as a user does; any warning is a failure.
drawn <- function(plot, width = 7, height = 4) {
  file <- tempfile(fileext = ".png")
  expect_silent(ggplot2::ggsave(file, plot, width = width, height = height, dpi = 60))
  expect_gt(file.size(file), 3000)
}

layer <- function(plot, number) ggplot2::layer_data(plot, number)

test_that("every picture of a result is drawn without a warning", {
  x <- base_result()
  fiber <- ob_open(result_file("fiber_1996", "--paths", "600"))
  drawn(ob_plot_revenue(x))
  drawn(ob_plot_coverage(x, start = 2025))
  drawn(ob_plot_fan(x, "gap"))
  drawn(ob_plot_paths(x, "capex", 5))
  drawn(ob_plot_density(x, start = 2025))
  drawn(ob_plot_bust_by_date(x), 7, 5)
  drawn(ob_plot_bust_distribution(x), 9, 3.8)
  drawn(ob_plot_bust_distribution(no_kept_result(), "debt_peak"), 9, 3.8)
  drawn(ob_plot_waterfall(x), 7.5, 4.4)
  drawn(ob_plot_phase(x, fiber), 9, 4.4)
  drawn(ob_plot_compare(list(x, fiber)), 10, 4.4)
  drawn(ob_plot_tornado(x), 7.5, 4.6)
})

test_that("pictures of a model without busts are drawn", {
  x <- ob_open(result_file("no_bubble", "--paths", "64", "--set", "parameters.bust_hazard=0",
                           name = "no_bust"))
  expect_identical(max(ob_events(x, "bust_begun")$probability), 0)
  drawn(ob_plot_bust_by_date(x))
  drawn(ob_plot_bust_distribution(x))
})

test_that("a fan has the file's quantiles and its unit", {
  x <- base_result()
  plot <- ob_plot_coverage(x, start = 2025)
  outer <- layer(plot, 1)
  outer <- outer[outer$group == 1, ]
  expect_equal(10^outer$ymin, unname(ob_array(x, "series/coverage_quantile")[, "0.05"]),
               ignore_attr = TRUE)
  expect_equal(10^outer$ymax, unname(ob_array(x, "series/coverage_quantile")[, "0.95"]),
               ignore_attr = TRUE)
  expect_equal(range(outer$x), c(2025, 2035))
  expect_match(ob_plot_fan(x, "debt")$labels$y, ", bn \\(logarithmic\\)$")
  expect_match(gsub("\n", " ", plot$labels$caption), "ai_base: 2,000 paths, seed 20250120.",
               fixed = TRUE)
})

test_that("the bars of busts are shares of all paths", {
  x <- base_result()
  panels <- ob_plot_bust_distribution(x)$plots
  expect_equal(sum(layer(panels$time, 1)$y), 100 * as.vector(ob_statistic(x)$value))
  bars <- layer(panels$depth, 1)
  expect_equal(sum(bars$ymax - bars$ymin), 100)
  histogram <- layer(ob_plot_bust_distribution(no_kept_result())$plots$depth, 1)
  expect_equal(sum(histogram$ymax - histogram$ymin), 100)
})

test_that("the waterfall ends at required revenue", {
  x <- base_result()
  bars <- layer(ob_plot_waterfall(x), 2)
  needed <- ob_array(x, "series/required_revenue_mean")[["0"]]
  expect_equal(bars$xmax[6], needed, tolerance = 1e-9)
  expect_equal(bars$xmax[9] - bars$xmin[9], needed - 60, tolerance = 1e-9)
})

test_that("more scenarios than colours are refused", {
  x <- base_result()
  expect_match(error_text(ob_plot_compare(rep(list(x), 7))), "choose up to 6")
})

test_that("the density has the shares of all kept paths, whatever the block", {
  x <- ob_open(result_file("ai_base", "--paths", "1500", "--set", "outputs.paths=1500", "--set",
                           "outputs.series=[\"coverage\", \"gap\"]", name = "all_kept"))
  table <- overbuild:::density_table(x, "coverage", 30, TRUE)
  kept <- ob_paths(x, "coverage")
  for (time in c(0, 5, 10)) {
    own <- table[table$time == time, ]
    values <- kept$coverage[kept$time == time]
    inside <- values >= own$low[1] & values <= own$high[30]
    expect_equal(sum(own$share), mean(inside))
    edges <- exp(seq(log(own$low[1]), log(own$high[30]), length.out = 31))
    expect_equal(own$share[10], mean(values >= edges[10] & values < edges[11]))
  }
  expect_identical(attr(table, "paths"), 1500L)
  expect_identical(overbuild:::density_table(x, "coverage", 30, TRUE, block = 512), table)
  drawn(ob_plot_density(x, "gap"))
  expect_match(error_text(ob_plot_density(x, "capex")), "series capex was not kept")
  expect_match(error_text(ob_plot_density(no_kept_result())), "has no group paths")
})

test_that("pictures say of how many paths they are, and what is alike is told apart", {
  x <- ob_open(result_file("ai_base", "--paths", "1024", "--set", "outputs.outcomes=500",
                           name = "few"))
  line <- gsub("\n", " ", ob_plot_tornado(x)$labels$caption)
  expect_match(line, "Paths: the 500 paths whose outcomes were kept")
  expect_match(gsub("\n", " ", ob_plot_bust_distribution(x)$note), "Depth: the 500 paths")
  both <- ob_plot_compare(list(x, base_result()))
  expect_identical(levels(both$plots$coverage$data$scenario),
                   c("AI base case (few)", "AI base case (ai_base)"))
  run_program("run", config("ai_base"), "--quiet", "--paths", "1024", "--shard", "1/2", "-o",
              file.path(folder, "first.h5"))
  shard <- ob_open(file.path(folder, "first.h5"))
  expect_match(gsub("\n", " ", ob_plot_coverage(shard)$labels$caption), "(SHARD 1 of 2)",
               fixed = TRUE)
  expect_output(print(shard), "SHARD +1 of 2")
})

test_that("an error that is only rounding is none", {
  expect_identical(overbuild:::estimate_text(1.6348, 7e-18), "1.6")
  expect_identical(overbuild:::estimate_text(0.0341, 0), "0.034")
  expect_identical(overbuild:::estimate_text(42.9903, 0.0217), "42.99 \u00b1 0.02")
})
