/// The publication that defines a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Authors, as they are cited.
    pub authors: &'static str,
    /// Year of publication.
    pub year: u16,
    /// Title.
    pub title: &'static str,
    /// Journal with volume and pages, or publisher.
    pub published_in: &'static str,
    /// Digital object identifier without `https://doi.org/`; empty where there is none.
    pub doi: &'static str,
}
