//! Names of states however they are typed.

/// Names that stand for one of several states, depending on the date.
pub(crate) const DIVIDED: &[(&str, &[i32])] = &[
    ("germany", &[255, 260, 265]),
    ("korea", &[730, 731, 732]),
    ("vietnam", &[816, 817]),
    ("viet nam", &[816, 817]),
    ("yemen", &[678, 679, 680]),
    ("congo", &[484, 490]),
];

/// A name that lists of countries turn round (`Korea, South`, `Venezuela (Bolivarian Republic of)`) as it is said, folded; none where
/// it is not turned.
pub fn turned(name: &str) -> Option<String> {
    let (last, first) = name.split_once(',').or_else(|| name.split_once('('))?;
    Some(fold(&format!("{first} {last}")))
}

/// What is left of a formal name without the form of the state: of `Estonia, Rep. of` and `Kingdom of Denmark`, `Estonia` and `Denmark`.
/// None of one that is not formal, and of those whose form says which of several states it is.
pub fn formal(name: &str) -> Option<String> {
    const FORMS: [&str; 13] = [
        "republic",
        "kingdom",
        "union",
        "principality",
        "commonwealth",
        "sultanate",
        "islamic",
        "democratic",
        "federal",
        "peoples",
        "state",
        "united",
        "arab",
    ];
    const OF_A_STATE: [&str; 6] =
        ["republic", "kingdom", "union", "principality", "commonwealth", "sultanate"];
    let is_form = |form: &str| {
        let words: Vec<&str> = form.split(' ').collect();
        words.iter().all(|word| FORMS.contains(word))
            && (OF_A_STATE.contains(words.last().unwrap_or(&"")) || form == "state")
    };
    let (plain, form) = match name.split_once(',') {
        Some((plain, form)) => (fold(plain), fold(form)),
        None => {
            let (form, plain) = name.split_once(" of ")?;
            // `Islamic State of …` is said of others than states.
            (fold(plain), Some(fold(form)).filter(|form| form != "state")?)
        }
    };
    let several = DIVIDED.iter().any(|(divided, _)| *divided == plain) || plain == "china";
    (!plain.is_empty() && !several && is_form(&form)).then_some(plain)
}

/// The two names of `Slovak Republic (Slovakia)`.
pub(crate) fn both(name: &str) -> Option<(String, String)> {
    let (first, second) = name.split_once('(')?;
    Some((fold(first), fold(second.trim().strip_suffix(')')?)))
}

/// Lower case, without diacritics, punctuation, "the" and "of", short words written out: what is left of a name however it is typed.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase).take(200) {
        match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ē' => out.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' | 'ī' => out.push('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' => out.push('o'),
            'ú' | 'ù' | 'û' | 'ü' | 'ū' => out.push('u'),
            'ç' | 'č' | 'ć' => out.push('c'),
            'ñ' => out.push('n'),
            'š' | 'ş' => out.push('s'),
            'ž' => out.push('z'),
            'ğ' => out.push('g'),
            'ß' => out.push_str("ss"),
            '&' => out.push_str(" and "),
            '\'' | '’' | '‘' | '`' | '´' | '.' | '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => out.push(c),
            _ => out.push(' '),
        }
    }
    // `Côte d Ivoire`, where the apostrophe was lost.
    let out = out.replace(" d ivoire", " divoire");
    let words = out.split_whitespace().filter(|w| !matches!(*w, "the" | "of"));
    let whole = |word| match word {
        "st" => "saint",
        "rep" => "republic",
        "dem" => "democratic",
        "fed" => "federal",
        "utd" => "united",
        word => word,
    };
    words.map(whole).collect::<Vec<&str>>().join(" ")
}
