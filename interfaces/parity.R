# The same panel through the program and the languages is the same, cell by cell: Rscript interfaces/parity.R PROGRAM
#
# The program writes one panel as Parquet, CSV, JSON, R and Stata. R reads its own file, CSV, JSON and Stata's (with haven), and asks for the
# panel again through the package comity. Python's side is interfaces/parity.py, which reads the Parquet file and asks the package comity of
# Python: it runs where COMITY_PYTHON names a Python, and hands its cells over as JSON.
#
# Names and order of columns, rows, cells, what is missing, labels, units and labels of values are compared. Where COMITY_TEST_RECORD names a
# record of published datasets (r/test.sh makes one), the panel has a dozen groups of covariates from it, else those of what ships inside the
# program. The last line says how many passed.

library(comity)

main <- function(program) {
  options(comity.program = program, comity.quiet = TRUE)
  work <- tempfile("parity-")
  dir.create(work)
  record <- Sys.getenv("COMITY_TEST_RECORD")
  Sys.setenv(COMITY_RECORD = if (nzchar(record)) record else file.path(work, "record"), COMITY_CACHE = file.path(work, "cache"))
  on.exit(unlink(work, recursive = TRUE))
  asked <- request(work)
  args <- comity:::panel_args(asked, asked$join)
  forms <- c("parquet", "csv", "json", "rds", "dta")
  files <- file.path(work, paste0("panel.", forms))
  names(files) <- forms
  for (file in files) comity:::run(c(args, paste0("--output=", file)))

  reference <- readRDS(files[["rds"]])
  expect("the panel has rows and a dozen covariates", nrow(reference) > 100 && ncol(reference) > 15)
  kinds <- vapply(reference, kind, "")
  expect("texts, days, whole and other numbers are among its columns", all(c("text", "day", "whole", "number") %in% kinds))
  expect("something is missing", any(vapply(reference, anyNA, NA)))

  same("R's package", reference, do.call(panel, asked))
  compare("CSV", reference, read_csv(files[["csv"]]))
  compare("JSON", reference, read_json(files[["json"]]))
  stata <- as.data.frame(haven::read_dta(files[["dta"]]))
  compare("Stata", reference, stata, no_text = "")
  described(reference, stata, comity:::json_read(paste0(files[["dta"]], ".json")))
  python(reference, asked, work, files[["parquet"]])
  cat(results$passed, "passed,", results$failed, "failed,", results$skipped, "skipped\n")
  quit(status = results$failed > 0)
}

# One panel with texts, days, codes with labels, counts, numbers, and what is missing of each.
request <- function(work) {
  own <- data.frame(
    ccode1 = c(2, 2, 200, 710), ccode2 = c(200, 710, 710, 750), year = c(1950, 1951, 1952, 1954),
    said = c("p\u00e9age, \"quoted\"", "it's; -1", NA, "\u4e2d\u56fd"), seen = as.Date(c("1950-06-25", NA, "1816-01-01", "2024-12-31")),
    amount = c(0.1, NA, 1e-300, -12345.678901234567), many = c(9007199254740991, 0, -3, NA)
  )
  file <- file.path(work, "own.rds")
  saveRDS(own, file, version = 2)
  with <- c("names", "majors", "verdicts:independent-peace")
  if (nzchar(Sys.getenv("COMITY_TEST_RECORD"))) {
    with <- c(
      "names", "majors", "contiguity", "disputes:gml", "nmc", "igos", "pledges:atop", "democracy", "wars:inter", "rivalries:tss",
      "distance:capital", "peace-years", "verdicts:bandung-1955"
    )
  }
  list(
    unit = "dyad-years", with = with, system = "cow", directed = TRUE, years = "1945-1956",
    states = c("USA", "GBR", "CHN", "IND", "RUS", "PAK"), join = file
  )
}

kind <- function(column) {
  if (inherits(column, "Date")) "day"
  else if (is.factor(column) || is.character(column)) "text"
  else if (is.integer(column) || all(is.na(column) | column == round(column))) "whole"
  else "number"
}

# Every cell as what it is compared by: texts, days and numbers; numbers as such.
cells <- function(column) {
  switch(kind(column), day = format(column), text = as.character(column), whole = , number = as.numeric(column))
}

results <- new.env()
results$passed <- results$failed <- results$skipped <- 0L

expect <- function(what, holds) {
  if (isTRUE(holds)) {
    results$passed <- results$passed + 1L
  } else {
    results$failed <- results$failed + 1L
    message("not so: ", what)
  }
}

# The same frame with everything that is said of its columns.
same <- function(by, reference, other) {
  expect(paste(by, "gives the same columns"), identical(names(other), names(reference)))
  for (name in names(reference)) {
    expect(paste0(by, ": `", name, "` is the same, attributes too"), identical(other[[name]], reference[[name]]))
  }
}

# The same cells, from a file that has no types of R. What is read from digits may differ in the last bit, as R reads them.
compare <- function(by, reference, other, no_text = NA) {
  expect(paste(by, "has the same columns in the same order"), identical(names(other), names(reference)))
  expect(paste(by, "has the same rows"), identical(nrow(other), nrow(reference)))
  for (name in intersect(names(reference), names(other))) {
    mine <- cells(reference[[name]])
    theirs <- other[[name]]
    theirs <- if (is.numeric(mine)) as.numeric(theirs) else if (inherits(theirs, "Date")) format(theirs) else as.character(theirs)
    # Stata has no missing text: an empty one stands there.
    if (is.character(mine) && !is.na(no_text)) theirs[!is.na(theirs) & theirs == no_text] <- NA
    missing <- identical(is.na(mine), is.na(theirs))
    there <- !is.na(mine) & !is.na(theirs)
    cells <- if (is.numeric(mine)) {
      all(abs(mine[there] - theirs[there]) <= abs(mine[there]) * .Machine$double.eps)
    } else {
      identical(mine[there], theirs[there])
    }
    expect(paste0(by, ": what is missing in `", name, "`"), missing)
    expect(paste0(by, ": the cells of `", name, "`"), cells)
  }
}

read_csv <- function(file) {
  utils::read.csv(file, colClasses = "character", na.strings = "", check.names = FALSE, encoding = "UTF-8", quote = "\"")
}

read_json <- function(file) {
  rows <- comity:::json_read(file)
  names <- names(rows[[1L]])
  columns <- lapply(names, function(name) {
    values <- lapply(rows, function(row) row[[name]])
    values[lengths(values) == 0L] <- list(NA)
    unlist(values)
  })
  names(columns) <- names
  as.data.frame(columns, optional = TRUE)
}

# What is said of the columns is the same in R's file, in Stata's, and in the description beside them.
described <- function(reference, stata, notes) {
  about <- notes$columns
  names(about) <- vapply(about, function(a) a$name, "")
  expect("the description has every column, in order", identical(names(about), names(reference)))
  for (name in names(reference)) {
    mine <- reference[[name]]
    said <- about[[name]]
    label <- attr(mine, "label")
    if (is.null(label)) label <- ""
    expect(paste0("R's label of `", name, "`"), identical(label, said$means))
    cut <- if (nchar(label) > 80L) paste0(trimws(substr(label, 1L, 79L), "right"), "\u2026") else label
    theirs <- attr(stata[[name]], "label")
    expect(paste0("Stata's label of `", name, "`"), identical(if (is.null(theirs)) "" else theirs, cut))
    expect(paste0("R's unit of `", name, "`"), identical(attr(mine, "units"), said$unit))
    values <- attr(mine, "labels")
    listed <- vapply(said$values, function(v) as.integer(v$value), 0L)
    names(listed) <- vapply(said$values, function(v) v$means, "")
    expect(paste0("R's labels of the values of `", name, "`"), if (length(listed) == 0L) is.null(values) else identical(values, listed))
    of_stata <- attr(stata[[name]], "labels")
    as_codes <- function(v) stats::setNames(as.integer(v), names(v))
    expect(
      paste0("Stata's labels of the values of `", name, "`"),
      if (length(listed) == 0L) is.null(of_stata) else identical(as_codes(of_stata), listed)
    )
    whole <- is.integer(mine)
    expect(paste0("Stata's type of `", name, "`"), identical(class_of(stata[[name]]), class_of(mine)) || whole)
  }
  said <- attr(stata, "notes")
  expect("Stata's notes say how the data were made", any(grepl("^Made by comity .*comity panel dyad-years", said)))
  expect("Stata's notes say how the panel is declared", any(grepl("egen long unit = group(ccode1 ccode2), then xtset unit year", said, fixed = TRUE)))
  sources <- vapply(notes$sources, function(s) s$citation, "")
  expect("Stata's notes have every citation", all(vapply(sources, function(s) any(grepl(s, said, fixed = TRUE)), NA)))
}

class_of <- function(column) {
  if (inherits(column, "Date")) "day" else if (is.factor(column) || is.character(column)) "text" else "number"
}

# Python's side, where there is one.
python <- function(reference, asked, work, parquet) {
  program <- Sys.getenv("COMITY_PYTHON")
  script <- file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[[1L]])), "parity.py")
  skip <- function(why) {
    results$skipped <- results$skipped + 1L
    message("skipped: ", why)
  }
  if (!nzchar(program)) return(skip("Parquet and Python: COMITY_PYTHON names no Python"))
  request <- file.path(work, "request.txt")
  lines <- c(
    paste("unit", asked$unit), paste("with", asked$with), paste("system", asked$system), paste("directed", tolower(asked$directed)),
    paste("years", asked$years), paste("states", asked$states), paste("join", asked$join)
  )
  writeLines(lines, request)
  done <- system2(program, shQuote(c(script, request, parquet, work)), env = comity:::own_libraries())
  expect("interfaces/parity.py ran", identical(as.integer(done), 0L))
  for (by in c("Parquet", "Python")) {
    file <- file.path(work, paste0(tolower(by), ".json"))
    if (file.exists(file)) compare(by, reference, read_columns(file)) else skip(paste(by, "is not there for interfaces/parity.py"))
  }
}

# Columns as interfaces/parity.py writes them: a list of objects with `name` and `cells`.
read_columns <- function(file) {
  all <- comity:::json_read(file)
  columns <- lapply(all, function(column) {
    values <- as.list(column$cells)
    values[lengths(values) == 0L] <- list(NA)
    unlist(values)
  })
  names(columns) <- vapply(all, function(column) column$name, "")
  as.data.frame(columns, optional = TRUE)
}

given <- commandArgs(TRUE)
if (length(given) != 1L) stop("the path of the program: Rscript interfaces/parity.R target/release/comity")
main(normalizePath(given))
