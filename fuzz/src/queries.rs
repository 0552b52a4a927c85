//! Policy documents and SQL.

use std::sync::LazyLock;
use std::time::Duration;

use comity_policy::diagnostic::render_all;
use comity_policy::{check, parse};
use comity_record::Record;
use comity_sql::{Job, Limits, Session, in_parallel, session};

static STARTER: LazyLock<Record> = LazyLock::new(comity_datasets::starter::record);

/// Reads a policy document, checks it where it is one, and shows what is wrong.
pub fn policy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (policy, diagnostics) = parse("p.md", &text);
    assert!(diagnostics.len() <= 101);
    assert!(policy.is_some() || !diagnostics.is_empty());
    let shown = render_all(&diagnostics, "p.md", &text, false);
    assert!(shown.len() < 200_000, "{}", shown.len());
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    if let Some(policy) = policy {
        check(&policy, &STARTER);
    }
}

/// Plans a query over the starter and runs it.
pub fn sql(bytes: &[u8]) {
    static SESSION: LazyLock<Session> = LazyLock::new(|| {
        let limits = Limits {
            time: Duration::from_millis(250),
            memory: 32 << 20,
            rows: 20_000,
            ..Limits::default()
        };
        session(&STARTER, &STARTER.baseline(), limits).expect("a session")
    });
    let sql = String::from_utf8_lossy(bytes).into_owned();
    let session = SESSION.clone();
    let job: Job<Result<usize, String>> = Box::new(move || {
        let rows = session.plan(&sql, &[]).and_then(|planned| session.run(&planned));
        rows.map(|rows| rows.num_rows()).map_err(|error| error.to_string())
    });
    for answer in in_parallel(vec![job], Duration::from_secs(30)) {
        if let Err(error) = answer.expect("no panic, and an end") {
            assert!(error.len() < 4_000, "{} bytes of error", error.len());
            for word in ["DataFusion", "backtrace", "panicked"] {
                assert!(!error.contains(word), "{error}");
            }
        }
    }
}
