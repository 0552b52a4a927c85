# Tests see no record and no cache but their own: what ships inside the program, unless they say otherwise.
Sys.setenv(COMITY_RECORD = file.path(tempfile("record-"), "none"), COMITY_CACHE = tempfile("cache-"))
options(comity.quiet = TRUE, comity.record = NULL)

# The program must be there: `r/test.sh` names it. A check of the package elsewhere skips what needs it.
needs_program <- function() {
  found <- tryCatch(comity_program(), comity_error = function(e) "")
  if (!nzchar(found)) testthat::skip("the program comity is not here")
}

# A folder with published datasets, where it is at hand.
published <- function(...) {
  folder <- Sys.getenv("COMITY_SHARED")
  if (!nzchar(folder)) testthat::skip("published data are not here")
  file.path(folder, ...)
}

# A record of a few published datasets, made once.
made <- new.env()
published_record <- function() {
  needs_program()
  of <- published(c("cow-contiguity", "cow-nmc", "cow-mid", "cow-states", "cow-igo", "cow-war", "atop", "ucdp", "isard", "peacesciencer"))
  if (is.null(made$record)) {
    made$record <- tempfile("record-")
    record_add(of[file.exists(of)], record = made$record)
  }
  made$record
}

# A program of a few lines in the place of comity.
fake_program <- function(..., env = parent.frame()) {
  file <- withr_file(env)
  writeLines(c("#!/bin/sh", ...), file)
  Sys.chmod(file, "755")
  file
}

withr_file <- function(env) {
  file <- tempfile("fake-")
  do.call("on.exit", list(bquote(unlink(.(file))), add = TRUE), envir = env)
  file
}

with_program <- function(path, code) {
  old <- options(comity.program = path)
  on.exit(options(old))
  code
}

failure <- function(code) tryCatch({ code; NULL }, comity_error = function(e) e)
