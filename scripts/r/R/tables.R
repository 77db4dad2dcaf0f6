# Statistics of series, events and outcomes as tables.

ob_series <- function(x, series = NULL) by_scenario(x, function(result)
  bind_tables(lapply(chosen(result, "series", series), series_table, x = result)))

series_table <- function(x, series) {
  read <- function(suffix) read_column(x, "series", paste0(series, "_", suffix))
  unit <- unit_of(x, "series", paste0(series, "_mean"))
  table <- list(
    series = series, unit = unit, time = times(x), count = read("count"), mean = read("mean"),
    se = read("mean_se"), sd = read("sd"), sd_se = read("sd_se"), skew = read("skew"),
    skew_se = read("skew_se"), min = read("min"), max = read("max"))
  quantile <- read_array(x, "series", paste0(series, "_quantile"))
  quantile[is.nan(quantile)] <- NA
  levels <- quantile_names(x, "series")
  for (i in seq_along(levels)) table[[levels[i]]] <- quantile[, i]
  with_units(tibble::as_tibble(table), c(time = "yr"))
}

# q05 for the level 0.05.
quantile_names <- function(x, group) {
  levels <- vapply(read_column(x, group, "probability"), format, "", digits = 6)
  sub("^0\\.(.)$", "q\\10", sub("^0\\.(..+)$", "q\\1", levels))
}

ob_quantiles <- function(x, series = NULL) by_scenario(x, function(result)
  bind_tables(lapply(chosen(result, "series", series), quantile_table, x = result)))

quantile_table <- function(x, series) {
  levels <- read_column(x, "series", "probability")
  all <- times(x)
  read <- function(suffix) read_column(x, "series", paste0(series, suffix))   # [time, probability]
  table <- tibble::tibble(
    series = series, unit = unit_of(x, "series", paste0(series, "_mean")),
    time = rep(all, length(levels)), probability = rep(levels, each = length(all)),
    value = read("_quantile"), se = read("_quantile_se"))
  with_units(table, c(time = "yr", probability = "1"))
}

ob_events <- function(x, events = NULL) by_scenario(x, function(result)
  bind_tables(lapply(chosen(result, "events", events), event_table, x = result)))

event_table <- function(x, event) {
  table <- list(event = event, time = times(x, "events"),
                probability = read_column(x, "events", event),
                se = read_column(x, "events", paste0(event, "_se")))
  with_units(tibble::as_tibble(table), c(time = "yr", probability = "1", se = "1"))
}

ob_outcome_statistics <- function(x, outcomes = NULL) by_scenario(x, function(result)
  bind_tables(lapply(chosen(result, "outcomes", outcomes), outcome_row, x = result)))

outcome_row <- function(x, outcome) {
  read <- function(suffix) read_column(x, "outcomes", paste0(outcome, "_", suffix))
  row <- list(
    outcome = outcome, unit = unit_of(x, "outcomes", paste0(outcome, "_mean")),
    defined = read("defined"), defined_se = read("defined_se"), count = read("count"),
    mean = read("mean"), se = read("mean_se"), sd = read("sd"), sd_se = read("sd_se"),
    skew = read("skew"), skew_se = read("skew_se"), min = read("min"), max = read("max"))
  quantile <- read("quantile")
  row[quantile_names(x, "outcomes")] <- quantile
  exact <- attribute(x, "outcomes", "exact_quantiles", paste0(outcome, "_quantile"), 0)
  row$exact_quantiles <- exact == 1
  tibble::as_tibble(row)
}

# Names of the values 0, 1, ... of an outcome that is a code; none where it is no code.
codes_of <- function(x, outcome) {
  names <- attribute(x, "outcomes", "flag_meanings", paste0(outcome, "_min"))
  strsplit(names, " ", fixed = TRUE)[[1]]
}

ob_shares <- function(x, outcome = "regime_final") by_scenario(x, function(result) {
  chosen(result, "outcomes", outcome)
  codes <- codes_of(result, outcome)
  if (!length(codes))
    ob_stop(result$file, ": ", outcome, " is no code; ob_histogram has its distribution")
  bins <- ob_histogram(result, outcome)
  paths <- read_column(result, "outcomes", paste0(outcome, "_count"))
  # A bin begins at each code and ends before the next.
  share <- vapply(seq_along(codes) - 1, function(code)
    sum(bins$count[bins$lower == code | (bins$lower < code & code < bins$upper)]) / paths, 0)
  kept <- if ("path_outcomes" %in% result$groups) read_column(result, "path_outcomes", outcome)
  of_some <- function(part) vapply(seq_along(codes) - 1, function(code)
    mean(kept[part] == code, na.rm = TRUE), 0)
  se <- standard_error(result, length(kept), of_some, sqrt(share * (1 - share) / paths))
  with_units(tibble::tibble(code = codes, share = share, se = se), c(share = "1", se = "1"))
})

ob_histogram <- function(x, outcome) by_scenario(x, function(result) {
  chosen(result, "outcomes", outcome)
  read <- function(suffix) read_column(result, "outcome_histograms", paste0(outcome, suffix))
  unit <- unit_of(result, "outcome_histograms", paste0(outcome, "_bin"))
  with_units(tibble::tibble(lower = read("_bin_lower"), upper = read("_bin_upper"),
                            count = read("_count")),
             c(lower = unit, upper = unit, count = "1"))
})

summary_levels <- c("q05", "q25", "q50", "q75", "q95")

ob_summary <- function(x, every = 1) by_scenario(x, function(result) {
  if (!is_number(every) || every <= 0)
    ob_stop("every: found ", found_text(every), "; allowed are finite numbers above 0")
  series <- at_multiples(ob_series(result), every)
  events <- at_multiples(ob_events(result), every)
  outcomes <- ob_outcome_statistics(result)
  head <- c("kind", "name", "time", "unit", "defined", "mean", "se", summary_levels)
  series <- tibble::add_column(series, kind = "series", defined = series$count / size_of(result))
  series$name <- series$series
  events <- tibble::tibble(kind = "events", name = events$event, time = events$time, unit = "1",
                           defined = 1, mean = events$probability, se = events$se)
  events[summary_levels] <- NA_real_
  outcomes <- tibble::add_column(outcomes, kind = "outcomes", time = NA_real_)
  outcomes$name <- outcomes$outcome
  rows <- lapply(seq_len(nrow(outcomes)), function(i) code_rows(result, outcomes[i, head]))
  with_units(bind_tables(c(list(series[head], events[head]), rows)), c(time = "yr"))
})

# The row of an outcome; of one that is a code a row for each, whose mean is its share.
code_rows <- function(x, row) {
  if (!length(codes_of(x, row$name))) return(row)
  shares <- ob_shares(x, row$name)
  rows <- row[rep(1, nrow(shares)), ]
  rows$name <- paste(row$name, "=", shares$code)
  rows[c("mean", "se")] <- list(as.vector(shares$share), as.vector(shares$se))
  rows[summary_levels] <- NA_real_
  rows
}

at_multiples <- function(table, every) {
  multiple <- table$time / every
  table[abs(multiple - round(multiple)) < 1e-6, ]
}

summary.ob_result <- function(object, every = 1, ...) ob_summary(object, every)
summary.ob_batch <- function(object, every = 1, ...) ob_summary(object, every)
