//! Participants of treaties as lists of depositaries have them, and their rows in `treaty_participation`.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::codes::Places;
use crate::output::Output;
use comity_record::rows::Value;
use comity_record::states::fold;

/// The act by which a participant is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Ratification,
    Accession,
    Acceptance,
    Approval,
    Succession,
    DefinitiveSignature,
    Consent,
    FormalConfirmation,
    Application,
    Admission,
}

impl Act {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Ratification, "ratification"),
        (Self::Accession, "accession"),
        (Self::Acceptance, "acceptance"),
        (Self::Approval, "approval"),
        (Self::Succession, "succession"),
        (Self::DefinitiveSignature, "definitive signature"),
        (Self::Consent, "consent to be bound"),
        (Self::FormalConfirmation, "formal confirmation"),
        (Self::Application, "application"),
        (Self::Admission, "admission"),
    ];

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(act, _)| *act == self).map_or("", |(_, word)| word)
    }

    /// An act in a word, as the status has it.
    pub fn named(word: &str) -> Result<Self, ()> {
        let word = word.trim().to_lowercase();
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(act, _)| *act).ok_or(())
    }

    /// An act by its letters behind a day, in a column of that name; where nothing in the name has no letter, the act is not known.
    /// None: letters that the name does not explain.
    pub fn of_letters(letters: &str, column: &str) -> Option<Option<Self>> {
        let explained = |letter: &str| column.contains(&format!("({letter})"));
        let act = match letters {
            "" => {
                let plain = |word: &str| {
                    column
                        .split(",_")
                        .any(|part| part == word || part.starts_with(word) && !part.ends_with(')'))
                };
                let named = [
                    ("ratification", Self::Ratification),
                    ("acceptance", Self::Acceptance),
                    ("accession", Self::Accession),
                    ("approval", Self::Approval),
                    ("succession", Self::Succession),
                    ("definitive_signature", Self::DefinitiveSignature),
                    ("application", Self::Application),
                    ("date_of_adoption", Self::Admission),
                ];
                return Some(named.iter().find(|(word, _)| plain(word)).map(|(_, act)| *act));
            }
            "a" => Self::Accession,
            "A" => Self::Acceptance,
            "AA" => Self::Approval,
            "d" => Self::Succession,
            "s" => Self::DefinitiveSignature,
            "P" | "p" => Self::Consent,
            "c" | "C" => Self::FormalConfirmation,
            _ => return None,
        };
        // Names of columns are in lower case.
        explained(&letters.to_lowercase()).then_some(Some(act))
    }
}

/// One participant in a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listed {
    pub name: String,
    pub signed: Option<Date>,
    pub bound: Option<Date>,
    pub act: Option<Act>,
    /// The list has no days.
    pub undated: bool,
    /// When it entered into force for it, where the list has that.
    pub in_force: Option<Date>,
    pub key: String,
}

/// `24 Sep 2003 a`: the day, and the letters behind it.
pub(crate) fn day_and_letters(cell: &str) -> Option<(Date, &str)> {
    let mut parts = cell.split_whitespace();
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let letters = parts.next().unwrap_or("");
    if parts.next().is_some() {
        return None;
    }
    let months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = months.iter().position(|m| month.to_lowercase().starts_with(m))?;
    let date =
        Date::new(year.parse().ok()?, i8::try_from(month + 1).ok()?, day.parse().ok()?).ok()?;
    Some((date, letters))
}

/// The state that a participant is on a day. A name of today stands for the same state before it had that name.
pub(crate) fn state_of(name: &str, day: Date, places: &Places) -> Option<i32> {
    placed(name, i32::from(day.year()), places)
}

/// The state of a name in a year.
pub(crate) fn placed(name: &str, year: i32, places: &Places) -> Option<i32> {
    const TODAY: i32 = 2024;
    let member = |ccode: &i32| places.in_system(*ccode, year);
    let known = |name: &str| {
        let then = places.from_name(name, year).filter(member);
        then.or_else(|| places.from_name(name, TODAY).filter(member))
    };
    match fold(name).as_str() {
        // Lists that name the Democratic Republic of the Congo too mean the other one.
        "congo" => known("Republic of the Congo"),
        // The days of Germany before its unity are those of the Federal Republic, which was no state of the system before 1955.
        "germany" if (1949..1990).contains(&year) => Some(FEDERAL_REPUBLIC).filter(member),
        _ => known(name).or_else(|| known(short_name(name)?)),
    }
}

/// The German Federal Republic.
const FEDERAL_REPUBLIC: i32 = 260;

/// States of these years that no list of a later year holds: they had ended, and what they had joined is in the notes of the lists alone.
pub(crate) fn in_no_list(places: &Places, (from, listed): (i32, i32)) -> BTreeSet<i32> {
    let then = |ccode: i32| (from..listed).any(|year| places.in_system(ccode, year));
    let ended = |ccode: &i32| then(*ccode) && !places.in_system(*ccode, listed);
    let ended = places.all_states().into_iter().filter(ended);
    // Germany stands in the lists with the days of the Federal Republic.
    ended.filter(|ccode| *ccode != FEDERAL_REPUBLIC).collect()
}

/// A participant as one state after the other, from a first to a last year, with none where it was no state of the system.
pub(crate) fn states(
    name: &str,
    (from, to): (i32, i32),
    places: &Places,
) -> Vec<(Option<i32>, i32, i32)> {
    let mut runs: Vec<(Option<i32>, i32, i32)> = Vec::new();
    for year in from..=to.max(from) {
        let state = placed(name, year, places);
        match runs.last_mut() {
            Some((of, _, last)) if *of == state => *last = year,
            _ => runs.push((state, year, year)),
        }
    }
    runs
}

/// `Bahamas` of `Bahamas (The)`, and of names that are turned round: where what is left out says no more which state is meant.
fn short_name(name: &str) -> Option<&str> {
    const STYLES: [&str; 14] = [
        "the",
        "kingdom of",
        "kingdom of the",
        "the kingdom of",
        "state of",
        "the state of",
        "republic of",
        "the republic of",
        "united republic of",
        "plurinational state of",
        "bolivarian republic of",
        "islamic republic of",
        "federated states of",
        "socialist federal republic of",
    ];
    // These names are of two states each, and their styles tell them apart.
    const SHARED: [&str; 6] = ["korea", "congo", "china", "yemen", "germany", "viet nam"];
    let (first, rest) = name.split_once(['(', ','])?;
    let style = fold(rest.trim_end_matches(')'));
    let first = first.trim();
    let adds_nothing = STYLES.iter().any(|s| fold(s) == style);
    (adds_nothing && !SHARED.contains(&fold(first).as_str())).then_some(first)
}

/// Which participant of a later list is the same one: the same state, else the same name, else the only one of no known state with the
/// same days.
pub(crate) fn same(
    listed: &Listed,
    (then, now): (Date, Date),
    later: &[Listed],
    places: &Places,
) -> Option<usize> {
    let state = state_of(&listed.name, then, places);
    let by_state = || {
        let state = state?;
        later.iter().position(|l| state_of(&l.name, now, places) == Some(state))
    };
    let by_name = || later.iter().position(|l| fold(&l.name) == fold(&listed.name));
    let by_days = || {
        let alike = |l: &&Listed| {
            state_of(&l.name, now, places).is_none()
                && l.bound == listed.bound
                && l.signed == listed.signed
                && (l.bound.is_some() || l.signed.is_some())
        };
        let mut all = later.iter().filter(alike);
        let one = all.next().filter(|_| all.next().is_none())?;
        later.iter().position(|l| l.key == one.key)
    };
    by_name().or_else(by_state).or_else(by_days)
}

/// What the rows of a participant have in common.
pub(crate) struct Spell<'a> {
    pub id: &'a str,
    pub title: Option<&'a str>,
    /// The day of the last list that names it.
    pub last: Date,
    /// The day of a list that names it no longer.
    pub left_by: Option<Date>,
    /// Whether that list is older than what the source is about: it says nothing of later years.
    pub older: bool,
}

impl Spell<'_> {
    /// The rows of a participant: as a signatory until it is bound, as a party since then.
    pub fn write(&self, listed: &Listed, out: &mut Output) {
        let signed = listed.signed.filter(|s| listed.bound.is_none_or(|b| *s < b));
        if let Some(signed) = signed {
            let end = listed.bound.and_then(|b| b.yesterday().ok());
            self.run(listed, "signatory", Some(signed), end, out);
        }
        if listed.bound.is_some() || listed.undated {
            self.run(listed, "party", listed.bound, None, out);
        }
        if signed.is_none() && listed.bound.is_none() && !listed.undated {
            self.run(listed, "signatory", None, None, out);
        }
    }

    /// The row of a party that is only a signatory again, at some time after a day.
    pub fn again_signatory(&self, listed: &Listed, after: Date, out: &mut Output) {
        let signed = Listed { signed: listed.signed, ..listed.clone() };
        let key = format!("{} again=signatory", listed.key);
        self.run(&Listed { key, ..signed }, "signatory", Some(self.last.max(after)), None, out);
    }

    /// One spell, a row for each state that the participant was in it.
    fn run(
        &self,
        listed: &Listed,
        status: &'static str,
        start: Option<Date>,
        end: Option<Date>,
        out: &mut Output,
    ) {
        let newest = i32::from(self.last.year());
        let closed = end.is_some() || self.left_by.is_some() || self.older;
        let from = start.map(|s| i32::from(s.year()));
        let to = end.map_or(newest, |e| i32::from(e.year()));
        let runs = states(&listed.name, (from.unwrap_or(to), to), out.places());
        let last_run = runs.len().saturating_sub(1);
        for (at, (ccode, first, last)) in runs.into_iter().enumerate() {
            if ccode.is_none() {
                out.unplaced("treaty_participation", "participant", &listed.name);
            }
            let ends = (at < last_run || closed).then_some(last);
            let mut key = format!("{} status={status}", listed.key);
            if at > 0 {
                key = format!("{key} from={first}");
            }
            let bound = status == "party";
            let cells: [(&str, Value); 14] = [
                ("treaty_id", self.id.into()),
                ("treaty", self.title.into()),
                ("ccode", ccode.into()),
                ("participant", listed.name.as_str().into()),
                ("status", status.into()),
                ("act", listed.act.filter(|_| bound).map(Act::word).into()),
                ("signed", listed.signed.into()),
                ("in_force", listed.in_force.filter(|_| bound).into()),
                ("last_listed", self.last.into()),
                ("left_by", self.left_by.into()),
                ("start", start.filter(|_| at == 0).into()),
                ("start_year", (start.is_some() || at > 0).then_some(first).into()),
                ("end", end.filter(|_| at == last_run).into()),
                ("end_year", ends.into()),
            ];
            out.push("treaty_participation", &cells, key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_acts_are_read_by_what_the_header_explains() {
        let day = |y, m, d| Date::constant(y, m, d);
        assert_eq!(day_and_letters("24 Sep 2003 a"), Some((day(2003, 9, 24), "a")));
        assert_eq!(day_and_letters("9 Jan 2012"), Some((day(2012, 1, 9), "")));
        for cell in ["31 Feb 2003", "Sep 2003", "24 Sep 2003 a b", "soon"] {
            assert_eq!(day_and_letters(cell), None, "{cell}");
        }
        let both = "ratification,_accession(a),_acceptance(a),_succession(d)";
        assert_eq!(Act::of_letters("", both), Some(Some(Act::Ratification)));
        assert_eq!(Act::of_letters("a", both), Some(Some(Act::Accession)));
        assert_eq!(Act::of_letters("A", both), Some(Some(Act::Acceptance)));
        assert_eq!(Act::of_letters("P", both), None);
        assert_eq!(Act::of_letters("", "acceptance(a)"), Some(None));
        assert_eq!(Act::named("Succession"), Ok(Act::Succession));
        assert!(Act::named("Denunciation").is_err());
    }

    #[test]
    fn no_list_holds_a_state_that_had_ended() {
        let ended = in_no_list(&Places::starter(), (1945, 2015));
        assert_eq!(ended.into_iter().collect::<Vec<_>>(), [265, 315, 511, 678, 680, 817]);
    }

    #[test]
    fn names_lose_their_style_where_it_adds_nothing() {
        for (name, short) in [
            ("Netherlands (Kingdom of the)", Some("Netherlands")),
            ("Bahamas (The)", Some("Bahamas")),
            ("Bahrain, Kingdom of", Some("Bahrain")),
            ("Moldova, Republic of", Some("Moldova")),
            ("Korea, Republic of", None),
            ("Congo (Democratic Republic of the)", None),
            ("Netherlands, Kingdom of, with respect to Aruba", None),
            ("Hong Kong, China", None),
            ("France", None),
        ] {
            assert_eq!(short_name(name), short, "{name}");
        }
        let places = Places::starter();
        let of = |name: &str, span| states(name, span, &places);
        assert_eq!(of("Bahrain, Kingdom of", (1995, 1996)), [(Some(692), 1995, 1996)]);
        assert_eq!(of("Hong Kong, China", (1995, 1996)), [(None, 1995, 1996)]);
        assert_eq!(of("Congo", (2000, 2000)), [(Some(484), 2000, 2000)]);
        assert_eq!(of("Democratic Republic of the Congo", (2000, 2000)), [(Some(490), 2000, 2000)]);
        assert_eq!(of("Germany", (1975, 1991)), [(Some(260), 1975, 1989), (Some(255), 1990, 1991)]);
        assert_eq!(of("Germany", (1954, 1955)), [(None, 1954, 1954), (Some(260), 1955, 1955)]);
        // Estonia was no state of the system for half a century.
        assert_eq!(of("Estonia", (1990, 1992)), [(None, 1990, 1990), (Some(366), 1991, 1992)]);
    }
}
