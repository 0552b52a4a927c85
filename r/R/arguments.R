# Arguments of R to flags of the program.

# A flag with its value, once for each value; nothing without one.
flag <- function(name, values) {
  values <- as.character(unlist(values))
  values <- values[!is.na(values)]
  if (length(values) == 0L) character() else paste0("--", name, "=", values)
}

# A flag whose values stand behind one another.
list_flag <- function(name, values) {
  values <- as.character(unlist(values))
  if (length(values) == 0L) character() else paste0("--", name, "=", paste(values, collapse = ","))
}

# A flag that is there or not.
switch_flag <- function(name, on) {
  if (!is.logical(on) || length(on) != 1L || is.na(on)) fail(paste0("`", name, "` is neither TRUE nor FALSE"))
  if (on) paste0("--", name) else character()
}

record_flag <- function(record) {
  if (is.null(record)) record <- getOption("comity.record")
  if (is.null(record)) character() else paste0("--record=", path.expand(one_text(record, "record")))
}

# Flags that every run of a policy has.
run_flags <- function(policy, source, without, as_of, record) {
  as_of <- if (inherits(as_of, "Date")) format(as_of) else as_of
  c(
    flag("policy", if (!is.null(policy)) path.expand(one_text(policy, "policy"))), flag("source", choices(source)),
    flag("without", without), flag("as-of", as_of), record_flag(record)
  )
}

# Sources by family: `c(treaties = "cow-alliances")`, or `"treaties=cow-alliances"`.
choices <- function(source) {
  if (is.null(names(source))) return(source)
  paste0(names(source), "=", unlist(source))
}

one_text <- function(value, name) {
  if (!is.character(value) || length(value) != 1L || is.na(value) || !nzchar(value)) {
    fail(paste0("`", name, "` is not one text"), paste0("give ", name, " as one text in quotes"))
  }
  value
}

# Codes and names of states, none of which a flag could be taken for.
state_texts <- function(states) {
  if (is.factor(states)) states <- as.character(states)
  if (anyNA(states)) fail("a state is missing: NA", "leave NA out: states[!is.na(states)]")
  if (!is.character(states) && !is.numeric(states)) fail("`states` are neither codes nor names", "write states = c(\"CHN\", \"USA\")")
  states <- trimws(format_whole(states))
  bad <- states[!nzchar(states) | startsWith(states, "-")]
  if (length(bad) > 0L) fail(paste0("`", bad[[1L]], "` is no state"), "states() lists them")
  states
}

format_whole <- function(values) {
  if (is.numeric(values)) format(values, scientific = FALSE, trim = TRUE) else values
}

year_text <- function(years) {
  if (is.null(years)) return(NULL)
  if (is.character(years)) return(one_text(years, "years"))
  if (!is.numeric(years) || length(years) == 0L || anyNA(years) || any(years != round(years))) {
    fail("`years` are no years", "write years = 1946:2010, or years = \"1946-2010\"")
  }
  if (length(years) > 1L && !setequal(years, seq(min(years), max(years)))) {
    fail("`years` have a gap", "ask for all years from the first to the last, and leave rows out afterwards")
  }
  paste0(format_whole(min(years)), "-", format_whole(max(years)))
}

year_flag <- function(name, year) {
  if (is.null(year)) return(character())
  if (!is.numeric(year) || length(year) != 1L || is.na(year) || year != round(year)) {
    fail(paste0("`", name, "` is no year"), paste0("write ", name, " = 1990"))
  }
  flag(name, format_whole(year))
}
