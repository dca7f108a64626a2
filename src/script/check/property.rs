//! What is read from the variables that a script is given, from caught errors and from modules.

use super::walk::{Walk, is_variable};
use crate::diag::{Code, Diagnostic, codes, did_you_mean, printable};
use crate::host::{Form, GROUPS, Spec, Type, specs_named};
use rhai::{BinaryExpr, Expr, FnCallExpr, OpAssignment, Position};
use std::sync::Arc;

/// What `run` has.
const RUN: [&str; 3] = ["id", "mode", "deadline"];

impl Walk<'_, '_, '_> {
    /// `cluster.x`, `run.x`
    pub(super) fn given_property(&mut self, holder: &Expr, name: &str, position: Position) {
        let finding = if is_variable(holder, "cluster") && !self.shadowed.contains("cluster") {
            unknown_of_cluster(name)
        } else if is_variable(holder, "run") && !self.shadowed.contains("run") && !RUN.contains(&name) {
            // It reads as `()`: a run does not fail here.
            let finding = Diagnostic::warning(codes::UNKNOWN_PROPERTY, format!("`run` has no property `{name}`"));
            Some(advised(finding, name, &RUN))
        } else {
            None
        };
        if let Some(finding) = finding {
            self.checker.report(self.file, position, name, finding);
        }
    }

    /// `cluster = …`: what a script is given is constant.
    pub(super) fn assignment(&mut self, target: &Expr) {
        let Expr::Variable(parts, _, position) = target else { return };
        let name = parts.1.as_str();
        if self.is_script() && super::GIVEN.contains(&name) && !self.shadowed.contains(name) {
            let finding = Diagnostic::error(codes::CONSTANT, format!("constant `{name}` cannot be changed"));
            self.checker.report(self.file, *position, name, finding);
        }
    }

    /// `all += cluster.list(…)`, where `all` is an array: the language adds anything but an array as one item.
    pub(super) fn addition(&mut self, how: &OpAssignment, sides: &BinaryExpr) {
        let (Expr::Variable(parts, ..), Expr::Dot(pair, ..)) = (&sides.lhs, &sides.rhs) else { return };
        let (true, Expr::MethodCall(call, _)) = (is_variable(&pair.lhs, "cluster"), &pair.rhs) else { return };
        let is_plus = how.get_op_assignment_info().is_some_and(|(.., name)| name == "+");
        let gives_list = specs_named(&call.name).any(|spec| spec.group == "cluster" && spec.returns.kind == Type::List);
        let (target, name) = (parts.1.as_str(), call.name.as_str());
        if is_plus && gives_list && self.arrays.get(target) == Some(&true) {
            let message = format!("`{target} += cluster.{name}(…)` adds the list as one item");
            let finding = Diagnostic::warning(codes::SCRIPT_TYPE, message);
            let finding = finding.hint(format!("write `{target} = {target} + cluster.{name}(…)`"));
            self.checker.report(self.file, how.position(), "+=", finding);
        }
    }

    /// `err.kind == "not_found"`, where `err` comes from a `catch`: a kind that no error has is never equal.
    pub(super) fn comparison(&mut self, call: &FnCallExpr) {
        let ("==" | "!=", [Expr::Dot(pair, ..), Expr::StringConstant(text, position)]) =
            (call.name.as_str(), call.args.as_slice())
        else {
            return;
        };
        let (Expr::Variable(holder, ..), Expr::Property(property, _)) = (&pair.lhs, &pair.rhs) else { return };
        let kinds = || codes::ALL.iter().copied().map(Code::kind);
        if property.2 != "kind" || !self.caught.contains(holder.1.as_str()) || kinds().any(|kind| kind == text.as_str())
        {
            return;
        }
        let message = format!("no error has the kind `{}`", printable(text));
        let finding = Diagnostic::warning(codes::INVALID_ARGUMENT, message);
        let finding = match did_you_mean(text, kinds()) {
            Some(hint) => finding.hint(hint),
            None => finding.hint("each error's page, `rutter doc CODE`, names its kind"),
        };
        self.checker.report(self.file, *position, text, finding);
    }

    /// `module::NAME`
    pub(super) fn module_variable(&mut self, path: &[&str], name: &str, position: Position) {
        let Some((first, rest)) = path.split_first() else { return };
        let Some(mut face) = self.aliases.get(*first).map(Arc::clone) else { return };
        for part in rest {
            let Some(inner) = face.modules.get(*part).map(Arc::clone) else { return };
            face = inner;
        }
        if face.is_unknown || face.variables.contains(name) {
            return;
        }
        let finding = Diagnostic::error(codes::UNKNOWN_VARIABLE, format!("no variable `{}::{name}`", path.join("::")));
        let finding = match did_you_mean(name, face.variables.iter().map(String::as_str)) {
            Some(hint) => finding.hint(hint),
            None => finding.hint("a module shows the variables that it exports: `export const NAME = …;`"),
        };
        self.checker.report(self.file, position, name, finding);
    }
}

fn unknown_of_cluster(name: &str) -> Option<Diagnostic> {
    let specs = || GROUPS.iter().copied().flatten().copied().filter(|spec| is_of_cluster(spec));
    let method = match specs().find(|spec| spec.name == name) {
        Some(Spec { form: Form::Property(_), .. }) => return None,
        other => other,
    };
    let finding = Diagnostic::error(codes::UNKNOWN_PROPERTY, format!("a cluster has no property `{name}`"));
    if let Some(spec) = method {
        return Some(finding.hint(format!("it is a method: `{}`", spec.signature())));
    }
    let names: Vec<&str> = specs().map(|spec| spec.name).collect();
    Some(advised(finding, name, &names))
}

fn is_of_cluster(spec: &Spec) -> bool {
    matches!(spec.form, Form::Method(kinds) | Form::Property(kinds) if kinds.contains(&Type::Cluster))
}

fn advised(finding: Diagnostic, name: &str, names: &[&str]) -> Diagnostic {
    match did_you_mean(name, names.iter().copied()) {
        Some(hint) => finding.hint(hint),
        None => finding,
    }
}
