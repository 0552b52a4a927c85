//! Votes in the General Assembly: agreement of two states, and how often a state votes and with whom.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int32Type};
use comity_measures::ideal::REFERENCE as IDEAL;
use comity_measures::threads;
use comity_measures::votes::{AGREEMENT as DEFINED, Ballots, Over, Score, agreement, attendance};

use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, STATES, Subject, Takes, YEARS};
use crate::measured::{Rows, refused};

const fn whole(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Int, doc }
}

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

const YEAR: Declared = whole("year", "calendar year of the votes");

const ISSUE: Parameter = Parameter {
    name: "issue",
    takes: Takes::Choice(&[
        ("all", "every roll call"),
        ("important", "those that the State Department called important"),
        ("me", "the Middle East"),
        ("nu", "nuclear weapons"),
        ("di", "arms control and disarmament"),
        ("hr", "human rights"),
        ("co", "colonialism"),
        ("ec", "economic development"),
    ]),
    default: "all",
    doc: "which roll calls are counted",
};

const UNANIMOUS: Parameter = Parameter {
    name: "unanimous",
    takes: Takes::Choice(&[
        ("left-out", "they are left out, as in the published scores"),
        ("kept", "they are counted"),
    ]),
    default: "left-out",
    doc: "roll calls in which all votes cast are the same",
};

/// Agreement of two states.
pub(crate) static AGREEMENT: Measure = Measure {
    name: "agreement",
    title: "agreement of two states in the General Assembly",
    subject: Subject::Voting,
    doc: "How alike two states voted in the recorded votes of a year in which both took part. Absences are no votes, and unanimous roll calls are left out unless they are asked for.",
    formula: "half: mean of 1 - |v_i - v_j| / 2, v: 1 yes, 2 abstain, 3 no; exact: share of the same vote; yes_no: share of the same vote where both voted yes or no",
    unit: "0 to 1",
    null: "the two have no roll call in common",
    references: &[DEFINED],
    reads: &["votes", "roll_calls"],
    parameters: &[ISSUE, UNANIMOUS, YEARS, STATES],
    columns: &[
        whole("ccode1", "the state with the lower number"),
        whole("ccode2", "the other"),
        YEAR,
        whole("joint_votes", "roll calls in which both voted yes, no or abstained"),
        real("half", "agreement, an abstention against yes or no counting half"),
        real("exact", "share of the same vote, an abstention being a vote of its own"),
        real("yes_no", "share of the same vote where both voted yes or no"),
    ],
    made: Computed::Table(of_pairs),
};

/// How often a state votes, and with whom.
pub(crate) static ATTENDANCE: Measure = Measure {
    name: "attendance",
    title: "how often a state votes in the General Assembly, and with the majority",
    subject: Subject::Voting,
    doc: "Of the recorded votes of a year, the share in which a member voted, and of its votes the share that were cast like most. Where a source lists no absences, a state seems to be present whenever it has a vote.",
    formula: "participation = votes cast / roll calls while a member; with_majority = votes cast like most / votes in roll calls with one most frequent vote",
    unit: "share, 0 to 1",
    null: "a share of nothing",
    references: &[DEFINED],
    reads: &["votes", "roll_calls"],
    parameters: &[ISSUE, UNANIMOUS, YEARS, STATES],
    columns: &[
        whole("ccode", "state, by its number with the Correlates of War"),
        YEAR,
        whole("roll_calls", "roll calls while it was a member"),
        whole("votes_cast", "of these, those in which it voted yes, no or abstained"),
        real("participation", "the second as a share of the first"),
        real("with_majority", "share of its votes that were cast like most"),
    ],
    made: Computed::Table(of_states),
};

/// Ideal points: a command of their own.
pub(crate) static IDEAL_POINTS: Measure = Measure {
    name: "ideal_points",
    title: "ideal points of states, from their votes in the General Assembly",
    subject: Subject::Voting,
    doc: "Where a state stands on one line, session by session, from its votes: an ordered probit whose points follow the state over time. A fast estimator with standard errors, or the full sampler with several chains.",
    formula: "z = b_v x_it + e, e ~ N(0, 1), two cut points a roll call; x_it ~ N(x_i,t-1, 0.5 n_t / (n_t + n_t-1))",
    unit: "standard deviations of all points of the sessions asked for",
    null: "a state without a vote that tells it from others in a session has no row",
    references: &[IDEAL],
    reads: &["votes", "roll_calls"],
    parameters: &[],
    columns: &[],
    made: Computed::Command,
};

/// Votes as columns, by year.
#[derive(Default)]
struct Votes {
    roll_call: Vec<u32>,
    year: Vec<i32>,
    state: Vec<i32>,
    vote: Vec<u8>,
    /// The roll calls of the issue; none: all.
    of_issue: Option<Vec<u32>>,
}

impl Votes {
    fn of(asked: &Asked<'_>) -> Result<Self, PanelError> {
        asked.needs("votes")?;
        asked.needs("roll_calls")?;
        let calls = asked.table("roll_calls")?;
        let (call, years) = (ints(&calls, "rcid"), ints(&calls, "year"));
        let year_of: HashMap<i32, i32> =
            call.iter().zip(&years).filter_map(|(call, year)| Some(((*call)?, (*year)?))).collect();
        let of_issue = of_issue(&calls, &call, asked.word("issue"))?;
        let cast = asked.table("votes")?;
        let (call, state, vote) = (ints(&cast, "rcid"), ints(&cast, "ccode"), ints(&cast, "vote"));
        let mut votes = Self { of_issue, ..Self::default() };
        for row in 0..cast.num_rows() {
            let (Some(call), Some(state), Some(vote)) = (call[row], state[row], vote[row]) else {
                continue;
            };
            let Some(year) = year_of.get(&call).filter(|year| asked.has_year(**year)) else {
                continue;
            };
            votes.roll_call.push(call.unsigned_abs());
            votes.year.push(*year);
            votes.state.push(state);
            votes.vote.push(u8::try_from(vote).unwrap_or(u8::MAX));
        }
        Ok(votes)
    }

    fn ballots(&self) -> Ballots<'_> {
        Ballots {
            roll_call: &self.roll_call,
            session: &self.year,
            state: &self.state,
            vote: &self.vote,
        }
    }

    fn over(&self, asked: &Asked<'_>) -> Over<'_> {
        Over { roll_calls: self.of_issue.as_deref(), unanimous: asked.word("unanimous") == "kept" }
    }
}

/// The roll calls on an issue; none where all are counted.
fn of_issue(
    calls: &RecordBatch,
    call: &[Option<i32>],
    issue: &str,
) -> Result<Option<Vec<u32>>, PanelError> {
    let name = match issue {
        "" | "all" => return Ok(None),
        "important" => "important".to_owned(),
        other => format!("issue_{other}"),
    };
    let flags = calls.column_by_name(&name).and_then(|c| c.as_boolean_opt()).ok_or_else(|| {
        PanelError::new(format!("roll calls of this record have no column `{name}`"))
    })?;
    let is_one = |row: &usize| flags.is_valid(*row) && flags.value(*row);
    let all = (0..calls.num_rows()).filter(is_one).filter_map(|row| call[row]);
    Ok(Some(all.map(i32::unsigned_abs).collect()))
}

fn ints(batch: &RecordBatch, name: &str) -> Vec<Option<i32>> {
    let column = batch.column_by_name(name).map(|column| cast(column, &DataType::Int32));
    match column {
        Some(Ok(column)) => column.as_primitive::<Int32Type>().iter().collect(),
        _ => vec![None; batch.num_rows()],
    }
}

fn of_pairs(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let votes = Votes::of(asked)?;
    let mut all = agreement(&votes.ballots(), &votes.over(asked), threads())
        .map_err(|e| refused(&AGREEMENT, &e))?;
    all.retain(|pair| asked.has_pair(pair.states[0], pair.states[1]));
    all.sort_by_key(|pair| (pair.states, pair.session));
    let score = |of: Score| all.iter().map(|pair| pair.score(of)).collect();
    Rows::of(&AGREEMENT)
        .keys(all.iter().map(|pair| pair.states[0]).collect())
        .keys(all.iter().map(|pair| pair.states[1]).collect())
        .keys(all.iter().map(|pair| pair.session).collect())
        .keys(all.iter().map(|pair| pair.joint as i32).collect())
        .reals(score(Score::Half))
        .reals(score(Score::Exact))
        .reals(score(Score::YesNo))
        .finish()
}

fn of_states(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let votes = Votes::of(asked)?;
    let mut all = attendance(&votes.ballots(), &votes.over(asked), threads())
        .map_err(|e| refused(&ATTENDANCE, &e))?;
    all.retain(|row| asked.has_state(row.state));
    all.sort_by_key(|row| (row.state, row.session));
    Rows::of(&ATTENDANCE)
        .keys(all.iter().map(|row| row.state).collect())
        .keys(all.iter().map(|row| row.session).collect())
        .keys(all.iter().map(|row| row.roll_calls as i32).collect())
        .keys(all.iter().map(|row| row.cast as i32).collect())
        .reals(all.iter().map(comity_measures::votes::Attendance::participation).collect())
        .reals(all.iter().map(comity_measures::votes::Attendance::share_with_majority).collect())
        .finish()
}
