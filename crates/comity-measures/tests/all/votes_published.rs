use std::collections::{BTreeMap, HashMap};

use comity_measures::votes::{Agreement, Ballots, Over, Score, agreement};

use crate::votes_table::{bytes, cells, column, published};

/// Sessions in which the release of 2016, from which these are computed, has the votes of the release of 2020, from which the scores were
/// published. The later one adds votes on paragraphs and amendments in sessions 52 to 67.
fn same_votes(session: i32) -> bool {
    session <= 51 || (68..=70).contains(&session)
}

fn by_pair(rows: Vec<Agreement>) -> HashMap<(i32, [i32; 2]), Agreement> {
    rows.into_iter().map(|r| ((r.session, r.states), r)).collect()
}

/// `AgreementScoresAll` of Voeten et al., April 2020, rows of Brazil: all equal in all sessions with the same votes.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn agreement_is_that_published_with_the_ideal_points() {
    let ours = by_pair(agreement(&published().ballots(), &Over::default(), 2).unwrap());
    let cells = cells("unga-agreement/agreement_brazil_UNVotes.RData");
    let sessions = column::<f64>(&cells, "session.x");
    let others = column::<f64>(&cells, "ccode2");
    let scores = column::<f64>(&cells, "agree");
    let (mut equal, mut missing) = (0, Vec::new());
    for ((session, other), score) in sessions.into_iter().zip(others).zip(scores) {
        let (session, other) = (session.unwrap() as i32, other.unwrap() as i32);
        if !same_votes(session) {
            continue;
        }
        match ours.get(&(session, [140.min(other), 140.max(other)])) {
            Some(row) => {
                let own = row.score(Score::Half).unwrap();
                assert!((own - score.unwrap()).abs() < 1e-12, "{session} {other}: {own} {score:?}");
                equal += 1;
            }
            None => missing.push((session, other)),
        }
    }
    // Germany in session 45 has the number 260 there and 255 in the votes.
    assert_eq!(missing, [(45, 260)]);
    assert_eq!(equal, 6_763);
}

/// `rok_unga` of stevedata, rows of the Republic of Korea: `agree` there is the share of equal votes in a calendar year, unanimous roll calls
/// kept; 96 percent are equal, where the later releases changed no vote.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn exact_agreement_by_year_is_that_of_the_republic_of_korea() {
    let votes = published();
    let ballots = Ballots { session: &votes.year, ..votes.ballots() };
    let over = Over { unanimous: true, ..Over::default() };
    let ours = by_pair(agreement(&ballots, &over, 2).unwrap());
    let cells = cells("unga-agreement/rok_unga.rda");
    let years = column::<f64>(&cells, "year");
    let others = column::<f64>(&cells, "ccode2");
    let scores = column::<f64>(&cells, "agree");
    let (mut rows, mut equal) = (0, 0);
    for ((year, other), score) in years.into_iter().zip(others).zip(scores) {
        let other = other.unwrap() as i32;
        let key = (year.unwrap() as i32, [732.min(other), 732.max(other)]);
        let own = ours.get(&key).and_then(|row| row.score(Score::Exact));
        if let (Some(own), Some(score)) = (own, score) {
            rows += 1;
            equal += usize::from((own - score).abs() < 2e-6);
        }
    }
    assert_eq!((rows, equal > 4_400), (4_592, true), "{equal}");
}

/// `pairwise_vs_160.csv` and `pairwise_vs_640.csv` (UN Votes, release of 2021): roll call by roll call whether two states voted alike (2),
/// one of them abstained (-1) or they were opposed (-2).
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn counts_are_those_of_the_pairwise_files() {
    let over = Over { unanimous: true, ..Over::default() };
    let ours = by_pair(agreement(&published().ballots(), &over, 2).unwrap());
    for focal in [160, 640] {
        let text =
            String::from_utf8(bytes(&format!("unga-votes/pairwise_vs_{focal}.csv"))).unwrap();
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let states: Vec<i32> = header[21..].iter().map(|s| s.parse().unwrap()).collect();
        let mut counts: BTreeMap<(i32, i32), [u32; 3]> = BTreeMap::new();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let Some(Ok(session)) = cells.get(2).map(|s| s.parse::<i32>()) else { continue };
            if cells.len() < 221 || !same_votes(session) {
                continue;
            }
            for (state, cell) in states.iter().zip(&cells[cells.len() - states.len()..]) {
                let kind = ["2", "-1", "-2"].iter().position(|k| k == cell);
                if let Some(kind) = kind.filter(|_| *state != focal) {
                    counts.entry((session, *state)).or_default()[kind] += 1;
                }
            }
        }
        let (mut equal, mut all) = (0, 0);
        for ((session, state), [alike, half, opposed]) in &counts {
            let pair = [focal.min(*state), focal.max(*state)];
            let Some(row) = ours.get(&(*session, pair)) else { continue };
            all += 1;
            let same = row.alike + row.both_abstained;
            let own = [same, row.joint - same - row.opposed, row.opposed];
            equal += usize::from(own == [*alike, *half, *opposed]);
        }
        assert!(all > 6_000 && equal == all, "{focal}: {equal} of {all}");
    }
}
