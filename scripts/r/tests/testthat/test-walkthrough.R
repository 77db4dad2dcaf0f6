# The code of docs/r.md, in a folder with the results it names.
blocks_of <- function(lines) {
  start <- which(lines == "```r")
  lapply(start, function(first) {
    last <- first + which(lines[-seq_len(first)] == "```")[1]
    lines[(first + 1):(last - 1)]
  })
}

run_blocks <- function(blocks, environment) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (block in blocks) for (line in parse(text = block)) {
    shown <- withVisible(eval(line, environment))
    if (shown$visible) capture.output(print(shown$value))
  }
}

test_that("the code of the walk-through runs", {
  page <- readLines(file.path(setting("OVERBUILD_SOURCE_DIR"), "docs", "r.md"), encoding = "UTF-8")
  work <- file.path(folder, "walkthrough")
  dir.create(work)
  old <- setwd(work)
  on.exit(setwd(old))
  batches <- which(page == "## Batches")
  expect_length(batches, 1)
  file.copy(result_file("ai_base", "--paths", "2000"), "ai_base.h5")
  file.copy(result_file("fiber_1996", "--paths", "600"), "fiber_1996.h5")
  file.copy(result_file("jevons", "--paths", "600"), "jevons.h5")
  environment <- new.env(parent = globalenv())
  blocks <- blocks_of(page[seq_len(batches)])
  expect_gte(length(blocks), 6)
  expect_silent(run_blocks(blocks, environment))
  expect_true(all(file.exists(c("revenue.png", "bust_by_date.png"))))
  file.copy(batch_file(), "one_at_a_time.h5")
  expect_silent(run_blocks(blocks_of(page[-seq_len(batches)]), environment))
  expect_true(file.exists("tornado.png"))
})
