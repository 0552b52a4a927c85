# Tests see no record and no cache but their own: what ships inside the program, unless they say otherwise.
Sys.setenv(COMITY_RECORD = file.path(tempfile("record-"), "none"), COMITY_CACHE = tempfile("cache-"))
options(comity.quiet = TRUE, comity.record = NULL)

# The program must be there: `r/test.sh` names it. A check of the package elsewhere skips what needs it.
needs_program <- function() {
  found <- tryCatch(comity_program(), comity_error = function(e) "")
  if (!nzchar(found)) testthat::skip("the program comity is not here")
}

# A record of published datasets, which `r/test.sh` makes where they are at hand. It is read alone.
published_record <- function() {
  needs_program()
  record <- Sys.getenv("COMITY_TEST_RECORD")
  if (!nzchar(record)) testthat::skip("no record of published datasets is at hand")
  record
}

# A program of a few lines in the place of comity.
fake_program <- function(..., env = parent.frame()) {
  file <- temporary_of(env)
  writeLines(c("#!/bin/sh", ...), file)
  Sys.chmod(file, "755")
  file
}

temporary_of <- function(env) {
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
