vignette_lines <- function() {
  found <- c(test_path("../../vignettes/peacesciencer.Rmd"), system.file("doc", "peacesciencer.Rmd", package = "comity"))
  found <- found[nzchar(found) & file.exists(found)]
  if (length(found) == 0L) skip("the vignette is not here")
  readLines(found[[1L]], encoding = "UTF-8")
}

# What peacesciencer 1.2.9 exports and is not deprecated under another name.
theirs <- c(
  "add_archigos", "add_atop_alliance", "add_capital_distance", "add_ccode_to_gw", "add_contiguity", "add_cow_alliance", "add_cow_majors",
  "add_cow_mids", "add_cow_trade", "add_cow_wars", "add_creg_fractionalization", "add_democracy", "add_fpsim", "add_gml_mids",
  "add_gwcode_to_cow", "add_igos", "add_latent_territorial_threat", "add_lead", "add_lwuf", "add_minimum_distance", "add_nmc",
  "add_peace_years", "add_rugged_terrain", "add_sdp_gdp", "add_sim_gdp_pop", "add_spells", "add_strategic_rivalries", "add_ucdp_acd",
  "add_ucdp_onsets", "create_dyadyears", "create_leaderdays", "create_leaderdyadyears", "create_leaderyears", "create_statedays",
  "create_stateyears", "declare_attributes", "download_extdata", "filter_prd", "ps_cite", "ps_version", "show_duplicates",
  "whittle_conflicts_duration", "whittle_conflicts_fatality", "whittle_conflicts_hostility", "whittle_conflicts_jds",
  "whittle_conflicts_onsets", "whittle_conflicts_reciprocation", "whittle_conflicts_startmonth"
)

test_that("the table has every function of peacesciencer, and what stands beside it is there", {
  rows <- grep("^\\| `", vignette_lines(), value = TRUE)
  cells <- strsplit(rows, " | ", fixed = TRUE)
  name <- function(cell) gsub("[|` ]|\\(\\)", "", cell)
  expect_identical(vapply(cells, function(c) name(c[[1]]), ""), sort(theirs))
  ours <- vapply(cells, function(c) name(c[[2]]), "")
  expect_length(setdiff(ours, c("none", getNamespaceExports("comity"))), 0)
})

test_that("groups that the table names are groups of the program", {
  needs_program()
  named <- unlist(regmatches(vignette_lines(), gregexpr("groups? `[^`]+`(, `[^`]+`)*", vignette_lines())))
  named <- unique(gsub("`", "", unlist(regmatches(named, gregexpr("`[^`]+`", named)))))
  known <- sub(" .*", "", grep("^[a-z]", groups()$text, value = TRUE))
  expect_gt(length(named), 15)
  expect_length(setdiff(sub(":.*", "", named), known), 0)
})

test_that("the code of the vignette runs", {
  record <- published_record()
  lines <- vignette_lines()
  begins <- grep("^```\\{r\\}", lines)
  ends <- vapply(begins, function(at) at + which(lines[-seq_len(at)] == "```")[[1L]], 0L)
  code <- unlist(Map(function(from, to) lines[(from + 1L):(to - 1L)], begins, ends))
  old <- options(comity.record = record)
  on.exit(options(old))
  made <- new.env()
  expect_silent(suppressWarnings(eval(parse(text = code), made)))
  expect_gt(nrow(made$dyads), 30000)
  expect_true(all(c("cowmidonset", "gmlmidonset", "conttype", "prd", "cowmidspell") %in% names(made$dyads)))
  expect_true("lag_log_mrgdppc_1" %in% names(made$states) || any(grepl("mrgdppc", names(made$states))))
})
