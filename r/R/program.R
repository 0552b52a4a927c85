# The program: where it is, which version, running it, and what it says when it cannot.

needed_version <- "0.1.0"

#' The program that the package asks
#'
#' It is looked for, in this order: the option `comity.program`; the environment variable `COMITY_PROGRAM`; the search path; the folders in
#' which Python's packages install commands (the active environment of venv or conda, that of reticulate, your own).
#'
#' @return `comity_program()`: its path. `comity_version()`: its version.
#' @section Errors:
#' Every error of the package has the class `comity_error`, with the fields `message`, `help` (ways out), `file` and `line` (of a policy or
#' table that is at fault, else `NA`), `status` (of the program, else `NA`) and `command`.
#' @examples
#' \dontrun{
#' options(comity.program = "~/bin/comity")
#' comity_program()
#' tryCatch(audit("Atlantis"), comity_error = function(e) e$help)
#' }
#' @export
comity_program <- function() {
  named <- list(
    "the option comity.program" = getOption("comity.program"),
    "the environment variable COMITY_PROGRAM" = empty_is_null(Sys.getenv("COMITY_PROGRAM"))
  )
  for (by in names(named)) {
    if (!is.null(named[[by]])) return(named_program(named[[by]], by))
  }
  found <- unname(Sys.which("comity"))
  if (nzchar(found)) return(found)
  file <- if (on_windows()) "comity.exe" else "comity"
  places <- file.path(python_folders(), file)
  here <- places[is_program(places)]
  if (length(here) > 0L) return(here[[1L]])
  fail(
    "the program comity is not on this machine, or R does not see it",
    c(
      "install it as its guide for R says, or install the Python package comity, which carries it",
      "if it is there, name it: options(comity.program = \"/path/to/comity\"), or set COMITY_PROGRAM in .Renviron"
    )
  )
}

named_program <- function(path, by) {
  if (!is.character(path) || length(path) != 1L || is.na(path)) {
    fail(paste(by, "is not a path"), "give the path of the program as one text")
  }
  path <- path.expand(path)
  if (!file.exists(path)) {
    fail(paste0(by, " names ", path, ", and there is no such file"), "name the program itself, for example /usr/bin/comity")
  }
  if (!is_program(path)) {
    fail(paste0(by, " names ", path, ", which cannot be run"), "name the program itself, and see that you may run it")
  }
  normalizePath(path)
}

is_program <- function(paths) {
  file.exists(paths) & !dir.exists(paths) & (on_windows() | file.access(paths, 1L) == 0L)
}

on_windows <- function() .Platform$OS.type == "windows"

empty_is_null <- function(text) if (nzchar(text)) text

# Where Python installs commands: the active environments, then the user's own.
python_folders <- function() {
  scripts <- if (on_windows()) "Scripts" else "bin"
  environments <- c(Sys.getenv("VIRTUAL_ENV"), Sys.getenv("CONDA_PREFIX"))
  environments <- environments[nzchar(environments)]
  folders <- file.path(environments, scripts)
  reticulate <- Sys.getenv("RETICULATE_PYTHON")
  if (nzchar(reticulate)) folders <- c(folders, dirname(reticulate))
  own <- if (on_windows()) {
    Sys.glob(file.path(Sys.getenv("APPDATA"), "Python", "Python*", "Scripts"))
  } else {
    c(path.expand("~/.local/bin"), Sys.glob(path.expand("~/Library/Python/*/bin")))
  }
  c(folders, own)
}

known <- new.env(parent = emptyenv())

#' @rdname comity_program
#' @export
comity_version <- function() {
  program <- comity_program()
  key <- paste(program, file.mtime(program))
  if (is.null(known[[key]])) known[[key]] <- checked_version(program)
  known[[key]]
}

checked_version <- function(program) {
  done <- execute(program, "--version")
  said <- paste(done$out, collapse = " ")
  number <- regmatches(said, regexpr("^comity [0-9]+(\\.[0-9]+)+", said))
  if (done$status != 0L || length(number) == 0L) {
    fail(
      paste0(program, " is not the program comity"),
      "options(comity.program = \"/path/to/comity\") names another",
      status = done$status
    )
  }
  version <- numeric_version(sub("^comity ", "", number))
  if (version < needed_version) {
    fail(
      paste0(program, " is comity ", version, "; this package needs ", needed_version, " or newer"),
      "install a newer program, or an older version of the package"
    )
  }
  version
}

# Runs the program and gives its standard output as lines. Its notes become messages, its errors conditions. `good` are statuses that are
# answers.
run <- function(args, input = NULL, good = 0L, quiet = getOption("comity.quiet", FALSE)) {
  comity_version()
  done <- execute(comity_program(), args, input)
  if (!done$status %in% good) raise(done, args)
  notes <- grep("^(note|warning|as of [-0-9]+): ", done$err, value = TRUE)
  if (!isTRUE(quiet)) for (note in notes) message(note)
  done
}

# The JSON that a command prints, as lists.
json_of <- function(args) json_parse(paste(run(c(args, "--format=json"))$out, collapse = "\n"))

# Runs a program to its end. On Unix it runs beside R, which waits: so an interrupt is heard at once and ends it, in a terminal, RStudio and
# a notebook alike.
execute <- function(program, args, input = NULL) {
  folder <- tempfile("comity-run-")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE), add = TRUE)
  file <- function(name) file.path(folder, name)
  writeLines(enc2utf8(as.character(input)), file("in"), useBytes = TRUE)
  args <- shQuote(enc2utf8(as.character(args)))
  environment <- c(paste0("COLUMNS=", getOption("width")), own_libraries())
  status <- if (on_windows()) {
    suppressWarnings(system2(program, args, stdout = file("out"), stderr = file("err"), stdin = file("in"), env = environment))
  } else {
    beside(program, args, environment, file)
  }
  lines <- function(name) {
    if (!file.exists(file(name))) return(character())
    lines <- readLines(file(name), warn = FALSE, encoding = "UTF-8")
    lines
  }
  list(status = as.integer(status), out = lines("out"), err = lines("err"))
}

# R puts folders of libraries before those of everyone. A program that is not R's, as a command of Python, would load the wrong ones: it gets
# the path without them.
own_libraries <- function() {
  path <- Sys.getenv("LD_LIBRARY_PATH")
  of_r <- file.path(R.home("etc"), "ldpaths")
  if (!nzchar(path) || !file.exists(of_r)) return(character())
  if (is.null(known$of_r)) {
    script <- paste0("LD_LIBRARY_PATH=; . ", shQuote(of_r), "; printf %s \"$LD_LIBRARY_PATH\"")
    said <- suppressWarnings(system2("sh", c("-c", shQuote(script)), stdout = TRUE, stderr = FALSE, env = paste0("R_HOME=", shQuote(R.home()))))
    known$of_r <- paste(said, collapse = "")
  }
  # R that was started by R has put them there twice.
  while (nzchar(known$of_r) && startsWith(path, known$of_r)) path <- sub("^:", "", substring(path, nchar(known$of_r) + 1L))
  paste0("LD_LIBRARY_PATH=", shQuote(path))
}

beside <- function(program, args, environment, file) {
  command <- paste(paste(environment, collapse = " "), shQuote(program), paste(args, collapse = " "))
  script <- c(
    paste(command, "<", shQuote(file("in")), ">", shQuote(file("out")), "2>", shQuote(file("err")), "&"),
    "child=$!",
    paste("echo $child >", shQuote(file("pid"))),
    "wait $child",
    paste("echo $? >", shQuote(file("ended"))),
    paste("mv", shQuote(file("ended")), shQuote(file("status")))
  )
  writeLines(script, file("script"), useBytes = TRUE)
  system2("sh", shQuote(file("script")), stdout = FALSE, stderr = FALSE, wait = FALSE)
  over <- FALSE
  on.exit(if (!over) stop_child(file("pid")))
  pause <- 0.002
  while (!file.exists(file("status"))) {
    Sys.sleep(pause)
    pause <- min(pause * 1.5, 0.05)
  }
  over <- TRUE
  as.integer(readLines(file("status")))
}

# Ends what was begun: asked first, so that it takes its temporary files away.
stop_child <- function(file) {
  pid <- if (file.exists(file)) suppressWarnings(as.integer(readLines(file)))
  if (length(pid) == 1L && !is.na(pid)) tools::pskill(pid, tools::SIGTERM)
}

# What the program said on standard error, as a condition.
raise <- function(done, args) {
  lines <- done$err
  begins <- grep("^error: ", lines)
  if (length(begins) == 0L) {
    said <- paste(lines[nzchar(lines)], collapse = "\n")
    message <- if (nzchar(said)) said else paste("the program ended with status", done$status)
    fail(message, character(), done$status, args)
  }
  # What stands before is about the place in a policy.
  before <- lines[seq_len(begins[[1L]] - 1L)]
  after <- lines[begins[[1L]]:length(lines)]
  help <- grep("^help: ", after)
  end <- if (length(help) > 0L) help[[1L]] - 1L else length(after)
  message <- sub("^error: ", "", after[seq_len(end)])
  message <- message[!grepl("^For more information, try|^Usage: |^\\s*$", message)]
  ways <- character()
  for (line in after[-seq_len(end)]) {
    if (startsWith(line, "help: ")) {
      ways <- c(ways, substring(line, 7L))
    } else if (length(ways) > 0L && nzchar(trimws(line))) {
      ways[[length(ways)]] <- paste0(ways[[length(ways)]], "\n", line)
    }
  }
  before <- before[!grepl("^(note|warning|as of [-0-9]+): ", before)]
  fail(paste(c(message, before[nzchar(before)]), collapse = "\n"), ways, done$status, args)
}

# `file:line` or `file:line:column` in a message.
place <- function(message) {
  found <- regmatches(message, regexpr("[^\\s:`\"]+:[0-9]+(?=[:,.\\s]|$)", message, perl = TRUE))
  if (length(found) == 0L) return(list(file = NA_character_, line = NA_integer_))
  list(file = sub(":[0-9]+$", "", found), line = as.integer(sub(".*:", "", found)))
}

fail <- function(message, help = character(), status = NA_integer_, args = NULL) {
  at <- place(message)
  shown <- paste(c(message, paste("help:", help)[nzchar(help)]), collapse = "\n")
  stop(structure(
    class = c("comity_error", "error", "condition"),
    list(
      message = shown, call = NULL, help = help, file = at$file, line = at$line, status = status,
      command = if (!is.null(args)) paste(c("comity", args), collapse = " ")
    )
  ))
}
