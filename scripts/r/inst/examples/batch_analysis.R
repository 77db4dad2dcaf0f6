# Analysis of a batch that varies one assumption at a time.
#   overbuild batch sweep.toml -o sweep.h5
#   Rscript batch_analysis.R sweep.h5 [FOLDER]
# Prints a table of scenarios and their paired differences from the base case, and draws two
# pictures.

library(overbuild)

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) < 1) stop("usage: Rscript batch_analysis.R BATCH.h5 [FOLDER]")
batch <- ob_open(arguments[1])
folder <- if (length(arguments) > 1) arguments[2] else "."
if (!dir.exists(folder) && !dir.create(folder, showWarnings = FALSE, recursive = TRUE))
  stop(folder, ": is no folder, and cannot be made one", call. = FALSE)
print(batch)

# One number for each scenario, with its Monte Carlo standard error.
end <- batch$attributes$horizon
bust <- ob_statistic(batch, "events/bust_begun", time = end)
coverage <- ob_statistic(batch, "series/coverage_quantile", time = end)
table <- data.frame(bust[setdiff(names(bust), c("value", "se"))], bust = bust$value,
                    bust_se = bust$se,
                    coverage = coverage$value, coverage_se = coverage$se)
cat(sprintf("\nprobability of a bust within %g years, and median coverage at the end\n", end))
print(table, digits = 3, row.names = FALSE)

# Path p of two scenarios has the same draws, so that differences path by path have far smaller
# errors.
paths <- ob_outcomes(batch, "capex_fall")
by_scenario <- split(paths$capex_fall, paths$scenario)
base <- by_scenario[[1]]

# Standard error of a mean. Paths of a sampler other than philox depend on one another: there it is
# the spread of the means of the run's replicates, NA unless all paths are kept (docs/sampling.md).
replicates <- max(0, as.numeric(batch$attributes$replicates))
mean_error <- function(values) {
  if (replicates == 0) return(sd(values) / sqrt(length(values)))
  if (length(values) != batch$attributes$paths) return(NA_real_)
  sd(colMeans(matrix(values, ncol = replicates))) / sqrt(replicates)
}
difference <- t(vapply(by_scenario[-1], function(values) c(
  difference = mean(values - base), se = mean_error(values - base),
  unpaired_se = sqrt(mean_error(values)^2 + mean_error(base)^2)), numeric(3)))
cat("\nlargest fall of capital expenditure, differences of means from the first scenario\n")
print(signif(difference, 3))

save <- function(name, plot, width, height)
  ggplot2::ggsave(file.path(folder, name), plot, width = width, height = height, dpi = 150)
save("batch_tornado.png", ob_plot_tornado(batch, "events/bust_begun"), 7.5, 3.2)
first <- head(ob_scenarios(batch)$scenario, 5)
save("batch_compared.png", ob_plot_compare(lapply(first, ob_scenario, batch = batch)), 10, 4.4)
