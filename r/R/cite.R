#' What to cite
#'
#' The works behind an answer, as R's own citations: print them, `format(cite(x), "text")`, `toBibtex(cite(x))`.
#'
#' @param x A panel, a request, an audit, verdicts, findings or a measure. Without it the whole record: [record_cite()]. The program and this
#'   package are cited by `citation("comity")`.
#' @param ... Not used.
#' @return A `bibentry`.
#' @examples
#' \dontrun{
#' p <- panel("dyad-years", with = "contiguity")
#' cite(p)
#' toBibtex(cite(p))
#' }
#' @export
cite <- function(x, ...) {
  if (missing(x)) return(record_cite())
  UseMethod("cite")
}

#' @export
cite.default <- function(x, ...) {
  fail(
    paste0("an object of the class ", class(x)[[1L]], " does not say what it was made from"),
    "cite a panel, an audit, verdicts or a measure as they came, or the record: record_cite()"
  )
}

#' @export
cite.comity_request <- function(x, ...) bibtex_of(c(panel_args(asked_of(x), NULL), "--cite"))

#' @export
cite.comity_panel <- function(x, ...) {
  asked <- attr(x, "asked")
  if (is.null(asked)) return(cite.default(x))
  bibtex_of(c(panel_args(asked, NULL), "--cite"))
}

#' @export
cite.comity_measure <- function(x, ...) {
  asked <- attr(x, "asked")
  if (is.null(asked)) return(cite.default(x))
  bibtex_of(c("measure", asked$name, record_flag(asked$record), "--cite"))
}

#' @export
cite.comity_audit <- function(x, ...) {
  used <- lapply(x$report$audits, function(a) lapply(a$commitments, function(c) unlist(c$sources)))
  cited(unlist(used), x$record)
}

#' @export
cite.comity_verdicts <- function(x, ...) {
  ids <- vapply(notes_of(x)$sources, function(s) s$id, "")
  if (length(ids) == 0L) return(cite.default(x))
  cited(ids, attr(x, "asked")$record)
}

# The entries of the record that are of these sources.
cited <- function(ids, record) {
  all <- record_cite(record)
  keys <- unlist(all$key)
  of <- sub("-[0-9]+$", "", keys)
  all[keys %in% ids | of %in% ids]
}

#' @rdname record
#' @export
record_cite <- function(record = NULL) bibtex_of(c("record", "cite", "--format=bibtex", record_flag(record)))

bibtex_of <- function(args) bibtex_read(run(args)$out)

# The BibTeX of the program, in which every field has a line, as R's citations.
bibtex_read <- function(lines) {
  begins <- grep("^@[a-z]+\\{", lines)
  entries <- lapply(seq_along(begins), function(at) {
    end <- if (at < length(begins)) begins[[at + 1L]] - 1L else length(lines)
    bibtex_entry(lines[begins[[at]]:end])
  })
  do.call(c, entries)
}

bibtex_entry <- function(lines) {
  kind <- sub("^@([a-z]+)\\{.*", "\\1", lines[[1L]])
  key <- sub("^@[a-z]+\\{([^,]*),.*", "\\1", lines[[1L]])
  inside <- paste(lines[-1L], collapse = "\n")
  found <- regmatches(inside, gregexpr("(?m)^\\s*([a-z]+)\\s*=\\s*\\{(.*)\\},?$", inside, perl = TRUE))[[1L]]
  fields <- sub("^\\s*([a-z]+)\\s*=.*", "\\1", found)
  values <- as.list(sub("(?s)^\\s*[a-z]+\\s*=\\s*\\{(.*)\\},?$", "\\1", found, perl = TRUE))
  names(values) <- fields
  # R takes addresses as they are, without the signs that LaTeX needs.
  for (name in intersect(c("url", "doi"), fields)) values[[name]] <- gsub("\\\\([_%&#$])", "\\1", values[[name]])
  for (name in intersect(c("author", "editor"), fields)) values[[name]] <- persons(values[[name]])
  kinds <- c(
    article = "Article", book = "Book", incollection = "InCollection", manual = "Manual", misc = "Misc", techreport = "TechReport",
    phdthesis = "PhdThesis", unpublished = "Unpublished", online = "Misc", dataset = "Misc"
  )
  type <- if (kind %in% names(kinds)) kinds[[kind]] else "Misc"
  make <- function(type) do.call(utils::bibentry, c(list(bibtype = type, key = key), values))
  # A work that lacks what its kind must have is cited all the same.
  tryCatch(make(type), error = function(e) make("Misc"))
}

# `Last, First and {A project}`: names in braces are of no person.
persons <- function(text) {
  depth <- cumsum((utf8ToInt(text) == 123L) - (utf8ToInt(text) == 125L))
  ands <- gregexpr(" and ", text, fixed = TRUE)[[1L]]
  ands <- ands[ands > 0L]
  ands <- ands[depth[ands] == 0L]
  names <- substring(text, c(1L, ands + 5L), c(ands - 1L, nchar(text)))
  people <- lapply(names, function(name) {
    if (name == "others") return(utils::person(given = "others"))
    if (grepl("^\\{.*\\}$", name)) return(utils::person(given = NULL, family = gsub("^\\{|\\}$", "", name)))
    parts <- strsplit(name, ", ", fixed = TRUE)[[1L]]
    given <- parts[length(parts)][length(parts) > 1L]
    family <- paste(parts[seq_len(max(1L, length(parts) - 1L))], collapse = ", ")
    utils::person(given = if (length(given)) given, family = family)
  })
  do.call(c, people)
}
