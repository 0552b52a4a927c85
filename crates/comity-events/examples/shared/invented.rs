//! Invented lines of GDELT 2.0: the `n`-th is the same on every run.

use std::fmt::Write;

/// Numbers that look drawn.
pub fn drawn(seed: u64) -> u64 {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

const STATES: [&str; 40] = [
    "USA", "GBR", "RUS", "CHN", "ISR", "IRN", "IND", "PAK", "TUR", "SYR", "FRA", "DEU", "JPN",
    "KOR", "PRK", "AUS", "NGA", "EGY", "SAU", "UKR", "IRQ", "AFG", "CAN", "ITA", "ESP", "POL",
    "BRA", "MEX", "ZAF", "KEN", "IDN", "PHL", "VNM", "THA", "LBN", "JOR", "GRC", "VEN", "COL",
    "PSE",
];
const ROLES: [&str; 8] = ["", "GOV", "MIL", "COP", "BUS", "MED", "OPP", "JUD"];
const CODES: [(&str, u8, &str); 12] = [
    ("010", 1, "0.0"),
    ("042", 1, "1.9"),
    ("036", 1, "4.0"),
    ("051", 1, "3.4"),
    ("071", 2, "7.4"),
    ("084", 2, "7.0"),
    ("112", 3, "-2.0"),
    ("130", 3, "-4.4"),
    ("141", 4, "-6.5"),
    ("173", 4, "-5.0"),
    ("190", 4, "-10.0"),
    ("043", 1, "2.8"),
];
/// The first day: 2015-02-19 as days since 1970-01-01.
const FIRST: i64 = 16_485;

/// Year, month and day of a day.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn state(draw: u64) -> &'static str {
    // A few states are in most of the news.
    let (a, b) = (draw % 40, draw / 40 % 40);
    if draw.is_multiple_of(5) { "" } else { STATES[(a * b / 40) as usize] }
}

/// Writes line `at`, of which there are so many a day.
pub fn line(out: &mut String, at: u64, a_day: u64) {
    // One in sixteen tells again what the one before it told.
    let draw = drawn(if at % 16 == 1 { at - 1 } else { at });
    let added = FIRST + (at / a_day) as i64;
    let quarter = at % a_day * 96 / a_day;
    // Most are of the day; some are of a week, a month or a year before.
    let back = match draw % 100 {
        0..=1 => 365,
        2..=3 => 30,
        4..=7 => 7,
        8..=12 => 1,
        _ => 0,
    };
    let (year, month, day) = civil(added - back);
    let (y, m, d) = civil(added);
    // Some four events are of one report.
    let report = drawn(at / 4);
    let (one, two) = (state(draw >> 8), state(draw >> 24));
    let (first, second) = (ROLES[(draw >> 40) as usize % 8], ROLES[(draw >> 44) as usize % 8]);
    let (code, quad, score) = CODES[(draw >> 48) as usize % 12];
    let many = 1 + (draw >> 52) % 20;
    let _ = writeln!(
        out,
        "{}\t{year}{month:02}{day:02}\t{year}{month:02}\t{year}\t{year}.{:04}\t{one}{first}\t{first}\t{one}\t\t\t\t\t{first}\t\t\t\
         {two}{second}\t{second}\t{two}\t\t\t\t\t{second}\t\t\t1\t{code}\t{code}\t{}\t{quad}\t{score}\t{many}\t1\t{many}\t-2.{:014}\t\
         4\tMelbourne, Victoria, Australia\tAS\tAS07\t5430\t-37.8167\t144.967\t-1586844\t\
         4\tBrunswick West, Victoria, Australia\tAS\tAS07\t5402\t-37.7833\t144.933\t-1562136\t\
         4\tMelbourne, Victoria, Australia\tAS\tAS07\t5430\t-37.8167\t144.967\t-1586844\t\
         {y}{m:02}{d:02}{:02}{:02}00\thttps://www.example.org/news/{}/{:x}-{:x}-a-story-with-a-long-name",
        719_000_000 + at,
        month * 800,
        &code[..2],
        draw % 100_000_000_000_000,
        quarter / 4,
        quarter % 4 * 15,
        y,
        report >> 20,
        report,
    );
}
