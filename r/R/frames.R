# Tables of the program as data frames.

# Runs a command that writes a table, and reads it.
table_of <- function(args, input = NULL, class = NULL, quiet = getOption("comity.quiet", FALSE)) {
  arrow <- isTRUE(getOption("comity.arrow"))
  if (arrow && !requireNamespace("arrow", quietly = TRUE)) {
    fail("the option comity.arrow is set, and the package arrow is not installed", "options(comity.arrow = FALSE), or install arrow")
  }
  file <- tempfile("comity-", fileext = if (arrow) ".arrow" else ".rds")
  beside <- paste0(file, ".json")
  on.exit(unlink(c(file, beside)))
  run(c(args, flag("output", file)), input, quiet = quiet)
  frame <- if (arrow) from_arrow(file) else read_rds(file)
  notes <- attr(frame, "comity")
  if (is.null(notes) && file.exists(beside)) {
    notes <- paste(readLines(beside, encoding = "UTF-8", warn = FALSE), collapse = "\n")
    frame <- dressed(frame, json_parse(notes))
    attr(frame, "comity") <- notes
  }
  class(frame) <- c(class, "data.frame")
  frame
}

read_rds <- function(file) {
  tryCatch(readRDS(file), error = function(e) {
    fail(
      paste("the table that the program wrote cannot be read:", conditionMessage(e)),
      "is there room in the folder of temporary files (tempdir())?"
    )
  })
}

# The types of the file for R: whole numbers are doubles where R's packages have doubles, texts of a dictionary are factors.
from_arrow <- function(file) {
  table <- arrow::read_ipc_file(file, as_data_frame = FALSE)
  wide <- vapply(table$schema$fields, function(f) f$type == arrow::int64(), NA)
  frame <- as.data.frame(table)
  frame[wide] <- lapply(frame[wide], as.double)
  # Levels are the texts in use, in the order of the alphabet.
  factors <- vapply(frame, is.factor, NA)
  frame[factors] <- lapply(frame[factors], function(f) {
    factor(as.character(f), levels = sort(unique(as.character(f)), method = "radix"))
  })
  frame
}

# What the description says of each column, as attributes.
dressed <- function(frame, notes) {
  for (about in notes$columns) {
    name <- about$name
    if (!name %in% names(frame)) next
    if (nzchar(about$means)) attr(frame[[name]], "label") <- about$means
    if (!is.null(about$unit)) attr(frame[[name]], "units") <- about$unit
    if (length(about$values) > 0L && is.integer(frame[[name]])) {
      values <- vapply(about$values, function(v) as.integer(v$value), 0L)
      names(values) <- vapply(about$values, function(v) v$means, "")
      attr(frame[[name]], "labels") <- values
    }
  }
  frame
}

#' What the columns of a table mean
#'
#' `labels()` gives a row for each column: its name, what it means, its unit, the values of its codes, the sources behind it and the years that
#' these cover. `as_factors()` makes the codes that have labels (contact by land, hostility levels, outcomes) into factors; as they come they
#' are whole numbers, so that conditions such as `conttype == 1` work as in other packages.
#'
#' A table carries this as attributes: `label` and `units` of a column, `labels` of a code, as the packages haven, labelled and Hmisc have
#' them; the sources stand in the attribute `comity` of the table, as JSON.
#'
#' @param object,x A table made by [panel()], [collect()], [verdicts()], [findings()] or [query()].
#' @param columns Names of columns; all with labelled values where it is left out.
#' @param ... Not used.
#' @return A data frame.
#' @examples
#' \dontrun{
#' p <- panel("dyad-years", with = "contiguity", years = 2000:2010)
#' labels(p)
#' table(as_factors(p)$conttype)
#' }
#' @export
labels.comity_table <- function(object, ...) {
  notes <- notes_of(object)
  about <- notes$columns
  names(about) <- vapply(about, function(a) a$name, "")
  say <- function(get) vapply(names(object), function(name) paste(get(object[[name]], about[[name]]), collapse = ""), "", USE.NAMES = FALSE)
  codebook(data.frame(
    column = names(object),
    label = say(function(column, about) attr(column, "label")),
    unit = say(function(column, about) attr(column, "units")),
    values = say(function(column, about) {
      values <- attr(column, "labels")
      if (!is.null(values)) paste(values, names(values), collapse = "; ")
    }),
    sources = say(function(column, about) paste(unlist(about$sources), collapse = ", ")),
    years = say(function(column, about) if (!is.null(about$covered)) paste(about$covered, collapse = "-"))
  ))
}

# Rows that explain something each: printed one under the other, the first column before the others.
codebook <- function(frame) {
  class(frame) <- c("comity_codebook", "data.frame")
  frame
}

#' @export
print.comity_codebook <- function(x, ...) {
  for (row in seq_len(nrow(x))) {
    cat(as.character(x[[1L]][[row]]), "\n", sep = "")
    for (name in names(x)[-1L]) {
      cell <- x[[name]][[row]]
      if (is.na(cell) || !nzchar(cell)) next
      said <- if (name %in% c("label", "title", "meaning")) cell else paste0(name, ": ", cell)
      cat(strwrap(said, getOption("width") - 1L, indent = 4L, exdent = 4L), sep = "\n")
    }
  }
  invisible(x)
}

#' @rdname labels.comity_table
#' @export
as_factors <- function(x, columns = NULL) {
  x <- as.data.frame(x)
  coded <- vapply(x, function(column) !is.null(attr(column, "labels")), NA)
  if (is.null(columns)) columns <- names(x)[coded]
  bad <- setdiff(columns, names(x)[coded])
  if (length(bad) > 0L) {
    fail(paste0("`", bad[[1L]], "` has no labelled values"), paste("columns that have:", paste(names(x)[coded], collapse = ", ")))
  }
  for (name in columns) {
    column <- x[[name]]
    values <- attr(column, "labels")
    made <- factor(as.integer(column), levels = unname(values), labels = names(values))
    if (any(is.na(made) & !is.na(column))) {
      fail(paste0("`", name, "` has values without a label"), "leave it as it is: as_factors(x, columns = ...)")
    }
    attr(made, "label") <- attr(column, "label")
    x[[name]] <- made
  }
  x
}

notes_of <- function(x) {
  notes <- attr(x, "comity")
  if (is.null(notes) || !nzchar(notes)) list() else json_parse(notes)
}

#' @export
print.comity_table <- function(x, ..., n = 10L) {
  cat(headline(x), "\n", sep = "")
  shown <- utils::head(strip(x), n)
  print(fitting(shown), ...)
  if (nrow(x) > n) cat("# ", count(nrow(x) - n, "more row"), "; print(x, n = ...) shows more\n", sep = "")
  invisible(x)
}

# A table without what makes it one of this package.
strip <- function(x) {
  class(x) <- "data.frame"
  attr(x, "comity") <- NULL
  attr(x, "asked") <- NULL
  x
}

headline <- function(x) {
  notes <- notes_of(x)
  what <- if (inherits(x, "comity_panel")) notes$unit else if (inherits(x, "comity_verdicts")) "verdicts" else "table"
  paste0("# ", what, ": ", count(nrow(x), "row"), ", ", count(ncol(x), "column"), "; labels() explains them")
}

count <- function(n, what, several = paste0(what, "s")) {
  paste(format(n, big.mark = ",", scientific = FALSE), if (n == 1) what else several)
}

# As many columns as a console has room for; the others are named.
fitting <- function(frame) {
  width <- nchar(max(1L, nrow(frame)))
  keep <- 0L
  for (column in names(frame)) {
    cells <- format(frame[[column]])
    width <- width + 1L + max(nchar(c(column, cells), "width"))
    if (width >= getOption("width") && keep > 0L) break
    keep <- keep + 1L
  }
  if (keep == ncol(frame)) return(frame)
  structure(list(frame = frame[seq_len(keep)], more = names(frame)[-seq_len(keep)]), class = "comity_glance")
}

#' @export
print.comity_glance <- function(x, ...) {
  print(x$frame, ...)
  cat(strwrap(paste("and", count(length(x$more), "more column:", "more columns:"), paste(x$more, collapse = ", ")), prefix = "# "), sep = "\n")
  invisible(x)
}

#' @export
`[.comity_table` <- function(x, ...) {
  # What a column means stays with it, whatever rows are taken.
  of <- strip(x)
  out <- of[...]
  if (!is.data.frame(out)) return(out)
  for (name in intersect(names(out), names(of))) {
    for (about in c("label", "units", "labels")) {
      attr(out[[name]], about) <- attr(of[[name]], about, exact = TRUE)
    }
  }
  attr(out, "comity") <- attr(x, "comity")
  attr(out, "asked") <- attr(x, "asked")
  class(out) <- class(x)
  out
}
