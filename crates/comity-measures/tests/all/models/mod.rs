//! Models against published tables, from the files that their authors released.

mod gravity;
mod liberal_peace;
mod published;
mod wars;
