test_that("a request is a command line until its rows are needed", {
  asked <- create_dyadyears(directed = FALSE, subset_years = 1816:2010) |>
    add_cow_mids() |> add_contiguity() |> add_cow_majors() |> add_nmc(keep = "cinc") |> filter_prd() |> add_peace_years()
  expect_identical(
    command_of(asked),
    paste(
      "comity panel dyad-years '--with=disputes:cow,contiguity:first,majors,nmc,relevance,peace-years' --system=cow --years=1816-2010",
      "--where=prd=1 --gaps=calendar"
    ) |> sub(pattern = "'--with=([^']*)'", replacement = "--with=\\1")
  )
  expect_match(command_of(create_stateyears("gw", mry = 2025)), "state-years --system=gw --extend-to=2025", fixed = TRUE)
  expect_match(command_of(create_stateyears(mry = TRUE)), paste0("--extend-to=", as.integer(format(Sys.Date(), "%Y")) - 1L), fixed = TRUE)
  expect_match(command_of(create_leaderyears()), "leader-years --system=gw")
  expect_match(command_of(create_leaderyears(standardize = "cow")), "leader-years --system=cow")
  expect_match(command_of(create_stateyears("gw") |> add_ucdp_acd(type = c("intrastate", "II"), only_wars = TRUE)), "ucdp:intrastate+internationalized+wars", fixed = TRUE)
  expect_match(command_of(create_stateyears() |> add_cow_wars("intra", "local issues")), "wars:intra-local")
  expect_match(command_of(create_stateyears() |> add_peace_years(pad = TRUE)), "--gaps=restart")
  expect_match(
    command_of(create_disputeyears("gml") |> whittle_conflicts_onsets() |> whittle_conflicts_duration("maxdur") |> whittle_conflicts_jds()),
    "--rules=onsets,maxdur,first"
  )
  expect_match(command_of(create_stateyears() |> keep_rows("year>=1946 and ccode<100")), "'--where=year>=1946 and ccode<100'", fixed = TRUE)
})

test_that("what has no counterpart is refused with the reason", {
  base <- create_dyadyears()
  expect_error(add_contiguity(base, mry = TRUE), "not carried past", class = "comity_error")
  expect_error(add_contiguity(base, slice = "middle"), "none of \"first\"", class = "comity_error")
  expect_error(add_spells(base, conflict_event_type = "onset"), "by ongoing events", class = "comity_error")
  expect_error(add_cow_wars(base, "civil"), "`type` is none of", class = "comity_error")
  expect_error(create_dyadyears(system = "polity"), "`system` is none of", class = "comity_error")
  expect_error(add_ccode_to_gw(base), "Correlates of War codes already", class = "comity_error")
  expect_error(add_nmc(data.frame(a = 1)), "`data` is a data frame", class = "comity_error")
  expect_error(add_nmc(5), "of the class numeric", class = "comity_error")
})

test_that("a request runs once, and behaves like its data frame", {
  needs_program()
  asked <- create_stateyears(subset_years = 1990:1999) |> add_cow_majors()
  expect_identical(dim(asked), dim(collect(asked)))
  expect_identical(collect(asked), collect(asked))
  expect_identical(asked$cowmaj, collect(asked)$cowmaj)
  expect_identical(asked[["year"]], collect(asked)$year)
  expect_identical(names(asked), c("ccode", "cw_name", "year", "cowmaj"))
  expect_identical(nrow(head(asked, 3)), 3L)
  expect_identical(nrow(subset(asked, ccode == 710)), 10L)
  expect_identical(with(asked, sum(cowmaj, na.rm = TRUE)), sum(asked$cowmaj, na.rm = TRUE))
  expect_s3_class(lm(cowmaj ~ year, data = asked), "lm")
  expect_identical(nrow(merge(asked, data.frame(ccode = 710, x = 1))), 10L)
  expect_identical(asked[asked$ccode == 2, "year"], as.data.frame(asked)[asked$ccode == 2, "year"])
  expect_output(print(asked), "state-years: 1,\\d{3} rows")
  expect_output(str(asked), "data.frame")
})

test_that("the verbs of dplyr take the rows", {
  needs_program()
  skip_if_not_installed("dplyr")
  asked <- create_stateyears(subset_years = 1990:1999) |> add_cow_majors()
  got <- dplyr::filter(asked, ccode == 710)
  expect_identical(nrow(got), 10L)
  expect_identical(dplyr::collect(asked), collect(asked))
  expect_identical(names(dplyr::mutate(asked, twice = 2 * cowmaj))[5], "twice")
})

test_that("the columns of a group that were not asked for are left out", {
  record <- published_record()
  p <- create_dyadyears(subset_years = 1990:1991, record = record) |> add_nmc(keep = c("milex", "cinc")) |> collect()
  expect_identical(names(p), c("ccode1", "ccode2", "year", "milex1", "cinc1", "milex2", "cinc2"))
  p <- create_dyadyears(subset_years = 1990:1991, record = record) |> add_cow_mids(keep = "dispnum") |> collect()
  expect_setequal(names(p), c("ccode1", "ccode2", "year", "dispnum", "cowmidongoing", "cowmidonset"))
  # The second of two lists has its name before columns that both have.
  p <- create_dyadyears(subset_years = 1990, record = record) |> add_gml_mids(keep = "hostlev") |> add_cow_mids(keep = "hostlev") |> collect()
  expect_true(all(c("hostlev1", "hostlev", "cow_hostlev2", "cow_hostlev", "gmlmidonset", "cowmidonset") %in% names(p)))
  expect_false(any(c("dispnum", "cow_dispnum", "fatality1", "cow_fatality1") %in% names(p)))
  e <- failure(create_dyadyears(subset_years = 1990, record = record) |> add_nmc(keep = "gold") |> collect())
  expect_match(conditionMessage(e), "`nmc` has no column `gold`", fixed = TRUE)
})

# The numbers of rows are those that panel-rules give for these frames.
test_that("frames have the rows and numbers of those that peacesciencer makes", {
  record <- published_record()
  p <- create_dyadyears(directed = FALSE, subset_years = 1816:2016, record = record) |>
    add_cow_mids(keep = character()) |> add_contiguity() |> collect()
  expect_identical(nrow(p), 956145L)
  expect_true(all(p$ccode2 > p$ccode1))
  expect_identical(sum(p$cowmidongoing, na.rm = TRUE), 5115L)
  expect_true(all(is.na(p$cowmidongoing[p$year > 2014])))
  d <- create_disputeyears("cow", directed = TRUE, record = record) |> whittle_conflicts_onsets() |> collect()
  expect_identical(nrow(d), 10874L)
})
