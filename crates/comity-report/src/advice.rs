//! Advice on acts, in words: what moves, what does not, what is not known, and what followed before. Text, Markdown and a page are made from
//! the same sections.

use std::fmt::Write as _;

use anstyle::Style;
use comity_advice::advice::{ActShown, Advice, Answer, Reciprocal};
use comity_advice::find::Alternatives;
use comity_advice::moves::{Move, StateMoves, Way, YearMove};
use comity_advice::precedents::{Followed, Precedents};
use comity_policy::audit::{Finding, YearVerdict};
use comity_policy::verdict::{Form, Verdict};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::plain::clean;
use crate::terminal::{hanging, lines};
use crate::{evidence, html as page, ribbon, state_name, words, years};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// One part of an advice.
#[derive(Debug, Default)]
struct Section {
    title: String,
    items: Vec<Item>,
}

/// A line, with lines below it.
#[derive(Debug, Default)]
struct Item {
    text: String,
    below: Vec<String>,
    /// Years before and after, where there is room for a picture.
    picture: Option<Markup>,
}

impl Item {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// How much is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown {
    /// Every finding, commitment, precedent and row.
    pub full: bool,
    /// Signs to a line.
    pub width: usize,
}

/// The advice on a terminal, with colour codes.
pub fn text(advice: &Advice, alternatives: Option<&Alternatives>, shown: Shown) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", clean(&heading(advice)));
    lines(&mut out, &answer(advice), shown.width, "");
    for section in sections(advice, alternatives, shown.full) {
        let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", clean(&section.title));
        for item in section.items {
            hanging(&mut out, &format!("  {}", item.text), shown.width);
            for below in item.below {
                hanging(&mut out, &format!("    {below}"), shown.width);
            }
        }
    }
    let _ = writeln!(out, "\n{DIM}{}{DIM:#}", clean(FOOT));
    out
}

/// The advice as a memo in Markdown.
pub fn markdown(advice: &Advice, alternatives: Option<&Alternatives>) -> String {
    let mut out = format!("# {}\n\n{}\n", escaped(&heading(advice)), escaped(&answer(advice)));
    for section in sections(advice, alternatives, true) {
        let _ = writeln!(out, "\n## {}\n", escaped(&section.title));
        for item in section.items {
            let _ = writeln!(out, "* {}", escaped(&item.text));
            for below in item.below {
                let _ = writeln!(out, "  * {}", escaped(&below));
            }
        }
    }
    let _ = writeln!(out, "\n{}", escaped(FOOT));
    out
}

/// Text of a source or a policy is not Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The advice as one page.
pub fn html(advice: &Advice, alternatives: Option<&Alternatives>) -> String {
    let title = heading(advice);
    let body = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (clean(&title)) }
                style { (PreEscaped(page::STYLE)) }
            }
            body { main { (parts(advice, alternatives)) } }
        }
    };
    body.into_string()
}

/// What a page of advice holds.
pub fn parts(advice: &Advice, alternatives: Option<&Alternatives>) -> Markup {
    html! {
        h1 { (clean(&heading(advice))) }
        p { strong { (clean(&answer(advice))) } }
        (below(advice, alternatives))
    }
}

/// What a page of advice holds below its answer.
pub fn below(advice: &Advice, alternatives: Option<&Alternatives>) -> Markup {
    html! {
        @for section in sections(advice, alternatives, true) {
            section {
                h2 { (clean(&section.title)) }
                ul {
                    @for item in &section.items {
                        li {
                            (clean(&item.text))
                            @if let Some(picture) = &item.picture { (picture) }
                            @if !item.below.is_empty() {
                                ul { @for below in &item.below { li { (clean(below)) } } }
                            }
                        }
                    }
                }
            }
        }
        p { small { (FOOT) } }
    }
}

const FOOT: &str = "The acts are suppositions, laid over the record in memory; nothing was written. No commitment that is silent has approved them.";

/// Who does what.
pub fn heading(advice: &Advice) -> String {
    match &advice.acts[..] {
        [one] => format!("{}: {}", state_name(&one.state), one.say),
        many => format!("{} acts, from {}", many.len(), said(&many[0])),
    }
}

fn said(act: &ActShown) -> String {
    format!("{}: {}", state_name(&act.state), act.say)
}

/// The answer in a sentence or two.
pub fn answer(advice: &Advice) -> String {
    let policy = &advice.policy.title;
    let moves = || advice.own.iter().flat_map(|s| &s.moves);
    let against: Vec<&Move> = moves().filter(|m| m.way.objects()).collect();
    let favours = moves().filter(|m| m.way.favours()).count();
    let improves = match favours {
        0 => String::new(),
        n => format!(" It would improve {}.", words::plural(n, "commitment", "commitments")),
    };
    let unknown = match advice.cannot_know.len() {
        0 => String::new(),
        n => format!(" Of {n} more it cannot be known."),
    };
    match advice.answer {
        Answer::Objections => {
            let broken = against
                .iter()
                .filter(|m| m.years.iter().any(|y| y.after == Verdict::Broken))
                .count();
            let worst = match broken {
                0 => String::new(),
                n if n == against.len() => ", broken by it".to_owned(),
                n => format!(", {n} of them broken by it"),
            };
            let n = words::plural(against.len(), "commitment stands", "commitments stand");
            format!("{n} against it under “{policy}”{worst}.{improves}{unknown}")
        }
        Answer::NotKnown => {
            let n = words::plural(advice.cannot_know.len(), "commitment", "commitments");
            format!(
                "Nothing that is known stands against it under “{policy}”, but of {n} it cannot be known.{improves}"
            )
        }
        Answer::NoCommitmentMoves => {
            let n = words::plural(advice.looked.len(), "commitment looks", "commitments look");
            format!("No commitment of “{policy}” moves against it; {n} at it.{improves}")
        }
        Answer::NothingLooks => {
            format!(
                "No commitment of “{policy}” looks at this. That is no approval: the policy cannot see it."
            )
        }
    }
}

fn sections(advice: &Advice, alternatives: Option<&Alternatives>, full: bool) -> Vec<Section> {
    let mut all = Vec::new();
    let mut push = |title: String, items: Vec<Item>| {
        if !items.is_empty() {
            all.push(Section { title, items });
        }
    };
    if advice.acts.len() > 1 {
        let most = if full { usize::MAX } else { 12 };
        push(
            "The acts".into(),
            limited(advice.acts.iter().map(|a| Item::new(said(a))), most, "act", "acts"),
        );
    }
    let own = |wanted: &dyn Fn(Way) -> bool| -> Vec<Item> {
        let several = advice.own.len() > 1;
        let of = |s: &StateMoves| -> Vec<Item> {
            s.moves
                .iter()
                .filter(|m| wanted(m.way))
                .map(|m| moved(m, several.then(|| state_name(&s.state)), full))
                .collect()
        };
        advice.own.iter().flat_map(of).collect()
    };
    push("Stands against it".into(), own(&Way::objects));
    push("Would improve".into(), own(&Way::favours));
    push("Would change".into(), own(&|way| way == Way::Other));
    let looked = advice.looked.iter().map(|l| {
        let name = ribbon::name(l.verdict);
        Item::new(format!(
            "{} (reads {}): {name} before and after",
            l.commitment,
            l.tables.join(", ")
        ))
    });
    push(
        "Looks at it, and does not move".into(),
        limited(looked, if full { usize::MAX } else { 8 }, "commitment", "commitments"),
    );
    let unknown = advice.cannot_know.iter().map(|c| {
        let to = c.answered_to.map_or_else(|| "for no year of this state".to_owned(), |y| format!("to {y}"));
        let tell = if c.would_tell.is_empty() {
            String::new()
        } else {
            format!("; {} would tell", c.would_tell.join(", "))
        };
        Item::new(format!(
            "{}: rests on {} in these years, where the record has no coverage; it is answered {to}{tell}",
            c.commitment,
            c.tables.join(", ")
        ))
    });
    push(
        "Cannot be known".into(),
        limited(unknown, if full { usize::MAX } else { 6 }, "commitment", "commitments"),
    );
    if !advice.blind.is_empty() {
        let list = if full || advice.answer == Answer::NothingLooks {
            advice.blind.join(", ")
        } else {
            String::new()
        };
        let n = words::plural(advice.blind.len(), "commitment reads", "commitments read");
        let text = match list.is_empty() {
            true => format!("{n} nothing of what it writes ({})", tables(advice)),
            false => format!("{n} nothing of what it writes ({}): {list}", tables(advice)),
        };
        push("Does not look at it".into(), vec![Item::new(text)]);
    }
    for other in &advice.others {
        push(
            format!("For {}, under the same policy", state_name(&other.state)),
            theirs(other, full),
        );
    }
    if let Some(reciprocal) = &advice.reciprocal {
        push("If it were done to the state".into(), turned(reciprocal, full));
    }
    for precedents in &advice.precedents {
        push(format!("What happened before: {}", precedents.kind), before(precedents, full));
    }
    if let Some(found) = alternatives {
        push("Alternatives".into(), others(found, full));
    }
    let mut assumed: Vec<Item> =
        advice.assumptions.iter().map(|a| Item::new(words::capital(a))).collect();
    let carried = advice.standing.iter().map(|c| Item::new(words::capital(&c.in_words())));
    assumed.extend(limited(
        carried,
        if full { usize::MAX } else { 3 },
        "kind of fact",
        "kinds of facts",
    ));
    push("Taken for granted".into(), assumed);
    if full {
        let rows = advice.rows.iter().map(|r| {
            let cells: Vec<String> = r.cells.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let of =
                r.of.as_ref()
                    .map(|(source, key)| format!(" [{source}: {key}]"))
                    .unwrap_or_default();
            Item::new(format!("{} {}: {}{of}", r.table, r.does, cells.join(" ")))
        });
        push("The rows that are written".into(), limited(rows, 200, "row", "rows"));
    }
    all
}

fn tables(advice: &Advice) -> String {
    let mut all: Vec<&str> = advice.rows.iter().map(|r| r.table.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}

/// At most so many items, and how many more there are.
fn limited(items: impl Iterator<Item = Item>, most: usize, one: &str, many: &str) -> Vec<Item> {
    let all: Vec<Item> = items.collect();
    let rest = all.len().saturating_sub(most);
    let mut shown: Vec<Item> = all.into_iter().take(most).collect();
    if rest > 0 {
        shown.push(Item::new(format!("and {} more (--full)", words::plural(rest, one, many))));
    }
    shown
}

fn verdict(verdict: Verdict, at_least: Option<Verdict>) -> String {
    match at_least {
        Some(_) => Form::StrainedOrWorse.name().to_owned(),
        None => ribbon::name(verdict).to_owned(),
    }
}

/// Years with the same change, together.
fn changes(all: &[YearMove]) -> Vec<String> {
    let mut groups: Vec<(String, Vec<i32>)> = Vec::new();
    for y in all {
        let text = format!(
            "{} → {}",
            verdict(y.before, y.before_at_least),
            verdict(y.after, y.after_at_least)
        );
        match groups.iter_mut().find(|(known, _)| *known == text) {
            Some((_, years)) => years.push(y.year),
            None => groups.push((text, vec![y.year])),
        }
    }
    groups
        .into_iter()
        .map(|(text, years)| format!("{text} in {}", years::list_of(years, 4)))
        .collect()
}

fn moved(m: &Move, state: Option<String>, full: bool) -> Item {
    let of = state.map(|s| format!("{s}: ")).unwrap_or_default();
    let what = match m.way {
        Way::MoreFound => "more is found; no verdict moves".to_owned(),
        Way::LessFound => "less is found; no verdict moves".to_owned(),
        Way::ValueWorse | Way::ValueBetter if m.years.is_empty() => "no verdict moves".to_owned(),
        _ if m.years.is_empty() => "changes".to_owned(),
        _ => changes(&m.years).join("; "),
    };
    let mut below = Vec::new();
    let most = if full { usize::MAX } else { 3 };
    for (sign, findings) in [("+", &m.added), ("−", &m.removed)] {
        let (said, rest) = found(findings, most);
        below.extend(said.into_iter().map(|text| format!("{sign} {text}")));
        if rest > 0 {
            below.push(format!("{sign} and {rest} more (--full)"));
        }
    }
    let most = if full { usize::MAX } else { 2 };
    for v in m.values.iter().take(most) {
        let of = |v: Option<f64>| v.map_or_else(|| "no value".to_owned(), figure);
        below.push(format!("{} in {}: {} → {}", v.block, v.year, of(v.before), of(v.after)));
    }
    if m.values.len() > most {
        below.push(format!(
            "and {} more (--full)",
            words::plural(m.values.len() - most, "value", "values")
        ));
    }
    let clauses: Vec<String> =
        m.clauses.iter().map(|c| format!("{} (line {})", c.block, c.line)).collect();
    if !clauses.is_empty() {
        below.push(format!("by {} of the policy", clauses.join(", ")));
    }
    let text = format!("{of}{} [{}]: {what}", m.title, m.commitment);
    Item { text, below, picture: ribbons(m) }
}

/// The years before and after under each other.
fn ribbons(m: &Move) -> Option<Markup> {
    let (before, after) = m.ribbons.as_ref()?;
    let (from, to) = (after.first()?.year, after.last()?.year);
    // Without axes both are as wide, and years stand under years.
    let row = |when: &str, verdicts: &[YearVerdict]| {
        let label = format!("{}, {when}: {from} to {to}", m.title);
        html! {
            tr {
                th scope="row" { (when) ", " (from) " to " (to) }
                td class="picture" { (page::ribbon::svg(verdicts, from, to, &label, false)) }
            }
        }
    };
    Some(html! {
        table class="ribbons" { tbody { (row("before", before)) (row("after", after)) } }
    })
}

/// A figure with four digits that count.
fn figure(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = (3 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    format!("{value:.digits$}")
}

/// Findings that are the same in several years, together; how many are left out.
fn found(findings: &[Finding], most: usize) -> (Vec<String>, usize) {
    let mut groups: Vec<(String, Vec<i32>)> = Vec::new();
    for f in findings {
        let other = evidence::other(f);
        let toward = if other.is_empty() { String::new() } else { format!(" ({other})") };
        let label = f.label.as_ref().map(|l| format!(", {l}")).unwrap_or_default();
        let text = format!("{}: {}{toward}{label}", f.severity.name(), f.what);
        match groups.iter_mut().find(|(known, _)| *known == text) {
            Some((_, years)) => years.push(f.year),
            None => groups.push((text, vec![f.year])),
        }
    }
    let rest = groups.len().saturating_sub(most);
    let said = groups
        .into_iter()
        .take(most)
        .map(|(text, years)| format!("{}: {text}", years::list_of(years, 3)));
    (said.collect(), rest)
}

fn theirs(other: &StateMoves, full: bool) -> Vec<Item> {
    other.moves.iter().map(|m| moved(m, None, full)).collect()
}

fn turned(reciprocal: &Reciprocal, full: bool) -> Vec<Item> {
    let mut items = Vec::new();
    for act in &reciprocal.acts {
        items.push(Item::new(format!("{}, supposed", said(act))));
    }
    for state in &reciprocal.theirs {
        let against: Vec<&Move> = state.moves.iter().filter(|m| m.way.objects()).collect();
        let named: Vec<&str> = against.iter().map(|m| m.commitment.as_str()).collect();
        let text = match named.is_empty() {
            true => format!("nothing would stand against {}", state_name(&state.state)),
            false => {
                format!("against {} would stand: {}", state_name(&state.state), named.join(", "))
            }
        };
        items.push(Item::new(text));
    }
    for state in &reciprocal.own {
        for m in state.moves.iter().filter(|m| m.way.objects() || full) {
            items.push(moved(m, Some(state_name(&state.state)), full));
        }
    }
    items
}

fn before(p: &Precedents, full: bool) -> Vec<Item> {
    let mut items = Vec::new();
    if p.earlier == 0 {
        let not = if p.not_single > 0 {
            format!(" ({} are no single act between two states)", p.not_single)
        } else {
            String::new()
        };
        return vec![Item::new(format!("the record has no earlier act of this kind{not}"))];
    }
    let n = words::plural(p.earlier, "earlier act", "earlier acts");
    items.push(Item::new(format!(
        "{n} of this kind in the record, {} with this state. The nearest {} are compared (by {}); what followed is counted, and is no forecast.",
        p.by_the_same_state,
        p.nearest.len(),
        p.matched_on.join(", "),
    )));
    let mut by_outcome: Vec<(&str, Vec<&Followed>)> = Vec::new();
    for f in &p.followed {
        match by_outcome.iter_mut().find(|(o, _)| *o == f.outcome) {
            Some((_, all)) => all.push(f),
            None => by_outcome.push((f.outcome, vec![f])),
        }
    }
    for (outcome, all) in by_outcome {
        let said: Vec<String> = all.iter().map(|f| followed(f)).collect();
        items.push(Item::new(format!("{outcome}: {}", said.join("; "))));
    }
    let most = if full { usize::MAX } else { 5 };
    let near = p.nearest.iter().map(|one| {
        let other = one.other.as_ref().map(|o| format!(" – {}", state_name(o))).unwrap_or_default();
        let after: Vec<String> = one
            .followed
            .iter()
            .filter_map(|(what, year)| Some(format!("{what} {}", (*year)?)))
            .collect();
        let after =
            if after.is_empty() { String::new() } else { format!(": {}", after.join(", ")) };
        Item::new(format!(
            "{} {}{other}{after} [{}: {}]",
            one.from,
            state_name(&one.state),
            one.source,
            one.source_row
        ))
    });
    items.extend(limited(near, most, "precedent", "precedents"));
    items
}

fn followed(f: &Followed) -> String {
    let interval = f.interval.map_or_else(String::new, |(low, high)| {
        format!(" ({:.0} to {:.0} %)", low * 100.0, high * 100.0)
    });
    let unit = if f.years == 1 { "year" } else { "years" };
    if f.of == 0 {
        return format!("within {} {unit} not known", f.years);
    }
    format!("within {} {unit} {} of {}{interval}", f.years, f.times, f.of)
}

fn others(found: &Alternatives, full: bool) -> Vec<Item> {
    let mut items = Vec::new();
    let clear = found.clear.iter().map(|c| {
        let improves = if c.improves.is_empty() {
            String::new()
        } else {
            format!("; improves {}", c.improves.join(", "))
        };
        Item::new(format!(
            "{} ({} looks at it{improves})",
            c.say,
            words::plural(c.looked, "commitment", "commitments")
        ))
    });
    let n = found.tried;
    match found.clear.is_empty() {
        true => items.push(Item::new(format!(
            "none of the {n} acts that were tried is free of objections and seen by a commitment"
        ))),
        false => {
            items.push(Item::new(format!("of {n} acts toward the same state that were tried, these move no commitment for the worse:")));
            items.extend(limited(clear, if full { usize::MAX } else { 12 }, "act", "acts"));
        }
    }
    if !found.unseen.is_empty() {
        items.push(Item::new(format!("no commitment looks at: {}", found.unseen.join("; "))));
    }
    if !found.not_known.is_empty() {
        items.push(Item::new(format!("cannot be known of: {}", found.not_known.join("; "))));
    }
    if full && !found.refused.is_empty() {
        items.push(Item::new(format!("contradict the record: {}", found.refused.join("; "))));
    }
    items
}
