//! Taking off gzip, bzip2, xz and zip, within the caps: nothing is written, and no name inside an archive is
//! taken for a path.

use std::io::{Cursor, Read};

use super::{Budget, FREE_UNPACKED, Kind, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED};

/// Why something is not unpacked.
pub(super) enum Refused {
    /// It is cut off or damaged.
    Damaged(String),
    /// It may be whole, and is past a cap or locked: a person can unpack it.
    ByHand(String),
}

impl Refused {
    fn of_member(self, name: &str) -> Self {
        match self {
            Self::Damaged(reason) => Self::Damaged(format!("{name}: {reason}")),
            Self::ByHand(reason) => Self::ByHand(format!("{name}: {reason}")),
        }
    }
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
    let most = (packed as u64).saturating_mul(MAX_RATIO).max(FREE_UNPACKED).min(budget.left);
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
    budget.left -= unpacked;
    Ok(plain)
}

fn archive(bytes: &[u8]) -> Result<zip::ZipArchive<Cursor<&[u8]>>, Refused> {
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

/// The files in a zip. Folders, links, hidden files and what macOS adds hold no data.
pub(super) fn members(
    bytes: &[u8],
    budget: &mut Budget,
) -> Result<Vec<(String, Vec<u8>)>, Refused> {
    let mut zip = archive(bytes)?;
    let mut members = Vec::new();
    for at in 0..zip.len() {
        let member = zip.by_index(at).map_err(|e| match e {
            zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => {
                Refused::ByHand("it is locked with a password".to_owned())
            }
            e => format!("a member cannot be unpacked ({e})").into(),
        })?;
        let name =
            member.name().map_err(|e| format!("a member has no name that can be read ({e})"))?;
        let name = name.into_owned();
        let last = name.rsplit(['/', '\\']).next().unwrap_or("");
        if !member.is_file() || last.starts_with('.') || name.starts_with("__MACOSX") {
            continue;
        }
        let name: String =
            last.chars().map(|c| if c.is_control() { '?' } else { c }).take(200).collect();
        let packed = member.compressed_size().min(bytes.len() as u64) as usize;
        let plain = within(member, packed, budget).map_err(|e| e.of_member(&name))?;
        members.push((name, plain));
    }
    Ok(members)
}

/// Whether a workbook's members keep to the caps, before another library unpacks them.
pub(super) fn check_zip(bytes: &[u8], budget: &mut Budget) -> Result<(), Refused> {
    let mut zip = archive(bytes)?;
    let mut all = 0_u64;
    for at in 0..zip.len() {
        let member = zip.by_index(at).map_err(|e| format!("a member cannot be unpacked ({e})"))?;
        let most =
            (bytes.len() as u64).saturating_mul(MAX_RATIO).max(FREE_UNPACKED).min(budget.left);
        let mut member = member.take(most + 1);
        let unpacked = std::io::copy(&mut member, &mut std::io::sink())
            .map_err(|e| format!("it is cut off or damaged ({e})"))?;
        all = all.saturating_add(unpacked);
        if all > most.min(MAX_UNPACKED) {
            let reason = "it unpacks to more than any workbook of the field does";
            return Err(Refused::ByHand(reason.into()));
        }
    }
    budget.left -= all.min(budget.left);
    Ok(())
}
