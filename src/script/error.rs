//! From the engine's errors to diagnostics: where, through which calls, and what would help.
//!
//! The engine's own texts name Rust types and know neither specs nor candidates, so none of them reaches a user unchanged.

use crate::diag::{Code, Diagnostic, Label, Span, closest, codes, did_you_mean};
use crate::host::{Failure, Form, GROUPS, Spec, Stop, specs_named};
use rhai::{AST, Engine, EvalAltResult, ParseError, ParseErrorType, Position};

/// What explaining an error needs to know about the script.
pub(super) struct Scene<'a> {
    pub(super) engine: &'a Engine,
    pub(super) ast: Option<&'a AST>,
    /// Display name of the main script.
    pub(super) file: &'a str,
}

/// What a script's own statements are called in a call chain.
const MAIN: &str = "`main`";

/// A parse error as a diagnostic.
pub(super) fn of_parse(file: &str, error: &ParseError) -> Diagnostic {
    let mut diagnostic = parse_problem(error.err_type());
    diagnostic.labels.extend(label(file, error.position()));
    diagnostic
}

/// An import under a name that belongs to host functions.
pub(super) fn of_reserved(file: &str, name: &str, position: Position) -> Diagnostic {
    let message = format!("`{name}` is the name of host functions: a module cannot take it");
    let mut diagnostic = Diagnostic::error(codes::RESERVED_NAME, message).hint("import it under another name");
    diagnostic.labels.extend(label(file, position));
    diagnostic
}

/// Modules each of which imports the next; the last is the first again.
pub(super) fn cycle(circle: &[&str]) -> Diagnostic {
    Diagnostic::error(codes::MODULE_CYCLE, format!("modules import each other: {}", circle.join(" → ")))
}

/// A runtime error with its place and call chain, and with all that came with what was thrown.
pub(super) fn of_run(scene: &Scene<'_>, error: &EvalAltResult) -> Failure {
    let mut file = scene.file.to_owned();
    let mut caller = MAIN.to_owned();
    let mut trace = Vec::new();
    let mut inner = error;
    loop {
        match inner {
            EvalAltResult::ErrorInFunctionCall(name, source, cause, position) => {
                let place =
                    position.line().map(|line| format!(" at {file}:{line}:{}", position.position().unwrap_or(1)));
                trace.push(format!("called from {caller}{}", place.unwrap_or_default()));
                caller = function_name(name);
                if !source.is_empty() {
                    file.clone_from(source);
                }
                inner = cause;
            }
            EvalAltResult::ErrorInModule(path, cause, position) => {
                let place =
                    position.line().map(|line| format!(" at {file}:{line}:{}", position.position().unwrap_or(1)));
                trace.push(format!("imported{}", place.unwrap_or_default()));
                caller = MAIN.to_owned();
                file.clone_from(path);
                inner = cause;
            }
            _ => break,
        }
    }
    trace.reverse();
    let mut failure = match inner {
        EvalAltResult::ErrorRuntime(value, _) => thrown(value),
        EvalAltResult::ErrorTerminated(why, _) => match why.read_lock::<Failure>() {
            Some(failure) => failure.clone(),
            None => Failure::of(stopped(why.read_lock::<Stop>().map(|stop| *stop))),
        },
        _ => Failure::of(problem(scene, inner)),
    };
    let diagnostic = failure.diagnostic_mut();
    if diagnostic.labels.is_empty() {
        let position = if inner.position().is_none() { error.position() } else { inner.position() };
        diagnostic.labels.extend(label(&file, position));
    }
    diagnostic.trace.extend(trace);
    failure
}

fn function_name(name: &str) -> String {
    if name.starts_with("anon$") { "a closure".to_owned() } else { format!("`{name}`") }
}

fn label(file: &str, position: Position) -> Option<Label> {
    let line = u32::try_from(position.line()?).ok()?;
    let column = u32::try_from(position.position().unwrap_or(1)).ok()?;
    Some(Label { span: Span::point(file, line, column), text: String::new() })
}

fn problem(scene: &Scene<'_>, error: &EvalAltResult) -> Diagnostic {
    use EvalAltResult as E;
    match error {
        E::ErrorParsing(kind, _) => parse_problem(kind),
        E::ErrorFunctionNotFound(signature, _) => no_function(scene, signature),
        E::ErrorVariableNotFound(name, _) => no_variable(scene, name),
        E::ErrorPropertyNotFound(name, _) => {
            Diagnostic::error(codes::UNKNOWN_PROPERTY, format!("no property `{name}`"))
        }
        E::ErrorDotExpr(text, _) => no_property(text),
        E::ErrorIndexingType(kind, _) => Diagnostic::error(
            codes::UNKNOWN_PROPERTY,
            format!("{} has no fields or items", type_word(kind.split(' ').next().unwrap_or(kind))),
        )
        .hint("an absent field reads as `()`: use `?.`, or `object.get(\"a.b\", default)`"),
        E::ErrorModuleNotFound(path, _) => no_module(path),
        E::ErrorMismatchDataType(wanted, got, _) | E::ErrorMismatchOutputType(wanted, got, _) => {
            Diagnostic::error(codes::SCRIPT_TYPE, format!("expected {}, got {}", type_word(wanted), type_word(got)))
        }
        E::ErrorArithmetic(text, _) => Diagnostic::error(codes::ARITHMETIC, lower_first(text)),
        E::ErrorArrayBounds(..) | E::ErrorStringBounds(..) | E::ErrorIndexNotFound(..) | E::ErrorBitFieldBounds(..) => {
            Diagnostic::error(codes::INDEX, bounds(error))
        }
        E::ErrorFor(_) => {
            Diagnostic::error(codes::SCRIPT_TYPE, "the value of a `for` loop is neither a list nor a range")
        }
        E::ErrorAssignmentToConstant(name, _) => {
            Diagnostic::error(codes::CONSTANT, format!("constant `{name}` cannot be changed"))
        }
        E::ErrorNonPureMethodCallOnConstant(name, _) => {
            Diagnostic::error(codes::CONSTANT, format!("`{name}` would change a constant"))
        }
        E::ErrorTooManyOperations(_) => stopped(Some(Stop::Operations)),
        E::ErrorTooManyVariables(_) => Diagnostic::error(codes::SCRIPT_LIMIT, "too many variables"),
        E::ErrorTooManyModules(_) => Diagnostic::error(codes::SCRIPT_LIMIT, "too many modules are imported"),
        E::ErrorStackOverflow(_) => Diagnostic::error(codes::CALL_DEPTH, "functions call each other too deeply")
            .hint("a loop, or a recursion that ends earlier"),
        E::ErrorDataTooLarge(what, _) => {
            Diagnostic::error(codes::DATA_TOO_LARGE, format!("{} grew over its limit", too_large(what)))
        }
        E::ErrorUnboundThis(_) => {
            Diagnostic::error(codes::UNKNOWN_VARIABLE, "`this` is only known inside a method call")
        }
        E::ErrorDataRace(name, _) => {
            Diagnostic::error(codes::SCRIPT_TYPE, format!("`{name}` is changed while it is in use"))
        }
        E::ErrorVariableExists(name, _) | E::ErrorForbiddenVariable(name, _) => {
            Diagnostic::error(codes::RESERVED_NAME, format!("the name `{name}` cannot be used here"))
        }
        E::LoopBreak(..) | E::Return(..) | E::Exit(..) => {
            Diagnostic::error(codes::SCRIPT_SYNTAX, "`break`, `continue` or `return` outside of a loop or function")
        }
        other => Diagnostic::error(codes::INTERNAL, lower_first(&other.to_string())),
    }
}

/// What `throw` or a host function threw.
fn thrown(value: &rhai::Dynamic) -> Failure {
    if let Some(failure) = value.read_lock::<Failure>() {
        return failure.clone();
    }
    if let Some(stop) = value.read_lock::<Stop>() {
        return Failure::of(stopped(Some(*stop)));
    }
    let message = match crate::host::to_node(value) {
        Ok(node) => match node.text_at(&["message"]).or(node.as_str()) {
            Some(text) => text.to_owned(),
            None if node.is_null() => "the script threw `()`".to_owned(),
            None => format!("the script threw {}", shortened(&node.to_string())),
        },
        Err(_) => "the script threw a value without a text".to_owned(),
    };
    Failure::new(codes::FAILED, message)
}

/// A value of any size, as far as people read it.
fn shortened(text: &str) -> String {
    const MOST: usize = 500;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn stopped(why: Option<Stop>) -> Diagnostic {
    why.unwrap_or(Stop::Interrupted).failure().diagnostic().clone()
}

fn bounds(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorArrayBounds(size, index, _) => {
            format!("index {index} is out of bounds: the array has {size} items")
        }
        EvalAltResult::ErrorStringBounds(size, index, _) => {
            format!("index {index} is out of bounds: the text has {size} characters")
        }
        EvalAltResult::ErrorIndexNotFound(index, _) => format!("no item `{index}`"),
        _ => "a bit index is out of bounds".to_owned(),
    }
}

/// A call that fits no function: wrong name, wrong number, wrong receiver — told apart by the specs.
fn no_function(scene: &Scene<'_>, signature: &str) -> Diagnostic {
    let (path, types) = split_signature(signature);
    let name = path.rsplit("::").next().unwrap_or(path).trim();
    if let Some(property) = name.strip_prefix("get$").or(name.strip_prefix("set$")) {
        let holder = types.first().map_or("the value", |kind| type_word(kind));
        return Diagnostic::error(codes::UNKNOWN_PROPERTY, format!("{holder} has no property `{property}`"));
    }
    if !name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        return operator(name, &types);
    }
    let specs: Vec<&Spec> = specs_named(name).filter(|spec| belongs(spec, path)).collect();
    if specs.is_empty() {
        return unknown_function(scene, path, name, &types);
    }
    misfit(&specs, name, &types)
}

fn belongs(spec: &Spec, path: &str) -> bool {
    match path.split_once("::") {
        Some((group, _)) => spec.form == Form::Namespaced && spec.group == group.trim(),
        None => spec.form != Form::Namespaced,
    }
}

/// The name is known; the number of arguments or the receiver is not what it takes.
fn misfit(specs: &[&Spec], name: &str, types: &[&str]) -> Diagnostic {
    let is_method = |spec: &Spec| matches!(spec.form, Form::Method(_) | Form::Change(_));
    let fits = |spec: &&&Spec| match spec.form {
        Form::Method(kinds) | Form::Change(kinds) | Form::Property(kinds) | Form::Operator(kinds) => {
            types.first().is_some_and(|kind| kinds.iter().any(|wanted| wanted.word() == plain_word(kind)))
        }
        Form::Function | Form::Namespaced => true,
    };
    let Some(spec) = specs.iter().find(fits) else {
        return no_method(types.first().copied().unwrap_or("()"), name, specs);
    };
    wrong_arity(spec, types.len().saturating_sub(usize::from(is_method(spec))))
}

/// The receiver is none of those that the functions of that name are for.
pub(super) fn no_method(holder: &str, name: &str, specs: &[&Spec]) -> Diagnostic {
    let message = format!("{} has no method `{name}`", type_word(holder));
    let mut diagnostic = Diagnostic::error(codes::WRONG_TYPE, message);
    for spec in specs {
        diagnostic = diagnostic.hint(format!("there is `{}`", spec.signature()));
    }
    if holder == "()" {
        return diagnostic.hint("an absent field reads as `()`: use `?.`, or `object.get(\"a.b\", default)`");
    }
    diagnostic
}

/// A host function was called with that many arguments, the receiver not counted.
pub(super) fn wrong_arity(spec: &Spec, given: usize) -> Diagnostic {
    let (least, most) = (*spec.arity().start(), *spec.arity().end());
    let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
    takes(&spec.full_name(), &wanted, given).hint(format!("`{}`", spec.signature()))
}

/// A function takes `wanted` arguments: `2`, `1 to 3`, `1 or 4`.
pub(super) fn takes(name: &str, wanted: &str, given: usize) -> Diagnostic {
    let noun = if wanted == "1" { "argument" } else { "arguments" };
    Diagnostic::error(codes::WRONG_ARITY, format!("`{name}` takes {wanted} {noun}, got {given}"))
}

fn unknown_function(scene: &Scene<'_>, path: &str, name: &str, types: &[&str]) -> Diagnostic {
    let own: Vec<(String, usize)> = scene
        .ast
        .map(|ast| ast.iter_functions().map(|f| (f.name.to_owned(), f.params.len())).collect())
        .unwrap_or_default();
    if let Some((_, arity)) = own.iter().find(|(known, _)| known == name) {
        if name.starts_with("anon$") {
            // What a closure captured counts on both sides, so only the difference means something to its author.
            let (many, word) = (arity.abs_diff(types.len()), if types.len() > *arity { "more" } else { "fewer" });
            let noun = if many == 1 { "argument" } else { "arguments" };
            let message = format!("a closure was called with {many} {noun} {word} than it takes");
            return Diagnostic::error(codes::WRONG_ARITY, message);
        }
        return takes(name, &arity.to_string(), types.len());
    }
    let (builtin, known_builtin) = builtins(scene.engine, name);
    if known_builtin {
        return takes_no(name, types.iter().map(|kind| type_word(kind)));
    }
    no_such_function(path, own.iter().map(|(known, _)| known.as_str()).chain(builtin.iter().map(String::as_str)))
}

/// The name is one of the script language's functions, which takes other types.
pub(super) fn takes_no<'a>(name: &str, given: impl Iterator<Item = &'a str>) -> Diagnostic {
    let given: Vec<&str> = given.collect();
    Diagnostic::error(codes::WRONG_TYPE, format!("`{name}` does not take ({})", given.join(", ")))
}

/// No function has that name; `known` are those that are no host functions.
pub(super) fn no_such_function<'a>(path: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let name = path.rsplit("::").next().unwrap_or(path).trim();
    let diagnostic = Diagnostic::error(codes::UNKNOWN_FUNCTION, format!("no function `{path}`"));
    let specs: Vec<(&'static str, String)> =
        GROUPS.iter().copied().flatten().map(|spec| (spec.name, spec.full_name())).collect();
    if let Some(full) = closest(path, specs.iter().map(|(_, full)| full.as_str())) {
        return diagnostic.hint(format!("did you mean `{full}`?"));
    }
    match did_you_mean(name, specs.iter().map(|(short, _)| *short).chain(known)) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic.hint("`rutter doc` lists all functions"),
    }
}

/// Names of the script language's own functions, and whether `name` is one of them.
fn builtins(engine: &Engine, name: &str) -> (Vec<String>, bool) {
    let mut names: Vec<String> = engine
        .gen_fn_signatures(true)
        .iter()
        .filter_map(|signature| signature.split('(').next().map(|name| name.trim().to_owned()))
        .filter(|name| name.starts_with(char::is_alphabetic) && !name.contains("::"))
        .collect();
    names.sort_unstable();
    names.dedup();
    let known = names.binary_search_by(|known| known.as_str().cmp(name)).is_ok();
    (names, known)
}

fn operator(name: &str, types: &[&str]) -> Diagnostic {
    let words: Vec<&str> = types.iter().map(|kind| type_word(kind)).collect();
    let message = match (name, words.as_slice()) {
        ("[]", [holder, ..]) => format!("{holder} has no items"),
        ("[]=", [holder, ..]) => format!("the items of {holder} cannot be changed"),
        (_, [one]) => format!("cannot apply `{name}` to {one}"),
        (_, [a, b]) => format!("cannot apply `{name}` to {a} and {b}"),
        _ => format!("cannot apply `{name}` here"),
    };
    let diagnostic = Diagnostic::error(codes::SCRIPT_TYPE, message);
    if words.contains(&"()") {
        diagnostic.hint("an absent field reads as `()`: give a default with `object.get(path, default)`")
    } else {
        diagnostic
    }
}

pub(super) fn no_variable(scene: &Scene<'_>, name: &str) -> Diagnostic {
    if ["cluster", "params", "run"].contains(&name) {
        return variable_outside(name);
    }
    let diagnostic = Diagnostic::error(codes::UNKNOWN_VARIABLE, format!("no variable `{name}`"));
    let mut names: Vec<String> = vec!["cluster".into(), "params".into(), "run".into()];
    if let Some(ast) = scene.ast {
        names.extend(ast.iter_literal_variables(true, true).map(|(known, ..)| known.to_owned()));
        names.extend(
            ast.iter_functions().flat_map(|f| f.params.iter().map(|param| (*param).to_owned()).collect::<Vec<_>>()),
        );
    }
    match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// A function uses what only the script itself sees.
pub(super) fn variable_outside(name: &str) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_VARIABLE, format!("no variable `{name}`"))
        .hint(format!("functions see no variables from outside: pass `{name}` as an argument"))
}

/// `yml::decode(…)`: no import and no group of host functions has that name.
pub(super) fn no_module(path: &str) -> Diagnostic {
    let groups = GROUPS.iter().copied().flatten().filter(|spec| spec.form == Form::Namespaced).map(|spec| spec.group);
    let diagnostic = Diagnostic::error(codes::MODULE_NOT_FOUND, format!("no module `{path}`"));
    match did_you_mean(path, groups) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// The engine's only word for a property of a value that has none: "Unknown property 'x' - a getter is not registered
/// for type 'y'".
fn no_property(text: &str) -> Diagnostic {
    let mut quoted = text.split('\'').skip(1).step_by(2);
    let (Some(property), Some(holder)) = (quoted.next(), quoted.next()) else {
        return Diagnostic::error(codes::UNKNOWN_PROPERTY, lower_first(text));
    };
    let diagnostic =
        Diagnostic::error(codes::UNKNOWN_PROPERTY, format!("{} has no property `{property}`", type_word(holder)));
    if holder == "()" {
        return diagnostic.hint("an absent field reads as `()`: use `?.`, or `object.get(\"a.b\", default)`");
    }
    let methods: Vec<&str> = GROUPS
        .iter()
        .copied()
        .flatten()
        .filter(|spec| matches!(spec.form, Form::Method(kinds) | Form::Property(kinds) if kinds.iter().any(|kind| kind.word() == plain_word(holder))))
        .map(|spec| spec.name)
        .collect();
    match closest(property, methods) {
        Some(name) => diagnostic.hint(format!("did you mean `{name}`?")),
        None => diagnostic,
    }
}

fn split_signature(signature: &str) -> (&str, Vec<&str>) {
    let Some((path, rest)) = signature.split_once('(') else { return (signature.trim(), Vec::new()) };
    let rest = rest.strip_suffix(')').unwrap_or(rest);
    let types = rest.split(',').map(str::trim).filter(|kind| !kind.is_empty()).collect();
    (path.trim(), types)
}

/// The engine's name of a type as a bare word of the specs.
fn plain_word(kind: &str) -> &str {
    let kind = kind.split('|').next().unwrap_or(kind).trim().trim_start_matches('&');
    match kind.rsplit("::").next().unwrap_or(kind) {
        "i64" | "INT" => "integer",
        "f64" | "FLOAT" => "number",
        "bool" => "boolean",
        "str" | "string" | "String" | "ImmutableString" | "char" => "text",
        "array" | "Array" | "list" | "List" => "list",
        "map" | "Map" | "object" | "Object" => "object",
        "blob" | "Blob" => "bytes",
        "Fn" | "FnPtr" => "closure",
        "Cluster" | "cluster" => "cluster",
        "Stream" | "stream" => "stream",
        other => other,
    }
}

/// The engine's name of a type in the words of messages.
fn type_word(kind: &str) -> &str {
    match plain_word(kind) {
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "text" => "a text",
        "list" => "a list",
        "object" => "an object",
        "closure" => "a closure",
        "cluster" => "a cluster",
        "stream" => "a stream",
        other => other,
    }
}

fn too_large(what: &str) -> &'static str {
    let what = what.to_lowercase();
    if what.contains("nesting") {
        "the nesting of a value"
    } else if what.contains("string") {
        "a text"
    } else if what.contains("map") {
        "a map"
    } else {
        "an array"
    }
}

fn parse_problem(kind: &ParseErrorType) -> Diagnostic {
    let code: Code = match kind {
        ParseErrorType::VariableUndefined(_) => codes::UNKNOWN_VARIABLE,
        ParseErrorType::AssignmentToConstant(_) => codes::CONSTANT,
        ParseErrorType::Reserved(name) if name.starts_with(char::is_alphabetic) => codes::RESERVED_NAME,
        ParseErrorType::ExprTooDeep => codes::CALL_DEPTH,
        ParseErrorType::LiteralTooLarge(..) => codes::DATA_TOO_LARGE,
        ParseErrorType::ModuleUndefined(_) => codes::MODULE_NOT_FOUND,
        _ => codes::SCRIPT_SYNTAX,
    };
    let diagnostic = Diagnostic::error(code, lower_first(&kind.to_string()));
    match kind {
        ParseErrorType::Reserved(name) | ParseErrorType::UnknownOperator(name) if name == "eval" => {
            diagnostic.hint("scripts cannot make scripts: import a module instead")
        }
        ParseErrorType::BadInput(_) if kind.to_string().contains("eval") => {
            diagnostic.hint("scripts cannot make scripts: import a module instead")
        }
        ParseErrorType::ExprTooDeep => diagnostic.hint("nest less: move the inner parts to variables or functions"),
        _ => diagnostic,
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
