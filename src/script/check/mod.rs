//! What can be said about a script without running it: names, arity, options, modules, literals that cannot be right.
//!
//! All findings at once, each at its place. A finding is an error only where a run that came there would fail; what
//! depends on the cluster is a warning at most, and what cannot be known is not said. Nothing here runs a script.

mod call;
mod kinds;
mod known;
mod literal;
mod property;
mod walk;

use super::compile::compile;
use super::error::{self, Scene};
use super::limits::STACK_BYTES;
use super::resolver::{Modules, Resolver};
use super::{Limits, Toolbox};
use crate::diag::{Diagnostic, Label, SourceMap, SourceText, Span, codes};
use known::{Face, Natives};
use rhai::{AST, Engine, ParseErrorType, Position, Scope};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use walk::Walk;

/// What stands in the scope of a script, and of no module.
const GIVEN: &[&str] = &["cluster", "params", "run"];

/// Unknown variables that are reported of one text: each costs a parse.
const MOST_VARIABLES: usize = 50;

/// Checks a script and all modules that it imports from `modules`. `params` are the names that the script's header declares,
/// `None` where that is not known. `sources` gets the texts that the findings point into.
///
/// Findings are ordered by place, those of the script itself first; there are none if nothing is wrong.
#[must_use]
pub fn check(
    toolbox: &Toolbox,
    source: &Arc<SourceText>,
    modules: &Modules,
    params: Option<&[&str]>,
    sources: &SourceMap,
) -> Vec<Diagnostic> {
    let work = || checked(toolbox, source, modules, params, sources);
    // Nested expressions are walked recursively: the stack that scripts run with is enough, a caller's may not be.
    let found = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("rutter-check".to_owned()).stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, work).ok().and_then(|handle| handle.join().ok())
    });
    found.unwrap_or_else(|| {
        let message = format!("{} could not be checked: its thread ended without a result", source.name());
        vec![Diagnostic::error(codes::INTERNAL, message)]
    })
}

fn checked(
    toolbox: &Toolbox,
    source: &Arc<SourceText>,
    modules: &Modules,
    params: Option<&[&str]>,
    sources: &SourceMap,
) -> Vec<Diagnostic> {
    let engine = toolbox.bare_engine(&Limits::default());
    let mut strict = toolbox.bare_engine(&Limits::default());
    strict.set_strict_variables(true);
    let natives = Natives::of(&engine);
    let mut checker = Checker {
        resolver: Resolver::new(modules.clone(), sources.clone()),
        source_bytes: modules.source_bytes,
        engine: &engine,
        strict: &strict,
        natives: &natives,
        sources,
        faces: HashMap::new(),
        loading: Vec::new(),
        keys: BTreeSet::new(),
        findings: Vec::new(),
    };
    let params = params.map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    checker.source(source, params.as_deref(), GIVEN);
    let main = source.name();
    let mut findings = checker.findings;
    findings.sort_by_cached_key(|finding| {
        let place = finding.labels.first().map(|label| (label.span.file.clone(), label.span.start));
        (place.as_ref().is_some_and(|(file, _)| file != main), place)
    });
    findings.dedup();
    findings
}

/// The state of one check: which modules are known, what was found.
struct Checker<'e> {
    resolver: Resolver,
    source_bytes: usize,
    engine: &'e Engine,
    /// The same, but it refuses unknown variables.
    strict: &'e Engine,
    natives: &'e Natives,
    sources: &'e SourceMap,
    faces: HashMap<String, Arc<Face>>,
    /// Names of the texts that are being checked, outermost first.
    loading: Vec<String>,
    /// Keys of all maps seen so far: a closure kept under one is called like a method.
    keys: BTreeSet<String>,
    findings: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// Checks one text, and gives what importers see of it.
    fn source(&mut self, source: &Arc<SourceText>, params: Option<&[String]>, given: &[&str]) -> Arc<Face> {
        self.sources.insert(Arc::clone(source));
        let ast = match compile(self.engine, source, self.source_bytes) {
            Ok(ast) => ast,
            Err(finding) => {
                self.findings.push(finding);
                return Face::unknown();
            }
        };
        self.loading.push(source.name().to_owned());
        self.variables(source, &ast, given);
        let face = Walk::check(self, source.name(), &ast, params);
        self.loading.pop();
        Arc::new(face)
    }

    /// Reports each unknown variable where it is used first. The engine's parser knows scopes, but stops at the first: so it
    /// is asked again, with that one given.
    fn variables(&mut self, source: &SourceText, ast: &AST, given: &[&str]) {
        let mut scope = Scope::new();
        for name in given {
            scope.push(*name, ());
        }
        let scene = Scene { engine: self.engine, ast: Some(ast), file: source.name() };
        for _ in 0..MOST_VARIABLES {
            let Err(parse) = self.strict.compile_with_scope(&scope, source.text()) else { return };
            let ParseErrorType::VariableUndefined(name) = parse.err_type() else { return };
            self.report(source.name(), parse.position(), name, error::no_variable(&scene, name));
            scope.push(name.as_str(), ());
        }
    }

    /// Checks an imported module, once. Nothing is known of one that cannot be loaded.
    fn import(&mut self, importer: &str, path: &str, position: Position) -> Arc<Face> {
        let (name, text) = match self.resolver.read(Some(importer), path) {
            Ok(found) => found,
            Err(failure) => {
                self.report(importer, position, path, failure.diagnostic().clone());
                return Face::unknown();
            }
        };
        if let Some(face) = self.faces.get(&name) {
            return Arc::clone(face);
        }
        if let Some(first) = self.loading.iter().position(|known| *known == name) {
            let circle: Vec<&str> = self.loading[first..].iter().chain([&name]).map(String::as_str).collect();
            let finding = error::cycle(&circle);
            self.report(importer, position, path, finding);
            return Face::unknown();
        }
        let face = self.source(&SourceText::new(name.clone(), text), None, &[]);
        self.faces.insert(name, Arc::clone(&face));
        face
    }

    /// Keeps a finding about `subject`, which is written at that position, quoted if it is no name.
    fn report(&mut self, file: &str, position: Position, subject: &str, mut finding: Diagnostic) {
        let number = |number: Option<usize>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or(1);
        let mut span = Span::point(file, number(position.line()), number(position.position()));
        let is_name = subject.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        span.length = if is_name { number(Some(subject.chars().count())) } else { 0 };
        finding.labels = vec![Label { span, text: String::new() }];
        self.findings.push(finding);
    }
}
