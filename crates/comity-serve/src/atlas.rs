//! The shapes of states by date, from the record's `borders`, drawn once in an equal-area projection (Equal Earth).

use std::fmt::Write as _;

use arrow::array::{Array, Date32Array, Int32Array, RecordBatch, StringArray};
use comity::{Error, Record};

/// Width of the map in its own units.
pub const WIDTH: i32 = 1500;
/// Its height: Antarctica is left out.
pub const HEIGHT: i32 = 660;

/// A shape whose sides are shorter than this also gets a dot, or nobody would see it.
const SMALL: i32 = 10;

/// Islands whose sides are shorter than this are left out: the map cannot show them.
const SMALLEST: i32 = 3;

/// All shapes of all dates.
#[derive(Debug, Default)]
pub struct Atlas {
    shapes: Vec<Shape>,
    /// The datasets that they are from, with their licences.
    pub from: String,
}

/// A state or dependency in one shape.
#[derive(Debug)]
pub struct Shape {
    /// The state; none for a unit that never was one.
    pub ccode: Option<i32>,
    /// Whether it was a state of its own in this shape.
    pub independent: bool,
    /// Its name, as published.
    pub name: String,
    /// First and last day, in days since 1970.
    days: (i32, i32),
    /// Its outline.
    pub path: String,
    /// Where its dot is, if it is small.
    pub dot: Option<(i32, i32)>,
}

impl Atlas {
    /// The shapes of a record; none if it has no `borders`.
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn of(record: &Record) -> Result<Option<Self>, Error> {
        let tables = record.tables();
        if !tables.holds("borders", &tables.baseline()) {
            return Ok(None);
        }
        let rows = record.query(
            "select ccode, name, status, start, \"end\", shape from borders order by ccode, start, source_row",
        )?;
        let shapes = shapes(&rows).unwrap_or_default();
        let from = from(record);
        Ok((!shapes.is_empty()).then_some(Self { shapes, from }))
    }

    /// The shapes of the last day of a year.
    pub fn on(&self, year: i32) -> impl Iterator<Item = &Shape> {
        let day = last_day(year);
        self.shapes.iter().filter(move |s| s.days.0 <= day && day <= s.days.1)
    }
}

/// The sources of the shapes, each with its licence.
fn from(record: &Record) -> String {
    let tables = record.tables();
    let baseline = tables.baseline();
    let holds = |id: &&String| tables.tables_of(id).contains(&"borders");
    let answering = baseline.sources("borders").iter().filter(holds);
    let named = answering.filter_map(|id| tables.sources().iter().find(|s| s.id == *id));
    let each = named.map(|s| format!("{} {}, {}", s.title, s.version, s.licence));
    each.collect::<Vec<_>>().join("; ")
}

/// Days from 1970 to the last day of a year.
fn last_day(year: i32) -> i32 {
    let before = year - 1969;
    let leaps = |y: i32| y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    before * 365 + leaps(year) - leaps(1969) - 1
}

fn shapes(rows: &RecordBatch) -> Option<Vec<Shape>> {
    let ints =
        |name: &str| rows.column_by_name(name)?.as_any().downcast_ref::<Int32Array>().cloned();
    let days =
        |name: &str| rows.column_by_name(name)?.as_any().downcast_ref::<Date32Array>().cloned();
    let texts =
        |name: &str| rows.column_by_name(name)?.as_any().downcast_ref::<StringArray>().cloned();
    let (ccode, start, end) = (ints("ccode")?, days("start")?, days("end")?);
    let (name, status, shape) = (texts("name")?, texts("status")?, texts("shape")?);
    let text = |column: &StringArray, row: usize| {
        if column.is_null(row) { String::new() } else { column.value(row).to_owned() }
    };
    let mut out = Vec::new();
    for row in 0..rows.num_rows() {
        let (path, dot) = outline(shape.value(row));
        let status = text(&status, row);
        let ccode = (!ccode.is_null(row)).then(|| ccode.value(row));
        out.push(Shape {
            ccode,
            independent: ccode.is_some()
                && (status.is_empty() || status == "independent" || status == "occupied"),
            name: text(&name, row),
            days: (
                if start.is_null(row) { i32::MIN } else { start.value(row) },
                if end.is_null(row) { i32::MAX } else { end.value(row) },
            ),
            path,
            dot,
        });
    }
    Some(out)
}

/// The path of a well-known text, on whole units of the map: neighbours stay neighbours, because the same points become the same units.
fn outline(wkt: &str) -> (String, Option<(i32, i32)>) {
    let mut path = String::new();
    let (mut low, mut high) = ((i32::MAX, i32::MAX), (i32::MIN, i32::MIN));
    for ring in wkt.split(['(', ')']) {
        let mut points: Vec<(i32, i32)> = Vec::new();
        for pair in ring.split(',') {
            let mut numbers = pair.split_whitespace().map(str::parse::<f64>);
            let (Some(Ok(longitude)), Some(Ok(latitude))) = (numbers.next(), numbers.next()) else {
                continue;
            };
            let point = place(longitude, latitude);
            if points.last() != Some(&point) {
                while let [.., a, b] = points.as_slice()
                    && straight(*a, *b, point)
                {
                    points.pop();
                }
                points.push(point);
            }
        }
        let corner = |least: bool, of: fn(&(i32, i32)) -> i32| {
            let all = points.iter().map(of);
            if least { all.min() } else { all.max() }
        };
        let (Some(left), Some(right)) = (corner(true, |p| p.0), corner(false, |p| p.0)) else {
            continue;
        };
        let (Some(top), Some(bottom)) = (corner(true, |p| p.1), corner(false, |p| p.1)) else {
            continue;
        };
        low = (low.0.min(left), low.1.min(top));
        high = (high.0.max(right), high.1.max(bottom));
        if (right - left).max(bottom - top) >= SMALLEST {
            write_ring(&mut path, &points);
        }
    }
    let small = low.0 <= high.0 && (high.0 - low.0).max(high.1 - low.1) < SMALL;
    (path, small.then(|| (i32::midpoint(low.0, high.0), i32::midpoint(low.1, high.1))))
}

/// Whether the middle point adds nothing.
fn straight(a: (i32, i32), b: (i32, i32), c: (i32, i32)) -> bool {
    let cross = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
    let onwards = (b.0 - a.0) * (c.0 - b.0) + (b.1 - a.1) * (c.1 - b.1) >= 0;
    cross == 0 && onwards
}

fn write_ring(path: &mut String, points: &[(i32, i32)]) {
    let points = match points {
        [first, middle @ .., last] if first == last => &points[..=middle.len()],
        other => other,
    };
    let [first, rest @ ..] = points else { return };
    if rest.len() < 2 {
        return;
    }
    let _ = write!(path, "M{} {}l", first.0, first.1);
    let mut at = *first;
    for (i, point) in rest.iter().enumerate() {
        let (x, y) = (point.0 - at.0, point.1 - at.1);
        // A minus separates numbers as well as a blank does.
        let _ = write!(
            path,
            "{}{x}{}{y}",
            if i == 0 || x < 0 { "" } else { " " },
            if y < 0 { "" } else { " " }
        );
        at = *point;
    }
    path.push('z');
}

/// Equal Earth (Šavrič, Patterson and Jenny 2018), in units of the map.
fn place(longitude: f64, latitude: f64) -> (i32, i32) {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let root = 3.0_f64.sqrt();
    let theta = (root / 2.0 * latitude.to_radians().sin()).clamp(-1.0, 1.0).asin();
    let (t2, t6) = (theta * theta, theta.powi(6));
    let x = 2.0 * root * longitude.to_radians() * theta.cos()
        / (3.0 * (9.0 * A[3] * t6 * t2 + 7.0 * A[2] * t6 + 3.0 * A[1] * t2 + A[0]));
    let y = theta * (A[3] * t6 * t2 + A[2] * t6 + A[1] * t2 + A[0]);
    let unit = f64::from(WIDTH) / (2.0 * 2.706_63);
    ((x * unit + f64::from(WIDTH) / 2.0).round() as i32, ((1.317_36 - y) * unit).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_where_it_should_be() {
        assert_eq!(place(0.0, 0.0), (750, 365));
        assert_eq!(place(180.0, 0.0).0, 1500);
        assert_eq!(place(-180.0, 0.0).0, 0);
        assert_eq!(place(0.0, 90.0).1, 0);
    }

    #[test]
    fn a_square_is_a_square_and_a_small_one_has_a_dot() {
        let (path, dot) = outline("POLYGON((0 0, 10 0, 20 0, 20 -20, 0 -20, 0 0))");
        assert_eq!(path.matches('z').count(), 1);
        assert!(path.starts_with("M750 365l") && dot.is_none(), "{path}");
        // The point in the middle of a side adds nothing.
        assert_eq!(
            path.split(['l', ' ', '-']).count(),
            outline("POLYGON((0 0, 20 0, 20 -20, 0 -20, 0 0))").0.split(['l', ' ', '-']).count()
        );
        let (path, dot) = outline(
            "MULTIPOLYGON(((0 0, 0.01 0, 0.01 0.01, 0 0)),((0.2 0.2, 0.21 0.2, 0.21 0.21, 0.2 0.2)))",
        );
        assert!(path.is_empty() && dot.is_some());
        assert_eq!(outline("POLYGON EMPTY"), (String::new(), None));
        assert_eq!(outline("<script>((a b, c d))").0, "");
    }

    #[test]
    fn years_end_on_their_last_day() {
        assert_eq!(last_day(1969), -1);
        assert_eq!(last_day(1970), 364);
        assert_eq!(last_day(1972), 364 + 365 + 366);
        assert_eq!(last_day(2000), 11_322);
        assert_eq!(last_day(1886), -30_316);
    }
}
