test_that("citations are R's own", {
  needs_program()
  p <- panel("state-years", with = "majors", years = 1990, states = "CHN")
  got <- cite(p)
  expect_s3_class(got, "bibentry")
  expect_gt(length(got), 0)
  expect_true(all(nzchar(format(got, "text"))))
  expect_match(paste(toBibtex(got), collapse = "\n"), "^@")
  expect_s3_class(cite(create_stateyears(subset_years = 1990) |> add_cow_majors()), "bibentry")
  whole <- record_cite()
  expect_gt(length(whole), length(got))
  a <- cite(audit("CHN", commitment = "no-great-power-alliance", from = 1990))
  expect_true(any(grepl("^starter", unlist(a$key))))
  expect_lt(length(a), length(whole))
  v <- cite(verdicts("CHN", commitment = "no-great-power-alliance", from = 1990))
  expect_s3_class(v, "bibentry")
  expect_s3_class(cite(measure("s-score", "USA", from = 1955, to = 1955)), "bibentry")
  expect_error(cite(mtcars), "does not say what it was made from", class = "comity_error")
  expect_match(format(citation("comity"), "text"), "Comity")
})

test_that("names of persons and of offices are read", {
  got <- comity:::bibtex_read(c(
    "@article{one,", "  author = {Gleditsch, Nils Petter and {Uppsala Conflict Data Program} and de Soysa, Indra and others},", "  year = {2002},",
    "  title = {{Armed Conflict 1946--2001}},", "  journal = {Journal of Peace Research},", "}",
    "@misc{two,", "  author = {{Correlates of War Project}},", "  year = {2017},", "  title = {{State System Membership}},", "  url = {https://a.org/x\\_y},", "}"
  ))
  expect_identical(unlist(got$key), c("one", "two"))
  people <- got[1]$author
  expect_length(people, 4)
  expect_identical(people[[1]]$family, "Gleditsch")
  expect_identical(people[[1]]$given, "Nils Petter")
  expect_identical(people[[2]]$family, "Uppsala Conflict Data Program")
  expect_match(format(got[1], "text"), "Journal of Peace Research")
  expect_identical(got[2]$url, "https://a.org/x_y")
})
