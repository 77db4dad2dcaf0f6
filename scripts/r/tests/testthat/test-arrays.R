test_that("arrays have the file's order of dimensions and its exact numbers", {
  x <- example_result()
  step <- 54 * (0:8)                       # the example counts through its fields
  quantile <- ob_array(x, "series/value_quantile")
  expect_equal(names(dimnames(quantile)), c("time", "probability"))
  expect_identical(as.vector(quantile), as.vector(outer(step, 2 * (0:8), "+") + 8.5))
  expect_identical(quantile[["2", "0.05"]], 54 * 8 + 2 + 8.5)
  paths <- ob_array(x, "paths/value")
  expect_identical(dim(paths), c(1300L, 9L))
  expect_identical(as.vector(paths), as.vector(outer(0:1299, (0:8) / 1024, "+")))
  expect_equal(names(dimnames(paths)), c("path", "time"))
  expect_equal(attr(ob_array(x, "series/value_mean"), "long_name"), "mean: value of the process")
})

# Sizes of all dimensions differ in these files, so that coordinates fit only the right ones.
expect_coordinates <- function(x) {
  for (group in setdiff(x$groups, "provenance")) for (name in names(x$handle[[group]])) {
    value <- ob_array(x, paste0(group, "/", name))
    if (!is.null(dim(value)))
      expect_identical(unname(lengths(dimnames(value))), dim(value), label = paste(group, name))
  }
}

test_that("every variable has its coordinates", {
  expect_coordinates(base_result())
  expect_coordinates(ob_open(batch_file()))
})

test_that("tables have the numbers in their rows", {
  x <- example_result()
  series <- ob_series(x, "value")
  expect_values(series$time, 0.25 * (0:8))
  expect_identical(series$mean, 54 * (0:8) + 1.5)
  expect_identical(series$q50, as.vector(ob_array(x, "series/value_quantile")[, "0.5"]))
  long <- ob_quantiles(x, "value")
  expect_identical(long$value[long$probability == 0.05 & long$time == 2], 54 * 8 + 2 + 8.5)
  paths <- ob_paths(x, "value", c(5, 0))
  expect_values(paths$value, c(5 + (0:8) / 1024, (0:8) / 1024))
  expect_values(ob_outcomes(x, "final_value")$final_value, 20000.25 + 0:1299)
  expect_values(ob_histogram(x, "passage_time")$lower, as.numeric(1:3))
  expect_identical(ob_outcome_statistics(x, "passage_time")$count, 54L * 9L + 2L)
})

test_that("integers of 64 bits stay what they are", {
  file <- result_file("no_bubble", "--paths", "600", "--seed", "9223372036854775807", name = "seed")
  x <- ob_open(file)
  expect_s3_class(x$attributes$seed, "integer64")
  expect_identical(format(x$attributes$seed), "9223372036854775807")
  expect_output(print(x), "seed 9223372036854775807", fixed = TRUE)
  expect_identical(as.numeric(x$attributes$paths), 600)
  ob_close(x)

  large <- file.path(folder, "large.h5")
  file.copy(file, large)
  changed <- hdf5r::H5File$new(large, "r+")
  changed[["series/coverage_count"]][] <- bit64::as.integer64(2)^40 + 0:40
  changed$close_all()
  expect_identical(ob_series(ob_open(large), "coverage")$count, 2^40 + 0:40)
})

test_that("what is undefined is NaN in arrays and NA in tables", {
  x <- base_result()
  times <- ob_outcomes(x)$bust_time
  raw <- ob_array(x, "path_outcomes/bust_time")
  expect_true(any(is.nan(raw)))
  expect_values(is.na(times), is.nan(raw))
  expect_false(any(is.nan(times)))
  p <- ob_parameters(x)
  expect_identical(p$value[p$parameter == "wacc"], NA_real_)
  expect_false(any(is.nan(p$value)))
})
