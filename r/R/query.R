#' Questions in SQL
#'
#' Any `SELECT` over the tables and views of the record, and over panels and measures as table functions. Queries only read.
#'
#' @param sql One `SELECT`. `"show tables"` and `"describe votes"` say what there is.
#' @param tables Tables of your own beside those of the record, for this query alone: `list(mine = data_frame)`, or paths of files.
#' @param policy The policy whose verdicts are the tables `verdicts` and `verdict_findings`: one that ships, or a file.
#' @inheritParams panel
#' @return A data frame.
#' @examples
#' \dontrun{
#' query("select ccode, year, milex from capabilities where year = 1913 order by milex desc")
#' query("select s.name, m.* from mine m join states s on s.ccode = m.ccode", tables = list(mine = mine))
#' }
#' @export
query <- function(sql, tables = NULL, policy = NULL, source = NULL, record = NULL) {
  sql <- one_text(sql, "sql")
  if (length(tables) > 0L && (is.data.frame(tables) || is.null(names(tables)) || !all(nzchar(names(tables))))) {
    fail("a table of your own has no name", "write tables = list(mine = data_frame)")
  }
  own <- join_files(if (length(tables) > 0L) as.list(tables))
  on.exit(unlink(dirname(own$made), recursive = TRUE))
  named <- if (length(tables) > 0L) paste0(names(tables), "=", own$files)
  args <- c("query", flag("table", named), flag("policy", policy), flag("source", choices(source)), record_flag(record))
  table_of(args, input = sql, class = "comity_table")
}

#' Measures of the field
#'
#' Similarity of foreign policy, capabilities, arms races, trade, networks, and so on, each by its published formula.
#'
#' @param name The measure: `"s-score"`, `"cinc"`; without it the measures are listed.
#' @param states Only these states, by code or name: of one every pair that it is in, of several the pairs among them.
#' @param from,to First and last year.
#' @param ... Parameters of the measure, by name: `weights = "capability"`.
#' @param explain `TRUE`: the formula, unit, parameters and references, as text.
#' @inheritParams panel
#' @return A data frame; a list or an explanation as text that prints itself.
#' @examples
#' \dontrun{
#' measure()
#' measure("s-score", explain = TRUE)
#' measure("s-score", c("USA", "CHN"), from = 1990, to = 2000)
#' }
#' @export
measure <- function(name = NULL, states = NULL, from = NULL, to = NULL, ..., explain = FALSE, source = NULL, record = NULL) {
  if (is.null(name)) return(text_of(c("measure", "list")))
  name <- one_text(name, "name")
  if (startsWith(name, "-")) fail(paste0("`", name, "` is no measure"), "measure() lists them")
  if (explain) return(text_of(c("measure", name, "--help")))
  given <- list(...)
  if (length(given) > 0L && (is.null(names(given)) || !all(nzchar(names(given))))) {
    fail("a parameter of the measure has no name", paste0("measure(\"", name, "\", explain = TRUE) lists them"))
  }
  flags <- unlist(Map(function(name, value) flag(gsub("_", "-", name), format_whole(value)), names(given), given), use.names = FALSE)
  args <- c(
    "measure", name, if (!is.null(states)) state_texts(states), year_flag("from", from), year_flag("to", to), flags,
    flag("source", choices(source)), record_flag(record)
  )
  frame <- table_of(args, class = c("comity_measure", "comity_table"))
  attr(frame, "asked") <- list(name = name, record = record)
  frame
}
