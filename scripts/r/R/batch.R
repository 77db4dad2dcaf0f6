# Scenarios of a batch.

scenario_names <- function(batch) as.vector(read_whole(batch, "outcomes", "scenario"))

swept <- function(batch) strsplit(batch$attributes$swept, " ", fixed = TRUE)[[1]]

check_batch <- function(x) {
  if (!is_batch(x)) ob_stop(if (is.character(x$file)) paste0(x$file, ": "),
                            "is no batch; `overbuild batch` writes one")
}

ob_scenarios <- function(batch) {
  check_batch(batch)
  names <- swept(batch)
  values <- lapply(stats::setNames(nm = names), function(name) read_column(batch, "outcomes", name))
  units <- lapply(stats::setNames(nm = names), function(name) unit_of(batch, "outcomes", name))
  with_units(tibble::as_tibble(c(list(scenario = scenario_names(batch)), values)), units)
}

ob_scenario <- function(batch, name) {
  check_batch(batch)
  names <- scenario_names(batch)
  position <- match(name, names)
  if (length(name) != 1 || is.na(position))
    ob_stop(batch$file, ": no scenario ", paste(name, collapse = ", "), "; there are ",
            paste(utils::head(names, 20), collapse = ", "), if (length(names) > 20) ", ...")
  batch$scenario <- names[position]
  batch$position <- position
  structure(batch, class = "ob_result")
}

# Swept values of a scenario, but for those that all scenarios share.
scenario_label <- function(x) {
  parts <- vapply(swept(x), function(key) {
    values <- as.vector(read_whole(x, "outcomes", key))
    own <- values[x$position]
    if (is.nan(own) || length(unique(values)) < 2) "" else paste(key, "=", format(signif(own, 4)))
  }, "")
  parts <- parts[nzchar(parts)]
  if (length(parts)) paste(parts, collapse = ", ") else "base case"
}

# Results to be compared: of a batch its scenarios, else a list of results, or one.
results_of <- function(x) {
  if (is_batch(x)) return(lapply(scenario_names(x), function(name) ob_scenario(x, name)))
  results <- if (inherits(x, "ob_result")) list(x) else x
  for (result in results) check_result(result)
  results
}
