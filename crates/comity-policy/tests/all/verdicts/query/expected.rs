//! What a query finds and needs, by loops over the facts.

use super::*;

impl Shape {
    /// The rows that come out, by loops. `findings` are those of the commitments used.
    pub fn rows(
        &self,
        db: &dyn Fn(&str) -> Vec<Fact>,
        members: &[(i32, i32)],
        findings: &[Hit],
        grade: &Grade,
    ) -> Vec<Hit> {
        let meets = |a: &Fact, b: &Fact| a.ccode == b.ccode && a.year == b.year;
        let plain = |state: i32, year: i32, number: Option<i32>| Hit {
            state,
            year,
            grade: grade.of(number),
            other: None,
        };
        let mut out = Vec::new();
        match self {
            Self::Plain(a) => out.extend(a.rows(db).iter().map(|f| hit(f, &a.table, grade))),
            Self::Inner(a, b) => {
                for f in a.rows(db) {
                    for g in b.rows(db) {
                        if meets(&f, &g) {
                            out.push(hit(&f, &a.table, grade));
                        }
                    }
                }
            }
            Self::Left(a, b) => {
                for f in a.rows(db) {
                    let mut matched = false;
                    for g in b.rows(db) {
                        if meets(&f, &g) {
                            matched = true;
                            let number = g.number;
                            out.push(hit(&Fact { number, ..f.clone() }, &a.table, grade));
                        }
                    }
                    if !matched {
                        out.push(hit(&Fact { number: None, ..f.clone() }, &a.table, grade));
                    }
                }
            }
            Self::LeftNull(a, b) | Self::Exists(a, b, true) => {
                for f in a.rows(db) {
                    if !b.rows(db).iter().any(|g| meets(&f, g)) {
                        out.push(hit(&f, &a.table, grade));
                    }
                }
            }
            Self::Exists(a, b, false) => {
                for f in a.rows(db) {
                    if b.rows(db).iter().any(|g| meets(&f, g)) {
                        out.push(hit(&f, &a.table, grade));
                    }
                }
            }
            Self::In(a, b, negated) => {
                for f in a.rows(db) {
                    if b.rows(db).iter().any(|g| g.ccode == f.ccode) != *negated {
                        out.push(hit(&f, &a.table, grade));
                    }
                }
            }
            Self::Union(a, b) => {
                for scan in [a, b] {
                    out.extend(scan.rows(db).iter().map(|f| hit(f, &scan.table, grade)));
                }
            }
            Self::Group(a, least) => {
                let rows = a.rows(db);
                let groups: BTreeSet<(i32, i32)> = rows.iter().map(|f| (f.ccode, f.year)).collect();
                for (state, year) in groups {
                    let of: Vec<&Fact> =
                        rows.iter().filter(|f| (f.ccode, f.year) == (state, year)).collect();
                    if of.len() as i32 >= *least {
                        out.push(plain(state, year, of.iter().filter_map(|f| f.number).max()));
                    }
                }
            }
            Self::Except(a, b) => {
                let theirs = b.rows(db);
                let mut seen = BTreeSet::new();
                for f in a.rows(db) {
                    if !theirs.iter().any(|g| meets(&f, g)) && seen.insert((f.ccode, f.year)) {
                        out.push(plain(f.ccode, f.year, Some(f.year)));
                    }
                }
            }
            Self::Absent(a) => {
                let rows = a.rows(db);
                for (state, year) in members {
                    if !rows.iter().any(|f| (f.ccode, f.year) == (*state, *year)) {
                        out.push(plain(*state, *year, Some(*year)));
                    }
                }
            }
            Self::FirstOfState(a) => {
                let mut rows = a.rows(db);
                rows.sort_by(|f, g| (f.ccode, f.year, &f.key).cmp(&(g.ccode, g.year, &g.key)));
                let mut seen = BTreeSet::new();
                rows.retain(|f| seen.insert(f.ccode));
                out.extend(rows.iter().map(|f| hit(f, &a.table, grade)));
            }
            Self::Limit(a, most) => {
                let mut rows = a.rows(db);
                rows.sort_by(|f, g| (f.year, &f.key).cmp(&(g.year, &g.key)));
                rows.truncate(*most as usize);
                out.extend(rows.iter().map(|f| hit(f, &a.table, grade)));
            }
            Self::Findings(of) => {
                for f in findings.iter().filter(|f| of.is_none_or(|g| f.grade == g)) {
                    out.push(Hit { grade: grade.of(Some(f.year)), ..f.clone() });
                }
            }
        }
        out
    }

    /// The rows that come out if every number that is not known is at its worst.
    pub fn perhaps(&self, db: &dyn Fn(&str) -> Vec<Fact>, grade: &Grade) -> Vec<Hit> {
        let meets = |a: &Fact, b: &Fact| a.ccode == b.ccode && a.year == b.year;
        let of =
            |f: &Fact, table: &str| Hit { grade: grade.perhaps(f.number), ..hit(f, table, grade) };
        let mut out = Vec::new();
        match self {
            Self::Plain(a) => out.extend(a.perhaps(db).iter().map(|f| of(f, &a.table))),
            Self::Inner(a, b) => {
                let theirs = b.perhaps(db);
                let mut own = a.perhaps(db);
                own.retain(|f| theirs.iter().any(|g| meets(f, g)));
                out.extend(own.iter().map(|f| of(f, &a.table)));
            }
            Self::Exists(a, b, false) => {
                let theirs = b.rows(db);
                let mut own = a.perhaps(db);
                own.retain(|f| theirs.iter().any(|g| meets(f, g)));
                out.extend(own.iter().map(|f| of(f, &a.table)));
            }
            Self::Union(a, b) => {
                for scan in [a, b] {
                    out.extend(scan.perhaps(db).iter().map(|f| of(f, &scan.table)));
                }
            }
            _ => {}
        }
        out
    }

    /// The tables that must be covered: what is only reached through filters, unions and inner joins proves by itself;
    /// silence matters on the far side of an outer join, under NOT EXISTS, NOT IN and EXCEPT, and where rows are
    /// grouped, numbered or cut off.
    pub fn needs(&self, used: &Needs) -> Needs {
        let mut needs = Needs::new();
        match self {
            Self::Plain(a) => a.need(&mut needs, true),
            Self::Inner(a, b) | Self::Union(a, b) => {
                a.need(&mut needs, true);
                b.need(&mut needs, true);
            }
            Self::Left(a, b) | Self::LeftNull(a, b) | Self::Except(a, b) => {
                a.need(&mut needs, true);
                b.need(&mut needs, false);
            }
            Self::Exists(a, b, negated) | Self::In(a, b, negated) => {
                a.need(&mut needs, true);
                b.need(&mut needs, !negated);
            }
            Self::Group(a, _) | Self::Absent(a) | Self::FirstOfState(a) | Self::Limit(a, _) => {
                a.need(&mut needs, false);
            }
            // Only findings that are proved are read: their tables need not be silent for a row to stand.
            Self::Findings(_) => {
                for (table, more) in used {
                    let (proves, found, exempts) = (true, true, false);
                    need(&mut needs, table, Need { proves, found, exempts, ..more.clone() });
                }
            }
        }
        needs
    }
}
