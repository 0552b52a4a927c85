//! GDELT: from files to a store to counts.

use comity_events::counts;
use comity_events::read::Options;
use comity_events::store::Store;

use crate::lines::{export, line};
use crate::published::data;

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_published_quarter_of_an_hour_is_read_line_by_line() {
    let file = data("events-gdelt/20180101000000.export.CSV");
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    let added = store.add(&file, &Options::default()).unwrap();
    let report = &added.reports[0];
    // 2,414 events, as its SOURCE.md counts them.
    assert_eq!((report.lines, report.read, report.left_out(), added.new), (2414, 2414, 0, 2414));
    assert_eq!(report.source, "gdelt2");
    let again = store.add(&file, &Options::default()).unwrap();
    assert_eq!((again.new, again.again.len()), (0, 1));
    let about = &store.sources().unwrap()["gdelt2"];
    assert_eq!((about.versions, about.files), (2414, 1));
    let kept = store.counts("gdelt2", i32::MIN, i32::MAX).unwrap();
    let direct = counts::of_file(&file, &Options::default(), 2).unwrap();
    assert_eq!(kept.rows(None), direct.counts["gdelt2"].rows(None));
}

#[test]
fn threads_blocks_and_pieces_do_not_change_the_counts() {
    let folder = tempfile::tempdir().unwrap();
    // More than one block of lines; events of one address tell one story over and over.
    let lines: Vec<String> = (0..24_000_u64)
        .map(|n| {
            // One in four tells again what the one before it told.
            let like = if n % 4 == 1 { n - 1 } else { n };
            let report = if like % 5 == 0 { "" } else { "a" };
            let line = line(like, 20_180_101 + (like % 9) as u32, like % 24, report);
            let (_, rest) = line.split_once('\t').unwrap();
            format!("{}\t{rest}", n * 7 % 24_000)
        })
        .map(|line| line.replace("www.example.org", &"long.".repeat(25)))
        .collect();
    let file = export(folder.path(), "all.CSV", &lines);
    assert!(std::fs::metadata(&file).unwrap().len() > 4 << 20);
    let rows = |threads| {
        let counted = counts::of_file(&file, &Options::default(), threads).unwrap();
        assert_eq!(counted.reports[0].read, 24_000);
        counted
    };
    let (one, four) = (rows(1), rows(4));
    assert_eq!(one.counts["gdelt2"].rows(None), four.counts["gdelt2"].rows(None));
    let all = one.counts["gdelt2"].reports(None);
    let (events, stories): (i64, i64) =
        all.values().fold((0, 0), |sum, s| (sum.0 + s.events(), sum.1 + s.stories()));
    assert_eq!(events, 24_000);
    // A fifth of those that tell again have no address.
    assert_eq!(stories, 24_000 - 6_000 * 4 / 5);
    let store = Store::at(folder.path().join("store"));
    for (nth, part) in lines.chunks(9_000).enumerate().rev() {
        let file = export(folder.path(), &format!("{nth}.CSV"), part);
        assert_eq!(store.add(&file, &Options::default()).unwrap().new, part.len() as u64);
    }
    let kept = store.counts("gdelt2", i32::MIN, i32::MAX).unwrap();
    assert_eq!(kept.rows(None), one.counts["gdelt2"].rows(None));
    let anew = store.counts_anew("gdelt2", i32::MIN, i32::MAX).unwrap();
    assert_eq!(anew.rows(Some(17_541)), kept.rows(Some(17_541)));
    assert_eq!(anew.reports(None), all);
    assert_eq!(store.add(&file, &Options::default()).unwrap().there, 24_000);
}
