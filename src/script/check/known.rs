//! The functions that exist beside the host's: the language's own, and those of scripts and modules.

use crate::host::specs_named;
use rhai::Engine;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Numbers of arguments by name.
pub(super) type Counts = BTreeMap<String, BTreeSet<usize>>;

/// Functions of the language with the numbers of arguments they take, a receiver counted.
pub(super) struct Natives(Counts);

/// Words of the language that are called like functions and are registered nowhere, or for any value.
const WORDS: &[&str] = &["Fn", "call", "curry", "debug", "is_def_fn", "is_def_var", "is_shared", "print", "type_of"];

impl Natives {
    pub(super) fn of(engine: &Engine) -> Self {
        let mut natives = Counts::new();
        let found = engine.collect_fn_metadata(
            None,
            |info| {
                let function = info.metadata;
                // Host functions are registered from their specs, without names of parameters.
                let is_host = function.params_info.is_empty() && specs_named(&function.name).next().is_some();
                (info.namespace.is_empty() && !is_host).then(|| (function.name.to_string(), function.num_params))
            },
            true,
        );
        for (name, count) in found {
            if name.starts_with(|first: char| first.is_alphabetic() || first == '_') && !name.contains('$') {
                natives.entry(name).or_default().insert(count);
            }
        }
        for word in WORDS {
            natives.entry((*word).to_owned()).or_default().extend(0..=16);
        }
        Self(natives)
    }

    /// How many arguments the function of that name takes.
    pub(super) fn find(&self, name: &str) -> Option<&BTreeSet<usize>> {
        self.0.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// What an importer sees of a module.
#[derive(Debug, Default)]
pub(super) struct Face {
    pub(super) functions: Counts,
    pub(super) modules: BTreeMap<String, Arc<Face>>,
    pub(super) variables: BTreeSet<String>,
    /// Nothing is known: the module could not be loaded, or its path is computed.
    pub(super) is_unknown: bool,
}

impl Face {
    pub(super) fn unknown() -> Arc<Self> {
        Arc::new(Self { is_unknown: true, ..Self::default() })
    }
}
