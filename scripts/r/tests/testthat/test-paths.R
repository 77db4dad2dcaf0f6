test_that("paths come in the order asked for, and are those of the whole table", {
  x <- base_result()
  all <- ob_paths(x, c("capex", "coverage"))
  expect_identical(nrow(all), 200L * 41L)
  some <- ob_paths(x, c("capex", "coverage"), c(7, 3, 150, 3))
  expect_identical(unique(some$path), c(7L, 3L, 150L))
  expect_identical(some$coverage[42:82], all$coverage[all$path == 3])
  expect_identical(some$coverage[83:123], all$coverage[all$path == 150])
  expect_identical(some$coverage[124:164], all$coverage[all$path == 3])
  expect_identical(ob_units(some), c(path = "1", time = "yr", capex = "bn/yr", coverage = "1"))
})

test_that("only what is asked for is read", {
  counters <- "/proc/self/io"
  skip_if(!file.exists(counters), "the system does not count bytes read")
  bytes <- function() as.numeric(sub(".*: ", "", readLines(counters)[1]))
  file <- result_file("ai_base", "--paths", "20000", "--set", "outputs.paths=20000", "--set",
                      "outputs.compression=0", "--set", "outputs.outcomes=0", name = "many_paths")
  x <- ob_open(file)
  ob_paths(x, "coverage", 0)        # what is read but once: names, attributes, numbers of the paths
  before <- bytes()
  ob_paths(x, "coverage", 10000:10009)
  part <- bytes() - before
  ob_paths(x, "coverage")
  whole <- bytes() - before - part
  expect_gt(whole, 20000 * 41 * 4)  # float32: one series
  expect_lt(part, whole / 5)
})

test_that("a shard's paths have their own numbers", {
  file <- file.path(folder, "shard.h5")
  run_program("run", config("ai_base"), "--quiet", "--paths", "2048", "--shard", "2/2", "-o", file,
              "--set", "outputs.paths=2048")
  x <- ob_open(file)
  first <- as.numeric(x$attributes$first_path)
  expect_gt(first, 0)
  expect_identical(as.numeric(ob_outcomes(x)$path[1]), first)
  kept <- ob_array(x, "paths/path")[1]
  expect_identical(unique(as.numeric(ob_paths(x, "capex", kept)$path)), as.numeric(kept))
  expect_match(error_text(ob_paths(x, "capex", 0)), "has no path 0; it keeps")
})

test_that("a model that draws nothing has outcomes all the same", {
  toml <- file.path(folder, "fixed.toml")
  writeLines(c("model = \"gbm\"", "[run]", "paths = 100", "[outputs]", "outcomes = 100"), toml)
  run_program("run", toml, "--quiet", "-o", file.path(folder, "fixed.h5"))
  x <- ob_open(file.path(folder, "fixed.h5"))
  expect_identical(names(ob_outcomes(x, parameters = TRUE)), names(ob_outcomes(x)))
  expect_match(error_text(ob_sensitivity(x, "outcomes/final_value_mean")), "nothing is drawn")
})
