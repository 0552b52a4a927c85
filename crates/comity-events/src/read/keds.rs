//! Rows of the Kansas Event Data System, which have a date, two actors and a code, and no id.

use std::borrow::Cow;
use std::collections::HashMap;

use super::codes::Scheme;
use crate::event::Event;
use crate::event::dictionary::{Mixed, mixed};
use crate::place::cameo_country;

/// One row: the day (since 1970-01-01), the actor, the target and the code.
#[derive(Debug, Clone)]
pub struct KedsRow<'a> {
    /// The day, as days since 1970-01-01.
    pub day: i32,
    /// The code of the actor.
    pub source: Cow<'a, str>,
    /// The code of the target.
    pub target: Cow<'a, str>,
    /// The code of the event.
    pub code: Cow<'a, str>,
}

/// What turns such rows into events.
///
/// A row has no id: its id is what it says and how often that came before, so that rows of one file come to the same events every time, and
/// the same words in two files are one event.
#[derive(Debug)]
pub struct KedsRows {
    scheme: Scheme,
    /// How often the same words came before.
    again: HashMap<u64, u32, Mixed>,
}

impl KedsRows {
    /// For rows with codes of a scheme.
    pub fn of(scheme: Scheme) -> Self {
        Self { scheme, again: HashMap::default() }
    }

    /// The event of the next row, known at a time (seconds since 1970-01-01), with the score that a scale gives its code.
    pub fn event<'a>(
        &mut self,
        row: KedsRow<'a>,
        known: i64,
        scale: Option<&dyn Fn(Scheme, &str) -> Option<f64>>,
    ) -> Event<'a> {
        let root = self.scheme.root(&row.code);
        Event {
            id: self.nth(&row).into(),
            day: row.day,
            exact: true,
            known,
            actor_state: cameo_country(&row.source).to_owned().into(),
            target_state: cameo_country(&row.target).to_owned().into(),
            goldstein: scale.and_then(|scale| scale(self.scheme, &row.code)),
            actor: row.source,
            target: row.target,
            code: row.code,
            root,
            quad: root.and_then(|root| self.scheme.quad(root)),
            ..Event::default()
        }
    }

    fn nth(&mut self, row: &KedsRow<'_>) -> String {
        let KedsRow { day, source, target, code } = row;
        let words = [source, target, code].map(|text| text.as_bytes());
        let key = mixed(&[&day.to_le_bytes(), words[0], words[1], words[2]]);
        let again = self.again.entry(key).or_default();
        *again += 1;
        format!("{} {source} {target} {code} {again}", super::date(*day))
    }
}
