# What required revenue is made of (docs/model.md, step 8), from parameters and kept series.

applications <- "share of applications and models"

# Standard error of a mean; 0 where nothing is drawn.
mean_error <- function(x, values) {
  if (length(values) < 2) return(0)
  standard_error(x, length(values), function(part) mean(values[part]), independent_error(values))
}

independent_error <- function(values)
  if (length(values) > 1) stats::sd(values) / sqrt(length(values)) else 0

# A parameter: one number, or what each of the first `paths` kept paths (NULL: all) drew.
drawn_or_fixed <- function(x, name, paths = NULL) {
  fixed <- read_column(x, "parameters", name)
  if (!is.na(fixed)) return(fixed)
  if (!"path_parameters" %in% x$groups)
    ob_stop(x$file, ": ", name,
            " is drawn, and what the paths drew was not kept; set outputs.outcomes ",
            "in the config")
  drawn <- read_column(x, "path_parameters", name)
  if (is.null(paths)) return(drawn)
  if (length(drawn) < paths)
    ob_stop(x$file, ": ", name, " is kept of ", length(drawn), " paths, series of ", paths,
            "; set outputs.outcomes to at least outputs.paths in the config")
  drawn[seq_len(paths)]
}

# At t = 0 the parts follow from the parameters alone; bn/yr.
parts_at_start <- function(x) {
  value <- function(name) drawn_or_fixed(x, name)
  it <- value("it_capital_0")
  shell <- value("shell_capital_0")
  chi <- value("infrastructure_share")
  cost <- value("marginal_cost_0")
  price <- pmax(1, (1 + value("price_floor_markup")) * cost)
  quantity <- value("revenue_0") * price^-value("price_elasticity")
  parts <- list("return on capital" = value("wacc") * (it + shell),
                "depreciation of IT" = it / value("it_life"),
                "depreciation of shell and power" = shell / value("shell_life"),
                "running cost" = chi * cost * quantity,
                "fixed operating cost" = value("fixed_opex") * (it + shell))
  total <- Reduce(`+`, parts) / chi
  revenue <- read_array(x, "series", "revenue_mean")[1]
  list(parts = parts, total = total, revenue = revenue,
       revenue_se = read_array(x, "series", "revenue_mean_se")[1],
       # revenue is the same on all paths
       gap_se = read_array(x, "series", "required_revenue_mean_se")[1])
}

# Later they come from kept series, path by path; bn/yr.
parts_later <- function(x, time) {
  needed <- c("net_capital", "profit", "revenue", "required_revenue")
  missing <- setdiff(needed, if ("paths" %in% x$groups) kept_series(x))
  if (length(missing))
    ob_stop(x$file, ": parts of required revenue after the start need the kept series ",
            paste(missing, collapse = ", "), " (outputs.paths and outputs.series in the config)")
  position <- time_position(x, time, "paths")
  now <- lapply(stats::setNames(nm = needed), function(name)
    as.vector(read_array(x, "paths", name, list(time = position))))
  paths <- length(now$revenue)
  wacc <- drawn_or_fixed(x, "wacc", paths)
  chi <- drawn_or_fixed(x, "infrastructure_share", paths)
  cost <- chi * now$revenue - now$profit
  capital <- wacc * now$net_capital
  total <- now$required_revenue
  list(parts = list("return on capital" = capital, "depreciation" = chi * total - capital - cost,
                    "operating cost" = cost),
       total = total, revenue = mean(now$revenue), revenue_se = mean_error(x, now$revenue),
       gap_se = mean_error(x, total - now$revenue))
}

ob_required_parts <- function(x, time = 0) {
  check_result(x)
  chosen(x, "series", c("required_revenue", "revenue"))
  made <- if (time == 0) parts_at_start(x) else parts_later(x, time)
  parts <- made$parts
  parts[[applications]] <- made$total - Reduce(`+`, made$parts)
  parts[["required revenue"]] <- made$total
  table <- tibble::tibble(part = names(parts), mean = vapply(parts, mean, 0, USE.NAMES = FALSE),
                          se = vapply(parts, mean_error, 0, x = x, USE.NAMES = FALSE))
  # Whatever the sampler, of independent paths: a tolerance where some paths are kept.
  check_parts(x, time, table$mean[nrow(table)], independent_error(made$total))
  table <- with_units(table, c(mean = "bn/yr", se = "bn/yr"))
  attr(table, "revenue") <- made$revenue
  attr(table, "revenue_se") <- made$revenue_se
  attr(table, "gap_se") <- made$gap_se
  attr(table, "paths") <- max(lengths(parts))
  table
}

# The engine's own mean must agree: otherwise the formulas here are not those of the model.
check_parts <- function(x, time, mean, se) {
  engine <- read_array(x, "series", "required_revenue_mean")[time_position(x, time)]
  if (abs(mean - engine) > 1e-6 * abs(engine) + 6 * se)
    ob_stop(x$file, ": the parts of required revenue add up to ", signif(mean, 6),
            " bn/yr, but the result has ", signif(engine, 6),
            ": it is of another version of the model")
}
