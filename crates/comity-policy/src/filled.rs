//! Queries with the values of thresholds in the place of their names.

/// A query with `$name` replaced by values, and every name with its place. What is shorter than the name is followed by blanks, so that
/// places in the query stay those in the document.
pub(crate) fn filled(
    sql: &str,
    value: &dyn Fn(&str) -> Option<String>,
) -> (String, Vec<(String, usize)>) {
    let (mut out, mut named) = (String::with_capacity(sql.len()), Vec::new());
    let mut rest = sql;
    let mut quoted = false;
    while let Some(at) = rest.find(['$', '\'', '-']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("--") && !quoted {
            let end = rest.find('\n').unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let name = &rest[1..];
        let length =
            name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
        let name = &name[..length];
        if !rest.starts_with('$') || quoted || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            quoted ^= rest.starts_with('\'');
            out.push_str(&rest[..1]);
            rest = &rest[1..];
            continue;
        }
        named.push((name.to_owned(), sql.len() - rest.len()));
        let text = value(name).unwrap_or_else(|| "0".to_owned());
        out.push_str(&text);
        out.extend(std::iter::repeat_n(' ', (length + 1).saturating_sub(text.len())));
        rest = &rest[length + 1..];
    }
    out.push_str(rest);
    (out, named)
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn names_become_values_and_places_stay() {
        let sql = "select '$a', x -- $a\nfrom t where x >= $growth and y = $n";
        let value = |name: &str| match name {
            "growth" => Some("1.08".to_owned()),
            "n" => Some("1000".to_owned()),
            _ => None,
        };
        let (out, named) = filled(sql, &value);
        assert_eq!(out, "select '$a', x -- $a\nfrom t where x >= 1.08    and y = 1000");
        assert_eq!(
            named,
            [
                ("growth".to_owned(), sql.find("$g").unwrap()),
                ("n".to_owned(), sql.find("$n").unwrap())
            ]
        );
        for text in ["$", "'$", "é$é", "--$a", "$A", "a - $"] {
            assert_eq!(filled(text, &|_| None).0, text);
        }
    }
}
