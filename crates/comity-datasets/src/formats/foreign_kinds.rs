//! Formats that are not read, known by their first bytes, each with the way to a file that is.

/// The first bytes of a format, where they stand, and what it is and how to go on.
const FORMATS: &[(usize, &[u8], &str)] = &[
    (0, b"7z\xBC\xAF\x27\x1C", "is a 7z archive: unpack it, and add the file in it"),
    (0, b"Rar!\x1A\x07", "is a RAR archive: unpack it, and add the file in it"),
    (0, b"\x28\xB5\x2F\xFD", "is packed by Zstandard: unpack it, and add the file in it"),
    (0, b"LZIP", "is packed by lzip: unpack it, and add the file in it"),
    (0, b"\x1F\x9D", "is packed by compress (.Z): unpack it, and add the file in it"),
    (0, b"$FL2", "is an SPSS file (.sav): save its table as CSV or Stata, and add that"),
    (0, b"$FL3", "is an SPSS file (.zsav): save its table as CSV or Stata, and add that"),
    (
        12,
        b"\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\x00\x09\xC7\x31\x8C",
        "is a SAS file (.sas7bdat): save its table as CSV, and add that",
    ),
    (
        0,
        b"HEADER RECORD*******",
        "is a SAS transport file (.xpt): save its table as CSV, and add that",
    ),
    (0, b"ARROW1", "is an Arrow or Feather file: save its table as Parquet or CSV, and add that"),
    (0, b"FEA1", "is an old Feather file: save its table as Parquet or CSV, and add that"),
    (0, b"SQLite format 3\0", "is a SQLite database: save the table as CSV, and add that"),
    (0, b"\x89HDF\r\n", "is an HDF5 file: save its table as CSV or Parquet, and add that"),
    (4, b"Standard Jet DB", "is an Access database: save the table as CSV, and add that"),
    (4, b"Standard ACE DB", "is an Access database: save the table as CSV, and add that"),
    (0, b"%PDF", "is a PDF, not a table: download the data behind it"),
    (0, b"{\\rtf", "is a document (RTF), not a table: download the data behind it"),
    (0, b"\x89PNG", "is a picture, not a table"),
    (0, b"\xFF\xD8\xFF", "is a picture, not a table"),
    (0, b"GIF8", "is a picture, not a table"),
];

/// What a format that is not read is, and how to go on; none for all others.
pub(super) fn not_read(head: &[u8]) -> Option<&'static str> {
    let is = |(at, magic, _): &&(usize, &[u8], &'static str)| {
        head.get(*at..).is_some_and(|rest| rest.starts_with(magic))
    };
    if let Some((.., what)) = FORMATS.iter().find(is) {
        return Some(what);
    }
    // Python's pickle: a mark, the version of the protocol, and the frame that it begins with.
    if let [0x80, 2..=5, 0x95 | b'c' | b'}' | b']', ..] = head {
        return Some(
            "is a Python pickle: save its table with to_csv() or to_parquet(), and add that",
        );
    }
    is_web_page(head).then_some(
        "is a web page, not a table: the site answered with a page (an error, a form, a login); open its address in a browser and download the file itself",
    )
}

/// Whether a text begins as a web page does.
fn is_web_page(head: &[u8]) -> bool {
    let head = &head[..head.len().min(512)];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let text = String::from_utf8_lossy(head).trim_start().to_ascii_lowercase();
    let begins = ["<!doctype html", "<html", "<head", "<body", "<script"];
    let page = |text: &str| begins.iter().any(|mark| text.starts_with(mark));
    // A comment or a declaration of XML may stand before it.
    page(&text)
        || ((text.starts_with("<!--") || text.starts_with("<?xml"))
            && text.split('>').skip(1).any(|rest| page(rest.trim_start())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_named_with_the_way_out() {
        for (head, says) in [
            (&b"\n<!DOCTYPE HTML><title>503</title>"[..], "is a web page"),
            (b"<?xml version=\"1.0\"?>\n<html>", "is a web page"),
            (b"7z\xBC\xAF\x27\x1C\0\x04", "is a 7z archive"),
            (b"$FL2@(#) IBM SPSS", "is an SPSS file"),
            (b"\x80\x04\x95\0\0", "is a Python pickle"),
            (b"%PDF-1.7", "is a PDF"),
        ] {
            assert!(not_read(head).is_some_and(|what| what.starts_with(says)), "{says}");
        }
        for table in [&b"ccode,year\n2,1990"[..], b"", b"<b>bold</b>,a\n", b"\x80uro,b\n"] {
            assert!(not_read(table).is_none());
        }
    }
}
