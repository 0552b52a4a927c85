//! What a state had, beside what would be expected of one in its place. It stands beside the verdicts and changes none.

/// What was asked for, of all states.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expectations {
    /// Each state with each kind of event.
    pub all: Vec<Expected>,
    /// Kinds of events of which the record has too little, and what it lacks.
    pub missing: Vec<String>,
}

impl Expectations {
    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.missing.is_empty()
    }

    /// What stands below the counts.
    pub fn notes(&self) -> Vec<String> {
        let left_out = self.all.iter().filter_map(Expected::note);
        let missing = self.missing.iter().map(|what| format!("Not computed: {what}."));
        left_out.chain(missing).chain([ABOUT.to_owned()]).collect()
    }
}

/// Events of a kind, counted and expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The state's name.
    pub state: String,
    /// What is counted, in the plural: `disputes`.
    pub what: &'static str,
    /// First and last year that are counted.
    pub years: (i32, i32),
    /// How many there were.
    pub observed: u32,
    /// How many would be expected by borders and age.
    pub geography: Around,
    /// How many with power, alliances and organizations too.
    pub full: Around,
    /// Pairs of states, in a year each, of which too little is known to count them.
    pub left_out: u32,
}

/// An expected count with the interval of what would be ordinary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Around {
    /// The expectation.
    pub expected: f64,
    /// The ends of the 95 % interval of a count.
    pub interval: (u32, u32),
}

impl Expected {
    /// `China 1949 to 2014: 79 disputes. 45 (28 to 66) would be expected of a state with its borders and age, …: ordinary by both.`
    pub fn sentence(&self) -> String {
        let Self { state, what, years: (from, to), observed, geography, full, .. } = self;
        let of = |around: &Around| {
            let (low, high) = around.interval;
            format!("{} ({low} to {high})", count(around.expected))
        };
        let standing = |around: &Around| match (observed, around.interval) {
            (n, (low, _)) if *n < low => "fewer than ordinary",
            (n, (_, high)) if *n > high => "more than ordinary",
            _ => "ordinary",
        };
        let said = match (standing(geography), standing(full)) {
            (one, other) if one == other => format!("{one} by both"),
            (one, other) => format!("{one} by the first and {other} by the second"),
        };
        format!(
            "{state} {from} to {to}: {observed} {what}. {} would be expected of a state with its borders and age, {} of one with its power, alliances and organizations too: {said}.",
            of(geography),
            of(full)
        )
    }

    /// What was left out, where anything was.
    pub fn note(&self) -> Option<String> {
        (self.left_out > 0).then(|| {
            format!(
                "{} pairs of {} and another state in a year are left out of its {}, had and expected: too little is known of them.",
                self.left_out, self.state, self.what
            )
        })
    }
}

/// What is said of all of them.
const ABOUT: &str = "Counts with 95 % intervals, expected by models fitted to the years of all states but the year in question (comity measure conduct --help). They say how a state compares, not who was right, and change no verdict.";

fn count(value: f64) -> String {
    if value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_said_beside_both_expectations() {
        let mut expected = Expected {
            state: "Ruritania".into(),
            what: "disputes",
            years: (1949, 2014),
            observed: 79,
            geography: Around { expected: 45.3, interval: (28, 66) },
            full: Around { expected: 88.0, interval: (60, 120) },
            left_out: 0,
        };
        assert_eq!(
            expected.sentence(),
            "Ruritania 1949 to 2014: 79 disputes. 45 (28 to 66) would be expected of a state with its borders and age, 88 (60 to 120) of one with its power, alliances and organizations too: more than ordinary by the first and ordinary by the second."
        );
        assert_eq!(expected.note(), None);
        expected.observed = 3;
        expected.left_out = 12;
        expected.geography = Around { expected: 4.26, interval: (1, 9) };
        let said = expected.sentence();
        assert!(
            said.ends_with("too: ordinary by the first and fewer than ordinary by the second."),
            "{said}"
        );
        assert!(expected.note().unwrap().starts_with("12 pairs"));
    }
}
