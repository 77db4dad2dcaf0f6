test_that("a result says what it is", {
  x <- base_result()
  expect_s3_class(x, "ob_result")
  text <- paste(capture.output(print(x)), collapse = "\n")
  for (part in c("AI base case", "2,000 paths, seed 20250120", "required_revenue", "bust_begun",
                 "capex_fall",
                 "7 series of 200 paths, outcomes of 2,000 paths"))
    expect_match(text, part, fixed = TRUE)
  expect_match(paste(capture.output(print(no_kept_result())), collapse = "\n"),
               "nothing path by path")
})

test_that("errors name the file and what is wrong with it", {
  expect_match(error_text(ob_open("missing.h5")), "missing.h5: no such file", fixed = TRUE)
  expect_match(error_text(ob_open(folder)), "is a folder")
  expect_match(error_text(ob_open(c("a", "b"))), "one name")
  text <- file.path(folder, "text.h5")
  writeLines("no HDF5", text)
  expect_match(error_text(ob_open(text)), "text.h5: cannot be read as HDF5", fixed = TRUE)
  other <- file.path(folder, "other.h5")
  hdf5r::H5File$new(other, "w")$close_all()
  expect_match(error_text(ob_open(other)),
               "not a result of overbuild (attribute format is missing)", fixed = TRUE)
})

test_that("a file of another command is named, and what opens it", {
  commands <- c(posterior = "calibrate", rare = "rare", solve = "solve",
                attribution = "attribute", sensitivity = "sensitivity")
  for (kind in names(commands)) {
    file <- file.path(folder, paste0("kind_", kind, ".h5"))
    made <- hdf5r::H5File$new(file, "w")
    hdf5r::h5attr(made, "format") <- paste("overbuild", kind)
    made$close_all()
    message <- error_text(ob_open(file))
    expect_match(message, paste0("is a file of another kind, the [a-z ]+ of `overbuild ",
                                 commands[[kind]], "`"))
    expect_match(message, "rhdf5 and hdf5r open it", fixed = TRUE)
    expect_match(message, "docs/format.md", fixed = TRUE)
  }
})

test_that("a folder names its files", {
  sweep <- file.path(folder, "sweep_folder")
  dir.create(sweep)
  expect_match(error_text(ob_open(sweep)), "is a folder, not a result file$")
  file.create(file.path(sweep, sprintf("000%d.h5", 1:5)))
  expect_match(error_text(ob_open(sweep)), paste0(
    "; open one of its files: ", paste(file.path(sweep, sprintf("000%d.h5", 1:3)), collapse = ", "),
    " and 2 more"), fixed = TRUE)
})

test_that("numbers that are not allowed are named", {
  x <- base_result()
  for (wrong in c(-2, 0, 1.5, NA))
    expect_match(error_text(ob_plot_paths(x, "coverage", count = wrong)),
                 paste0("count: found ", found_text(wrong), "; allowed are whole numbers from 1"),
                 fixed = TRUE)
  expect_match(error_text(ob_plot_phase(x, x, -1)), "whole numbers from 0", fixed = TRUE)
  expect_s3_class(ob_plot_phase(x, x, 0), "ggplot")
  expect_match(error_text(ob_plot_tornado(x, count = -1)), "whole numbers from 1", fixed = TRUE)
  expect_match(error_text(ob_plot_coverage(x, start = "abc")), "start: found \"abc\"; allowed is",
               fixed = TRUE)
  expect_match(error_text(ob_summary(x, every = 0)), "every: found 0; allowed are", fixed = TRUE)
  expect_match(error_text(ob_sensitivity(x, share = 2)), "share: found 2; allowed are",
               fixed = TRUE)
})

test_that("a newer layout is refused by its number", {
  newer <- file.path(folder, "newer.h5")
  file.copy(result_file("ai_base", "--paths", "2000"), newer, overwrite = TRUE)
  file <- hdf5r::H5File$new(newer, "r+")
  file$attr_delete("format_version")
  hdf5r::h5attr(file, "format_version") <- 2L
  file$close_all()
  expect_match(error_text(ob_open(newer)), "has layout version 2; this package reads version 1",
               fixed = TRUE)
})

test_that("a run that was stopped early is marked", {
  stopped <- file.path(folder, "stopped.h5")
  file.copy(result_file("ai_base", "--paths", "2000"), stopped, overwrite = TRUE)
  file <- hdf5r::H5File$new(stopped, "r+")
  file$attr_delete("complete")
  hdf5r::h5attr(file, "complete") <- 0L
  file$close_all()
  x <- ob_open(stopped)
  expect_output(print(x), "INCOMPLETE  stopped early; asked for 2,000 paths", fixed = TRUE)
  expect_match(gsub("\n", " ", ob_plot_coverage(x)$labels$caption),
               "ai_base (INCOMPLETE): 2,000 paths", fixed = TRUE)
})

test_that("errors name what is missing and what is there", {
  x <- base_result()
  expect_match(error_text(ob_series(x, "coverag")),
               "series has no coverag (is coverage meant?); it has revenue",
               fixed = TRUE)
  expect_match(error_text(ob_paths(x, "debt")), "outputs.series in the config", fixed = TRUE)
  expect_match(error_text(ob_paths(x, "capex", 200)),
               "paths has no path 200; it keeps 200 paths, 0 to 199", fixed = TRUE)
  expect_match(error_text(ob_array(x, "time")), "GROUP/NAME")
  expect_match(error_text(ob_array(x, "series/tim")), "is time meant?", fixed = TRUE)
  expect_match(error_text(ob_statistic(x, "bust")), "a statistic is named", fixed = TRUE)
  expect_match(error_text(ob_statistic(x, "events/bust_begun", time = 0.3)),
               "0.3 yr is no time of the result")
  expect_match(error_text(ob_statistic(x, "series/coverage_quantile", probability = 0.3)),
               "no quantile at 0.3")
  expect_match(error_text(ob_scenarios(x)), "is no batch")
  none <- no_kept_result()
  expect_match(error_text(ob_paths(none)), "outputs.paths > 0 in the config keeps", fixed = TRUE)
  expect_match(error_text(ob_outcomes(none)), "outputs.outcomes > 0 in the config keeps",
               fixed = TRUE)
  expect_match(error_text(ob_plot_paths(none)), "outputs.paths > 0", fixed = TRUE)
})

test_that("a closed file says so", {
  x <- base_result()
  other <- base_result()
  ob_series(x, "coverage")
  ob_close(x)
  expect_match(error_text(ob_series(x, "coverage")), "was closed; open it again with ob_open")
  # another handle of the same file is open still
  expect_identical(nrow(ob_series(other, "coverage")), 41L)
  ob_close(other)
  ob_close(other)
})
