//! Maps, as `TopoJSON` and `GeoJSON`: a row for each shape, with its properties and the shape as well-known text in the column `geometry`.
//!
//! A map in `TopoJSON` has its lines once and each shape as a list of them, forwards or (with the bits of the number turned over) backwards;
//! where the map is quantized, each position is the step from the one before it. Positions keep the digits of the file.

use super::budget::Budget;
use super::json::Json;
use crate::cells::{Cells, Data};
use crate::error::ReadError;

/// Whether a text that begins so is a map.
pub(super) fn is_map(head: &[u8]) -> bool {
    let head = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(head);
    let first = head.iter().find(|b| !b.is_ascii_whitespace());
    let head = &head[..head.len().min(64 * 1024)];
    let has = |mark: &str| memchr::memmem::find(head, mark.as_bytes()).is_some();
    first == Some(&b'{') && (has("\"Topology\"") || has("\"FeatureCollection\"") || has("\"arcs\""))
}

/// The tables of a map: where each is inside the file, and its cells.
pub(super) fn tables(
    file: &str,
    bytes: &[u8],
    budget: &mut Budget,
) -> Result<Vec<(String, Cells)>, ReadError> {
    let broken = |reason: String| ReadError::Broken { file: file.into(), reason };
    let text = crate::text::decode(file, bytes, false)?;
    let json = Json::of(&text, budget).map_err(broken)?;
    let mut tables = Vec::new();
    match json.get("type").and_then(Json::text) {
        Some("Topology") => {
            let lines = lines(&json, budget).map_err(broken)?;
            for (name, object) in json.get("objects").map_or(&[][..], Json::members) {
                let shapes = match object.get("geometries").and_then(Json::array) {
                    Some(shapes) => shapes,
                    None => std::slice::from_ref(object),
                };
                let shape = |row: &Json<'_>, budget: &mut Budget| of_lines(row, &lines, budget);
                let cells = table(file, shapes, shape, budget)?;
                tables.push((name.clone().into_owned(), cells));
            }
        }
        Some("FeatureCollection") => {
            let features = json.get("features").and_then(Json::array).unwrap_or_default();
            let shape = |row: &Json<'_>, budget: &mut Budget| {
                row.get("geometry").map_or(Ok(String::new()), |g| of_positions(g, budget))
            };
            tables.push((String::new(), table(file, features, shape, budget)?));
        }
        _ => {
            let reason = "it is JSON, and no map as TopoJSON or GeoJSON has it".to_owned();
            return Err(broken(reason));
        }
    }
    Ok(tables)
}

/// A row for each shape: its properties in the order in which they are first met, and the shape.
fn table(
    file: &str,
    rows: &[Json<'_>],
    shape: impl Fn(&Json<'_>, &mut Budget) -> Result<String, String>,
    budget: &mut Budget,
) -> Result<Cells, ReadError> {
    let broken = |reason: String| ReadError::Broken { file: file.into(), reason };
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        for (name, _) in row.get("properties").map_or(&[][..], Json::members) {
            if !names.contains(&name.as_ref()) {
                names.push(name);
            }
        }
        budget.table(1, names.len() + 1).map_err(|limit| broken(limit.into()))?;
    }
    let mut columns: Vec<(String, Data)> = Vec::new();
    for name in names {
        let cells = rows.iter().map(|row| row.get("properties").and_then(|p| p.get(name)));
        let texts: Option<Vec<&str>> = cells.map(plain).collect();
        let data = match texts {
            Some(texts) => Data::texts(texts),
            None => Data::Unread("it holds lists or further names; save them as columns".into()),
        };
        columns.push((name.to_owned(), data));
    }
    let mut shapes = Vec::with_capacity(rows.len());
    for (nth, row) in rows.iter().enumerate() {
        let shape =
            shape(row, budget).map_err(|reason| broken(format!("row {}: {reason}", nth + 1)))?;
        budget.made(shape.len()).map_err(|limit| broken(limit.into()))?;
        shapes.push(shape);
    }
    columns.push(("geometry".to_owned(), Data::texts(shapes)));
    Cells::of_columns(file, columns)
}

/// A property as the text of a cell; none of a list.
fn plain<'j>(value: Option<&'j Json<'_>>) -> Option<&'j str> {
    match value {
        None | Some(Json::Null) => Some(""),
        Some(Json::Bool(true)) => Some("1"),
        Some(Json::Bool(false)) => Some("0"),
        Some(Json::Number(number)) => Some(number),
        Some(Json::Text(text)) => Some(text),
        Some(Json::Array(_) | Json::Object(_)) => None,
    }
}

/// A position: as text, and where it is.
#[derive(Debug, Clone, PartialEq)]
struct Position {
    text: String,
    at: (f64, f64),
}

const NO_POSITION: &str = "a position that is no pair of numbers";

/// The two numbers of a position; further ones (heights) are not read.
fn pair<'a>(position: &Json<'a>) -> Result<[(&'a str, f64); 2], String> {
    match position.array() {
        Some([x, y, ..]) => Ok([x.number().ok_or(NO_POSITION)?, y.number().ok_or(NO_POSITION)?]),
        _ => Err(NO_POSITION.into()),
    }
}

/// The lines of a topology.
fn lines(json: &Json<'_>, budget: &mut Budget) -> Result<Vec<Vec<Position>>, String> {
    let damaged = || "it is a map that is cut off or damaged (it has no lines)".to_owned();
    let of = |name: &str| {
        let values = json.get("transform").and_then(|t| t.get(name));
        values.map(pair).transpose().map(|p| p.map(|[x, y]| (x.1, y.1)))
    };
    let quantized = match (of("scale")?, of("translate")?) {
        (Some(scale), Some(translate)) => Some((scale, translate)),
        (None, None) => None,
        _ => return Err("it is a map that is cut off or damaged (its scale is not whole)".into()),
    };
    let mut lines = Vec::new();
    for arc in json.get("arcs").and_then(Json::array).ok_or_else(damaged)? {
        let mut line = Vec::new();
        let mut sum = (0.0, 0.0);
        for position in arc.array().ok_or_else(damaged)? {
            let [x, y] = pair(position)?;
            let position = match quantized {
                None => Position { text: format!("{} {}", x.0, y.0), at: (x.1, y.1) },
                Some((scale, translate)) => {
                    sum = (sum.0 + x.1, sum.1 + y.1);
                    let at = (sum.0 * scale.0 + translate.0, sum.1 * scale.1 + translate.1);
                    Position { text: format!("{} {}", at.0, at.1), at }
                }
            };
            budget.made(position.text.len() + size_of::<Position>())?;
            line.push(position);
        }
        lines.push(line);
    }
    Ok(lines)
}

/// A shape of a topology as well-known text.
fn of_lines(
    shape: &Json<'_>,
    lines: &[Vec<Position>],
    budget: &mut Budget,
) -> Result<String, String> {
    let arcs = shape.get("arcs");
    let ring = |numbers: &Json<'_>, into: &mut String, budget: &mut Budget| {
        let mut first: Option<&Position> = None;
        let mut last: Option<&Position> = None;
        let mut positions = 0;
        into.push('(');
        for number in numbers.array().unwrap_or_default() {
            let whole = number.number().filter(|(_, v)| v.fract() == 0.0);
            let number = whole.map_or(i64::MAX, |(_, v)| v as i64);
            let (at, backwards) = if number < 0 { (!number, true) } else { (number, false) };
            let line = usize::try_from(at).ok().and_then(|at| lines.get(at));
            let line = line.ok_or("a line that the map does not have")?;
            let mut forwards = line.iter();
            let mut reversed = line.iter().rev();
            let positions_of: &mut dyn Iterator<Item = &Position> =
                if backwards { &mut reversed } else { &mut forwards };
            for (nth, position) in positions_of.enumerate() {
                // A line begins where the one before it ended.
                if nth == 0
                    && let Some(last) = last
                {
                    if last.at != position.at {
                        return Err("lines that do not meet".to_owned());
                    }
                    continue;
                }
                budget.made(position.text.len() + 2)?;
                if first.is_some() {
                    into.push_str(", ");
                }
                into.push_str(&position.text);
                first = first.or(Some(position));
                last = Some(position);
                positions += 1;
            }
        }
        into.push(')');
        match (first, last) {
            (Some(first), Some(last)) if first.at == last.at && positions >= 4 => Ok(()),
            _ => Err("a ring that does not close".to_owned()),
        }
    };
    shape_of(shape.get("type"), arcs, ring, budget)
}

/// A shape of `GeoJSON` as well-known text.
fn of_positions(shape: &Json<'_>, budget: &mut Budget) -> Result<String, String> {
    let ring = |positions: &Json<'_>, into: &mut String, budget: &mut Budget| {
        let positions = positions.array().unwrap_or_default();
        let mut ends = Vec::new();
        into.push('(');
        for (nth, position) in positions.iter().enumerate() {
            let [x, y] = pair(position)?;
            if nth == 0 || nth + 1 == positions.len() {
                ends.push((x.1, y.1));
            }
            budget.made(x.0.len() + y.0.len() + 3)?;
            into.push_str(if nth > 0 { ", " } else { "" });
            into.push_str(x.0);
            into.push(' ');
            into.push_str(y.0);
        }
        into.push(')');
        let closed = positions.len() >= 4 && ends.first() == ends.last();
        if closed { Ok(()) } else { Err("a ring that does not close".to_owned()) }
    };
    let coordinates = shape.get("coordinates");
    if let (Some("Point"), Some(position)) = (shape.get("type").and_then(Json::text), coordinates) {
        let [x, y] = pair(position)?;
        return Ok(format!("POINT ({} {})", x.0, y.0));
    }
    shape_of(shape.get("type"), coordinates, ring, budget)
}

/// Well-known text of a polygon or several, whose rings are written by `ring`; the empty text of no shape.
fn shape_of(
    kind: Option<&Json<'_>>,
    parts: Option<&Json<'_>>,
    ring: impl Fn(&Json<'_>, &mut String, &mut Budget) -> Result<(), String>,
    budget: &mut Budget,
) -> Result<String, String> {
    let mut text = String::new();
    let polygon = |rings: &Json<'_>, text: &mut String, budget: &mut Budget| {
        let rings = rings.array().filter(|r| !r.is_empty()).ok_or("a polygon without rings")?;
        text.push('(');
        for (nth, one) in rings.iter().enumerate() {
            text.push_str(if nth > 0 { ", " } else { "" });
            ring(one, text, budget)?;
        }
        text.push(')');
        Ok::<(), String>(())
    };
    match (kind.and_then(Json::text), parts) {
        (None, None) => {}
        (Some("Polygon"), Some(rings)) => {
            text.push_str("POLYGON ");
            polygon(rings, &mut text, budget)?;
        }
        (Some("MultiPolygon"), Some(polygons)) => {
            let polygons = polygons.array().filter(|p| !p.is_empty());
            text.push_str("MULTIPOLYGON (");
            for (nth, one) in polygons.ok_or("polygons that are none")?.iter().enumerate() {
                text.push_str(if nth > 0 { ", " } else { "" });
                polygon(one, &mut text, budget)?;
            }
            text.push(')');
        }
        (kind, _) => {
            let kind = super::clean(kind.unwrap_or("no type"));
            let kind = crate::row::shorten(&kind);
            return Err(format!("a shape of the kind {kind}; polygons are read"));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, Cells)>, String> {
        assert!(is_map(text.as_bytes()));
        tables("m.json", text.as_bytes(), &mut Budget::of_file()).map_err(|e| e.to_string())
    }

    fn shapes(text: &str) -> Vec<String> {
        let tables = read(text).unwrap();
        let cells = &tables[0].1;
        let at = cells.column("geometry").unwrap();
        (0..cells.len()).map(|row| cells.get(row, at).to_owned()).collect()
    }

    /// Two squares side by side: the line between them is there once, and the second runs it backwards.
    const PLAIN: &str = r#"{"type":"Topology","arcs":[[[1,0],[1.50,0],[1,1.0]],[[1,1],[0,1],[0,0],[1,0]],[[5,5],[6,5],[6,6],[5,5]]],
        "objects":{"land":{"type":"GeometryCollection","geometries":[
        {"type":"Polygon","arcs":[[0,1]],"properties":{"code":2,"name":"A","open":true}},
        {"type":"MultiPolygon","arcs":[[[-2,-1],[2]],[[2]]],"properties":{"name":"B","code":null}},
        {"type":null,"properties":{"code":4}}]}}}"#;

    #[test]
    fn shapes_are_put_together_from_lines_forwards_and_backwards() {
        assert_eq!(
            shapes(PLAIN),
            [
                "POLYGON ((1 0, 1.50 0, 1 1.0, 0 1, 0 0, 1 0))",
                "MULTIPOLYGON (((1 0, 0 0, 0 1, 1 1, 1.50 0, 1 0), (5 5, 6 5, 6 6, 5 5)), ((5 5, 6 5, 6 6, 5 5)))",
                ""
            ]
        );
        let tables = read(PLAIN).unwrap();
        let (name, cells) = &tables[0];
        assert_eq!(
            (name.as_str(), &cells.header),
            ("land", &["code", "name", "open", "geometry"].map(str::to_owned).to_vec())
        );
        assert_eq!(
            (cells.get(0, 0), cells.get(1, 0), cells.get(0, 2), cells.get(1, 1)),
            ("2", "", "1", "B")
        );
    }

    #[test]
    fn quantized_positions_are_steps() {
        let text = r#"{"objects":{"x":{"type":"Polygon","arcs":[[0]]}},"type":"Topology","transform":{"scale":[0.5,0.25],"translate":[10,-1]},"arcs":[[[0,0],[2,0],[0,4],[-2,-4]]]}"#;
        assert_eq!(shapes(text), ["POLYGON ((10 -1, 11 -1, 11 0, 10 -1))"]);
    }

    #[test]
    fn features_keep_their_digits() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"n":1.10},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1.0,0],[1,1],[0,0]]]}},
            {"type":"Feature","properties":{"n":2},"geometry":{"type":"Point","coordinates":[1,2.50]}},
            {"type":"Feature","properties":null,"geometry":null}]}"#;
        assert_eq!(shapes(text), ["POLYGON ((0 0, 1.0 0, 1 1, 0 0))", "POINT (1 2.50)", ""]);
    }

    #[test]
    fn damaged_maps_say_in_which_row() {
        for (from, to, reason) in [
            ("[[0,1]]", "[[0,7]]", "row 1: a line that the map does not have"),
            ("[[0,1]]", "[[0,0.5]]", "row 1: a line that the map does not have"),
            ("[[0,1]]", "[[0,2]]", "row 1: lines that do not meet"),
            ("[[0,1]]", "[[0]]", "row 1: a ring that does not close"),
            ("[[0,1]]", "[]", "row 1: a polygon without rings"),
            ("\"Polygon\"", "\"LineString\"", "row 1: a shape of the kind LineString"),
            ("[1.50,0]", "[1.50]", "a position that is no pair of numbers"),
            ("\"Topology\"", "\"Topography\"", "no map as TopoJSON or GeoJSON has it"),
        ] {
            let error = read(&PLAIN.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
        assert!(!is_map(b"{\"a\": 1}") && !is_map(b"code,\"Topology\"\n"));
    }
}
