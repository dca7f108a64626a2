//! Imports: `"std/…"` is embedded in the binary, `"./rel"` stays inside the package. Nothing else can be loaded.

use super::compile::{compile, too_large};
use super::error::cycle;
use crate::diag::{SourceMap, SourceText, codes, did_you_mean};
use crate::host::{Failure, throw};
use crate::world::World;
use rhai::{Engine, EvalAltResult, Module, Position, Scope, Shared};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;

/// Where the modules of a run come from.
#[derive(Clone)]
pub struct Modules {
    /// Embedded modules by their name after `std/`.
    pub library: &'static [(&'static str, &'static str)],
    /// The folder that relative imports must not leave; `None`: there are none (a one-liner).
    pub root: Option<PathBuf>,
    /// The doors through which files are read.
    pub world: Arc<dyn World>,
    /// Largest source.
    pub source_bytes: usize,
}

impl std::fmt::Debug for Modules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Modules").field("root", &self.root).finish_non_exhaustive()
    }
}

/// Loads each module once and refuses circles.
pub(super) struct Resolver {
    modules: Modules,
    sources: SourceMap,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    loaded: HashMap<String, Shared<Module>>,
    /// The modules that are being loaded, outermost first. Threads of a run load for themselves: what another one is at is
    /// no circle.
    loading: Vec<(ThreadId, String)>,
}

impl Resolver {
    pub(super) fn new(modules: Modules, sources: SourceMap) -> Self {
        Self { modules, sources, state: Mutex::default() }
    }

    /// The display name of a module and its text.
    pub(super) fn read(&self, importer: Option<&str>, path: &str) -> Result<(String, String), Failure> {
        if let Some(name) = path.strip_prefix("std/") {
            return self.embedded(name);
        }
        if !path.starts_with("./") && !path.starts_with("../") {
            return Err(Failure::new(codes::MODULE_NOT_FOUND, format!("no module `{path}`"))
                .hint("an import is \"std/name\" or a path that starts with \"./\""));
        }
        let Some(root) = &self.modules.root else {
            return Err(Failure::new(codes::MODULE_OUTSIDE, format!("`{path}` cannot be imported by a one-liner"))
                .hint("only \"std/…\" can; put the script into a file for relative imports"));
        };
        let folder = importer.and_then(|file| Path::new(file).parent()).unwrap_or(root);
        let file = confined(root, folder, path)?;
        let bytes = self.modules.world.read_file(&file, self.modules.source_bytes + 1).map_err(|error| {
            Failure::new(codes::MODULE_NOT_FOUND, format!("cannot load module `{path}`")).note(error.to_string())
        })?;
        if bytes.len() > self.modules.source_bytes {
            return Err(too_large(&file.display().to_string(), self.modules.source_bytes));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::new(codes::ENCODING, format!("module `{path}` is not UTF-8")))?;
        Ok((file.display().to_string(), text))
    }

    fn embedded(&self, name: &str) -> Result<(String, String), Failure> {
        let found = self.modules.library.iter().find(|(known, _)| *known == name);
        let Some((_, text)) = found else {
            let names = self.modules.library.iter().map(|(known, _)| *known);
            let all: Vec<String> = names.clone().map(|known| format!("std/{known}")).collect();
            let hint = did_you_mean(name, names)
                .map(|hint| hint.replace('`', "\""))
                .unwrap_or_else(|| format!("there are {}", all.join(", ")));
            return Err(Failure::new(codes::MODULE_NOT_FOUND, format!("no module `std/{name}`")).hint(hint));
        };
        Ok((format!("std/{name}"), (*text).to_owned()))
    }

    fn load(&self, engine: &Engine, name: &str, text: &str) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let source = SourceText::new(name, text);
        self.sources.insert(Arc::clone(&source));
        let ast = compile(engine, &source, self.modules.source_bytes).map_err(|error| throw(Failure::of(error)))?;
        let module = Module::eval_ast_as_new(Scope::new(), &ast, engine)?;
        Ok(module.into())
    }
}

impl rhai::ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let failed = |failure: Failure| -> Box<EvalAltResult> {
            let mut error = throw(failure);
            error.set_position(position);
            error
        };
        let this = std::thread::current().id();
        let (name, text) = self.read(source, path).map_err(failed)?;
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(module) = state.loaded.get(&name) {
                return Ok(Shared::clone(module));
            }
            let own = state.loading.iter().filter(|(thread, _)| *thread == this).map(|(_, name)| name.as_str());
            let mut circle: Vec<&str> = own.skip_while(|known| *known != name).collect();
            if !circle.is_empty() {
                circle.push(&name);
                return Err(failed(Failure::of(cycle(&circle))));
            }
            state.loading.push((this, name.clone()));
        }
        let loaded = self.load(engine, &name, &text);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = state.loading.iter().rposition(|(thread, _)| *thread == this) {
            state.loading.remove(last);
        }
        let module = loaded.map_err(|error| EvalAltResult::ErrorInModule(name.clone(), error, position))?;
        state.loaded.insert(name, Shared::clone(&module));
        Ok(module)
    }
}

/// The file an import names, if it lies below `root`. Purely by the path's text: no link is followed to decide.
fn confined(root: &Path, folder: &Path, import: &str) -> Result<PathBuf, Failure> {
    let outside = || {
        Failure::new(codes::MODULE_OUTSIDE, format!("import `{import}` leads out of the package"))
            .hint(format!("modules are found below {}", root.display()))
    };
    let mut file = folder.to_path_buf();
    for part in Path::new(import).components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => file.push(name),
            Component::ParentDir => {
                if !file.pop() {
                    return Err(outside());
                }
            }
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    if !file.starts_with(root) || import.contains('\0') {
        return Err(outside());
    }
    if file.extension().is_none_or(|extension| extension != "rhai") {
        let mut name = file.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
        name.push(".rhai");
        file.set_file_name(name);
    }
    Ok(file)
}
