//! The document as a run of sections: articles, and the commitments under each with their blocks.

use std::collections::BTreeSet;

use super::fences::{EvidenceAttributes, Fence, Machine};
use super::headings::{self, Heading};
use super::outline::Block;
use super::section::{ArticleSection, Section, Sections};
use super::{fences, tables, thresholds};
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::{Acts, Bar, Evidence, Given, Helper, Query, Span};

const MOST_ARTICLES: usize = 2_000;
const MOST_COMMITMENTS: usize = 500;
const MOST_BLOCKS: usize = 4_000;
/// Most expected verdicts in a document, ranges of years counted out.
const MOST_EXPECTED: usize = 20_000;

/// Most rows that the tests of a document give, ranges of years and rows for every other state counted out.
const MOST_LAID_OUT: usize = 1_000_000;

pub(super) struct Reader<'a> {
    text: &'a str,
    principles: Option<&'a [String]>,
    out: &'a mut Diagnostics,
    found: Sections,
    /// Where the prose that is being gathered starts, and the prose so far.
    prose_from: usize,
    prose: String,
    in_commitment: bool,
    expected: usize,
    laid_out: usize,
}

impl<'a> Reader<'a> {
    pub fn new(
        text: &'a str,
        from: usize,
        principles: Option<&'a [String]>,
        out: &'a mut Diagnostics,
    ) -> Self {
        Self {
            text,
            principles,
            out,
            found: Sections::default(),
            prose_from: from,
            prose: String::new(),
            in_commitment: false,
            expected: 0,
            laid_out: 0,
        }
    }

    /// Reads the blocks, in order.
    pub fn read(mut self, blocks: &[Block]) -> Sections {
        let mut machine = 0;
        for block in blocks {
            match *block {
                Block::Heading { level, text, lines } => {
                    let heading = headings::read(self.text, text, self.out);
                    self.heading(level, heading, lines);
                    if self.found.commitments.len() > MOST_COMMITMENTS
                        || self.found.articles.len() > MOST_ARTICLES
                    {
                        self.too_large(lines);
                        break;
                    }
                }
                Block::Fence { info, body, lines, closed, nested } => {
                    let Fence::Machine(block, at) = self.fence(info, lines, closed, nested) else {
                        continue;
                    };
                    machine += 1;
                    if machine > MOST_BLOCKS {
                        self.too_large(lines);
                        break;
                    }
                    self.machine(block, at, info, body);
                }
            }
        }
        self.end_prose(self.text.len());
        self.found
    }

    fn too_large(&mut self, at: Span) {
        self.out.push(
            Diagnostic::error("too-large", "the document has too many articles, commitments or blocks", at)
                .with_help(format!("a document has at most {MOST_ARTICLES} articles, {MOST_COMMITMENTS} commitments and {MOST_BLOCKS} blocks; split it")),
        );
    }

    fn fence(&mut self, info: Span, lines: Span, closed: bool, nested: bool) -> Fence {
        let fence = fences::read(self.text, info, self.out);
        if fence == Fence::Prose {
            return fence;
        }
        let place = Span { start: info.start, end: info.end.max(info.start) };
        if nested {
            self.out.push(
                Diagnostic::error(
                    "nested-block",
                    "a block for the machine stands inside a list or a quotation",
                    place,
                )
                .with_help("move it out, to the left margin"),
            );
            return Fence::Broken;
        }
        self.cut_prose(lines.start, lines.end);
        if !closed {
            self.out.push(
                Diagnostic::error(
                    "unclosed-fence",
                    "this block is not closed; it takes all the rest of the document",
                    place,
                )
                .with_help("end it with a line of the same marks, for example three backquotes"),
            );
        }
        if fence == Fence::Broken
            && let Some(section) = self.current()
        {
            section.evidence_broken = true;
        }
        fence
    }

    fn current(&mut self) -> Option<&mut Section> {
        if self.in_commitment { self.found.commitments.last_mut() } else { None }
    }

    /// Adds the prose up to `to`, and goes on at `next`.
    fn cut_prose(&mut self, to: usize, next: usize) {
        let part = self.text[self.prose_from.min(to)..to].trim_matches('\n').trim_end();
        if !part.trim().is_empty() {
            if !self.prose.is_empty() {
                self.prose.push_str("\n\n");
            }
            self.prose.push_str(part);
        }
        self.prose_from = next.max(self.prose_from);
    }

    fn end_prose(&mut self, to: usize) {
        self.cut_prose(to, to);
        let prose = std::mem::take(&mut self.prose);
        if let Some(section) = self.current() {
            section.prose = prose;
        } else if let Some(article) = self.found.articles.last_mut() {
            article.prose = prose;
        } else if !prose.is_empty() {
            self.found.articles.push(ArticleSection {
                title: "Preamble".into(),
                prose,
                ..ArticleSection::default()
            });
        }
    }

    fn heading(&mut self, level: u8, heading: Heading, lines: Span) {
        let commitment =
            match level {
                1 => false,
                2 if heading.attributed => true,
                // Without attributes it is a heading for readers, except where a commitment would swallow it.
                2 if self.in_commitment => {
                    self.out.push(
                    Diagnostic::error("missing-kind", format!(
                            "the heading {} is not a commitment and follows one",
                            quote(&heading.title)
                        ), heading.whole)
                    .with_help(
                        "add `{#id .refrain}` (or another kind), or make it a heading of three `#`",
                    ),
                );
                    return;
                }
                _ => {
                    if heading.has_kind() {
                        self.out.push(
                            Diagnostic::error(
                                "wrong-level",
                                format!(
                                    "the commitment {} is a heading of {level} `#`",
                                    quote(&heading.title)
                                ),
                                heading.whole,
                            )
                            .with_help("a commitment is a heading of two `#`, an article of one"),
                        );
                    }
                    return;
                }
            };
        if level == 1 && heading.has_kind() {
            self.out.push(
                Diagnostic::error(
                    "wrong-level",
                    format!("the commitment {} is a heading of one `#`", quote(&heading.title)),
                    heading.whole,
                )
                .with_help("a commitment is a heading of two `#`, under an article of one"),
            );
        }
        self.end_prose(lines.start);
        self.prose_from = lines.end;
        if commitment || heading.has_kind() {
            self.commitment(heading);
        } else {
            self.in_commitment = false;
            let classes = heading.article_classes(self.out);
            self.found.articles.push(ArticleSection {
                title: heading.title,
                id: heading.id,
                classes,
                prose: String::new(),
            });
        }
    }

    fn commitment(&mut self, heading: Heading) {
        if self.found.articles.is_empty() {
            self.out.push(
                Diagnostic::error(
                    "no-article",
                    format!("the commitment {} stands in no article", quote(&heading.title)),
                    heading.whole,
                )
                .with_help("put a heading of one `#` above it"),
            );
            self.found
                .articles
                .push(ArticleSection { title: "Commitments".into(), ..ArticleSection::default() });
        }
        if heading.title.is_empty() {
            self.out.push(
                Diagnostic::error("no-title", "the commitment has no title", heading.whole)
                    .with_help("write `## Title {#id .refrain}`"),
            );
        }
        if heading.id.is_none() {
            self.out.push(
                Diagnostic::error(
                    "missing-id",
                    format!("the commitment {} has no id", quote(&heading.title)),
                    heading.whole,
                )
                .with_help(format!(
                    "add one that will not change: `{{#{} …}}`",
                    super::words::slug(&heading.title)
                )),
            );
        }
        let kind = heading.kind(self.out);
        heading.check_keys(kind, self.out);
        let watch = heading.watch(kind, self.out);
        let better = heading.better(kind, self.out);
        let bar = heading.bar(kind, better, self.out);
        let principles = heading.principles(self.principles, self.out);
        let in_force = heading.in_force(self.out);
        let in_force_at = heading.in_force_at();
        let (id, id_at) = heading.id.unwrap_or_else(|| (String::new(), heading.whole));
        self.in_commitment = true;
        self.found.commitments.push(Section {
            title: heading.title,
            id,
            id_at,
            heading: heading.whole,
            article: self.found.articles.len() - 1,
            kind,
            better,
            bar,
            principles,
            watch,
            in_force: in_force.and_then(Result::ok),
            in_force_at,
            in_force_broken: in_force == Some(Err(())),
            prose: String::new(),
            applies: Vec::new(),
            evidence: Vec::new(),
            evidence_broken: false,
            given: Vec::new(),
            expect: Vec::new(),
        });
    }

    /// The bar of one block, in the direction of its commitment.
    fn block_bar(&mut self, bar: Vec<(String, String, Span)>) -> Option<Bar> {
        let section = self.found.commitments.last()?;
        headings::bar(&bar, section.kind, section.better, self.out)
    }

    fn machine(&mut self, block: Machine, at: Span, info: Span, body: Span) {
        let query = || Query { sql: self.text[body.start..body.end].to_string(), span: body };
        if matches!(block, Machine::Evidence(_) | Machine::Applies | Machine::Helper { .. })
            && self.text[body.start..body.end].trim().is_empty()
        {
            self.out.push(
                Diagnostic::error("empty-query", "the block has no query", info)
                    .with_help("write one `select`, or remove the block"),
            );
            self.current().into_iter().for_each(|s| s.evidence_broken = true);
            return;
        }
        if let Machine::Helper { name } = block {
            if let Some((_, first)) = self.found.helpers.iter().find(|(h, _)| h.name == name) {
                self.out.push(
                    Diagnostic::error(
                        "duplicate-name",
                        format!("a second helper {}", quote(&name)),
                        at,
                    )
                    .with_label(*first, "first here")
                    .with_help("give it another name"),
                );
            } else {
                let query = query();
                self.found.helpers.push((Helper { name, query }, at));
            }
            return;
        }
        if block == Machine::Acts {
            let text = self.text[body.start..body.end].to_string();
            self.found.acts.push(Acts { text, span: body });
            return;
        }
        if block == Machine::Thresholds {
            let known = &self.found.thresholds;
            let more = thresholds::read(self.text, body, info, known, self.out);
            self.found.thresholds.extend(more);
            return;
        }
        if !self.in_commitment {
            self.out.push(
                Diagnostic::error("outside-commitment", "this block stands under no commitment", info)
                    .with_help("move it under a heading `## Title {#id .refrain}`; only `sql helper`, `acts` and `thresholds` blocks stand anywhere"),
            );
            return;
        }
        match block {
            Machine::Evidence(attributes) => {
                let EvidenceAttributes {
                    name,
                    lookback,
                    source,
                    supplementary,
                    uses,
                    exempts,
                    decides,
                    promises,
                    magnitude,
                    bar,
                } = *attributes;
                let query = query();
                let bar = self.block_bar(bar);
                let Some(section) = self.found.commitments.last_mut() else { return };
                if let Some((_, first, _)) = section.evidence.iter().find(|(e, ..)| e.name == name)
                {
                    let first = *first;
                    self.out.push(
                        Diagnostic::error(
                            "duplicate-name",
                            format!("a second evidence block {}", quote(&name)),
                            at,
                        )
                        .with_label(first, "first here")
                        .with_help("give it another name"),
                    );
                    return;
                }
                let names: BTreeSet<String> = uses.iter().map(|(u, _)| u.clone()).collect();
                let block = Evidence {
                    name,
                    query,
                    lookback,
                    source,
                    supplementary,
                    uses: names.into_iter().collect(),
                    exempts,
                    decides,
                    promises,
                    magnitude,
                    bar,
                };
                section.evidence.push((block, at, uses));
            }
            Machine::Applies => {
                let query = query();
                self.current().into_iter().for_each(|s| s.applies.push(query.clone()));
            }
            Machine::Given { case, table: (table, table_at), source, coverage, units } => {
                let (columns, mut rows) =
                    tables::given(self.text, &table, table_at, body, info, self.out);
                let room = MOST_LAID_OUT - self.laid_out;
                let wanted = tables::laid_out(&table, &columns, &rows);
                if wanted > room {
                    self.out.push(
                        Diagnostic::error("too-large", "the tests of the document give too many rows", info)
                            .with_help(format!("they give at most {MOST_LAID_OUT}, ranges of years and `*` counted out; give fewer years, or fewer rows of `*`")),
                    );
                    rows.clear();
                }
                self.laid_out += wanted.min(room);
                let given = Given { table, source, coverage, units, columns, rows, span: info };
                self.current()
                    .into_iter()
                    .for_each(|s| s.given.push((case.clone(), at, given.clone())));
            }
            Machine::Expect { case } => {
                let mut rows = tables::expect(self.text, body, info, self.out);
                let room = MOST_EXPECTED - self.expected;
                if rows.len() > room {
                    self.out.push(
                        Diagnostic::error("too-large", "the document expects too many verdicts", info)
                            .with_help(format!("a document expects at most {MOST_EXPECTED}, ranges of years counted out")),
                    );
                    rows.truncate(room);
                }
                self.expected += rows.len();
                self.current()
                    .into_iter()
                    .for_each(|s| s.expect.push((case.clone(), info, std::mem::take(&mut rows))));
            }
            Machine::Helper { .. } | Machine::Acts | Machine::Thresholds => {}
        }
    }
}
