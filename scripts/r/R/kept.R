# What a run keeps path by path.

# Numbers of the paths that a group keeps.
numbers_of <- function(x, group) read_column(x, group, "path")

kept_series <- function(x) setdiff(variables(x, "paths"), c("path", "time"))

# Positions of paths by their numbers; NULL for all.
path_positions <- function(x, group, paths) {
  if (is.null(paths)) return(NULL)
  numbers <- numbers_of(x, group)
  positions <- match(paths, numbers)
  if (anyNA(positions))
    ob_stop(x$file, ": ", group, " has no path ", format_number(paths[is.na(positions)][1]),
            "; it keeps ",
            count_text(length(numbers)), " paths, ", format_number(numbers[1]), " to ",
            format_number(numbers[length(numbers)]))
  if (!length(positions)) ob_stop(x$file, ": paths: none is asked for")
  positions
}

ob_paths <- function(x, series = NULL, paths = NULL) {
  if (is_batch(x)) group_of(x, "paths")     # says that a batch has none, and what keeps them
  check_result(x)
  there <- kept_series(x)
  missing <- setdiff(series, there)
  if (length(missing))
    ob_stop(x$file, ": series ", missing[1], " was not kept", nearest_text(missing[1], there),
            " (outputs.series in the config names those to keep); it has ",
            paste(there, collapse = ", "))
  series <- if (is.null(series)) there else unique(series)
  positions <- path_positions(x, "paths", paths)
  numbers <- if (is.null(positions)) numbers_of(x, "paths") else numbers_of(x, "paths")[positions]
  all <- times(x, "paths")
  table <- list(path = rep(numbers, each = length(all)), time = rep(all, length(numbers)))
  for (name in series) table[[name]] <- path_column(x, name, positions)
  units <- lapply(stats::setNames(nm = series), function(name) unit_of(x, "paths", name))
  with_units(tibble::as_tibble(table), c(list(path = "1", time = "yr"), units))
}

# Values of a series, path by path; hdf5r wants the positions ascending and each once.
path_column <- function(x, name, positions) {
  if (is.null(positions)) return(as.vector(t(read_array(x, "paths", name))))
  ascending <- sort(unique(positions))
  values <- read_array(x, "paths", name, list(path = ascending))
  as.vector(t(values[match(positions, ascending), , drop = FALSE]))
}

ob_outcomes <- function(x, outcomes = NULL, parameters = FALSE) by_scenario(x, function(result) {
  group_of(result, "path_outcomes")
  names <- chosen(result, "outcomes", outcomes)
  table <- list(path = numbers_of(result, "path_outcomes"))
  units <- list(path = "1")
  add <- function(group, name) {
    table[[name]] <<- read_column(result, group, name)
    units[[name]] <<- unit_of(result, group, name)
  }
  for (name in names) add("path_outcomes", name)
  # the group is left out where nothing is drawn
  drawn <- if (parameters && "path_parameters" %in% result$groups) drawn_names(result)
  for (name in drawn) add("path_parameters", name)
  with_units(tibble::as_tibble(table), units)
})

# Drawn parameters of which the paths' values are kept.
drawn_names <- function(x) {
  setdiff(variables(x, "path_parameters"), c("path", "scenario"))
}
