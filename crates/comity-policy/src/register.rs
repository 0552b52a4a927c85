//! The register of diagnostic codes: each has a page that says what is wrong, why it matters, and the way out.

/// One code and its page, in Markdown.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code, as in `error[bad-cell]`; it never changes its meaning.
    pub name: &'static str,
    /// Its page: a title, what it means, `## Why`, mostly `## Example`, and `## Fix`.
    pub page: &'static str,
}

impl Code {
    /// What it means, in a sentence.
    pub fn meaning(&self) -> &'static str {
        self.page.lines().nth(2).unwrap_or_default()
    }
}

macro_rules! codes {
    ($($name:literal),* $(,)?) => {
        /// Every code that a diagnostic or a test can have, by name.
        pub const CODES: &[Code] =
            &[$(Code { name: $name, page: include_str!(concat!("diagnostics/", $name, ".md")) }),*];
    };
}

codes! {
    "bad-cell",
    "bad-date",
    "bad-holder",
    "bad-id",
    "bad-name",
    "bad-source",
    "bad-value",
    "bad-years",
    "changed-kind",
    "circle",
    "control-character",
    "duplicate-attribute",
    "duplicate-column",
    "duplicate-id",
    "duplicate-name",
    "duplicate-principle",
    "empty-query",
    "empty-table",
    "expected-twice",
    "idle-sql",
    "idle-threshold",
    "malformed-front-matter",
    "missing-attribute",
    "missing-better",
    "missing-column",
    "missing-evidence",
    "missing-id",
    "missing-key",
    "missing-kind",
    "more",
    "nested-block",
    "no-article",
    "no-commitments",
    "no-expect",
    "no-facts",
    "no-findings",
    "no-front-matter",
    "no-given",
    "no-session",
    "no-time",
    "no-title",
    "no-verdict",
    "outside-commitment",
    "query-stuck",
    "result-grade",
    "result-missing",
    "result-null",
    "result-twice",
    "result-type",
    "result-unknown",
    "sql",
    "test-not-run",
    "too-deep",
    "too-large",
    "too-many-rows",
    "two-kinds",
    "unclosed-attributes",
    "unclosed-fence",
    "unclosed-front-matter",
    "unclosed-quote",
    "undecided-null",
    "undeclared-exemption",
    "unknown-attribute",
    "unknown-block",
    "unknown-class",
    "unknown-column",
    "unknown-commitment",
    "unknown-key",
    "unknown-principle",
    "unknown-table",
    "unknown-threshold",
    "unknown-verdict",
    "unsaid-scope",
    "version-years",
    "wrong-cells",
    "wrong-level",
    "wrong-verdict",
}

/// The page of a code.
pub fn explain(code: &str) -> Option<&'static str> {
    CODES.iter().find(|c| c.name == code).map(|c| c.page)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::CODES;

    /// The code literals of a source text: what stands first in `Diagnostic::error(…)`, `Diagnostic::warning(…)`, `Fault(…)` or after `CODE: &str =`.
    fn emitted(source: &str) -> BTreeSet<String> {
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let mut found = BTreeSet::new();
        for mark in ["Diagnostic::error(", "Diagnostic::warning(", "Fault(", "CODE: &str = "] {
            for rest in source.split(mark).skip(1) {
                let Some(literal) = rest.trim_start().strip_prefix('"') else { continue };
                found.extend(literal.split('"').next().map(str::to_owned));
            }
        }
        found
    }

    #[test]
    fn every_code_in_the_source_has_a_page_and_no_page_is_idle() {
        let mut all = BTreeSet::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    all.extend(emitted(&fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let registered: BTreeSet<String> = CODES.iter().map(|c| c.name.to_owned()).collect();
        assert_eq!(all, registered);
    }

    #[test]
    fn pages_are_whole_and_in_order() {
        assert!(CODES.is_sorted_by(|a, b| a.name < b.name));
        for code in CODES {
            assert!(code.page.starts_with(&format!("# {}\n\n", code.name)), "{}", code.name);
            assert!(code.meaning().ends_with('.'), "{}", code.name);
            assert!(code.page.contains("\n## Why\n") && code.page.contains("\n## Fix\n"));
        }
    }
}
