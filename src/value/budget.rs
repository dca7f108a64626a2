//! [`Budget`]: how much a text may ask of the reader. Reaching a limit is an error, never a cut.

/// Limits for reading YAML or JSON. A document exactly at a limit passes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budget {
    /// Bytes of text; 64 MiB.
    pub bytes: usize,
    /// Documents in one YAML text, empty ones not counted; 10,000.
    pub documents: usize,
    /// Values in one text, those that aliases repeat included, keys not; 2,000,000.
    pub nodes: usize,
    /// Containers inside each other; 128.
    pub depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: 64 << 20, documents: 10_000, nodes: 2_000_000, depth: 128 }
    }
}

/// Which limit of a [`Budget`] was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`Budget::bytes`].
    Bytes,
    /// [`Budget::documents`].
    Documents,
    /// [`Budget::nodes`].
    Nodes,
    /// [`Budget::depth`].
    Depth,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Documents => "documents",
            Self::Nodes => "values",
            Self::Depth => "levels of nesting",
        })
    }
}
