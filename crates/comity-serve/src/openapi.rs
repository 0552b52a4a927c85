//! The description of all addresses, as `OpenAPI`.

use serde_json::{Map, Value, json};

use crate::pages::{Field, Method, PAGES, Page};

/// The description.
pub fn description() -> Value {
    let mut paths = Map::new();
    for page in PAGES {
        let of_path = paths.entry(page.path).or_insert_with(|| json!({}));
        let verb = if page.method == Method::Post { "post" } else { "get" };
        of_path[verb] = operation(page);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Comity",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What states did against what a policy says. Every page is also data: add format=json. Its tables are CSV (format=csv&part=NAME), its pictures SVG (format=svg&part=NAME).",
        },
        "paths": paths,
    })
}

fn operation(page: &Page) -> Value {
    let mut parameters: Vec<Value> = page.names.iter().map(|f| parameter(f, "path")).collect();
    if page.method == Method::Get {
        parameters.extend(page.fields.iter().map(|f| parameter(f, "query")));
        parameters.push(json!({
            "name": "format", "in": "query", "description": "the form of the answer",
            "schema": {"type": "string", "enum": ["html", "json", "csv", "svg", "parquet"], "default": "html"},
        }));
        parameters.push(json!({
            "name": "part", "in": "query", "description": "which table (csv) or picture (svg); without it the first",
            "schema": {"type": "string"},
        }));
    }
    let page_or_data = json!({
        "text/html": {"schema": {"type": "string"}},
        "application/json": {"schema": {}},
        "text/csv": {"schema": {"type": "string"}},
        "image/svg+xml": {"schema": {"type": "string"}},
    });
    let mut operation = json!({
        "summary": page.name,
        "description": page.about,
        "parameters": parameters,
        "responses": {
            "200": {"description": "the page, or its data", "content": page_or_data},
            "400": {"description": "a question that cannot be understood, with the way out"},
            "404": {"description": "a state, commitment, year or policy that is not there, with suggestions"},
            "503": {"description": "an evaluation is not done yet: ask again after Retry-After"},
        },
    });
    if page.method == Method::Post {
        let properties: Map<String, Value> = page
            .fields
            .iter()
            .map(|f| (f.name.to_owned(), json!({"type": "string", "description": f.about})))
            .collect();
        operation["requestBody"] = json!({"content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": properties},
        }}});
    }
    operation
}

fn parameter(field: &Field, place: &str) -> Value {
    json!({
        "name": field.name, "in": place, "required": place == "path",
        "description": field.about, "schema": {"type": "string"},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_described_and_every_name_of_a_path_too() {
        let all = description();
        for page in PAGES {
            let verb = if page.method == Method::Post { "post" } else { "get" };
            let of_page = &all["paths"][page.path][verb];
            assert!(!of_page["description"].as_str().unwrap().is_empty(), "{}", page.path);
            let named: Vec<&str> =
                page.path.split('{').skip(1).map(|p| p.split('}').next().unwrap()).collect();
            let listed: Vec<&str> = page.names.iter().map(|f| f.name).collect();
            assert_eq!(named, listed, "{}", page.path);
        }
    }
}
