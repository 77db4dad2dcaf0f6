# When a bust comes, and how deep it is.

ob_plot_bust_by_date <- function(x, start = NULL) {
  check_result(x)
  table <- hazard_table(x, "bust_begun")
  step <- c(table$time[1], diff(table$time))
  come <- data.frame(date = dates(c(0, table$time), start), p = 100 * c(0, table$probability),
                     error = 100 * interval * c(0, table$se))
  rate <- data.frame(from = dates(table$time - step, start), to = dates(table$time, start),
                     rate = table$hazard, error = interval * table$hazard_se)
  end <- come[nrow(come), ]
  end$label <- paste0(estimate_text(end$p, end$error), "%")
  aes <- ggplot2::aes
  above <- ggplot2::ggplot(come, aes(.data$date, .data$p)) +
    ggplot2::geom_ribbon(aes(ymin = .data$p - .data$error, ymax = .data$p + .data$error),
                         fill = red, alpha = 0.3) +
    ggplot2::geom_line(colour = red, linewidth = 0.8) +
    ggplot2::geom_text(aes(label = .data$label), end, hjust = 1, vjust = -1.2, size = 3,
                       colour = dark_red) +
    ggplot2::scale_y_continuous(limits = c(0, NA), expand = ggplot2::expansion(c(0, 0.18))) +
    ggplot2::labs(x = NULL, y = "bust has begun,\n% of paths") + time_axis() + ob_theme()
  below <- ggplot2::ggplot(rate) +
    ggplot2::geom_rect(aes(xmin = .data$from, xmax = .data$to,
                           ymin = pmax(0, .data$rate - .data$error),
                           ymax = .data$rate + .data$error), fill = blue, alpha = 0.25,
                           na.rm = TRUE) +
    ggplot2::geom_segment(aes(.data$from, .data$rate, xend = .data$to, yend = .data$rate),
                          colour = blue,
                          linewidth = 0.7, na.rm = TRUE) +
    ggplot2::scale_y_continuous(limits = c(0, NA), expand = ggplot2::expansion(c(0, 0.08))) +
    ggplot2::labs(x = date_label(start), y = "hazard of a bust,\n1/yr") + time_axis() + ob_theme()
  ob_panels(list(probability = above, hazard = below),
            wrapped(paste("Probability of a bust by date and its hazard \u00b7", label_of(x)), 85),
            wrapped(paste("Shaded: 95% Monte Carlo intervals. Hazard: rate at which a bust comes",
                          "on paths that have had none.",
                          no_interval_note(x, "the hazard", table$hazard_se[-1]), origin(x)), 125),
            c(3, 2), stacked = TRUE)
}

ob_plot_bust_distribution <- function(x, depth = "capex_fall", bins = 25, start = NULL) {
  check_result(x)
  chosen(x, "outcomes", depth)
  table <- hazard_table(x, "bust_begun")
  none <- 100 * (1 - table$probability[nrow(table)])
  kept <- if ("path_outcomes" %in% x$groups)
    kept_note(x, "Depth", length(numbers_of(x, "path_outcomes"))) else ""
  deep <- depth_table(x, depth, bins)
  kept <- paste0(kept, no_interval_note(x, "times", table$in_step_se[-1]),
                 no_interval_note(x, "depths", deep$all_se))
  ob_panels(list(time = draw_bust_times(x, table, start), depth = draw_depth(x, depth, deep)),
            wrapped(paste("When busts come and how deep they are \u00b7", label_of(x)), 110),
            wrapped(sprintf(paste("Whiskers: 95%% Monte Carlo intervals. Shares of all paths;",
                                  "%.1f%% have no bust within %g years. %s%s"),
                            none, x$attributes$horizon, kept, origin(x)), 160), c(1, 1),
            legend = if ("path_outcomes" %in% x$groups) 2 else 0)
}

draw_bust_times <- function(x, table, start) {
  step <- x$attributes$step
  data <- data.frame(date = dates(table$time - step / 2, start), share = 100 * table$in_step,
                     error = 100 * interval * table$in_step_se)
  ggplot2::ggplot(data, ggplot2::aes(.data$date, .data$share)) +
    ggplot2::geom_col(fill = red, width = 0.86 * step) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = .data$share - .data$error,
                                         ymax = .data$share + .data$error),
                            linewidth = 0.3, colour = ink, na.rm = TRUE) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(c(0, 0.05))) +
    ggplot2::labs(x = paste0("bust time, ", date_label(start)),
                  y = sprintf("bust in a step of %g yr, %% of paths",
                              step)) + time_axis() + ob_theme()
}

draw_depth <- function(x, depth, table) {
  share <- table$lower[1] == 0 && table$upper[nrow(table)] == 1
  scale <- if (share) 100 else 1
  table[c("lower", "upper")] <- scale * table[c("lower", "upper")]
  gap <- 0.04 * (table$upper - table$lower)
  aes <- ggplot2::aes
  table$from <- table$lower + gap
  table$to <- table$upper - gap
  split <- !is.null(table$bust)
  if (!split) table$bust <- table$all
  parts <- rbind(
    data.frame(table[c("from", "to")], bottom = 0, top = 100 * table$bust,
               kind = if (split) "paths with a bust" else "all paths"),
    if (split) data.frame(table[c("from", "to")], bottom = 100 * table$bust, top = 100 * table$all,
                          kind = "paths without a bust"))
  meaning <- if (depth == "capex_fall") "largest fall of capital expenditure from its peak"
  else attribute(x, "outcomes", "meaning", paste0(depth, "_mean"), depth)
  unit <- unit_of(x, "outcomes", paste0(depth, "_mean"))
  ggplot2::ggplot(parts) +
    ggplot2::geom_rect(aes(xmin = .data$from, xmax = .data$to, ymin = .data$bottom,
                           ymax = .data$top, fill = .data$kind)) +
    ggplot2::geom_linerange(aes((.data$from + .data$to) / 2,
                                ymin = 100 * (.data$all - interval * .data$all_se),
                                ymax = 100 * (.data$all + interval * .data$all_se)), table,
                                linewidth = 0.3, colour = ink, na.rm = TRUE) +
    ggplot2::scale_fill_manual(values = c("paths with a bust" = red, "paths without a bust" = sky,
                                          "all paths" = grey)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(c(0, 0.05))) +
    ggplot2::scale_x_continuous(labels = plain_number) +
    ggplot2::labs(x = wrapped(if (share) paste0(meaning, ", %") else unit_label(meaning, unit), 60),
                  y = "share of paths in a bin, %") + ob_theme()
}

# Distribution of an outcome in equal bins: from the kept paths, split by whether a bust comes, or
# from the histogram of all paths, whose fine bins are divided in proportion.
depth_table <- function(x, depth, bins) {
  values <- list()
  if ("path_outcomes" %in% x$groups) {
    all <- read_column(x, "path_outcomes", depth)
    bust <- !is.na(read_column(x, "path_outcomes", "bust_time"))
    size <- length(all)
    edges <- depth_edges(all, bins)
    values <- list(all = all, bust = ifelse(bust, all, NA))
    count <- function(v) tabulate(findInterval(v[!is.na(v)], edges, rightmost.closed = TRUE), bins)
    counts <- lapply(values, count)
  } else {
    size <- size_of(x)
    limits <- c(read_column(x, "outcomes", paste0(depth, "_min")),
                read_column(x, "outcomes", paste0(depth, "_max")))
    edges <- depth_edges(limits, bins)
    counts <- list(all = rebinned(ob_histogram(x, depth), edges))
  }
  table <- data.frame(lower = edges[-length(edges)], upper = edges[-1])
  for (name in names(counts)) {
    p <- counts[[name]] / size
    table[[name]] <- p
    own <- values[[name]]
    table[[paste0(name, "_se")]] <- standard_error(
      x, length(own), function(part) count(own[part]) / length(part), sqrt(p * (1 - p) / size))
  }
  table
}

depth_edges <- function(values, bins) {
  values <- values[!is.na(values)]
  limits <- if (length(values)) range(values) else c(0, 1)
  if (limits[1] >= 0 && limits[2] <= 1) limits <- c(0, 1)      # a share
  if (limits[1] == limits[2]) limits[2] <- limits[1] + 1
  seq(limits[1], limits[2], length.out = bins + 1)
}

rebinned <- function(histogram, edges) {
  bins <- length(edges) - 1
  counts <- numeric(bins)
  for (i in which(histogram$count > 0)) {
    lower <- min(max(histogram$lower[i], edges[1]), edges[bins + 1])
    upper <- min(max(histogram$upper[i], edges[1]), edges[bins + 1])
    if (upper > lower) {
      inside <- pmax(0, pmin(upper, edges[-1]) - pmax(lower, edges[-(bins + 1)])) / (upper - lower)
    } else {     # the bin of zero has no width
      inside <- as.numeric(seq_len(bins) == findInterval(lower, edges, rightmost.closed = TRUE))
    }
    counts <- counts + histogram$count[i] * inside
  }
  counts
}
