# One number of a result, and how much it depends on each assumption.

suffixes <- c("mean", "sd", "skew", "quantile", "defined")

# "outcomes/bust_time_defined" in its parts.
parse_statistic <- function(statistic) {
  group <- sub("/.*", "", statistic)
  variable <- sub("^[^/]*/?", "", statistic)
  if (!group %in% c("series", "events", "outcomes") || !nzchar(variable))
    ob_stop(statistic, ": a statistic is named as in [run.until] of a config: series/NAME_mean, ",
            "events/NAME or outcomes/NAME_defined (also _sd, _skew, _quantile)")
  suffix <- sub(".*_", "", variable)
  plain <- group == "events" || !suffix %in% suffixes
  list(group = group, variable = variable, suffix = if (plain) "" else suffix,
       name = if (plain) variable else sub("_[a-z]+$", "", variable),
       share = group == "events" || suffix == "defined")
}

ob_statistic <- function(x, statistic = "outcomes/bust_time_defined", time = NULL,
                         probability = 0.5) {
  asked <- parse_statistic(statistic)
  by_scenario(x, function(result) {
    pair <- statistic_pair(result, asked, time, probability)
    unit <- unit_of(result, asked$group, asked$variable)
    with_units(tibble::tibble(value = pair[1], se = pair[2]), c(value = unit, se = unit))
  })
}

statistic_pair <- function(x, asked, time, probability) {
  chosen(x, asked$group, asked$name)
  end <- if (is.null(time)) x$attributes$horizon else time
  vapply(paste0(asked$variable, c("", "_se")), function(name) {
    value <- read_array(x, asked$group, name)
    for (dimension in attr(value, "dimensions")) {
      position <- if (dimension == "time") time_position(x, end, asked$group)
      else level_position(x, probability, asked$group)
      value <- if (is.matrix(value)) value[position, ] else value[position]
    }
    if (is.nan(value)) NA_real_ else as.vector(value)
  }, 0, USE.NAMES = FALSE)
}

# What the number is, with its unit, for an axis.
statistic_label <- function(x, statistic, time, probability) {
  asked <- parse_statistic(statistic)
  horizon <- x$attributes$horizon
  if (statistic == "outcomes/bust_time_defined")
    return(sprintf("probability of a bust within %g years, %%", horizon))
  when <- sprintf(" at year %g", if (is.null(time)) horizon else time)
  if (asked$group == "outcomes") when <- ""
  name <- gsub("_", " ", asked$name)
  if (asked$share)
    return(paste0(if (asked$group == "outcomes") "share of paths with " else "probability of ",
                  name, when, ", %"))
  what <- if (asked$suffix != "quantile") asked$suffix
  else if (probability == 0.5) "median" else sprintf("%g%% quantile", 100 * probability)
  unit <- unit_of(x, asked$group, asked$variable)
  paste0(what, " of ", name, when, if (unit != "1") paste0(", ", unit))
}

ob_sensitivity <- function(x, statistic = "outcomes/bust_time_defined", time = NULL,
                           probability = 0.5,
                           share = 0.2) {
  if (!is_number(share) || share <= 0 || share > 0.5)
    ob_stop("share: found ", found_text(share), "; allowed are numbers above 0 up to 0.5")
  made <- if (is_batch(x)) batch_rows(x, statistic, time, probability)
  else draw_rows(x, parse_statistic(statistic), statistic, share)
  table <- bind_tables(made$rows)
  table <- table[order(-abs(table$high - table$low)), ]
  attr(table, "base") <- made$base[1]
  attr(table, "base_se") <- made$base[2]
  attr(table, "paths") <- made$paths
  table
}

sensitivity_row <- function(parameter, unit, low_value, high_value, low, high)
  tibble::as_tibble(list(parameter = parameter, unit = unit, low_value = low_value,
                         high_value = high_value,
                         low = low[1], low_se = low[2], high = high[1], high_se = high[2]))

# The scenario from which every other one differs in one swept key at most.
base_position <- function(x, values) {
  for (own in seq_len(nrow(values))) {
    differs <- vapply(values, function(v) !mapply(identical, v, v[own]), logical(nrow(values)))
    if (all(rowSums(matrix(differs, nrow(values))) <= 1)) return(own)
  }
  ob_stop(x$file, ": is no sweep that varies one key at a time: no scenario differs from all ",
          "others in one key only (method = \"one_at_a_time\" of [[sweep]] makes such a batch)")
}

batch_rows <- function(x, statistic, time, probability) {
  values <- lapply(as.list(ob_scenarios(x))[swept(x)], as.vector)
  values <- as.data.frame(values, optional = TRUE)
  base <- base_position(x, values)
  found <- ob_statistic(x, statistic, time, probability)
  number <- function(i) c(found$value[i], found$se[i])
  rows <- lapply(swept(x), function(key) {
    own <- values[[key]]
    # The base case counts where it has a number; where it draws from its prior it has no place.
    varied <- which(!is.na(own) & (seq_along(own) == base | is.na(own[base]) | own != own[base]))
    if (length(varied) < 2) return(NULL)
    low <- varied[which.min(own[varied])]
    high <- varied[which.max(own[varied])]
    sensitivity_row(key, unit_of(x, "outcomes", key), own[low], own[high], number(low),
                    number(high))
  })
  list(rows = Filter(Negate(is.null), rows), base = number(base))
}

# Of a run: the paths that drew the lowest and the highest share of each prior.
draw_rows <- function(x, asked, statistic, share) {
  check_result(x)
  if (asked$group != "outcomes" || !asked$suffix %in% c("mean", "defined"))
    ob_stop(statistic,
            ": of a run only outcomes/NAME_mean and outcomes/NAME_defined can be taken over ",
            "some of the paths; sweep the parameters with `overbuild batch` for others")
  group_of(x, "path_outcomes")
  chosen(x, "outcomes", asked$name)
  values <- read_column(x, "path_outcomes", asked$name)
  if (!"path_parameters" %in% x$groups)
    ob_stop(x$file, ": no parameter has a prior, so that nothing is drawn; sweep parameters with ",
            "`overbuild batch`")
  rows <- lapply(drawn_names(x), function(name) {
    drawn <- read_column(x, "path_parameters", name)
    ends <- stats::quantile(drawn, c(share, 1 - share), names = FALSE)
    found <- over_ends(drawn, values, asked, share)
    found["se", ] <- standard_error(x, length(values), function(part)
      over_ends(drawn[part], values[part], asked, share)["value", ], found["se", ])
    sensitivity_row(name, unit_of(x, "path_parameters", name), ends[1], ends[2],
                    unname(found[, "low"]), unname(found[, "high"]))
  })
  base <- over_paths(values, asked)
  base[2] <- standard_error(x, length(values), function(part) over_paths(values[part], asked)[1],
                            base[2])
  list(rows = rows, base = base, paths = length(values))
}

# Value and standard error over the paths that drew the lowest and the highest share.
over_ends <- function(drawn, values, asked, share) {
  ends <- stats::quantile(drawn, c(share, 1 - share), names = FALSE)
  low <- over_paths(values[drawn <= ends[1]], asked)
  high <- over_paths(values[drawn >= ends[2]], asked)
  matrix(c(low, high), 2, dimnames = list(c("value", "se"), c("low", "high")))
}

# Value and the standard error that it has if the paths are independent.
over_paths <- function(values, asked) {
  if (asked$suffix == "defined") {
    p <- mean(!is.na(values))
    return(c(p, sqrt(p * (1 - p) / length(values))))
  }
  values <- values[!is.na(values)]
  c(mean(values), stats::sd(values) / sqrt(length(values)))
}
