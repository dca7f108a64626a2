//! Why a JSON text is refused, before it is known where the text is from.

use super::super::{Key, Limit, ValueError};
use crate::diag::{Place, Span};
use std::str::Utf8Error;

/// Why a text is refused, and where in bytes from its start.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) kind: FaultKind,
}

#[derive(Debug, PartialEq)]
pub(super) enum FaultKind {
    Syntax(&'static str),
    Duplicate { key: Key, first: usize },
    Budget(Limit, usize),
    Encoding,
}

impl Fault {
    /// The same fault in a text that starts so many bytes earlier.
    pub(super) fn later(mut self, bytes: usize) -> Self {
        self.offset += bytes;
        if let FaultKind::Duplicate { first, .. } = &mut self.kind {
            *first += bytes;
        }
        self
    }

    /// The error of this fault; its places are known where the text is.
    pub(super) fn error(self, span: Option<Span>, first: Option<Place>) -> ValueError {
        let offset = self.offset;
        match self.kind {
            FaultKind::Syntax(problem) => ValueError::Json { problem: problem.to_owned(), offset, span },
            FaultKind::Duplicate { key, .. } => ValueError::DuplicateKey { key: key.to_string(), span, first },
            FaultKind::Budget(limit, most) => ValueError::Budget { limit, most, span },
            FaultKind::Encoding => ValueError::Encoding { problem: format!("invalid UTF-8 at byte {offset}"), span },
        }
    }
}

/// The part of a text before what is no UTF-8.
pub(super) fn valid(bytes: &[u8], error: Utf8Error) -> &str {
    std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
}
