//! Damaged and hostile documents: an answer in bounded time, and never a panic. The seeds are fixed.
//! `COMITY_FUZZ=100000 cargo test -p comity-policy --test all fuzz_documents -- --nocapture` tries more.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking, and says what it ran"
)]

use std::time::{Duration, Instant};

use comity_policy::diagnostic::render_all;
use comity_policy::register::CODES;
use comity_policy::{SHIPPED, check, parse, template};

const FRONT: &str = "+++\nid = \"a\"\ntitle = \"A\"\nprinciples = [\"p\"]\n+++\n\n# A\n\n";
const EVIDENCE: &str = "## B {#b .refrain}\n\n```sql evidence name=e\nselect ccode as state, year, 'breach' as severity, 'w' as what, source, source_row from vetoes\n```\n\n";

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "```",
    "~~~",
    "{#",
    "}",
    ".refrain",
    "|",
    "..",
    "*",
    "\"",
    "'",
    "=",
    "+++",
    "---",
    "#",
    "## ",
    "> ",
    "- ",
    "\t",
    "\0",
    "\u{202e}",
    "\u{feff}",
    "é",
    "中",
    "1e999",
    "-1",
    "99999999999999999999",
    "9999",
    "select",
    "with recursive",
    "(",
    ")",
    "/*",
    "--",
    ";",
    "null",
    "every.",
    "<script>",
    "&#x1b;",
    "in-force=\"..\"",
    "coverage=1..9999",
    "lookback=100",
    "uses=\"a a\"",
    "[",
    "]",
    "<!--",
    "$$",
    "\\",
];

fn damaged(text: &str, r: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=r.below(4) {
        let at = r.below(chars.len() + 1);
        let to = (at + r.below(60)).min(chars.len());
        match r.below(6) {
            0 => drop(chars.drain(at..to)),
            1 => {
                let part: Vec<char> = chars[at..to].to_vec();
                for _ in 0..=r.below(40) {
                    chars.splice(at..at, part.iter().copied());
                }
            }
            2 => {
                let part: Vec<char> = chars[at..to].to_vec();
                let there = r.below(chars.len() + 1);
                chars.splice(there..there, part);
            }
            3 if at < chars.len() => chars[at] = char::from((r.below(127) + 1) as u8),
            4 => chars.truncate(to.max(1)),
            _ => {
                let piece = PIECES[r.below(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
        }
    }
    chars.into_iter().collect()
}

/// Reads it and shows what is wrong; the answer is small, however the document is.
fn answered(text: &str) -> bool {
    let (policy, diagnostics) = parse("p.md", text);
    assert!(diagnostics.len() <= 101);
    assert!(policy.is_some() || !diagnostics.is_empty());
    let shown = render_all(&diagnostics, "p.md", text, false);
    assert!(shown.len() < 200_000, "{}", shown.len());
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()));
    policy.is_some()
}

/// What a variable of the environment sets, or `COMITY_LONG` for all.
fn asked(variable: &str, long: usize) -> Option<usize> {
    let set = std::env::var(variable).ok().and_then(|n| n.parse().ok());
    set.or(std::env::var_os("COMITY_LONG").map(|_| long))
}

#[test]
fn damaged_documents_get_an_answer() {
    let tries = asked("COMITY_FUZZ", 100_000).unwrap_or(3_000);
    let mut corpus: Vec<String> = vec![template().to_owned()];
    corpus.extend(CODES.iter().map(|c| format!("{FRONT}{EVIDENCE}{}", c.page)));
    let long: Vec<&str> = SHIPPED.iter().map(|p| p.text).collect();
    let record = comity_datasets::starter::record();
    let (mut policies, mut checked) = (0, 0);
    for seed in 0..tries {
        let r = &mut Random(seed as u64);
        let text = if seed % 100 == 0 {
            long[r.below(long.len())]
        } else {
            &corpus[r.below(corpus.len())]
        };
        let text = damaged(text, r);
        policies += usize::from(answered(&text));
        // Planning what is left of its queries ends too.
        if seed % 50 == 1
            && let Some(policy) = parse("p.md", &text).0
        {
            check(&policy, &record);
            checked += 1;
        }
    }
    println!("{tries} documents, {policies} read as policies, {checked} checked");
}

/// Documents that grow what costs most, to about `size` bytes.
fn hostile(size: usize) -> Vec<(&'static str, String)> {
    let fill = |piece: &str| piece.repeat(size / piece.len());
    let numbered = |make: &dyn Fn(usize) -> String| -> String {
        let mut text = String::new();
        let mut n = 0;
        while text.len() < size {
            text.push_str(&make(n));
            n += 1;
        }
        text
    };
    let body = |text: String| format!("{FRONT}{EVIDENCE}{text}");
    let front = |lines: String| {
        format!("+++\nid = \"a\"\ntitle = \"A\"\n{lines}\n+++\n\n# A\n\n{EVIDENCE}")
    };
    vec![
        ("empty headings", body(fill("# \n"))),
        ("numbered headings", body(numbered(&|n| format!("# a {}\n# a\n", n % 50)))),
        ("commitments", body(numbered(&|n| format!("## c {{#c{n} .refrain}}\n")))),
        ("versions of one commitment", body(fill("## c {#c .refrain in-force=\"1949..\"}\n"))),
        (
            "attributes of a heading",
            body(format!("## c {{#c .refrain {}}}\n", numbered(&|n| format!("a{n}=1 ")))),
        ),
        (
            "attributes of a fence",
            body(format!("```sql evidence name=f {}\n```\n", numbered(&|n| format!("a{n}=1 ")))),
        ),
        (
            "names of principles",
            front(format!("principles = [{}]", numbered(&|n| format!("\"p{n}\",")))),
        ),
        ("keys of the front matter", front(numbered(&|n| format!("k{n} = 1\n")))),
        ("nested lists of the front matter", front(format!("principles = {}", fill("[")))),
        (
            "unknown principles",
            body(format!(
                "## c {{#c .refrain principles=\"{}\"}}\n",
                numbered(&|n| format!("p{n} "))
            )),
        ),
        ("unknown uses", {
            let commitments = numbered(&|n| {
                format!(
                    "## c {{#c{n} .refrain}}\n\n```sql evidence name=e uses=\"{}\"\nselect 1\n```\n\n",
                    fill("x ").get(..400).unwrap_or_default()
                )
            });
            body(commitments)
        }),
        ("blocks", body(numbered(&|n| format!("```sql evidence name=e{n}\nselect 1\n```\n\n")))),
        ("helpers", body(numbered(&|n| format!("```sql helper name=h{n}\nselect 1\n```\n\n")))),
        (
            "tests",
            body(numbered(&|n| {
                format!("```expect case=c{n}\nstate | year | verdict\n2 | 1950 | kept\n```\n\n")
            })),
        ),
        (
            "given tables",
            body(numbered(&|n| {
                format!("```given case=c table=vetoes source=s{n}\nccode | year\n2 | 1950\n```\n\n")
            })),
        ),
        (
            "rows for every state and year",
            body(format!(
                "```given case=c table=vetoes\nccode | year\n{}```\n\n```expect case=c\nstate | year | verdict\n2 | 1950 | broken\n```\n",
                fill("*|1816..2030\n").get(..1_990 * 13).unwrap_or(&fill("*|1816..2030\n"))
            )),
        ),
        (
            "years expected",
            body(format!(
                "```expect case=c\nstate | year | verdict\n{}```\n",
                fill("2|1500..1990|kept\n")
                    .get(..1_990 * 18)
                    .unwrap_or(&fill("2|1500..1990|kept\n"))
            )),
        ),
        (
            "unknown columns",
            body(format!(
                "```given case=c table=vetoes\n{}\n1\n```\n",
                numbered(&|n| format!("x{n}|"))
            )),
        ),
        (
            "cells of a row",
            body(format!("```given case=c table=vetoes\nccode | year\n{}\n```\n", fill("1|"))),
        ),
        ("quotations", body(fill("> "))),
        ("lists", body(fill("- "))),
        ("brackets", body(fill("["))),
        ("links", body(fill("[a](b"))),
        ("stars", body(fill("*a **"))),
        ("backquotes", body(numbered(&|n| format!("a{} ", "`".repeat(n % 200 + 1))))),
        ("references", body(numbered(&|n| format!("[r{n}]: x\n\n[r{n}] ")))),
        ("marks of headings", body(fill("a\n===\n"))),
        ("open fences", body(fill("~~~x\n"))),
        ("one long line", body(fill("{#a .b "))),
        ("unclosed quotes", body(fill("## c {#c .refrain a=\"\n"))),
        ("tabs", body(fill("\t- x\n"))),
        ("angles", body(fill("<a "))),
        ("entities", body(fill("&#x41;"))),
        ("control characters", body(fill("\u{7}\n"))),
    ]
}

#[test]
fn hostile_documents_take_time_in_proportion_to_their_size() {
    let asked = asked("COMITY_HOSTILE", 1 << 20);
    let size = asked.unwrap_or(48 << 10);
    let mut slowest = (Duration::ZERO, "");
    for (name, text) in hostile(size) {
        let begun = Instant::now();
        answered(&text);
        let took = begun.elapsed();
        if asked.is_some() {
            println!("{:8.2} s  {} kB  {name}", took.as_secs_f64(), text.len() / 1024);
        }
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
        slowest = slowest.max((took, name));
    }
    println!("{size} bytes each: the slowest, {}, took {:?}", slowest.1, slowest.0);
}
