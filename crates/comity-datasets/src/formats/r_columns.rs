//! Columns of R's data frames by their classes: numbers, texts, factors, days. What means something by its class alone, of a class that is
//! not known, is not taken for numbers.

use jiff::civil::Date;

use super::r::{Object, Values};
use crate::cells::{Data, NO_INT, NO_LABEL};
use comity_record::rows::days;

impl Object {
    /// The words of its class, for messages.
    fn class(&self) -> String {
        let class = self.attribute("class").map(|c| c.texts().collect::<Vec<_>>().join(", "));
        match (class.filter(|c| !c.is_empty()), &self.values) {
            (Some(class), _) => format!("class {}", crate::row::shorten(&class)),
            (None, Values::List(_)) => "a list".into(),
            (None, _) => "complex numbers, bytes or code".into(),
        }
    }

    /// A column's values; what no table holds (lists, shapes) says so.
    pub(super) fn data(self) -> Data {
        let unread = |what: &str| {
            Data::Unread(format!("it is of {what}, which is not read; save it as text or as Date"))
        };
        if self.attribute("dim").is_some() {
            return unread("several columns (a matrix)");
        }
        let class = self.class();
        if self.is("POSIXlt") {
            return self.broken_down_days().unwrap_or_else(|| unread(&class));
        }
        if self.is_of_another_kind() {
            return unread(&class);
        }
        if let Some(zone) = self.zone_of_times() {
            return Data::Unread(format!(
                "it holds times of {zone}, whose day depends on the place; save it as Date, as.Date(x, tz = ...) in R"
            ));
        }
        let (date, time) = (self.is("Date"), self.is("POSIXct"));
        let labels = self
            .is("factor")
            .then(|| self.attribute("levels").map(|l| l.texts().map(str::to_owned).collect()))
            .flatten();
        let wide = self.is("integer64");
        let per_day = if time { 86_400.0 } else { 1.0 };
        match self.values {
            Values::Int(codes) if labels.is_some() => {
                let code = |c: i32| u32::try_from(c).ok().and_then(|c| c.checked_sub(1));
                let codes = codes.into_iter().map(|c| code(c).unwrap_or(NO_LABEL)).collect();
                Data::Labels { codes, labels: labels.unwrap_or_default() }
            }
            Values::Int(days) if date => Data::Date(days),
            Values::Int(seconds) if time => {
                let number = |s: &i32| if *s == NO_INT { f64::NAN } else { f64::from(*s) };
                Data::Date(seconds.iter().map(|s| whole((number(s) / per_day).floor())).collect())
            }
            Values::Int(v) => Data::Int(v),
            Values::Real(v) if date || time => {
                Data::Date(v.into_iter().map(|x| whole((x / per_day).floor())).collect())
            }
            Values::Real(v) if wide => wide_numbers(&v),
            Values::Real(v) => Data::Float(v),
            Values::Text(text, ends) => Data::Text { text, ends },
            _ => unread(&class),
        }
    }

    /// Whether its values are numbers that mean something by their class alone, of a class that is not known: spans of time, quarters.
    fn is_of_another_kind(&self) -> bool {
        const KNOWN: [&str; 20] = [
            "factor",
            "ordered",
            "Date",
            "IDate",
            "POSIXct",
            "POSIXt",
            "integer64",
            "difftime",
            "haven_labelled",
            "haven_labelled_spss",
            "labelled",
            "labelled_spss",
            "vctrs_vctr",
            "double",
            "integer",
            "numeric",
            "character",
            "logical",
            "AsIs",
            "noquote",
        ];
        let numbers = matches!(self.values, Values::Int(_) | Values::Real(_));
        let class = self.attribute("class");
        numbers && class.is_some_and(|c| c.texts().any(|t| !KNOWN.contains(&t)))
    }

    /// The zone of times that are not the beginnings of days, other than UTC.
    fn zone_of_times(&self) -> Option<String> {
        const DAY: f64 = 86_400.0;
        if !self.is("POSIXct") {
            return None;
        }
        let whole_days = match &self.values {
            Values::Int(v) => v.iter().all(|s| *s == NO_INT || f64::from(*s) % DAY == 0.0),
            Values::Real(v) => v.iter().all(|s| s.is_nan() || s % DAY == 0.0),
            _ => true,
        };
        let zone = self.attribute("tzone").and_then(|z| z.texts().next()).unwrap_or("");
        let fixed = ["UTC", "GMT", "Etc/UTC", "Etc/GMT", "Etc/GMT+0", "Z"].contains(&zone);
        (!whole_days && !fixed).then(|| match zone {
            "" => "the zone of the computer that saved it".to_owned(),
            zone => format!("the zone {}", crate::row::shorten(zone)),
        })
    }

    /// Days that are kept as lists of years since 1900, months from 0 and days from 1. What is in no calendar is none.
    fn broken_down_days(&self) -> Option<Data> {
        let names = self.names();
        let Values::List(parts) = &self.values else { return None };
        let part = |name: &str| -> Option<&[i32]> {
            let at = names.iter().position(|n| n == name)?;
            match &parts.get(at)?.values {
                Values::Int(v) => Some(v),
                _ => None,
            }
        };
        let (years, months, of_month) = (part("year")?, part("mon")?, part("mday")?);
        if years.len() != months.len() || years.len() != of_month.len() {
            return None;
        }
        let day = |at: usize| {
            let parts = [years[at], months[at], of_month[at]];
            if parts.contains(&NO_INT) {
                return Some(NO_INT);
            }
            let year = i16::try_from(parts[0].checked_add(1900)?).ok()?;
            let month = i8::try_from(parts[1].checked_add(1)?).ok()?;
            Some(days(Date::new(year, month, i8::try_from(parts[2]).ok()?).ok()?))
        };
        (0..years.len()).map(day).collect::<Option<Vec<i32>>>().map(Data::Date)
    }
}

/// Whole numbers of 64 bits that R keeps in the bits of others: as numbers where each of them is one, else as text.
fn wide_numbers(bits: &[f64]) -> Data {
    let number = |x: &f64| Some(x.to_bits() as i64).filter(|n| *n != i64::MIN);
    if bits.iter().filter_map(number).all(|n| n.unsigned_abs() <= 1 << 53) {
        return Data::Float(
            bits.iter().map(|x| number(x).map_or(f64::NAN, |n| n as f64)).collect(),
        );
    }
    Data::texts(bits.iter().map(|x| number(x).map(|n| n.to_string()).unwrap_or_default()))
}

/// Whole days; no number is no day, and a number past all days is one that no calendar has.
fn whole(x: f64) -> i32 {
    if x.is_nan() { NO_INT } else { x.clamp(f64::from(-i32::MAX), f64::from(i32::MAX)) as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(class: &[&str], zone: &str, values: Values) -> Data {
        let texts = |all: &[&str]| {
            let Data::Text { text, ends } = Data::texts(all) else { unreachable!() };
            Object { values: Values::Text(text, ends), attributes: Vec::new() }
        };
        let attributes =
            vec![("class".to_owned(), texts(class)), ("tzone".to_owned(), texts(&[zone]))];
        Object { values, attributes }.data()
    }

    #[test]
    fn times_are_days_where_the_day_is_sure() {
        let class = ["POSIXct", "POSIXt"];
        let day = |zone, seconds| column(&class, zone, Values::Real(vec![seconds, f64::NAN]));
        assert!(matches!(day("UTC", 86_400.0 * 2.5), Data::Date(d) if d == [2, NO_INT]));
        assert!(matches!(day("Europe/Paris", 86_400.0 * 2.0), Data::Date(d) if d[0] == 2));
        for (zone, says) in [("Europe/Paris", "the zone Europe/Paris"), ("", "the computer")] {
            let Data::Unread(reason) = day(zone, 82_800.0) else { panic!("{zone}") };
            assert!(reason.contains(says) && reason.contains("save it as Date"), "{reason}");
        }
    }

    #[test]
    fn a_class_that_is_not_known_is_not_read_as_its_numbers() {
        for class in ["yearmon", "Interval", "hms", "table"] {
            let Data::Unread(reason) = column(&[class], "", Values::Real(vec![1990.25])) else {
                panic!("{class}")
            };
            assert!(reason.contains(&format!("class {class}")), "{reason}");
        }
        let labelled = ["haven_labelled", "vctrs_vctr", "double"];
        assert!(
            matches!(column(&labelled, "", Values::Real(vec![2.0])), Data::Float(v) if v == [2.0])
        );
    }
}
