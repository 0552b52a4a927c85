//! The policies inside the program.

/// A policy that ships with the program.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its id.
    pub id: &'static str,
    /// Its file, as shown in messages.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Every policy that ships, the default first.
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        id: "independent-peace",
        file: "policies/independent-peace.md",
        text: include_str!("../../../policies/independent-peace.md"),
    },
    Shipped {
        id: "bandung-1955",
        file: "policies/bandung-1955.md",
        text: include_str!("../../../policies/bandung-1955.md"),
    },
];
