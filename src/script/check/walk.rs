//! One text from end to end: what it imports, defines and exports, then every place where a name is used.

use super::known::{Counts, Face};
use super::{Checker, GIVEN};
use crate::host::unknown_param;
use crate::script::error::variable_outside;
use rhai::{AST, ASTFlags, ASTNode, Expr, FnAccess, Ident, Position, ScriptFnMetadata, Stmt};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The check of one text.
pub(super) struct Walk<'c, 'e, 'a> {
    pub(super) checker: &'c mut Checker<'e>,
    pub(super) file: &'a str,
    /// The text's own functions.
    pub(super) own: Counts,
    /// What was imported, by the name it got. Where in the text a name holds is not looked at.
    pub(super) aliases: BTreeMap<String, Arc<Face>>,
    /// The declared params, where they are known.
    params: Option<&'a [String]>,
    /// Names that the text gives to variables of its own.
    pub(super) shadowed: BTreeSet<String>,
    /// Names that a `catch` gives to errors.
    pub(super) caught: BTreeSet<String>,
    /// Variables that begin as an array literal, and whether they do so wherever the text has a variable of that name.
    pub(super) arrays: BTreeMap<String, bool>,
}

/// Whose statements are walked.
#[derive(Debug, PartialEq, Eq)]
enum Body {
    /// The text's own, or a closure's: variables from outside are seen.
    Open,
    /// A named function's: it sees its params only.
    Function { params: Vec<String> },
}

impl<'c, 'e, 'a> Walk<'c, 'e, 'a> {
    /// Checks a text, and gives what importers see of it.
    pub(super) fn check(checker: &'c mut Checker<'e>, file: &'a str, ast: &AST, params: Option<&'a [String]>) -> Face {
        let mut walk = Self {
            checker,
            file,
            own: Counts::default(),
            aliases: BTreeMap::new(),
            params,
            shadowed: BTreeSet::new(),
            caught: BTreeSet::new(),
            arrays: BTreeMap::new(),
        };
        let mut face = Face::default();
        for function in ast.iter_functions().filter(|function| !function.name.starts_with(CLOSURE)) {
            walk.own.entry(function.name.to_owned()).or_default().insert(function.params.len());
            if function.access == FnAccess::Public {
                face.functions.entry(function.name.to_owned()).or_default().insert(function.params.len());
            }
            if function.params.contains(&"params") {
                // A closure in that function may mean this one.
                walk.params = None;
            }
        }
        ast.walk(&mut |path| {
            walk.collect(path, &mut face);
            true
        });
        walk.import_all(ast, &mut face);
        for statement in ast.statements() {
            statement.walk(&mut Vec::new(), &mut |path| walk.node(path, &Body::Open));
        }
        for function in ast.iter_functions() {
            let body = match function.name.starts_with(CLOSURE) {
                true => Body::Open,
                false => Body::Function { params: function.params.iter().map(|name| (*name).to_owned()).collect() },
            };
            alone(ast, &function).walk(&mut |path| walk.node(path, &body));
        }
        face
    }

    /// Whether this is the script itself, and no module.
    pub(super) fn is_script(&self) -> bool {
        self.checker.loading.len() == 1
    }

    /// First pass: names and keys.
    fn collect(&mut self, path: &[ASTNode<'_>], face: &mut Face) {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(variable, flags, _))) => {
                self.shadowed.insert(variable.0.as_str().to_owned());
                *self.arrays.entry(variable.0.as_str().to_owned()).or_insert(true) &= is_array(&variable.1);
                if flags.intersects(ASTFlags::EXPORTED) {
                    face.variables.insert(variable.0.as_str().to_owned());
                }
            }
            Some(ASTNode::Stmt(Stmt::For(parts, _))) => {
                self.shadowed.insert(parts.0.as_str().to_owned());
            }
            Some(ASTNode::Stmt(Stmt::TryCatch(parts, _))) => {
                if let Expr::Variable(caught, ..) = &parts.expr {
                    self.shadowed.insert(caught.1.to_string());
                    self.caught.insert(caught.1.to_string());
                }
            }
            Some(ASTNode::Stmt(Stmt::Export(names, _))) => {
                let (name, alias): &(Ident, Ident) = names;
                let shown = if alias.as_str().is_empty() { name } else { alias };
                face.variables.insert(shown.as_str().to_owned());
            }
            Some(ASTNode::Expr(Expr::Map(map, _))) => {
                self.checker.keys.extend(map.0.iter().map(|(key, _)| key.as_str().to_owned()));
            }
            Some(ASTNode::Stmt(Stmt::Assignment(parts))) => {
                self.checker.keys.extend(last_property(&parts.1.lhs).map(str::to_owned));
            }
            _ => {}
        }
    }

    /// Checks the imported modules, in the order of the text.
    fn import_all(&mut self, ast: &AST, face: &mut Face) {
        ast.walk(&mut |path| {
            if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = path.last() {
                let (from, alias) = (&import.0, import.1.as_str());
                let imported = match from {
                    Expr::StringConstant(name, position) => self.checker.import(self.file, name, *position),
                    _ => Face::unknown(),
                };
                // One alias for several modules: which of them is meant is not looked into.
                let merged = if self.aliases.contains_key(alias) { Face::unknown() } else { imported };
                if path.len() == 1 {
                    face.modules.insert(alias.to_owned(), Arc::clone(&merged));
                }
                self.aliases.insert(alias.to_owned(), merged);
            }
            true
        });
    }

    /// Second pass: one place in the text, with what stands around it. Gives what the engine's walk goes on with.
    fn node(&mut self, path: &[ASTNode<'_>], body: &Body) -> bool {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::FnCall(call, position)) | ASTNode::Expr(Expr::FnCall(call, position)))
                if call.op_token.is_none() =>
            {
                self.function_call(call, *position);
            }
            Some(ASTNode::Expr(Expr::FnCall(call, _))) => self.comparison(call),
            Some(ASTNode::Stmt(Stmt::Assignment(parts))) => {
                if *body == Body::Open {
                    self.assignment(&parts.1.lhs);
                }
                self.addition(&parts.0, &parts.1);
            }
            Some(ASTNode::Expr(expr @ Expr::MethodCall(call, position))) => {
                self.method_call(call, *position, receiver(path, expr));
            }
            Some(ASTNode::Expr(expr @ Expr::Property(property, position))) if *body == Body::Open => {
                match receiver(path, expr) {
                    Some(holder) if is_variable(holder, "params") => self.param(&property.2, *position),
                    Some(holder) => self.given_property(holder, &property.2, *position),
                    None => {}
                }
            }
            Some(ASTNode::Expr(Expr::Index(parts, ..))) if *body == Body::Open => {
                if let (true, Expr::StringConstant(key, position)) = (is_variable(&parts.lhs, "params"), &parts.rhs) {
                    self.param(key, *position);
                }
            }
            Some(ASTNode::Expr(Expr::Variable(parts, _, position))) if parts.2.is_empty() => {
                self.outside(&parts.1, *position, body);
            }
            Some(ASTNode::Expr(Expr::Variable(parts, _, position))) => {
                let names: Vec<&str> = parts.2.path.iter().map(Ident::as_str).collect();
                self.module_variable(&names, &parts.1, *position);
            }
            // The engine's own walk leaves it out.
            Some(ASTNode::Stmt(Stmt::BreakLoop(Some(value), ..))) => {
                value.walk(&mut Vec::new(), &mut |path| self.node(path, body));
            }
            _ => {}
        }
        true
    }

    /// A function that uses what only the script itself sees. Other unknown variables are the engine's to find.
    fn outside(&mut self, name: &str, position: Position, body: &Body) {
        let Body::Function { params } = body else { return };
        if GIVEN.contains(&name) && !self.shadowed.contains(name) && !params.iter().any(|param| param == name) {
            self.checker.report(self.file, position, name, variable_outside(name));
        }
    }

    /// `params.x`
    fn param(&mut self, name: &str, position: Position) {
        let Some(known) = self.params.filter(|_| !self.shadowed.contains("params")) else { return };
        if !known.iter().any(|param| param == name) {
            let finding = unknown_param(known, name).diagnostic().clone();
            self.checker.report(self.file, position, name, finding);
        }
    }
}

/// How the engine begins the names of closures.
const CLOSURE: &str = "anon$";

/// One function of a text, without the rest.
fn alone(ast: &AST, wanted: &ScriptFnMetadata<'_>) -> AST {
    let mut alone = ast.clone();
    alone.clear_statements();
    alone.retain_functions(|_, _, name, params| name == wanted.name && params == wanted.params.len());
    alone
}

/// What the last part of a path is applied to. `a.b.c` is kept as `a.(b.c)`: a part that stands left in its pair belongs
/// to the pair around that one.
fn receiver<'p>(path: &[ASTNode<'p>], part: &Expr) -> Option<&'p Expr> {
    let mut part = part;
    for around in path.iter().rev().skip(1) {
        let ASTNode::Expr(pair_expr @ (Expr::Dot(pair, ..) | Expr::Index(pair, ..))) = around else { return None };
        if std::ptr::eq(&pair.rhs, part) {
            // What an index gives can be anything.
            return matches!(pair_expr, Expr::Dot(..)).then_some(&pair.lhs);
        }
        part = pair_expr;
    }
    None
}

/// Whether an expression is that variable, and no module's.
pub(super) fn is_variable(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Variable(parts, ..) if parts.1 == name && parts.2.is_empty())
}

/// `[…]`, of constants or not.
fn is_array(expr: &Expr) -> bool {
    matches!(expr, Expr::Array(..)) || expr.get_literal_value(None).is_some_and(|value| value.is_array())
}

/// The property at the end of `a.b.c`.
fn last_property(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => last_property(&pair.rhs),
        Expr::Property(property, _) => Some(property.2.as_str()),
        Expr::StringConstant(key, _) => Some(key.as_str()),
        _ => None,
    }
}
