# What required revenue is made of.

ob_plot_waterfall <- function(x, time = 0) {
  table <- ob_required_parts(x, time)
  needed <- table[nrow(table), ]
  parts <- table[-nrow(table), ]
  revenue <- attr(table, "revenue")
  ends <- cumsum(parts$mean)
  last <- if (revenue < needed$mean) "missing" else "surplus"
  bars <- data.frame(
    name = c(parts$part, "required revenue", "revenue", last),
    from = c(ends - parts$mean, 0, 0, min(revenue, needed$mean)),
    width = c(parts$mean, needed$mean, revenue, abs(needed$mean - revenue)),
    se = c(parts$se, needed$se, attr(table, "revenue_se"), attr(table, "gap_se")),
    kind = c(rep("part", nrow(parts) - 1), "applications", "required", "revenue", "difference"))
  bars$row <- seq_len(nrow(bars))
  bars$text <- mapply(estimate_text, bars$width, interval * bars$se)
  joins <- data.frame(at = ends, row = seq_along(ends))
  aes <- ggplot2::aes
  ggplot2::ggplot(bars) +
    ggplot2::geom_segment(aes(.data$at, .data$row + 0.34, xend = .data$at, yend = .data$row + 0.66),
                          joins,
                          colour = grey, linewidth = 0.3) +
    ggplot2::geom_rect(aes(xmin = .data$from, xmax = .data$from + .data$width,
                           ymin = .data$row - 0.34,
                           ymax = .data$row + 0.34, fill = .data$kind, colour = .data$kind),
                           linetype = "dashed") +
    ggplot2::geom_text(aes(.data$from + .data$width, .data$row, label = .data$text), hjust = 0,
                       size = 2.8,
                       colour = ink, nudge_x = 0.008 * max(needed$mean, revenue)) +
    ggplot2::scale_fill_manual(values = c(part = orange, applications = grey, required = red,
                                          revenue = blue,
                                          difference = "transparent"), guide = "none") +
    ggplot2::scale_colour_manual(values = c(part = "transparent", applications = "transparent",
                                            required = "transparent",
                                            revenue = "transparent", difference = red),
                                            guide = "none") +
    ggplot2::scale_y_reverse(breaks = bars$row, labels = bars$name) +
    ggplot2::scale_x_continuous(labels = plain_number,
                                limits = c(0, 1.2 * max(needed$mean, revenue)),
                                expand = ggplot2::expansion(c(0, 0))) +
    ggplot2::labs(title = wrapped(sprintf("What required revenue is made of, year %g \u00b7 %s",
                                          time, label_of(x)), 85),
                  caption = wrapped(sprintf(paste(
                    "Means over %s paths; \u00b1: 95%% Monte Carlo interval, if anything is",
                    "drawn. %s%s"), count_text(attr(table, "paths")),
                    no_interval_note(x, "the parts", needed$se), origin(x)), 125),
                  x = "bn USD a year", y = NULL) +
    ob_theme() + ggplot2::theme(panel.grid.major.y = ggplot2::element_blank())
}
