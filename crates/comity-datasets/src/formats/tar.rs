//! Members of a tar, one after the other: blocks of 512 bytes, a header and its content. Links, folders and devices hold no data.

use super::unpack::{Refused, is_data, last_part};

const BLOCK: usize = 512;

/// Whether bytes begin as a tar does: a header whose sum of bytes is the one that it names.
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.get(..BLOCK).is_some_and(|header| sum_is_right(header) && header[0] != 0)
}

fn sum_is_right(header: &[u8]) -> bool {
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(at, b)| u64::from(if (148..156).contains(&at) { b' ' } else { *b }))
        .sum();
    number(&header[148..156]) == Some(sum)
}

/// A number as tar writes it: octal digits, or bytes after a first one of 0x80.
fn number(field: &[u8]) -> Option<u64> {
    if field.first() == Some(&0x80) {
        return field[1..]
            .iter()
            .try_fold(0_u64, |n, b| n.checked_mul(256).map(|n| n + u64::from(*b)));
    }
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}

/// The files in a tar.
pub(super) struct Members<'a> {
    bytes: &'a [u8],
    at: usize,
    /// How many headers were looked at.
    seen: usize,
}

/// A file with its name, or the name of what cannot be read and why.
type Member<'a> = Result<(String, &'a [u8]), (String, Refused)>;

impl<'a> Members<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, seen: 0 }
    }

    /// The next file that may hold data.
    pub(super) fn next(&mut self) -> Option<Member<'a>> {
        let mut long_name = None;
        loop {
            let header = self.bytes.get(self.at..)?;
            if header.is_empty() || header.iter().take(BLOCK).all(|b| *b == 0) {
                return None;
            }
            self.seen += 1;
            let nth = format!("member {}", self.seen);
            let damaged = |rest: &mut usize, name: String| {
                *rest = self.bytes.len();
                Some(Err((name, "it is cut off or damaged".to_owned().into())))
            };
            if self.seen > super::MAX_MEMBERS {
                self.at = self.bytes.len();
                let reason = format!("it holds more than {} members", super::MAX_MEMBERS);
                return Some(Err((nth, Refused::ByHand(reason))));
            }
            let Some(header) = header.get(..BLOCK).filter(|h| sum_is_right(h)) else {
                return damaged(&mut self.at, nth);
            };
            let from = self.at + BLOCK;
            let size = number(&header[124..136]).and_then(|n| usize::try_from(n).ok());
            let content = size.and_then(|n| self.bytes.get(from..from.checked_add(n)?));
            let own = until_zero(&header[..100]);
            let Some(content) = content else {
                return damaged(&mut self.at, last_part(long_name.unwrap_or(own)));
            };
            self.at = from.saturating_add(content.len().div_ceil(BLOCK) * BLOCK);
            match header[156] {
                // A longer name of the next member, as GNU and as POSIX write it.
                b'L' => long_name = Some(until_zero(content)),
                b'x' => long_name = path_of(content).or(long_name),
                b'0' | 0 | b'7' => {
                    let name = last_part(long_name.take().unwrap_or(own));
                    if is_data(&name) {
                        return Some(Ok((name, content)));
                    }
                }
                b'g' | b'K' => {}
                _ => long_name = None,
            }
        }
    }
}

fn until_zero(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end.min(4096)]).into_owned()
}

/// The path in the lines `LENGTH path=NAME` of an extended header.
fn path_of(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    let path = |line: &str| Some(line.split_once(' ')?.1.strip_prefix("path=")?.to_owned());
    text.lines().find_map(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tar of files, as programs write it.
    pub(crate) fn tar(files: &[(&str, u8, &[u8])]) -> Vec<u8> {
        let mut all = Vec::new();
        for (name, kind, content) in files {
            let mut header = vec![0; BLOCK];
            header[..name.len()].copy_from_slice(name.as_bytes());
            header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
            header[156] = *kind;
            header[148..156].fill(b' ');
            let sum: u64 = header.iter().map(|b| u64::from(*b)).sum();
            header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
            all.extend(header);
            all.extend(*content);
            all.resize(all.len().div_ceil(BLOCK) * BLOCK, 0);
        }
        all.resize(all.len() + 2 * BLOCK, 0);
        all
    }

    #[test]
    fn files_are_named_without_their_folders_and_folders_hold_none() {
        let long = format!("{}/long.csv", "x".repeat(120));
        let bytes = tar(&[
            ("d/", b'5', b""),
            ("d/a.csv", b'0', b"a,b\n1,2\n"),
            ("d/._a.csv", b'0', b"hidden"),
            ("././@LongLink", b'L', long.as_bytes()),
            ("xxx", b'0', b"c\n"),
            ("pax", b'x', b"18 path=p/pax.csv\n"),
            ("p", b'0', b"d\n"),
        ]);
        assert!(is_tar(&bytes) && !is_tar(b"ccode,year\n"));
        let mut members = Members::of(&bytes);
        let mut all = Vec::new();
        while let Some(Ok((name, content))) = members.next() {
            all.push((name, String::from_utf8(content.to_vec()).unwrap()));
        }
        let all: Vec<_> = all.iter().map(|(n, c)| (n.as_str(), c.as_str())).collect();
        assert_eq!(all, [("a.csv", "a,b\n1,2\n"), ("long.csv", "c\n"), ("pax.csv", "d\n")]);
    }

    #[test]
    fn a_tar_that_is_cut_off_names_the_member() {
        let bytes = tar(&[("a.csv", b'0', &[b'x'; 2000])]);
        let mut members = Members::of(&bytes[..1024]);
        let Some(Err((name, Refused::Damaged(reason)))) = members.next() else { panic!() };
        assert_eq!((name.as_str(), reason.as_str()), ("a.csv", "it is cut off or damaged"));
        assert!(members.next().is_none());
    }
}
