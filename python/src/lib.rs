//! The Python module `comity._native`: records, tables and documents. What people import is the package around it.

mod document;
mod fault;
mod record;
mod table;
mod work;

use std::path::PathBuf;

use pyo3::prelude::*;

/// Says how the program is started again, for work in child processes: `path`, then `words`, then a command. `build` is the file that
/// changes with each build.
#[pyfunction]
fn set_program(path: PathBuf, words: Vec<String>, build: PathBuf) {
    comity::program::set(comity::program::Program { path, words, build });
}

/// Runs a command as the program does, with the program's name first; the code to end with.
#[pyfunction]
fn run(py: Python<'_>, args: Vec<std::ffi::OsString>) -> u8 {
    py.detach(|| comity_cli::run_command(args))
}

/// The names of the policies that ship.
#[pyfunction]
fn policies() -> Vec<(String, String)> {
    let title = |id: &str| comity::Policy::shipped(id).map(|p| p.document().title.clone());
    comity::SHIPPED.iter().map(|p| (p.id.to_owned(), title(p.id).unwrap_or_default())).collect()
}

/// The measures: name and title.
#[pyfunction]
fn measures() -> Vec<(&'static str, &'static str)> {
    comity::measure::MEASURES.iter().map(|m| (m.name, m.title)).collect()
}

/// What a measure is: formula, unit, nulls, references.
#[pyfunction]
fn explain(name: &str) -> PyResult<String> {
    Ok(comity::measure::explain(
        comity::measure::named(&name.replace('-', "_")).map_err(fault::raise)?,
    ))
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<record::Record>()?;
    module.add_class::<table::Rows>()?;
    module.add_class::<document::Audit>()?;
    module.add_class::<document::Document>()?;
    module.add_function(wrap_pyfunction!(set_program, module)?)?;
    module.add_function(wrap_pyfunction!(run, module)?)?;
    module.add_function(wrap_pyfunction!(policies, module)?)?;
    module.add_function(wrap_pyfunction!(measures, module)?)?;
    module.add_function(wrap_pyfunction!(explain, module)?)?;
    Ok(())
}
