//! How people put an act: templates of words and slots, and sentences matched with them.

use std::collections::BTreeMap;

/// One place of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// One of these words; nothing where it may be left out.
    Words(Vec<String>, bool),
    /// A slot; nothing where it may be left out.
    Slot(String, bool),
}

/// A way to put an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
    /// Whether it says the opposite: a share that is cut.
    pub negative: bool,
}

/// Articles, which say nothing.
const ARTICLES: [&str; 5] = ["a", "an", "the", "its", "their"];

/// Words that say little about which act is meant.
const SMALL: [&str; 12] =
    ["to", "in", "on", "of", "from", "with", "for", "by", "against", "and", "at", "be"];

/// Other spellings of the words of the vocabulary.
const SPELLINGS: [(&str, &str); 14] = [
    ("defence", "defense"),
    ("defensive", "defense"),
    ("offence", "offense"),
    ("offensive", "offense"),
    ("non-aggression", "nonaggression"),
    ("neutral", "neutrality"),
    ("consultative", "consultation"),
    ("negotiations", "negotiation"),
    ("arbitrate", "arbitration"),
    ("mediate", "mediation"),
    ("court", "adjudication"),
    ("icj", "adjudication"),
    ("economic", "trade"),
    ("embargo", "trade"),
];

/// A word as the vocabulary has it.
pub(crate) fn spelled(word: &str) -> String {
    let word = word.to_lowercase();
    let known = SPELLINGS.iter().find(|(other, _)| *other == word);
    known.map_or(word, |(_, ours)| (*ours).to_owned())
}

/// Words of a sentence, as typed.
pub(crate) fn words(sentence: &str) -> Vec<String> {
    let split = sentence.replace(['%', ','], " ");
    // A share keeps its sign, as a word of its own that says so.
    let percent = sentence.contains('%');
    let mut words: Vec<String> = split.split_whitespace().map(str::to_owned).collect();
    if percent {
        let at = sentence.split_whitespace().position(|w| w.contains('%')).unwrap_or(0);
        let number = sentence
            .split_whitespace()
            .take(at + 1)
            .collect::<Vec<_>>()
            .join(" ")
            .replace(['%', ','], " ");
        let place = number.split_whitespace().count();
        words.insert(place.min(words.len()), "%".into());
    }
    words
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, String> {
        let negative = text.starts_with('-');
        let text = text.trim_start_matches('-');
        let mut parts = Vec::new();
        let mut open = false;
        for word in text.split_whitespace() {
            open |= word.starts_with('[');
            let bare = word.trim_matches(['[', ']']);
            match bare.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
                Some(slot) => parts.push(Part::Slot(slot.into(), open)),
                None if bare.contains(['{', '}', '[', ']']) => {
                    return Err(format!("`{text}` cannot be read at `{word}`"));
                }
                None => parts.push(Part::Words(bare.split('|').map(spelled).collect(), open)),
            }
            open &= !word.ends_with(']');
        }
        if open || parts.is_empty() {
            return Err(format!("`{text}` has a bracket that is not closed, or says nothing"));
        }
        Ok(Self { parts, negative })
    }

    /// Names of its slots.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|p| match p {
            Part::Slot(name, _) => Some(name.as_str()),
            Part::Words(..) => None,
        })
    }

    /// What its slots hold in a sentence, if it is put in this way. Of several readings the one whose first slots are shortest.
    pub fn matched(
        &self,
        words: &[String],
        fits: &dyn Fn(&str, &str) -> bool,
    ) -> Option<BTreeMap<String, String>> {
        let mut held = BTreeMap::new();
        matched(&self.parts, words, fits, &mut held).then_some(held)
    }

    /// The shortest way to put it, with its slots in angle brackets.
    pub fn usage(&self) -> String {
        let part = |p: &Part| match p {
            Part::Words(any, false) => any.first().cloned(),
            Part::Slot(name, false) => Some(format!("<{name}>")),
            Part::Words(_, true) | Part::Slot(_, true) => None,
        };
        self.parts.iter().filter_map(part).collect::<Vec<_>>().join(" ")
    }

    /// How many of its words a sentence has, without those that every sentence has: for a suggestion.
    pub fn shared(&self, words: &[String]) -> usize {
        let said: Vec<String> =
            words.iter().map(|w| spelled(w)).filter(|w| !SMALL.contains(&w.as_str())).collect();
        let has =
            |p: &&Part| matches!(p, Part::Words(any, _) if any.iter().any(|w| said.contains(w)));
        self.parts.iter().filter(has).count()
    }

    /// How many words it needs.
    pub fn needed(&self) -> usize {
        self.parts.iter().filter(|p| matches!(p, Part::Words(_, false))).count()
    }
}

fn matched(
    parts: &[Part],
    words: &[String],
    fits: &dyn Fn(&str, &str) -> bool,
    held: &mut BTreeMap<String, String>,
) -> bool {
    let skip = words.iter().take_while(|w| ARTICLES.contains(&w.to_lowercase().as_str())).count();
    let Some(part) = parts.first() else { return words.len() == skip };
    match part {
        Part::Words(any, optional) => {
            // An article says nothing, unless it is a word of the template (`20 % a year`).
            let mut said = |skip: usize| {
                words.get(skip).is_some_and(|w| any.contains(&spelled(w)))
                    && matched(&parts[1..], &words[skip + 1..], fits, held)
            };
            said(0)
                || (skip > 0 && said(skip))
                || (*optional && matched(&parts[1..], words, fits, held))
        }
        Part::Slot(name, optional) => {
            let words = &words[skip..];
            for length in 1..=words.len() {
                let text = words[..length].join(" ");
                if !fits(name, &text) {
                    continue;
                }
                let before = held.insert(name.clone(), text);
                if matched(&parts[1..], &words[length..], fits, held) {
                    return true;
                }
                match before {
                    Some(before) => held.insert(name.clone(), before),
                    None => held.remove(name),
                };
            }
            *optional && matched(&parts[1..], words, fits, held)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(template: &str, sentence: &str) -> Option<Vec<(String, String)>> {
        let template = Template::parse(template).unwrap();
        template.matched(&words(sentence), &|_, _| true).map(|m| m.into_iter().collect())
    }

    #[test]
    fn words_slots_and_what_may_be_left_out() {
        let one = |name: &str, text: &str| vec![(name.to_owned(), text.to_owned())];
        let pact = "[sign] {kinds} pact|treaty with {other}";
        let both = |k: &str, o: &str| Some([one("kinds", k), one("other", o)].concat());
        assert_eq!(slots(pact, "defense pact with RUS"), both("defense", "RUS"));
        assert_eq!(
            slots(pact, "Sign a Defence Treaty with the Soviet Union"),
            both("Defence", "Soviet Union")
        );
        assert_eq!(slots(pact, "defense pact RUS"), None);
        assert_eq!(
            slots(pact, "defense and consultation pact with RUS"),
            both("defense and consultation", "RUS")
        );
        assert_eq!(
            slots("cut spending by {share}", "cut spending by 20%"),
            Some(one("share", "20 %"))
        );
        assert_eq!(slots("veto [draft] [{subject}]", "veto"), Some(vec![]));
    }

    #[test]
    fn templates_that_cannot_be_read_are_refused() {
        for wrong in ["", "do [this", "do {this", "a{b}"] {
            assert!(Template::parse(wrong).is_err(), "{wrong}");
        }
    }
}
