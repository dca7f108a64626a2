//! From text to syntax tree, within its limit of size and without names that would hide host functions.

use super::error;
use crate::diag::{Diagnostic, SourceText, codes};
use crate::host::{Failure, is_namespace};
use rhai::{AST, ASTNode, Position, Stmt};

/// Compiles a script.
///
/// # Errors
/// `E0101` and its like for what does not parse, `E0116` for a source over its limit.
pub(super) fn compile(engine: &rhai::Engine, source: &SourceText, source_bytes: usize) -> Result<AST, Diagnostic> {
    if source.text().len() > source_bytes {
        return Err(too_large(source.name(), source_bytes).diagnostic().clone());
    }
    let mut ast = engine.compile(source.text()).map_err(|parse| error::of_parse(source.name(), &parse))?;
    ast.set_source(source.name());
    match reserved_alias(&ast) {
        Some((name, position)) => Err(error::of_reserved(source.name(), &name, position)),
        None => Ok(ast),
    }
}

/// An `import … as name` that would hide the host functions of that name.
fn reserved_alias(ast: &AST) -> Option<(String, Position)> {
    let mut found = None;
    ast.walk(&mut |path| {
        if let Some(ASTNode::Stmt(Stmt::Import(import, _))) = path.last() {
            let alias = &import.1;
            if found.is_none() && is_namespace(alias.as_str()) {
                found = Some((alias.as_str().to_owned(), alias.pos));
            }
        }
        true
    });
    found
}

/// The error for a source over its limit.
pub(super) fn too_large(name: &str, limit: usize) -> Failure {
    Failure::new(codes::SOURCE_TOO_LARGE, format!("{name} is larger than {limit} bytes")).hint("split it into modules")
}
