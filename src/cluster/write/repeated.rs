//! Writes that are refused at a repetition because the attempt before, whose answer was lost, was done.

use super::body::holds_in_any_version;
use crate::cluster::error::{Call, Error};
use crate::cluster::read::GetOptions;
use crate::cluster::{Context, Problem, Result, Target};
use crate::object::ObjectRef;
use crate::value::Node;
use std::sync::Arc;

impl Target {
    /// What became of a write of a version: a conflict at its repetition may be one with itself. Then the object is as it was
    /// sent, and is given back.
    pub(super) async fn unless_done(
        &self,
        run: &Context,
        call: &Arc<Call>,
        reference: &ObjectRef,
        sent: &Node,
        read: &GetOptions,
        answer: Result<Node>,
    ) -> Result<Node> {
        let refused = match answer {
            Err(error) if is_repeated(&error) && error.problem() == Some(Problem::Conflict) => error,
            answer => return answer,
        };
        match self.find_ref(run, reference, read).await {
            Ok(Some(live)) if holds_in_any_version(&live, sent) => Ok(live),
            Ok(_) => Err(refused),
            Err(replaced) if replaced.problem() == Some(Problem::Replaced) => Err(replaced.within_call(call)),
            Err(then) => Err(doubt(call, &refused, &then)),
        }
    }
}

/// Whether this may be an answer to what an earlier attempt of the same call has done.
pub(super) fn is_repeated(error: &Error) -> bool {
    error.status().is_some_and(|status| status.is_repeated)
}

/// A write may have been done, and the object could not be looked at.
pub(super) fn doubt(call: &Arc<Call>, refused: &Error, then: &Error) -> Error {
    Error::InDoubt { call: call.clone(), cause: format!("{refused}; then {then}") }
}
