# Arrays of a file. HDF5's dimensions come in the order of C; R's packages list them the other way
# round. Here they are always in the order of docs/format.md: [time, probability].

# Groups that only some files have, and what makes a run keep them.
kept_by <- c(paths = "outputs.paths > 0 in the config keeps series of paths",
             path_outcomes = "outputs.outcomes > 0 in the config keeps outcomes of paths",
             path_parameters = "outputs.outcomes > 0 in the config keeps draws, if there are any",
             outcome_histograms = "the program writes it",
             state = "only shards, parts and results that were stopped have it")

# What was made once for a file is kept with it: names of a group, attributes, small variables.
once <- function(x, key, make) {
  if (is.null(x$cache[[key]])) assign(key, make(), envir = x$cache)
  x$cache[[key]]
}

group_of <- function(x, group) {
  if (!x$handle$is_valid) ob_stop(x$file, ": was closed; open it again with ob_open")
  if (!group %in% x$groups) {
    hint <- if (group == "paths" && "swept" %in% names(x$attributes))
      "batch files have none; `overbuild batch --separate` keeps them in a result for each scenario"
    else if (group %in% names(kept_by)) kept_by[[group]]
    ob_stop(x$file, ": has no group ", group, if (!is.null(hint)) paste0(" (", hint, ")"),
            "; it has ",
            paste(x$groups, collapse = ", "))
  }
  once(x, group, function() x$handle[[group]])
}

variables <- function(x, group) {
  owner <- group_of(x, group)
  once(x, paste("names", group), function() names(owner))
}

dataset <- function(x, group, name) {
  there <- variables(x, group)
  if (!name %in% there)
    ob_stop(x$file, ": group ", group, " has no variable ", name, nearest_text(name, there))
  group_of(x, group)[[name]]
}

# An attribute of a group (name = NULL) or of a variable; `default` where there is none.
attribute <- function(x, group, attribute, name = NULL, default = "") {
  once(x, paste(c("attribute", group, name, attribute), collapse = " "), function() {
    owner <- if (is.null(name)) group_of(x, group) else dataset(x, group, name)
    if (owner$attr_exists(attribute)) hdf5r::h5attr(owner, attribute) else default
  })
}

unit_of <- function(x, group, name) attribute(x, group, "units", name, "1")

# Names of a variable's dimensions, in the file's order, from the layout (docs/format.md). The
# file's own DIMENSION_LIST says the same, but hdf5r 1.3.8 loses count of open files when it reads
# references while garbage is collected ("r_count can never be more than 1 larger than h5_count").
dimension_names <- function(x, group, name, rank) {
  batch <- !is.null(x$attributes$swept)
  own <- if (name %in% c("time", "probability", "path", "scenario")) name
  else group_dimensions(group, name)
  if (is.null(own)) return(paste("dimension", seq_len(rank)))      # no part of the layout: /state
  if (batch && rank == 1 && name %in% swept(x)) return("scenario")
  if (batch && rank == length(own) + 1) own <- c("scenario", own)
  if (rank != length(own))
    ob_stop(x$file, ": ", group, "/", name, " has ", rank, " dimensions, not ", length(own),
            " as in layout version ", layout_version, ": the file is damaged or of another version")
  own
}

group_dimensions <- function(group, name) {
  quantile <- grepl("_quantile(_se)?$", name)
  switch(group,
         series = c("time", if (quantile) "probability"), events = "time",
         outcomes = if (quantile) "probability" else character(),
         outcome_histograms = sub("_(bin|bin_lower|bin_upper|count)$", "_bin", name),
         parameters = , provenance = character(), paths = c("path", "time"),
         path_outcomes = , path_parameters = "path")
}

# A variable's values in the file's order of dimensions, NaN where undefined. `index` holds
# positions by the name of a dimension; only these are read. A scenario of a batch has no dimension
# `scenario`.
read_array <- function(x, group, name, index = list()) {
  if (!group %in% path_groups) return(scenario_part(read_whole(x, group, name), x$position))
  if (!is.null(x$position)) index$scenario <- x$position
  scenario_part(read_part(x, group, name, index), if (!is.null(x$position)) 1)
}

# May be larger than memory: what was read of them is not kept.
path_groups <- c("paths", "path_outcomes", "path_parameters")

read_part <- function(x, group, name, index) {
  data <- dataset(x, group, name)
  dimensions <- dimension_names(x, group, name, length(data$dims))
  if (length(dimensions) == 0) return(plain_values(data$read()))
  asked <- lapply(dimensions, function(d) if (is.null(index[[d]])) quote(expr = ) else index[[d]])
  value <- data$read(args = rev(asked), drop = FALSE)
  lengths <- if (is.null(dim(value))) length(value) else dim(value)
  value <- aperm(array(plain_values(value), lengths), rev(seq_along(lengths)))
  structure(value, dimensions = dimensions)
}

read_whole <- function(x, group, name) {
  if (!x$handle$is_valid) group_of(x, group)      # a closed file says so
  once(x, paste0(group, "/", name), function() read_part(x, group, name, list()))
}

scenario_part <- function(value, position) {
  dimensions <- attr(value, "dimensions")
  if (is.null(position) || !identical(dimensions[1], "scenario")) return(value)
  lengths <- dim(value)[-1]
  slice <- matrix(value, nrow = dim(value)[1])[position, ]
  if (length(lengths) == 0) return(slice)
  structure(array(slice, lengths), dimensions = dimensions[-1])
}

# Integers of 64 bits, which R has not, as doubles: exact up to 2^53, more than any count of paths.
plain_values <- function(value) {
  if (bit64::is.integer64(value)) bit64::as.double.integer64(value) else as.vector(value)
}

# The values alone, and NA for the file's NaN: R's word for a value that is not there.
read_column <- function(x, group, name, index = list()) {
  value <- as.vector(read_array(x, group, name, index))
  if (is.double(value)) value[is.nan(value)] <- NA_real_
  value
}

ob_array <- function(x, name) {
  parts <- strsplit(name, "/", fixed = TRUE)[[1]]
  if (length(parts) != 2) ob_stop(x$file, ": ", name,
                                  ": a variable is named GROUP/NAME, as series/time")
  value <- read_array(x, parts[1], parts[2])
  dimensions <- attr(value, "dimensions")
  attr(value, "dimensions") <- NULL
  if (!is.null(dimensions)) dimnames(value) <- coordinates_of(x, parts[1], dimensions, dim(value))
  attr(value, "units") <- unit_of(x, parts[1], parts[2])
  attr(value, "long_name") <- attribute(x, parts[1], "long_name", parts[2])
  value
}

coordinates_of <- function(x, group, dimensions, lengths) {
  names <- lapply(seq_along(dimensions), function(i) {
    if (!dimensions[i] %in% variables(x, group)) return(NULL)      # as in /state
    values <- read_column(x, group, dimensions[i])
    # a long axis of paths needs names, too
    if (length(values) == lengths[i]) format_number(values)
  })
  stats::setNames(names, dimensions)
}

format_number <- function(values) {
  if (is.character(values)) values
  else format(values, trim = TRUE, digits = 15, scientific = FALSE, drop0trailing = TRUE)
}

times <- function(x, group = "series") read_column(x, group, "time")

# Position of a time (yr) among those of the file.
time_position <- function(x, time, group = "series") {
  all <- times(x, group)
  position <- which.min(abs(all - time))
  if (abs(all[position] - time) > 1e-6)
    ob_stop(x$file, ": ", time, " yr is no time of the result; it has ", format(all[1]), " to ",
            format(all[length(all)]), " yr in steps of ", format(x$attributes$step))
  position
}

# Position of a quantile's level among those of the file.
level_position <- function(x, level, group = "series") {
  levels <- read_column(x, group, "probability")
  position <- which(abs(levels - level) < 1e-9)
  if (length(position) != 1)
    ob_stop(x$file, ": no quantile at ", level, "; there are ",
            paste(format_number(levels), collapse = ", "))
  position
}

# Quantiles of a series by time, in its unit.
series_quantile <- function(x, series, level, error = FALSE) {
  name <- paste0(series, if (error) "_quantile_se" else "_quantile")
  read_array(x, "series", name)[, level_position(x, level)]
}

# Tables with units: the attribute "units" of each column that is named.
with_units <- function(table, units) {
  for (name in intersect(names(units), names(table))) attr(table[[name]], "units") <- units[[name]]
  table
}

ob_units <- function(table) {
  units <- lapply(table, attr, "units", exact = TRUE)
  unlist(units[!vapply(units, is.null, TRUE)])
}

# Tables one below the other; units of columns are those of the first.
bind_tables <- function(tables) {
  if (length(tables) == 1) return(tables[[1]])
  names <- names(tables[[1]])
  columns <- lapply(stats::setNames(nm = names),
                    function(name) do.call(c, lapply(tables, `[[`, name)))
  with_units(tibble::as_tibble(columns), ob_units(tables[[1]]))
}

# A table of a result; of a batch those of all scenarios, with the columns of ob_scenarios first.
by_scenario <- function(x, make) {
  if (!is_batch(x)) return(make(x))
  scenarios <- ob_scenarios(x)
  bind_tables(lapply(seq_len(nrow(scenarios)), function(i) {
    table <- make(ob_scenario(x, scenarios$scenario[i]))
    repeated <- with_units(scenarios[rep(i, nrow(table)), ], ob_units(scenarios))
    # A swept parameter that paths draw in some scenarios is in both: then the paths' own values.
    tibble::as_tibble(c(repeated[setdiff(names(repeated), names(table))], table))
  }))
}
