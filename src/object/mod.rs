//! Kubernetes objects over [`crate::value::Node`]: names, references, selectors, quantities, masking, order, readiness.
//!
//! Pure: nothing here knows a cluster or a clock. Text from outside becomes a type of this room once, where it comes in;
//! what holds such a type need not check again, and nothing that does not parse reaches a URL.

mod error;
pub mod name;
mod reference;
mod selector;

pub use error::ObjectError;
pub use name::{
    AnnotationKey, DnsLabel, DnsSubdomain, FieldManager, Flaw, LabelKey, LabelValue, Name, Namespace, Segment,
    Subresource,
};
pub use reference::{GroupVersion, GroupVersionKind, KindQuery, ObjectRef};
pub use selector::{FieldOperator, FieldSelector, FieldTerm, LabelSelector, Operator, Requirement};
mod duration;
pub use duration::Duration;
