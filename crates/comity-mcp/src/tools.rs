//! The tools: questions to the library, answered off the threads that carry messages.

use std::sync::Arc;

use comity::verdicts::{COUNTS, FINDINGS, LATEST, VERDICTS, table};
use comity::{
    AdviceAsked, Error, PanelRequest, Policy, QueryBounds, Record, Source, VerdictFilter, measure,
};
use comity_report::{advice, why};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolResult, ContentBlock, Implementation, ListResourceTemplatesResult, ListResourcesResult,
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult,
    ResourceContents, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};

use crate::answers::{self, Said};
use crate::ask::{
    AdviseAsk, AuditAsk, MeasureAsk, PanelAsk, PoliciesAsk, QueryAsk, SourcesAsk, StatesAsk,
    VerdictsAsk, WhyAsk,
};
use crate::desk::{Desk, Opened, short};
use crate::resources;

/// Rows that are shown where nothing is said, and at most.
const ROWS: (usize, usize) = (50, 500);

/// What a query of a client may use.
const BOUNDS: QueryBounds =
    QueryBounds { rows: 100_000, memory: 1 << 30, time: std::time::Duration::from_secs(15) };

/// Signs to a line of a text.
const WIDTH: usize = 110;

const INSTRUCTIONS: &str = "Comity audits what states did against a policy: a document of commitments, each bound to queries over a \
record of published facts. Begin with `audit`; `why` explains one verdict down to the rows; `query` answers SQL over the record. Verdicts: kept, \
strained, broken, contested (sources disagree), unknown (no source covers it: never the same as kept), no-occasion, not-applicable. Say what is \
unknown, and give the sources that come with each answer. There is no score and no ranking of states.";

/// The tools of one server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tools {
    desk: Arc<Desk>,
    tool_router: ToolRouter<Self>,
}

#[tool_router(router = tool_router)]
impl Tools {
    /// The tools over a desk.
    pub fn new(desk: Arc<Desk>) -> Self {
        Self { desk, tool_router: Self::tool_router() }
    }

    /// What a state did against what a policy says, commitment by commitment: the answer in a sentence, years kept, strained, broken and
    /// unknown, how all states fared, what would answer the unknown. With `commitments`, the findings behind them and their sources too.
    #[tool(annotations(title = "Audit a state", read_only_hint = true, open_world_hint = false))]
    async fn audit(&self, Parameters(ask): Parameters<AuditAsk>) -> CallToolResult {
        self.answer(move |desk, opened| {
            let policy = desk.policy(ask.policy.as_deref())?;
            policy.has(&ask.commitments)?;
            let tables = opened.record().tables();
            let years = years(opened.record(), ask.from, ask.to);
            let state = comity::state_in(tables, &ask.state, years)?;
            let verdicts = desk.verdicts(opened, policy, &ask.commitments)?;
            let report = verdicts.evaluation().report(&[state], ask.from, ask.to)?;
            let mut said =
                answers::audit(&report, !ask.commitments.is_empty(), &opened.record().unread())?;
            if let Some(how) = comity::how_read(tables, &ask.state, years)? {
                said.text = format!("{how}\n{}", said.text);
            }
            Ok(said)
        })
        .await
    }

    /// One verdict explained: the rule that made it, the rows that decide it with their sources, what each reading of the sources says, and
    /// where silence counted.
    #[tool(annotations(
        title = "Explain a verdict",
        read_only_hint = true,
        open_world_hint = false
    ))]
    async fn why(&self, Parameters(ask): Parameters<WhyAsk>) -> CallToolResult {
        self.answer(move |desk, opened| {
            let policy = desk.policy(ask.policy.as_deref())?;
            policy.has(std::slice::from_ref(&ask.commitment))?;
            let years = ask.year.map(|year| (year, year));
            let state = comity::state_in(opened.record().tables(), &ask.state, years)?;
            let verdicts = desk.verdicts(opened, policy, &[])?;
            let evaluation = verdicts.evaluation();
            let change = match ask.year {
                Some(_) => None,
                None => Some(evaluation.last_change(state, &ask.commitment)?),
            };
            let year = ask.year.or(change.map(|c| c.year)).unwrap_or_default();
            let mut said = evaluation.why(state, &ask.commitment, year)?;
            said.change = change;
            let shown = why::Shown { full: ask.full, sql: ask.full, repeat: "", width: WIDTH };
            let mut text = plain(&why::render(&said, shown));
            text.push_str("\nSources:\n");
            for source in &said.sources {
                text.push_str(&format!("- {}: {}\n", source.label(), source.citation));
            }
            Ok(text.into())
        })
        .await
    }

    /// Verdicts of many states as rows: for lists, comparisons and counts.
    #[tool(annotations(
        title = "Verdicts as rows",
        read_only_hint = true,
        open_world_hint = false
    ))]
    async fn verdicts(&self, Parameters(ask): Parameters<VerdictsAsk>) -> CallToolResult {
        self.answer(move |desk, opened| {
            let policy = desk.policy(ask.policy.as_deref())?;
            policy.has(&ask.commitments)?;
            let tables = opened.record().tables();
            let verdict = |text: &String| text.parse().map_err(|e: String| Error::new(e));
            let filter = VerdictFilter {
                states: comity::states_in(
                    tables,
                    &ask.states,
                    years(opened.record(), ask.from, ask.to),
                )?,
                from: ask.from,
                to: ask.to,
                commitments: ask.commitments.clone(),
                verdicts: ask.verdicts.iter().map(verdict).collect::<Result<_, _>>()?,
            };
            let verdicts = desk.verdicts(opened, policy, &ask.commitments)?;
            let batch = match ask.show.as_deref().unwrap_or("rows") {
                "rows" => table(VERDICTS, &verdicts.rows(&filter)?)?,
                "findings" => table(FINDINGS, &verdicts.findings(&filter)?)?,
                "latest" => table(LATEST, &verdicts.latest(&filter)?)?,
                "counts" => table(COUNTS, &verdicts.counts(&filter)?)?,
                other => {
                    return Err(Error::new(format!("`{}` cannot be shown", short(other)))
                        .help("show one of rows, findings, latest, counts"));
                }
            };
            let mut said = answers::rows(&batch, Some(batch.num_rows()), limit(ask.limit)?, [])?;
            let ids = verdicts.sources().join(", ");
            said.text.push_str(&format!("Sources that answer under this policy: {ids}. `sources` with an id gives the citation.\n"));
            Ok(said)
        })
        .await
    }

    /// The first rows of a research table (state-years, dyad-years and other units with groups of columns), with its sources. For a whole
    /// table use the command `comity panel` or the Python package.
    #[tool(annotations(title = "Research panel", read_only_hint = true, open_world_hint = false))]
    async fn panel(&self, Parameters(ask): Parameters<PanelAsk>) -> CallToolResult {
        self.answer(move |_, opened| {
            let limit = limit(ask.limit)?;
            let request = PanelRequest {
                unit: ask.unit.clone(),
                system: ask.system.clone().unwrap_or_else(|| PanelRequest::default().system),
                directed: ask.directed,
                years: ask.years.clone(),
                states: ask.states.clone(),
                with: ask.with.clone(),
                columns: ask.columns.clone(),
                add: ask.add.clone(),
                keep: ask.keep.clone(),
                ..PanelRequest::default()
            };
            let panel = opened.record().panel(request)?;
            let (mut batches, mut rows) = (Vec::new(), 0);
            // One more than is shown tells whether there are more.
            for batch in panel.part((0..panel.schema().fields().len()).collect()) {
                let batch = batch?;
                rows += batch.num_rows();
                batches.push(batch);
                if rows > limit {
                    break;
                }
            }
            let batch = arrow::compute::concat_batches(&panel.schema(), &batches)
                .map_err(|e| Error::new(e.to_string()))?;
            let behind = comity::panel_sources(opened.record().tables(), &panel);
            let of = (rows <= limit).then_some(rows);
            let mut said = answers::rows(&batch, of, limit, behind)?;
            said.text.push_str("\nColumns:\n");
            for about in panel.about() {
                said.text.push_str(&format!("- {}: {}\n", about.name, about.doc));
            }
            Ok(said)
        })
        .await
    }

    /// One `SELECT` over the tables and views of the record, in bounded time and memory, with the sources it rests on. `show tables` lists the
    /// tables, `describe TABLE` their columns; `verdicts` and `verdict_findings` are tables too.
    #[tool(annotations(
        title = "SQL over the record",
        read_only_hint = true,
        open_world_hint = false
    ))]
    async fn query(&self, Parameters(ask): Parameters<QueryAsk>) -> CallToolResult {
        self.answer(move |desk, opened| {
            let limit = limit(ask.limit)?;
            let policy = desk.policy(ask.policy.as_deref())?;
            let answered =
                opened.record().query_under_within(policy, &desk.options(), &ask.sql, BOUNDS)?;
            let behind = sources(opened.record(), &answered.sources);
            answers::rows(&answered.rows, Some(answered.rows.num_rows()), limit, behind)
        })
        .await
    }

    /// Finds states by code or name, with their codes and the years in which they were in the state system.
    #[tool(annotations(title = "States", read_only_hint = true, open_world_hint = false))]
    async fn states(&self, Parameters(ask): Parameters<StatesAsk>) -> CallToolResult {
        self.answer(move |_, opened| {
            let system = opened.record().tables().states()?;
            let found = comity::states_found(system, ask.find.as_deref(), ask.year)?;
            let lines: Vec<String> = found.into_iter().map(comity::choice).collect();
            Ok(format!(
                "{}\n[{} states: abbreviation, ccode, name, years]\n",
                lines.join("\n"),
                lines.len()
            )
            .into())
        })
        .await
    }

    /// The datasets that can be read, whether this record has them, their licence and how to get them.
    #[tool(annotations(title = "Sources", read_only_hint = true, open_world_hint = false))]
    async fn sources(&self, Parameters(ask): Parameters<SourcesAsk>) -> CallToolResult {
        self.answer(move |_, opened| {
            sources_said(opened.record(), ask.dataset.as_deref()).map(Said::from)
        })
        .await
    }

    /// The field's measures (CINC, S-score, power ratio, …): a list; one explained with its formula and reference; or, with parameters, its
    /// values.
    #[tool(annotations(title = "Measures", read_only_hint = true, open_world_hint = false))]
    async fn measure(&self, Parameters(ask): Parameters<MeasureAsk>) -> CallToolResult {
        self.answer(move |_, opened| {
            let limit = limit(ask.limit)?;
            let Some(name) = &ask.name else {
                let line = |m: &measure::Measure| format!("- {}: {}", m.name, m.title);
                let lines: Vec<String> = measure::MEASURES.iter().map(|m| line(m)).collect();
                return Ok(lines.join("\n").into());
            };
            let named = measure::named(name)?;
            if ask.given.is_empty() {
                return Ok(measure::explain(named).into());
            }
            let request = measure::MeasureRequest {
                given: ask.given.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
                ..Default::default()
            };
            let batch = opened.record().measure(named, &request)?;
            let behind = measure::sources(opened.record().tables(), named, &request)?;
            answers::rows(&batch, Some(batch.num_rows()), limit, behind)
        })
        .await
    }

    /// Tests acts before they are taken: which commitments they would move, by which rows, what cannot be known, what no commitment looks at,
    /// and what followed earlier acts of the kind. Nothing is written. It is no forecast.
    #[tool(annotations(
        title = "Advise on an act",
        read_only_hint = true,
        open_world_hint = false
    ))]
    async fn advise(&self, Parameters(ask): Parameters<AdviseAsk>) -> CallToolResult {
        self.answer(move |desk, opened| {
            let policy = desk.policy(ask.policy.as_deref())?;
            if ask.acts.is_empty() {
                let line = |a: &comity::ActAbout| {
                    format!(
                        "- {}: {} Say: {}",
                        a.id,
                        a.doc,
                        a.say.first().map_or("", String::as_str)
                    )
                };
                let acts = comity::acts(policy)?;
                return Ok(acts.iter().map(line).collect::<Vec<_>>().join("\n").into());
            }
            let asked = AdviceAsked {
                say: ask.acts.clone(),
                to: ask.to,
                precedents: ask.precedents.unwrap_or(5).min(20),
                reciprocal: true,
                ..AdviceAsked::default()
            };
            let advised = opened.record().advise(policy, &ask.state, &asked, &desk.options())?;
            let shown = advice::Shown { full: false, width: WIDTH };
            Ok(plain(&advice::text(&advised.advice, None, shown)).into())
        })
        .await
    }

    /// The policies that can be asked under: a list; one with its commitments; or one commitment with its text and its queries.
    #[tool(annotations(title = "Policies", read_only_hint = true, open_world_hint = false))]
    async fn policies(&self, Parameters(ask): Parameters<PoliciesAsk>) -> CallToolResult {
        self.answer(move |desk, _| match (&ask.policy, &ask.commitment) {
            (None, None) => {
                let line = |p: &Arc<Policy>| {
                    let document = p.document();
                    format!(
                        "- {}: {} ({} commitments)",
                        document.id,
                        document.title,
                        document.commitments.len()
                    )
                };
                Ok(desk.policies().iter().map(line).collect::<Vec<_>>().join("\n").into())
            }
            (id, None) => Ok(answers::policy(desk.policy(id.as_deref())?).into()),
            (id, Some(commitment)) => {
                Ok(answers::commitment_text(desk.policy(id.as_deref())?, commitment)?.into())
            }
        })
        .await
    }
}

impl Tools {
    /// Answers off the threads that carry messages. A question that cannot be answered is an answer too: what is wrong, and the way out.
    async fn answer(
        &self,
        work: impl FnOnce(&Desk, &Opened) -> Result<Said, Error> + Send + 'static,
    ) -> CallToolResult {
        let desk = Arc::clone(&self.desk);
        let done = tokio::task::spawn_blocking(move || {
            let opened = desk.now()?;
            work(&desk, &opened)
        });
        let said = match done.await {
            Ok(said) => said,
            Err(_) => Err(Error::new("the question could not be answered: the program failed")),
        };
        match said {
            Ok(said) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(said.text)]);
                result.structured_content = said.data;
                result
            }
            Err(error) => CallToolResult::error(vec![ContentBlock::text(answers::error(&error))]),
        }
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk, &Opened) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, ErrorData> {
        let desk = Arc::clone(&self.desk);
        let done = tokio::task::spawn_blocking(move || work(&desk, &*desk.now()?)).await;
        match done {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(error)) => Err(ErrorData::resource_not_found(answers::error(&error), None)),
            Err(_) => Err(ErrorData::internal_error("the program failed", None)),
        }
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let can = ServerCapabilities::builder().enable_tools().enable_resources().build();
        ServerConfig::new(can)
            .with_instructions(INSTRUCTIONS)
            .with_server_info(Implementation::new("comity", env!("CARGO_PKG_VERSION")))
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let all = self.read(resources::list).await?;
        Ok(ListResourcesResult::with_all_items(all))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let address = request.uri.clone();
        let text = self.read(move |desk, opened| resources::read(desk, opened, &address)).await?;
        let contents = ResourceContents::text(text, request.uri).with_mime_type("text/markdown");
        Ok(ReadResourceResult::new(vec![contents]).into())
    }
}

/// The years that were asked for; none where neither was.
fn years(record: &Record, from: Option<i32>, to: Option<i32>) -> Option<(i32, i32)> {
    let asked = from.is_some() || to.is_some();
    asked.then(|| (from.unwrap_or(i32::MIN), to.unwrap_or(record.tables().last_year())))
}

fn limit(asked: Option<usize>) -> Result<usize, Error> {
    match asked {
        None => Ok(ROWS.0),
        Some(n) if (1..=ROWS.1).contains(&n) => Ok(n),
        Some(n) => Err(Error::new(format!("limit is 1 to {}, not {n}", ROWS.1))
            .help("for whole tables use `comity query` or `comity panel` with --output")),
    }
}

/// The sources of these ids, in the order of the record.
fn sources<'a>(record: &'a Record, ids: &[String]) -> Vec<&'a Source> {
    record.tables().sources().iter().filter(|s| ids.contains(&s.id)).collect()
}

fn sources_said(record: &Record, dataset: Option<&str>) -> Result<String, Error> {
    let all = record.datasets();
    let has = |present: &[String]| match present {
        [] => "not in this record".to_owned(),
        ids => format!("in this record: {}", ids.join(", ")),
    };
    let Some(id) = dataset else {
        let mut lines = vec![format!(
            "{} sources are in this record; {} datasets can be read.",
            record.tables().sources().len(),
            all.len()
        )];
        lines.extend(all.iter().map(|d| format!("- {}: {} ({})", d.id, d.title, has(&d.present))));
        return Ok(lines.join("\n"));
    };
    // A source of the record is known by its own id too.
    if let Some(source) = record.tables().source(id) {
        let coverage: Vec<String> =
            source.coverage.iter().map(|c| format!("- {}", comity::coverage_in_words(c))).collect();
        return Ok(format!(
            "{}\nVersion {}, {}\nCitation: {}\nLicence: {}\n{}\nCoverage:\n{}",
            source.title,
            source.version,
            source.publisher,
            source.citation,
            source.licence,
            source.url,
            coverage.join("\n")
        ));
    }
    let Some(d) = all.iter().find(|d| d.id == id) else {
        let mut error = Error::new(format!("there is no dataset `{}`", short(id)));
        if let Some(near) = comity::nearest(id, all.iter().map(|d| d.id)) {
            error = error.help(near);
        }
        return Err(error.help("`sources` without a dataset lists them"));
    };
    let newest = d.newest.map_or_else(String::new, |(version, to)| {
        format!("\nNewest edition read: {version}, to {to}")
    });
    Ok(format!(
        "{}\n{}\nLicence: {}\n{}\nTables: {}\n{}{newest}\nTo get it: {}",
        d.title,
        d.publisher,
        d.licence,
        d.url,
        d.tables.join(", "),
        has(&d.present),
        d.get
    ))
}

/// A text without the codes of terminals.
fn plain(text: &str) -> String {
    comity_report::plain::uncoloured(text)
}
