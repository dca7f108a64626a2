//! What the JSON parser is to hand out, and its limits.

/// What a machine hands out, and its limits.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) unit: Unit,
    pub(super) managed_fields: ManagedFields,
    /// Most bytes of one unit.
    pub(super) bytes: usize,
    /// Most values of one unit.
    pub(super) nodes: usize,
    /// Most open containers.
    pub(super) depth: usize,
}

/// What is handed out as one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// The one document of a text.
    Whole,
    /// Each document of a text that holds any number of them.
    Document,
    /// Each document, which is a watch event: its object stands under `object`.
    Event,
    /// Each item of the one document's `items`, then the document without them.
    Item,
}

/// What to do with `metadata.managedFields` of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ManagedFields {
    /// Pass over it; it is often half of an object and nobody reads it.
    #[default]
    Drop,
    /// Keep it.
    Keep,
}
