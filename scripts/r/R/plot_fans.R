# Series over time: fans of quantiles, and kept paths.

ob_plot_revenue <- function(x, start = NULL) {
  check_result(x)
  chosen(x, "series", c("revenue", "required_revenue"))
  bands <- rbind(band_rows(x, "revenue", "revenue", 0.05, 0.95),
                 band_rows(x, "revenue", "revenue", 0.25, 0.75),
                 band_rows(x, "required_revenue", "required", 0.25, 0.75))
  medians <- rbind(median_rows(x, "revenue", "revenue"),
                   median_rows(x, "required_revenue", "required"))
  fills <- c(shade(blue, 0.2), shade(blue, 0.45), grDevices::adjustcolor(red, 0.45))
  draw_fan(bands, medians, fills, c(blue, red), start) + log_y() +
    ggplot2::labs(title = wrapped(paste("Revenue and what is required \u00b7", label_of(x)), 85),
                  caption = fan_note(x, c("revenue", "required_revenue")),
                  y = "bn USD a year (logarithmic)") +
    ggplot2::theme(legend.box = "vertical", legend.box.just = "left",
                   legend.spacing.y = grid::unit(1, "pt"))
}

ob_plot_coverage <- function(x, start = NULL) {
  plot <- ob_plot_fan(x, "coverage", start)
  # At the end where the median is farther away, and on the side where the median is not.
  median <- log(series_quantile(x, "coverage", 0.5))
  width <- max(1, round(0.35 * length(median)))
  right <- min(abs(utils::tail(median, width))) > min(abs(utils::head(median, width)))
  below <- (if (right) median[length(median)] else median[1]) > 0
  plot + ggplot2::geom_hline(yintercept = 1, colour = ink, linewidth = 0.35) +
    ggplot2::annotate("text", x = if (right) Inf else -Inf, y = 1,
                      label = "revenue = required revenue", hjust = if (right) 1.05 else -0.05,
                      vjust = if (below) 1.5 else -0.5, size = 2.8, colour = ink)
}

ob_plot_fan <- function(x, series, start = NULL) {
  check_result(x)
  series <- chosen(x, "series", series)
  if (length(series) != 1) ob_stop(x$file, ": ob_plot_fan draws one series, not ", length(series))
  bands <- rbind(band_rows(x, series, "", 0.05, 0.95), band_rows(x, series, "", 0.25, 0.75))
  plot <- draw_fan(bands, median_rows(x, series, ""), c(shade(blue, 0.2), shade(blue, 0.45)), blue,
                   start)
  positive <- is_positive(x, series)
  plot + value_axis(positive) +
    (if (!positive) ggplot2::geom_hline(yintercept = 0, colour = ink, linewidth = 0.3)) +
    ggplot2::labs(title = wrapped(paste(sentence(series), "\u00b7", label_of(x)), 85),
                  caption = fan_note(x, series), y = series_label(x, series, positive))
}

ob_plot_paths <- function(x, series = "coverage", count = 40, start = NULL) {
  check_result(x)
  check_count(count, 1)
  chosen(x, "series", series)
  numbers <- utils::head(numbers_of(x, "paths"), count)
  kept <- ob_paths(x, series, numbers)
  kept$value <- kept[[series]]
  kept$date <- dates(kept$time, start)
  band <- band_rows(x, series, "all paths", 0.05, 0.95)
  positive <- is_positive(x, series) && all(kept$value > 0)
  draw_fan(band, median_rows(x, series, "all paths"), shade(blue, 0.2), blue, start,
           ggplot2::geom_line(ggplot2::aes(.data$date, .data$value, group = .data$path), kept,
                              colour = grey, linewidth = 0.2, alpha = 0.7)) +
    value_axis(positive) +
    ggplot2::labs(title = wrapped(sprintf("%s: %d paths \u00b7 %s", sentence(series),
                                          length(numbers), label_of(x)), 85),
                  caption = wrapped(sprintf("Grey: the first %d kept paths. %s", length(numbers),
                                            origin(x)), 125),
                  y = series_label(x, series, positive))
}

.data <- ggplot2::.data

value_axis <- function(positive)
  if (positive) log_y() else ggplot2::scale_y_continuous(labels = plain_number)

series_label <- function(x, series, logarithmic) {
  name <- paste0(series, "_mean")
  label <- unit_label(attribute(x, "series", "meaning", name, series), unit_of(x, "series", name))
  paste0(wrapped(label, 48), if (logarithmic) " (logarithmic)")
}

# Whether all that a fan shows is positive, so that it may have a logarithmic axis.
is_positive <- function(x, series) all(series_quantile(x, series, 0.05) > 0)

band_rows <- function(x, series, label, low, high) {
  name <- sprintf("%g-%g%%", 100 * low, 100 * high)
  data.frame(time = times(x), low = series_quantile(x, series, low),
             high = series_quantile(x, series, high),
             band = if (nzchar(label)) paste0(label, ", ", name) else name)
}

median_rows <- function(x, series, label) {
  error <- interval * series_quantile(x, series, 0.5, error = TRUE)
  value <- series_quantile(x, series, 0.5)
  data.frame(time = times(x), value = value, low = value - error, high = value + error,
             name = if (nzchar(label)) paste0(label, ", median") else "median")
}

draw_fan <- function(bands, medians, fills, line_colours, start, between = NULL) {
  bands$band <- factor(bands$band, unique(bands$band))
  medians$name <- factor(medians$name, unique(medians$name))
  bands$date <- dates(bands$time, start)
  medians$date <- dates(medians$time, start)
  aes <- ggplot2::aes
  ggplot2::ggplot() +
    ggplot2::geom_ribbon(aes(.data$date, ymin = .data$low, ymax = .data$high, fill = .data$band),
                         bands) +
    between +
    lapply(seq_along(line_colours), function(i) ggplot2::geom_ribbon(
      aes(.data$date, ymin = .data$low, ymax = .data$high), subset(medians, as.integer(name) == i),
      fill = line_colours[i], alpha = 0.5)) +
    ggplot2::geom_line(aes(.data$date, .data$value, colour = .data$name, linetype = .data$name),
                       medians,
                       linewidth = 0.7) +
    ggplot2::scale_fill_manual(values = fills) +
    ggplot2::scale_colour_manual(values = line_colours) +
    ggplot2::scale_linetype_manual(values = lines[seq_along(line_colours)]) +
    ggplot2::guides(colour = ggplot2::guide_legend(order = 1),
                    linetype = ggplot2::guide_legend(order = 1),
                    fill = ggplot2::guide_legend(order = 2)) +
    time_axis() + ggplot2::xlab(date_label(start)) + ob_theme()
}

# What the bands are, and how uncertain the medians: in percent, or in the unit of a series that may
# be zero.
fan_note <- function(x, series) {
  positive <- all(vapply(series, is_positive, TRUE, x = x))
  worst <- max(0, vapply(series, function(name) {
    error <- interval * series_quantile(x, name, 0.5, error = TRUE)
    if (positive) error <- 100 * error / series_quantile(x, name, 0.5)
    max(0, error[is.finite(error)])
  }, 0))
  unit <- unit_of(x, "series", paste0(series[1], "_mean"))
  unit <- if (positive) "%" else if (unit == "1") "" else paste0(" ", unit)
  wrapped(paste0("Bands hold the middle 50% and 90% of the paths. Medians have a 95% Monte ",
                 "Carlo interval of at most \u00b1", plain_number(signif(worst, 2)), unit,
                 " (shaded). ",
                 origin(x)), 125)
}
