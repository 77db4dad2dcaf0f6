# Checks that a result opens in R with rhdf5 and with hdf5r; exit status 77 where neither is there.
# usage: Rscript check_layout.R PROGRAM, where PROGRAM FILE writes the example of example_result.hpp.

program <- commandArgs(trailingOnly = TRUE)[1]
file <- tempfile(fileext = ".h5")
stopifnot(system2(program, shQuote(file)) == 0)

step <- 54 * (0:8)                # the example counts through its fields, 54 numbers by step
mean <- step + 1.5
quantile <- outer(2 * (0:8), step, "+") + 8.5           # R's order: [probability, time]
paths <- outer((0:8) / 1024, 0:1299, "+")               # [time, path]

check <- function(package, read, attribute) {
  same <- function(name, expected)
    if (!isTRUE(all.equal(as.numeric(read(name)), as.numeric(expected), tolerance = 1e-15)))
      stop(package, ": wrong values in ", name)
  same("series/time", 0.25 * (0:8))
  same("series/value_mean", mean)
  same("series/value_quantile", quantile)
  same("events/barrier_passed", step + 52.5)
  same("outcomes/passage_time_count", 54 * 9 + 2)
  same("outcome_histograms/passage_time_bin_lower", 1:3)
  same("paths/value", paths)
  same("path_outcomes/final_value", 20000.25 + 0:1299)
  stopifnot(identical(dim(read("series/value_quantile")), c(9L, 9L)),
            identical(dim(read("paths/value")), c(9L, 1300L)),
            attribute("series/value_mean", "units") == "1",
            attribute("series/value_mean", "long_name") == "mean: value of the process",
            attribute("/", "format") == "overbuild",
            attribute("/", "format_version") == 1,
            startsWith(as.character(read("provenance/config")), "[run]\n"))
  cat(package, "reads the result\n")
}

checked <- FALSE
if (requireNamespace("rhdf5", quietly = TRUE)) {
  check("rhdf5",
        function(name) rhdf5::h5read(file, name),
        function(name, attribute) rhdf5::h5readAttributes(file, name)[[attribute]])
  checked <- TRUE
}
if (requireNamespace("hdf5r", quietly = TRUE)) {
  opened <- hdf5r::H5File$new(file, mode = "r")
  check("hdf5r",
        function(name) opened[[name]]$read(),
        function(name, attribute) hdf5r::h5attr(opened[[name]], attribute))
  opened$close_all()
  checked <- TRUE
}
if (!checked) quit(status = 77)
