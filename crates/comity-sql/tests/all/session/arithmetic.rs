//! Arithmetic over whole numbers: it widens or fails, and no order of rows changes it.

use super::*;

#[test]
fn whole_numbers_widen_or_fail() {
    let wide = "select cast(70000 as int) * cast(70000 as int), cast(2147483647 as int) + cast(1 as int), -cast(-2147483648 as int), abs(cast(-2147483648 as int))";
    assert_eq!(rows(wide), ["4900000000 2147483648 2147483648 2147483648"]);
    assert_eq!(
        rows(
            "select (ccode * 1000 + 5) * (ccode * 1000 + 5) * ccode from states where ccode = 710"
        ),
        ["357916041017750"]
    );
    assert_eq!(rows("select 7 % 4, -7 % 4, 5 / 2, 6 / 3, -(-3)"), ["3 -3 2.5 2.0 3"]);
    assert_eq!(rows("select 1.5 + 1, 2 * 0.5, 1.0 / 4"), ["2.5 1.0 0.25"]);
    assert_eq!(rows("select null + 1, coalesce(null * 2, 9)"), [" 9"]);
    assert_eq!(rows("select date_part('year', make_date(1962, 10, 20)) + 1"), ["1963"]);
    for (sql, why) in [
        ("select 9223372036854775807 + 1", "9223372036854775807 + 1 does not fit"),
        ("select 9223372036854775807 * 2", "does not fit a whole number of 64 bits"),
        ("select -9223372036854775808 - 1", "does not fit"),
        ("select -(-9223372036854775807 - 1)", "does not fit"),
        ("select abs(-9223372036854775808)", "does not fit"),
        ("select max(year + 9223372036854775807) from pledge_years", "does not fit"),
        ("select count(*) from pledge_years where year * 9223372036854775807 > 0", "does not fit"),
        (
            "select a.year from pledge_years a join pledge_years b on a.year * 9223372036854775807 = b.year",
            "does not fit",
        ),
        ("select year from pledge_years order by year * 9223372036854775807", "does not fit"),
        ("select 1 / 0", "nullif"),
        ("select year % 0 from pledge_years", "nullif"),
        ("select ccode / (year - year) from pledge_years", "nullif"),
        ("select 99999999999999999999", "does not fit"),
        ("select 9223372036854775808", "does not fit"),
        ("select 5 -9223372036854775808", "does not fit"),
        (
            "select sum(x) from (select 9223372036854775807 as x union all select 1 as x) q",
            "the sum 9223372036854775808 does not fit",
        ),
        (
            "select sum(x) over () from (select 9223372036854775807 as x union all select 1 as x) q",
            "does not fit",
        ),
        (
            "select sum(distinct x) from (select 9223372036854775807 as x union all select 1 as x) q",
            "does not fit",
        ),
        (
            "select k, sum(x) from (select 1 as k, 9223372036854775807 as x union all select 1 as k, 1 as x) q group by k",
            "does not fit",
        ),
        ("select cast(3000000000 as int)", ""),
        ("select cast(1e30 as bigint)", ""),
        ("select cast('twelve' as int)", ""),
        ("select 1 << 64", "bit shifts"),
        ("select power(10, 20)", ""),
    ] {
        let error = match answer(sql) {
            Ok((_, rows)) => {
                // A double may stand for what does not fit; another whole number may not.
                assert!(why.is_empty() && rows == ["1e20"], "{sql}: {rows:?}");
                continue;
            }
            Err(error) => error.to_string(),
        };
        assert!(error.contains(why), "{sql}: {error}");
        assert!(!error.contains("DataFusion") && !error.contains("Arrow"), "{sql}: {error}");
    }
}

#[test]
fn sums_do_not_depend_on_the_order_of_rows() {
    let three =
        "(select 9223372036854775807 as x union all select 5 as x union all select -5 as x)";
    assert_eq!(rows(&format!("select sum(x), count(x) from {three} q")), ["9223372036854775807 3"]);
    assert_eq!(rows("select sum(ccode), sum(distinct ccode) from pledge_years"), ["3941 1077"]);
    assert_eq!(rows("select sum(ccode) from pledge_years where year > 3000"), [""]);
    assert_eq!(rows("select sum(ccode) filter (where year > 1958) from pledge_years"), ["714"]);
    let sliding = "select year, sum(year) over (order by year rows between 1 preceding and current row) as s from pledge_years where ccode = 365 order by year";
    assert_eq!(rows(sliding), ["1950 1950", "1951 3901", "1952 3903"]);
    let distinct = "select year, sum(distinct ccode) over (order by year rows between 1 preceding and current row) as s from pledge_years where ccode = 365 order by year";
    assert_eq!(rows(distinct), ["1950 365", "1951 365", "1952 365"]);
    assert_eq!(
        rows("select median(x), avg(x) from (select 1 as x union all select 2 as x) q"),
        ["1.5 1.5"]
    );
    assert_eq!(
        rows(
            "select ccode, sum(year), sum(year + 0.0) from pledge_years where ccode <> 710 group by ccode order by 1"
        ),
        ["2 5877 5877.0", "365 5853 5853.0"]
    );
    assert_eq!(
        rows(
            "select sum(x) from (select cast(1.25 as decimal(10, 2)) as x union all select cast(2 as decimal(10, 2)) as x) q"
        ),
        ["3.25"]
    );
}

#[test]
fn columns_of_arithmetic_keep_their_names() {
    let job: Job<Vec<String>> = Box::new(|| {
        let planned = world()
            .plan(
                "select year + 1, -year, abs(year), count(*) * 2 from pledge_years group by year",
                &[],
            )
            .unwrap();
        planned.columns().into_iter().map(|(name, _)| name).collect()
    });
    let names = in_parallel(vec![job], Duration::from_mins(1)).pop().flatten().unwrap();
    assert_eq!(
        names,
        [
            "pledge_years.year + Int64(1)",
            "(- pledge_years.year)",
            "abs(pledge_years.year)",
            "count(*) * Int64(2)"
        ]
    );
}
