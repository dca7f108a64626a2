//! What a script may use up. Limits stop mistakes and clumsy attacks; they are no sandbox against code that wants to get out.

use std::time::Duration;

/// Limits of one run. All are set on purpose: Rhai's own differ between debug and release builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Operations of the script, closures called by host functions included.
    pub operations: u64,
    /// Nested calls of script functions. Each level of a closure called by a host function takes up to 6.5 KiB of stack.
    pub call_levels: usize,
    /// Bytes of one text.
    pub text_bytes: usize,
    /// Items of one array, nested arrays included.
    pub items: usize,
    /// Entries of one map, nested maps included.
    pub entries: usize,
    /// Variables in scope.
    pub variables: usize,
    /// Imports.
    pub modules: usize,
    /// Bytes of one source file: parsing a hostile one takes time quadratic in its size.
    pub source_bytes: usize,
    /// How long the whole run may take; `None`: as long as it wants.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            operations: 500_000_000,
            call_levels: 128,
            text_bytes: 16 * 1024 * 1024,
            items: 1_000_000,
            entries: 1_000_000,
            variables: 1_000,
            modules: 200,
            source_bytes: 128 * 1024,
            time: None,
        }
    }
}

/// Stack of the thread that runs a script: 256 call levels fit, in debug builds too.
pub(super) const STACK_BYTES: usize = 16 * 1024 * 1024;

/// Levels of nesting in an expression.
pub(super) const EXPRESSION_LEVELS: usize = 64;
