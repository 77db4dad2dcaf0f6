# All kept paths of a series at once, read a block at a time: memory does not grow with their
# number.

block_paths <- 32 * 512     # a multiple of the 512 paths that a chunk of the file holds

# Shares of the kept paths by time and value, in equal bins between the 1% and 99% quantiles of all
# times; on a logarithmic scale where the series is positive.
density_table <- function(x, series, bins, positive, block = block_paths) {
  limits <- c(min(series_quantile(x, series, 0.01), na.rm = TRUE),
              max(series_quantile(x, series, 0.99), na.rm = TRUE))
  scale <- if (positive) log else identity
  edges <- seq(scale(limits[1]), scale(limits[2]), length.out = bins + 1)
  time <- times(x, "paths")
  paths <- length(numbers_of(x, "paths"))
  counts <- matrix(0, length(time), bins)
  for (first in seq(1, paths, by = block)) {
    positions <- first:min(paths, first + block - 1)
    values <- suppressWarnings(scale(read_array(x, "paths", series, list(path = positions))))
    for (step in seq_along(time)) {
      bin <- findInterval(values[, step], edges, rightmost.closed = TRUE)
      counts[step, ] <- counts[step, ] + tabulate(bin[bin > 0], bins + 1)[seq_len(bins)]
    }
  }
  unscaled <- if (positive) exp(edges) else edges
  table <- data.frame(time = rep(time, bins), low = rep(unscaled[-(bins + 1)], each = length(time)),
                      high = rep(unscaled[-1], each = length(time)),
                      share = as.vector(counts) / paths)
  structure(table, paths = paths, outside = 1 - min(rowSums(counts)) / paths)
}

ob_plot_density <- function(x, series = "coverage", start = NULL) {
  check_result(x)
  series <- chosen(x, "series", series)
  if (length(series) != 1)
    ob_stop(x$file, ": ob_plot_density draws one series, not ", length(series))
  there <- if ("paths" %in% x$groups) kept_series(x)
  if (!is.null(there) && !series %in% there)
    ob_stop(x$file, ": series ", series, " was not kept (outputs.series in the config names those ",
            "to keep); it has ", paste(there, collapse = ", "))
  positive <- is_positive(x, series) && all(series_quantile(x, series, 0.01) > 0)
  kept <- length(numbers_of(x, "paths"))
  bins <- min(max(floor(sqrt(kept)), 20), 160)     # fewer where paths are few, to be no mere noise
  table <- density_table(x, series, bins, positive)
  half <- x$attributes$step / 2
  table$date <- dates(table$time, start)
  medians <- data.frame(date = dates(times(x), start), value = series_quantile(x, series, 0.5))
  aes <- ggplot2::aes
  name <- sprintf("median of %s paths", if (kept == size_of(x)) "all" else count_text(size_of(x)))
  ggplot2::ggplot(table) +
    ggplot2::geom_rect(aes(xmin = .data$date - half, xmax = .data$date + half, ymin = .data$low,
                           ymax = .data$high, fill = 100 * .data$share)) +
    ggplot2::geom_line(aes(.data$date, .data$value), medians, colour = "white", linewidth = 1.4) +
    ggplot2::geom_line(aes(.data$date, .data$value, colour = name), medians, linewidth = 0.7) +
    ggplot2::scale_colour_manual(values = red) +
    ggplot2::scale_fill_gradientn(
      colours = c("#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"), trans = "sqrt",
      limits = c(0, 100 * stats::quantile(table$share, 0.995, names = FALSE)),
      oob = function(value, range, ...) pmin(pmax(value, range[1]), range[2])) +
    ggplot2::guides(colour = ggplot2::guide_legend(title = NULL, order = 1),
                    fill = ggplot2::guide_colourbar(
      title = "share of paths in a bin, %", title.theme = ggplot2::element_text(size = 8),
      title.vjust = 0.9, barwidth = 8, barheight = 0.5, order = 2)) +
    value_axis(positive) + time_axis() +
    ggplot2::labs(title = wrapped(sprintf("%s: all %s kept paths \u00b7 %s", sentence(series),
                                          count_text(kept), label_of(x)), 85),
                  caption = wrapped(sprintf(paste(
                    "Share of the paths in each of %d bins between the smallest 1%% and the",
                    "largest 99%% quantile; at most %.1f%% of the paths lie beyond. %s"),
                    bins, 100 * attr(table, "outside"), origin(x)), 125),
                  x = date_label(start), y = series_label(x, series, positive)) +
    ob_theme() + ggplot2::theme(panel.grid.major = ggplot2::element_blank(),
                                legend.title = ggplot2::element_text(size = 8))
}
