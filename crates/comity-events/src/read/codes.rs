//! Schemes of event codes: root classes and quad classes.

/// A scheme of event codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Conflict and Mediation Event Observations: 20 root classes.
    Cameo,
    /// World Event/Interaction Survey: 22 root classes.
    Weis,
    /// PLOVER: 16 types, numbered in the order of its manual.
    Plover,
}

/// The types of PLOVER, by quad class.
const PLOVER: [(&str, u8); 16] = [
    ("AGREE", 1),
    ("CONSULT", 1),
    ("SUPPORT", 1),
    ("CONCEDE", 1),
    ("COOPERATE", 2),
    ("AID", 2),
    ("RETREAT", 2),
    ("REQUEST", 3),
    ("ACCUSE", 3),
    ("REJECT", 3),
    ("THREATEN", 3),
    ("PROTEST", 4),
    ("SANCTION", 4),
    ("MOBILIZE", 4),
    ("COERCE", 4),
    ("ASSAULT", 4),
];

impl Scheme {
    /// The root class of a code, from 1; none: it is not a code of the scheme.
    pub fn root(self, code: &str) -> Option<u8> {
        let tens = |most: u8| {
            let code = code.as_bytes();
            let root = match code {
                [tens @ b'0'..=b'2', ones @ b'0'..=b'9', rest @ ..] if rest.len() <= 2 => {
                    let fine = rest.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
                    if fine { (tens - b'0') * 10 + (ones - b'0') } else { 0 }
                }
                _ => 0,
            };
            (1..=most).contains(&root).then_some(root)
        };
        match self {
            Self::Cameo => tens(20),
            Self::Weis => tens(22),
            Self::Plover => {
                let at = PLOVER.iter().position(|(name, _)| name.eq_ignore_ascii_case(code))?;
                u8::try_from(at + 1).ok()
            }
        }
    }

    /// The quad class of a root class, 1 (verbal cooperation) to 4 (material conflict).
    ///
    /// # Source
    /// CAMEO: as GDELT and ICEWS count it (roots 01–05, 06–08, 09–13, 14–20). WEIS: Duval, Robert D. and William R. Thompson. 1980.
    /// Reconsidering the Aggregate Relationship between Size, Economic Development, and Some Types of Foreign Policy Behavior. American
    /// Journal of Political Science 24(3): 511–525, as the Kansas Event Data System counts it. PLOVER: its manual.
    pub fn quad(self, root: u8) -> Option<u8> {
        match (self, root) {
            (Self::Cameo, 1..=5) | (Self::Weis, 2..=5 | 8..=10) => Some(1),
            (Self::Cameo, 6..=8) | (Self::Weis, 1 | 6 | 7) => Some(2),
            (Self::Cameo, 9..=13) | (Self::Weis, 11..=17) => Some(3),
            (Self::Cameo, 14..=20) | (Self::Weis, 18..=22) => Some(4),
            (Self::Plover, _) => {
                PLOVER.get(usize::from(root).checked_sub(1)?).map(|(_, quad)| *quad)
            }
            _ => None,
        }
    }

    /// The scheme of codes without a name: four figures are of CAMEO alone, roots 21 and 22 of WEIS alone. None: they may be either.
    pub fn of<'a>(codes: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut cameo = false;
        for code in codes {
            if !code.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            match (code.len(), code.get(..2)) {
                (3, Some("21" | "22")) => return Some(Self::Weis),
                (4, _) => cameo = true,
                _ => {}
            }
        }
        cameo.then_some(Self::Cameo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_and_quads_are_those_of_their_scheme() {
        for (scheme, code, root, quad) in [
            (Scheme::Cameo, "0841", Some(8), Some(2)),
            (Scheme::Cameo, "190", Some(19), Some(4)),
            (Scheme::Cameo, "013", Some(1), Some(1)),
            (Scheme::Cameo, "01", Some(1), Some(1)),
            (Scheme::Cameo, "138", Some(13), Some(3)),
            (Scheme::Cameo, "211", None, None),
            (Scheme::Cameo, "40", None, None),
            (Scheme::Cameo, "00", None, None),
            (Scheme::Cameo, "---", None, None),
            (Scheme::Cameo, "", None, None),
            (Scheme::Weis, "223", Some(22), Some(4)),
            (Scheme::Weis, "072", Some(7), Some(2)),
            (Scheme::Weis, "160", Some(16), Some(3)),
            (Scheme::Plover, "assault", Some(16), Some(4)),
            (Scheme::Plover, "AGREE", Some(1), Some(1)),
            (Scheme::Plover, "YIELD", None, None),
        ] {
            let found = scheme.root(code);
            assert_eq!((found, found.and_then(|r| scheme.quad(r))), (root, quad), "{code}");
        }
        assert_eq!(Scheme::of(["010", "0211"].into_iter()), Some(Scheme::Cameo));
        assert_eq!(Scheme::of(["010", "223"].into_iter()), Some(Scheme::Weis));
        assert_eq!(Scheme::of(["010", "190", "--"].into_iter()), None);
    }
}
