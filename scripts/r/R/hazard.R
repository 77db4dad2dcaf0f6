# When an event that lasts comes, among the paths without it.

ob_hazard <- function(x, event = "bust_begun") {
  by_scenario(x, function(result) hazard_table(result, event))
}

# The hazard h of a step dt follows from the share q of the paths without the event on which it
# comes: q = 1 - exp(-h dt). Its error is that of q by the delta method where paths are independent.
hazard_table <- function(x, event) {
  chosen(x, "events", event)
  time <- times(x, "events")
  p <- read_column(x, "events", event)
  if (any(diff(p) < 0))
    ob_stop(x$file, ": ", event, " is no event that lasts: its probability falls; choose another")
  se <- read_column(x, "events", paste0(event, "_se"))[-1]
  steps <- hazard_steps(p, time)
  errors <- if (is_dependent(x)) dependent_errors(x, p, time, se)
  else independent_errors(p, time, size_of(x))
  table <- tibble::tibble(
    time = time[-1], probability = p[-1], se = se, in_step = steps$in_step,
    in_step_se = errors$in_step, hazard = steps$hazard,
    hazard_se = ifelse(is.na(steps$hazard), NA, errors$hazard))
  with_units(table, c(time = "yr", probability = "1", se = "1", in_step = "1", in_step_se = "1",
                      hazard = "1/yr", hazard_se = "1/yr"))
}

finite_or_na <- function(v) ifelse(is.finite(v), v, NA_real_)

# Share of the paths on which the event comes in each step, and its hazard (1/yr).
hazard_steps <- function(p, time) {
  before <- p[-length(p)]
  q <- ifelse(before < 1, diff(p) / (1 - before), NA)
  list(in_step = diff(p), hazard = finite_or_na(-log1p(-q) / diff(time)))
}

independent_errors <- function(p, time, n) {
  before <- p[-length(p)]
  come <- diff(p)
  q <- ifelse(before < 1, come / (1 - before), NA)
  list(in_step = sqrt(come * (1 - come) / n),
       hazard = finite_or_na(sqrt(q / ((1 - q) * (1 - before) * n)) / diff(time)))
}

# From the replicates where all paths keep the outcome that times the event. In a step that all
# paths enter without the event the share is the probability, of which the file has the error.
dependent_errors <- function(x, p, time, se) {
  begun <- begun_paths(x, p, time)
  found <- standard_error(x, nrow(begun), function(part)
    unlist(hazard_steps(colMeans(begun[part, , drop = FALSE]), time)), numeric(2 * length(se)))
  steps <- seq_along(se)
  first <- p[-length(p)] == 0
  hazard <- found[-steps]
  list(in_step = ifelse(first, se, found[steps]),
       hazard = ifelse(first & is.na(hazard), finite_or_na(se / (1 - p[-1]) / diff(time)), hazard))
}

# Whether the event has come, by path and time, from the outcome that gives its probability at every
# time; of no path where none does.
begun_paths <- function(x, p, time) {
  none <- matrix(FALSE, 0, length(time))
  if (!"path_outcomes" %in% x$groups || length(numbers_of(x, "path_outcomes")) != size_of(x))
    return(none)
  for (name in quantities(x, "outcomes")) {
    if (unit_of(x, "path_outcomes", name) != "yr") next
    values <- read_column(x, "path_outcomes", name)
    begun <- outer(values, time + 1e-9, function(value, at) !is.na(value) & value <= at)
    if (all(abs(colMeans(begun) - p) < 0.5 / size_of(x))) return(begun)
  }
  none
}
