//! JSON: the report of an audit, and any other answer.

use std::io::{self, Write};

use comity_policy::audit::Report;
use comity_record::foreign;
use serde::Serialize;

/// From how many states on a report is written without indentation.
const MANY: usize = 10;

/// How much is checked and handed on at a time.
const BUFFER: usize = 1 << 16;

/// Writes a report: indented for one or a few states, in one line for many.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    value(report, report.audits.len() < MANY, out)
}

/// Writes any value, and a line end. Characters that a terminal would obey become escapes.
pub fn value(value: &impl Serialize, indented: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut escaped = Escaped { out, waiting: Vec::with_capacity(2 * BUFFER) };
    if indented {
        serde_json::to_writer_pretty(&mut escaped, value)?;
    } else {
        serde_json::to_writer(&mut escaped, value)?;
    }
    escaped.waiting.push(b'\n');
    escaped.hand_on()
}

/// JSON on its way out. It comes in many small pieces, each of them whole characters.
struct Escaped<'a> {
    out: &'a mut dyn Write,
    waiting: Vec<u8>,
}

impl Escaped<'_> {
    fn hand_on(&mut self) -> io::Result<()> {
        if self.waiting.iter().all(|byte| *byte < 0x7f) {
            self.out.write_all(&self.waiting)?;
        } else {
            let text = std::str::from_utf8(&self.waiting).map_err(io::Error::other)?;
            self.out.write_all(foreign::json(text.to_owned()).as_bytes())?;
        }
        self.waiting.clear();
        Ok(())
    }
}

impl Write for Escaped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= BUFFER {
            self.hand_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()?;
        self.out.flush()
    }
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

    #[test]
    fn what_a_terminal_would_obey_is_escaped_across_buffers() {
        let text = "é\u{202e}x\u{7f}".repeat(BUFFER);
        let mut bytes = Vec::new();
        value(&vec![&text; 3], false, &mut bytes).unwrap();
        let written = String::from_utf8(bytes).unwrap();
        assert!(written.contains("é\\u202ex\\u007f") && !written.contains('\u{202e}'));
        assert_eq!(serde_json::from_str::<Vec<String>>(&written).unwrap(), vec![text; 3]);
    }
}
