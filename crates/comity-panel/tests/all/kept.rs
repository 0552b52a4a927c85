//! Rows that are kept by conditions, tables that are joined, and columns made from columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use comity_panel::{Condition, Derived, Gaps, Joined, Panel, Spec, Unit};
use comity_record::{Coverage, Record};

use crate::panel::{beside, filled, frame, rows, war};

fn spec(unit: Unit, with: &[&str], keep: &[&str]) -> Spec {
    let with = with.iter().map(|w| match w.split_once(':') {
        Some((group, choice)) => (group.to_owned(), Some(choice.to_owned())),
        None => ((*w).to_owned(), None),
    });
    let keep = keep.iter().map(|text| Condition::parse(text).unwrap()).collect();
    Spec { with: with.collect(), keep, ..Spec::new(unit) }
}

/// A column of the pair 2 and 20, by year.
fn of_pair(record: &Record, spec: &Spec, name: &str) -> Vec<(i32, String)> {
    let rows = rows(&frame(record, spec), &["ccode1", "ccode2", "year"]);
    let own = rows.iter().filter(|(key, _)| key[0] == "2" && key[1] == "20");
    own.map(|(key, row)| (key[2].parse().unwrap(), row[name].clone())).collect()
}

fn shown(cells: &[(i32, String)]) -> Vec<String> {
    cells.iter().map(|(year, cell)| format!("{year}:{cell}")).collect()
}

#[test]
fn years_are_counted_over_the_rows_that_are_kept() {
    let record = war();
    let with = ["wars:inter", "peace-years"];
    let all = spec(Unit::DyadYears, &with, &[]);
    let spells = |spec: &Spec| shown(&of_pair(&record, spec, "cowinterspell"));
    assert_eq!(spells(&all), ["1900:0", "1901:1", "1902:0", "1903:1", "1904:0", "1905:"]);
    let kept = spec(Unit::DyadYears, &with, &["year != 1901"]);
    // The war of 1901 is not among the rows: nothing ends the count before 1903.
    assert_eq!(spells(&kept), ["1900:0", "1902:2", "1903:3", "1904:0", "1905:"]);
    let rows = Spec { gaps: Gaps::Rows, ..kept.clone() };
    assert_eq!(spells(&rows), ["1900:0", "1902:1", "1903:2", "1904:0", "1905:"]);
    let restart = Spec { gaps: Gaps::Restart, ..kept.clone() };
    assert_eq!(spells(&restart), ["1900:0", "1902:0", "1903:1", "1904:0", "1905:"]);
    // Years that are not written are counted all the same; other columns are as if no row were left out.
    let lag = vec![Derived::parse("lag(cowinterongoing,1)").unwrap()];
    let late = Spec { years: Some(1902..=1904), derived: lag, ..kept };
    assert_eq!(spells(&late), ["1902:2", "1903:3", "1904:0"]);
    let lags = shown(&of_pair(&record, &late, "cowinterongoing_lag1"));
    assert_eq!(lags, ["1902:1", "1903:0", "1904:1"]);
}

#[test]
fn a_row_is_kept_where_it_is_known_that_the_condition_holds() {
    let record = war();
    let kept = |condition: &str| -> Vec<i32> {
        let spec = spec(Unit::DyadYears, &["wars:inter", "majors"], &[condition]);
        of_pair(&record, &spec, "year").into_iter().map(|(year, _)| year).collect()
    };
    assert_eq!(kept("cowinterongoing = 0"), [1900, 1902]);
    assert_eq!(kept("not cowinterongoing = 1"), [1900, 1902]);
    assert_eq!(kept("cowinterongoing is null"), [1905]);
    assert_eq!(kept("cowmaj1=1 and batdeath1>=70"), [1903, 1904]);
    assert_eq!(kept("year in (1900,1905) or resume=1"), [1900, 1903, 1904, 1905]);
    // A column that decides need not be written.
    let one = spec(Unit::DyadYears, &["wars:inter", "majors"], &["cowmaj1=1"]);
    let one = Spec { columns: vec!["resume".into()], ..one };
    assert_eq!(shown(&of_pair(&record, &one, "resume")), ["1903:1", "1904:1", "1905:"]);
    // Of rows about one state, by its name too.
    let named = spec(Unit::StateYears, &["majors"], &["cw_name='state 20'", "year<1902"]);
    assert_eq!(frame(&record, &named).num_rows(), 2);
    let months = spec(Unit::DyadMonths, &["wars:inter"], &["cowinterongoing=1 and year=1901"]);
    assert_eq!(frame(&record, &months).num_rows(), 5);
}

#[test]
fn conditions_that_cannot_decide_are_refused() {
    let record = war();
    let with = ["wars:inter", "majors", "peace-years"];
    let refused = |condition: &str| {
        let spec = Spec {
            derived: vec![Derived::parse("log1p(cowinterspell)").unwrap()],
            ..spec(Unit::DyadYears, &with, &[condition])
        };
        Panel::prepare(&record, &spec).unwrap_err().to_string()
    };
    assert!(refused("cowinterspel<3").contains("no column `cowinterspel`"));
    assert!(refused("cowinterspell<3").contains("counted over the rows that are kept"));
    assert!(refused("cowinterspell_log1p<3").contains("counted over the rows that are kept"));
    assert!(refused("cowmaj1='one'").contains("`cowmaj1` is a number, and `one` is a text"));
    assert!(refused("cowmaj1=one").contains("`cowmaj1` is a number, and `one` is a text"));
    assert!(refused("milex1>0").contains("no column `milex1`"));
    let text = spec(Unit::StateYears, &["majors"], &["cw_name>'a'"]);
    assert!(Panel::prepare(&record, &text).unwrap_err().to_string().contains("is a text"));
}

/// Military expenditure of the first state with gaps.
fn figures() -> Record {
    let figure = |year: i32, milex: f64| {
        vec![("ccode", 2.into()), ("year", year.into()), ("milex", milex.into())]
    };
    let figures = vec![figure(1900, 10.0), figure(1902, 30.0), figure(1905, 60.0)];
    beside(
        "capabilities",
        vec![filled("capabilities", "nmc-1", figures)],
        vec![Coverage::all("capabilities", 1900, 1905)],
        "nmc-1",
    )
}

#[test]
fn columns_are_made_from_columns_that_were_made() {
    let record = figures();
    let made = |add: &[&str], name: &str| -> Vec<String> {
        let derived = add.iter().map(|text| Derived::parse(text).unwrap()).collect();
        let spec = Spec { derived, states: vec![2], ..spec(Unit::StateYears, &["nmc"], &[]) };
        let rows = rows(&frame(&record, &spec), &["ccode", "year"]);
        rows.values().map(|row| row[name].clone()).collect()
    };
    let same = |add: &str, name: &str, wanted: [Option<f64>; 6]| {
        for (ours, wanted) in made(&[add], name).iter().zip(wanted) {
            let ours: Option<f64> = ours.parse().ok();
            let close = ours.zip(wanted).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
            assert!(close || ours == wanted, "{name}: {ours:?} {wanted:?}");
        }
    };
    let (ln10, ln30) = (10_f64.ln(), 30_f64.ln());
    same("log(milex)", "milex_log", [Some(ln10), None, Some(ln30), None, None, Some(60_f64.ln())]);
    same("lag(log(milex),1)", "milex_log_lag1", [None, Some(ln10), None, Some(ln30), None, None]);
    same("cube(lag(milex))", "milex_lag1_cubed", [None, Some(1e3), None, Some(27e3), None, None]);
    let one = [Some(10.0), Some(20.0), Some(30.0), None, None, Some(60.0)];
    same("interpolate(milex,1)", "milex_interpolated", one);
    let all = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0].map(Some);
    same("interpolate(milex)", "milex_interpolated", all);
    let mark = [Some(0.0), Some(1.0), Some(0.0), None, None, Some(0.0)];
    same("interpolate(milex,1)", "milex_interpolated_mark", mark);
    // What rests on a value that was filled is marked too.
    let summed = [None, Some(30.0), Some(50.0), None, None, None];
    same("sum(interpolate(milex,1),2)", "milex_interpolated_sum2", summed);
    let marked = [None, Some(1.0), Some(1.0), None, None, None];
    same("sum(interpolate(milex,1),2)", "milex_interpolated_sum2_mark", marked);
    // Knots at 0, 20 and 40: (x - 20)³ - ½ x³ - ½ (x - 40)³, each where it is not negative.
    let spline = |x: f64| {
        let cube = |x: f64| x.max(0.0).powi(3);
        Some(cube(x - 20.0) - 0.5 * cube(x) - 0.5 * cube(x - 40.0))
    };
    let splines = [spline(10.0), None, spline(30.0), None, None, spline(60.0)];
    same("spline(milex,0,20,40)", "milex_spline1", splines);
    let lagged = [None, spline(10.0), None, spline(30.0), None, None];
    same("lag(spline(milex,0,20,40),1)", "milex_spline1_lag1", lagged);
    assert_eq!(
        made(
            &["spline(milex,0,20,30,40)", "log(milex_lag1)", "lag(milex,1)"][..1],
            "milex_spline2"
        )
        .len(),
        6
    );
    for bad in [
        "spline(milex,1,2)",
        "spline(milex,3,2,1)",
        "log(milex,2)",
        "lag(lag(milex)",
        "log()",
        "lag(milex,1.5)",
    ] {
        assert!(Derived::parse(bad).is_err(), "{bad}");
    }
}

fn table(columns: Vec<(&str, ArrayRef)>) -> Joined {
    Joined { name: "mine".into(), table: RecordBatch::try_from_iter(columns).unwrap() }
}

fn whole(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

#[test]
fn a_table_is_joined_by_its_keys_and_what_did_not_meet_is_said() {
    let record = figures();
    let mine = table(vec![
        ("ccode", whole(&[2, 2, 2, 20, 999])),
        ("year", whole(&[1900, 1901, 1901, 1900, 1900])),
        ("milex", Arc::new(Float64Array::from(vec![Some(1.5), None, None, Some(2.5), Some(9.0)]))),
        ("word", Arc::new(StringArray::from(vec!["a", "b", "b", "c", "d"]))),
    ]);
    let spec = Spec { joined: vec![mine], ..spec(Unit::DyadYears, &["nmc"], &[]) };
    let made = rows(&frame(&record, &spec), &["ccode1", "ccode2", "year"]);
    let at = |year: &str| {
        let row = &made[&["2", "20", year].map(str::to_owned).to_vec()];
        ["milex1", "mine_milex1", "mine_milex2", "word1", "word2"].map(|name| row[name].clone())
    };
    assert_eq!(at("1900"), ["10.0", "1.5", "2.5", "a", "c"]);
    assert_eq!(at("1901"), ["", "", "", "b", ""]);
    // A text is held once, as programs that read it as a category want it.
    let frame = frame(&record, &spec);
    let words = frame.column_by_name("word1").unwrap().as_dictionary::<Int32Type>().values();
    assert_eq!(words.as_string::<i32>(), &StringArray::from(vec!["a", "b", "c", "d"]));
    let panel = Panel::prepare(&record, &spec).unwrap();
    let [report] = panel.joined() else { panic!("one table") };
    assert_eq!((report.rows, report.without_panel, report.repeated), (5, 1, 1));
    assert_eq!(report.first_without.as_deref(), Some("ccode 999, year 1900"));
    assert_eq!(report.keys, ["ccode", "year"]);
    // 18 dyad-years of three states in six years: both members are in the table in one of them.
    assert_eq!(report.panel_without, 17);
    assert_eq!(report.renamed[0], ("milex1".to_owned(), "mine_milex1".to_owned()));
    assert_eq!(report.columns[0], ("mine_milex1".to_owned(), 2));
}

#[test]
fn keys_may_be_pairs_months_or_years_alone() {
    let record = figures();
    let of = |unit: Unit, mine: Joined, keep: &[&str], name: &str| -> Vec<String> {
        let spec = Spec { joined: vec![mine], ..spec(unit, &[], keep) };
        let batch = frame(&record, &spec);
        let column = batch.column_by_name(name).unwrap();
        (0..batch.num_rows())
            .map(|row| arrow::util::display::array_value_to_string(column, row).unwrap())
            .collect()
    };
    let pairs = || {
        table(vec![
            ("ccode1", whole(&[2, 20])),
            ("ccode2", whole(&[20, 2])),
            ("year", whole(&[1903, 1903])),
            ("x", whole(&[7, 8])),
        ])
    };
    assert_eq!(of(Unit::DyadYears, pairs(), &["x is not null"], "x"), ["7"]);
    let years = table(vec![("year", whole(&[1903])), ("price", whole(&[5]))]);
    assert_eq!(of(Unit::StateYears, years, &["year=1903"], "price"), ["5", "5", "5"]);
    let months = table(vec![
        ("ccode", whole(&[2])),
        ("year", whole(&[1903])),
        ("month", whole(&[4])),
        ("x", whole(&[1])),
    ]);
    assert_eq!(of(Unit::StateMonths, months, &["x=1"], "month"), ["4"]);
}

#[test]
fn tables_that_contradict_themselves_or_fit_nowhere_are_refused() {
    let record = figures();
    let refused = |unit: Unit, mine: Joined| {
        let spec = Spec { joined: vec![mine], ..spec(unit, &["nmc"], &[]) };
        Panel::prepare(&record, &spec).unwrap_err().to_string()
    };
    let twice = table(vec![
        ("ccode", whole(&[2, 2])),
        ("year", whole(&[1900, 1900])),
        ("x", whole(&[1, 2])),
    ]);
    let twice = refused(Unit::StateYears, twice);
    assert!(
        twice.contains(
            "the rows 1 and 2 are both about ccode 2, year 1900, and say `1` and `2` in `x`"
        ),
        "{twice}"
    );
    let nobody = table(vec![("country", whole(&[2])), ("x", whole(&[1]))]);
    assert!(refused(Unit::StateYears, nobody).contains("name its keys `ccode` and `year`"));
    let other = table(vec![("gwcode", whole(&[2])), ("x", whole(&[1]))]);
    assert!(refused(Unit::StateYears, other).contains("--system gw"));
    // By the year alone, every state would get the figures of one.
    for codes in [["gwcode", "x"], ["gwcode1", "gwcode2"], ["ccode1", "x"]] {
        let [one, two] = codes.map(|name| (name, whole(&[2])));
        let coded = table(vec![one, two, ("year", whole(&[1900])), ("y", whole(&[1]))]);
        let refusal = refused(Unit::DyadYears, coded);
        assert!(refusal.contains("no column that says to which rows it belongs"), "{refusal}");
    }
    let pairs = table(vec![("ccode1", whole(&[2])), ("ccode2", whole(&[20])), ("x", whole(&[1]))]);
    assert!(refused(Unit::StateYears, pairs).contains("is about pairs of states"));
    let word = table(vec![
        ("ccode", Arc::new(StringArray::from(vec!["USA"])) as ArrayRef),
        ("x", whole(&[1])),
    ]);
    let word = refused(Unit::StateYears, word);
    assert!(word.contains("`USA` in the column `ccode` of row 1 is not a whole number"), "{word}");
    let bare = table(vec![("ccode", whole(&[2])), ("year", whole(&[1900]))]);
    assert!(refused(Unit::StateYears, bare).contains("no column beside its keys"));
}
