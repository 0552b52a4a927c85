# Panels step by step, under the names of the package peacesciencer.

new_request <- function(unit, ..., with = NULL, record = NULL) {
  asked <- list(unit = unit, with = with, system = "cow", directed = FALSE, record = record)
  given <- list(...)
  asked[names(given)] <- given
  request(asked, list())
}

request <- function(asked, keep) {
  structure(list(asked = asked, keep = keep, made = new.env(parent = emptyenv())), class = "comity_request")
}

asked_of <- function(data) {
  if (inherits(data, "comity_request")) return(.subset2(data, "asked"))
  what <- if (is.data.frame(data)) "a data frame" else paste("of the class", class(data)[[1L]])
  fail(
    paste0("`data` is ", what, ", and not a panel to which columns can be added"),
    c(
      "begin with create_dyadyears(), create_stateyears() or one of their kind, and add before collect()",
      "a table of your own is joined: panel(\"dyad-years\", with = \"nmc\", join = my_table)"
    )
  )
}

# The request with one more group; `keep` are the columns of it that stay.
more <- function(data, group, keep = NULL, ...) {
  asked <- asked_of(data)
  asked$with <- unique(c(asked$with, group))
  changed <- list(...)
  asked[names(changed)] <- changed
  keeps <- .subset2(data, "keep")
  if (!is.null(keep)) keeps[[group]] <- as.character(keep)
  request(asked, keeps)
}

system_of <- function(system, also = character()) {
  one_of(system, c("cow", "gw", also), "system")
}

one_of <- function(value, choices, name) {
  if (!is.character(value) || length(value) != 1L || !value %in% choices) {
    fail(
      paste0("`", name, "` is none of ", paste0("\"", choices, "\"", collapse = ", ")),
      paste0("write ", name, " = \"", choices[[1L]], "\"")
    )
  }
  value
}

# The last year that is over, where a panel is to reach it.
last_year <- function(mry) {
  if (is.numeric(mry)) return(mry)
  if (isTRUE(mry)) as.integer(format(Sys.Date(), "%Y")) - 1L
}

#' Begin a panel, step by step
#'
#' The functions of the package peacesciencer under their names, for Comity's panels. Each gives a request, to which `add_...()` functions add;
#' it is run once, when its rows are needed: by [collect()], by printing it, or by anything that takes a data frame (`lm()`, `$`, `[`, `dim()`,
#' the verbs of dplyr).
#'
#' `create_disputeyears()` gives one row per dispute, pair and year, which [whittle_conflicts_onsets()] and its kin reduce. The vignette
#' (`vignette("peacesciencer")`) sets every function of peacesciencer beside its counterpart, and says what differs.
#'
#' @param system Whose states: `"cow"` (Correlates of War) or `"gw"` (Gleditsch and Ward). Of leaders `"archigos"` is the second.
#' @param mry `TRUE` carries the states past the end of their list to the last year that is over; a number to that year. Unlike in
#'   peacesciencer it is `FALSE` unless you say so: the same code gives the same rows in every year.
#' @param subset_years Only these years.
#' @param directed Every pair in both orders.
#' @param standardize Of leader-years: `"cow"` for the states of the Correlates of War.
#' @param list The list of disputes: `"cow"` or `"gml"`.
#' @inheritParams panel
#' @return A request of the class `comity_request`.
#' @examples
#' \dontrun{
#' create_dyadyears(directed = FALSE, subset_years = 1816:2010) |>
#'   add_gml_mids(keep = NULL) |>
#'   add_contiguity() |>
#'   add_cow_majors() |>
#'   filter_prd() |>
#'   add_peace_years() |>
#'   collect()
#' }
#' @name create
NULL

#' @rdname create
#' @export
create_stateyears <- function(system = "cow", mry = FALSE, subset_years = NULL, record = NULL) {
  new_request("state-years", system = system_of(system), extend_to = last_year(mry), years = subset_years, record = record)
}

#' @rdname create
#' @export
create_statemonths <- function(system = "cow", mry = FALSE, subset_years = NULL, record = NULL) {
  new_request("state-months", system = system_of(system), extend_to = last_year(mry), years = subset_years, record = record)
}

#' @rdname create
#' @export
create_statedays <- function(system = "cow", mry = FALSE, subset_years = NULL, record = NULL) {
  new_request("state-days", system = system_of(system), extend_to = last_year(mry), years = subset_years, record = record)
}

#' @rdname create
#' @export
create_dyadyears <- function(directed = TRUE, system = "cow", mry = FALSE, subset_years = NULL, record = NULL) {
  new_request(
    "dyad-years", directed = directed, system = system_of(system), extend_to = last_year(mry), years = subset_years, record = record
  )
}

#' @rdname create
#' @export
create_dyadmonths <- function(directed = TRUE, system = "cow", mry = FALSE, subset_years = NULL, record = NULL) {
  new_request(
    "dyad-months", directed = directed, system = system_of(system), extend_to = last_year(mry), years = subset_years, record = record
  )
}

#' @rdname create
#' @export
create_leaderyears <- function(system = "archigos", standardize = "none", subset_years = NULL, record = NULL) {
  of <- system_of(system, "archigos")
  standard <- one_of(standardize, c("none", "cow", "gw"), "standardize")
  system <- if (standard != "none") standard else if (of == "archigos") "gw" else of
  new_request("leader-years", system = system, years = subset_years, record = record)
}

#' @rdname create
#' @export
create_leaderdyadyears <- function(directed = TRUE, system = "gw", subset_years = NULL, record = NULL) {
  new_request("leader-dyad-years", directed = directed, system = system_of(system), years = subset_years, record = record)
}

#' @rdname create
#' @export
create_disputeyears <- function(list = "cow", directed = TRUE, subset_years = NULL, record = NULL) {
  group <- paste0("disputes:", one_of(list, c("cow", "gml"), "list"))
  new_request("dispute-years", directed = directed, years = subset_years, with = group, record = record)
}

#' Add covariates to a panel
#'
#' Each adds a group of columns, under the name that its function has in the package peacesciencer. `add_covariates()` adds any group of
#' [groups()], those that peacesciencer does not know among them (sanctions, claims, votes, similarity by any tie, verdicts).
#' `add_columns()` makes columns from columns, `keep_rows()` keeps rows.
#'
#' @param data A request: [create_dyadyears()] and its kin.
#' @param keep Names of the columns of the group that stay, without the numbers of the two states; all where it is left out. Whether there was
#'   an event (`...onset`, `...ongoing`) always stays.
#' @param with Groups, as in [panel()].
#' @param ... Columns: `"lag(log(milex1),1)"`.
#' @param where A condition: `"prd=1"`.
#' @param transsum,slice When in the year: the first or last day or month (`"first"`, `"last"`; `"jan1"` and `"dec31"` are the same).
#'   Of contiguity `"any"` is the nearest of the year.
#' @param mry Of contiguity and great powers: not needed. Great powers follow the states that [create_dyadyears()] carries forward; contiguity
#'   is never carried past its source.
#' @param init Who initiates, in directed pairs: `"sidea-all-joiners"`, `"sidea-with-joiners"` or `"sidea-orig"`; one column of each is there,
#'   so this needs no choice.
#' @param type Of wars `"inter"`, `"intra"`, `"extra"` or `"dyadic"`; of armed conflicts any of `"intrastate"`, `"II"` (internationalized),
#'   `"interstate"` and `"extrasystemic"`.
#' @param intratype Of intra-state wars: `"all"`, `"central control"` or `"local issues"`.
#' @param only_wars Only years with 1,000 deaths or more.
#' @param ndir Not used: what one state owes the other is of the direction of the row, and of either where rows are not directed.
#' @param use_extdata Not used: nothing is downloaded.
#' @param pad `TRUE`: the count begins anew after a gap.
#' @param gaps What a count of peace years does at a gap: `"calendar"` counts the years outside the system, `"rows"` only those that have a row
#'   (as peacesciencer does), `"restart"` begins anew.
#' @param conflict_event_type,ongo Of spells: `"ongoing"` and `FALSE` are what there is.
#' @return The request with one group more.
#' @examples
#' \dontrun{
#' create_stateyears(subset_years = 1946:2010) |>
#'   add_cow_mids() |>
#'   add_nmc(keep = c("milex", "cinc")) |>
#'   add_columns("lag(log(milex),1)") |>
#'   collect()
#' }
#' @name add
NULL

#' @rdname add
#' @export
add_covariates <- function(data, with) {
  if (!is.character(with) || anyNA(with) || !all(nzchar(with))) fail("`with` names no groups", "groups() lists them")
  more(data, with)
}

#' @rdname add
#' @export
add_columns <- function(data, ...) {
  asked <- asked_of(data)
  asked$add <- c(asked$add, as.character(c(...)))
  request(asked, .subset2(data, "keep"))
}

#' @rdname add
#' @export
keep_rows <- function(data, where) {
  asked <- asked_of(data)
  asked$where <- c(asked$where, as.character(where))
  request(asked, .subset2(data, "keep"))
}

#' @rdname add
#' @export
add_archigos <- function(data) more(data, "leaders")

#' @rdname add
#' @export
add_atop_alliance <- function(data, ndir = TRUE) more(data, "pledges:atop")

#' @rdname add
#' @export
add_cow_alliance <- function(data) more(data, "pledges:cow")

#' @rdname add
#' @export
add_capital_distance <- function(data, transsum = "first") {
  when <- one_of(transsum, c("first", "jan1", "last", "dec31"), "transsum")
  more(data, if (when %in% c("first", "jan1")) "distance:capital" else "distance:capital-last")
}

#' @rdname add
#' @export
add_minimum_distance <- function(data, use_extdata = FALSE) more(data, "distance:minimum")

#' @rdname add
#' @export
add_ccode_to_gw <- function(data) {
  if (asked_of(data)$system != "gw") fail("the panel has Correlates of War codes already", "create_stateyears(system = \"gw\")")
  more(data, "codes")
}

#' @rdname add
#' @export
add_gwcode_to_cow <- function(data) {
  if (asked_of(data)$system != "cow") fail("the panel has Gleditsch-Ward numbers already", "create_stateyears(system = \"cow\")")
  more(data, "codes")
}

#' @rdname add
#' @export
add_contiguity <- function(data, slice = "first", mry = FALSE) {
  if (!identical(mry, FALSE)) {
    fail("contiguity is not carried past the last year of its source", "leave `mry` out: later years are NA, not known")
  }
  more(data, paste0("contiguity:", one_of(slice, c("first", "last", "any"), "slice")))
}

#' @rdname add
#' @export
add_cow_majors <- function(data, mry = FALSE) more(data, "majors")

#' @rdname add
#' @export
add_cow_mids <- function(data, keep = NULL) more(data, "disputes:cow", keep)

#' @rdname add
#' @export
add_gml_mids <- function(data, keep = NULL, init = NULL) more(data, "disputes:gml", keep)

#' @rdname add
#' @export
add_cow_trade <- function(data) more(data, "trade")

#' @rdname add
#' @export
add_cow_wars <- function(data, type, intratype = "all") {
  type <- one_of(type, c("inter", "intra", "extra", "dyadic"), "type")
  if (type == "intra") {
    kind <- one_of(intratype, c("all", "central control", "local issues"), "intratype")
    type <- c("all" = "intra", "central control" = "intra-central", "local issues" = "intra-local")[[kind]]
  }
  more(data, paste0("wars:", type))
}

#' @rdname add
#' @export
add_creg_fractionalization <- function(data) more(data, "fractionalization:creg")

#' @rdname add
#' @export
add_democracy <- function(data, keep = NULL) more(data, "democracy", keep)

#' @rdname add
#' @export
add_fpsim <- function(data, keep = NULL) more(data, "similarity:alliances", keep)

#' @rdname add
#' @export
add_igos <- function(data) more(data, "igos")

#' @rdname add
#' @export
add_latent_territorial_threat <- function(data, keep = NULL) more(data, "threat", keep)

#' @rdname add
#' @export
add_lead <- function(data, keep = NULL) more(data, "leader-traits", keep)

#' @rdname add
#' @export
add_lwuf <- function(data) more(data, "leader-traits")

#' @rdname add
#' @export
add_nmc <- function(data, keep = NULL) more(data, "nmc", keep)

#' @rdname add
#' @export
add_peace_years <- function(data, pad = FALSE, gaps = if (isTRUE(pad)) "restart" else "calendar") {
  more(data, "peace-years", gaps = one_of(gaps, c("calendar", "rows", "restart"), "gaps"))
}

#' @rdname add
#' @export
add_spells <- function(data, conflict_event_type = "ongoing", ongo = FALSE) {
  if (!identical(conflict_event_type, "ongoing") || !identical(ongo, FALSE)) {
    fail("spells are counted by ongoing events", "leave `conflict_event_type` and `ongo` out, as in add_peace_years()")
  }
  more(data, "peace-years", gaps = "rows")
}

#' @rdname add
#' @export
add_rugged_terrain <- function(data) more(data, "terrain")

#' @rdname add
#' @export
add_sim_gdp_pop <- function(data, keep = NULL) more(data, "gdp", keep)

#' @rdname add
#' @export
add_sdp_gdp <- function(data, keep = NULL) more(data, "gdp", keep)

#' @rdname add
#' @export
add_strategic_rivalries <- function(data) more(data, "rivalries:tss")

#' @rdname add
#' @export
add_ucdp_acd <- function(data, type = NULL, only_wars = FALSE) {
  known <- c("intrastate", "II", "interstate", "extrasystemic")
  kinds <- vapply(type, one_of, "", choices = known, name = "type", USE.NAMES = FALSE)
  kinds <- sub("^II$", "internationalized", kinds)
  if (isTRUE(only_wars)) kinds <- c(kinds, "wars")
  more(data, paste0("ucdp:", if (length(kinds) == 0L) "all" else paste(kinds, collapse = "+")))
}

#' @rdname add
#' @export
add_ucdp_onsets <- function(data) more(data, "ucdp-onsets")

#' @rdname add
#' @export
filter_prd <- function(data) {
  data <- more(data, "relevance")
  keep_rows(data, "prd=1")
}

#' Which of several disputes stands
#'
#' Rules that leave one dispute of several in a pair and year, applied in the order in which they are called: to the rows of
#' [create_disputeyears()], or to which dispute [add_cow_mids()] and [add_gml_mids()] describe. Without any, pairs and years have the usual
#' order: onsets, fatality, hostility, duration, reciprocation, month, number.
#'
#' @param data A request.
#' @param durtype `"mindur"` or `"maxdur"`.
#' @return The request with one rule more.
#' @examples
#' \dontrun{
#' create_disputeyears("gml") |> whittle_conflicts_onsets() |> whittle_conflicts_fatality() |> collect()
#' }
#' @name whittle
NULL

rule <- function(data, name) {
  asked <- asked_of(data)
  asked$rules <- c(asked$rules, name)
  request(asked, .subset2(data, "keep"))
}

#' @rdname whittle
#' @export
whittle_conflicts_onsets <- function(data) rule(data, "onsets")

#' @rdname whittle
#' @export
whittle_conflicts_fatality <- function(data) rule(data, "fatality")

#' @rdname whittle
#' @export
whittle_conflicts_hostility <- function(data) rule(data, "hostility")

#' @rdname whittle
#' @export
whittle_conflicts_duration <- function(data, durtype = "mindur") rule(data, one_of(durtype, c("mindur", "maxdur"), "durtype"))

#' @rdname whittle
#' @export
whittle_conflicts_reciprocation <- function(data) rule(data, "recip")

#' @rdname whittle
#' @export
whittle_conflicts_startmonth <- function(data) rule(data, "stmon")

#' @rdname whittle
#' @export
whittle_conflicts_jds <- function(data) rule(data, "first")

#' Run a request
#'
#' Runs a request once and gives its rows; a second time they are at hand. Printing it, and what takes a data frame, does the same.
#'
#' @param x A request: [create_dyadyears()] and its kin.
#' @param ... Not used.
#' @return `collect()`: the data frame, as [panel()] gives it. `command_of()`: the command line of the program that makes the same table.
#' @examples
#' \dontrun{
#' asked <- create_stateyears(subset_years = 1990:2000) |> add_cow_majors()
#' command_of(asked)
#' collect(asked)
#' }
#' @export
collect <- function(x, ...) UseMethod("collect")

#' @export
collect.comity_request <- function(x, ...) {
  made <- .subset2(x, "made")
  if (is.null(made$frame)) made$frame <- kept_columns(run_panel(.subset2(x, "asked")), .subset2(x, "keep"))
  made$frame
}

#' @export
collect.data.frame <- function(x, ...) x

#' @rdname collect
#' @export
command_of <- function(x) {
  args <- panel_args(asked_of(x), NULL)
  plain <- grepl("^[A-Za-z0-9_./:,+=-]+$", args)
  args[!plain] <- shQuote(args[!plain])
  paste(c("comity", args), collapse = " ")
}

# Takes out the columns of groups of which only some were asked for.
kept_columns <- function(frame, keeps) {
  if (length(keeps) == 0L) return(frame)
  for (group in names(keeps)) {
    of <- vapply(notes_of(frame)$columns, function(a) if (identical(a$group, group)) a$name else "", "")
    of <- of[nzchar(of)]
    # Without the number of a state, and without what tells it from a column of another group.
    bare <- sub("[0-9]{1,2}$", "", of)
    prefix <- paste0("^", sub("^[^:]*:", "", group), "_")
    of_group <- sub(prefix, "", bare)
    wanted <- keeps[[group]]
    bad <- setdiff(wanted, c(of, bare, of_group, sub(prefix, "", of)))
    if (length(bad) > 0L) {
      fail(paste0("`", group, "` has no column `", bad[[1L]], "`"), paste("its columns are", paste(of, collapse = ", ")))
    }
    event <- grepl("(onset|ongoing)[12]?$", of)
    frame <- frame[setdiff(names(frame), of[!(of %in% wanted | bare %in% wanted | of_group %in% wanted | sub(prefix, "", of) %in% wanted | event)])]
  }
  frame
}

#' @export
print.comity_request <- function(x, ...) {
  print(collect(x), ...)
  invisible(x)
}

#' @export
as.data.frame.comity_request <- function(x, ...) as.data.frame(collect(x), ...)

#' @export
as.list.comity_request <- function(x, ...) as.list(collect(x), ...)

#' @export
dim.comity_request <- function(x) dim(collect(x))

#' @export
dimnames.comity_request <- function(x) dimnames(collect(x))

#' @export
names.comity_request <- function(x) names(collect(x))

#' @export
length.comity_request <- function(x) length(collect(x))

#' @export
`$.comity_request` <- function(x, name) collect(x)[[name]]

#' @export
`[[.comity_request` <- function(x, ...) collect(x)[[...]]

#' @export
`[.comity_request` <- function(x, ...) collect(x)[...]

#' @export
head.comity_request <- function(x, ...) utils::head(collect(x), ...)

#' @export
tail.comity_request <- function(x, ...) utils::tail(collect(x), ...)

#' @export
str.comity_request <- function(object, ...) utils::str(collect(object), ...)

#' @export
summary.comity_request <- function(object, ...) summary(collect(object), ...)

#' @export
subset.comity_request <- function(x, ...) {
  call <- match.call()
  call[[1L]] <- quote(base::subset)
  call$x <- collect(x)
  eval.parent(call)
}

#' @export
with.comity_request <- function(data, expr, ...) eval(substitute(expr), collect(data), enclos = parent.frame())

#' @export
merge.comity_request <- function(x, y, ...) merge(collect(x), y, ...)

#' @export
labels.comity_request <- function(object, ...) labels(collect(object), ...)

