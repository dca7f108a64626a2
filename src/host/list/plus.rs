//! Puts two lists together.

use crate::diag::codes;
use crate::host::{Call, Effect, Example, Expect, Failure, Form, List, Param, Returns, Sequence, Spec, Thrown, Type};
use rhai::Dynamic;
use std::sync::Arc;

pub(super) const SPEC: Spec = Spec {
    group: "list",
    name: "+",
    form: Form::Operator(&[Type::List]),
    summary: "Puts the items of two lists into a new one, those of the left one first.",
    details: "To collect in a loop, begin with `[]` and write `all = all + more`, or call `flat_map`: `all += more` is the script \
              language's own for arrays, and adds what is no array as one item.",
    params: &[Param { name: "other", kind: Type::List, text: "The items that come after.", default: None }],
    options: &[],
    returns: Returns { kind: Type::List, text: "All items. Both lists stay as they are." },
    errors: &[codes::DATA_TOO_LARGE],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[
        Example {
            title: "Two kinds",
            source: r#"(cluster.list("Deployment") + cluster.list("StatefulSet")).sort_by("metadata.name")"#,
            result: Expect::Cluster,
        },
        Example {
            title: "Of a document and a script",
            source: r#"yaml::decode("[a, b]") + ["c"]"#,
            result: Expect::Json(r#"["a","b","c"]"#),
        },
        Example {
            title: "One after the other",
            source: r#"let all = []; for text in ["[1, 2]", "[3]"] { all = all + yaml::decode(text); } all"#,
            result: Expect::Json("[1,2,3]"),
        },
    ],
    run: |call| plus(call),
};

fn plus(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    let (left, right) = (call.sequence()?, call.items(0)?);
    let most = call.item_limit();
    if left.len() + right.len() > most {
        return Err(Failure::new(codes::DATA_TOO_LARGE, format!("the list would grow over {most} items")).into());
    }
    if let (Sequence::Nodes(a), Sequence::Nodes(b)) = (&left, &right)
        && let Some(shape) = a.shape_with(b)
    {
        let items = a.items.iter().chain(b.items.iter()).cloned().collect();
        return Ok(Dynamic::from(List { items: Arc::new(items), shape }));
    }
    // Each item keeps what is known of it.
    let items = |of: &Sequence| (0..of.len()).map(|at| of.item(at)).collect::<Vec<_>>();
    Ok(Dynamic::from_array([items(&left), items(&right)].concat()))
}
