use std::io::Write;

use proptest::prelude::*;

use super::*;

/// An invented line of an export with 61 columns.
fn line(day: &str, actor: &str, target: &str, quad: &str, goldstein: &str) -> String {
    let mut cells = vec![""; 61];
    (cells[0], cells[1], cells[7], cells[17]) = ("1", day, actor, target);
    (cells[29], cells[30], cells[60]) = (quad, goldstein, "https://example.org/");
    cells.join("\t") + "\n"
}

fn days(bytes: &[u8], threads: usize) -> Result<Days, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    by_day_and_dyad(file.path(), threads).map_err(|e| e.to_string())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    packed.start_file("a.export.CSV", zip::write::SimpleFileOptions::default()).unwrap();
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap().into_inner()
}

#[test]
fn events_are_added_up_by_day_actor_and_target() {
    let text = [
        line("20180101", "USA", "CHN", "1", "2.8"),
        line("20180101", "USA", "CHN", "4", "-10"),
        line("20180101", "USA", "CHN", "", ""),
        line("20180101", "CHN", "USA", "3", "0.0"),
        line("20171231", "", "ROM", "2", "3.45"),
        line("19801231", "RUS", "DEU", "2", "0.1"),
    ]
    .concat();
    let days = days(text.as_bytes(), 2).unwrap();
    let row = |n: usize| &days.rows[n];
    assert_eq!((days.rows.len(), days.lines, days.refused), (4, 6, 0));
    assert_eq!((row(0).ccode(), row(0).partner()), (Some(365), Some(260)));
    assert_eq!((row(1).actor.as_str(), row(1).ccode(), row(1).partner()), ("", None, Some(360)));
    assert_eq!((row(1).goldstein, row(2).actor.as_str()), (3.45, "CHN"));
    let usa = row(3);
    assert_eq!((usa.events, usa.scored, usa.goldstein), (3, 2, -7.2));
    assert_eq!((usa.quad, usa.date), ([1, 0, 0, 1], Date::constant(2018, 1, 1)));
}

#[test]
fn lines_that_are_none_are_counted() {
    let good = line("20180101", "USA", "CHN", "1", "2.8");
    let bad = [
        line("20180230", "USA", "CHN", "1", "2.8"),
        line("2018", "USA", "CHN", "1", "2.8"),
        line("20180101", "UNITED", "CHN", "1", "2.8"),
        line("20180101", "U\u{e9}", "CHN", "1", "2.8"),
        line("20180101", "USA", "CHN", "5", "2.8"),
        line("20180101", "USA", "CHN", "1", "2.8.1"),
        line("20180101", "USA", "CHN", "1", "-"),
        line("20180101", "USA", "CHN", "1", "99999999999999999999"),
        "cut\toff\n".to_owned(),
    ];
    let text = format!("{good}{}\n\r\n{}", bad.concat(), good.trim_end());
    let days = days(text.as_bytes(), 1).unwrap();
    assert_eq!((days.lines, days.refused, days.rows.len()), (2, bad.len() as u64, 1));
}

#[test]
fn a_file_that_is_no_export_is_refused() {
    for text in ["", "a,b\n1,2\n", "1\t20180101\n", "\n"] {
        assert!(days(text.as_bytes(), 2).is_err(), "{text:?}");
    }
    let text = line("20180101", "USA", "CHN", "1", "2.8").repeat(50_000);
    let mut cut = gzip(text.as_bytes());
    cut.truncate(cut.len() - 20);
    assert!(days(&cut, 2).unwrap_err().contains("cut off or damaged"));
    // A bomb is not unpacked to its end.
    let bomb = gzip(&[text.as_bytes(), &vec![b'\t'; 300 << 20]].concat());
    let error = days(&bomb, 2).unwrap_err();
    assert!(error.contains("longer than") || error.contains("times its size"), "{error}");
}

#[test]
fn packed_and_plain_files_and_any_number_of_threads_give_the_same() {
    let mut text = String::new();
    for n in 0..60_000 {
        let day = format!("201801{:02}", n % 28 + 1);
        let score = format!("{}.{}", n % 10, n % 7);
        text += &line(&day, ["USA", "CHN", ""][n % 3], ["RUS", "FRA"][n % 2], "1", &score);
    }
    assert!(text.len() as u64 > PIECE / 2);
    let text = text.repeat(3);
    let plain = days(text.as_bytes(), 1).unwrap();
    assert_eq!(plain.lines, 180_000);
    for bytes in [text.as_bytes(), &gzip(text.as_bytes()), &zipped(text.as_bytes())] {
        for threads in [1, 2, 5] {
            assert_eq!(days(bytes, threads).unwrap(), plain);
        }
    }
}

#[test]
fn a_line_over_the_border_of_two_pieces_belongs_to_the_first() {
    let one = line("20180101", "USA", "CHN", "1", "2.8");
    for shift in [-1_i64, 0, 1, 40] {
        // A long address puts the border at, before and behind the end of the line.
        let long = PIECE as i64 - 2 * one.len() as i64 + shift;
        let first = one.replace("https://example.org/", &"x".repeat(long as usize));
        let text = [first.as_str(), &one, &one, &one].concat();
        let error = days(text.as_bytes(), 2);
        // It is longer than a line may be, but it fits into the first reading.
        assert_eq!(error.map(|d| (d.lines, d.refused)), Ok((4, 0)), "{shift}");
    }
    let endless = one.replace("https://example.org/", &"x".repeat(PIECE as usize * 3));
    assert!(days(endless.as_bytes(), 1).unwrap_err().contains("longer than"));
}

proptest! {
    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), at in 0_usize..400) {
        let mut text = line("20180101", "USA", "CHN", "1", "2.8").repeat(3).into_bytes();
        let at = at.min(text.len());
        text.splice(at..at, bytes);
        if let Ok(days) = days(&text, 2) {
            let counted: u64 = days.rows.iter().map(|r| r.events).sum();
            prop_assert_eq!(counted, days.lines);
        }
    }
}
