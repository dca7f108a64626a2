//! What a literal argument says about itself: its type, and whether a text of that type parses.

use super::kinds;
use crate::diag::{Diagnostic, codes, printable};
use crate::host::{Type, text_problem};
use crate::object::KindQuery;
use rhai::{Array, Dynamic, Expr, FnPtr, Map, Stmt};

/// A value of the type that an expression certainly has, and for constants the value itself.
pub(super) fn stand_in(expr: &Expr) -> Option<Dynamic> {
    match expr {
        Expr::Array(..) => Some(Dynamic::from_array(Array::new())),
        Expr::Map(..) => Some(Dynamic::from_map(Map::new())),
        Expr::InterpolatedString(..) => Some(Dynamic::from(String::new())),
        // A closure that captures variables.
        Expr::Stmt(block) => match block.statements() {
            [Stmt::Share(..), Stmt::Expr(last)] => match &**last {
                Expr::FnCall(call, _) if call.name == "curry" => FnPtr::new("closure").ok().map(Dynamic::from),
                _ => None,
            },
            _ => None,
        },
        constant => constant.get_literal_value(None),
    }
}

/// The text of a literal without parts to fill in.
pub(super) fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::StringConstant(text, _) => Some(text),
        _ => None,
    }
}

/// What is wrong with a text that stands for the parameter or option `name` of type `kind`.
pub(super) fn problem(name: &str, kind: Type, text: &str) -> Option<Diagnostic> {
    if let Some(failure) = text_problem(name, kind, text) {
        return Some(failure.diagnostic().clone());
    }
    match (kind, text.split_once('/')) {
        (Type::Kind, _) => unknown_kind(text),
        (Type::Reference, Some((kind, _))) => unknown_kind(kind),
        _ => None,
    }
}

fn unknown_kind(text: &str) -> Option<Diagnostic> {
    let meant = kinds::mistyped(&KindQuery::parse(text).ok()?)?;
    let message = format!("Kubernetes itself has no kind `{}`", printable(text));
    Some(Diagnostic::warning(codes::UNKNOWN_KIND, message).hint(format!("did you mean {meant}?")))
}
