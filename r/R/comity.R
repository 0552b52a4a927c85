#' comity: a foreign policy that can be run
#'
#' The package asks the program `comity` and gives its answers as data frames and objects of R. Nothing is computed in R: an answer here is the
#' program's, cell by cell.
#'
#' * Verdicts: [audit()], [why()], [verdicts()], [findings()], [states()], [policy_list()], [policy_check()].
#' * Acts: [advise()], [whatif()].
#' * Panels: [panel()], or step by step as in the package peacesciencer: [create_dyadyears()], [add_contiguity()] and so on, [collect()].
#'   [groups()] explains the covariates.
#' * Questions in SQL: [query()]. Measures of the field: [measure()].
#' * The record of facts: [record_info()], [record_add()], [record_sources()], [record_tables()], [record_coverage()], [record_cite()].
#' * What to cite: [cite()].
#'
#' # Options
#'
#' * `comity.program`: path of the program; without it the environment variable `COMITY_PROGRAM`, the search path, and the folders in which
#'   Python installs commands are looked through ([comity_program()]).
#' * `comity.record`: folder of the record, where a function is given none; without it that of the environment variable `COMITY_RECORD`, else
#'   the one in your data folder, else the facts inside the program.
#' * `comity.quiet`: `TRUE` keeps the program's notes to itself.
#' * `comity.arrow`: `TRUE` hands large tables over as Arrow files, with the package arrow. What you get is the same.
#'
#' @importFrom utils head tail str
#' @keywords internal
"_PACKAGE"
