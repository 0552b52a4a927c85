//! Acts: the vocabulary, how they are put in words and files, and the rows that they write.

mod change;
pub mod definition;
pub mod file;
mod lay;
mod phrase;
pub mod read;
mod recognise;
mod sheet;
mod when;

pub use definition::{Definition, Vocabulary};
pub use lay::{Laid, RowShown, SOURCE, lay};
pub use read::Act;
pub use recognise::{Recognised, recognise};
pub(crate) use when::YEARS;
pub use when::{Span, When};
