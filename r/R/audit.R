#' Audit states against a policy
#'
#' Runs a policy over the record for the states named, and says year by year what was kept, strained, broken, or is not known. Printing it
#' gives the program's own report, the answer first. What the record does not cover is unknown, and unknown is never kept.
#'
#' @param states States, as codes or names: `"CHN"`, `710`, `"West Germany"`.
#' @param from,to First and last year; without them those of the policy and of the record.
#' @param commitment Only these commitments, by id.
#' @param policy A policy that ships ([policy_list()]), or the path of one.
#' @param evidence List the findings when it is printed.
#' @param without Pairs of states whose findings are set aside: `"710:713"`.
#' @param as_of Use only editions of datasets that were published by this day.
#' @param source Which source answers for a family of tables: `c(treaties = "cow-alliances")`.
#' @param record Folder of the record.
#' @param x,object An audit.
#' @param what Of a table: `"verdicts"` (a row for each state, commitment and year) or `"values"` (what is pursued).
#' @param row.names,optional,... Not used.
#' @return An object of the class `comity_audit`. `as.data.frame()` gives its verdicts as rows, [findings()] the evidence, `summary()` counts
#'   beside the base rate of all states in the same years, `plot()` a ribbon for each commitment, [cite()] what to cite.
#' @examples
#' \dontrun{
#' a <- audit("CHN")
#' a
#' plot(a)
#' subset(as.data.frame(a), verdict == "broken")
#' findings(a)
#' cite(a)
#' }
#' @export
audit <- function(states, from = NULL, to = NULL, commitment = NULL, policy = NULL, evidence = FALSE, without = NULL, as_of = NULL,
                  source = NULL, record = NULL) {
  args <- c(
    "audit", state_texts(states), year_flag("from", from), year_flag("to", to), flag("commitment", commitment),
    run_flags(policy, source, without, as_of, record)
  )
  got <- json_of(args)
  shown <- run(c(args, switch_flag("evidence", evidence)), quiet = TRUE)
  text <- shown$out
  # What the program proposes to type next is for a shell; R has its own.
  next_at <- which(text == "Next")
  if (length(next_at) > 0L) text <- text[seq_len(max(next_at) - 1L)]
  text <- c(text, "Next: plot(x), findings(x), summary(x), as.data.frame(x), cite(x); why(state, commitment, year)")
  structure(list(report = got, text = text, record = record), class = "comity_audit")
}

#' @rdname audit
#' @export
print.comity_audit <- function(x, ...) {
  cat(x$text, sep = "\n")
  invisible(x)
}

#' @rdname audit
#' @export
as.data.frame.comity_audit <- function(x, row.names = NULL, optional = FALSE, ..., what = c("verdicts", "values")) {
  what <- match.arg(what)
  if (what == "verdicts") audit_verdicts(x) else audit_values(x)
}

verdict_names <- c("kept", "strained", "broken", "contested", "unknown", "no-occasion", "not-applicable")

# Rows of every commitment of every state: `each` gives those of one as a data frame.
of_commitments <- function(x, each, also = list()) {
  rows <- list()
  for (audit in x$report$audits) {
    for (c in c(audit$commitments, also)) {
      made <- each(c)
      if (nrow(made) == 0L) next
      head <- data.frame(
        ccode = audit$state$ccode, stateabb = audit$state$abbr, state = audit$state$name, commitment = c$id, title = c$title, kind = c$kind
      )
      rows[[length(rows) + 1L]] <- cbind(head[rep(1L, nrow(made)), ], made)
    }
  }
  all <- do.call(rbind, rows)
  if (is.null(all)) all <- data.frame()
  row.names(all) <- NULL
  all
}

# A field of each of a list of objects; NA where it is not there.
field <- function(of, name, kind) {
  vapply(of, function(one) {
    value <- one[[name]]
    if (is.null(value)) missing_of(kind) else value
  }, kind)
}

missing_of <- function(kind) {
  kind[1L] <- NA
  kind
}

audit_verdicts <- function(x) {
  each <- function(c) {
    of <- c$verdicts
    if (length(of) == 0L) return(data.frame())
    data.frame(
      year = as.integer(field(of, "year", 0)),
      verdict = factor(field(of, "verdict", ""), verdict_names),
      at_least = factor(field(of, "at_least", ""), verdict_names),
      covered = field(of, "covered", NA),
      looked = field(of, "looked", NA) %in% TRUE
    )
  }
  of_commitments(x, each)
}

audit_values <- function(x) {
  each <- function(c) {
    of <- c$values
    if (length(of) == 0L) return(data.frame())
    data.frame(
      block = field(of, "block", ""), year = as.integer(field(of, "year", 0)), value = field(of, "value", 0),
      percentile = field(of, "percentile", 0), trend = field(of, "trend", 0)
    )
  }
  of_commitments(x, each)
}

audit_findings <- function(x) {
  each <- function(c) {
    of <- c$findings
    if (length(of) == 0L) return(data.frame())
    event <- lapply(of, function(f) f$event)
    data.frame(
      year = as.integer(field(of, "year", 0)),
      severity = factor(field(of, "severity", ""), c("breach", "strain", "kept", "mandated")),
      other = field(of, "other", 0), other_abbr = field(of, "other_abbr", ""), what = field(of, "what", ""),
      magnitude = field(of, "magnitude", 0), since = as.Date(field(event, "since", "")), until = as.Date(field(event, "until", "")),
      reading = field(of, "reading", ""), source = field(of, "source", ""), source_row = field(of, "source_row", "")
    )
  }
  of_commitments(x, each)
}

#' @rdname audit
#' @export
summary.comity_audit <- function(object, ...) {
  each <- function(c) {
    if (!isTRUE(c$judged)) return(data.frame())
    verdict <- field(c$verdicts, "verdict", "")
    covered <- field(c$verdicts, "covered", NA)
    base <- c$base_rate
    base_known <- base$kept + base$strained + base$broken + base$contested
    known <- verdict[covered & verdict %in% verdict_names[1:4]]
    data.frame(
      known = length(known), kept = sum(known == "kept"), strained = sum(known == "strained"), broken = sum(known == "broken"),
      contested = sum(known == "contested"), unknown = sum(verdict == "unknown"),
      share_broken = if (length(known) > 0L) sum(known == "broken") / length(known) else NA_real_,
      base_rate = if (base_known > 0) base$broken / base_known else NA_real_
    )
  }
  of_commitments(object, each)
}

#' Verdicts as rows
#'
#' @inheritParams audit
#' @param states Only these states; all where it is left out.
#' @param verdict Only these verdicts: `"kept"`, `"strained"`, `"broken"`, `"contested"`, `"unknown"`, `"no-occasion"`, `"not-applicable"`.
#' @param latest One row per state and commitment: its last year with one of the verdicts, the most recent first.
#' @param counts One row per state and commitment: how many years have each verdict, of how many, beside the base rate.
#' @return A data frame of the class `comity_verdicts`.
#' @examples
#' \dontrun{
#' verdicts(commitment = "no-use-of-force", verdict = "broken", latest = TRUE)
#' verdicts(c("IND", "PAK"), from = 1990, commitment = "no-use-of-force")
#' }
#' @export
verdicts <- function(states = NULL, commitment = NULL, verdict = NULL, from = NULL, to = NULL, latest = FALSE, counts = FALSE,
                     policy = NULL, without = NULL, as_of = NULL, source = NULL, record = NULL) {
  args <- c(switch_flag("latest", latest), switch_flag("counts", counts))
  verdict_table(args, states, commitment, verdict, from, to, policy, without, as_of, source, record)
}

verdict_table <- function(args, states, commitment, verdict, from, to, policy, without, as_of, source, record) {
  args <- c(
    "verdicts", args, list_flag("states", if (!is.null(states)) state_texts(states)), flag("commitment", commitment),
    flag("verdict", verdict), year_flag("from", from), year_flag("to", to), run_flags(policy, source, without, as_of, record)
  )
  frame <- table_of(args, class = c("comity_verdicts", "comity_table"))
  for (name in intersect(c("verdict", "at_least", "last_contested"), names(frame))) {
    if (!is.factor(frame[[name]]) && !is.character(frame[[name]])) next
    label <- attr(frame[[name]], "label")
    frame[[name]] <- factor(as.character(frame[[name]]), verdict_names)
    attr(frame[[name]], "label") <- label
  }
  attr(frame, "asked") <- list(record = record)
  frame
}

#' The findings behind verdicts
#'
#' @inheritParams verdicts
#' @param x An audit, whose findings are given; or states, as codes or names; all states where it is left out.
#' @param ... Further arguments, where `x` names states.
#' @return A data frame with one row per finding, with the row of its source.
#' @examples
#' \dontrun{
#' findings(audit("CHN"))
#' findings("TUR", commitment = "no-interference", from = 2015)
#' }
#' @export
findings <- function(x = NULL, ...) UseMethod("findings")

#' @rdname findings
#' @export
findings.comity_audit <- function(x, ...) audit_findings(x)

#' @rdname findings
#' @export
findings.default <- function(x = NULL, commitment = NULL, verdict = NULL, from = NULL, to = NULL, policy = NULL, without = NULL,
                             as_of = NULL, source = NULL, record = NULL, ...) {
  verdict_table("--findings", x, commitment, verdict, from, to, policy, without, as_of, source, record)
}

#' One verdict explained
#'
#' The rows that decide a verdict, and where silence counted.
#'
#' @inheritParams audit
#' @param state The state, as a code or a name.
#' @param commitment The id of the commitment.
#' @param year The year; without it the one in which the verdict last changed.
#' @param full Show every block under each reading, with the coverage of its tables.
#' @param sql Show the queries too.
#' @return An object of the class `comity_why`: it prints as the program explains it; `$report` has it as lists.
#' @examples
#' \dontrun{
#' why("CHN", "no-use-of-force", 1962)
#' why("CHN", "no-use-of-force")
#' }
#' @export
why <- function(state, commitment, year = NULL, full = FALSE, sql = FALSE, policy = NULL, without = NULL, as_of = NULL, source = NULL,
                record = NULL) {
  state <- one_state(state)
  year <- if (!is.null(year)) sub("^--year=", "", year_flag("year", year))
  args <- c("why", state, one_text(commitment, "commitment"), year, run_flags(policy, source, without, as_of, record))
  answer(args, c(switch_flag("full", full), switch_flag("sql", sql)), "comity_why")
}

one_state <- function(state) {
  state <- state_texts(state)
  if (length(state) != 1L) fail("`state` is not one state", "write state = \"CHN\"")
  state
}

# An answer as lists and as the program prints it.
answer <- function(args, shown, class) {
  got <- json_of(args)
  text <- run(c(args, shown), quiet = TRUE)$out
  structure(list(report = got, text = text), class = c(class, "comity_text"))
}

#' Advice before an act, and suppositions
#'
#' `advise()` tests acts before they are taken: what they would move, and what followed before. `whatif()` runs the same audit with facts
#' otherwise. Nothing is written to the record.
#'
#' @inheritParams audit
#' @param state The state that would act.
#' @param acts The acts in words: `"defense pact with RUS from 2026"`. `acts()` lists them.
#' @param file A package of acts, as TOML or JSON.
#' @param find Search for acts toward the same state that nothing stands against.
#' @param precedents How many precedents are compared.
#' @param to Last year to judge.
#' @param full Show every finding, commitment, precedent and row.
#' @param remove Rows to take out: `"pledges where partner = 365"`.
#' @param set Rows to change: `"TABLE set COLUMN = VALUE where CONDITION"`.
#' @return An object that prints as the program answers; `$report` has the answer as lists.
#' @examples
#' \dontrun{
#' advise("CHN", "defense pact with RUS from 2026")
#' whatif("CHN", remove = "pledges where partner = 365")
#' }
#' @export
advise <- function(state, acts = NULL, file = NULL, find = FALSE, precedents = NULL, to = NULL, full = FALSE, policy = NULL,
                   without = NULL, as_of = NULL, source = NULL, record = NULL) {
  if (is.null(acts) && is.null(file)) fail("no act to test", "write acts = \"defense pact with RUS from 2026\"; acts() lists them")
  if (!is.null(acts) && (!is.character(acts) || anyNA(acts))) fail("`acts` are no texts", "acts() lists them")
  args <- c(
    "advise", one_state(state), acts, flag("file", file), switch_flag("find", find), flag("precedents", precedents), year_flag("to", to),
    run_flags(policy, source, without, as_of, record)
  )
  answer(args, switch_flag("full", full), "comity_advice")
}

#' @rdname advise
#' @export
whatif <- function(states, remove = NULL, set = NULL, to = NULL, full = FALSE, policy = NULL, without = NULL, as_of = NULL, source = NULL,
                   record = NULL) {
  args <- c(
    "whatif", state_texts(states), flag("remove", remove), flag("set", set), year_flag("to", to),
    run_flags(policy, source, without, as_of, record)
  )
  answer(args, switch_flag("full", full), "comity_advice")
}

#' @rdname advise
#' @export
acts <- function() text_of("acts")
