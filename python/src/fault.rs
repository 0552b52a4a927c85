//! Errors of the library as exceptions of the package.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// The exception of an error: what is wrong, where, and the ways out.
pub fn raise(error: comity::Error) -> PyErr {
    let mut message = error.message.clone();
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        // Some libraries already print their cause.
        let text = next.to_string();
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        cause = next.source();
    }
    let place = error.place.clone();
    let (file, line, column) = match place {
        Some(place) => (place.file, Some(place.line), Some(place.column)),
        None => (None, None, None),
    };
    Python::attach(|py| match class(py) {
        Ok(class) => match class.call1((message, error.help, file, line, column)) {
            Ok(value) => PyErr::from_value(value),
            Err(error) => error,
        },
        Err(error) => error,
    })
}

fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "comity.errors", "Error")
}
