//! One file a command.

pub(super) mod check;
pub(super) mod completion;
pub(super) mod doc;
pub(super) mod man;
pub(super) mod run;
pub(super) mod version;
