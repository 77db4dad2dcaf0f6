# Standard errors of what is estimated from kept paths, whatever run.sampler was. Paths of the
# samplers other than philox depend on one another, so that no formula for independent paths holds.
# The run parts them into replicates that are independent of each other (docs/sampling.md): the
# estimate is formed in each of them, and its error is their spread.

# Files of earlier versions have no attribute; they are of philox.
is_dependent <- function(x) !identical(as.character(x$attributes$sampler), "philox") &&
  !is.null(x$attributes$sampler)

# Places of each replicate's paths among `kept` ones; none unless all paths of the run are kept.
replicate_places <- function(x, kept) {
  count <- as.numeric(x$attributes$replicates)
  if (length(count) != 1 || count < 1 || kept != size_of(x) || kept %% count != 0) return(list())
  unname(split(seq_len(kept), rep(seq_len(count), each = kept / count)))
}

# Standard error of an estimate (one number or several) from the first `kept` paths: `independent`,
# what the formula for independent paths says, if they are; else the spread of `estimate` over the
# replicates, NA where not all paths are kept, or where one of the replicates has no value.
standard_error <- function(x, kept, estimate, independent) {
  if (!is_dependent(x)) return(independent)
  places <- replicate_places(x, kept)
  if (length(places) < 2) return(rep(NA_real_, length(independent)))
  values <- matrix(vapply(places, function(part) as.numeric(estimate(part)),
                          numeric(length(independent))), ncol = length(places))
  values[!is.finite(values)] <- NA
  apply(values, 1, stats::sd) / sqrt(length(places))
}

# Why something has no interval.
no_interval_note <- function(x, what, errors) {
  if (!is_dependent(x) || any(is.finite(errors))) return("")
  sprintf(paste("No interval of %s: of paths of the sampler %s it needs all to be kept, in two",
                "replicates or more. "), what, x$attributes$sampler)
}
