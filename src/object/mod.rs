//! Kubernetes objects over [`crate::value::Node`]: names, references, selectors, quantities, masking, order, readiness.
//!
//! Pure: nothing here knows a cluster or a clock. Text from outside becomes a type of this room once, where it comes in;
//! what holds such a type need not check again, and nothing that does not parse reaches a URL.

mod duration;
mod error;
mod int_or_percent;
mod mask;
pub mod meta;
pub mod name;
pub mod order;
pub mod pod;
mod quantity;
mod readiness;
mod reference;
mod requests;
mod secrets;
mod selector;
mod version;

pub use duration::Duration;
pub use error::ObjectError;
pub use int_or_percent::IntOrPercent;
pub use mask::{MASK, masked, secret_values};
pub use meta::{Condition, OwnerReference};
pub use name::{
    AnnotationKey, DnsLabel, DnsSubdomain, FieldManager, Flaw, LabelKey, LabelValue, Name, Namespace, Segment,
    Subresource,
};
pub use quantity::{Format, Quantity};
pub use readiness::{Readiness, Why, readiness};
pub use reference::{GroupVersion, GroupVersionKind, KindQuery, ObjectRef};
pub use requests::requests;
pub use secrets::Secrets;
pub use selector::{FieldOperator, FieldSelector, FieldTerm, LabelSelector, Operator, Requirement};
pub use version::KubeVersion;
