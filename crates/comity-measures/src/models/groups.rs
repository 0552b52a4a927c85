use std::collections::BTreeMap;

/// Rows put into groups: clusters, fixed effects, panels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// What the groups are of (`dyad`).
    pub name: String,
    /// The group of each row, numbered from 0 in the order of first appearance.
    pub of: Vec<u32>,
    /// How many groups there are.
    pub count: usize,
}

impl Groups {
    /// Groups of rows with equal keys.
    pub fn of_keys<K: Ord + Copy>(name: &str, keys: &[K]) -> Self {
        let mut seen = BTreeMap::new();
        let mut last: Option<(K, u32)> = None;
        let mut number = |key: K| {
            if let Some((k, n)) = last
                && k == key
            {
                return n;
            }
            let next = seen.len() as u32;
            let n = *seen.entry(key).or_insert(next);
            last = Some((key, n));
            n
        };
        let of = keys.iter().map(|key| number(*key)).collect();
        Self { name: name.to_owned(), of, count: seen.len() }
    }

    /// Groups of rows that agree in all of several keys (`importer` and `year`).
    pub fn crossed(name: &str, parts: &[Self]) -> Self {
        let Some((first, others)) = parts.split_first() else {
            return Self { name: name.to_owned(), of: Vec::new(), count: 0 };
        };
        let mut of: Vec<u64> = first.of.iter().map(|g| u64::from(*g)).collect();
        for other in others {
            let crossed = Self::of_keys(name, &of);
            let both = crossed.of.iter().zip(&other.of);
            of = both.map(|(a, b)| (u64::from(*a) << 32) | u64::from(*b)).collect();
        }
        Self::of_keys(name, &of)
    }

    /// The same for some of the rows only; groups that have none of them are gone.
    #[must_use]
    pub fn at(&self, rows: &[usize]) -> Self {
        let keys: Vec<u32> = rows.iter().map(|row| self.of[*row]).collect();
        Self::of_keys(&self.name, &keys)
    }

    /// The rows of each group, in their order.
    pub fn rows(&self) -> Vec<Vec<usize>> {
        let mut rows = vec![Vec::new(); self.count];
        for (row, group) in self.of.iter().enumerate() {
            rows[*group as usize].push(row);
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_numbered_as_they_appear() {
        let a = Groups::of_keys("a", &["x", "y", "x", "z"]);
        assert_eq!((a.of.as_slice(), a.count), ([0, 1, 0, 2].as_slice(), 3));
        let b = Groups::of_keys("b", &[1, 1, 2, 1]);
        let both = Groups::crossed("a and b", &[a.clone(), b]);
        assert_eq!(both.of, [0, 1, 2, 3]);
        assert_eq!(a.at(&[1, 3]).of, [0, 1]);
        assert_eq!(a.rows()[0], [0, 2]);
    }
}
