//! BibTeX of sources: one entry for each work that a citation names, of the type that the work is.
//!
//! A citation is written as the field writes them: `Last, First, First Last and First Last. 2020. Title. Journal 12(3): 1-20`, several works
//! divided by semicolons. Where it does not follow that, the entry has it whole, as a note.

use std::fmt::Write as _;

use comity_record::Source;
use comity_record::foreign::is_obeyed;

/// The entries of a source: the first has its id as key, and says which data are meant.
pub fn entries(out: &mut String, source: &Source) {
    let works: Vec<Work<'_>> =
        split(&source.citation).into_iter().map(|work| Work::of(work, &source.publisher)).collect();
    let Some((first, further)) = works.split_first() else { return };
    // What names no author and no title is no work of its own: it is said of the data.
    let remarks: Vec<&str> = further.iter().filter_map(|work| work.whole).collect();
    entry(out, &key(&source.id), first, Some((source, &remarks)));
    for (nth, work) in further.iter().filter(|work| work.whole.is_none()).enumerate() {
        entry(out, &format!("{}-{}", key(&source.id), nth + 2), work, None);
    }
}

/// The entry of a work that is cited so.
pub fn of_citation(key: &str, citation: &str) -> String {
    let mut out = String::new();
    entry(&mut out, key, &Work::of(citation, ""), None);
    out
}

/// The works of a citation. A semicolon divides them where a name or a title begins behind it.
fn split(citation: &str) -> Vec<&str> {
    let works: Vec<&str> = citation.split("; ").map(str::trim).filter(|w| !w.is_empty()).collect();
    if works.is_empty() { vec![citation.trim()] } else { works }
}

/// A work that is cited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Work<'a> {
    authors: Vec<Author<'a>>,
    year: &'a str,
    title: &'a str,
    place: Place<'a>,
    doi: &'a str,
    /// The work as it is cited, where some of it is in no field.
    whole: Option<&'a str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Author<'a> {
    /// Last name, and what stands before it with a suffix.
    Person {
        last: &'a str,
        suffix: &'a str,
        first: String,
    },
    /// An office, project or firm.
    Corporate(&'a str),
    Others,
}

/// Where a work was published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Place<'a> {
    Journal {
        name: &'a str,
        volume: &'a str,
        number: &'a str,
        pages: &'a str,
    },
    Book {
        address: &'a str,
        publisher: &'a str,
    },
    Chapter {
        book: &'a str,
        editor: &'a str,
        address: &'a str,
        publisher: &'a str,
    },
    Published(&'a str),
    #[default]
    Nowhere,
}

impl<'a> Work<'a> {
    /// A work of a source of this publisher.
    fn of(text: &'a str, publisher: &str) -> Self {
        let text = text.trim().trim_end_matches('.');
        let Some((authors, year, rest)) = dated(text).or_else(|| undated(text, publisher)) else {
            return Self { title: "", whole: Some(text), ..Self::default() };
        };
        let (rest, doi) = match rest.split_once("doi:") {
            Some((rest, doi)) => (rest.trim_end_matches([',', ' ', '.']), doi.trim()),
            None => (rest, ""),
        };
        let parts = sentences(rest);
        let (title, place) = match &parts[..] {
            [] => ("", Place::Nowhere),
            // A journal alone: the article has no title here.
            [only] if journal(only).is_some() => ("", journal(only).unwrap_or_default()),
            [title] => (*title, Place::Nowhere),
            [title, places @ ..] => (*title, place(rest, title, places)),
        };
        let is_office = year.is_empty() && is_of(authors, publisher);
        let authors = match authors {
            office if is_office => vec![Author::Corporate(office)],
            persons => self::authors(persons),
        };
        Self { authors, year, title, place, doi, whole: None }
    }
}

/// Who is named before the first year of a citation, that year, and what follows.
fn dated(text: &str) -> Option<(&str, &str, &str)> {
    let is_year = |at: usize| {
        let year = text.get(at..at + 4)?;
        let four = year.bytes().all(|b| b.is_ascii_digit()) && year.starts_with(['1', '2']);
        let before = text[..at].chars().next_back().is_none_or(|c| c == ' ' || c == '(');
        let after = text[at + 4..].chars().next().is_none_or(|c| ".,)-– ".contains(c));
        (four && before && after).then_some(year)
    };
    let mut starts = text.char_indices().map(|(at, _)| at);
    let (at, year) = starts.find_map(|at| Some((at, is_year(at)?)))?;
    let authors = text[..at].trim_end_matches([' ', '(', ',']);
    let authors = authors.strip_suffix('.').filter(|a| !ends_in_initial(a)).unwrap_or(authors);
    let rest = text[at + 4..].trim_start_matches(['.', ',', ')', '-', '–', ' ']);
    // A title before the year is no name.
    let named = !authors.is_empty()
        && !authors.contains(['"', '“', ':', '/'])
        && !authors.starts_with(char::is_lowercase);
    named.then_some((authors, year, rest))
}

/// Who is named at the beginning of a citation without a year, and what follows: a person by the last name, or the publisher.
fn undated<'a>(text: &'a str, publisher: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, after) = text.split_once(". ")?;
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || "-'’".contains(c))
    };
    if is_of(before, publisher) {
        return Some((before, "", after));
    }
    let (last, first) = text.split_once(", ")?;
    let named = first.split(' ').next().unwrap_or("");
    if !is_name(last) || !is_name(named.trim_end_matches('.')) {
        return None;
    }
    // `Last, First M. title`: the initials behind a first name end the name.
    let mut end = last.len() + ", ".len() + named.len();
    let mut initials = 0;
    for word in first[named.len()..].split(' ').skip(1) {
        let initial = word.strip_suffix('.').is_some_and(|w| w.chars().count() == 1 && is_name(w));
        if !initial {
            break;
        }
        initials += 1;
        end += 1 + word.len();
    }
    if initials > 0 && text[end..].starts_with(' ') {
        return Some((&text[..end], "", text[end..].trim_start()));
    }
    let plain = before
        .trim_end_matches(" and others")
        .split([',', ' '])
        .all(|word| word.is_empty() || is_name(word) || word == "and");
    plain.then_some((before, "", after))
}

/// Whether an office is the publisher, however that is written: the words of one are among those of the other.
fn is_of(office: &str, publisher: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (office, publisher) = (words(office), words(publisher));
    !office.is_empty() && office.iter().all(|word| publisher.contains(word))
}

/// Whether a text ends with an initial, or an abbreviation of a name: its full stop belongs to it.
fn ends_in_initial(text: &str) -> bool {
    let last = text.rsplit([' ', '.']).next().unwrap_or(text);
    (last.chars().count() == 1 && last.starts_with(char::is_uppercase)) || last == "Jr"
}

/// The sentences of a text. An initial or an abbreviation ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest[from..].find(['.', '?']).map(|at| at + from) {
        let next = rest[at + 1..].chars().next();
        let question = rest[at..].starts_with('?');
        let short = ["ed", "eds", "vs", "St", "no"]
            .iter()
            .any(|w| rest[..at].strip_suffix(w).is_some_and(|b| b.ends_with([' ', '('])));
        if next.is_some_and(|c| c != ' ') || ends_in_initial(&rest[..at]) && !question || short {
            from = at + 1;
            continue;
        }
        let end = at + usize::from(question);
        parts.push(rest[..end].trim());
        rest = rest[at + 1..].trim_start();
        from = 0;
    }
    if !rest.trim().is_empty() {
        parts.push(rest.trim());
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// `Journal 12(3): 1-20`, with less of that too; none where no volume is there.
fn journal(text: &str) -> Option<Place<'_>> {
    let (named, pages) = match text.split_once(": ") {
        Some((named, pages)) if pages.starts_with(|c: char| c.is_ascii_digit()) => (named, pages),
        Some(_) => return None,
        None => (text, ""),
    };
    let (name, issue) = named.rsplit_once(' ')?;
    let (volume, number) = match issue.split_once('(') {
        Some((volume, number)) => (volume, number.strip_suffix(')')?),
        None => (issue, ""),
    };
    let whole = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let named = name.starts_with(char::is_uppercase) && whole(volume);
    named.then_some(Place::Journal { name, volume, number, pages })
}

/// Where the work of that title was published.
fn place<'a>(rest: &'a str, title: &str, parts: &[&'a str]) -> Place<'a> {
    let last = parts[parts.len() - 1];
    if let Some(journal) = journal(last) {
        return journal;
    }
    let book = |text: &'a str| match text.split_once(": ") {
        Some((address, publisher)) => (address, publisher),
        None => ("", text),
    };
    if let Some(inside) = parts[0].strip_prefix("In ") {
        let (name, editor) = inside.split_once(", ed. ").unwrap_or((inside, ""));
        let (address, publisher) = if parts.len() > 1 { book(last) } else { ("", "") };
        return Place::Chapter { book: name, editor, address, publisher };
    }
    let (address, publisher) = book(last);
    let presses = ["Press", "Books", "Springer", "Sage", "University", "Foundation"];
    if !address.is_empty() || presses.iter().any(|press| publisher.contains(press)) {
        return Place::Book { address, publisher };
    }
    // Everything behind the title, as it stands.
    let from = rest.find(title).map_or(0, |at| at + title.len());
    Place::Published(rest[from..].trim_start_matches(['.', '?', ' ']).trim())
}

/// The names before the year: the first with its last name first, the others as they are spoken; without a comma, offices and projects.
fn authors(text: &str) -> Vec<Author<'_>> {
    let text = text.strip_suffix(" et al").map_or((text, false), |t| (t, true));
    let (text, others) = match text.0.strip_suffix(" and others") {
        Some(named) => (named, true),
        None => text,
    };
    let mut made = if text.contains(", ") { persons(text) } else { offices(text, others) };
    if others {
        made.push(Author::Others);
    }
    made
}

fn offices(text: &str, others: bool) -> Vec<Author<'_>> {
    // `Leeds et al.`: one last name alone.
    if others {
        return vec![Author::Person { last: text, suffix: "", first: String::new() }];
    }
    text.split(" and ").map(Author::Corporate).collect()
}

fn persons(text: &str) -> Vec<Author<'_>> {
    let mut names: Vec<&str> = Vec::new();
    let mut parts = text.split(", ").flat_map(|part| part.split(" and ")).map(str::trim);
    let (Some(last), first) = (parts.next(), parts.next()) else { return Vec::new() };
    let mut made = Vec::new();
    // `Gibler, Miller and Little`: last names alone, of which none is a first name.
    let all: Vec<&str> = parts.collect();
    let is_suffix = |name: &str| ["Jr", "Jr.", "Sr.", "II", "III"].contains(&name);
    let spoken = all.iter().any(|name| name.contains(' ')) || all.is_empty();
    if !spoken {
        names.extend([last]);
        names.extend(first);
        names.extend(all);
        return names
            .into_iter()
            .map(|last| Author::Person { last, suffix: "", first: String::new() })
            .collect();
    }
    made.push(Author::Person { last, suffix: "", first: first.unwrap_or("").to_owned() });
    for name in all.into_iter().filter(|name| !name.is_empty()) {
        if is_suffix(name) {
            if let Some(Author::Person { suffix, .. }) = made.last_mut() {
                *suffix = name;
            }
            continue;
        }
        names.clear();
        names.extend(name.split(' '));
        let suffix = names.pop_if(|last| is_suffix(last)).unwrap_or("");
        let last = names.pop().unwrap_or(name);
        made.push(Author::Person { last, suffix, first: names.join(" ") });
    }
    made
}

impl std::fmt::Display for Author<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Others => f.write_str("others"),
            // In braces of its own, so that it is not taken apart.
            Self::Corporate(name) => write!(f, "{{{}}}", escaped(name)),
            Self::Person { last, suffix, first } => {
                let parts = [*last, *suffix, first.as_str()];
                let there: Vec<String> =
                    parts.iter().filter(|p| !p.is_empty()).map(|p| escaped(p)).collect();
                f.write_str(&there.join(", "))
            }
        }
    }
}

/// Writes one entry.
fn entry(out: &mut String, key: &str, work: &Work<'_>, data: Option<(&Source, &[&str])>) {
    let (data, remarks) = data.map_or((None, &[][..]), |(source, remarks)| (Some(source), remarks));
    let kind = match work.place {
        Place::Journal { .. } => "article",
        Place::Book { .. } => "book",
        Place::Chapter { .. } => "incollection",
        Place::Published(_) | Place::Nowhere => "misc",
    };
    let _ = writeln!(out, "@{kind}{{{key},");
    let mut authors: Vec<String> = work.authors.iter().map(Author::to_string).collect();
    let mut year = work.year;
    // Data whose citation names nobody are their publisher's, of the year of the version where that is one.
    if let (true, Some(source)) = (work.whole.is_some(), data) {
        let office = source.publisher.split(" (").next().unwrap_or_default();
        if !office.is_empty() && !carried(&source.publisher) {
            authors.push(Author::Corporate(office).to_string());
        }
        year = year_of(&source.version);
    }
    let mut raw = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "  {name} = {{{text}}},");
        }
    };
    raw("author", &authors.join(" and "));
    raw("year", &escaped(year));
    let title = match (work.title, data) {
        ("", Some(source)) => source.title.as_str(),
        (title, _) => title,
    };
    // In braces twice: capitals stay as they are.
    if !title.is_empty() {
        raw("title", &format!("{{{}}}", escaped(title)));
    }
    let mut field = |name: &str, text: &str| raw(name, &escaped(text));
    match &work.place {
        Place::Journal { name, volume, number, pages } => {
            field("journal", name);
            field("volume", volume);
            field("number", number);
            field("pages", &pages.replace(['-', '–'], "--"));
        }
        Place::Book { address, publisher } => {
            field("publisher", publisher);
            field("address", address);
        }
        Place::Chapter { book, editor, address, publisher } => {
            field("booktitle", book);
            field("editor", editor);
            field("publisher", publisher);
            field("address", address);
        }
        Place::Published(how) => field("howpublished", how),
        Place::Nowhere => {}
    }
    field("doi", work.doi);
    if let Some(source) = data {
        let mut note = format!("Data: {}", source.title);
        if !source.version.is_empty() {
            note += &format!(", version {}", source.version);
        }
        match &source.publisher {
            none if none.is_empty() => {}
            carried if self::carried(carried) => note += &format!(", {carried}"),
            publisher => note += &format!(", published by {publisher}"),
        }
        note += &work.whole.map(|whole| format!(". {whole}")).unwrap_or_default();
        for said in remarks {
            note += &format!("; {said}");
        }
        field("note", &note);
        field("annotation", &source.licence);
        field("url", &source.url);
        field("urldate", &source.added);
    } else if let Some(whole) = work.whole {
        field("note", whole);
    }
    out.push_str("}\n\n");
}

/// Whether what stands for the publisher says from where a copy is, and not who published it.
fn carried(publisher: &str) -> bool {
    publisher.starts_with(char::is_lowercase)
}

/// The year that a version begins with: `2025-01`, `2024`; none of one that is a number or a span of years.
fn year_of(version: &str) -> &str {
    let (year, rest) = version.split_at_checked(4).unwrap_or_default();
    let is_year = year.bytes().all(|b| b.is_ascii_digit()) && year.starts_with(['1', '2']);
    let month = rest.strip_prefix('-').and_then(|r| r.get(..2)).and_then(|m| m.parse::<u8>().ok());
    let dated = rest.is_empty() || rest.len() != 5 && month.is_some_and(|m| (1..=12).contains(&m));
    if is_year && dated { year } else { "" }
}

/// A key in letters, digits and hyphens.
fn key(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Text in which no sign ends the field or starts a command.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' => {}
            '\\' => out.push(' '),
            '%' | '&' | '#' | '$' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c if is_obeyed(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(work: &str) -> String {
        let mut out = String::new();
        entry(&mut out, "k", &Work::of(work, "Hills Office, River Bank"), None);
        out
    }

    #[test]
    fn works_are_what_they_are_and_names_are_persons() {
        let article = written(
            "Doe, Ann B., Juan P. de Souza, Charles E. Poe, Jr. and Tom Roe II. 2020. On Rivers? A View. Review of Rivers 12(3): 1-20.",
        );
        for line in [
            "@article{k,",
            "  author = {Doe, Ann B. and Souza, Juan P. de and Poe, Jr., Charles E. and Roe, II, Tom},",
            "  year = {2020},",
            "  journal = {Review of Rivers},",
            "  volume = {12},",
            "  number = {3},",
            "  pages = {1--20},",
        ] {
            assert!(article.contains(line), "{line}: {article}");
        }
        let book = written("Doe, Ann. 2010. Resorts, 1816-2007. Washington: River Press");
        assert!(book.starts_with("@book{k,\n  author = {Doe, Ann},\n  year = {2010},\n  title = {{Resorts, 1816-2007}},\n  publisher = {River Press},\n  address = {Washington},"), "{book}");
        let office =
            written("River Project & Bank. 2017. State List, v2016. https://rivers.example");
        assert!(office.contains("@misc{k,\n  author = {{River Project \\& Bank}},"), "{office}");
        assert!(office.contains("howpublished = {https://rivers.example}"), "{office}");
        let chapter = written(
            "Doe, Ann and Bo Roe. 1972. Shares. In Peace and Numbers, ed. Cy Poe. Hills: Sage",
        );
        assert!(chapter.contains("@incollection{k,") && chapter.contains("booktitle = {Peace and Numbers},\n  editor = {Cy Poe},\n  publisher = {Sage},\n  address = {Hills}"), "{chapter}");
        let doi = written("Doe, Ann. 2009-. Votes. Dataverse, doi:10.1/AB");
        assert!(
            doi.contains("howpublished = {Dataverse}") && doi.contains("doi = {10.1/AB}"),
            "{doi}"
        );
        let untitled = written("Doe, Ann and Bo Roe. 2025. Journal of Rivers 62(4)");
        assert!(untitled.contains("@article{k,") && !untitled.contains("title = {{"), "{untitled}");
        let lasts = written("Doe, Roe and Poe. 2016. Title");
        assert!(lasts.contains("author = {Doe and Roe and Poe}"), "{lasts}");
        assert!(written("Doe et al. (2002) Title").contains("author = {Doe and others}"));
        let nobody = written("Lake Bank. World Indicators. Hills");
        assert!(
            nobody.contains("@misc{k,\n  note = {Lake Bank. World Indicators. Hills}"),
            "{nobody}"
        );
    }

    #[test]
    fn a_work_without_a_year_has_its_author() {
        for (work, author, title) in [
            ("River Bank. World Indicators. Hills", "{River Bank}", "World Indicators"),
            (
                "River Bank, Hills Office. Votes. https://x.example",
                "{River Bank, Hills Office}",
                "Votes",
            ),
            ("Doe, Ann and others. Rivers Dataset", "Doe, Ann and others", "Rivers Dataset"),
            ("Doe, Ann B. {rivers}: Data for Rivers", "Doe, Ann B.", "rivers: Data for Rivers"),
            ("Doe, Ann and Bo Roe. Rivers", "Doe, Ann and Roe, Bo", "Rivers"),
        ] {
            let made = written(work);
            assert!(made.contains(&format!("  author = {{{author}}},")), "{made}");
            assert!(made.contains(title) && !made.contains("year ="), "{made}");
        }
        for whole in [
            "dates from acts of independence, treaties and admissions. Rows",
            "Starter record: votes. Rows",
        ] {
            assert!(!written(whole).contains("author"), "{whole}");
        }
    }

    #[test]
    fn data_have_an_author_a_title_and_a_year_and_remarks_are_no_works() {
        let made = |publisher: &str, version: &str, citation: &str| {
            let mut out = String::new();
            let source = Source {
                id: "lake-1".into(),
                title: "Lakes".into(),
                publisher: publisher.into(),
                version: version.into(),
                citation: citation.into(),
                ..Source::default()
            };
            entries(&mut out, &source);
            out
        };
        let office = made("Lake Bank (Hills)", "2025-01", "Database of lakes. Lake Bank");
        assert!(
            office.starts_with(
                "@misc{lake-1,\n  author = {{Lake Bank}},\n  year = {2025},\n  title = {{Lakes}},"
            ),
            "{office}"
        );
        let remarks = made("Lake Bank", "2026", "starter: acts of states; and three takings");
        assert_eq!(remarks.matches('@').count(), 1, "{remarks}");
        assert!(remarks.contains("starter: acts of states; and three takings}"), "{remarks}");
        let two = made(
            "Lake Bank",
            "3",
            "Doe, Ann. 2010. Lakes. Hills: Sage; Roe, Bo. 2011. More. Hills: Sage",
        );
        assert!(two.contains("@book{lake-1-2,\n  author = {Roe, Bo},"), "{two}");
        let copy = made("as carried by B. Roe", "2024-05", "lakes, in Roe's list");
        assert!(
            !copy.contains("published by as")
                && copy.contains("version 2024-05, as carried by B. Roe"),
            "{copy}"
        );
        for (version, year) in [
            ("2025-01", "2025"),
            ("2026", "2026"),
            ("1945-2025", ""),
            ("4.1", ""),
            ("2013-2020", ""),
            ("", ""),
        ] {
            assert_eq!(year_of(version), year, "{version}");
        }
    }

    #[test]
    fn no_sign_of_a_citation_breaks_the_entry() {
        assert_eq!(escaped("A & B {x} 5 % \\input"), "A \\& B x 5 \\%  input");
        assert_eq!(key("cow-mid-5.0"), "cow-mid-5-0");
        for text in ["", ". 2020", "2020", ", , , 2020. .", "A, 1999", "é 1999. ü. In , ed. . :"]
        {
            let made = written(text);
            assert_eq!(made.matches('{').count(), made.matches('}').count(), "{made}");
        }
    }
}
