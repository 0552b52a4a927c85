#' States by code or name
#'
#' @param query A code or name: `"CHN"`, `710`, `"PRC"`, `"South Vietnam"`; all states where it is left out.
#' @param year Only members of the state system in this year.
#' @inheritParams panel
#' @return A data frame with one row per spell in the state system.
#' @examples
#' \dontrun{
#' states("Korea")
#' states(year = 1914)
#' }
#' @export
states <- function(query = NULL, year = NULL, record = NULL) {
  done <- run(c(
    "states", if (!is.null(query)) one_state(query), year_flag("year", year), record_flag(record), "--format=csv"
  ))
  frame <- utils::read.csv(
    text = done$out, na.strings = "", colClasses = "character", encoding = "UTF-8", check.names = FALSE, quote = "\""
  )
  typed(frame)
}

# Columns of a CSV file of the program in R's types: numbers and days where all that is there is one.
typed <- function(frame) {
  frame[] <- lapply(frame, function(column) {
    there <- column[!is.na(column)]
    if (length(there) > 0L && all(grepl("^-?[0-9]+$", there))) return(as.numeric(column))
    if (length(there) > 0L && all(grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", there))) return(as.Date(column))
    column
  })
  frame
}

#' The record of facts
#'
#' What the record holds, and how it grows. A record is a folder; facts that ship inside the program fill what no dataset covers. Every change
#' happens whole or not at all.
#'
#' * `record_info()`: tables, rows, sources, coverage.
#' * `record_sources()`: the datasets that can be added, who publishes them, and how to get them.
#' * `record_add()`: adds published datasets from files, folders or archives, recognised by their contents; or a table of your own.
#' * `record_coverage()`: which years each table covers, of one state or of all.
#' * `record_tables()`: what the columns of a table hold, with units and values.
#' * `record_cite()`: what to cite for all that is in the record.
#' * `record_undo()`: takes back the last change.
#'
#' @param paths Files, folders or archives.
#' @param as The canonical table in whose columns your own table is.
#' @param coverage The years in which your table is complete, so that its silence counts: `"1990-2024"`.
#' @param scope,title,citation What your table is about, what to call it, how to cite it.
#' @param part Accept a dataset of which only a part is there.
#' @param loose Take a file that has most of the columns of a dataset for that dataset.
#' @param dry_run Say what would happen, and change nothing.
#' @param id One dataset in full.
#' @param state A state, by code or name.
#' @param table One table or view.
#' @param policy The policy whose commitments are listed with the last year answered.
#' @param record Folder of the record; without it the option `comity.record`, the environment variable `COMITY_RECORD`, or the one in your data
#'   folder.
#' @return `record_sources()` and `record_tables()` give data frames, `record_cite()` a `bibentry`, the others what prints as the program
#'   says it; `$report` has it as lists.
#' @examples
#' \dontrun{
#' record_sources()
#' record_add("~/Downloads/MID-5-Data-and-Supporting-Materials.zip", dry_run = TRUE)
#' record_coverage("CHN")
#' record_tables("votes")
#' }
#' @name record
NULL

#' @rdname record
#' @export
record_info <- function(record = NULL) answer(c("record", "info", record_flag(record)), character(), "comity_record")

#' @rdname record
#' @export
record_coverage <- function(state = NULL, policy = NULL, record = NULL) {
  args <- c("record", "coverage", if (!is.null(state)) one_state(state), flag("policy", policy), record_flag(record))
  answer(args, character(), "comity_record")
}

#' @rdname record
#' @export
record_add <- function(paths, as = NULL, coverage = NULL, scope = NULL, title = NULL, citation = NULL, part = FALSE, loose = FALSE,
                       dry_run = FALSE, record = NULL) {
  if (!is.character(paths) || length(paths) == 0L || anyNA(paths)) {
    fail("no files to add", "record_add(\"~/Downloads/\"); record_sources() lists the datasets")
  }
  args <- c(
    "record", "add", flag("as", as), flag("coverage", coverage), flag("scope", scope), flag("title", title), flag("cite", citation),
    switch_flag("part", part), switch_flag("loose", loose), switch_flag("dry-run", dry_run), record_flag(record), "--", path.expand(paths)
  )
  text_of(args)
}

#' @rdname record
#' @export
record_undo <- function(record = NULL) text_of(c("record", "undo", record_flag(record)))

#' @rdname record
#' @export
record_sources <- function(id = NULL, record = NULL) {
  args <- c("record", "sources", if (!is.null(id)) one_text(id, "id"), record_flag(record))
  if (!is.null(id)) return(answer(args, character(), "comity_record"))
  all <- rows_of(json_of(args)$datasets)
  first <- c("id", "title", "publisher", "versions", "released", "licence", "in_record", "commitments", "url")
  class(all) <- c("comity_sources", "data.frame")
  all[c(intersect(first, names(all)), setdiff(names(all), first))]
}

#' @export
print.comity_sources <- function(x, ...) {
  shown <- intersect(c("id", "title", "versions", "in_record"), names(x))
  if (length(shown) < 2L) return(invisible(print(strip(x), ...)))
  brief <- strip(x)[shown]
  most <- max(20L, getOption("width") - 40L)
  long <- nchar(brief$title) > most
  brief$title[long] <- paste0(substr(brief$title[long], 1L, most - 1L), "\u2026")
  print(brief, right = FALSE, ...)
  cat(strwrap("record_sources(\"ID\") shows one in full, with how to get it", prefix = "# "), sep = "\n")
  invisible(x)
}

#' @rdname record
#' @export
record_tables <- function(table = NULL, record = NULL) {
  got <- json_of(c("record", "tables", if (!is.null(table)) one_text(table, "table"), record_flag(record)))$tables
  if (is.null(table)) {
    all <- rows_of(lapply(got, function(t) t[setdiff(names(t), "columns")]))
    return(codebook(all[c("name", setdiff(names(all), "name"))]))
  }
  columns <- rows_of(got[[1L]]$columns)
  codebook(columns[c("name", setdiff(names(columns), "name"))])
}


# Objects as the rows of a data frame: fields with one value as they are, those with several joined by "; ".
rows_of <- function(objects) {
  names <- unique(unlist(lapply(objects, names)))
  columns <- lapply(names, function(name) {
    values <- lapply(objects, function(object) cell(object[[name]]))
    values[lengths(values) == 0L] <- list(NA)
    unlist(values)
  })
  names(columns) <- names
  as.data.frame(columns, optional = TRUE)
}

cell <- function(value) {
  if (is.null(value) || length(value) == 0L) return(NULL)
  if (is.atomic(value) && length(value) == 1L) return(value)
  if (is.atomic(value) && is.null(names(value))) return(paste(value, collapse = "; "))
  # Objects inside an object: their own fields, one after the other; a value before what it means.
  inner <- if (is.null(names(value))) value else list(value)
  say <- function(one) {
    if (!is.null(names(one))) one <- one[order(names(one) != "value")]
    paste(unlist(one), collapse = " ")
  }
  paste(vapply(inner, say, ""), collapse = "; ")
}

#' Policies
#'
#' `policy_list()` gives the policies that ship with the program, `policy_check()` checks the form and the queries of a document; all errors
#' are reported at once.
#'
#' @param policy The path of a policy, or the id of one that ships.
#' @inheritParams panel
#' @return `policy_list()`: a data frame. `policy_check()`: a data frame with a row for each error and warning, with its line and column, of
#'   the class `comity_check`; none where all is well.
#' @examples
#' \dontrun{
#' policy_list()
#' policy_check("my-policy.md")
#' }
#' @export
policy_list <- function() {
  got <- json_of(c("policy", "list"))
  rows_of(if (is.null(names(got))) got else got$policies)
}

#' @rdname policy_list
#' @export
policy_check <- function(policy, record = NULL) {
  done <- run(c("policy", "check", path.expand(one_text(policy, "policy")), record_flag(record), "--format=json"), good = 0:2)
  if (length(done$out) == 0L) raise(done, c("policy", "check", policy))
  got <- json_parse(paste(done$out, collapse = "\n"))
  frame <- rows_of(if (is.null(names(got))) got else got$diagnostics)
  structure(frame, class = c("comity_check", "data.frame"), policy = policy)
}

#' @export
print.comity_check <- function(x, ...) {
  policy <- attr(x, "policy")
  if (nrow(x) == 0L) {
    cat(policy, ": no errors\n", sep = "")
  } else {
    cat(policy, ": ", count(nrow(x), "error or warning", "errors and warnings"), "\n", sep = "")
    print(strip(x), ...)
  }
  invisible(x)
}
