#' Research panels
#'
#' Builds a table of state-years, dyad-years, dyad-months, leader-years and other units, with groups of covariates under the field's column
#' names. Missing (`NA`) means not observed; a zero is there only where a source covers the states and the year. The steps of the package
#' peacesciencer, [create_dyadyears()] and so on, give the same tables.
#'
#' @param unit One row per what: `"state-years"`, `"state-months"`, `"state-days"`, `"dyad-years"`, `"dyad-months"`, `"leader-years"`,
#'   `"leader-dyad-years"`, `"dispute-years"` or `"kad-years"`.
#' @param with Groups of columns, each with its choice behind a colon: `c("disputes:cow", "contiguity", "nmc")`. [groups()] lists them.
#' @param system Whose states: `"cow"` (Correlates of War) or `"gw"` (Gleditsch and Ward).
#' @param directed Every pair in both orders.
#' @param years Only these years: `1946:2010` or `"1946-2010"`.
#' @param extend_to Carry states and great powers past the end of their lists to this year.
#' @param states Only rows among these states, by code or name; one alone with dyads: all its dyads.
#' @param columns Only these columns beside the keys, and those of `add` and `join`.
#' @param add Columns made from columns: `"lag(log(milex1),1)"`.
#' @param where Keep only rows of which this holds: `"prd=1"`, `"year>=1946 and milex1 is not null"`.
#' @param join Tables of your own: data frames or paths of files, joined by their columns named like keys.
#' @param rules How one of several disputes of a pair and year is chosen: rules in order.
#' @param gaps What a count of peace years does at a gap: `"calendar"`, `"rows"` or `"restart"`.
#' @param k How many states a group has, for `"kad-years"`.
#' @param source Which source answers for a family of tables: `c(capabilities = "cow-nmc-6.0")`.
#' @param record Folder of the record.
#' @return A data frame of the class `comity_panel`: codes and counts as doubles, flags and codes of a publisher as integers, names as factors,
#'   days as `Date`. [labels()][labels.comity_table] says what each column means; [cite()] what to cite.
#' @examples
#' \dontrun{
#' p <- panel("dyad-years", with = c("disputes:cow", "contiguity", "majors", "nmc"), years = 1946:2010)
#' p
#' labels(p)
#' cite(p)
#' }
#' @export
panel <- function(unit, with = NULL, system = "cow", directed = FALSE, years = NULL, extend_to = NULL, states = NULL, columns = NULL,
                  add = NULL, where = NULL, join = NULL, rules = NULL, gaps = NULL, k = NULL, source = NULL, record = NULL) {
  asked <- list(
    unit = one_text(unit, "unit"), with = with, system = one_text(system, "system"), directed = directed, years = years,
    extend_to = extend_to, states = states, columns = columns, add = add, where = where, join = join, rules = rules, gaps = gaps, k = k,
    source = source, record = record
  )
  run_panel(asked)
}

panel_args <- function(asked, join) {
  c(
    "panel", asked$unit, list_flag("with", asked$with), flag("system", asked$system), switch_flag("directed", asked$directed),
    flag("years", year_text(asked$years)), year_flag("extend-to", asked$extend_to),
    list_flag("states", if (!is.null(asked$states)) state_texts(asked$states)), list_flag("columns", asked$columns), flag("add", asked$add),
    flag("where", asked$where), flag("join", join), list_flag("rules", asked$rules), flag("gaps", asked$gaps), flag("k", asked$k),
    flag("source", choices(asked$source)), record_flag(asked$record)
  )
}

run_panel <- function(asked) {
  joined <- join_files(asked$join)
  on.exit(unlink(dirname(joined$made), recursive = TRUE))
  frame <- table_of(panel_args(asked, joined$files), class = c("comity_panel", "comity_table"))
  # What would be asked again for what to cite.
  attr(frame, "asked") <- asked[c("unit", "with", "system", "directed", "years", "extend_to", "states", "columns", "add", "where", "rules",
    "gaps", "k", "source", "record")]
  frame
}

# The files of tables to join: data frames are written to files of their own.
join_files <- function(join) {
  if (is.null(join)) return(list(files = NULL, made = character()))
  if (is.data.frame(join) || is.character(join)) join <- as.list_of_tables(join)
  names <- names(join)
  if (is.null(names)) names <- rep("", length(join))
  made <- character()
  files <- character()
  for (at in seq_along(join)) {
    table <- join[[at]]
    if (is.character(table)) {
      files <- c(files, path.expand(table))
    } else if (is.data.frame(table)) {
      folder <- tempfile("comity-join-")
      dir.create(folder)
      name <- if (nzchar(names[[at]])) names[[at]] else paste0("table", at)
      file <- file.path(folder, paste0(name, ".rds"))
      plain <- strip(as.data.frame(table))
      saveRDS(plain, file, version = 2)
      made <- c(made, file)
      files <- c(files, file)
    } else {
      fail("`join` is neither a data frame nor a path", "write join = mine, join = \"mine.csv\", or a list of these")
    }
  }
  list(files = files, made = made)
}

as.list_of_tables <- function(join) if (is.data.frame(join)) list(join) else as.list(join)

#' Groups of covariates
#'
#' What can stand in `with` of [panel()], as the program explains it: columns, units, choices, sources, and the years that the record has.
#'
#' @param group The name of one, to have its columns explained; all where it is left out.
#' @inheritParams panel
#' @return The explanation, as text that prints itself.
#' @examples
#' \dontrun{
#' groups()
#' groups("disputes")
#' }
#' @export
groups <- function(group = NULL, record = NULL) {
  text_of(c("panel", "groups", if (!is.null(group)) one_text(group, "group"), record_flag(record)))
}

# Text of the program that prints itself.
text_of <- function(args, ...) structure(list(text = run(args, ...)$out), class = "comity_text")

#' @export
print.comity_text <- function(x, ...) {
  cat(x$text, sep = "\n")
  invisible(x)
}

#' @export
as.character.comity_text <- function(x, ...) x$text
