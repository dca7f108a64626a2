//! Makes one text of all items.

use crate::diag::codes;
use crate::host::call::describe;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, Param, Returns, Spec, Thrown, Type};
use crate::value::Node;
use rhai::Dynamic;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "join",
    form: Form::Method(&[Type::List]),
    summary: "Makes one text of all items, with a separator between them.",
    details: "Numbers and booleans are written as they print.",
    params: &[Param { name: "separator", kind: Type::Text, text: "What stands between two items.", default: None }],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The text; empty for an empty list." },
    errors: &[codes::WRONG_TYPE, codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example { title: "Names", source: r#"["a", "b", 3].join(", ")"#, result: Expect::Json(r#""a, b, 3""#) },
        Example { title: "What is no text", source: r#"[["a"]].join(", ")"#, result: Expect::Error(codes::WRONG_TYPE) },
    ],
    run: |call| join(call),
};

fn join(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (items, separator, most) = (call.sequence()?, call.text(0)?, call.text_limit());
    let mut joined = String::new();
    for at in 0..items.len() {
        if at > 0 {
            joined.push_str(&separator);
        }
        match items.node(at)? {
            Node::Str(text) => joined.push_str(&text),
            Node::Null | Node::List(_) | Node::Map(_) => return Err(no_text(at, &items.item(at)).into()),
            number => joined.push_str(&number.to_string()),
        }
        if joined.len() > most {
            return Err(Failure::new(codes::DATA_TOO_LARGE, format!("the text would grow over {most} bytes")).into());
        }
    }
    Ok(joined.into())
}

fn no_text(at: usize, item: &Dynamic) -> Failure {
    Failure::new(codes::WRONG_TYPE, format!("cannot join item {at}: it is {}", describe(item)))
        .hint("make texts of the items first: `list.map(|item| …).join(\", \")`")
}
