# Assumptions, and how a file was made.

ob_parameters <- function(x) by_scenario(x, parameter_table)

parameter_table <- function(x) {
  names <- variables(x, "parameters")
  if (!is.null(x$attributes$swept)) names <- Filter(function(n) is_parameter(x, n), names)
  rows <- lapply(names, function(name) {
    text <- function(attribute) attribute(x, "parameters", attribute, name)
    value <- read_column(x, "parameters", name)
    # A parameter that a sweep gives numbers keeps the prior of the base case in the file.
    drawn <- nzchar(text("prior")) && is.na(value)
    tibble::tibble(parameter = name, value = value, unit = text("units"), drawn = drawn,
                   prior = if (drawn) text("prior") else "", symbol = text("symbol"),
                   meaning = text("long_name"),
                   origin = text("origin"), source = text("source"),
                   comment = text("comment"))
  })
  bind_tables(rows)
}

# Not a coordinate of a batch, nor the member of a prior that is swept.
is_parameter <- function(x, name) {
  name != "scenario" &&
    !(attribute(x, "parameters", "key", name) != "" &&
      attribute(x, "parameters", "symbol", name) == "")
}

ob_provenance <- function(x) {
  attributes <- hdf5r::h5attributes(group_of(x, "provenance"))
  c(list(config = plain_values(dataset(x, "provenance", "config")$read())), attributes,
    x$attributes["seed"], x$attributes["source"], x$attributes["history"])
}
