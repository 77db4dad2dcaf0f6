# Several scenarios beside each other, and one answer against each assumption.

ob_plot_compare <- function(x) {
  results <- results_of(x)
  if (length(results) < 1 || length(results) > length(colours))
    ob_stop(length(results), " scenarios do not fit one picture; choose up to ", length(colours),
            ", e.g. lapply(names, ob_scenario, batch = x)")
  for (result in results) {
    chosen(result, "series", "coverage")
    chosen(result, "events", c("bust_begun", "covered"))
  }
  labels <- vapply(labels_of(results), function(label) wrapped(gsub(" = ", "\u00a0=\u00a0", label),
                                                              45), "", USE.NAMES = FALSE)
  coverage <- do.call(rbind, Map(function(r, label) data.frame(
    time = times(r), value = series_quantile(r, "coverage", 0.5),
    low = series_quantile(r, "coverage", 0.25),
    high = series_quantile(r, "coverage", 0.75), scenario = label), results, labels))
  panels <- list(
    coverage = draw_compared(coverage, labels, "coverage, median (logarithmic)", 0.12) + log_y() +
      ggplot2::geom_hline(yintercept = 1, colour = ink, linewidth = 0.3),
    bust = draw_compared(event_rows(results, labels, "bust_begun"), labels,
                         "bust has begun, % of paths", 0.3) +
      percent_axis(),
    covered = draw_compared(event_rows(results, labels, "covered"), labels,
                            "coverage is above one, % of paths", 0.3) +
      percent_axis())
  ob_panels(panels, "Scenarios compared",
            wrapped(paste("Shaded: middle half of the paths (coverage), 95% Monte Carlo intervals",
                          "(probabilities).",
                          do.call(origin, results)), 180), c(1, 1, 1), legend = 1)
}

percent_axis <- function()
  ggplot2::scale_y_continuous(limits = c(0, NA), expand = ggplot2::expansion(c(0, 0.05)))

event_rows <- function(results, labels, event) {
  do.call(rbind, Map(function(r, label) {
    p <- 100 * read_column(r, "events", event)
    error <- 100 * interval * read_column(r, "events", paste0(event, "_se"))
    data.frame(time = times(r, "events"), value = p, low = pmax(0, p - error),
               high = pmin(100, p + error), scenario = label)
  }, results, labels))
}

draw_compared <- function(table, labels, title, alpha) {
  table$scenario <- factor(table$scenario, labels)
  aes <- ggplot2::aes
  ggplot2::ggplot(table, aes(.data$time, .data$value, colour = .data$scenario,
                             linetype = .data$scenario)) +
    ggplot2::geom_ribbon(aes(ymin = .data$low, ymax = .data$high, fill = .data$scenario),
                         alpha = alpha, colour = NA) +
    ggplot2::geom_line(linewidth = 0.8) + ggplot2::scale_colour_manual(values = colours) +
    ggplot2::scale_fill_manual(values = colours) + ggplot2::scale_linetype_manual(values = lines) +
    ggplot2::guides(colour = ggplot2::guide_legend(ncol = min(3, length(labels))),
                    fill = ggplot2::guide_legend(ncol = min(3, length(labels))),
                    linetype = ggplot2::guide_legend(ncol = min(3, length(labels)))) +
    ggplot2::labs(subtitle = title, x = "years from the start",
                  y = NULL) + time_axis() + ob_theme() +
    ggplot2::theme(plot.subtitle = ggplot2::element_text(colour = ink),
                   legend.key.width = grid::unit(30, "pt"))
}

ob_plot_tornado <- function(x, statistic = "outcomes/bust_time_defined", time = NULL,
                            probability = 0.5,
                            share = 0.2, count = 12) {
  check_count(count, 1)
  table <- ob_sensitivity(x, statistic, time, probability, share)
  scale <- if (parse_statistic(statistic)$share) 100 else 1
  base <- scale * attr(table, "base")
  shown <- utils::head(table, count)
  first <- if (is_batch(x)) ob_scenario(x, scenario_names(x)[1]) else x
  how <- if (is_batch(x)) paste(
    "Each assumption alone at its low and its high value, with common random numbers:",
    "differences are more precise than the whiskers.")
  else sprintf(paste("Paths that drew the lowest and the highest %g%% of each prior (bounds beside",
                     "the bars); correlated priors move together. %s"),
               100 * share, paste0(kept_note(x, "Paths", attr(table, "paths")),
                                   no_interval_note(x, "the statistic", table$low_se)))
  whiskers <- if (all(is.na(c(shown$low_se, shown$high_se)))) "" else
    "Whiskers: 95% Monte Carlo intervals."
  draw_tornado(tornado_bars(shown, scale), base, mapply(unit_label, shown$parameter, shown$unit)) +
    ggplot2::labs(title = wrapped(paste("What moves the answer \u00b7", title_of(x)), 85),
                  subtitle = if (nrow(shown) < nrow(table))
                    sprintf("the %d strongest of %d assumptions", nrow(shown), nrow(table)),
                  caption = wrapped(paste(how, whiskers, origin(x)), 125),
                  x = statistic_label(first, statistic, time, probability), y = NULL)
}

tornado_bars <- function(table, scale) {
  side <- function(name, text) data.frame(
    row = seq_len(nrow(table)), value = scale * table[[name]],
    error = scale * interval * table[[paste0(name, "_se")]],
    number = vapply(table[[paste0(name, "_value")]], function(v) format(signif(v, 3)), ""),
    side = text)
  rbind(side("low", "low value of the assumption"), side("high", "high value of the assumption"))
}

# One number beside each end of a row, outside of both whiskers.
label_ends <- function(bars, base) {
  bars[c("edge", "just")] <- NA_real_
  for (row in unique(bars$row)) {
    own <- which(bars$row == row)
    own <- own[order(bars$value[own])]
    error <- ifelse(is.na(bars$error[own]), 0, bars$error[own])     # without whiskers at the bars
    bars$edge[own] <- c(min(base, bars$value[own] - error), max(base, bars$value[own] + error))
    bars$just[own] <- c(1.2, -0.2)
  }
  bars
}

draw_tornado <- function(bars, base, names) {
  bars$side <- factor(bars$side, unique(bars$side))
  bars <- label_ends(bars, base)
  bars <- bars[order(-abs(bars$value - base)), ]      # a shorter bar on the same side is not hidden
  aes <- ggplot2::aes
  ggplot2::ggplot(bars) +
    ggplot2::geom_rect(aes(xmin = pmin(base, .data$value), xmax = pmax(base, .data$value),
                           ymin = .data$row - 0.35,
                           ymax = .data$row + 0.35, fill = .data$side)) +
    ggplot2::geom_errorbarh(aes(xmin = .data$value - .data$error, xmax = .data$value + .data$error,
                                y = .data$row),
                            height = 0.2, linewidth = 0.3, colour = ink, na.rm = TRUE) +
    ggplot2::geom_text(aes(.data$edge, .data$row, label = .data$number, hjust = .data$just),
                       size = 2.5, colour = ink) +
    ggplot2::geom_vline(xintercept = base, colour = ink, linewidth = 0.35) +
    ggplot2::annotate("text", x = base, y = -Inf, label = paste("base", format(signif(base, 3))),
                      hjust = -0.1,
                      vjust = 1.2, size = 2.8, colour = ink) +
    ggplot2::scale_fill_manual(values = c(sky, orange)) +
    ggplot2::scale_y_reverse(breaks = seq_along(names), labels = names,
                             expand = ggplot2::expansion(add = c(0.6, 0.9))) +
    ggplot2::scale_x_continuous(labels = plain_number, expand = ggplot2::expansion(0.12)) +
    ob_theme() + ggplot2::theme(panel.grid.major.y = ggplot2::element_blank())
}
