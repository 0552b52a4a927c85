//! Many events in columns.

use super::{Dictionary, Event};
use crate::event::dictionary::mixed;

/// No number: the source does not say.
pub const NONE: i32 = i32::MIN;

/// Texts one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    pub(crate) fn get(&self, at: usize) -> &str {
        let from = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(0) };
        let to = self.ends.get(at).copied().unwrap_or(from);
        self.bytes.get(from..to).unwrap_or("")
    }

    fn append(&mut self, more: &Self) {
        let base = self.bytes.len();
        self.bytes.push_str(&more.bytes);
        self.ends.extend(more.ends.iter().map(|end| end + base));
    }
}

/// Events in columns; row `n` is the `n`-th of each. Texts of `texts` are numbers of the dictionary.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The texts of codes.
    pub texts: Dictionary,
    pub(crate) id: Vec<u64>,
    /// What an id was before it became a number, where it is no number itself.
    pub(crate) name: Texts,
    pub(crate) day: Vec<i32>,
    pub(crate) exact: Vec<bool>,
    pub(crate) known: Vec<i64>,
    pub(crate) actor: Vec<u32>,
    pub(crate) target: Vec<u32>,
    pub(crate) actor_state: Vec<u32>,
    pub(crate) target_state: Vec<u32>,
    pub(crate) location: Vec<u32>,
    pub(crate) code: Vec<u32>,
    pub(crate) root: Vec<u8>,
    pub(crate) quad: Vec<u8>,
    /// In thousandths.
    pub(crate) goldstein: Vec<i32>,
    pub(crate) mentions: Vec<i32>,
    pub(crate) sources: Vec<i32>,
    pub(crate) articles: Vec<i32>,
    pub(crate) best: Vec<i32>,
    pub(crate) low: Vec<i32>,
    pub(crate) high: Vec<i32>,
    pub(crate) report: Texts,
    /// What two events of one story share; 0: it has none.
    pub(crate) story: Vec<u64>,
    /// The first eight bytes of the hash of the file.
    pub(crate) file: Vec<u64>,
    pub(crate) line: Vec<u64>,
}

/// A row on its way in, with its texts as numbers already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Row<'a> {
    pub id: u64,
    pub name: &'a str,
    pub day: i32,
    pub exact: bool,
    pub known: i64,
    pub actor: u32,
    pub target: u32,
    pub actor_state: u32,
    pub target_state: u32,
    pub location: u32,
    pub code: u32,
    pub root: u8,
    pub quad: u8,
    pub goldstein: i32,
    pub mentions: i32,
    pub sources: i32,
    pub articles: i32,
    pub best: i32,
    pub low: i32,
    pub high: i32,
    pub report: &'a str,
    pub story: u64,
    pub file: u64,
    pub line: u64,
}

/// The number that an id has in the store: itself where it is one, else a hash of its text.
pub(crate) fn id_number(id: &str) -> (u64, bool) {
    let plain = !id.is_empty() && id.len() <= 19 && (id == "0" || !id.starts_with('0'));
    if plain
        && id.bytes().all(|b| b.is_ascii_digit())
        && let Ok(number) = id.parse()
    {
        return (number, true);
    }
    // The upper half: never the number of a plain id.
    (mixed(&[b"id", id.as_bytes()]) | 1 << 63, false)
}

impl Rows {
    /// How many events there are.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    pub(crate) fn put(&mut self, row: &Row<'_>) {
        self.id.push(row.id);
        self.name.push(row.name);
        self.day.push(row.day);
        self.exact.push(row.exact);
        self.known.push(row.known);
        self.actor.push(row.actor);
        self.target.push(row.target);
        self.actor_state.push(row.actor_state);
        self.target_state.push(row.target_state);
        self.location.push(row.location);
        self.code.push(row.code);
        self.root.push(row.root);
        self.quad.push(row.quad);
        self.goldstein.push(row.goldstein);
        self.mentions.push(row.mentions);
        self.sources.push(row.sources);
        self.articles.push(row.articles);
        self.best.push(row.best);
        self.low.push(row.low);
        self.high.push(row.high);
        self.report.push(row.report);
        self.story.push(row.story);
        self.file.push(row.file);
        self.line.push(row.line);
    }

    /// Adds an event.
    pub fn push(&mut self, event: &Event<'_>, file: u64) {
        let (id, plain) = id_number(&event.id);
        let number = |n: Option<i32>| n.unwrap_or(NONE);
        let (states, actors) =
            ([&event.actor_state, &event.target_state], [&event.actor, &event.target]);
        let story = [states[0], states[1], actors[0], actors[1], &event.code, &event.report];
        let quad = event.quad.unwrap_or(0);
        let row = Row {
            id,
            name: if plain { "" } else { &event.id },
            day: event.day,
            exact: event.exact,
            known: event.known,
            actor: self.texts.number(&event.actor),
            target: self.texts.number(&event.target),
            actor_state: self.texts.number(&event.actor_state),
            target_state: self.texts.number(&event.target_state),
            location: self.texts.number(&event.location),
            code: self.texts.number(&event.code),
            root: event.root.unwrap_or(0),
            quad,
            goldstein: event.goldstein.map_or(NONE, |g| (g * 1000.0).round() as i32),
            mentions: number(event.mentions),
            sources: number(event.sources),
            articles: number(event.articles),
            best: number(event.best),
            low: number(event.low),
            high: number(event.high),
            report: &event.report,
            story: if event.story {
                story_of(event.day, quad, story.map(|text| text.as_bytes()))
            } else {
                0
            },
            file,
            line: event.line,
        };
        self.put(&row);
    }

    /// Row `at` as it was put in, with the numbers of this dictionary.
    pub(crate) fn row(&self, at: usize) -> Row<'_> {
        Row {
            id: self.id[at],
            name: self.name.get(at),
            day: self.day[at],
            exact: self.exact[at],
            known: self.known[at],
            actor: self.actor[at],
            target: self.target[at],
            actor_state: self.actor_state[at],
            target_state: self.target_state[at],
            location: self.location[at],
            code: self.code[at],
            root: self.root[at],
            quad: self.quad[at],
            goldstein: self.goldstein[at],
            mentions: self.mentions[at],
            sources: self.sources[at],
            articles: self.articles[at],
            best: self.best[at],
            low: self.low[at],
            high: self.high[at],
            report: self.report.get(at),
            story: self.story[at],
            file: self.file[at],
            line: self.line[at],
        }
    }

    /// Adds a row of other rows.
    pub(crate) fn take(&mut self, from: &Self, at: usize) {
        let mut row = from.row(at);
        for number in [
            &mut row.actor,
            &mut row.target,
            &mut row.actor_state,
            &mut row.target_state,
            &mut row.location,
            &mut row.code,
        ] {
            *number = self.texts.number(from.texts.text(*number));
        }
        self.put(&row);
    }

    /// Adds all rows of others.
    pub(crate) fn append(&mut self, more: Self) {
        if self.is_empty() {
            *self = more;
            return;
        }
        let numbers: Vec<u32> = more.texts.texts().map(|t| self.texts.number(t)).collect();
        let texts = |into: &mut Vec<u32>, from: &[u32]| {
            into.extend(from.iter().map(|n| numbers.get(*n as usize).copied().unwrap_or(0)));
        };
        texts(&mut self.actor, &more.actor);
        texts(&mut self.target, &more.target);
        texts(&mut self.actor_state, &more.actor_state);
        texts(&mut self.target_state, &more.target_state);
        texts(&mut self.location, &more.location);
        texts(&mut self.code, &more.code);
        self.id.extend(more.id);
        self.name.append(&more.name);
        self.day.extend(more.day);
        self.exact.extend(more.exact);
        self.known.extend(more.known);
        self.root.extend(more.root);
        self.quad.extend(more.quad);
        self.goldstein.extend(more.goldstein);
        self.mentions.extend(more.mentions);
        self.sources.extend(more.sources);
        self.articles.extend(more.articles);
        self.best.extend(more.best);
        self.low.extend(more.low);
        self.high.extend(more.high);
        self.report.append(&more.report);
        self.story.extend(more.story);
        self.file.extend(more.file);
        self.line.extend(more.line);
    }

    /// Event `at`.
    pub fn event(&self, at: usize) -> Event<'_> {
        let row = self.row(at);
        let text = |number| self.texts.text(number).into();
        let number = |n: i32| (n != NONE).then_some(n);
        let id = if row.name.is_empty() { row.id.to_string().into() } else { row.name.into() };
        Event {
            id,
            day: row.day,
            exact: row.exact,
            known: row.known,
            actor: text(row.actor),
            target: text(row.target),
            actor_state: text(row.actor_state),
            target_state: text(row.target_state),
            location: text(row.location),
            code: text(row.code),
            root: (row.root > 0).then_some(row.root),
            quad: (row.quad > 0).then_some(row.quad),
            goldstein: number(row.goldstein).map(|g| f64::from(g) / 1000.0),
            mentions: number(row.mentions),
            sources: number(row.sources),
            articles: number(row.articles),
            best: number(row.best),
            low: number(row.low),
            high: number(row.high),
            report: row.report.into(),
            story: row.story != 0,
            line: row.line,
        }
    }

    /// A number for what a row says, without where it was read: the same for equal versions.
    pub(crate) fn content(&self, at: usize) -> u64 {
        let row = self.row(at);
        let texts =
            [row.actor, row.target, row.actor_state, row.target_state, row.location, row.code];
        let texts = texts.map(|n| self.texts.text(n).as_bytes());
        let numbers = [
            row.day,
            i32::from(row.exact),
            i32::from(row.root),
            i32::from(row.quad),
            row.goldstein,
            row.mentions,
            row.sources,
            row.articles,
            row.best,
            row.low,
            row.high,
        ];
        let numbers: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let mut parts: Vec<&[u8]> = texts.to_vec();
        parts.extend([row.name.as_bytes(), row.report.as_bytes(), &numbers]);
        mixed(&parts)
    }

    /// The places of the rows in the order of their ids, then of when they were known, then of what they say.
    pub(crate) fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        let key = |at: &u32| (self.id[*at as usize], self.known[*at as usize]);
        order.sort_by(|a, b| {
            key(a).cmp(&key(b)).then_with(|| {
                let content = |at: &u32| self.content(*at as usize);
                content(a).cmp(&content(b))
            })
        });
        order
    }
}

/// What two events of one story share: day, quad class, actors with their states, code, and report.
pub(crate) fn story_of(day: i32, quad: u8, texts: [&[u8]; 6]) -> u64 {
    let [states @ .., actor, target, code, report] = texts;
    let (day, quad) = (day.to_le_bytes(), [quad]);
    mixed(&[&day, &quad, states[0], states[1], actor, target, code, report]).max(1)
}
