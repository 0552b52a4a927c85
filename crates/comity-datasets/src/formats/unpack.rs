//! Taking off gzip, bzip2, xz and zip, within the caps: nothing is written, and no name inside an archive is
//! taken for a path.

use std::io::{Cursor, Read};

use super::{Budget, Kind, MAX_MEMBERS, is_obeyed};

/// Why something is not unpacked.
pub(super) enum Refused {
    /// It is cut off or damaged.
    Damaged(String),
    /// It may be whole, and is past a cap or locked: a person can unpack it.
    ByHand(String),
}

impl From<String> for Refused {
    fn from(reason: String) -> Self {
        Self::Damaged(reason)
    }
}

/// One stream unpacked.
pub(super) fn stream(kind: Kind, bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Refused> {
    match kind {
        Kind::Gzip => within(flate2::bufread::MultiGzDecoder::new(bytes), bytes.len(), budget),
        Kind::Bzip2 => within(bzip2::bufread::MultiBzDecoder::new(bytes), bytes.len(), budget),
        _ => within(lzma_rust2::XzReader::new(bytes, true), bytes.len(), budget),
    }
}

fn within(from: impl Read, packed: usize, budget: &mut Budget) -> Result<Vec<u8>, Refused> {
    let most = budget.most_of(packed);
    let mut plain = Vec::new();
    from.take(most + 1)
        .read_to_end(&mut plain)
        .map_err(|e| format!("it is cut off or damaged ({e})"))?;
    let unpacked = plain.len() as u64;
    if unpacked > most {
        return Err(Refused::ByHand(format!(
            "it unpacks to more than {} MB, which no dataset of the field does",
            most / (1024 * 1024)
        )));
    }
    budget.unpacked(unpacked);
    Ok(plain)
}

/// A zip, open.
pub(super) type Zip<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// Opens a zip.
pub(super) fn archive(bytes: &[u8]) -> Result<Zip<'_>, Refused> {
    let zip = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|e| format!("it is a zip that is cut off or damaged ({e})"))?;
    if zip.len() > MAX_MEMBERS {
        return Err(Refused::ByHand(format!(
            "it holds {} members, more than the {MAX_MEMBERS} that are looked at",
            zip.len()
        )));
    }
    Ok(zip)
}

/// One file in a zip, with its name. Folders, links, hidden files and what macOS adds hold no data. What cannot be
/// unpacked is named.
pub(super) fn member(
    zip: &mut Zip<'_>,
    bytes: &[u8],
    at: usize,
    budget: &mut Budget,
) -> Result<Option<(String, Vec<u8>)>, (String, Refused)> {
    let listed = zip.name_for_index(at).and_then(Result::ok).map(last_part);
    let nth = || format!("member {}", at + 1);
    if let Some(packing) = packing(zip, at) {
        let name = listed.unwrap_or_else(nth);
        return packed_otherwise(zip, at, &packing, budget)
            .map(|plain| is_data(&name).then(|| (name.clone(), plain)))
            .map_err(|refused| (name, refused));
    }
    let member = zip.by_index(at).map_err(|e| {
        let refused = match e {
            zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => {
                Refused::ByHand("it is locked with a password".to_owned())
            }
            e => format!("it cannot be unpacked ({e})").into(),
        };
        (listed.unwrap_or_else(nth), refused)
    })?;
    let name = match member.name() {
        Ok(name) => name.into_owned(),
        Err(e) => {
            return Err((nth(), format!("it has no name that can be read ({e})").into()));
        }
    };
    let last = last_part(&name);
    if !member.is_file() || !is_data(&last) || name.starts_with("__MACOSX") {
        return Ok(None);
    }
    let packed = member.compressed_size().min(bytes.len() as u64) as usize;
    match within(member, packed, budget) {
        Ok(plain) => Ok(Some((last, plain))),
        Err(refused) => Err((last, refused)),
    }
}

/// Whether a member of an archive may be one that a person put there, by its name.
pub(super) fn is_data(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.')
}

/// How a member is packed, where that is not the usual way of a zip.
fn packing(zip: &mut Zip<'_>, at: usize) -> Option<String> {
    let raw = zip.by_index_raw(at).ok().filter(zip::read::ZipFile::is_file)?;
    let packing = raw.compression().to_string();
    (!raw.encrypted() && !["Stored", "Deflated"].contains(&packing.as_str())).then_some(packing)
}

/// A member that is packed by bzip2 or xz; what is packed by anything else is named.
fn packed_otherwise(
    zip: &mut Zip<'_>,
    at: usize,
    packing: &str,
    budget: &mut Budget,
) -> Result<Vec<u8>, Refused> {
    let kind = match packing {
        "Bzip2" => Kind::Bzip2,
        "Xz" => Kind::Xz,
        other => {
            let other = if other == "Unknown" { "a method that is not known" } else { other };
            return Err(Refused::ByHand(format!("it is packed by {other}, which is not read")));
        }
    };
    let mut raw = zip.by_index_raw(at).map_err(|e| format!("it cannot be unpacked ({e})"))?;
    let (mut packed, checksum) = (Vec::new(), raw.crc32());
    raw.read_to_end(&mut packed).map_err(|e| format!("it is cut off or damaged ({e})"))?;
    let plain = stream(kind, &packed, budget)?;
    let mut crc = flate2::Crc::new();
    crc.update(&plain);
    if crc.sum() == checksum {
        Ok(plain)
    } else {
        Err("it is damaged (its checksum is another)".to_owned().into())
    }
}

/// The name of a file without its folders, safe to print.
pub(super) fn last_part(name: impl AsRef<str>) -> String {
    let last = name.as_ref().rsplit(['/', '\\']).next().unwrap_or("");
    last.chars().map(|c| if is_obeyed(c) { '?' } else { c }).take(200).collect()
}

/// What lists the texts of a workbook, and how many bytes each of them has at least.
const SHARED: [&str; 2] = ["xl/sharedStrings.xml", "xl/sharedStrings.bin"];
const SHARED_LEAST: u64 = 5;
/// The most that a workbook may unpack to, and the most marks and bytes of records in its list of texts: a text of no letters takes
/// some thirty bytes once it is read.
const MAX_WORKBOOK: u64 = 512 * 1024 * 1024;
const MAX_MARKS: u64 = 24 * 1024 * 1024;
const MAX_RECORDS: u64 = 128 * 1024 * 1024;

/// Whether a workbook's members keep to the caps, before another library unpacks them and makes room for what they claim.
pub(super) fn check_workbook(bytes: &[u8], budget: &mut Budget) -> Result<(), Refused> {
    let mut zip = archive(bytes)?;
    let most = budget.most_of(bytes.len()).min(MAX_WORKBOOK);
    let mut all = 0_u64;
    for at in 0..zip.len() {
        let member = zip.by_index(at).map_err(|e| format!("a member cannot be unpacked ({e})"))?;
        let named =
            |shared: &str| member.name().is_ok_and(|name| name.eq_ignore_ascii_case(shared));
        let [shared, records] = SHARED.map(named);
        let mut member = member.take(most + 1);
        let damaged = |e: std::io::Error| format!("it is cut off or damaged ({e})");
        let mut head = Vec::new();
        (&mut member).take(64 * 1024).read_to_end(&mut head).map_err(damaged)?;
        let mut marks = Marks::of(&head);
        let rest = std::io::copy(&mut member, &mut marks).map_err(damaged)?;
        let unpacked = head.len() as u64 + rest;
        all = all.saturating_add(unpacked);
        let texts = (shared && marks.0 > MAX_MARKS) || (records && unpacked > MAX_RECORDS);
        if all > most || texts {
            let reason = "it unpacks to more than any workbook of the field does";
            return Err(Refused::ByHand(reason.into()));
        }
        let texts = if shared { claimed(&head) } else { 0 };
        if texts.saturating_mul(SHARED_LEAST) > unpacked {
            return Err(format!("it is damaged (it claims to have {texts} texts)").into());
        }
    }
    budget.unpacked(all);
    Ok(())
}

/// How many marks of XML were written.
struct Marks(u64);

impl Marks {
    fn of(bytes: &[u8]) -> Self {
        Self(memchr::memchr_iter(b'<', bytes).count() as u64)
    }
}

impl std::io::Write for Marks {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += Self::of(bytes).0;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How many texts a list of them claims to have.
fn claimed(head: &[u8]) -> u64 {
    let mark = b"uniqueCount";
    let found = head.windows(mark.len()).position(|w| w == mark).map(|at| at + mark.len());
    let digits = found.and_then(|at| head.get(at..)).unwrap_or_default().iter();
    let digits = digits
        .skip_while(|b| matches!(b, b' ' | b'=' | b'"' | b'\'' | b'\n' | b'\t' | b'\r' | b'+'));
    digits
        .take_while(|b| b.is_ascii_digit())
        .fold(0, |n: u64, digit| n.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_texts_says_how_many_it_has() {
        assert_eq!(claimed(b"<sst count='9' uniqueCount='7'>"), 7);
        assert_eq!(claimed(b"<sst uniqueCount = \"99999999999999999999999\">"), u64::MAX);
        assert_eq!((claimed(b"<sst>"), claimed(b"uniqueCount"), claimed(b"")), (0, 0, 0));
        let mut marks = Marks::of(b"<a><b/>");
        std::io::Write::write_all(&mut marks, b"</a>x").unwrap();
        assert_eq!(marks.0, 3);
        assert_eq!(last_part("a\\b/c\u{7}\u{202e}.csv"), "c??.csv");
    }
}
