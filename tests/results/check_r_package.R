# Installs the R package (scripts/r) into a temporary library and runs its tests against the
# program. Exit status 77 where R packages that it needs are missing (scripts/install_dependencies
# r). usage: Rscript check_r_package.R SOURCE_DIR PROGRAM EXAMPLE_RESULT, where EXAMPLE_RESULT FILE
# writes the example of example_result.hpp.

arguments <- commandArgs(trailingOnly = TRUE)
for (package in c("hdf5r", "bit64", "ggplot2", "tibble", "testthat"))
  if (!requireNamespace(package, quietly = TRUE)) {
    cat("R package", package, "is not installed\n")
    quit(status = 77)
  }
source_dir <- normalizePath(arguments[1])
library_dir <- file.path(tempdir(), "library")
dir.create(library_dir)
installed <- system2(file.path(R.home("bin"), "R"), c("CMD", "INSTALL", "--no-test-load",
                     paste0("--library=", shQuote(library_dir)),
                     shQuote(file.path(source_dir, "scripts", "r"))))
stopifnot(installed == 0)
.libPaths(c(library_dir, .libPaths()))
Sys.setenv(OVERBUILD_SOURCE_DIR = source_dir, OVERBUILD_PROGRAM = normalizePath(arguments[2]),
           OVERBUILD_EXAMPLE_RESULT = normalizePath(arguments[3]))
found <- testthat::test_dir(file.path(source_dir, "scripts", "r", "tests", "testthat"),
                            package = "overbuild",
                            load_package = "installed", reporter = "summary",
                            stop_on_failure = FALSE)
found <- as.data.frame(found)
failed <- found$failed > 0 | found$error
if (any(failed)) cat("failed:", paste(found$test[failed], collapse = "; "), "\n")
if (any(found$skipped)) cat("skipped:", paste(found$test[found$skipped], collapse = "; "), "\n")
# Everything a test could miss is given above; but for /proc, which is there on Linux.
quit(status = if (any(failed) || any(found$skipped) || nrow(found) == 0) 1 else 0)
