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
plot.comity_verdicts <- function(x, from = NULL, to = NULL, main = "", ...) {
  needed <- c("state", "commitment", "year", "verdict", "at_least")
  if (!all(needed %in% names(x)) || !is.numeric(x$year)) {
    fail("these are no verdicts by year", "plot(verdicts(\"CHN\")), without latest or counts")
  }
  rows <- strip(x)
  if (nrow(rows) == 0L) fail("there are no verdicts to draw", "ask for more states, commitments or years")
  many <- vapply(rows[c("state", "commitment")], function(column) length(unique(column)), 0L)
  label <- if (many[["state"]] == 1L) rows$commitment else if (many[["commitment"]] == 1L) rows$state else paste0(rows$state, ": ", rows$commitment)
  ribbons(rows, as.character(label), from, to, main)
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
  graphics::par(mai = c(0.7, min(room + 0.25, graphics::par("din")[[1L]] * 0.5), 0.5, 0.15))
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
  density <- rep(NA_real_, length(shown))
  if (any(worse)) {
    shown <- c(shown, "strained or worse" = verdict_colours[["strained"]])
    density <- c(density, 40)
  }
  edges <- graphics::par("usr")
  graphics::legend(
    mean(edges[1:2]), graphics::grconvertY(0.05, "inches", "user"), xjust = 0.5, yjust = 0, legend = names(shown), fill = shown,
    density = density, border = NA, bty = "n", horiz = TRUE, cex = 0.8, xpd = NA
  )
  invisible(rows)
}
