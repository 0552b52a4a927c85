# JSON to lists of R, without a package: the program's own answers are all that is read.

json_token <- paste0(
  '"[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+"',           # a text
  "|-?[0-9][0-9.eE+-]*+|true|false|null",        # a number, a truth, nothing
  "|[][{}:,]"
)

# Objects are lists with names, lists of texts, numbers or truths are vectors, null is NULL.
json_read <- function(file) {
  size <- file.size(file)
  text <- readChar(file, size, useBytes = TRUE)
  json_parse(text)
}

json_parse <- function(text) {
  Encoding(text) <- "bytes"
  found <- gregexpr(json_token, text, perl = TRUE, useBytes = TRUE)[[1]]
  if (found[[1]] < 0) stop("no JSON", call. = FALSE)
  tokens <- regmatches(text, list(found))[[1]]
  first <- substr(tokens, 1L, 1L)
  values <- json_atoms(tokens, first)
  at <- 1L
  value <- function() {
    token <- first[[at]]
    at <<- at + 1L
    if (token == "{") {
      keys <- character()
      all <- list()
      while (first[[at]] != "}") {
        if (first[[at]] == ",") at <<- at + 1L
        n <- length(keys) + 1L
        keys[[n]] <- values[[at]]
        at <<- at + 2L
        got <- value()
        # A key whose value is NULL stays a key.
        all[n] <- list(got)
      }
      at <<- at + 1L
      names(all) <- keys
      all
    } else if (token == "[") {
      all <- list()
      while (first[[at]] != "]") {
        if (first[[at]] == ",") at <<- at + 1L
        got <- value()
        all[length(all) + 1L] <- list(got)
      }
      at <<- at + 1L
      json_vector(all)
    } else {
      values[[at - 1L]]
    }
  }
  value()
}

# The tokens that are no brackets, as values: all texts and all numbers at once.
json_atoms <- function(tokens, first) {
  values <- vector("list", length(tokens))
  text <- first == "\""
  if (any(text)) values[text] <- as.list(json_texts(tokens[text]))
  number <- grepl("^[-0-9]", first)
  if (any(number)) values[number] <- as.list(as.numeric(tokens[number]))
  values[first == "t"] <- list(TRUE)
  values[first == "f"] <- list(FALSE)
  values
}

json_texts <- function(tokens) {
  tokens <- substr(tokens, 2L, nchar(tokens, "bytes") - 1L)
  escaped <- grepl("\\", tokens, fixed = TRUE)
  if (any(escaped)) tokens[escaped] <- vapply(tokens[escaped], json_unescape, "", USE.NAMES = FALSE)
  Encoding(tokens) <- "UTF-8"
  tokens
}

json_unescape <- function(text) {
  parts <- regmatches(text, gregexpr("\\\\(?:u[0-9a-fA-F]{4}|.)", text, perl = TRUE, useBytes = TRUE), invert = NA)[[1]]
  escape <- startsWith(parts, "\\")
  plain <- c(n = "\n", t = "\t", r = "\r", b = "\b", f = "\f")
  say <- function(part) {
    kind <- substr(part, 2L, 2L)
    if (kind == "u") return(enc2utf8(intToUtf8(strtoi(substr(part, 3L, 6L), 16L))))
    if (kind %in% names(plain)) plain[[kind]] else kind
  }
  parts[escape] <- vapply(parts[escape], say, "")
  Encoding(parts) <- "bytes"
  paste(parts, collapse = "")
}

json_vector <- function(all) {
  if (length(all) == 0L) return(all)
  kinds <- unique(vapply(all, typeof, ""))
  one <- all(lengths(all) == 1L) && length(kinds) == 1L && kinds %in% c("character", "double", "logical")
  if (one && is.null(names(all[[1L]]))) unlist(all) else all
}
