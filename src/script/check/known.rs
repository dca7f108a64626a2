//! The functions that exist beside the host's: the language's own, and those of scripts and modules.

use crate::host::specs_named;
use rhai::{Dynamic, Engine};
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Numbers of arguments by name.
pub(super) type Counts = BTreeMap<String, BTreeSet<usize>>;

/// Functions of the language with the types of the arguments they take, a receiver counted.
pub(super) struct Natives(BTreeMap<String, Vec<Vec<TypeId>>>);

/// Words of the language that are called like functions and are registered nowhere, or for any value.
const WORDS: &[&str] = &[
    "Fn",
    "call",
    "curry",
    "debug",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "print",
    "to_debug",
    "to_string",
    "type_of",
];

impl Natives {
    pub(super) fn of(engine: &Engine) -> Self {
        let mut natives: BTreeMap<String, Vec<Vec<TypeId>>> = BTreeMap::new();
        let found = engine.collect_fn_metadata(
            None,
            |info| {
                let function = info.metadata;
                // Host functions are registered from their specs, without names of parameters.
                let is_host = function.params_info.is_empty() && specs_named(&function.name).next().is_some();
                let is_ours = info.namespace.is_empty() && !is_host;
                is_ours.then(|| (function.name.to_string(), function.param_types.to_vec()))
            },
            true,
        );
        for (name, types) in found {
            if name.starts_with(|first: char| first.is_alphabetic() || first == '_') && !name.contains('$') {
                natives.entry(name).or_default().push(types);
            }
        }
        Self(natives)
    }

    /// Whether a function of that name takes these arguments; `None` for those of which nothing is known.
    pub(super) fn take(&self, name: &str, args: &[Option<Dynamic>]) -> bool {
        let fits = |types: &Vec<TypeId>| {
            types.len() == args.len()
                && types.iter().zip(args).all(|(wanted, arg)| arg.as_ref().is_none_or(|arg| is_of(arg, *wanted)))
        };
        WORDS.contains(&name) || self.0.get(name).is_some_and(|known| known.iter().any(fits))
    }

    /// How many arguments the functions of that name take.
    pub(super) fn counts(&self, name: &str) -> Option<BTreeSet<usize>> {
        Some(self.0.get(name)?.iter().map(Vec::len).collect())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn is_of(arg: &Dynamic, wanted: TypeId) -> bool {
    let texts = [TypeId::of::<rhai::ImmutableString>(), TypeId::of::<String>(), TypeId::of::<&str>()];
    wanted == TypeId::of::<Dynamic>() || wanted == arg.type_id() || (arg.is_string() && texts.contains(&wanted))
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
