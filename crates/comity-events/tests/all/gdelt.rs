//! GDELT: from files to a store to counts.

use comity_events::counts;
use comity_events::read::Options;
use comity_events::store::Store;

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
