# One style for all pictures. Colours can be told apart by the colour-blind (Okabe and Ito 2008),
# and lines differ in more than colour. A last line says what the picture was made from.

blue <- "#0072B2"; red <- "#D55E00"; green <- "#009E73"; orange <- "#E69F00"; sky <- "#56B4E9"
purple <- "#CC79A7"; ink <- "#222222"; grey <- "#666666"
dark_red <- "#994300"     # for small text: its contrast with white is above 4.5
colours <- c(blue, red, green, purple, orange, sky)
lines <- c("solid", "dashed", "dotdash", "dotted", "twodash", "longdash")
interval <- 1.96     # standard errors in half of a 95% interval

ob_theme <- function() {
  ggplot2::theme_minimal(base_size = 10) + ggplot2::theme(
    text = ggplot2::element_text(colour = ink), axis.title = ggplot2::element_text(size = 9),
    plot.margin = ggplot2::margin(5.5, 12, 5.5, 5.5),
    axis.text = ggplot2::element_text(colour = ink),
    plot.title = ggplot2::element_text(face = "bold", size = 11), plot.title.position = "plot",
    plot.subtitle = ggplot2::element_text(size = 8.5, colour = grey),
    plot.caption = ggplot2::element_text(size = 7, colour = grey, hjust = 0),
    plot.caption.position = "plot", panel.grid.minor = ggplot2::element_blank(),
    panel.grid.major = ggplot2::element_line(colour = "#e4e4e4", linewidth = 0.3),
    axis.line = ggplot2::element_line(colour = "#888888", linewidth = 0.3),
    axis.ticks = ggplot2::element_line(colour = "#888888", linewidth = 0.3),
    legend.position = "top", legend.justification = "left", legend.title = ggplot2::element_blank(),
    legend.text = ggplot2::element_text(size = 8), legend.key.width = grid::unit(22, "pt"),
    legend.key.height = grid::unit(10, "pt"), legend.margin = ggplot2::margin(0, 0, 0, 0),
    legend.box = "horizontal", strip.text = ggplot2::element_text(hjust = 0, size = 9),
    plot.background = ggplot2::element_rect(fill = "white", colour = NA))
}

wrapped <- function(text, width) paste(strwrap(text, width), collapse = "\n")

# What a picture was made from: scenarios, paths, seed.
origin <- function(...) {
  results <- list(...)
  runs <- vapply(results, function(x)
    paste0(count_text(size_of(x)), " paths, seed ", format(x$attributes$seed)), "")
  names <- vapply(results, function(x) paste0(
    if (!is.null(x$scenario)) paste0(x$attributes$batch, "/"), run_name(x),
    if (is_shard(x)) sprintf(" (SHARD %g of %g)", as.numeric(x$attributes$shard),
                             as.numeric(x$attributes$shards)),
    if (x$attributes$complete == 0) " (INCOMPLETE)"), "")
  parts <- vapply(unique(runs), function(run)
    paste0(paste(names[runs == run], collapse = ", "), ": ", run), "")
  paste0(paste(parts, collapse = "; "), ".")
}

# Of how many paths something is, where it is not of all.
kept_note <- function(x, what, paths) {
  if (paths >= size_of(x)) "" else sprintf("%s: the %s paths whose outcomes were kept. ", what,
                                           count_text(paths))
}

# Labels for a legend; those that are alike are told apart by the file, or by a number.
labels_of <- function(results) {
  labels <- vapply(results, label_of, "")
  tell <- function(labels, by) {
    alike <- labels %in% labels[duplicated(labels)]
    ifelse(alike, paste0(labels, " (", by, ")"), labels)
  }
  stems <- vapply(results, function(x) sub("\\.[^.]*$", "", basename(x$file)), "")
  tell(tell(labels, stems), seq_along(labels))
}

# Years from the start, or dates when `start` is the calendar year of t = 0.
dates <- function(time, start) {
  if (is.null(start)) return(time)
  if (!is_number(start))
    ob_stop("start: found ", found_text(start),
            "; allowed is the calendar year of t = 0, e.g. 2025, or NULL")
  time + start
}
date_label <- function(start) if (is.null(start)) "years from the start" else "year"

# A colour mixed with white, opaque, so that a legend shows what the picture has.
shade <- function(colour, strength) {
  part <- grDevices::col2rgb(colour) / 255
  grDevices::rgb(t(1 - strength * (1 - part)))
}

plain_number <- function(values) {
  ifelse(is.na(values), NA, prettyNum(signif(values, 6), big.mark = ",", scientific = FALSE,
                                      drop0trailing = TRUE))
}

# Breaks of a logarithmic axis: 1, 2, 5, 10 or, over a wide span, fewer, over a short one more.
plain_breaks <- function(limits) {
  span <- log10(limits[2] / limits[1])
  if (span < 0.3) return(pretty(limits))
  digits <- if (span < 1) c(1, 1.5, 2, 3, 5, 7) else if (span < 2.5) c(1, 2, 5)
  else if (span < 4) c(1, 3) else 1
  powers <- 10^seq(floor(log10(limits[1])), ceiling(log10(limits[2])))
  breaks <- sort(as.vector(outer(digits, powers)))
  breaks[breaks >= limits[1] & breaks <= limits[2]]
}

log_y <- function(...) ggplot2::scale_y_log10(breaks = plain_breaks, labels = plain_number, ...)
log_x <- function(...) ggplot2::scale_x_log10(breaks = plain_breaks, labels = plain_number, ...)
# Whole years, unless the axis is shorter than two.
time_axis <- function() ggplot2::scale_x_continuous(
  expand = ggplot2::expansion(mult = 0.01), labels = function(v) format(v, trim = TRUE),
  breaks = function(limits) {
    breaks <- pretty(limits, 6)
    if (diff(limits) < 2) breaks else unique(round(breaks))
  })

# A label: what it is and, unless it is a pure number, its unit.
unit_label <- function(meaning, unit) if (unit == "1") meaning else paste0(meaning, ", ", unit)

sentence <- function(name) {
  text <- gsub("_", " ", name)
  paste0(toupper(substr(text, 1, 1)), substr(text, 2, nchar(text)))
}

# A value and half of its interval, both to the interval's first digit: 42.99 ± 0.02.
estimate_text <- function(value, error) {
  if (!isTRUE(error > 1e-9 * abs(value)))      # none, or what rounding leaves of none
    return(if (abs(value) >= 1 || value == 0) formatC(value, format = "f", digits = 1,
                                                      big.mark = ",")
           else format(signif(value, 2)))
  digits <- max(0, -floor(log10(error)))
  paste(formatC(c(value, error), format = "f", digits = digits, big.mark = ","),
        collapse = " \u00b1 ")
}

# Several plots with one title and one note, and the legend of one of them on top (0: none). The
# list `plots` can be changed before it is drawn.
ob_panels <- function(plots, title, note, sizes, stacked = FALSE, legend = 0) {
  structure(list(plots = plots, title = title, note = note, sizes = sizes, stacked = stacked,
                 legend = legend), class = "ob_panels")
}

panels_grob <- function(x) {
  no_legend <- ggplot2::theme(legend.position = "none")
  grobs <- lapply(x$plots, function(p) ggplot2::ggplotGrob(p + no_legend))
  join <- if (x$stacked) rbind else cbind
  all <- Reduce(function(a, b) join(a, b, size = "max"), grobs)
  panels <- all$layout[grepl("^panel", all$layout$name), ]
  size <- grid::unit(x$sizes, "null")
  if (x$stacked) all$heights[sort(panels$t)] <- size else all$widths[sort(panels$l)] <- size
  if (x$legend > 0) all <- add_legend(all, x$plots[[x$legend]])
  all <- add_text(all, x$title, 0, 11, "bold", ink)
  all <- add_text(all, x$note, -1, 7, "plain", grey)
  grid::grobTree(grid::rectGrob(gp = grid::gpar(fill = "white", col = NA)), all)
}

add_legend <- function(table, plot) {
  legend <- gtable::gtable_filter(ggplot2::ggplotGrob(plot), "^guide-box(-top)?$")
  table <- gtable::gtable_add_rows(table, sum(legend$heights), 0)
  gtable::gtable_add_grob(table, legend, 1, 1, 1, ncol(table), name = "legend")
}

add_text <- function(table, text, row, size, face, colour) {
  grob <- grid::textGrob(text, x = grid::unit(6, "pt"), hjust = 0,
                         gp = grid::gpar(fontsize = size, fontface = face, col = colour,
                                         lineheight = 1))
  table <- gtable::gtable_add_rows(table, grid::grobHeight(grob) + grid::unit(10, "pt"), row)
  at <- if (row == 0) 1 else nrow(table)
  gtable::gtable_add_grob(table, grob, at, 1, at, ncol(table), clip = "off", name = "text")
}

grid.draw.ob_panels <- function(x, recording = TRUE) grid::grid.draw(panels_grob(x), recording)

print.ob_panels <- function(x, ...) {
  grid::grid.newpage()
  grid::grid.draw(x)
  invisible(x)
}
