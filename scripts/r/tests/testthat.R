# R CMD check runs this. Without OVERBUILD_PROGRAM tests that need results of the program are
# skipped; CTest's r.package (tests/results/check_r_package.R) runs all of them.
library(testthat)
library(overbuild)
test_check("overbuild")
