//! Tables with names of columns (and KEDS tables without), recognised by them.

use super::Options;
use super::codes::Scheme;
use super::numbers::written_day;

/// The kinds of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Icews,
    Polecat,
    Keds(Scheme),
    Ged,
    Mie,
}

/// What a kind is known by: columns that it must have, then those that it may have.
struct Declared {
    name: &'static str,
    need: &'static [&'static str],
    may: &'static [&'static str],
}

const ICEWS: Declared = Declared {
    name: "ICEWS",
    need: &[
        "event id",
        "event date",
        "source name",
        "source country",
        "cameo code",
        "target name",
        "target country",
    ],
    may: &["intensity", "country", "story id"],
};
const POLECAT: Declared = Declared {
    name: "POLECAT",
    need: &[
        "event id",
        "event date",
        "event type",
        "event mode",
        "actor country",
        "recipient country",
    ],
    may: &[
        "intensity",
        "quad code",
        "actor name",
        "recipient name",
        "country",
        "source",
        "publication date",
    ],
};
const KEDS: Declared =
    Declared { name: "KEDS", need: &["date", "source", "target", "code"], may: &[] };
const GED: Declared = Declared {
    name: "UCDP GED",
    need: &[
        "id",
        "type_of_violence",
        "side_a",
        "side_b",
        "country_id",
        "date_start",
        "date_end",
        "best",
        "low",
        "high",
    ],
    may: &["relid", "date_prec", "gwnoa", "gwnob"],
};
const MIE: Declared = Declared {
    name: "MIE",
    need: &[
        "micnum", "eventnum", "ccode1", "ccode2", "styear", "stmon", "stday", "action", "hostlev",
    ],
    may: &["fatalmin1", "fatalmin2", "fatalmax1", "fatalmax2"],
};

/// A table that was recognised.
#[derive(Debug)]
pub(crate) struct Table {
    pub kind: Kind,
    pub delimiter: u8,
    /// Whether cells may be in quotes.
    pub quoted: bool,
    /// Whether the first line names the columns.
    pub header: bool,
    /// How many columns a line has.
    pub width: usize,
    /// Where the columns are that are needed, then those that may be there.
    pub columns: Vec<Option<usize>>,
}

fn lower(cell: &str) -> String {
    cell.trim().trim_matches('"').trim().to_ascii_lowercase().replace('.', " ")
}

fn split(line: &str, delimiter: u8) -> Vec<&str> {
    line.split(char::from(delimiter)).collect()
}

impl Table {
    pub(crate) fn source(&self) -> &'static str {
        match self.kind {
            Kind::Icews => "icews",
            Kind::Polecat => "polecat",
            Kind::Keds(_) => "keds",
            Kind::Ged => "ucdp-ged",
            Kind::Mie => "mie",
        }
    }

    /// The table of a text that begins so; else why it is none.
    pub(crate) fn of(head: &[u8], options: &Options<'_>) -> Result<Self, String> {
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err("it is UTF-16 text: save it as UTF-8".into());
        }
        if memchr::memchr(0, head).is_some() {
            return Err("it is no text".into());
        }
        let text = String::from_utf8_lossy(head);
        let mut lines = text.lines();
        let first = lines.find(|l| !l.trim().is_empty()).ok_or("it is empty")?;
        let rest: Vec<&str> = lines.collect();
        let mut missing = None;
        for delimiter in [b'\t', b',', b';'] {
            let names: Vec<String> = split(first, delimiter).into_iter().map(lower).collect();
            for (kind, declared) in
                [(Kind::Icews, ICEWS), (Kind::Polecat, POLECAT), (Kind::Ged, GED), (Kind::Mie, MIE)]
            {
                match columns(&names, &declared) {
                    Ok(columns) => {
                        let (quoted, width) = (delimiter != b'\t', names.len());
                        return Ok(Self { kind, delimiter, quoted, header: true, width, columns });
                    }
                    Err(lacks) => missing = missing.or(lacks),
                }
            }
            if let Ok(columns) = columns(&names, &KEDS) {
                return keds(&rest, delimiter, names.len(), columns, true, options);
            }
        }
        if let Some(missing) = missing {
            return Err(missing);
        }
        bare(first, &rest, options)
    }
}

/// Where the columns are; else what is missing, if all but few are there.
fn columns(names: &[String], declared: &Declared) -> Result<Vec<Option<usize>>, Option<String>> {
    let at = |name: &&str| {
        let other = name.replace(' ', "_");
        names.iter().position(|n| n == name || *n == other)
    };
    let lacks: Vec<&str> =
        declared.need.iter().filter(|name| at(name).is_none()).copied().collect();
    if !lacks.is_empty() {
        let few = declared.need.len() > 4 && lacks.len() <= 2;
        let reason =
            format!("it looks like {}, but has no column {}", declared.name, lacks.join(", "));
        return Err(few.then_some(reason));
    }
    Ok(declared.need.iter().chain(declared.may).map(at).collect())
}

/// A KEDS table without names of columns: dates, codes of actors and codes of events.
fn bare(first: &str, rest: &[&str], options: &Options<'_>) -> Result<Table, String> {
    for delimiter in [b'\t', b',', b' '] {
        let cells = split(first, delimiter);
        let is_code =
            |text: &str| (2..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let is_actor = |text: &&&str| {
            (3..=15).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        let fits = (4..=8).contains(&cells.len())
            && keds_day(cells[0]).is_some()
            && cells[1..3].iter().filter(is_actor).count() == 2
            && is_code(cells[3].trim());
        if fits {
            let mut lines = vec![first];
            lines.extend(rest);
            let columns = (0..4).map(Some).collect();
            return keds(&lines, delimiter, cells.len(), columns, false, options);
        }
    }
    Err("neither its first line nor its columns are those of a known format".into())
}

/// A day of a KEDS table: as everywhere, or the six figures `YYMMDD` of its oldest files, which begin in 1979.
pub(crate) fn keds_day(text: &str) -> Option<i32> {
    let text = text.trim().trim_matches('"');
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        let century = if text < "790000" { "20" } else { "19" };
        return written_day(&format!("{century}{text}"));
    }
    written_day(text)
}

fn keds(
    rows: &[&str],
    delimiter: u8,
    width: usize,
    columns: Vec<Option<usize>>,
    header: bool,
    options: &Options<'_>,
) -> Result<Table, String> {
    let at = columns.get(3).copied().flatten().unwrap_or(3);
    let codes = rows
        .iter()
        .filter_map(|line| Some(split(line, delimiter).get(at)?.trim().trim_matches('"')));
    let scheme = options.scheme.or_else(|| Scheme::of(codes)).ok_or(
        "it is a KEDS table, and its first codes may be of CAMEO or of WEIS: say which (`scheme`)",
    )?;
    Ok(Table { kind: Kind::Keds(scheme), delimiter, quoted: true, header, width, columns })
}
