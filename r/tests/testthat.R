library(testthat)
library(comity)
test_check("comity")
