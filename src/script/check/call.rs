//! One call: is there such a function, does it take so many arguments, and can these be what it takes.

use super::known::Face;
use super::literal::{problem, stand_in, text};
use super::walk::{Walk, is_variable};
use crate::diag::{Diagnostic, codes};
use crate::host::{
    Form, Spec, Type, check_type, describe, is_namespace, known_option, options_place, specs_named, what,
};
use crate::script::error::{no_method, no_module, no_such_function, takes, takes_no, wrong_arity};
use rhai::{Dynamic, Expr, FnCallExpr, Position};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How a call is written.
#[derive(Debug, Clone, Copy)]
enum Written {
    /// `name(…)`
    Function,
    /// `receiver.name(…)`; the receiver is not always known.
    Method(Option<Type>),
}

/// Stands for a cluster: of a type that none of the language's functions is for.
#[derive(Debug, Clone)]
struct Handle;

/// A call that fits no function.
#[derive(Clone, Copy)]
struct Misfit<'m> {
    name: &'m str,
    /// With the receiver; `None` for what is no literal.
    args: &'m [Option<Dynamic>],
    written: Written,
    /// How many arguments the text shows in parentheses.
    given: usize,
    /// Host functions of that name.
    specs: &'m [&'static Spec],
    /// Those that the receiver, where it is known, can have.
    of_holder: &'m [&'static Spec],
}

impl Walk<'_, '_, '_> {
    /// `name(…)` or `module::name(…)`
    pub(super) fn function_call(&mut self, call: &FnCallExpr, position: Position) {
        let args: Vec<Option<&Expr>> = call.args.iter().map(Some).collect();
        if call.namespace.is_empty() {
            self.plain_call(&call.name, position, &args, Written::Function);
        } else {
            self.qualified_call(call, position, &args);
        }
    }

    /// `receiver.name(…)`
    pub(super) fn method_call(&mut self, call: &FnCallExpr, position: Position, receiver: Option<&Expr>) {
        let args: Vec<Option<&Expr>> = std::iter::once(receiver).chain(call.args.iter().map(Some)).collect();
        let kind = receiver.and_then(|receiver| self.kind_of(receiver));
        self.plain_call(&call.name, position, &args, Written::Method(kind));
    }

    /// The type of a receiver, where it is certain enough: a variable `cluster` is what the name says.
    fn kind_of(&self, receiver: &Expr) -> Option<Type> {
        match receiver {
            Expr::Variable(..) if is_variable(receiver, "cluster") && !self.shadowed.contains("cluster") => {
                Some(Type::Cluster)
            }
            Expr::StringConstant(..) | Expr::InterpolatedString(..) => Some(Type::Text),
            Expr::Array(..) => Some(Type::List),
            Expr::Map(..) => Some(Type::Object),
            _ => None,
        }
    }

    /// A call without a module. `args` begin with the receiver of a method.
    fn plain_call(&mut self, name: &str, position: Position, args: &[Option<&Expr>], written: Written) {
        if !name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            return;
        }
        let specs: Vec<&'static Spec> = specs_named(name).filter(|spec| is_plain(spec)).collect();
        let (holder, given) = match written {
            Written::Function => (None, args.len()),
            Written::Method(kind) => (kind, args.len() - 1),
        };
        // The receiver of a script's own function is its `this`.
        if self.own.get(name).is_some_and(|counts| counts.contains(&given)) {
            return;
        }
        let of_holder: Vec<&'static Spec> =
            specs.iter().copied().filter(|spec| holder.is_none_or(|kind| is_for(spec, kind))).collect();
        let mut values: Vec<Option<Dynamic>> = args.iter().map(|arg| arg.and_then(stand_in)).collect();
        if holder == Some(Type::Cluster) {
            values[0] = Some(Dynamic::from(Handle));
        }
        if self.checker.natives.take(name, &values) {
            return;
        }
        let fitting: Vec<&'static Spec> =
            of_holder.iter().copied().filter(|spec| spec.arity().contains(&counted(spec, args.len()))).collect();
        if !fitting.is_empty() {
            return self.arguments(&fitting, args);
        }
        let call = Misfit { name, args: &values, written, given, specs: &specs, of_holder: &of_holder };
        if let Some(finding) = self.misfit(&call) {
            self.checker.report(self.file, position, name, finding);
        }
    }

    /// What to say of a call that fits no function.
    fn misfit(&self, call: &Misfit<'_>) -> Option<Diagnostic> {
        let Misfit { name, args, written, given, specs, of_holder } = *call;
        if let Some(counts) = self.own.get(name) {
            return Some(takes(name, &either(counts, 0), given));
        }
        if let Some(spec) = of_holder.first() {
            let is_no_method = matches!(written, Written::Function) && of_holder.iter().all(|spec| is_method(spec));
            return Some(if is_no_method {
                needs_receiver(name, of_holder)
            } else {
                wrong_arity(spec, counted(spec, args.len()))
            });
        }
        let natives =
            self.checker.natives.counts(name).filter(|_| !matches!(written, Written::Method(Some(Type::Cluster))));
        if let Some(counts) = natives {
            let types = || args.iter().map(|arg| arg.as_ref().map_or("…", describe));
            let is_counted = counts.contains(&args.len());
            return Some(if is_counted {
                takes_no(name, types())
            } else {
                takes(name, &either(&counts, args.len() - given), given)
            });
        }
        match written {
            Written::Method(Some(kind)) if !specs.is_empty() => Some(no_method(kind.word(), name, specs)),
            Written::Method(_) if self.checker.keys.contains(name) => None,
            Written::Function if self.shadowed.contains(name) => Some(
                no_such_function(name, std::iter::empty())
                    .hint(format!("`{name}` is a variable: a closure in it is called with `{name}.call(…)`")),
            ),
            _ => {
                let known = self.own.keys().map(String::as_str).chain(self.checker.natives.names());
                Some(no_such_function(name, known))
            }
        }
    }

    /// A call of a function in a module, or in a namespace of the host.
    fn qualified_call(&mut self, call: &FnCallExpr, position: Position, args: &[Option<&Expr>]) {
        let names: Vec<&str> = call.namespace.path.iter().map(rhai::Ident::as_str).collect();
        let (root, name) = (call.namespace.root(), call.name.as_str());
        let path = format!("{}::{name}", names.join("::"));
        if root == "global" {
            let own = Face { functions: self.own.clone(), ..Face::default() };
            return self.module_call(&own, &path, call, position);
        }
        if names.len() == 1 && is_namespace(root) {
            let specs: Vec<&'static Spec> =
                specs_named(name).filter(|spec| spec.form == Form::Namespaced && spec.group == root).collect();
            let finding = match specs.as_slice() {
                [] => no_such_function(&path, std::iter::empty()),
                [spec, ..] if !spec.arity().contains(&args.len()) => wrong_arity(spec, args.len()),
                specs => return self.arguments(specs, args),
            };
            return self.checker.report(self.file, position, name, finding);
        }
        let Some(first) = self.aliases.get(root).map(Arc::clone) else {
            return self.checker.report(self.file, call.namespace.position(), root, no_module(root));
        };
        let mut face = first;
        for part in &names[1..] {
            match face.modules.get(*part).map(Arc::clone) {
                Some(inner) => face = inner,
                None if face.is_unknown => return,
                None => {
                    let finding = no_module(&names.join("::"));
                    return self.checker.report(self.file, call.namespace.position(), root, finding);
                }
            }
        }
        self.module_call(&face, &path, call, position);
    }

    fn module_call(&mut self, face: &Face, path: &str, call: &FnCallExpr, position: Position) {
        let (name, given) = (call.name.as_str(), call.args.len());
        let finding = match face.functions.get(name) {
            Some(counts) if counts.contains(&given) => return,
            Some(counts) => takes(path, &either(counts, 0), given),
            // A closure that the module exports.
            None if face.is_unknown || face.variables.contains(name) => return,
            None => no_such_function(path, face.functions.keys().map(String::as_str)),
        };
        self.checker.report(self.file, position, name, finding);
    }

    /// The arguments of a call that fits these specs by name and number: reported if every one of them would refuse them.
    fn arguments(&mut self, specs: &[&'static Spec], args: &[Option<&Expr>]) {
        let refusals = specs.iter().map(|spec| refusals(spec, &args[args.len() - counted(spec, args.len())..]));
        let Some(least) = refusals.min_by_key(Vec::len) else { return };
        for (position, subject, finding) in least {
            self.checker.report(self.file, position, &subject, finding);
        }
    }
}

/// Called without a module, and with parentheses.
fn is_plain(spec: &Spec) -> bool {
    !matches!(spec.form, Form::Namespaced | Form::Property(_) | Form::Operator(_))
}

fn is_method(spec: &Spec) -> bool {
    matches!(spec.form, Form::Method(_) | Form::Change(_))
}

/// `list(…)` without the cluster before it.
fn needs_receiver(name: &str, specs: &[&'static Spec]) -> Diagnostic {
    let finding = Diagnostic::error(codes::UNKNOWN_FUNCTION, format!("no function `{name}`"));
    specs.iter().fold(finding, |finding, spec| finding.hint(format!("there is `{}`", spec.signature())))
}

/// Whether a method is one of receivers of that type. A function takes anything before its dot.
fn is_for(spec: &Spec, kind: Type) -> bool {
    match spec.form {
        Form::Method(kinds) | Form::Change(kinds) => kinds.contains(&kind) || kinds.contains(&Type::Any),
        _ => true,
    }
}

/// How many of so many arguments are the spec's, its receiver not counted.
fn counted(spec: &Spec, all: usize) -> usize {
    if is_method(spec) { all.saturating_sub(1) } else { all }
}

/// `2`, or `1 or 3`.
fn either(counts: &BTreeSet<usize>, receiver: usize) -> String {
    let counts: Vec<String> = counts.iter().map(|count| count.saturating_sub(receiver).to_string()).collect();
    counts.join(" or ")
}

/// A finding with its place and the words there.
type Refusal = (Position, String, Diagnostic);

/// What a function would refuse about its arguments, without the receiver.
fn refusals(spec: &'static Spec, args: &[Option<&Expr>]) -> Vec<Refusal> {
    let values: Vec<Option<Dynamic>> = args.iter().map(|arg| arg.and_then(stand_in)).collect();
    let mut positional: Vec<usize> = (0..args.len()).collect();
    let mut found = Vec::new();
    match options(spec, &values) {
        Options::None => {}
        Options::At(place) => {
            positional.remove(place);
            found.extend(args[place].map(|map| refused_options(spec, map)).unwrap_or_default());
        }
        // Either of the last two.
        Options::Unknown => positional.truncate(args.len().saturating_sub(2)),
    }
    let count = positional.len();
    for (param, at) in spec.params.iter().zip(positional) {
        let (Some(expr), Some(value)) = (args[at], &values[at]) else { continue };
        found.extend(refused(&what(spec, param), (param.name, param.kind.among(count)), expr, value));
    }
    found
}

/// Where the options are.
enum Options {
    None,
    At(usize),
    Unknown,
}

fn options(spec: &Spec, values: &[Option<Dynamic>]) -> Options {
    if spec.options.is_empty() {
        return Options::None;
    }
    let last_known = values.last().is_none_or(Option::is_some);
    let is_closure = values.last().is_some_and(|last| last.as_ref().is_some_and(Dynamic::is_fnptr));
    let before_known = values.len() < 2 || values[values.len() - 2].is_some();
    if !last_known || (is_closure && !before_known) {
        return Options::Unknown;
    }
    let values: Vec<Dynamic> = values.iter().map(|value| value.clone().unwrap_or_default()).collect();
    options_place(spec, &values).map_or(Options::None, Options::At)
}

fn refused_options(spec: &'static Spec, map: &Expr) -> Vec<Refusal> {
    let Expr::Map(entries, _) = map else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, value) in &entries.0 {
        match known_option(spec, key.as_str()) {
            Err(failure) => found.push((key.pos, key.as_str().to_owned(), failure.diagnostic().clone())),
            Ok(option) => {
                let what = format!("option `{}` of `{}`", option.name, spec.full_name());
                let given = stand_in(value).filter(|given| !given.is_unit());
                found.extend(given.and_then(|given| refused(&what, (option.name, option.kind), value, &given)));
            }
        }
    }
    found
}

/// What is wrong with one argument or option.
fn refused(what: &str, (name, kind): (&str, Type), expr: &Expr, value: &Dynamic) -> Option<Refusal> {
    let finding = match check_type(what, kind, value) {
        Err(failure) => failure.diagnostic().clone(),
        Ok(()) => problem(name, kind, text(expr)?)?,
    };
    Some((expr.position(), "\"\"".to_owned(), finding))
}
