# Coverage against capital expenditure of a run beside another, e.g. fiber in 1996.

ob_plot_phase <- function(x, other, count = 25) {
  check_count(count, 0)
  results <- list(x, other)
  for (each in results) {
    check_result(each)
    chosen(each, "series", c("capex", "coverage"))
  }
  if (x$attributes$model != other$attributes$model)
    ob_stop(other$file, ": is of the model ", other$attributes$model, ", not ", x$attributes$model)
  labels <- labels_of(results)
  ways <- do.call(rbind, Map(phase_medians, results, labels))
  single <- do.call(rbind, Map(phase_paths, results, labels, count))
  ways <- label_places(ways, rbind(ways[c("capex", "coverage")], single[c("capex", "coverage")]))
  years <- ways[abs(ways$time - round(ways$time)) < 1e-9, ]
  # ends are labelled first
  years <- years[order(years$time > 0, years$time < max(years$time)), ]
  for (name in c("ways", "single", "years")) assign(name, ordered_panels(get(name), labels))
  aes <- ggplot2::aes
  ggplot2::ggplot(ways, aes(.data$capex, .data$coverage)) +
    ggplot2::geom_hline(yintercept = 1, colour = ink, linewidth = 0.3) +
    ggplot2::geom_vline(xintercept = 1, colour = ink, linewidth = 0.3, linetype = "dotted") +
    (if (!is.null(single)) ggplot2::geom_path(aes(group = .data$path), single, colour = grey,
                                              linewidth = 0.2, alpha = 0.45)) +
    ggplot2::geom_path(aes(colour = .data$panel), linewidth = 1) +
    ggplot2::geom_point(aes(colour = .data$panel), years, size = 1.3) +
    ggplot2::geom_text(aes(.data$label_x, .data$label_y, label = .data$time, colour = .data$panel),
                       years, size = 2.8,
                       fontface = "bold", check_overlap = TRUE) +
    ggplot2::facet_wrap("panel", labeller = ggplot2::label_wrap_gen(45)) + log_x() + log_y() +
    ggplot2::scale_colour_manual(values = c(blue, red), guide = "none") +
    ggplot2::labs(title = "The way through the boom",
                  x = "capital expenditure, its start = 1 (logarithmic)",
                  y = "coverage (logarithmic)",
                  caption = wrapped(paste(
                    "Bold: medians of both at the same time, years from the start beside them; a",
                    "median is no path. Coverage: revenue over required revenue. Thin: single kept",
                    "paths.", origin(x, other)), 160)) +
    ob_theme()
}

# Years stand to the left of the way, seen along it, 2.5% of the picture's width away.
label_places <- function(ways, all) {
  width <- diff(range(log10(all$capex)))
  height <- 1.35 * diff(range(log10(all$coverage)))     # panels are a quarter lower than wide
  along <- function(v, scale) stats::ave(log10(v) / scale, ways$panel, FUN = function(u) {
    n <- length(u)
    u[c(2:n, n)] - u[c(1, 1:(n - 1))]
  })
  x <- along(ways$capex, width)
  y <- along(ways$coverage, height)
  length <- pmax(sqrt(x^2 + y^2), 1e-12)
  ways$label_x <- ways$capex * 10^(-0.025 * width * y / length)
  ways$label_y <- ways$coverage * 10^(0.025 * height * x / length)
  ways
}

ordered_panels <- function(table, labels) {
  if (is.null(table)) return(NULL)
  table$panel <- factor(table$panel, labels)
  table
}

phase_medians <- function(x, label) {
  capex <- series_quantile(x, "capex", 0.5)
  data.frame(time = times(x), capex = capex / capex[1],
             coverage = series_quantile(x, "coverage", 0.5), panel = label)
}

# The first kept paths, where both series are kept.
phase_paths <- function(x, label, count) {
  if (count == 0) return(NULL)
  if (!"paths" %in% x$groups || !all(c("capex", "coverage") %in% kept_series(x))) return(NULL)
  table <- ob_paths(x, c("capex", "coverage"), utils::head(numbers_of(x, "paths"), count))
  data.frame(path = table$path, time = table$time, panel = label, coverage = table$coverage,
             capex = table$capex / stats::ave(table$capex, table$path, FUN = function(v) v[1]))
}
