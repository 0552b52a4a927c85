//! Running a policy over a record: one evaluation serves every state and year.

pub mod answered;
mod block;
pub mod cases;
pub mod check;
mod desks;
pub mod evaluate;
mod events;
mod findings;
mod grades;
mod grid;
mod judge;
pub mod kept;
mod looked;
mod outside;
mod plan;
mod pursue;
pub mod report;
pub mod rows;
pub mod rules;
pub mod silence;
mod state_years;
mod values;
pub mod why;

pub(crate) use grades::grades;
pub(crate) use plan::contract;
