//! Checking a script as a run of this session would see it, without running it.

use super::{Script, Session};
use crate::diag::{Diagnostic, SourceMap};

impl Session {
    /// Checks a script and all modules that it imports: names, arity, modules, options, kinds, literals. `params` are the
    /// names that its header declares, `None` where they are not known. `sources` gets the texts that the findings point
    /// into. Blocks for as long as reading the modules takes; no cluster is reached.
    #[must_use]
    pub fn check(&self, script: &Script, params: Option<&[&str]>, sources: &SourceMap) -> Vec<Diagnostic> {
        crate::script::check(&self.toolbox, &script.source, &self.modules(script), params, sources)
    }
}
