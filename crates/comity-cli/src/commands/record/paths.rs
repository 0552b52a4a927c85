//! Paths as they are typed: a pattern or a `~` that the shell has left as it is, in quotes.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, glob_with};

use crate::exit::Trouble;
use comity_report::plain::clean;

/// The paths that are meant: what is there under its own name stays as it is; a pattern stands for the files that it fits, by name.
///
/// # Errors
/// A pattern that fits nothing, or is none.
pub(super) fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let mut all = Vec::new();
    for path in paths {
        for found in one(path, home.as_deref())? {
            if !all.contains(&found) {
                all.push(found);
            }
        }
    }
    Ok(all)
}

fn one(path: &Path, home: Option<&Path>) -> Result<Vec<PathBuf>, Trouble> {
    if path.symlink_metadata().is_ok() {
        return Ok(vec![path.to_owned()]);
    }
    let path = match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    };
    let text = path.to_string_lossy();
    if path.symlink_metadata().is_ok() || !text.contains(['*', '?', '[']) {
        return Ok(vec![path]);
    }
    // As a shell does: a `*` stands for no hidden file, and for no part of a path.
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let fits = glob_with(&text, options).map_err(|error| {
        Trouble::new(format!("`{}` is not a pattern of files: {error}", clean(&text)))
            .help("`*` stands for any letters, `?` for one, `[abc]` for one of these")
    })?;
    let found: Vec<PathBuf> = fits.collect::<Result<_, _>>().map_err(|error| {
        let folder = error.path().to_string_lossy().into_owned();
        Trouble::new(format!("{} cannot be read: {}", clean(&folder), error.error()))
            .help("a pattern stands for all files that fit it: mend the rights of this folder, or name the files")
    })?;
    if found.is_empty() {
        return Err(Trouble::new(format!("no file fits `{}`", clean(&text)))
            .help("name a file or a folder, or look at what is there with `ls`"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_in_quotes_stands_for_the_files_that_it_fits() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        std::fs::create_dir(&data).unwrap();
        for name in ["b.csv", "a.csv", "a.xlsx", ".hidden.csv", "odd[1].csv"] {
            std::fs::write(data.join(name), "x").unwrap();
        }
        let names = |pattern: &str| -> Vec<String> {
            let found = one(Path::new(pattern), Some(home.path())).unwrap();
            found.iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names("~/data/*.csv"), ["a.csv", "b.csv", "odd[1].csv"]);
        assert_eq!(names("~/data/a.*"), ["a.csv", "a.xlsx"]);
        assert_eq!(names("~/*/b.csv"), ["b.csv"]);
        // What is there under its own name is no pattern.
        assert_eq!(names(&data.join("odd[1].csv").to_string_lossy()), ["odd[1].csv"]);
        assert_eq!(names("~/data/odd[1].csv"), ["odd[1].csv"]);
        // What is not there is left to whoever opens it.
        assert_eq!(names("nothing-here.csv"), ["nothing-here.csv"]);
        let none = one(&data.join("*.dta"), None).unwrap_err().to_text();
        assert!(none.contains("no file fits `") && none.contains("*.dta"), "{none}");
        assert!(one(Path::new("a[.csv"), None).unwrap_err().to_text().contains("not a pattern"));
    }
}
