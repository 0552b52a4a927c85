# The verbs of dplyr take the rows of a request, once dplyr is loaded.
verbs <- c(
  "arrange", "collect", "count", "distinct", "filter", "group_by", "inner_join", "left_join", "mutate", "pull", "rename", "select", "slice",
  "summarise", "transmute"
)

.onLoad <- function(libname, pkgname) {
  register <- function(...) {
    here <- asNamespace("dplyr")
    for (verb in verbs) {
      method <- local({
        of <- get(verb, envir = here)
        function(.data, ...) of(collect.comity_request(.data), ...)
      })
      registerS3method(verb, "comity_request", method, envir = here)
    }
  }
  if ("dplyr" %in% loadedNamespaces()) register()
  setHook(packageEvent("dplyr", "onLoad"), register)
  invisible()
}
