verdict_colours <- c(
  kept = "#3f7fa8", strained = "#d08a1d", broken = "#9c2a1c", contested = "#7b4fa0", unknown = "#e4e1d8", "no-occasion" = "#b9c8c0",
  "not-applicable" = "#ffffff"
)

#' Ribbons of verdicts
#'
#' One ribbon for each commitment, one cell for each year. Kept is low, strained is higher, broken is full, so that a print without colours is
#' read; what is unknown is pale, and hatched where it is strained or worse.
#'
#' @param x An audit, or verdicts of one state or one commitment.
#' @param from,to First and last year that are drawn.
#' @param main A title.
#' @param ... Not used.
#' @return The table that is drawn, invisibly.
#' @examples
#' \dontrun{
#' plot(audit("CHN"))
#' plot(verdicts(c("IND", "PAK"), commitment = "no-use-of-force"))
#' }
#' @name ribbons
NULL

#' @rdname ribbons
#' @export
plot.comity_audit <- function(x, from = NULL, to = NULL, main = NULL, ...) {
  rows <- audit_verdicts(x)
  if (nrow(rows) == 0L) fail("the audit has no verdicts to draw", "as.data.frame(x, what = \"values\") has its values")
  several <- length(unique(rows$ccode)) > 1L
  if (is.null(main)) main <- if (several) x$report$policy$title else paste0(rows$state[[1L]], ": ", x$report$policy$title)
  label <- if (several) paste0(rows$stateabb, ": ", rows$title) else rows$title
  ribbons(rows, label, from, to, main)
}

#' @rdname ribbons
#' @export
plot.comity_verdicts <- function(x, from = NULL, to = NULL, main = NULL, ...) {
  needed <- c("state", "commitment", "year", "verdict", "at_least")
  if (!all(needed %in% names(x)) || !is.numeric(x$year)) {
    fail("these are no verdicts by year", "plot(verdicts(\"CHN\")), without latest or counts")
  }
  rows <- strip(x)
  if (nrow(rows) == 0L) fail("there are no verdicts to draw", "ask for more states, commitments or years")
  many <- vapply(rows[c("state", "commitment")], function(column) length(unique(column)), 0L)
  label <- if (many[["state"]] == 1L) rows$commitment else if (many[["commitment"]] == 1L) rows$state else paste0(rows$state, ": ", rows$commitment)
  if (is.null(main)) main <- if (many[["commitment"]] == 1L) rows$commitment[[1L]] else if (many[["state"]] == 1L) rows$state[[1L]] else ""
  ribbons(rows, as.character(label), from, to, as.character(main))
}

ribbons <- function(rows, label, from, to, main) {
  in_years <- (is.null(from) | rows$year >= max(from, -Inf)) & (is.null(to) | rows$year <= min(to, Inf))
  rows <- rows[in_years, ]
  label <- label[in_years]
  if (nrow(rows) == 0L) fail("there are no verdicts in these years", "leave `from` and `to` out")
  lines <- unique(label)
  at <- length(lines) + 1L - match(label, lines)
  verdict <- as.character(rows$verdict)
  height <- c(kept = 0.3, strained = 0.55, broken = 0.8, contested = 0.8, unknown = 0.3, "no-occasion" = 0.15, "not-applicable" = 0)[verdict]
  names <- ifelse(nchar(lines) > 42L, paste0(substr(lines, 1L, 41L), "\u2026"), lines)
  before <- graphics::par(no.readonly = TRUE)
  on.exit(graphics::par(before))
  size <- min(0.85, 24 / max(length(lines), 1L))
  room <- max(graphics::strwidth(names, "inches", cex = size))
  graphics::par(mai = c(0.75, min(room + 0.25, graphics::par("din")[[1L]] * 0.5), 0.5, 0.15))
  graphics::plot(
    NA, xlim = c(min(rows$year), max(rows$year) + 1), ylim = c(0.6, length(lines) + 1), xaxs = "i", yaxs = "i", axes = FALSE, xlab = "",
    ylab = "", main = main, cex.main = 1
  )
  graphics::rect(rows$year, at, rows$year + 1, at + height, col = verdict_colours[verdict], border = NA)
  worse <- verdict == "unknown" & !is.na(rows$at_least)
  if (any(worse)) {
    graphics::rect(
      rows$year[worse], at[worse], rows$year[worse] + 1, at[worse] + 0.55, density = 25, col = verdict_colours[["strained"]], border = NA
    )
  }
  graphics::axis(1, lwd = 0, lwd.ticks = 0.5, cex.axis = 0.8, mgp = c(1, 0.4, 0), tcl = -0.25)
  graphics::axis(2, at = seq_along(lines) + 0.3, labels = rev(names), las = 1, lwd = 0, cex.axis = size, mgp = c(1, 0.2, 0))
  there <- names(verdict_colours) %in% c(verdict, "kept", "strained", "broken", "unknown") & names(verdict_colours) != "not-applicable"
  shown <- verdict_colours[there]
  density <- rep(-1, length(shown))
  if (any(worse)) {
    shown <- c(shown, "strained or worse" = verdict_colours[["strained"]])
    density <- c(density, 40)
  }
  key(names(shown), shown, density)
  invisible(rows)
}

# What the colours mean, in one line under the years or in as many as it takes.
key <- function(names, colours, density) {
  size <- 0.8
  box <- 0.1
  wide <- graphics::strwidth(names, "inches", cex = size) + box + 0.25
  room <- graphics::par("din")[[1L]] - 0.2
  line <- 1L
  used <- 0
  at <- matrix(0, length(names), 2L)
  for (item in seq_along(names)) {
    if (used > 0 && used + wide[[item]] > room) {
      line <- line + 1L
      used <- 0
    }
    at[item, ] <- c(used, line)
    used <- used + wide[[item]]
  }
  left <- if (line == 1L) (room - used) / 2 else 0
  x <- 0.1 + left + at[, 1L]
  y <- 0.08 + (line - at[, 2L]) * 0.16
  across <- function(inches) graphics::grconvertX(inches, "inches", "user")
  up <- function(inches) graphics::grconvertY(inches, "inches", "user")
  graphics::rect(across(x), up(y), across(x + box), up(y + box), col = colours, density = density, border = NA, xpd = NA)
  graphics::text(across(x + box + 0.06), up(y + box / 2), names, adj = c(0, 0.5), cex = size, xpd = NA)
}
