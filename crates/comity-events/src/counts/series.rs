//! One directed pair, day by day: what detection reads.

/// What one directed pair of states did each day.
///
/// # Shape
/// `counts` and `reports` have one entry for each day from `first_day` on, without gaps.
///
/// # Units
/// Days since 1970-01-01; events.
///
/// # Nulls
/// A day on which the source has no report at all (`reports` is 0) is not a day of silence: nothing is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series<'a> {
    /// The first day, as days since 1970-01-01.
    pub first_day: i32,
    /// Events of the pair on each day, of the kind that was asked for.
    pub counts: &'a [i64],
    /// All events of the source on each day, of any kind and between whomever: the denominator.
    pub reports: &'a [i64],
}

impl Series<'_> {
    /// How many days there are.
    pub fn len(&self) -> usize {
        self.counts.len().min(self.reports.len())
    }

    /// Whether there is no day.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The days with what the source knows of them: the day, the count and all reports; none where the source has no report of the day.
    pub fn days(&self) -> impl Iterator<Item = (i32, Option<(i64, i64)>)> + '_ {
        let known = |(count, reports): (&i64, &i64)| (*reports > 0).then_some((*count, *reports));
        let first = self.first_day;
        let pairs = self.counts.iter().zip(self.reports).map(known);
        (0_i32..).zip(pairs).map(move |(at, seen)| (first.saturating_add(at), seen))
    }
}
