//! What is not read: datasets that would fill a table, and files that go around among those of the field.

use std::collections::BTreeSet;

use comity_record::catalogue::Declaration;

/// Proposed to people beside the datasets that are read.
pub(crate) static UNREAD: &[Declaration] = &[];

/// A file that goes around among those of the field, and why it is not read.
struct Known {
    /// Columns that it has, in lower case.
    columns: &'static str,
    /// What it is, and why it is not read: it reads on after the name of the file.
    reason: &'static str,
}

const FILES: &[Known] = &[
    Known {
        columns: "exporter importer pair_id year trade dist cntg lang clny",
        reason: "is a gravity data set for teaching (Yotov and others 2016): trade of 69 countries every fourth year, by name, with variables computed by its authors. Trade of all states by year is read from cow-trade",
    },
    Known {
        columns: "exporter log_y change_imr_full change_price_full rgdp",
        reason: "holds results of a gravity model by exporter, computed by others; results are not read",
    },
    Known {
        columns: "statea stateb year allies contigkb logdstab lcaprat2 onset majpower smldep smldmat",
        reason: "is replication data (Oneal and Russett 2001): pairs of states by year with variables computed by its authors. Add the sources that they are computed from, and make the pairs with `comity panel`",
    },
    Known {
        columns: "statea stateb year geo1 caprat ally1r bremdisp dyad distab deml demh growthl depl",
        reason: "is replication data (Russett, Oneal and Davis 1998): pairs of states by year with variables computed by its authors. Add the sources that they are computed from, and make the pairs with `comity panel`",
    },
    Known {
        columns: "event mode title",
        reason: "holds invented headlines with labels of events, without days or states; coded events are read (icews, gdelt, keds)",
    },
    Known {
        columns: "date text source",
        reason: "holds texts of news, not coded as events; coded events are read (icews, gdelt, keds)",
    },
];

/// Why a table with these columns is not read, where it is one that goes around.
pub(crate) fn reason(columns: &BTreeSet<&str>) -> Option<&'static str> {
    let has = |known: &&Known| known.columns.split_whitespace().all(|c| columns.contains(c));
    FILES.iter().find(has).map(|known| known.reason)
}

/// Why a table is not read that begins with a line of votes: a name, and nothing but codes of one digit behind it.
pub(crate) fn without_header(first: &[String]) -> Option<&'static str> {
    let is_code = |cell: &String| cell.len() == 1 && cell.bytes().all(|b| b.is_ascii_digit());
    let codes = first.iter().skip(2).filter(|cell| is_code(cell)).count();
    let votes = first.len() > 20 && codes + 2 == first.len() && !first.iter().take(1).all(is_code);
    votes.then_some(
        "is a table of votes without a header line: a row a member, a column a vote, without a day or a number of either. Votes are read with the numbers of their states and roll calls (un-votes, un-library-votes)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_files_say_what_they_are() {
        let of = |columns: &str| reason(&columns.split(' ').collect());
        assert!(of("date text source id").is_some_and(|r| r.contains("texts of news")));
        assert_eq!(of("date text"), None);
        let line = |cells: &[&str], votes: usize| {
            let codes = (0..votes).map(|v| (v % 9).to_string());
            cells.iter().map(|c| (*c).to_owned()).chain(codes).collect::<Vec<_>>()
        };
        assert!(without_header(&line(&["oman", "other"], 30)).is_some());
        assert_eq!(without_header(&line(&["oman", "other"], 5)), None);
        assert_eq!(without_header(&line(&["1", "2"], 30)), None);
        assert_eq!(without_header(&line(&["a", "b", "c"], 30)), None);
    }
}
