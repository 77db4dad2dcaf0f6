# Results of the program, made once for all tests. OVERBUILD_PROGRAM is the program,
# OVERBUILD_SOURCE_DIR the repository, OVERBUILD_EXAMPLE_RESULT a program that writes a result of
# known numbers (tests/results/example_result.hpp).

folder <- file.path(tempdir(), "results")
dir.create(folder, showWarnings = FALSE)

setting <- function(name) {
  value <- Sys.getenv(name)
  skip_if(!nzchar(value), paste("environment variable", name, "is not set"))
  value
}

run_program <- function(...) {
  output <- suppressWarnings(system2(setting("OVERBUILD_PROGRAM"), shQuote(c(...)), stdout = TRUE,
                                     stderr = TRUE))
  if (!is.null(attr(output, "status"))) stop(paste(output, collapse = "\n"))
  output
}

config <- function(name) file.path(setting("OVERBUILD_SOURCE_DIR"), "configs",
                                   paste0(name, ".toml"))

# The result of a config; `name` tells results of different settings apart.
result_file <- function(config_name, ..., name = config_name) {
  file <- file.path(folder, paste0(name, ".h5"))
  if (!file.exists(file)) run_program("run", config(config_name), "--quiet", "-o", file, ...)
  file
}

base_result <- function() ob_open(result_file("ai_base", "--paths", "2000"))
no_kept_result <- function() ob_open(result_file(
  "ai_base", "--paths", "600", "--set", "outputs.paths=0", "--set", "outputs.outcomes=0",
  name = "no_kept"))

example_result <- function() {
  file <- file.path(folder, "example.h5")
  if (!file.exists(file)) stopifnot(system2(setting("OVERBUILD_EXAMPLE_RESULT"),
                                            shQuote(file)) == 0)
  ob_open(file)
}

# A batch that varies one key at a time; scenario 0001 is the base case.
batch_file <- function() {
  file <- file.path(folder, "batch.h5")
  if (file.exists(file)) return(file)
  sweep <- file.path(folder, "batch.toml")
  writeLines(c(sprintf("extends = \"%s\"", config("ai_base")), "[run]", "paths = 600", "[outputs]",
               "paths = 0",
               "outcomes = 600", "[[sweep]]", "method = \"one_at_a_time\"",
               "parameters.price_elasticity = [0.9, 1.4]", "parameters.bust_hazard = [0.01, 0.06]"),
               sweep)
  run_program("batch", sweep, "-o", file, "--quiet")
  file
}

# The same values; columns have units besides.
expect_values <- function(actual, expected) expect_identical(as.vector(actual), as.vector(expected))

# The message of the package's own error.
error_text <- function(expression) conditionMessage(expect_error(expression, class = "ob_error"))
