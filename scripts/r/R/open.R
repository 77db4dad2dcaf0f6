# Opening of files, and what is known of one without reading its numbers.

layout_version <- 1

# Every error of the package: class "ob_error", and a message that names the file.
ob_stop <- function(...) stop(errorCondition(paste0(...), class = "ob_error"))

ob_open <- function(file) {
  if (!is.character(file) || length(file) != 1 || is.na(file))
    ob_stop("ob_open: file must be one name, not ", class(file)[1], " of length ", length(file))
  if (!file.exists(file)) ob_stop(file, ": no such file")
  if (dir.exists(file)) ob_stop(file, ": is a folder, not a result file", files_in(file))
  handle <- tryCatch(hdf5r::H5File$new(file, mode = "r"), error = function(e)
    ob_stop(file, ": cannot be read as HDF5: no whole HDF5 file, or no permission"))
  attributes <- hdf5r::h5attributes(handle)
  check_layout(file, handle, attributes)
  batch <- attributes$format == "overbuild batch"
  x <- list(file = file, handle = handle, attributes = attributes, groups = names(handle),
            cache = new.env(parent = emptyenv()), position = NULL, scenario = NULL)
  structure(x, class = if (batch) "ob_batch" else "ob_result")
}

# What to open of a folder; the end of a message.
files_in <- function(folder) {
  files <- list.files(folder, "\\.h5$", full.names = TRUE)
  if (!length(files)) return("")
  paste0("; open one of its files: ", paste(utils::head(files, 3), collapse = ", "),
         if (length(files) > 3) paste(" and", count_text(length(files) - 3), "more"))
}

# Files that the package does not read: what they are, and the command that writes them.
other_kinds <- c("overbuild posterior" = "posterior of `overbuild calibrate`",
                 "overbuild rare" = "rare event of `overbuild rare`",
                 "overbuild solve" = "reverse stress test of `overbuild solve`",
                 "overbuild attribution" = "attribution of `overbuild attribute`",
                 "overbuild sensitivity" = "sensitivity analysis of `overbuild sensitivity`")

check_layout <- function(file, handle, attributes) {
  format <- attributes$format
  problem <- NULL
  if (isTRUE(format %in% names(other_kinds)))
    problem <- paste0(": is a file of another kind, the ", other_kinds[[format]],
                      "; this package reads results and batches. rhdf5 and hdf5r open it, e.g. ",
                      "hdf5r::H5File$new(file, \"r\"), and docs/format.md says what is in it")
  else if (is.null(format) || !format %in% c("overbuild", "overbuild batch"))
    problem <- paste0(": not a result of overbuild (attribute format is ",
                      if (is.null(format)) "missing" else sQuote(format, FALSE), ")")
  else if (!isTRUE(attributes$format_version >= 1 && attributes$format_version <= layout_version))
    problem <- paste0(": has layout version ", attributes$format_version,
                      "; this package reads version ", layout_version)
  if (is.null(problem)) return(invisible())
  handle$close()
  ob_stop(file, problem)
}

ob_close <- function(x) {
  # close_all() would close what other handles of the same file have open, too.
  for (kept in as.list(x$cache)) if (inherits(kept, "H5Group") && kept$is_valid) kept$close()
  if (x$handle$is_valid) x$handle$close()
  rm(list = ls(x$cache, all.names = TRUE), envir = x$cache)
  invisible(x)
}

is_batch <- function(x) inherits(x, "ob_batch")

is_shard <- function(x) isTRUE(x$attributes$shards > 1)

check_result <- function(x) {
  if (is_batch(x))
    ob_stop(x$file, ": is a batch; choose one of its scenarios with ob_scenario(x, name)")
  if (!inherits(x, "ob_result"))
    ob_stop("x must come from ob_open or ob_scenario, not be of class ", class(x)[1])
}

# Name of the run, the batch or the scenario.
run_name <- function(x) {
  if (!is.null(x$scenario)) x$scenario
  else if (is_batch(x)) x$attributes$batch else x$attributes$scenario
}

title_of <- function(x) {
  title <- x$attributes$title
  if (is.null(title) || !nzchar(title)) run_name(x) else title
}

# For legends: the title, or what distinguishes a scenario of a batch from the others.
label_of <- function(x) if (is.null(x$scenario)) title_of(x) else scenario_label(x)

size_of <- function(x) as.numeric(x$attributes$paths)

# Names of the series, events or outcomes.
quantities <- function(x, group) strsplit(attribute(x, group, "quantities"), " ", TRUE)[[1]]

# Those asked for (all if NULL); an error for one that is not there.
chosen <- function(x, group, names = NULL) {
  there <- quantities(x, group)
  if (is.null(names)) return(there)
  missing <- setdiff(names, there)
  if (length(missing))
    ob_stop(x$file, ": ", group, " has no ", missing[1], nearest_text(missing[1], there),
            "; it has ", paste(there, collapse = ", "))
  unique(names)
}

nearest_text <- function(name, there) {
  distance <- utils::adist(name, there)
  if (length(there) && min(distance) <= 3) paste0(" (is ", there[which.min(distance)], " meant?)")
  else ""
}

print.ob_result <- function(x, ...) {
  cat("<overbuild result> ", label_of(x), "\n", sep = "")
  print_file(x)
  print_names("series", quantities(x, "series"))
  print_names("events", quantities(x, "events"))
  print_names("outcomes", quantities(x, "outcomes"))
  print_names("kept", kept_text(x))
  invisible(x)
}

print.ob_batch <- function(x, ...) {
  cat("<overbuild batch> ", title_of(x), "\n", sep = "")
  print_file(x)
  names <- scenario_names(x)
  print_names("scenarios", paste0(length(names), ": ",
                                  paste(utils::head(names, 3), collapse = ", "),
                                  if (length(names) > 3) ", ..."))
  print_names("swept", swept(x))
  print_names("series", quantities(x, "series"))
  print_names("events", quantities(x, "events"))
  print_names("outcomes", quantities(x, "outcomes"))
  invisible(x)
}

print_file <- function(x) {
  a <- x$attributes
  print_names("file", if (x$handle$is_valid) x$file else paste(x$file, "(closed)"))
  print_names("run", sprintf("%s paths, seed %s, %g years in steps of %g, model %s",
                             count_text(size_of(x)), format(a$seed), a$horizon, a$step, a$model))
  if (is_shard(x))
    print_names("SHARD", sprintf("%g of %g", as.numeric(a$shard), as.numeric(a$shards)))
  if (a$complete == 0)
    print_names("INCOMPLETE", paste("stopped early; asked for", count_text(a$paths_asked), "paths"))
}

print_names <- function(what, names) {
  lines <- strwrap(paste(names, collapse = ", "), width = max(40, getOption("width") - 14))
  cat(paste0("  ", formatC(c(what, rep("", length(lines) - 1)), width = -12), lines, "\n"),
      sep = "")
}

kept_text <- function(x) {
  parts <- c(
    if ("paths" %in% x$groups)
      paste0(length(kept_series(x)), " series of ", count_text(length(numbers_of(x, "paths"))),
             " paths"),
    if ("path_outcomes" %in% x$groups)
      paste0("outcomes of ", count_text(length(numbers_of(x, "path_outcomes"))), " paths"))
  if (length(parts)) parts else "nothing path by path"
}

count_text <- function(n) formatC(as.numeric(n), format = "d", big.mark = ",")
