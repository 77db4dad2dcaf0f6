# What arguments may be.

is_number <- function(value) is.numeric(value) && length(value) == 1 && is.finite(value)

found_text <- function(value) paste(deparse(value, nlines = 1), collapse = "")

check_count <- function(count, least) {
  if (!is_number(count) || count < least || count != round(count))
    ob_stop("count: found ", found_text(count), "; allowed are whole numbers from ", least)
}
