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
