//! United Nations Treaty Collection: who takes part in the treaties that are deposited with the Secretary-General, since when, and as what.
//!
//! Two releases of lists are read, alone or together. The status of 2026 has 30 instruments of human rights and disarmament, a row per
//! participant. The lists of 2015 have 324 treaties, a file each, named for chapter and number (`26-3.csv`); the index beside them has the
//! titles. A list says who takes part on its day. Who is in the older list and not in the newer one left between the two days; a list alone
//! does not show who left before it.
//!
//! Some protocols are accepted by a consent to be bound, without a signature. The status of 2026 has that day in its column of signatures.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::participation::{self, Act, Listed};
use crate::cells::Cells;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row, Sheet};
use comity_record::coverage::{Coverage, Units};
use comity_record::source::Relation;

const STATUS: &str = "status of participation";
const LISTS: &str = "participants of a treaty";
const INDEX: &str = "index of treaties";
const DERIVED: &str =
    "taken by others from ATOP, DESTA, the treaty collections and more: add those files themselves";
const LISTED: &str = "2015-03";
const LISTED_ON: Date = Date::constant(2015, 3, 14);
const STATUS_ON: Date = Date::constant(2026, 2, 3);
/// Accepted by consent to be bound alone.
const WITHOUT_SIGNATURE: [&str; 4] = ["XXVI-2-a", "XXVI-2-b", "XXVI-2-c", "XXVI-2-d"];

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-treaties",
    title: "United Nations Treaty Collection, status of participation",
    publisher: "United Nations Office of Legal Affairs",
    citation: "United Nations. Multilateral Treaties Deposited with the Secretary-General, status of participation. United Nations Treaty Collection. https://treaties.un.org",
    licence: "terms of the United Nations: attribution, not for sale; the facts are public record",
    url: "https://treaties.un.org/pages/ParticipationStatus.aspx",
    get: Get::ByHand(
        "the site has a page for each treaty; tables of them are in the repositories mgaldino/treaties-ideal-point (2026) and zmjones/untreaties (2015)",
    ),
    relations: &[("treaty_participation", Relation::Complement)],
    proposed_as: None,
    tables: &["treaty_participation"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            many: true,
            years: "action_date signature_date",
            ..FileKind::new(
                STATUS,
                "country_name treaty_id treaty_name action_type action_date signature_date treaty_open_year mtdsg_no source_url",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            many: true,
            named: true,
            open: true,
            mark: Some(|_| Some(LISTED.into())),
            joins: &["2026-02"],
            row_test: Some(is_list),
            ..FileKind::new(LISTS, "participant")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            mark: Some(|_| Some(LISTED.into())),
            joins: &["2026-02"],
            ..FileKind::new(INDEX, "chapter_no treaty_no treaty_name url chapter_url chapter_name")
        },
        FileKind {
            need: Need::Nothing(DERIVED),
            version: None,
            open: true,
            ..FileKind::new(
                "participation that others derived",
                "source issue_area iso3 country_name year event_type event_date org_or_treaty_id org_or_treaty_name status source_url",
            )
        },
        FileKind {
            need: Need::Nothing(DERIVED),
            version: None,
            ..FileKind::new(
                "items that others derived",
                "issue_area item_id source item_name treaty_type treaty_open_year source_url",
            )
        },
    ],
    editions: &[
        Edition {
            version: LISTED,
            released: "2015-03-14",
            marks: &[LISTED],
            last_year: 2015,
            rows: &[],
        },
        Edition {
            version: "2026-02",
            released: "2026-02-03",
            marks: &["2026-02"],
            last_year: 2026,
            rows: &[],
        },
    ],
    // What is covered depends on which lists are there.
    coverage: |_| Vec::new(),
    map,
};

/// What a column of a list says, by its name.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    Signature,
    Consent,
    /// Provisional application, notifications, numbers of registration.
    Aside,
    Unknown,
}

fn column(name: &str) -> Column {
    let has = |parts: &[&str]| parts.iter().any(|p| name.contains(p));
    if name.starts_with("signature") {
        Column::Signature
    } else if ["provisional", "notification", "registration", "unts_", "undertaking_of"]
        .iter()
        .any(|aside| name.starts_with(aside))
        || matches!(name, "resolution" | "extension")
    {
        Column::Aside
    } else if has(&[
        "ratification",
        "accession",
        "acceptance",
        "approval",
        "succession",
        "definitive_signature",
        "consent",
        "formal_confirmation",
        "participation",
        "application",
        "date_of_adoption",
        "confirmation_of_signature",
    ]) {
        Column::Consent
    } else {
        Column::Unknown
    }
}

/// Whether a table is the list of a treaty: participants, and what each did when.
fn is_list(rows: &Cells) -> bool {
    let named: Vec<&String> = rows.header.iter().filter(|h| !h.is_empty()).collect();
    let first = named.first().is_some_and(|h| *h == "participant");
    let known = named.iter().skip(1).all(|h| column(h) != Column::Unknown);
    first && known && named.len() <= 8
}

/// Lists of one treaty.
#[derive(Default)]
struct Treaty {
    title: Option<String>,
    old: Option<Vec<Listed>>,
    new: Option<Vec<Listed>>,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let titles = titles(files)?;
    let mut treaties: BTreeMap<String, Treaty> = BTreeMap::new();
    let mut last = None;
    let mut keys = Keys::default();
    for row in files.rows(STATUS) {
        status(&row, &mut keys, &mut treaties, &mut last)?;
    }
    for sheet in files.all(LISTS) {
        list(sheet, &titles, &mut treaties)?;
    }
    // A status that is newer than the one known has later days; its own day is not in it.
    let new_day = last.filter(|day| *day > STATUS_ON).unwrap_or(STATUS_ON);
    out.begin("treaty_participation");
    let mut claims = Claims::default();
    let mut differing = 0;
    for (id, treaty) in &treaties {
        let gone = write(id, treaty, new_day, &mut differing, out);
        claims.add(id, treaty, gone, out);
    }
    claims.make(i32::from(new_day.year()) - 1, out);
    notes(&treaties, differing, new_day, out);
    Ok(())
}

/// One row of the status.
fn status(
    row: &Row<'_>,
    keys: &mut Keys,
    treaties: &mut BTreeMap<String, Treaty>,
    last: &mut Option<Date>,
) -> Result<(), ReadError> {
    let need = |column: &str, what: &str| row.text(column).ok_or_else(|| row.refuse(column, what));
    let name = need("country_name", "a participant")?;
    let id = need("mtdsg_no", "the number of a treaty")?;
    let key = format!("mtdsg_no={id} country_name={name}");
    keys.add(row, &key)?;
    let (mut signed, mut bound) =
        (row.calendar_date("signature_date")?, row.calendar_date("action_date")?);
    let mut act = row.text("action_type").map(Act::named).transpose();
    if let Err(()) = act {
        return Err(row.refuse("action_type", "ratification, accession, succession or another act"));
    }
    if WITHOUT_SIGNATURE.contains(&id) {
        bound = bound.or(signed);
        if act == Ok(None) {
            act = Ok(Some(Act::Consent));
        }
        signed = None;
    }
    if signed.is_none() && bound.is_none() {
        return Err(row.refuse("action_date", "a day: there is none of signature or of consent"));
    }
    *last = (*last).max(signed).max(bound);
    let treaty = treaties.entry(id.to_owned()).or_default();
    treaty.title = treaty.title.take().or_else(|| row.text("treaty_name").map(str::to_owned));
    treaty.new.get_or_insert_default().push(Listed {
        name: name.to_owned(),
        signed,
        bound,
        act: act.unwrap_or_default(),
        undated: false,
        in_force: None,
        key,
    });
    Ok(())
}

/// The list of one treaty, which its name says.
fn list(
    sheet: &Sheet,
    titles: &BTreeMap<String, (String, String)>,
    treaties: &mut BTreeMap<String, Treaty>,
) -> Result<(), ReadError> {
    let Some(first) = sheet.rows().next() else { return Ok(()) };
    let number = number_of(sheet.file());
    let Some((number, id)) = number else {
        return Err(first.refuse(
            "participant",
            "in a file named for chapter and number of its treaty, for example 26-3.csv (nothing in it says which treaty it is of)",
        ));
    };
    let (id, title) = match titles.get(&number) {
        Some((id, title)) => (id.clone(), Some(title.clone())),
        None => (id, None),
    };
    let treaty = treaties.entry(id.clone()).or_default();
    treaty.title = treaty.title.take().or(title);
    let listed = treaty.old.get_or_insert_default();
    let mut keys = Keys::default();
    for row in sheet.rows() {
        let name = row.text("participant").ok_or_else(|| row.refuse("participant", "a name"))?;
        let key = format!("{number} Participant={name}");
        keys.add(&row, &key)?;
        listed.push(one_of_list(&row, sheet.header(), name, key)?);
    }
    Ok(())
}

fn one_of_list(
    row: &Row<'_>,
    header: &[String],
    name: &str,
    key: String,
) -> Result<Listed, ReadError> {
    let mut listed = Listed { name: name.to_owned(), key, ..Listed::default() };
    let mut acts = Vec::new();
    let mut dated = false;
    for name in header.iter().filter(|h| column(h) != Column::Unknown) {
        let Some(cell) = row.text(name) else { continue };
        let what = column(name);
        if what == Column::Aside {
            continue;
        }
        dated = true;
        let (day, letters) = participation::day_and_letters(cell)
            .ok_or_else(|| row.refuse(name, "a day as 24 Sep 2003, with a letter for the act"))?;
        if what == Column::Signature {
            listed.signed = Some(day);
        } else {
            let act = Act::of_letters(letters, name)
                .ok_or_else(|| row.refuse(name, "an act that the header names by its letter"))?;
            acts.push((day, act));
        }
    }
    // Of several acts the first one binds; later ones confirm it or accept an amendment.
    acts.sort_by_key(|(day, _)| *day);
    if let Some((day, act)) = acts.first() {
        (listed.bound, listed.act) = (Some(*day), *act);
    }
    listed.undated = !dated;
    Ok(listed)
}

/// `26-3` and `XXVI-3`, of `treaties/26-3.csv`.
fn number_of(file: &str) -> Option<(String, String)> {
    let name = file.rsplit(['/', '\\', '(']).next()?.trim_end_matches(')').trim();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (chapter, number) = stem.split_once('-')?;
    let chapter: usize = chapter.parse().ok()?;
    let plain = number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let roman = roman(chapter).filter(|_| plain)?;
    Some((stem.to_owned(), format!("{roman}-{number}")))
}

/// The chapters of the collection are numbered in Roman figures.
fn roman(chapter: usize) -> Option<String> {
    if !(1..=29).contains(&chapter) {
        return None;
    }
    let units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][chapter % 10];
    Some(format!("{}{units}", "X".repeat(chapter / 10)))
}

/// Number and title of the treaties in the index, by the name of their file.
fn titles(files: &Files) -> Result<BTreeMap<String, (String, String)>, ReadError> {
    let mut titles = BTreeMap::new();
    for row in files.rows(INDEX) {
        let (Some(chapter), Some(number), Some(title)) =
            (row.text("chapter_no"), row.text("treaty_no"), row.text("treaty_name"))
        else {
            return Err(row.refuse("treaty_name", "a title, with chapter and number"));
        };
        let file = format!("{chapter}-{}", number.replace('.', "-"));
        let in_address = row.text("url").and_then(|url| {
            let rest = url.split_once("mtdsg_no=")?.1;
            rest.split('&').next().map(str::to_owned)
        });
        let own = || number_of(&format!("{file}.csv")).map(|(_, id)| id);
        if let Some(id) = in_address.filter(|id| !id.is_empty()).or_else(own) {
            titles.insert(file, (id, title.to_owned()));
        }
    }
    Ok(titles)
}

/// Writes the participants of a treaty; which of them left is returned.
fn write(
    id: &str,
    treaty: &Treaty,
    new_day: Date,
    differing: &mut usize,
    out: &mut Output,
) -> BTreeSet<i32> {
    let mut gone = BTreeSet::new();
    let (old, new) = (treaty.old.as_deref(), treaty.new.as_deref());
    let title = treaty.title.as_deref();
    let mut rest = new.unwrap_or_default().to_vec();
    for listed in old.unwrap_or_default() {
        let place = participation::same(listed, (LISTED_ON, new_day), &rest, out.places());
        let later = place.map(|at| rest.remove(at));
        match later {
            // Who was a party and is only a signatory again took its consent back.
            Some(later) if listed.bound.is_some() && later.bound.is_none() => {
                let was = participation::Spell {
                    id,
                    title,
                    last: LISTED_ON,
                    left_by: Some(new_day),
                    older: true,
                };
                was.write(listed, out);
                gone.extend(participation::state_of(&listed.name, LISTED_ON, out.places()));
                let is =
                    participation::Spell { id, title, last: new_day, left_by: None, older: false };
                is.again_signatory(&later, LISTED_ON, out);
            }
            Some(later) => {
                *differing += usize::from(
                    listed.bound.is_some() && later.bound.is_some() && listed.bound != later.bound,
                );
                participation::Spell { id, title, last: new_day, left_by: None, older: false }
                    .write(&later, out);
            }
            None => {
                let left_by = new.is_some().then_some(new_day);
                participation::Spell { id, title, last: LISTED_ON, left_by, older: true }
                    .write(listed, out);
                if left_by.is_some() {
                    gone.extend(participation::state_of(&listed.name, LISTED_ON, out.places()));
                }
            }
        }
    }
    for listed in &rest {
        participation::Spell { id, title, last: new_day, left_by: None, older: false }
            .write(listed, out);
    }
    gone
}

/// Yugoslavia and Serbia have one code. The lists hold what the Federal Republic of Yugoslavia joined, or succeeded to on 12 March 2001;
/// what was Yugoslavia's before is in the notes of the lists alone.
const YUGOSLAVIA: i32 = 345;
const SUCCEEDED: i32 = 2001;

/// What the lists together are complete about.
#[derive(Default)]
struct Claims {
    /// By the states that left: the treaties of which there are two lists.
    twice: BTreeMap<BTreeSet<i32>, Vec<String>>,
    /// The states in the one newer list of a treaty.
    once: Vec<(String, BTreeSet<i32>)>,
    older: Vec<String>,
}

impl Claims {
    fn add(&mut self, id: &str, treaty: &Treaty, gone: BTreeSet<i32>, out: &Output) {
        match (&treaty.old, &treaty.new) {
            (Some(_), Some(_)) => self.twice.entry(gone).or_default().push(id.to_owned()),
            (None, Some(new)) => {
                let state = |l: &Listed| participation::state_of(&l.name, STATUS_ON, out.places());
                self.once.push((id.to_owned(), new.iter().filter_map(state).collect()));
            }
            _ => self.older.push(id.to_owned()),
        }
    }

    fn make(&self, last_year: i32, out: &mut Output) {
        const FROM: i32 = 1945;
        let listed_in = i32::from(LISTED_ON.year());
        let claim = |ids: &[String], from, to| {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            Coverage::all("treaty_participation", from, to).only("treaty_id", &ids)
        };
        let all: Vec<String> = self.twice.values().flatten().cloned().collect();
        let ended = participation::in_no_list(out.places(), (FROM, listed_in));
        let joined = BTreeSet::from([YUGOSLAVIA]);
        if !all.is_empty() {
            let scope = "participants in the list of 2015 or the newer one; who left before 2015 may be in neither";
            let listed = |except: BTreeSet<i32>, from, to| Coverage {
                units: Units::AllExcept(except),
                ..claim(&all, from, to).about(scope)
            };
            out.claim(listed(&ended | &joined, FROM, SUCCEEDED - 1));
            out.claim(listed(ended.clone(), SUCCEEDED, listed_in - 1));
            for (gone, ids) in &self.twice {
                let units =
                    if gone.is_empty() { Units::All } else { Units::AllExcept(gone.clone()) };
                let claim = claim(ids, listed_in, last_year).about(scope);
                out.claim(Coverage { units, ..claim });
            }
        }
        for (id, states) in &self.once {
            let listed = |states: BTreeSet<i32>, from| Coverage {
                units: Units::States(states),
                ..claim(std::slice::from_ref(id), from, last_year)
                    .about("who is in the list; it does not show who left before")
            };
            out.claim(listed(states - &joined, FROM));
            if states.contains(&YUGOSLAVIA) {
                out.claim(listed(joined.clone(), SUCCEEDED));
            }
        }
        if !self.older.is_empty() {
            let claim = claim(&self.older, FROM, listed_in - 1);
            let claim = claim.about("who is in the list of 2015; it does not show who left before");
            out.claim(Coverage { context: true, ..claim });
        }
    }
}

fn notes(treaties: &BTreeMap<String, Treaty>, differing: usize, day: Date, out: &mut Output) {
    let many = treaties.len();
    out.note(format!("{many} treaties, by the lists of the Secretary-General; treaties with other depositaries (the Non-Proliferation Treaty, the Biological Weapons Convention, the Geneva Conventions) are in none of them, and nothing is claimed about these"));
    let consent: Vec<&str> =
        WITHOUT_SIGNATURE.into_iter().filter(|id| treaties.contains_key(*id)).collect();
    if !consent.is_empty() {
        out.note(format!(
            "{} have no signatures: a day in that column is that of the consent to be bound",
            consent.join(", ")
        ));
    }
    if treaties.values().any(|t| t.old.is_some() && t.new.is_some()) {
        out.note(format!("Who is in the list of {LISTED_ON} and not in that of {day} left between these days (left_by); the year of the older list stands as its last"));
    }
    if differing > 0 {
        let times = if differing == 1 { "Once" } else { &*format!("{differing} times") };
        out.note(format!(
            "{times} the two lists have other days of the same act; the newer list stands"
        ));
    }
    let titled = treaties.values().filter(|t| t.title.is_none()).count();
    if titled > 0 {
        out.note(format!(
            "{titled} treaties have no title here: the index beside the lists has them"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_list_says_which_treaty_it_is_of() {
        let id = |file: &str| number_of(file).map(|(_, id)| id);
        assert_eq!(id("26-3.csv").as_deref(), Some("XXVI-3"));
        assert_eq!(id("4-11-b.csv").as_deref(), Some("IV-11-b"));
        assert_eq!(id("all.zip (treaties/3-2-12a.csv)").as_deref(), Some("III-2-12a"));
        for file in ["30-1.csv", "0-1.csv", "treaty.csv", "4-.csv", "a-b.csv"] {
            assert_eq!(id(file), None, "{file}");
        }
        assert_eq!((roman(29).as_deref(), roman(10).as_deref()), (Some("XXIX"), Some("X")));
    }
}
