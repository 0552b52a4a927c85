test_that("a missing program is one clear error, with the way out", {
  e <- failure(with_program("/no/such/comity", audit("CHN")))
  expect_s3_class(e, "comity_error")
  expect_match(conditionMessage(e), "the option comity.program names /no/such/comity", fixed = TRUE)
  expect_match(e$help, "name the program itself")
  expect_true(is.na(e$status))

  old <- Sys.getenv(c("PATH", "COMITY_PROGRAM", "VIRTUAL_ENV", "CONDA_PREFIX", "RETICULATE_PYTHON", "HOME"), NA)
  on.exit({
    Sys.unsetenv(names(old)[is.na(old)])
    do.call(Sys.setenv, as.list(old[!is.na(old)]))
  })
  home <- tempfile("home-")
  Sys.unsetenv(names(old))
  Sys.setenv(PATH = "/nowhere", HOME = home)
  e <- failure(with_program(NULL, comity_program()))
  expect_match(conditionMessage(e), "the program comity is not on this machine", fixed = TRUE)
  expect_match(paste(e$help, collapse = " "), "options(comity.program", fixed = TRUE)

  # What Python installs is found, the active environment first; the environment variable comes before.
  bin <- file.path(home, "venv", "bin")
  dir.create(bin, recursive = TRUE)
  file.create(file.path(bin, "comity"))
  Sys.setenv(VIRTUAL_ENV = file.path(home, "venv"))
  expect_error(with_program(NULL, comity_program()), class = "comity_error")
  Sys.chmod(file.path(bin, "comity"), "755")
  expect_identical(with_program(NULL, comity_program()), file.path(bin, "comity"))
  Sys.setenv(COMITY_PROGRAM = "/no/such")
  e <- failure(with_program(NULL, comity_program()))
  expect_match(conditionMessage(e), "the environment variable COMITY_PROGRAM names /no/such", fixed = TRUE)
})

test_that("a file that cannot be run, another program and an old one are told apart", {
  skip_on_os("windows")
  plain <- tempfile()
  file.create(plain)
  expect_match(conditionMessage(failure(with_program(plain, audit("CHN")))), "which cannot be run")
  other <- fake_program("echo something else")
  expect_match(conditionMessage(failure(with_program(other, audit("CHN")))), "is not the program comity")
  old <- fake_program("echo comity 0.0.9")
  e <- failure(with_program(old, audit("CHN")))
  expect_match(conditionMessage(e), "is comity 0.0.9; this package needs 0.1.0 or newer", fixed = TRUE)
  expect_match(e$help, "install a newer program")
})

test_that("an error has the message of the program, the place and the ways out", {
  skip_on_os("windows")
  fake <- fake_program(
    "if [ \"$1\" = --version ]; then echo comity 0.1.0; exit 0; fi",
    "printf 'note: a note\\nerror: mine.md:12:3: no column `ccod`\\n  select ccod\\n         ^^^^\\nhelp: first way\\nhelp: second way\\n      over two lines\\n' >&2",
    "exit 2"
  )
  e <- failure(with_program(fake, query("select ccod")))
  expect_match(conditionMessage(e), "no column `ccod`\n  select ccod\n         ^^^^\nhelp: first way", fixed = TRUE)
  expect_identical(e$help, c("first way", "second way\n      over two lines"))
  expect_identical(e$file, "mine.md")
  expect_identical(e$line, 12L)
  expect_identical(e$status, 2L)
  expect_match(e$command, "^comity query")

  silent <- fake_program("if [ \"$1\" = --version ]; then echo comity 0.1.0; exit 0; fi", "kill -9 $$")
  e <- failure(with_program(silent, audit("CHN")))
  expect_match(conditionMessage(e), "the program ended with status 137")
  broken <- fake_program(
    "if [ \"$1\" = --version ]; then echo comity 0.1.0; exit 0; fi", "for a in \"$@\"; do case $a in --output=*) echo junk > \"${a#--output=}\";; esac; done"
  )
  e <- failure(with_program(broken, query("select 1")))
  expect_match(conditionMessage(e), "the table that the program wrote cannot be read")
})

test_that("the program does not see the libraries of R", {
  skip_on_os("windows")
  fake <- fake_program("if [ \"$1\" = --version ]; then echo comity 0.1.0; exit 0; fi", "echo \"libraries: $LD_LIBRARY_PATH\"")
  said <- with_program(fake, groups()$text)
  expect_false(grepl(R.home("lib"), said, fixed = TRUE))
})

test_that("notes are messages, and can be kept quiet", {
  skip_on_os("windows")
  fake <- fake_program(
    "if [ \"$1\" = --version ]; then echo comity 0.1.0; exit 0; fi", "echo 'note: read as GFR' >&2", "echo text"
  )
  with_program(fake, {
    old <- options(comity.quiet = FALSE)
    on.exit(options(old))
    expect_message(got <- groups(), "note: read as GFR")
    expect_output(print(got), "text")
    options(comity.quiet = TRUE)
    expect_silent(groups())
  })
})

test_that("an interrupt ends the program and leaves nothing behind", {
  skip_on_os("windows")
  pid_file <- tempfile()
  fake <- fake_program(
    "if [ \"$1\" = --version ]; then echo comity 0.1.0; exit 0; fi", paste("echo $$ >", pid_file), "exec sleep 60"
  )
  # Another R waits for the program and is interrupted: what Ctrl-C and the stop button send.
  script <- tempfile(fileext = ".R")
  writeLines(c(
    sprintf("library(comity, lib.loc = %s)", deparse(dirname(find.package("comity")))),
    sprintf("options(comity.program = %s)", deparse(fake)),
    "tryCatch(audit('CHN'), interrupt = function(i) { cat('interrupted\\n'); cat(length(list.files(tempdir(), 'comity-run')), 'left\\n') })"
  ), script)
  out <- tempfile()
  r <- tempfile()
  system(sprintf("%s %s > %s 2>&1 & echo $! > %s", shQuote(file.path(R.home("bin"), "Rscript")), script, out, r))
  for (i in 1:200) if (file.exists(pid_file) && length(readLines(pid_file)) == 1L) break else Sys.sleep(0.05)
  child <- as.integer(readLines(pid_file))
  expect_true(tools::pskill(child, 0))
  # Rscript is R itself by now. A shell ignores interrupts for what it runs in the background, so R is told by its own number.
  interrupted <- as.integer(readLines(r))
  tools::pskill(interrupted, tools::SIGINT)
  gone <- FALSE
  for (i in 1:100) {
    gone <- !isTRUE(tools::pskill(child, 0))
    if (gone) break
    Sys.sleep(0.05)
  }
  if (!gone) tools::pskill(child)
  expect_true(gone)
})

test_that("arguments that are none are refused before anything runs", {
  expect_error(audit(NA), "a state is missing", class = "comity_error")
  expect_error(audit("--all"), "is no state", class = "comity_error")
  expect_error(audit(TRUE), "neither codes nor names", class = "comity_error")
  expect_error(audit("CHN", from = "x"), "`from` is no year", class = "comity_error")
  expect_error(panel("dyad-years", years = c(1990, 1995)), "have a gap", class = "comity_error")
  expect_error(panel("dyad-years", directed = NA), "neither TRUE nor FALSE", class = "comity_error")
  expect_error(panel("dyad-years", join = 1), "`join` is neither", class = "comity_error")
  expect_error(query("select 1", tables = list(data.frame(a = 1))), "has no name", class = "comity_error")
  expect_error(query(c("a", "b")), "`sql` is not one text", class = "comity_error")
  expect_error(measure("--x"), "is no measure", class = "comity_error")
  expect_error(advise("CHN"), "no act to test", class = "comity_error")
  expect_error(record_add(character()), "no files to add", class = "comity_error")
  expect_error(findings(5:6, commitment = NULL, from = 1.5), "`from` is no year", class = "comity_error")
})
