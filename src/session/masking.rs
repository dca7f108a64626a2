//! The last look at what a run hands back: its result and its error, with every secret masked. Events have a sink for it.

use crate::diag::Diagnostic;
use crate::object::{Secrets, masked};
use crate::value::Node;

/// A run's result without secrets: those that the run knows, and whatever stands in a `Secret` object.
pub(super) fn value(secrets: &Secrets, value: &Node) -> Node {
    let value = masked(value);
    if secrets.is_empty() { value } else { secrets.mask_node(&value) }
}

/// A run's error without secrets.
pub(super) fn diagnostic(secrets: &Secrets, mut diagnostic: Diagnostic) -> Diagnostic {
    if secrets.is_empty() {
        return diagnostic;
    }
    let Diagnostic { code: _, severity: _, message, labels, trace, notes, hints } = &mut diagnostic;
    let labels = labels.iter_mut().map(|label| &mut label.text);
    for text in labels.chain(trace).chain(notes).chain(hints).chain([message]) {
        if let std::borrow::Cow::Owned(masked) = secrets.mask(text) {
            *text = masked;
        }
    }
    diagnostic
}
