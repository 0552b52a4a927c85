//! Pages that publishers have about single events of their datasets: a conflict, a treaty, a roll call, a document of the United Nations.

use comity_record::catalogue::Place;

/// The page of the event that a row is of.
pub(crate) fn of(place: &Place<'_>) -> Option<String> {
    match place.dataset {
        "ucdp-acd" | "ucdp-dyadic" | "ucdp-esd" | "starter-conflicts" => {
            let id = value(place, "conflict_id").filter(|id| is_number(id))?;
            Some(format!("https://ucdp.uu.se/conflict/{id}"))
        }
        "un-treaties" => treaty(place.key.split(' ').next()?),
        "un-vetoes" | "starter-vetoes" => document(&value(place, "draft")?),
        "un-library-votes" | "un-council-votes" => {
            let record = value(place, "record").filter(|id| is_number(id))?;
            Some(format!("https://digitallibrary.un.org/record/{record}"))
        }
        _ => None,
    }
    .or_else(|| place.key.split([' ', ';', ',']).find_map(document))
}

/// A value of the row: from its columns, else from its key (`conflict_id=232 year=1949`).
fn value(place: &Place<'_>, name: &str) -> Option<String> {
    let in_key = || {
        let words = place.key.split(' ').filter_map(|word| word.split_once('='));
        words.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    };
    (place.column)(name).or_else(in_key)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A treaty by its number in the United Nations Treaty Collection: `XXVI-3` is the third of chapter 26.
fn treaty(number: &str) -> Option<String> {
    let (chapter, nth) = number.split_once('-')?;
    let fine = nth.split('-').all(|part| {
        !part.is_empty() && part.len() < 4 && part.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let chapter = roman(chapter).filter(|_| fine)?;
    Some(format!(
        "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no={number}&chapter={chapter}&clang=_en"
    ))
}

fn roman(text: &str) -> Option<u32> {
    let digit = |c| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let digits: Vec<u32> = text.chars().map(digit).collect::<Option<_>>()?;
    let of = |(at, value): (usize, &u32)| {
        let before_a_greater = digits.get(at + 1).is_some_and(|next| next > value);
        if before_a_greater { -i64::from(*value) } else { i64::from(*value) }
    };
    let sum: i64 = digits.iter().enumerate().map(of).sum();
    u32::try_from(sum).ok().filter(|n| *n > 0)
}

/// A document of the United Nations by its symbol: `S/2012/538`, `S/RES/2085(2012)`, `A/51/137`. A resolution of the Council has its
/// year in the symbol; without it there is no address.
fn document(symbol: &str) -> Option<String> {
    let symbol = symbol.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != ')');
    let rest = symbol.strip_prefix("S/").or_else(|| symbol.strip_prefix("A/"))?;
    let fine = rest.len() < 40
        && rest.bytes().any(|b| b.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.()-".contains(&b))
        && rest.matches('(').count() == rest.matches(')').count();
    let dated = !symbol.starts_with("S/RES/") || symbol.ends_with(')');
    (fine && dated).then(|| format!("https://undocs.org/{symbol}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(dataset: &str, key: &str) -> Option<String> {
        of(&Place { dataset, key, column: &|_| None })
    }

    #[test]
    fn each_kind_of_event_has_its_page() {
        let is = |dataset, key, url: &str| assert_eq!(page(dataset, key).as_deref(), Some(url));
        is("ucdp-acd", "conflict_id=998 year=1801", "https://ucdp.uu.se/conflict/998");
        is(
            "un-treaties",
            "XXVI-3 710",
            "https://treaties.un.org/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no=XXVI-3&chapter=26&clang=_en",
        );
        is("un-vetoes", "draft=S/1801/7 member_veto1=X", "https://undocs.org/S/1801/7");
        is("", "S/RES/83(1950)", "https://undocs.org/S/RES/83(1950)");
        is(
            "starter-treaties",
            "pacts.csv:a-1996 ; A/51/137 (Somewhere, 26 April)",
            "https://undocs.org/A/51/137",
        );
        let column = |name: &str| (name == "conflict_id").then(|| "77".to_owned());
        let place = Place { dataset: "ucdp-esd", key: "id=5 ext_name=S/he", column: &column };
        assert_eq!(of(&place).as_deref(), Some("https://ucdp.uu.se/conflict/77"));
    }

    #[test]
    fn what_is_not_sure_has_none() {
        for (dataset, key) in [
            ("ucdp-acd", "conflict_id=1x year=1801"),
            ("un-treaties", "WIPO-15 710"),
            ("", "S/RES/83"),
            ("", "A/<script>1"),
            ("cow-mid", "dispnum=634 ccode=710 styear=1949"),
        ] {
            assert_eq!(page(dataset, key), None, "{key}");
        }
    }

    #[test]
    fn chapters_are_counted() {
        for (text, number) in [("IV", 4), ("XXI", 21), ("XIX", 19), ("XXVII", 27)] {
            assert_eq!(roman(text), Some(number));
        }
        assert_eq!(roman("B"), None);
        assert_eq!(roman(""), None);
    }
}
