//! The report as JSON: indented for one or a few states, one line for many.

use std::io::Write;

use comity_policy::audit::Report;

use crate::error::ReportError;
use crate::plain::Escaped;

/// From how many states on a report is written without indentation.
const MANY: usize = 10;

/// Writes the report.
pub fn write(report: &Report, out: &mut impl Write) -> Result<(), ReportError> {
    if report.audits.len() < MANY {
        serde_json::to_writer_pretty(Escaped(&mut *out), report).map_err(std::io::Error::from)?;
    } else {
        serde_json::to_writer(Escaped(&mut *out), report).map_err(std::io::Error::from)?;
    }
    out.write_all(b"\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_shape_is_the_documented_one() {
        let mut bytes = Vec::new();
        write(&fixture::report(), &mut bytes).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(json["schema_version"], 1);
        assert_eq!(json["audits"][0]["state"]["ccode"], 710);
        let c = &json["audits"][0]["commitments"][0];
        assert_eq!(c["kind"], "refrain");
        assert_eq!(c["verdicts"][1]["verdict"], "broken");
        assert_eq!(c["verdicts"][15]["readings"][1]["verdict"], "broken");
        assert_eq!(c["findings"][0]["severity"], "breach");
        assert!(c["findings"][0]["label"].is_string());
        assert_eq!(json["audits"][0]["commitments"][1]["values"][0]["block"], "share");
    }
}
