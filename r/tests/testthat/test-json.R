test_that("every kind of value is read", {
  got <- comity:::json_parse('{"a": 1, "b": [1.5, -2e3], "c": ["x", "y"], "d": null, "e": true, "f": [], "g": {"h": [null, 1]}, "i": {}}')
  expect_identical(names(got), c("a", "b", "c", "d", "e", "f", "g", "i"))
  expect_identical(got$a, 1)
  expect_identical(got$b, c(1.5, -2000))
  expect_identical(got$c, c("x", "y"))
  expect_null(got$d)
  expect_true("d" %in% names(got))
  expect_true(got$e)
  expect_length(got$f, 0)
  expect_identical(got$g$h, list(NULL, 1))
  expect_length(got$i, 0)
})

test_that("objects in a list stay objects, and their texts are unescaped", {
  got <- comity:::json_parse('[{"a":"say \\"hi\\" \\\\ \\u00e9\\n"},{"a":"pl\u00e9ni"}]')
  expect_identical(got[[1]]$a, "say \"hi\" \\ \u00e9\n")
  expect_identical(got[[2]]$a, "pl\u00e9ni")
  expect_identical(Encoding(got[[2]]$a), "UTF-8")
  expect_identical(comity:::json_parse('"{[,:]}"'), "{[,:]}")
})

test_that("a long text and a deep list are read", {
  long <- strrep("a b ", 1e5)
  expect_identical(comity:::json_parse(paste0("[\"", long, "\"]")), long)
  deep <- paste0(strrep("[", 200), "1", strrep("]", 200))
  expect_false(is.null(comity:::json_parse(deep)))
})
