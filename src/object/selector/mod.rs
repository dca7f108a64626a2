//! Selectors: which objects are meant, by label or by field. Read, printed and matched as the API server does.
//!
//! Sources: `k8s.io/apimachinery/pkg/labels` and `…/pkg/fields`.

mod field;
mod label;
mod parse;

pub use field::{FieldOperator, FieldSelector, FieldTerm};
pub use label::{LabelSelector, Operator, Requirement};
